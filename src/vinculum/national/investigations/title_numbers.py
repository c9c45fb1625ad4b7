"""Title numbers that a state has used for more than one vehicle: noted by the scans, found in the order of the numbers.

Each vehicle is put beside the one before and the one after it that bears the number: where a state writes one number on
thousands ("NONE"), thousands are found and not the square of it.
"""

from typing import Any, Final, LiteralString

import psycopg

from vinculum.national.investigations.stretch import Stretch, run_within

Pair = tuple[str, str]
# A place in the order of the numbers: state, number, VIN.
Place = tuple[str, str, str]
THE_BEGINNING: Final[Place] = ("", "", "")
NUMBERS_AT_ONCE: Final = 20_000
# Both sides are read within the stretch: what stands there already is passed over without looking each number up.
_NOTE: Final[LiteralString] = """
INSERT INTO exchange.title_number_use (vin, jurisdiction, title_number)
(SELECT x.vin, x.jurisdiction, x.title_number FROM exchange.title_history AS x
  WHERE {stretch} AND x.withdraws IS NULL AND x.transaction_type <> 'VC'
 EXCEPT
 SELECT x.vin, x.jurisdiction, x.title_number FROM exchange.title_number_use AS x WHERE {stretch})
ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING
"""
_BESIDE: Final[LiteralString] = """
SELECT DISTINCT least(x.vin, o.vin), greatest(x.vin, o.vin) FROM exchange.title_number_use AS x CROSS JOIN LATERAL (
       (SELECT n.vin FROM exchange.title_number_use AS n
         WHERE n.jurisdiction = x.jurisdiction AND n.title_number = x.title_number AND n.vin > x.vin
         ORDER BY n.vin LIMIT 1)
       UNION ALL
       (SELECT b.vin FROM exchange.title_number_use AS b
         WHERE b.jurisdiction = x.jurisdiction AND b.title_number = x.title_number AND b.vin < x.vin
         ORDER BY b.vin DESC LIMIT 1)) AS o
 WHERE {stretch}
"""
_FOUND_BEFORE: Final[LiteralString] = """
SELECT x.vin, x.other_vin FROM exchange.finding AS x
 WHERE {stretch} AND x.kind = 'number_twice' AND x.state = 'open'
"""
# Begins with the last number of the portion before, so that no two neighbours fall between two portions.
_PORTION: Final[LiteralString] = """
WITH portion AS MATERIALIZED (
    SELECT n.jurisdiction, n.title_number, n.vin FROM exchange.title_number_use AS n
     WHERE (n.jurisdiction, n.title_number, n.vin) >= (%(jurisdiction)s, %(title_number)s, %(vin)s)
     ORDER BY n.jurisdiction, n.title_number, n.vin LIMIT %(most)s
), beside AS (
    SELECT lag(p.vin) OVER (PARTITION BY p.jurisdiction, p.title_number ORDER BY p.vin) AS one, p.vin AS other
      FROM portion AS p
)
SELECT b.one, b.other, NULL, NULL FROM beside AS b WHERE b.one IS NOT NULL
UNION ALL
(SELECT NULL, p.vin, p.jurisdiction, p.title_number FROM portion AS p
  ORDER BY p.jurisdiction DESC, p.title_number DESC, p.vin DESC LIMIT 1)
"""


def note_numbers(connection: psycopg.Connection[Any], stretch: Stretch) -> None:
    """Note the title numbers of the stretch, for what comes later."""
    run_within(connection, _NOTE, stretch)


def found_before(connection: psycopg.Connection[Any], stretch: Stretch) -> set[Pair]:
    """The pairs of which a finding is open: to be looked at again."""
    return set(run_within(connection, _FOUND_BEFORE, stretch).fetchall())


def beside_the_changed(connection: psycopg.Connection[Any], stretch: Stretch) -> set[Pair]:
    """The pairs of which one is in the stretch; each number is looked up by itself, so for a short one."""
    return set(run_within(connection, _BESIDE, stretch).fetchall())


def next_portion(
    connection: psycopg.Connection[Any], after: Place, *, most: int = NUMBERS_AT_ONCE
) -> tuple[set[Pair], Place | None]:
    """The pairs of a portion of all numbers, read in their order, and the place where the next one begins."""
    values = dict(zip(("jurisdiction", "title_number", "vin"), after, strict=True)) | {"most": most}
    pairs: set[Pair] = set()
    last: Place | None = None
    for one, vin, jurisdiction, number in connection.execute(_PORTION, values, prepare=False).fetchall():
        if one is None:
            last = (jurisdiction, number, vin)
        else:
            pairs.add((one, vin))
    return pairs, None if last == after else last
