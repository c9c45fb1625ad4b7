"""What the papers presented with vehicles are known for: missing title stock (N-701), titles taken back (N-303).

One place for an inquiry on line and for the inquiries of a file, so that both are told the same.
"""

from collections.abc import Sequence
from typing import Any

import psycopg

from vinculum.national.law.recalled import recalled_problems
from vinculum.national.records.recalled_titles import recalled_among
from vinculum.national.records.stock import check_control_numbers
from vinculum.protocol.inquiry import UsedVehicleInquiry
from vinculum.protocol.problem import Problem


def check_papers(
    connection: psycopg.Connection[Any], asked: Sequence[UsedVehicleInquiry], *, asker: str
) -> list[tuple[Problem, ...]]:
    """For each inquiry what is known of the paper that it names; papers not named cost no statement."""
    stock = {
        place: (one.control_number, one.title_jurisdiction)
        for place, one in enumerate(asked)
        if one.control_number is not None
    }
    missing = dict(zip(stock, check_control_numbers(connection, list(stock.values())), strict=True))
    named = {
        place: (one.title_jurisdiction, one.title_number)
        for place, one in enumerate(asked)
        if one.title_jurisdiction is not None and one.title_number is not None
    }
    taken_back = recalled_among(connection, set(named.values()), asker=asker)
    return [
        (
            *missing.get(place, ()),
            *(recalled_problems(taken_back.get(named[place], ())) if place in named else ()),
        )
        for place in range(len(asked))
    ]
