"""The shapes of the rows in a jurisdiction's CSV files; every cell is text and is read strictly."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from vinculum.state.reference.file_shapes import Cited, Money, Pounds, Term, Text


def _whole_number(cell: object) -> object:
    if not isinstance(cell, str) or not cell.isascii() or not cell.isdigit():
        raise PydanticCustomError("whole_number", "is not a whole number")
    return int(cell)


def _day(cell: object) -> date:
    try:
        return date.fromisoformat(str(cell))
    except ValueError as wrong:
        raise PydanticCustomError("day", "is not a date: write it as in 2020-01-01") from wrong


def _day_or_none(cell: object) -> date | None:
    return None if cell == "" else _day(cell)


def _several(cell: object) -> list[str]:
    return [part.strip() for part in str(cell).split(";") if part.strip()]


def _yes_or_no(cell: object) -> bool:
    if cell not in ("yes", "no"):
        raise PydanticCustomError("yes_or_no", "is neither yes nor no")
    return cell == "yes"


def _brand_codes(cell: object) -> list[str]:
    # N-107: "none" is a decision and an empty cell is a gap.
    if cell == "none":
        return []
    codes = _several(cell)
    if not codes:
        raise PydanticCustomError(
            "unmapped_legend", "legend is not mapped: name its national brand codes, or write none"
        )
    return codes


Day = Annotated[date, BeforeValidator(_day)]
Several = Annotated[list[str], BeforeValidator(_several)]


class ChartRow(Cited):
    """One bracket of a weight chart."""

    start: Day = Field(alias="from")
    term_years: Annotated[Term, BeforeValidator(_whole_number)]
    above_pounds: Annotated[Pounds, BeforeValidator(_whole_number)]
    up_to_pounds: Annotated[Pounds, BeforeValidator(_whole_number)]
    fee: Money
    origin: Literal["printed", "derived"]
    printed_equity: Annotated[list[Money], BeforeValidator(_several)]


class LegendRow(Cited):
    """One legend as printed on titles."""

    text: Text
    also_printed: Several
    stops_online: Annotated[bool, BeforeValidator(_yes_or_no)]
    brand_codes: Annotated[list[str], BeforeValidator(_brand_codes)]
    start: Day = Field(alias="from")
    until: Annotated[date | None, BeforeValidator(_day_or_none)]
    meaning: Text


class BrandRow(Cited):
    """One national brand code."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
    name: Text
    category: Text
    status: Literal["active", "retired", "historic"]
    successors: Several
    meaning: Text


class TaxTownRow(Cited):
    """One address town and the tax town it lies in."""

    address_town: Text
    tax_town_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    tax_town_name: Text
    start: Day = Field(alias="from")
    note: str
