"""Makes the opening world as a process of its own, so that no pool of the test's process ever points at a
server that is going to be killed. Reads its wish from a file and leaves what it prepared there.
"""

import os
import pickle
import sys
from pathlib import Path

import django

from vinculum.access import database


def main(paper: Path) -> None:
    """Prepare what the paper wishes for."""
    databases, wish = pickle.loads(paper.read_bytes())
    os.environ["DATABASE_URL"], os.environ["NATIONAL_DATABASE_URL"] = (
        databases.state_url,
        databases.national_url,
    )
    django.setup()
    # Only now: the people of the tests are people who sign in, whom Django must know first.
    from opening_world import prepare

    database.configure(state_url=databases.state_url, national_url=databases.national_url)
    prepared = prepare(databases, wish)
    database.close()
    paper.write_bytes(pickle.dumps(prepared))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
