"""A file that arrives in pieces, over connections that break: begun, gone on with, taken when it is whole (N-501)."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

import psycopg

from vinculum.kernel.refusal import Absent
from vinculum.national.batch import partial_file
from vinculum.national.batch.partial_file import PartialFile
from vinculum.national.batch.reading import FileRefused
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.take_file import take_file
from vinculum.national.law.standing import Act
from vinculum.protocol.problem import problem

MOST_OPEN: Final = 5
MOST_BYTES_OPEN: Final = 16 * 1024**3
KEPT_OPEN: Final = timedelta(hours=24)
ALGORITHMS: Final = ("sha256", "sha1")
# So much may have to be sent again after a crash in the middle of a piece.
_KEEP_EVERY: Final = 8 * 1024**2
State = Literal["open", "taken", "refused", "ended"]
Connect = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file on its way; `received` bytes of it are here."""

    upload_id: UUID
    jurisdiction: str
    byte_count: int
    received: int
    begun_by: str
    expires_at: datetime
    state: State
    file_id: UUID | None
    fault_code: str | None
    fault_line: int | None
    fault_text: str | None

    @property
    def is_whole(self) -> bool:
        """Every byte is here."""
        return self.received == self.byte_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some bytes for a place in the file; with a digest they count only when it is theirs."""

    offset: int
    blocks: Iterable[bytes]
    algorithm: str = ""
    digest: bytes = b""


class TooManyUploads(Exception):
    """The jurisdiction has as many uploads open, or as many bytes announced, as it may."""


class NoSuchUpload(Absent):
    """This jurisdiction has no such upload."""


class UploadEnded(Exception):
    """It was ended, or nothing was sent for too long."""


class WrongOffset(Exception):
    """The piece is not for the place where the file goes on."""

    def __init__(self, received: int) -> None:
        super().__init__(str(received))
        self.received = received


class WrongDigest(Exception):
    """The bytes are not those that were sent: none of them counts."""


class TooLong(Exception):
    """There are more bytes than were announced; those beyond are not taken."""


_COLUMNS: Final = (
    "upload_id, jurisdiction, byte_count, received, begun_by, expires_at, state, file_id, fault_code, fault_line,"
    " fault_text"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """The uploads of one jurisdiction, as its program works them."""

    connect: Connect
    spool: Spool
    jurisdiction: str
    by: str
    clock: Callable[[], datetime]
    acts: frozenset[Act]

    def begin(self, *, byte_count: int) -> Upload:
        """Announce a file of that length. Raises FileRefused and TooManyUploads."""
        if byte_count > self.spool.largest:
            raise FileRefused(problem("V88", wanted=str(self.spool.largest)), line=0)
        upload_id, at = uuid4(), self.clock()
        with self.connect() as connection:
            # Two that begin at once are counted one after the other.
            connection.execute(
                "SELECT 1 FROM exchange.jurisdiction WHERE code = %s FOR NO KEY UPDATE", (self.jurisdiction,)
            )
            row = connection.execute(
                "SELECT count(*), coalesce(sum(byte_count), 0) FROM exchange.batch_upload"
                " WHERE jurisdiction = %s AND state = 'open' AND expires_at > %s",
                (self.jurisdiction, at),
            ).fetchone()
            assert row is not None
            if row[0] >= MOST_OPEN or row[1] + byte_count > MOST_BYTES_OPEN:
                raise TooManyUploads
            connection.execute(
                "INSERT INTO exchange.batch_upload (upload_id, jurisdiction, byte_count, begun_at, begun_by,"
                " expires_at) VALUES (%s, %s, %s, %s, %s, %s)",
                (upload_id, self.jurisdiction, byte_count, at, self.by, at + KEPT_OPEN),
            )
        return self.find(upload_id)

    def find(self, upload_id: UUID) -> Upload:
        """How it stands with an upload; another's is as if it did not exist. Raises NoSuchUpload."""
        with self.connect() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM exchange.batch_upload WHERE upload_id = %s AND jurisdiction = %s",  # noqa: S608
                (upload_id, self.jurisdiction),
            ).fetchone()
        if row is None:
            raise NoSuchUpload
        names = [name.strip() for name in _COLUMNS.split(",")]
        return Upload(**dict(zip(names, row, strict=True)))

    def look(self, upload_id: UUID) -> Upload:
        """The same; a file that is whole but was not taken yet, for a crash came between, is taken now."""
        upload = self.find(upload_id)
        if upload.state != "open" or not upload.is_whole:
            return upload
        with partial_file.held(self.spool, upload_id) as part:
            return self._take(upload_id, part)

    def append(self, upload_id: UUID, piece: Piece) -> Upload:
        """Go on with an upload; with its last byte the file is taken. What arrives counts, even of a broken piece.

        Raises NoSuchUpload, UploadEnded, HeldByAnother, WrongOffset, WrongDigest and TooLong, and whatever the
        blocks raise.
        """
        self._open(upload_id)
        with partial_file.held(self.spool, upload_id) as part:
            # Only now nobody else moves it.
            upload = self._open(upload_id)
            self._check_part(upload, part)
            if piece.offset != upload.received:
                raise WrongOffset(upload.received)
            part.go_to(upload.received)
            if piece.algorithm:
                self._append_checked(upload, piece, part)
            else:
                self._append(upload, piece, part)
            upload = self.find(upload_id)
            return self._take(upload_id, part) if upload.is_whole and upload.state == "open" else upload

    def end(self, upload_id: UUID) -> None:
        """Give an upload up. Raises NoSuchUpload, UploadEnded and HeldByAnother."""
        self._open(upload_id)
        with partial_file.held(self.spool, upload_id) as part:
            self._open(upload_id)
            with self.connect() as connection:
                connection.execute(
                    "UPDATE exchange.batch_upload SET state = 'ended' WHERE upload_id = %s AND state = 'open'",
                    (upload_id,),
                )
            part.remove()

    def _open(self, upload_id: UUID) -> Upload:
        upload = self.find(upload_id)
        if upload.state != "open" or upload.expires_at <= self.clock():
            raise UploadEnded
        return upload

    def _check_part(self, upload: Upload, part: PartialFile) -> None:
        """A part that lost bytes, as when the disk was restored, goes on from what is there."""
        there = part.size()
        if there < upload.received:
            with self.connect() as connection:
                connection.execute(
                    "UPDATE exchange.batch_upload SET received = %s WHERE upload_id = %s AND state = 'open'",
                    (there, upload.upload_id),
                )
            raise WrongOffset(there)

    def _append(self, upload: Upload, piece: Piece, part: PartialFile) -> None:
        offset = kept = upload.received
        try:
            for block in piece.blocks:
                if offset + len(block) > upload.byte_count:
                    raise TooLong
                part.write(block)
                offset += len(block)
                if offset - kept >= _KEEP_EVERY:
                    self._keep(upload, offset, part)
                    kept = offset
        finally:
            if offset > kept:
                self._keep(upload, offset, part)

    def _append_checked(self, upload: Upload, piece: Piece, part: PartialFile) -> None:
        digest, offset = hashlib.new(piece.algorithm, usedforsecurity=False), upload.received
        for block in piece.blocks:
            if offset + len(block) > upload.byte_count:
                raise TooLong
            digest.update(block)
            part.write(block)
            offset += len(block)
        if digest.digest() != piece.digest:
            part.go_to(upload.received)
            raise WrongDigest
        self._keep(upload, offset, part)

    def _keep(self, upload: Upload, offset: int, part: PartialFile) -> None:
        part.keep()
        with self.connect() as connection:
            kept = connection.execute(
                "UPDATE exchange.batch_upload SET received = %s, expires_at = %s"
                " WHERE upload_id = %s AND state = 'open'",
                (offset, self.clock() + KEPT_OPEN, upload.upload_id),
            ).rowcount
        if not kept:
            raise UploadEnded

    def _take(self, upload_id: UUID, part: PartialFile) -> Upload:
        """The file is whole: into the queue as any other, in the transaction that ends the upload."""
        upload = self.find(upload_id)
        if upload.state != "open":
            return upload
        self._check_part(upload, part)
        spooled = part.into_spool()
        try:
            with self.connect() as connection:
                taken = take_file(
                    connection,
                    spooled,
                    spool=self.spool,
                    sender=self.jurisdiction,
                    received_from=upload.begun_by,
                    at=self.clock(),
                    acts=self.acts,
                )
                connection.execute(
                    "UPDATE exchange.batch_upload SET state = 'taken', file_id = %s WHERE upload_id = %s",
                    (taken.file_id, upload_id),
                )
        except FileRefused as refused:
            with self.connect() as connection:
                connection.execute(
                    "UPDATE exchange.batch_upload SET state = 'refused', fault_code = %s, fault_line = %s,"
                    " fault_text = %s WHERE upload_id = %s",
                    (refused.fault.code, refused.line, refused.fault.text, upload_id),
                )
        part.remove()
        return self.find(upload_id)


def sweep(connect: Connect, *, spool: Spool, at: datetime) -> int:
    """End what nobody went on with in time and remove the parts of what has ended; how many parts went."""
    # Listed before the rows are read: an upload that begins meanwhile has no part in this list.
    lying = list(partial_file.parts(spool))
    with connect() as connection:
        connection.execute(
            "UPDATE exchange.batch_upload SET state = 'ended' WHERE state = 'open' AND expires_at <= %s",
            (at,),
        )
        going_on = {
            row[0]
            for row in connection.execute("SELECT upload_id FROM exchange.batch_upload WHERE state = 'open'")
        }
    gone = 0
    for upload_id, path in lying:
        if upload_id not in going_on:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
