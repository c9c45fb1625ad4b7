"""The `vinculum` command: makes the process ready, then hands over to the command line's door."""

import os
import sys

# Commands that need no database start without one.
_PURE = frozenset({"vin", "--help", "-h", "--version"})


def main() -> int:
    """Run the command line; the databases are brought up first where a command needs them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")
    arguments = sys.argv[1:]
    if arguments and arguments[0] not in _PURE and "--help" not in arguments and "-h" not in arguments:
        from vinculum.config.start import ready

        ready(ensure_databases=True)
    from vinculum.entrypoints.cli.main import main as run

    return run() or 0


if __name__ == "__main__":
    sys.exit(main())
