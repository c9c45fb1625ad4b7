"""The register of recalled and fraudulent titles: removals in the history, found by state and number (N-303).

It has no rows of its own, so that it cannot disagree with the history. A title that was reported anew after its
removal is not in it; neither is one that an undo of clones took off with its removal (N-308), nor one of a vehicle that
the asker may not see (N-206).
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from vinculum.national.law.recalled import RecalledTitle
from vinculum.national.records.own_rows import OF_A_TITLE_STILL_THERE, STILL_THERE, WITHDRAWN

LONGEST_PAGE: Final = 100
# Put together from constants only.
_TAKEN_BACK: Final[LiteralString] = f"""
  FROM exchange.title_history AS h
 WHERE h.transaction_type = 'RM' AND {STILL_THERE.replace("x.", "h.")} AND {OF_A_TITLE_STILL_THERE.replace("x.", "h.")}
   AND NOT EXISTS (SELECT 1 FROM exchange.title_history AS a
                    WHERE a.vin = h.vin AND a.jurisdiction = h.jurisdiction AND a.title_number = h.title_number
                      AND a.withdraws IS NULL AND a.transaction_type <> 'VC'
                      AND a.transaction_at > h.transaction_at
                      AND {STILL_THERE.replace("x.", "a.")} AND NOT {WITHDRAWN.replace("x.", "a.")})
   AND NOT EXISTS (SELECT 1 FROM exchange.undercover AS u
                    WHERE u.vin = h.vin AND u.lifted_at IS NULL
                      AND u.marked_by <> %(asker)s AND NOT %(asker)s = ANY (u.visible_to))
"""  # noqa: S608
_OF_A_NUMBER: Final[LiteralString] = f"""
SELECT h.jurisdiction, h.title_number, h.transaction_at, h.reason {_TAKEN_BACK}
   AND h.jurisdiction = %(jurisdiction)s AND h.title_number = %(title_number)s
 ORDER BY h.transaction_at DESC LIMIT {LONGEST_PAGE}
"""
_OF_MANY_NUMBERS: Final[LiteralString] = f"""
SELECT h.jurisdiction, h.title_number, h.transaction_at, h.reason {_TAKEN_BACK}
   AND (h.jurisdiction, h.title_number) IN
       (SELECT named.jurisdiction, named.title_number
          FROM unnest(%(jurisdictions)s::text[], %(numbers)s::text[]) AS named (jurisdiction, title_number))
 ORDER BY h.transaction_at DESC
"""  # noqa: S608 - put together from constants only
_A_PAGE: Final[LiteralString] = f"""
SELECT h.jurisdiction, h.title_number, h.transaction_at, h.reason, h.vin, h.entry_id {_TAKEN_BACK}
   AND h.jurisdiction = %(jurisdiction)s
   AND (h.title_number, h.vin, h.entry_id) > (%(after_number)s, %(after_vin)s, %(after_id)s)
 ORDER BY h.title_number, h.vin, h.entry_id LIMIT {LONGEST_PAGE}
"""
Place = tuple[str, str, UUID]
THE_BEGINNING: Final[Place] = ("", "", UUID(int=0))


def recalled_titles(
    connection: psycopg.Connection[Any], *, jurisdiction: str, title_number: str, asker: str
) -> tuple[RecalledTitle, ...]:
    """The titles of that state and number that were taken back, of whatever vehicle; the latest first."""
    values = {"jurisdiction": jurisdiction, "title_number": title_number, "asker": asker}
    return tuple(_title(*row) for row in connection.execute(_OF_A_NUMBER, values))


def recalled_among(
    connection: psycopg.Connection[Any], named: Collection[tuple[str, str]], *, asker: str
) -> dict[tuple[str, str], tuple[RecalledTitle, ...]]:
    """The same for many titles, each named by its state and number; those that were never taken back are missing."""
    if not named:
        return {}
    jurisdictions, numbers = zip(*sorted(named), strict=True)
    values = {"jurisdictions": list(jurisdictions), "numbers": list(numbers), "asker": asker}
    found: dict[tuple[str, str], list[RecalledTitle]] = {}
    for row in connection.execute(_OF_MANY_NUMBERS, values):
        found.setdefault((row[0], row[1]), []).append(_title(*row))
    return {which: tuple(titles[:LONGEST_PAGE]) for which, titles in found.items()}


def page_of_recalled(
    connection: psycopg.Connection[Any], *, jurisdiction: str, asker: str, after: Place = THE_BEGINNING
) -> tuple[tuple[RecalledTitle, ...], Place | None]:
    """A page of a state's recalled titles in the order of their numbers, and the place after which more follow."""
    values = {"jurisdiction": jurisdiction, "asker": asker}
    values |= dict(zip(("after_number", "after_vin", "after_id"), map(str, after), strict=True))
    rows = connection.execute(_A_PAGE, values).fetchall()
    more = (rows[-1][1], rows[-1][4], rows[-1][5]) if len(rows) == LONGEST_PAGE else None
    return tuple(_title(*row[:4]) for row in rows), more


def _title(jurisdiction: str, title_number: str, at: datetime, reason: str) -> RecalledTitle:
    return RecalledTitle(
        jurisdiction=jurisdiction,
        title_number=title_number,
        taken_back_on=at.astimezone(UTC).date(),
        reason=reason,
    )
