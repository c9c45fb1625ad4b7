"""What the law says of a title without looking at the record, for many titles at once; and what their VINs say.

Where the law depends on few values, it is asked once for each of them; where it is a pattern or a day, the same
pattern and day are held against the column.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl

from vinculum.decoding import decode_vin
from vinculum.kernel.vin import VIN_LENGTH, check_digit, check_digits_valid
from vinculum.national.law.check_title import FULL_VIN_LENGTH, REASSIGNMENT_NUMBER, is_in_the_future
from vinculum.national.law.makes import correct_make

_MOST_REMEMBERED: Final = 150_000
# The three positions of the manufacturer, and the same with the serial part that tells small ones apart.
_SMALL_MANUFACTURER: Final = "9"


class DecodedDescriptors:
    """Whether a VIN decodes, asked once for all VINs that differ in serial number and check digit only."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def decoded(self, descriptors: Sequence[str]) -> list[bool]:
        """For each descriptor whether it decodes to a model."""
        if len(self._known) + len(descriptors) > _MOST_REMEMBERED:
            self._known.clear()
        for descriptor in set(descriptors).difference(self._known):
            self._known[descriptor] = _decodes(descriptor)
        return [self._known[descriptor] for descriptor in descriptors]


def _decodes(descriptor: str) -> bool:
    """The descriptor with a serial number, under its right check digit."""
    blank = f"{descriptor[:8]}0{descriptor[8:]}".ljust(VIN_LENGTH, "1")
    return bool(decode_vin(f"{blank[:8]}{check_digit(blank)}{blank[9:]}").model)


def check_columns(rows: pl.DataFrame, *, at: datetime, descriptors: DecodedDescriptors) -> pl.DataFrame:
    """The rows with `make` put right, `sent_make` where it was wrong, `road`, and `codes` found so far."""
    rows = _with_right_makes(rows)
    rows = _with_vin_codes(rows, descriptors=descriptors)
    latest = last_day_not_in_the_future(at)
    codes = pl.concat_str(
        pl.when(pl.col("vin").str.len_bytes() < FULL_VIN_LENGTH).then(pl.lit("20B")),
        "vin_code",
        _reassignment_code(rows),
        pl.when(pl.col("issue_date") > latest).then(pl.lit("V17")),
        "make_codes",
        separator=",",
        ignore_nulls=True,
    )
    return rows.with_columns(
        road=pl.col("title_type") == "road", codes=pl.when(codes != "").then("{" + codes + "}")
    )


def _reassignment_code(rows: pl.DataFrame) -> pl.Expr:
    """V18, for which few titles have to be looked at: the numbers of reassignment forms begin alike."""
    number = pl.col("title_number")
    suspect = number.str.starts_with("R")
    if not rows.select(suspect.any()).item():
        return pl.lit(None, dtype=pl.String)
    found = suspect & number.str.contains(f"^(?:{REASSIGNMENT_NUMBER.pattern})")
    return pl.when(found).then(pl.lit("V18"))


def last_day_not_in_the_future(at: datetime) -> date:
    """The last day on which a title may be issued, as the law sees it."""
    day = at.date() + timedelta(days=2)
    while is_in_the_future(day, at=at):
        day -= timedelta(days=1)
    return day


def _with_right_makes(rows: pl.DataFrame) -> pl.DataFrame:
    """N-108: the law is asked once for each make and manufacturer."""
    rows = rows.with_columns(manufacturer=pl.col("vin").str.slice(0, 3))
    asked = rows.group_by("make", "manufacturer").agg(pl.col("vin").first())
    answers: list[dict[str, Any]] = []
    for make, manufacturer, vin in asked.iter_rows():
        right, warnings = correct_make(make, vin=vin)
        found = [warning.code for warning in warnings]
        answers.append(
            {
                "make": make,
                "manufacturer": manufacturer,
                "right_make": right,
                "sent_make": make.strip().upper() if "V60" in found else None,
                "make_codes": ",".join(found) or None,
            }
        )
    if all(answer["make"] == answer["right_make"] and not answer["make_codes"] for answer in answers):
        nothing = pl.lit(None, dtype=pl.String)
        return rows.with_columns(sent_make=nothing, make_codes=nothing)
    schema = dict.fromkeys(("make", "manufacturer", "right_make", "sent_make", "make_codes"), pl.String())
    joined = rows.join(pl.DataFrame(answers, schema=schema), on=["make", "manufacturer"], how="left")
    return joined.with_columns(make=pl.col("right_make"))


def _with_vin_codes(rows: pl.DataFrame, *, descriptors: DecodedDescriptors) -> pl.DataFrame:
    """N-601: of a full VIN whether the check digit holds and whether it decodes (21A, 21C, 21D)."""
    vin = pl.col("vin")
    full = rows.select("vin", full=vin.str.len_bytes() == VIN_LENGTH)
    all_full = bool(full["full"].all())
    vins = full["vin"] if all_full else full.filter("full")["vin"]
    descriptor = (
        vin.str.slice(0, 8)
        + vin.str.slice(9, 2)
        + pl.when(vin.str.slice(2, 1) == _SMALL_MANUFACTURER).then(vin.str.slice(11, 3)).otherwise(pl.lit(""))
    )
    each = pl.DataFrame({"vin": vins}).select(descriptor=descriptor, vin="vin")
    known = each["descriptor"].unique()
    decoded = pl.Series(descriptors.decoded(known.to_list()), dtype=pl.Boolean)
    odd = known.filter(~decoded)
    found = each.select(
        "vin",
        valid=pl.Series(check_digits_valid(vins.to_list()), dtype=pl.Boolean),
        decodes=~pl.col("descriptor").is_in(odd.implode()) if len(odd) else pl.lit(value=True),
    ).select("vin", vin_code=_vin_code())
    if all_full:
        return rows.with_columns(vin_code=found["vin_code"])
    found = found.filter(pl.col("vin_code").is_not_null()).unique("vin")
    return rows.join(found, on="vin", how="left", maintain_order="left")


def _vin_code() -> pl.Expr:
    return (
        pl.when(~pl.col("valid") & pl.col("decodes"))
        .then(pl.lit("21A"))
        .when(~pl.col("valid"))
        .then(pl.lit("21C"))
        .when(~pl.col("decodes"))
        .then(pl.lit("21D"))
    )
