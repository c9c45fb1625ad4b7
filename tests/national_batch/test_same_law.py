"""Batch and counter have one law: the same messages on line and as files leave the same national files behind.

Every vehicle of the test exists twice, with VINs that differ in their serial number alone: one twin hears the
messages on line, the other by file. VINCULUM_DIFFERENTIAL_MESSAGES sets how many messages there are.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from batch_room import NOW, BatchRoom
from counter import change_of_state

from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.national.batch.entry_of_record import moment_of
from vinculum.national.batch.file_types import FILE_TYPES, FileType
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.vehicle import read_vehicle

pytestmark = pytest.mark.database

SEEDS = (20, 21)
MESSAGES = int(os.environ.get("VINCULUM_DIFFERENTIAL_MESSAGES", "2000")) // len(SEEDS)
STATES = ("PA", "OH", "FL")
UPDATES = tuple(kind.code for kind in FILE_TYPES.values() if kind.act == "update")
_BEGINNINGS = ("1HGCM8263 3A", "WDBRF61J 3F", "15GGD2711 C1", "5YJSA1E2 HF", "JS1")
_MAKES = ("HOND", "HOND", "MERC", "TRUK", "GLLG", " HON", "toyt")


@dataclass(slots=True)
class Twins:
    """A vehicle and its twin."""

    online: str
    filed: str
    numbers: list[tuple[str, str]] = field(default_factory=list)


def twins(chance: random.Random) -> Twins:
    beginning = chance.choice(_BEGINNINGS).replace(" ", str(chance.randrange(10)))
    serial = f"{chance.randrange(10**4):04d}"
    length = max(17 - len(beginning) - len(serial), 1)
    room = uuid4().int % 10 ** (length - 1) if length > 1 else 0
    middle = f"{room:0{length - 1}d}" if length > 1 else ""
    return Twins(online=f"{beginning}1{middle}{serial}", filed=f"{beginning}2{middle}{serial}")


def record_for(chance: random.Random, kind: FileType, pair: Twins, state: str) -> dict[str, Any]:
    """Values that are mostly right and sometimes not; the VIN is filled in for each twin."""
    known = [number for who, number in pair.numbers if who == state]
    number = chance.choice(known) if known and chance.random() < 0.7 else f"{chance.randrange(60):03d}"
    day = date(2019, 1, 1) + timedelta(days=chance.randrange(2700))
    make, year = chance.choice(_MAKES), chance.choice((2003, 2003, 2004))
    match kind.code:
        case "VINADD":
            fresh = number if chance.random() < 0.2 else f"{chance.randrange(900):03d}"
            fresh = fresh if chance.random() < 0.97 else f"RA {fresh}"
            pair.numbers.append((state, fresh))
            kind_of_title = chance.choice(("road", "road", "road", "salvage"))
            return {"title_number": fresh, "issue_date": day, "make": make, "model_year": year} | {
                "odometer": chance.randrange(10**5),
                "title_type": kind_of_title,
                "state_title_key": chance.choice(("", "K\\N", 'K,"9')),
            }
        case "VINMOD":
            fresh = f"{chance.randrange(900):03d}"
            pair.numbers.append((state, fresh))
            return {"old_title_number": number, "title_number": fresh, "issue_date": day, "odometer": 5}
        case "VINREM":
            return {"title_number": number, "reason": "Recalled, forged papers"}
        case "BRNADD" | "BRNCOR" | "BRNREM":
            brand = {"brand_code": chance.choice(("08", "11", "52", "15", "99", "01")), "brand_date": day}
            brand["brand_date"] = date(2021, 1, 1 + chance.randrange(2))
            if kind.code == "BRNADD":
                return brand | {"make": make, "model_year": year, "percent_of_damage": 40}
            if kind.code == "BRNCOR":
                return brand | {"new_brand_code": chance.choice(("11", "01")), "reason": "Misread"}
            return brand | {"reason": "Misread"}
        case "THFSET":
            return {"stolen_on": day}
        case _:
            return {"recovered_on": day}


def canonical(record: VehicleRecord, other: str) -> Any:
    """The record with its entries numbered by their moments, and its VIN and its twin's taken out."""
    places: dict[UUID | None, int | None] = {None: None}
    for entry in sorted(record.history, key=lambda one: one.title.transaction_at):
        places[entry.title.entry_id] = len(places)
    told = lambda title: (  # noqa: E731
        places[title.entry_id],
        title.transaction_type,
        title.transaction_at,
        title.jurisdiction,
        title.title_number,
        title.issue_date,
        title.make,
        title.model_year,
        title.odometer,
        title.odometer_unit,
        title.state_title_key,
    )
    return (
        sorted((pointer.number, told(pointer.title)) for pointer in record.pointers),
        sorted(
            (told(e.title), str(places[e.replaces]), str(places[e.withdraws]), e.reason)
            for e in record.history
        ),
        sorted(
            (b.code, b.brander, b.brand_date, b.make, b.model_year, b.percent_of_damage)
            for b in record.brands
        ),
        sorted((t.reported_by, t.stolen_on) for t in record.thefts),
        other,
    )


def notices(connection: psycopg.Connection[Any], vin: str) -> list[Any]:
    return connection.execute(
        "SELECT to_jurisdiction, kind, title_number, by_jurisdiction, issue_date, created_at FROM exchange.notice"
        " WHERE vin = %s ORDER BY created_at, to_jurisdiction, kind, title_number, issue_date",
        (vin,),
    ).fetchall()


def say_online(
    room: BatchRoom, kind: FileType, records: list[tuple[Twins, dict[str, Any]]], state: str, at: datetime
) -> list[list[str]]:
    """Each message on line, at the moment it has in the file; the codes of each answer."""
    said: list[list[str]] = []
    with psycopg.connect(room.url) as connection:
        for number, (pair, values) in enumerate(records, 1):
            given = {name: value for name, value in values.items() if value != ""}
            message = kind.message(message_id=uuid4(), origin=state, sent_at=at, vin=pair.online, **given)
            answer = apply_message(
                message, sender=state, at=moment_of(at, number), connection=connection, channel="batch"
            )
            said.append(sorted(problem.code for problem in answer.problems))
    return said


def say_in_a_file(
    room: BatchRoom,
    kind: FileType,
    records: list[tuple[Twins, dict[str, Any]]],
    state: str,
    at: datetime,
    form: str,
) -> list[list[str]]:
    rows = [{"vin": pair.filed} | values for pair, values in records]
    file = room.done(room.written(kind.code, rows, state=state, form=form), state=state, at=at)
    assert file.state == "applied", file
    said: list[list[str]] = [[] for _ in records]
    for message in room.messages(file):
        if message.code not in {"21A", "21C", "21D"}:
            said[message.record_number - 1].append(message.code)
    return [sorted(codes) for codes in said]


def move_away(room: BatchRoom, pair: Twins, at: datetime) -> None:
    """A state on line takes the title over, for both twins."""
    with psycopg.connect(room.url) as connection:
        held = read_vehicle(connection, pair.online).pointers
        if not held:
            return
        old = (held[0].title.jurisdiction, held[0].title.title_number)
        if old[0] == "CA":
            return
        for vin in (pair.online, pair.filed):
            message = change_of_state(vin, old, ("CA", f"C{at:%H%M%S}"), date(2024, 1, 1))
            apply_message(message, sender="CA", at=at, connection=connection)


def runs(chance: random.Random) -> Iterator[tuple[FileType, str, int]]:
    left = MESSAGES
    while left > 0:
        code = chance.choice(("VINADD", "VINADD", "VINADD", *UPDATES))
        size = min(left, chance.randrange(1, 60))
        left -= size
        yield FILE_TYPES[code], chance.choice(STATES), size


@pytest.mark.parametrize("seed", SEEDS)
def test_batch_and_counter_agree(room: BatchRoom, seed: int) -> None:
    """N-501, N-503, N-504: files leave the same pointers, history, brands, thefts and notices, and the same codes."""
    chance = random.Random(seed)
    pairs = [twins(chance) for _ in range(MESSAGES // 40)]
    at, applied = NOW, 0
    for kind, state, size in runs(chance):
        at += timedelta(minutes=1)
        if chance.random() < 0.5:
            move_away(room, chance.choice(pairs), at - timedelta(seconds=30))
        records = []
        for _ in range(size):
            pair = chance.choice(pairs)
            records.append((pair, record_for(chance, kind, pair, state)))
        online = say_online(room, kind, records, state, at)
        filed = say_in_a_file(room, kind, records, state, at, chance.choice(("fixed", "csv")))
        for number, (one, other) in enumerate(zip(online, filed, strict=True)):
            assert one == other, (kind.code, records[number])
        applied += len(records)
    assert applied == MESSAGES
    with psycopg.connect(room.url) as connection:
        for pair in pairs:
            online_twin = canonical(read_vehicle(connection, pair.online), "")
            assert online_twin == canonical(read_vehicle(connection, pair.filed), "")
            assert notices(connection, pair.online) == notices(connection, pair.filed)
