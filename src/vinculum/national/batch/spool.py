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
_BLOCK: Final = 1 << 20


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
        arriving = self.begin()
        try:
            for block in blocks:
                arriving.write(block)
            return arriving.finish()
        finally:
            arriving.abandon()

    def begin(self) -> "Arriving":
        """A file that comes in block by block; `abandon` it in the end, whatever became of it."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Arriving(spool=self)

    def open(self, content_name: str) -> BinaryIO:
        """The bytes of a file."""
        return (self.directory / content_name).open("rb")

    @property
    def holds_something(self) -> bool:
        """Whether there is any file in it: a disk that is not there leaves no directory, or an empty one."""
        return self.directory.is_dir() and any(self.directory.iterdir())

    def sweep(self, *, needed: frozenset[str], before: datetime) -> None:
        """Remove what is not needed and was last written before that moment."""
        if not self.directory.is_dir():
            return
        for path in self.directory.iterdir():
            if path.is_file() and path.name not in needed and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)


def digest_of(path: Path) -> tuple[str, int]:
    """The name that a file has in the spool, and its length."""
    digest, count = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            count += len(block)
    return digest.hexdigest(), count


class Arriving:
    """A file on its way into the spool."""

    def __init__(self, *, spool: Spool) -> None:
        self._spool = spool
        self._path = spool.directory / f"arriving-{uuid4()}"
        self._file = self._path.open("xb")
        self._digest = hashlib.sha256()
        self._count = 0

    def write(self, block: bytes) -> None:
        """Take the next bytes in; raises FileRefused when there are too many."""
        self._count += len(block)
        if self._count > self._spool.largest:
            raise FileRefused(problem("V88", wanted=str(self._spool.largest)), line=0)
        self._digest.update(block)
        self._file.write(block)

    def finish(self) -> Spooled:
        """All bytes are there: keep them under the name of their digest, durably."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.replace(self._spool.directory / self._digest.hexdigest())
        return Spooled(content_name=self._digest.hexdigest(), byte_count=self._count)

    def abandon(self) -> None:
        """Leave nothing behind of a file that was not finished."""
        self._file.close()
        self._path.unlink(missing_ok=True)
