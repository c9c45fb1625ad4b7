"""Decoding a VIN by the public vPIC data, fast enough to decode every line of a registry file.

The engine is `ultravin`. Nearly all of its answer depends on the positions before the serial number, which
a registry repeats thousands of times; that part is remembered by descriptor. `serial_survey` knows for
which manufacturers the serial number says more, and down to which position; for these the descriptor is
longer. What is not provably independent of the serial number (a wrong check digit, letters in the serial
number, a VIN that fits no pattern) is asked of the engine each time.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any, Final, NamedTuple

import ultravin

from vinculum.decoding.serial_depths import load_depths
from vinculum.kernel.vin import (
    VIN_LENGTH,
    check_digit,
    check_digit_valid,
    check_digits_valid,
    normalise_vin,
    vin_faults,
)

DEFAULT_CAPACITY: Final = 40_000

_CHECK_DIGIT_WRONG: Final = 1
# Codes that say the descriptor fits the maker's patterns: clean, no detail on file, off the road, glider. Any
# other code comes with proposals that the engine makes by trying check digits, serial number included.
_SERIAL_FREE_CODES: Final = frozenset({0, 7, 8, 9, 10})
_CODED_SENTENCE: Final = re.compile(r"(?:^|; )(\d+) - ")
_EXCEPTION: Final = "Check Digit Exception"
_YEAR_DOUBT: Final = "The Model Year decoded for this VIN may be incorrect"
_INCOMPLETE_VEHICLE: Final = "Incomplete Vehicle Warning"


class VehicleDescription(NamedTuple):
    """What the manufacturer's pattern says of the vehicle; "" where it says nothing.

    A named tuple rather than a dataclass, because it is built in the middle of every first decode, where the
    dataclass would cost a tenth of the whole. `make` is vPIC's name, not the NCIC code.
    """

    manufacturer: str = ""
    make: str = ""
    model: str = ""
    series: str = ""
    trim: str = ""
    vehicle_type: str = ""
    body_class: str = ""
    doors: str = ""
    drive_type: str = ""
    fuel_type: str = ""
    electrification: str = ""
    engine_cylinders: str = ""
    engine_displacement_litres: str = ""
    engine_model: str = ""
    gvwr_class: str = ""
    gvwr_class_to: str = ""
    plant_city: str = ""
    plant_state: str = ""
    plant_country: str = ""
    model_year: int | None = None
    notes: tuple[str, ...] = ()


# vPIC's names of the fields above, in their order, model year and notes aside.
_VARIABLES: Final = (
    "Manufacturer Name",
    "Make",
    "Model",
    "Series",
    "Trim",
    "Vehicle Type",
    "Body Class",
    "Doors",
    "Drive Type",
    "Fuel Type - Primary",
    "Electrification Level",
    "Engine Number of Cylinders",
    "Displacement (L)",
    "Engine Model",
    "Gross Vehicle Weight Rating From",
    "Gross Vehicle Weight Rating To",
    "Plant City",
    "Plant State",
    "Plant Country",
)
_SILENT: Final = ("",) * len(_VARIABLES)
_NOTHING_SAID: Final = VehicleDescription()


class DecodedVin(NamedTuple):
    """One VIN as decoded: evidence to hold against what was declared, never a verdict.

    `messages` say, in sentences, what is doubtful; an empty tuple means a clean decode.
    """

    vin: str
    check_digit_valid: bool
    description: VehicleDescription
    messages: tuple[str, ...]

    @property
    def model_year(self) -> int | None:
        return self.description.model_year

    @property
    def make(self) -> str:
        return self.description.make

    @property
    def model(self) -> str:
        return self.description.model

    @property
    def manufacturer(self) -> str:
        return self.description.manufacturer

    @property
    def body_class(self) -> str:
        return self.description.body_class

    @property
    def vehicle_type(self) -> str:
        return self.description.vehicle_type

    @property
    def fuel_type(self) -> str:
        return self.description.fuel_type

    @property
    def gvwr_class(self) -> str:
        return self.description.gvwr_class

    @property
    def plant_country(self) -> str:
        return self.description.plant_country


class _DescriptorCache:
    """Remembered descriptors in two generations: when the young one is full it becomes the old one.

    So at most twice the generation is held, what is asked for again stays, and a hit takes no lock:
    reading and setting one key of a dict is atomic, and losing a race costs one more decode, never a wrong
    one.
    """

    __slots__ = ("_generation", "_lock", "_old", "_young")

    def __init__(self, capacity: int) -> None:
        if capacity < 2:
            raise ValueError(f"The cache must hold at least two descriptors, not {capacity}.")
        self._generation = capacity // 2
        self._young: dict[str, DecodedVin] = {}
        self._old: dict[str, DecodedVin] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: str) -> DecodedVin | None:
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: str, remembered: DecodedVin) -> None:
        with self._lock:
            if len(self._young) >= self._generation:
                self._old, self._young = self._young, {}
            self._young[key] = remembered


class VinDecoder:
    """Decodes VINs as of one day: which model years can exist, and which makers are published, depends on it.

    Safe to share between threads. `capacity` bounds the remembered descriptors (about 1 KB each).
    """

    def __init__(self, *, as_of: datetime | None = None, capacity: int = DEFAULT_CAPACITY) -> None:
        self._as_of = _end_of_data_month() if as_of is None else as_of.astimezone(UTC)
        self._cache = _DescriptorCache(capacity)
        surveyed, depths = load_depths()
        self._depths = depths
        # Another release of the data may let other serial numbers speak; then nothing is remembered at all.
        self._remembers = surveyed == data_identity()

    def decode(self, vin: str, *, declared_year: int | None = None) -> DecodedVin:
        """Decode one VIN as typed or scanned; `declared_year` helps where two years are open."""
        if len(vin) == VIN_LENGTH and self._remembers:
            key = self._descriptor(vin, declared_year)
            remembered = self._cache.get(key)
            if remembered is None:
                return self._meet(vin, key, declared_year)
            if vin[12:].isdigit() and check_digit_valid(vin):
                return DecodedVin(vin, True, remembered[2], remembered[3])
        return self.decode_uncached(vin, declared_year=declared_year)

    def decode_many(self, vins: Sequence[str]) -> list[DecodedVin]:
        """Decode many VINs, in their order."""
        recall, descriptor = self._cache.get, self._descriptor
        decoded: list[DecodedVin] = []
        for vin, valid in zip(vins, check_digits_valid(vins), strict=True):
            # The check digits are known for the whole list, so a remembered descriptor needs nothing more.
            remembered = recall(descriptor(vin, None)) if valid and vin[12:].isdigit() else None
            if remembered is None or not self._remembers:
                decoded.append(self.decode(vin))
            else:
                decoded.append(DecodedVin(vin, True, remembered[2], remembered[3]))
        return decoded

    def decode_uncached(self, vin: str, *, declared_year: int | None = None) -> DecodedVin:
        """The same answer without memory: what the cache is proved against, and the way for all doubtful VINs."""
        vin = normalise_vin(vin)
        return self._ask(vin, check_digit_valid(vin), declared_year)

    def _descriptor(self, vin: str, declared_year: int | None) -> str:
        """The characters on which the answer depends, the check digit aside."""
        key = vin[:8] + vin[9 : self._depth(vin)]
        return key if declared_year is None else f"{key}@{declared_year}"

    def _depth(self, vin: str) -> int:
        if vin[2] == "9":
            return max(self._depths.get(vin[:3] + vin[11:14], 14), 14)
        return self._depths.get(vin[:3], 11)

    def deepest_position(self, vin: str) -> int:
        """The last position, from 1 to 17, on which the answer for a VIN of this manufacturer depends.

        It is told by positions 1 to 3, and 12 to 14 where the third is a 9.
        """
        return self._depth(vin) if self._remembers else VIN_LENGTH

    def _meet(self, vin: str, key: str, declared_year: int | None) -> DecodedVin:
        """Decode a VIN whose descriptor is not remembered, and remember it if nothing in it is doubtful."""
        if not (vin.isascii() and vin.isalnum()):
            return self.decode_uncached(vin, declared_year=declared_year)
        answer = self._engine(vin, declared_year)
        if not (
            answer["check_digit_valid"]
            and _SERIAL_FREE_CODES.issuperset(answer["error_codes"])
            and answer["vin"] == vin
            and vin[12:].isdigit()
        ):
            return self.decode_uncached(vin, declared_year=declared_year)
        decoded = _as_decoded(vin, True, answer)
        self._cache.put(key, decoded)
        return decoded

    def _ask(self, vin: str, valid: bool, declared_year: int | None) -> DecodedVin:
        """Decode without memory; a number that cannot be a VIN never reaches the engine."""
        faults = vin_faults(vin)
        if faults:
            return DecodedVin(vin, False, _NOTHING_SAID, tuple(fault.message for fault in faults))
        if len(vin) != VIN_LENGTH:
            message = (
                f"The VIN has {len(vin)} characters: legal before model year 1981, but it cannot be decoded."
            )
            return DecodedVin(vin, False, _NOTHING_SAID, (message,))
        return _as_decoded(vin, valid, self._engine(vin, declared_year))

    def _engine(self, vin: str, declared_year: int | None) -> dict[str, Any]:
        return ultravin.decode(vin, year=declared_year, now=self._as_of)


def _as_decoded(vin: str, valid: bool, answer: dict[str, Any]) -> DecodedVin:
    said = answer["attributes"].get
    description = VehicleDescription._make(
        (*map(said, _VARIABLES, _SILENT), answer["model_year"], tuple(said("Note", ())))
    )
    if valid and answer["error_codes"] == [0] and not said("Additional Error Text"):
        return DecodedVin(vin, True, description, ())
    return DecodedVin(vin, valid, description, _messages(vin, valid, answer))


def _messages(vin: str, valid: bool, answer: dict[str, Any]) -> tuple[str, ...]:
    attributes = answer["attributes"]
    text: str = attributes.get("Error Text", "")
    messages: list[str] = []
    if not valid:
        if _EXCEPTION in text:
            messages.append("The check digit is wrong, but the manufacturer is known to have built it so.")
        else:
            messages.append(
                f"The check digit in position 9 is {vin[8]}; the other characters make it {check_digit(vin)}."
            )
    parts = _CODED_SENTENCE.split(text)[1:]
    for code, sentence in zip(parts[::2], parts[1::2], strict=True):
        if int(code) not in (0, _CHECK_DIGIT_WRONG):
            messages.append(sentence.strip().rstrip(".") + ".")
    more: str = attributes.get("Additional Error Text", "")
    if attributes.get("Possible Values"):
        messages.append(f"Values the manufacturer uses, by position: {attributes['Possible Values']}.")
    if _YEAR_DOUBT in more:
        messages.append(
            "Position 10 leaves two model years open for this kind of vehicle; compare the declared one."
        )
    if _INCOMPLETE_VEHICLE in more:
        messages.append("The manufacturer built it incomplete; another may have finished or altered it.")
    return tuple(messages)


@lru_cache(maxsize=1)
def data_identity() -> str:
    """The content hash of the vPIC data that the engine carries."""
    return ultravin.provenance()["artifact_blake3"]


def _end_of_data_month() -> datetime:
    """The last second of the month of the data: a default that gives the same answers on any later day."""
    year, month = map(int, ultravin.provenance()["data_month"].split("_"))
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return following - timedelta(seconds=1)


@lru_cache(maxsize=1)
def _shared_decoder() -> VinDecoder:
    return VinDecoder()


def decode_vin(vin: str, *, declared_year: int | None = None) -> DecodedVin:
    """Decode one VIN with the decoder that the whole process shares (N-602)."""
    return _shared_decoder().decode(vin, declared_year=declared_year)


def deepest_position(vin: str) -> int:
    """The last position on which the answer for a VIN of this manufacturer depends, the check digit aside."""
    return _shared_decoder().deepest_position(vin)


def decode_vins(vins: Sequence[str]) -> list[DecodedVin]:
    """Decode many VINs with the decoder that the whole process shares."""
    return _shared_decoder().decode_many(vins)
