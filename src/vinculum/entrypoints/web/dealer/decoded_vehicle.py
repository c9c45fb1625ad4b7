"""What the VIN says beside what the clerk declared: both are shown, neither overrules the other."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vinculum.decoding import compare_declared, decode_vin, shipped_makes
from vinculum.kernel.vin import normalise_vin, vin_suggestions

# vPIC's type names, and the type under which such a vehicle is usually registered.
_TYPES: Final[tuple[tuple[str, str, str], ...]] = (
    ("MOTORCYCLE", "", "motorcycle"),
    ("TRAILER", "", "trailer"),
    ("BUS", "", "van"),
    ("", "SPORT UTILITY", "suv"),
    ("", "PICKUP", "truck"),
    ("", "CARGO VAN", "van"),
    ("", "TRUCK-TRACTOR", "truck_tractor"),
    ("", "MOTORHOME", "motorhome"),
    ("TRUCK", "", "truck"),
    ("PASSENGER CAR", "", "passenger"),
)
_FUELS: Final[Mapping[str, str]] = {
    "gasoline": "gasoline",
    "diesel": "diesel",
    "electric": "electric",
    "flexible": "gasoline",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One property: declared, decoded, and whether they disagree."""

    label: str
    declared: str
    decoded: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The panel under the VIN. `suggestions` are VINs one slip away that would pass the check digit."""

    vin: str
    says_something: bool
    check_digit_valid: bool
    lines: tuple[Line, ...]
    messages: tuple[str, ...]
    suggestions: tuple[str, ...]
    fillable: bool


def decoded_vehicle(draft: Mapping[str, Any]) -> Decoded | None:
    """The panel for the VIN of a draft, or None while there is none."""
    vehicle = draft.get("vehicle") or {}
    vin = normalise_vin(str(vehicle.get("vin") or ""))
    if not vin:
        return None
    year = _number(vehicle.get("model_year"))
    decoded = decode_vin(vin, declared_year=year)
    make = str(vehicle.get("make") or "")
    disagreements = compare_declared(decoded, make=make or "", model_year=year or decoded.model_year or 0)
    about = {disagreement.about for disagreement in disagreements}
    said = tuple(
        disagreement.message
        for disagreement in disagreements
        if disagreement.about == "check_digit"
        or (disagreement.about == "make" and make)
        or (disagreement.about == "model_year" and year)
    )
    lines = (
        Line(
            label="Year",
            declared=str(year or ""),
            decoded=str(decoded.model_year or ""),
            differs=bool(year) and "model_year" in about,
        ),
        Line(
            label="Make",
            declared=make,
            decoded=decoded.make,
            differs=bool(make) and "make" in about,
        ),
        Line(
            label="Model",
            declared=str(vehicle.get("model") or ""),
            decoded=decoded.model,
            differs=False,
        ),
        Line(
            label="Body",
            declared=str(vehicle.get("body_style") or ""),
            decoded=decoded.body_class,
            differs=False,
        ),
        Line(label="Weight class", declared="", decoded=decoded.gvwr_class, differs=False),
    )
    return Decoded(
        vin=vin,
        says_something=bool(decoded.make or decoded.model_year),
        check_digit_valid=decoded.check_digit_valid,
        lines=tuple(line for line in lines if line.decoded or line.declared),
        messages=tuple(dict.fromkeys((*said, *decoded.messages))),
        suggestions=() if decoded.check_digit_valid else tuple(vin_suggestions(vin))[:3],
        fillable=bool(_from_vin(draft)),
    )


def take_over_decoded(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with its empty vehicle questions filled from the VIN; what was typed is never touched."""
    filled = copy.deepcopy(dict(draft))
    vehicle = filled.setdefault("vehicle", {})
    vehicle.update(_from_vin(draft))
    return filled


def _from_vin(draft: Mapping[str, Any]) -> dict[str, Any]:
    """What the VIN can add to the vehicle as declared."""
    vehicle = draft.get("vehicle") or {}
    vin = normalise_vin(str(vehicle.get("vin") or ""))
    if not vin:
        return {}
    decoded = decode_vin(vin, declared_year=_number(vehicle.get("model_year")))
    said = {
        "model_year": str(decoded.model_year or ""),
        "make": _make_code(decoded.make),
        "model": decoded.model,
        "body_style": decoded.body_class.split("/")[0].split("(")[0].strip(),
    }
    added: dict[str, Any] = {name: value for name, value in said.items() if value and not vehicle.get(name)}
    if added:
        # Type and fuel are never empty on the form; they follow the VIN only while the vehicle is still blank.
        if vehicle.get("vehicle_type") in (None, "passenger"):
            added |= _if_any("vehicle_type", _type_of(decoded.vehicle_type, decoded.body_class))
        if vehicle.get("fuel") in (None, "gasoline"):
            added |= _if_any("fuel", _fuel_of(decoded.fuel_type))
    return added


def _make_code(vpic_make: str) -> str:
    """The code of the make; where a maker's brands share its name (Toyota, Scion), that of the name itself."""
    makes = shipped_makes().with_vpic_make(vpic_make) if vpic_make else ()
    namesakes = [make for make in makes if make.name.casefold() == vpic_make.casefold()] or list(makes)
    return namesakes[0].code if len(namesakes) == 1 else ""


def _if_any(name: str, value: str) -> dict[str, str]:
    return {name: value} if value else {}


def _type_of(vehicle_type: str, body_class: str) -> str:
    for kind, body, ours in _TYPES:
        if kind in vehicle_type.upper() and body in body_class.upper():
            return ours
    return ""


def _fuel_of(fuel_type: str) -> str:
    first = fuel_type.lower().split(" ")[0].split("/")[0].strip()
    return _FUELS.get(first, "")


def _number(text: object) -> int | None:
    digits = str(text or "")
    return int(digits) if digits.isdigit() and len(digits) < 5 else None
