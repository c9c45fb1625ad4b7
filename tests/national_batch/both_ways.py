"""The same messages said on line and by file, and the national files of the two held against each other."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
from batch_room import BatchRoom
from counter import change_of_state
from sequences import FILED, ONLINE, Said, Sequence, Vehicle

from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.national.batch.entry_of_record import moment_of
from vinculum.national.batch.file_types import FILE_TYPES
from vinculum.national.records.vehicle import read_vehicle

# What is held of a vehicle; ids are named anew below, moments and all other values must be the same.
_ROWS = {
    "pointer": "SELECT vin, to_jsonb(t) FROM exchange.pointer AS t WHERE vin = ANY (%s)",
    "title_history": "SELECT vin, to_jsonb(t) FROM exchange.title_history AS t WHERE vin = ANY (%s)",
    "brand_history": "SELECT vin, to_jsonb(t) FROM exchange.brand_history AS t WHERE vin = ANY (%s)",
    "brand_withdrawal": "SELECT vin, to_jsonb(t) - 'withdrawal_id' FROM exchange.brand_withdrawal AS t"
    " WHERE vin = ANY (%s)",
    "theft": "SELECT vin, to_jsonb(t) - 'report_id' FROM exchange.theft AS t WHERE vin = ANY (%s)",
    "notice": "SELECT vin, to_jsonb(t) - 'notice_id' FROM exchange.notice AS t WHERE vin = ANY (%s)",
}
_DERIVED = 5
_DECODED_ONLY_IN_BATCH = {"21A", "21C", "21D"}


def say_both_ways(room: BatchRoom, chance: random.Random, sequences: list[Sequence], begun: datetime) -> int:
    """Every message on line and by file; asserts that each is answered with the same codes. How many there were."""
    at, count = begun, 0
    for step in range(max(len(one.bursts) for one in sequences)):
        groups: dict[tuple[str, str], list[Said]] = defaultdict(list)
        for one in sequences:
            if step < len(one.bursts):
                groups[one.bursts[step][0].kind, one.bursts[step][0].state].extend(one.bursts[step])
        _take_over(room, [one for one in sequences if step in one.taken], at)
        for (kind, state), messages in sorted(groups.items(), key=lambda _group: chance.random()):
            at += timedelta(minutes=1)
            online = _on_line(room, kind, state, messages, at)
            filed = _by_file(room, kind, state, messages, at, chance.choice(("fixed", "csv")))
            for message, one, other in zip(messages, online, filed, strict=True):
                assert one == other, (message, one, other)
            count += len(messages)
    return count


def _on_line(
    room: BatchRoom, kind: str, state: str, messages: Iterable[Said], at: datetime
) -> list[list[str]]:
    """Each message by the function that answers it on line, at the moment it has in the file."""
    said: list[list[str]] = []
    with psycopg.connect(room.url) as connection:
        for number, message in enumerate(messages, 1):
            values = {name: value for name, value in message.values_for(ONLINE).items() if value != ""}
            sent = FILE_TYPES[kind].message(message_id=uuid4(), origin=state, sent_at=at, **values)
            answer = apply_message(
                sent, sender=state, at=moment_of(at, number), connection=connection, channel="batch"
            )
            said.append(sorted(problem.code for problem in answer.problems))
    return said


def _by_file(
    room: BatchRoom, kind: str, state: str, messages: list[Said], at: datetime, form: str
) -> list[list[str]]:
    rows = [message.values_for(FILED) for message in messages]
    file = room.done(room.written(kind, rows, state=state, form=form), state=state, at=at)
    assert file.state == "applied", file
    said: list[list[str]] = [[] for _ in messages]
    for message in room.messages(file):
        if message.code not in _DECODED_ONLY_IN_BATCH:
            said[message.record_number - 1].append(message.code)
    return [sorted(codes) for codes in said]


def _take_over(room: BatchRoom, sequences: list[Sequence], at: datetime) -> None:
    """A state on line takes a title over, of both twins, between two files."""
    with psycopg.connect(room.url) as connection:
        for number, one in enumerate(sequences, 1):
            for which in one.vehicles:
                held = read_vehicle(connection, which.vins[ONLINE]).pointers
                if not held or held[0].title.jurisdiction == "CA":
                    continue
                old = (held[0].title.jurisdiction, held[0].title.title_number)
                for vin in which.vins:
                    moment = moment_of(at + timedelta(seconds=30), number)
                    message = change_of_state(vin, old, ("CA", f"C{number}"), date(2024, 1, 1))
                    apply_message(message, sender="CA", at=moment, connection=connection)


def assert_alike(room: BatchRoom, sequences: list[Sequence]) -> None:
    """Both twins of each vehicle have the same rows in every file of the exchange."""
    online = _rows(room, [v.vins[ONLINE] for one in sequences for v in one.vehicles])
    filed = _rows(room, [v.vins[FILED] for one in sequences for v in one.vehicles])
    for one in sequences:
        told = [_told(one.vehicles, rows, side) for rows, side in ((online, ONLINE), (filed, FILED))]
        for table, lines in told[0].items():
            assert lines == told[1][table], (table, one.place, one.bursts)


def _rows(room: BatchRoom, vins: list[str]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The rows of each table by VIN."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    with psycopg.connect(room.url) as connection:
        for table, statement in _ROWS.items():
            by_vin = found.setdefault(table, {})
            for vin, row in connection.execute(statement, (vins,)):
                by_vin.setdefault(vin, []).append(row)
    return found


def _told(
    vehicles: tuple[Vehicle, ...], rows: dict[str, dict[str, list[dict[str, Any]]]], side: int
) -> dict[str, list[str]]:
    """The rows with the names of their vehicles and of their entries in the place of VINs and ids."""
    vins = [one.vins[side] for one in vehicles]
    names = dict(_names([row for vin in vins for row in rows["title_history"].get(vin, ())]))
    words = {vin: f"vehicle {place}" for place, vin in enumerate(vins)}
    told: dict[str, list[str]] = {}
    for table, by_vin in rows.items():
        lines = [
            sorted((key, _word(value, names, words)) for key, value in row.items())
            for vin in vins
            for row in by_vin.get(vin, ())
        ]
        told[table] = sorted(map(str, lines))
    return told


def _word(value: object, names: dict[str, str], words: dict[str, str]) -> str:
    text = names.get(str(value), str(value))
    for vin, word in words.items():
        text = text.replace(vin, word)
    return text


def _names(history: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """An entry is named by its moment, one made for another by the names of both."""
    made = {UUID(row["entry_id"]): f"entry of {row['transaction_at']}" for row in history}
    unnamed = {entry for entry in made if entry.version == _DERIVED}
    replaced = {UUID(row["replaces"]) for row in history if row["replaces"] is not None}
    unnamed |= {entry for entry in replaced if entry.version == _DERIVED}
    named = {entry: name for entry, name in made.items() if entry not in unnamed}
    grown = True
    while unnamed and grown:
        grown = False
        for correction, by in list(named.items()):
            for entry, of in list(named.items()):
                derived = uuid5(correction, str(entry))
                if derived in unnamed:
                    unnamed.discard(derived)
                    named[derived] = f"({of} by {by})"
                    grown = True
    for entry, name in named.items():
        yield str(entry), name
