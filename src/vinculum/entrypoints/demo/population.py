"""Everybody who is there without a story: customers with vehicles, titled and registered, and vehicles elsewhere.

Pure: the same seed, size and day give the same people. Nothing here touches a database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from vinculum.entrypoints.demo.names import COLOURS, person_name, street
from vinculum.entrypoints.demo.vehicles import FIRST_SERIAL, SERIALS, Pattern, patterns
from vinculum.kernel.period import add_years_clipped
from vinculum.kernel.plate_number import PlateFormat

# Below the book's own sequences, so that what is made later never meets what was converted.
FIRST_CUSTOMER_NUMBER = 100_000_001
FIRST_LICENCE = 300_000_001
FIRST_TITLE_NUMBER = 20_100_000
NEIGHBOURS = ("NY", "MA", "RI")
_BRANDS_SEEN = ("01", "11", "47", "03", "14")
_LONGEST_OWNED_DAYS = 6 * 365


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCustomer:
    """A customer record to be."""

    number: str
    name: str
    last_name: str
    date_of_birth: date
    street: str
    town: str
    tax_town_code: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeVehicle:
    """A vehicle titled and registered in the state; `owner` is the place of its owner among the customers."""

    pattern: Pattern
    vin: str
    colour: str
    owner: int
    title_number: str
    title_date: date
    odometer: int
    plate_number: str
    plate_class: str
    effective_date: date
    expires_on: date
    fee_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeAbroad:
    """A vehicle titled in another jurisdiction, perhaps with a title before, perhaps with a brand."""

    pattern: Pattern
    vin: str
    jurisdiction: str
    title_number: str
    title_date: date
    odometer: int
    before: tuple[str, str, date] | None
    brand: tuple[str, str, date] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """How many there are, from which seed, as of which day; `towns` are address towns with their tax-town codes."""

    vehicles: int
    seed: int
    day: date
    towns: Sequence[tuple[str, str]]
    plate_formats: dict[str, PlateFormat]
    first_plates: dict[str, str]

    @property
    def customers(self) -> int:
        """Some have two vehicles."""
        return max(1, self.vehicles * 4 // 5)

    @property
    def abroad(self) -> int:
        """Vehicles that only the exchange knows."""
        return self.vehicles // 4

    def make_customers(self) -> Iterator[MadeCustomer]:
        """The customers in the order of their numbers."""
        random = Random(f"{self.seed} customers")  # noqa: S311 - a made-up world, not a secret
        for index in range(self.customers):
            name, last_name = person_name(random)
            town, code = random.choice(self.towns)
            yield MadeCustomer(
                number=str(FIRST_CUSTOMER_NUMBER + index),
                name=name,
                last_name=last_name,
                date_of_birth=self.day - timedelta(days=random.randrange(19 * 365, 85 * 365)),
                street=street(random),
                town=town,
                tax_town_code=code,
                licence=str(FIRST_LICENCE + index),
            )

    def make_vehicles(self) -> Iterator[MadeVehicle]:
        """The vehicles at home."""
        random = Random(f"{self.seed} vehicles")  # noqa: S311 - a made-up world, not a secret
        plates = {code: self.plate_formats[code].ordinal(first) for code, first in self.first_plates.items()}
        for index in range(self.vehicles):
            pattern, vin = _vehicle(index)
            plate_class = "combination" if pattern.vehicle_type in {"truck", "van"} else "passenger"
            title_date, effective, expires = self._days(random, pattern)
            yield MadeVehicle(
                pattern=pattern,
                vin=vin,
                colour=random.choice(COLOURS),
                owner=index % self.customers,
                title_number=str(FIRST_TITLE_NUMBER + index),
                title_date=title_date,
                odometer=random.randrange(5, 140_000),
                plate_number=self.plate_formats[plate_class].mark_at(plates[plate_class]),
                plate_class=plate_class,
                effective_date=effective,
                expires_on=expires,
                fee_cents=12_000 if plate_class == "passenger" else 17_700,
            )
            plates[plate_class] += 1

    def make_abroad(self) -> Iterator[MadeAbroad]:
        """The vehicles elsewhere: one in eight came from a third jurisdiction, one in thirty is branded."""
        random = Random(f"{self.seed} abroad")  # noqa: S311 - a made-up world, not a secret
        for index in range(self.vehicles, self.vehicles + self.abroad):
            pattern, vin = _vehicle(index)
            here, there = random.sample(NEIGHBOURS, 2)
            title_date, _, _ = self._days(random, pattern)
            earlier = title_date - timedelta(days=random.randrange(30, 900))
            moved = random.random() < 1 / 8 and earlier >= date(pattern.model_year, 1, 2)
            branded = random.random() < 1 / 30
            yield MadeAbroad(
                pattern=pattern,
                vin=vin,
                jurisdiction=here,
                title_number=f"{here}{_title_number(2 * index)}",
                title_date=title_date,
                odometer=random.randrange(5, 140_000),
                before=(there, f"{there}{_title_number(2 * index + 1)}", earlier) if moved else None,
                brand=(random.choice(_BRANDS_SEEN), here, title_date) if branded else None,
            )

    def _days(self, random: Random, pattern: Pattern) -> tuple[date, date, date]:
        """Title no earlier than the model year; a registration of three years that runs today."""
        oldest = max(date(pattern.model_year, 1, 2), self.day - timedelta(days=_LONGEST_OWNED_DAYS))
        span = max(1, (self.day - oldest).days)
        title_date = oldest + timedelta(days=random.randrange(span))
        effective = title_date
        while (expires := add_years_clipped(effective, 3) - timedelta(days=1)) < self.day:
            effective = expires + timedelta(days=1)
        return title_date, effective, expires


def _title_number(place: int) -> int:
    """Eight digits without an order that shows, and none twice: a state gives a number once."""
    return 10_000_000 + place * 48_271_027 % 90_000_000


def _vehicle(index: int) -> tuple[Pattern, str]:
    """The vehicle of a place: patterns take turns, serials count up, so no VIN comes twice."""
    known = patterns()
    round_, turn = divmod(index, len(known))
    if round_ >= SERIALS:
        raise ValueError("There are no more serial numbers: the population is too large.")
    return known[turn], known[turn].vin(FIRST_SERIAL + round_)
