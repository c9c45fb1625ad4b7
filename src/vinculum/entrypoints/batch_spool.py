"""The spool of batch files as this installation has it: below the data directory, seen by every process of it."""

from pathlib import Path

from django.conf import settings

from vinculum.national.batch.spool import Spool


def spool() -> Spool:
    """Where files lie until they are applied."""
    return Spool(directory=Path(settings.DATA_DIR) / "batch-files")
