"""Random sequences of messages about one vehicle or a pair of them, mostly right and sometimes not.

Every vehicle exists twice, with VINs that differ in one character: one twin hears the messages on line, the other by
file. All of it follows from the seed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from vinculum.national.batch.file_types import FILE_TYPES

STATES = ("PA", "OH", "FL")
UPDATES = tuple(kind.code for kind in FILE_TYPES.values() if kind.act == "update")
ONLINE, FILED = 0, 1
_BEGINNINGS = ("1HGCM8263?3A", "WDBRF61J?3F1", "15GGD2711?C1", "5YJSA1E2?HF1", "JS1")
_MAKES = ("HOND", "HOND", "MERC", "TRUK", "GLLG", " HON", "toyt")
_LETTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(slots=True)
class Vehicle:
    """A vehicle and its twin; `numbers` are titles that were spoken of."""

    vins: tuple[str, str]
    numbers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """One message: what it says of which vehicle, by file the kind of file. `new` is the vehicle of the right VIN."""

    kind: str
    state: str
    vehicle: Vehicle
    values: dict[str, Any]
    new: Vehicle | None = None

    def values_for(self, side: int) -> dict[str, Any]:
        """What it says to one of the twins."""
        corrected = {} if self.new is None else {"new_vin": self.new.vins[side]}
        return {"vin": self.vehicle.vins[side]} | self.values | corrected


@dataclass(frozen=True, slots=True)
class Sequence:
    """Some messages in a row, each burst of one kind and one state; a state on line comes before those in `taken`."""

    place: int
    vehicles: tuple[Vehicle, ...]
    bursts: tuple[tuple[Said, ...], ...]
    taken: frozenset[int]


def vehicle(chance: random.Random, place: int) -> Vehicle:
    """A new vehicle; the place makes its VIN its own."""
    beginning = chance.choice(_BEGINNINGS).replace("?", str(chance.randrange(10)))
    tail = ""
    for _digit in range(4):
        place, rest = divmod(place, len(_LETTERS))
        tail = _LETTERS[rest] + tail
    assert place == 0
    return Vehicle(vins=(f"{beginning}X{tail}", f"{beginning}Y{tail}"))


def sequence(chance: random.Random, place: int) -> Sequence:
    """Two to four bursts of one to three messages."""
    vehicles = tuple(vehicle(chance, place * 2 + twin) for twin in range(chance.choice((1, 1, 2))))
    bursts = []
    for step in range(chance.randrange(2, 5)):
        # The first word about a vehicle is most often a title.
        first = step == 0 and chance.random() < 0.8
        kind = "VINADD" if first else chance.choice(("VINADD", "VINMOD", *UPDATES))
        state = chance.choice(STATES)
        length = chance.choice((1, 1, 2, 3))
        bursts.append(tuple(_said(chance, kind, state, vehicles) for _ in range(length)))
    taken = frozenset(step for step in range(1, len(bursts)) if chance.random() < 0.15)
    return Sequence(place=place, vehicles=vehicles, bursts=tuple(bursts), taken=taken)


def _said(chance: random.Random, kind: str, state: str, vehicles: tuple[Vehicle, ...]) -> Said:
    about = chance.choice(vehicles)
    values = dict(_values(chance, kind, state, about))
    new = None
    if kind == "VINMOD" and len(vehicles) > 1 and chance.random() < 0.6:
        new = next(one for one in vehicles if one is not about)
        new.numbers.extend(about.numbers)
        if chance.random() < 0.9:
            values["vin_verified_on"] = date(2025, 3, 1)
    return Said(kind=kind, state=state, vehicle=about, values=values, new=new)


def _values(chance: random.Random, kind: str, state: str, about: Vehicle) -> Iterator[tuple[str, Any]]:
    known = [number for who, number in about.numbers if who == state]
    number = (
        known[-1] if known and chance.random() < 0.5 else chance.choice(known or [f"{chance.randrange(60)}"])
    )
    day = date(2019, 1, 1) + timedelta(days=chance.randrange(2700))
    make, year = chance.choice(_MAKES), chance.choice((2003, 2003, 2004))
    fresh = f"{chance.randrange(900):03d}"
    brand_date = date(2021, 1, 1 + chance.randrange(2))
    code = chance.choice(("08", "11", "52", "15", "99", "01"))
    yield from {
        "VINADD": lambda: _title(chance, number, fresh, day, make, year),
        "VINMOD": lambda: _modified(chance, number, fresh, day, make, year),
        "VINREM": lambda: {"title_number": number, "reason": 'Recalled, "forged" \\ papers'},
        "BRNADD": lambda: (
            {"brand_code": code, "brand_date": brand_date, "make": make, "model_year": year}
            | ({"percent_of_damage": chance.randrange(101)} if chance.random() < 0.5 else {})
        ),
        "BRNCOR": lambda: (
            {"brand_code": code, "brand_date": brand_date, "reason": "Misread"}
            | chance.choice(
                (
                    {"new_brand_code": chance.choice(("11", "01", "15"))},
                    {"new_brand_date": date(2021, 1, 2)},
                    {"percent_of_damage": 70},
                )
            )
        ),
        "BRNREM": lambda: {"brand_code": code, "brand_date": brand_date, "reason": "Misread"},
        "THFSET": lambda: {"stolen_on": day},
        "THFCLR": lambda: {"recovered_on": day},
    }[kind]().items()
    if kind in {"VINADD", "VINMOD"}:
        about.numbers.append((state, fresh))


def _title(chance: random.Random, number: str, fresh: str, day: date, make: str, year: int) -> dict[str, Any]:
    given = number if chance.random() < 0.2 else fresh
    return {
        "title_number": given if chance.random() < 0.97 else f"RA {given}",
        "issue_date": day,
        "make": make,
        "model_year": year,
        "odometer": chance.randrange(10**5),
        "title_type": chance.choice(("road", "road", "road", "salvage")),
        "state_title_key": chance.choice(("", "K\\N", 'K,"9')),
    }


def _modified(
    chance: random.Random, number: str, fresh: str, day: date, make: str, year: int
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "old_title_number": number,
        "issue_date": day,
        "odometer": chance.randrange(10**5),
    }
    values["title_number"] = number if chance.random() < 0.2 else fresh
    if chance.random() < 0.3:
        values["make"] = make
    if chance.random() < 0.3:
        values["model_year"] = year
    return values
