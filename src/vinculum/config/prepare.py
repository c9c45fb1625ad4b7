"""The set-up step of a release: roles, databases, migrations, law (`python -m vinculum.config.prepare`)."""

import logging.config
import sys

from vinculum.config import bootstrap
from vinculum.config.json_log import logging_configuration


def main() -> int:
    """Bring the databases up to date with the logins that the environment gives."""
    logging.config.dictConfig(logging_configuration(level="INFO"))
    try:
        changed = bootstrap.prepare()
    except (bootstrap.MigrationFailed, bootstrap.LoginRefused) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stderr.write("brought up to date\n" if changed else "nothing to do\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
