"""Verifying the audit trail without trusting its writer: every link is computed again, here, from the rows.

A chain alone does not protect against who can rewrite all of it. A checkpoint does: the sixteen heads, signed
with an Ed25519 key that is kept outside the database, written to a directory that the database cannot reach.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vinculum.access.database import Connection

SHARDS = 16
_PAGE = 2000
_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One place where the trail does not hold."""

    shard: int
    sequence: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of one shard's chain."""

    shard: int
    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying found: how many events and checkpoints were read, and every fault."""

    events: int
    checkpoints: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether the trail is whole."""
        return not self.faults


class CheckpointRefused(Exception):
    """A checkpoint file whose signature does not hold or whose text is no checkpoint."""


def verify(
    connection: Connection, *, checkpoints: Path | None = None, public_key: Ed25519PublicKey | None = None
) -> Verdict:
    """Read every event up to the present heads and compute its link again.

    With `checkpoints`, a directory, and the `public_key` they were signed with, the trail must also still hold
    every head that was ever noted there. The connection is an auditor's, or acts as administrator or system.
    """
    noted = _read_checkpoints(checkpoints, public_key) if checkpoints and public_key else {}
    faults: list[Fault] = []
    heads = {head.shard: head for head in read_heads(connection)}
    count = 0
    for shard in range(SHARDS):
        head = heads.get(shard)
        if head is None:
            faults.append(Fault(shard=shard, sequence=0, what="the head is missing"))
            continue
        read, found = _verify_shard(connection, head, noted.get(shard, {}))
        count += read
        faults += found
    number = len(list(_files(checkpoints))) if checkpoints else 0
    return Verdict(events=count, checkpoints=number, faults=tuple(faults[:_MOST_FAULTS]))


def genesis(shard: int) -> bytes:
    """What the first event of a shard is linked to."""
    return hashlib.sha256(f"vinculum audit shard {shard}".encode()).digest()


def link_of(*, previous: bytes, shard: int, sequence: int, payload: str) -> bytes:
    """The link of an event: over the one before, its place, and what it tells."""
    place = shard.to_bytes(2, "big") + sequence.to_bytes(8, "big")
    return hashlib.sha256(previous + place + hashlib.sha256(payload.encode()).digest()).digest()


def read_heads(connection: Connection) -> list[Head]:
    """The sixteen heads."""
    rows = connection.execute("SELECT shard, sequence, hash FROM audit.read_heads()").fetchall()
    return [Head(shard=row[0], sequence=row[1], hash=bytes(row[2])) for row in rows]


def _verify_shard(connection: Connection, head: Head, noted: dict[int, bytes]) -> tuple[int, list[Fault]]:
    faults: list[Fault] = []
    due = dict(noted)

    def fault(sequence: int, what: str) -> None:
        faults.append(Fault(shard=head.shard, sequence=sequence, what=what))

    expected, last, count = genesis(head.shard), 0, 0
    for sequence, recorded_at, payload, previous, link in _events(connection, head):
        count += 1
        if sequence != last + 1:
            fault(sequence, f"events {last + 1} to {sequence - 1} are missing")
        elif previous != expected:
            fault(sequence, "it is not linked to the event before it")
        if link_of(previous=previous, shard=head.shard, sequence=sequence, payload=payload) != link:
            fault(sequence, "its content is not what was linked")
        if datetime.fromisoformat(json.loads(payload)["at"]) != recorded_at:
            fault(sequence, "its time is not the time it tells")
        if due.pop(sequence, link) != link:
            fault(sequence, "it is not the event that a signed checkpoint noted")
        expected, last = link, sequence
    if (last, expected) != (head.sequence, head.hash):
        fault(head.sequence, f"the head is not the last event, which is {last}")
    for sequence in due:
        fault(sequence, "a signed checkpoint noted this event and it is gone")
    return count, faults


def _events(connection: Connection, head: Head) -> Iterator[tuple[int, datetime, str, bytes, bytes]]:
    after = 0
    while after < head.sequence:
        rows = connection.execute(
            "SELECT sequence, recorded_at, payload, previous, hash"
            " FROM audit.read_events(%s::smallint, %s::bigint, %s::integer)",
            (head.shard, after, _PAGE),
        ).fetchall()
        for row in rows:
            if row[0] > head.sequence:  # written since the heads were read
                return
            yield row[0], row[1], row[2], bytes(row[3]), bytes(row[4])
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]


# ---------------------------------------------------------------------------------------------- checkpoints
def make_key(path: Path) -> Ed25519PrivateKey:
    """A new signing key, written where only its owner reads it. Keep it off the database's machine."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(text)
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """The signing key of a file."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise CheckpointRefused(f"{path.name} is no Ed25519 key")
    return key


def write_checkpoint(
    connection: Connection, *, directory: Path, key: Ed25519PrivateKey, at: datetime
) -> Path:
    """Sign the present heads into a new file of the directory."""
    note = {
        "what": "vinculum audit heads 1",
        "at": at.astimezone(UTC).isoformat(),
        "heads": [[head.shard, head.sequence, head.hash.hex()] for head in read_heads(connection)],
    }
    text = json.dumps(note, separators=(",", ":"), sort_keys=True)
    signed = json.dumps({"note": text, "signature": key.sign(text.encode()).hex()}, indent=1)
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"heads-{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}.json"
    with path.open("x", encoding="utf-8") as stream:
        stream.write(signed + "\n")
    return path


def read_checkpoint(path: Path, *, public_key: Ed25519PublicKey) -> list[Head]:
    """The heads that a file notes; raises CheckpointRefused when it was not signed with this key."""
    try:
        signed = json.loads(path.read_text(encoding="utf-8"))
        public_key.verify(bytes.fromhex(signed["signature"]), signed["note"].encode())
        note: dict[str, Any] = json.loads(signed["note"])
        return [Head(shard=one[0], sequence=one[1], hash=bytes.fromhex(one[2])) for one in note["heads"]]
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise CheckpointRefused(f"{path.name} is no checkpoint signed with this key") from error


def _read_checkpoints(directory: Path, public_key: Ed25519PublicKey) -> dict[int, dict[int, bytes]]:
    """What was ever noted: shard → sequence → hash."""
    noted: dict[int, dict[int, bytes]] = {}
    for path in _files(directory):
        for head in read_checkpoint(path, public_key=public_key):
            if head.sequence:
                earlier = noted.setdefault(head.shard, {}).setdefault(head.sequence, head.hash)
                if earlier != head.hash:
                    raise CheckpointRefused(f"{path.name} contradicts an earlier checkpoint")
    return noted


def _files(directory: Path) -> Iterator[Path]:
    yield from sorted(directory.glob("heads-*.json"))
