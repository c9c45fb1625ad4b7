"""The migrator: brings one database's tables up to date (`python -m vinculum.config.migrate default`)."""

import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    """Migrate the database named on the command line: default (the state's) or national."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")
    django.setup()
    call_command("migrate", database=sys.argv[1], interactive=False, verbosity=1)


if __name__ == "__main__":
    main()
