"""The files of alerts as this installation keeps them: below the data directory, seen by every process of it."""

from pathlib import Path

from django.conf import settings

from vinculum.national.alerts.file_store import FileStore


def store() -> FileStore:
    """Where the files of alerts lie."""
    return FileStore(directory=Path(settings.DATA_DIR) / "alert-files")
