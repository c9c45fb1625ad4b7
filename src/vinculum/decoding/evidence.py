"""Holding what was declared about a vehicle against what its VIN says (N-601, N-602).

A decode is evidence: both values are kept and the difference is shown. Nothing here refuses anything; what a
disagreement costs the customer is for the law to say.
"""

from dataclasses import dataclass
from typing import Literal

from vinculum.decoding.decoder import DecodedVin
from vinculum.decoding.makes import MakeList, shipped_makes


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One thing that the paper and the VIN say differently; `message` is for the person at the counter."""

    about: Literal["make", "model_year", "check_digit"]
    declared: str
    decoded: str
    message: str


def compare_declared(
    decoded: DecodedVin, *, make: str, model_year: int, makes: MakeList | None = None
) -> tuple[Disagreement, ...]:
    """Every disagreement between the declared NCIC make and model year and the decoded VIN.

    A VIN that says nothing of make or year contradicts nothing. A wrong check digit is shown beside the
    rest and rejects nothing by itself.
    """
    found = (
        _check_digit(decoded),
        _make(decoded, make, shipped_makes() if makes is None else makes),
        _model_year(decoded, model_year),
    )
    return tuple(disagreement for disagreement in found if disagreement is not None)


def _check_digit(decoded: DecodedVin) -> Disagreement | None:
    # An empty description with a wrong digit is a short or unreadable number, which has no check digit to
    # fail.
    if decoded.check_digit_valid or len(decoded.vin) != 17:
        return None
    return Disagreement(
        about="check_digit",
        declared=decoded.vin,
        decoded="",
        message="The check digit of the VIN is wrong; compare the VIN with the vehicle, character by character.",
    )


def _make(decoded: DecodedVin, code: str, makes: MakeList) -> Disagreement | None:
    # A make that nobody has written yet disagrees with nothing.
    if not decoded.make or not code:
        return None
    possible = makes.with_vpic_make(decoded.make)
    declared = makes.find(code)
    if declared is None and not possible:
        # Neither is on the list: it cannot say whether they differ, and a guess by name would be no evidence.
        return None
    if declared is not None and not declared.vpic_makes:
        return None
    if declared in possible:
        return None
    named = declared.name if declared else "not a listed make"
    codes = " or ".join(make.code for make in possible)
    instead = f"; its code is {codes}" if codes else ""
    return Disagreement(
        about="make",
        declared=code,
        decoded=decoded.make,
        message=f"The declared make is {code} ({named}), but the VIN decodes to {decoded.make}{instead}.",
    )


def _model_year(decoded: DecodedVin, declared: int) -> Disagreement | None:
    if decoded.model_year is None or decoded.model_year == declared:
        return None
    return Disagreement(
        about="model_year",
        declared=str(declared),
        decoded=str(decoded.model_year),
        message=f"The declared model year is {declared}, but the VIN decodes to {decoded.model_year}.",
    )
