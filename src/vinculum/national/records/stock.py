"""Looking a paper's control number up among the stolen and missing title stock (N-701)."""

import re
from collections.abc import Sequence
from typing import Any, Final, LiteralString

import psycopg

from vinculum.protocol.problem import Problem, problem

_REPORTED: Final[LiteralString] = """
SELECT asked.place, m.jurisdiction, m.circumstance, m.missing_since
  FROM unnest(%(places)s::integer[], %(prefixes)s::text[], %(digits)s::text[], %(jurisdictions)s::text[])
       AS asked (place, prefix, digits, jurisdiction)
  JOIN exchange.missing_stock AS m
    ON m.closed_at IS NULL AND m.prefix = asked.prefix AND length(m.first_number) = length(asked.digits)
   AND asked.digits BETWEEN m.first_number AND m.last_number
   AND (asked.jurisdiction IS NULL OR m.jurisdiction = asked.jurisdiction)
 ORDER BY 1, 2, 4
"""


def check_control_number(
    connection: psycopg.Connection[Any], control_number: str, *, jurisdiction: str | None
) -> tuple[Problem, ...]:
    """Every open report whose range holds the number; of one state's stock when the paper names its state."""
    return check_control_numbers(connection, [(control_number, jurisdiction)])[0]


def check_control_numbers(
    connection: psycopg.Connection[Any], papers: Sequence[tuple[str, str | None]]
) -> list[tuple[Problem, ...]]:
    """The same for many papers, in their order: of each its number, and its state when it names one."""
    cut = [re.search(r"[0-9]+$", number, flags=re.ASCII) for number, _jurisdiction in papers]
    found: list[list[Problem]] = [[] for _paper in papers]
    asked = [
        (place, number[: digits.start()], digits.group(), jurisdiction)
        for place, ((number, jurisdiction), digits) in enumerate(zip(papers, cut, strict=True))
        if digits is not None
    ]
    if not asked:
        return [()] * len(papers)
    names = ("places", "prefixes", "digits", "jurisdictions")
    columns = (list(column) for column in zip(*asked, strict=True))
    rows = connection.execute(_REPORTED, dict(zip(names, columns, strict=True)))
    for place, reporter, circumstance, since in rows:
        found[place].append(
            problem(
                "V41",
                field="control_number",
                given=papers[place][0],
                jurisdiction=reporter,
                circumstance=circumstance,
                since=since.isoformat(),
            )
        )
    return [tuple(problems) for problems in found]
