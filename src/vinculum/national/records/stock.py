"""Looking a paper's control number up among the stolen and missing title stock (N-701)."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg

from vinculum.protocol.problem import Problem, problem


def check_control_number(
    connection: psycopg.Connection[Any], control_number: str, *, jurisdiction: str | None
) -> Iterator[Problem]:
    """Every open report whose range holds the number; of one state's stock when the paper names its state."""
    digits = re.search(r"[0-9]+$", control_number, flags=re.ASCII)
    if digits is None:
        return
    rows = connection.execute(
        "SELECT jurisdiction, circumstance, missing_since FROM exchange.missing_stock"
        " WHERE closed_at IS NULL AND prefix = %(prefix)s AND length(first_number) = length(%(digits)s)"
        " AND %(digits)s BETWEEN first_number AND last_number"
        " AND (%(jurisdiction)s::text IS NULL OR jurisdiction = %(jurisdiction)s) ORDER BY 1, 3",
        {
            "prefix": control_number[: digits.start()],
            "digits": digits.group(),
            "jurisdiction": jurisdiction,
        },
    ).fetchall()
    for reporter, circumstance, since in rows:
        yield problem(
            "V41",
            field="control_number",
            given=control_number,
            jurisdiction=reporter,
            circumstance=circumstance,
            since=since.isoformat(),
        )
