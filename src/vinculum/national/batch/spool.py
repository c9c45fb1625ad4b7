"""The spool: where the bytes of a file lie until it is applied, under the name of their own SHA-256."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

from vinculum.national.batch.reading import FileRefused
from vinculum.protocol.problem import problem

LARGEST_FILE: Final = 8 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """A file that was received whole: its name in the spool, and its length."""

    content_name: str
    byte_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """A directory that takes files in and gives them out; every process of the exchange sees the same one."""

    directory: Path
    largest: int = LARGEST_FILE

    def receive(self, blocks: Iterable[bytes]) -> Spooled:
        """Write the blocks down, durably. Raises FileRefused when there are too many bytes."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        arriving = self.directory / f"arriving-{uuid4()}"
        digest, count = hashlib.sha256(), 0
        try:
            with arriving.open("xb") as file:
                for block in blocks:
                    count += len(block)
                    if count > self.largest:
                        raise FileRefused(problem("V88", wanted=str(self.largest)), line=0)
                    digest.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            arriving.replace(self.directory / digest.hexdigest())
        finally:
            arriving.unlink(missing_ok=True)
        return Spooled(content_name=digest.hexdigest(), byte_count=count)

    def open(self, content_name: str) -> BinaryIO:
        """The bytes of a file."""
        return (self.directory / content_name).open("rb")

    def sweep(self, *, needed: frozenset[str], before: datetime) -> None:
        """Remove what is not needed and was last written before that moment."""
        if not self.directory.is_dir():
            return
        for path in self.directory.iterdir():
            if path.name not in needed and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
