"""The made-up vehicles that emulated states title, and what each title is: the same for the same seed and run."""

import hashlib
import random
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from vinculum.kernel.vin import check_digit

# Ford, Honda, Toyota, Chevrolet: NCIC codes, so that no make is corrected.
_MAKES: Final = ("FORD", "HOND", "TOYT", "CHEV")
_FIRST_DAY: Final = date(2019, 1, 2)
# Built before the first title, also before one that comes late; the letter says so in the VIN.
_MODEL_YEAR: Final = 2018
_MODEL_YEAR_LETTER: Final = "J"
_BUILT: Final = date(2017, 10, 1)
# What an owner drives, and what a clone's own odometer shows more.
_MILES_A_DAY: Final = 28
_OF_A_CLONE: Final = 40_000
# Who buys a vehicle two states away has driven it home before it is titled there.
_DAYS_BETWEEN: Final = (5, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A current title as the states of this run believe it."""

    state: str
    number: str
    issued: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A made-up vehicle."""

    vin: str
    make: str
    model_year: int


class Country:
    """All vehicles of one run. `run` keeps runs apart: the same run again says the same, another has other VINs."""

    def __init__(self, *, seed: int, run: str, vehicles: int) -> None:
        self.name = f"emulated {seed} {run}"
        digest = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:6], "big")
        self.vehicles = tuple(self._vehicle(digest, number) for number in range(vehicles))
        self._held: dict[str, Held] = {}
        self._lock = threading.Lock()

    def chance(self, who: str) -> random.Random:
        """A state's own dice, seeded."""
        return random.Random(f"{self.name} {who}")  # noqa: S311 - dice of a play, repeatable on purpose

    def message_id(self, who: str, number: int) -> UUID:
        """The id of the so-manyeth message of a state in this run."""
        return uuid5(NAMESPACE_URL, f"{self.name} {who} {number}")

    def held(self, vin: str) -> Held | None:
        """The current title, as far as this run knows."""
        with self._lock:
            return self._held.get(vin)

    def hold(self, vin: str, title: Held) -> None:
        """A title was accepted: the latest issued is the current one."""
        with self._lock:
            known = self._held.get(vin)
            if known is None or title.issued >= known.issued:
                self._held[vin] = title

    def next_day(self, after: date | None, chance: random.Random) -> date:
        """A day on which the next title is issued, never in the future of a run in 2026 or later."""
        start = after or _FIRST_DAY
        return min(start + timedelta(days=chance.randrange(*_DAYS_BETWEEN)), date(2026, 1, 1))

    @staticmethod
    def odometer(on: date, *, cloned: bool = False) -> int:
        """What it shows on a day: it grows with the days, whichever state titles next and however late."""
        return (on - _BUILT).days * _MILES_A_DAY + (_OF_A_CLONE if cloned else 0)

    @staticmethod
    def _vehicle(digest: int, number: int) -> Vehicle:
        chosen = digest + number
        plain = f"1E9EM{chosen // 10**6 % 1000:03d}0{_MODEL_YEAR_LETTER}E{chosen % 10**6:06d}"
        vin = plain[:8] + check_digit(plain) + plain[9:]
        return Vehicle(vin=vin, make=_MAKES[chosen % len(_MAKES)], model_year=_MODEL_YEAR)
