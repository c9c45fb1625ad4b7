"""An alert: what desks are warned of, the numbers by which it is found, and its files (N-703, Appendix B)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from vinculum.kernel.vin import normalise_vin

Kind = Literal["vehicle", "document", "material"]
# What the published site was made for, and what joined it in 2014.
KINDS: Final[Mapping[str, str]] = {
    "vehicle": "a vehicle to look out for: stolen, cloned, or offered with papers that are not its own",
    "document": "travel, identity and vehicle documents: how the genuine ones look and how forgeries are told",
    "material": "lost or stolen materials and equipment: blank titles, card stock, seals, printers",
}
MOST_NUMBERS: Final = 50
_DIGITS: Final = re.compile(r"[0-9]{1,20}$", flags=re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A document's number (whole in `prefix`), or a range of serial numbers: letters, first and last digits."""

    prefix: str
    first: str = ""
    last: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}{self.first} to {self.prefix}{self.last}" if self.first else self.prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFile:
    """A file of an alert; its bytes lie under `content_name`."""

    position: int
    name: str
    media_type: str
    byte_count: int
    content_name: str

    @property
    def is_image(self) -> bool:
        """Whether a page may show it."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert as its readers see it; numbers and files are there where one alert is opened."""

    alert_id: UUID
    kind: str
    jurisdiction: str
    jurisdiction_name: str
    title: str
    body: str
    organisation_id: UUID
    posted_for: str
    posted_at: datetime
    posted_by_name: str
    updated_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    vins: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    files: tuple[AlertFile, ...] = ()


def normalise_number(text: str) -> str:
    """A number as it is compared: capitals, without blanks and hyphens."""
    return normalise_vin(text)


def read_number(text: str) -> Number:
    """One line of numbers: a number, or `AB000100 to AB000199`. Raises ValueError with a sentence."""
    parts = re.split(r"\s+to\s+", text.strip(), maxsplit=1, flags=re.IGNORECASE)
    numbers = [normalise_number(part) for part in parts]
    if not all(re.fullmatch(r"[A-Z0-9./]{1,40}", number, flags=re.ASCII) for number in numbers):
        raise ValueError(f"“{text[:60]}” is no number: letters and digits, 40 at most.")
    if len(numbers) == 1:
        return Number(prefix=numbers[0])
    (prefix, first), (other, last) = (_parts(number) for number in numbers)
    if not first or prefix != other or len(first) != len(last):
        raise ValueError(f"In “{text[:60]}”, first and last need the same letters and as many digits.")
    if last < first or len(prefix) > 20:
        raise ValueError(f"In “{text[:60]}”, the last number comes before the first.")
    return Number(prefix=prefix, first=first, last=last)


def _parts(number: str) -> tuple[str, str]:
    digits = _DIGITS.search(number)
    return (number[: digits.start()], digits.group()) if digits else (number, "")


def ways_to_find(number: str) -> tuple[str, str, str]:
    """A number whole, and its letters and digits apart: what it is compared with."""
    whole = normalise_number(number)
    return whole, *_parts(whole)
