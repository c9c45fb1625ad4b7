"""Vehicles of real make and shape: manufacturers' patterns that decode, with serial numbers of our own.

`vehicle_patterns.csv` holds positions 1 to 8 and 10 to 11 of VINs that decode without a doubt to the make, model
and year beside them. Serial numbers below 100,000 are kept for the documented cases.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vinculum.kernel.vin import check_digit, check_digit_valid
from vinculum.state.law.deal import DeclaredVehicle, Fuel, VehicleType

FIRST_SERIAL = 100_000
SERIALS = 900_000
_FILE = Path(__file__).with_name("vehicle_patterns.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What a manufacturer builds under one pattern; the make is the NCIC code, weights are of our making."""

    descriptor: str
    year_and_plant: str
    model_year: int
    make: str
    model: str
    body_style: str
    vehicle_type: VehicleType
    fuel: Fuel
    gvwr_pounds: int
    light_weight_pounds: int

    def vin(self, serial: int) -> str:
        """The VIN of one vehicle of the pattern, with a right check digit."""
        vin = f"{self.descriptor}0{self.year_and_plant}{serial:06d}"
        return vin[:8] + check_digit(vin) + vin[9:]

    def declared(self, serial: int, *, colour: str = "") -> DeclaredVehicle:
        """The vehicle as its paper describes it."""
        return DeclaredVehicle(
            vin=self.vin(serial),
            model_year=self.model_year,
            make=self.make,
            model=self.model,
            body_style=self.body_style,
            vehicle_type=self.vehicle_type,
            fuel=self.fuel,
            colour=colour,
            gvwr_pounds=self.gvwr_pounds,
            light_weight_pounds=self.light_weight_pounds,
        )


@cache
def patterns() -> tuple[Pattern, ...]:
    """All patterns of the file, in its order."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Pattern(
                descriptor=row["descriptor"],
                year_and_plant=row["year_and_plant"],
                model_year=int(row["model_year"]),
                make=row["make"],
                model=row["model"],
                body_style=row["body_style"],
                vehicle_type=row["vehicle_type"],  # type: ignore[arg-type]
                fuel=row["fuel"],  # type: ignore[arg-type]
                gvwr_pounds=int(row["gvwr_pounds"]),
                light_weight_pounds=int(row["light_weight_pounds"]),
            )
            for row in csv.DictReader(lines)
        )


def pattern_of(descriptor: str, year_and_plant: str) -> Pattern:
    """The pattern with these characters; KeyError when the file does not have it."""
    for pattern in patterns():
        if (pattern.descriptor, pattern.year_and_plant) == (descriptor, year_and_plant):
            return pattern
    raise KeyError(f"{descriptor}.{year_and_plant} is not in {_FILE.name}")


def look_alike(vin: str) -> str:
    """The VIN with two neighbours of its serial number swapped, as a forger or a tired clerk does."""
    for place in range(15, 10, -1):
        swapped = vin[:place] + vin[place + 1] + vin[place] + vin[place + 2 :]
        if not check_digit_valid(swapped):
            return swapped
    return f"I{vin[1:]}"
