"""A recalled or fraudulent title: it left the national files, and its paper may still be presented (N-303)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from vinculum.protocol.problem import Problem, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalledTitle:
    """A title that its state took back: which, when (UTC), and the reason that it gave."""

    jurisdiction: str
    title_number: str
    taken_back_on: date
    reason: str


def recalled_problems(found: Iterable[RecalledTitle]) -> Iterator[Problem]:
    """What a title check says of a paper with that number, whatever vehicle it is presented with."""
    for title in found:
        yield problem(
            "V45",
            field="title_number",
            given=title.title_number,
            jurisdiction=title.jurisdiction,
            since=title.taken_back_on.isoformat(),
            why=title.reason.rstrip("."),
        )
