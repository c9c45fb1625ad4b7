"""Where the files of alerts lie: in a folder that no web server knows, each under the name of its SHA-256."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from vinculum.kernel.refusal import Absent
from vinculum.national.alerts.file_contents import Judged


class FileGone(Absent):
    """The bytes are not there, or are not those that were kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStore:
    """A folder that every process of the exchange sees."""

    directory: Path

    def keep(self, file: Judged) -> None:
        """Write a file down, durably; the same contents lie there once."""
        place = self._place(file.content_name)
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        arriving = place.with_name(f"arriving-{uuid4()}")
        try:
            with os.fdopen(os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(file.content)
                stream.flush()
                os.fsync(stream.fileno())
            arriving.replace(place)
        finally:
            arriving.unlink(missing_ok=True)

    def read(self, content_name: str) -> bytes:
        """The bytes of a file, held against their own name. Raises FileGone."""
        try:
            content = self._place(content_name).read_bytes()
        except FileNotFoundError:
            raise FileGone(content_name) from None
        if hashlib.sha256(content).hexdigest() != content_name:
            raise FileGone(content_name)
        return content

    def _place(self, content_name: str) -> Path:
        if re.fullmatch("[0-9a-f]{64}", content_name) is None:
            raise FileGone(content_name[:80])
        return self.directory / content_name[:2] / content_name
