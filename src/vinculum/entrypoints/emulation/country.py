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
        return min(start + timedelta(days=chance.randrange(1, 60)), date(2026, 1, 1))

    @staticmethod
    def _vehicle(digest: int, number: int) -> Vehicle:
        chosen = digest + number
        plain = f"1E9EM{chosen // 10**6 % 1000:03d}0RE{chosen % 10**6:06d}"
        vin = plain[:8] + check_digit(plain) + plain[9:]
        return Vehicle(vin=vin, make=_MAKES[chosen % len(_MAKES)], model_year=2024)
