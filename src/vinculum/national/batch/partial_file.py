"""The part of a file that has arrived so far: one writer at a time, and nothing counted that is not durably there."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from vinculum.national.batch.spool import Spool, Spooled, digest_of

_FOLDER: Final = "partial"


class HeldByAnother(Exception):
    """Somebody else is writing to this upload at the moment."""


class PartialFile:
    """The bytes of one upload, while they are held for writing."""

    def __init__(self, file: BinaryIO, path: Path, *, spool: Spool) -> None:
        self._file = file
        self._path = path
        self._spool = spool

    def size(self) -> int:
        """How many bytes are there."""
        return os.fstat(self._file.fileno()).st_size

    def go_to(self, offset: int) -> None:
        """What lies behind the offset was never acknowledged: it goes."""
        self._file.truncate(offset)
        self._file.seek(offset)

    def write(self, block: bytes) -> None:
        """Add bytes; they count when they were kept."""
        self._file.write(block)

    def keep(self) -> None:
        """What was written is durably there after this."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def into_spool(self) -> Spooled:
        """The whole file under the name of its digest; this part of it stays until `remove`, in case of a crash."""
        self.keep()
        name, count = digest_of(self._path)
        target = self._spool.directory / name
        if not target.exists():
            try:
                os.link(self._path, target)
            except OSError:  # a file system without links
                arriving = target.with_name(f"arriving-{self._path.name}")
                shutil.copyfile(self._path, arriving)
                arriving.replace(target)
        os.utime(target)
        return Spooled(content_name=name, byte_count=count)

    def remove(self) -> None:
        """It is not needed any more."""
        self._path.unlink(missing_ok=True)


@contextmanager
def held(spool: Spool, upload_id: UUID) -> Iterator[PartialFile]:
    """Hold the part for writing; whoever dies lets go of it. Raises HeldByAnother."""
    folder = spool.directory / _FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / str(upload_id)
    with path.open("ab+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HeldByAnother from None
        yield PartialFile(file, path, spool=spool)


def parts(spool: Spool) -> Iterator[tuple[UUID, Path]]:
    """Every part that lies in the spool."""
    folder = spool.directory / _FOLDER
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        try:
            yield UUID(path.name), path
        except ValueError:
            continue
