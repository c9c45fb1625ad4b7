"""Which vehicles may set off a watch: one set-based statement for each, by VIN, for a stretch of the files at a time.

A stretch is either a range of VINs or the VINs that have changed. What passes the sieve is judged one by one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString

import psycopg

from vinculum.national.investigations.judge import ENDS
from vinculum.national.investigations.look_alikes import doubtful, sound_neighbours
from vinculum.national.investigations.places import far_pairs
from vinculum.national.investigations.stretch import Stretch, run_within
from vinculum.national.investigations.thresholds import (
    DOUBTFUL_AT_ONCE,
    MODEL_YEAR_LEAD,
    MOST_MILES_PER_DAY,
    PRINTING,
    ROUNDING_MILES,
)
from vinculum.national.investigations.title_numbers import beside_the_changed, found_before, note_numbers
from vinculum.national.law.brands import END_OF_ROAD_LIFE

# Standing titles of the stretch in their order: the odometer, the way and the year of each against the one before. What
# an undo of clones took off, and what it recorded anew, is read as `law.undo_record` reads it (N-308).
_HISTORY: Final[LiteralString] = """
WITH rows AS MATERIALIZED (
    SELECT x.vin, x.entry_id, coalesce(x.stands_for, x.entry_id) AS said, x.withdraws, x.transaction_type,
           x.jurisdiction, x.issue_date, x.model_year, x.odometer, x.odometer_unit
      FROM exchange.title_history AS x WHERE {stretch}
), taken_off AS MATERIALIZED (
    SELECT r.vin, r.withdraws FROM rows AS r WHERE r.transaction_type = 'CU'
), gone AS MATERIALIZED (
    SELECT r.vin, r.withdraws FROM rows AS r
     WHERE r.withdraws IS NOT NULL AND r.transaction_type <> 'CU'
       AND NOT EXISTS (SELECT 1 FROM taken_off AS o WHERE o.vin = r.vin AND o.withdraws = r.entry_id)
), standing AS (
    SELECT r.vin, r.entry_id, r.jurisdiction, r.issue_date, r.model_year,
           r.odometer / CASE r.odometer_unit WHEN 'M' THEN 1.0::float8 ELSE 1.609344 END AS miles
      FROM rows AS r
     WHERE r.withdraws IS NULL AND r.transaction_type <> 'VC'
       AND NOT EXISTS (SELECT 1 FROM taken_off AS o WHERE o.vin = r.vin AND o.withdraws = r.entry_id)
       AND NOT EXISTS (SELECT 1 FROM gone AS g WHERE g.vin = r.vin AND g.withdraws = r.said)
), turns AS (
    SELECT s.vin, s.jurisdiction, s.issue_date, s.model_year, s.miles, lag(s.jurisdiction) OVER past AS came_from,
           lag(s.issue_date) OVER past AS since, lag(s.miles) OVER past AS miles_before,
           max(s.miles) OVER (past ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS highest
      FROM standing AS s WINDOW past AS (PARTITION BY s.vin ORDER BY s.issue_date, s.miles, s.entry_id)
)
SELECT DISTINCT t.vin
  FROM turns AS t LEFT JOIN unnest(%(far_from)s::text[], %(far_to)s::text[], %(far_days)s::integer[])
                         AS far (one, other, days) ON far.one = t.came_from AND far.other = t.jurisdiction
 WHERE t.miles < t.highest - %(rounding)s
    OR t.miles - t.miles_before > %(most_miles)s * greatest(t.issue_date - t.since, 1)
    OR t.issue_date - t.since < far.days
    OR extract(year FROM t.issue_date) < t.model_year - %(lead)s
"""
_POINTERS: Final[LiteralString] = """
SELECT x.vin FROM exchange.pointer AS x WHERE {stretch}
 GROUP BY x.vin HAVING min(x.jurisdiction) <> max(x.jurisdiction)
"""
# A brand that was taken back may have been the one that carried another: those vehicles are always looked at.
_BRANDS: Final[LiteralString] = """
SELECT DISTINCT x.vin
  FROM exchange.brand_history AS x
  JOIN exchange.brand_code AS c ON c.code = x.brand_code AND c.category NOT IN ('odometer', 'admin')
  JOIN exchange.pointer AS p ON p.vin = x.vin AND p.issue_date > x.brand_date AND p.jurisdiction <> x.brander
 WHERE {stretch} AND NOT EXISTS (
       SELECT 1 FROM exchange.brand_history AS o JOIN exchange.brand_code AS oc ON oc.code = o.brand_code
        WHERE o.vin = x.vin AND o.brander = p.jurisdiction AND oc.category = c.category)
UNION
SELECT x.vin FROM exchange.brand_withdrawal AS x WHERE {stretch}
UNION
SELECT x.vin FROM exchange.brand_history AS x
  JOIN exchange.title_history AS h ON h.vin = x.vin AND h.issue_date > x.brand_date AND h.jurisdiction <> x.brander
 WHERE {stretch} AND x.brand_code = ANY (%(end_brands)s)
"""
_YARDS: Final[LiteralString] = """
SELECT x.vin, min(x.obtained_on) FROM exchange.jsi_report AS x
 WHERE {stretch} AND (x.for_export OR x.disposition = ANY (%(ends)s)) GROUP BY x.vin
"""
_TITLED_AFTER: Final[LiteralString] = """
SELECT DISTINCT h.vin FROM exchange.title_history AS h
  JOIN unnest(%(yard_vins)s::text[], %(yard_days)s::date[]) AS y (vin, day) ON y.vin = h.vin AND h.issue_date > y.day
"""
_NOTE_KEYS: Final[LiteralString] = """
INSERT INTO exchange.look_alike_key (vin, doubtful_vin)
SELECT k.vin, k.doubtful FROM unnest(%(key_vins)s::text[], %(key_doubtful)s::text[]) AS k (vin, doubtful)
ON CONFLICT DO NOTHING
"""
_DOUBTFUL_OF: Final[LiteralString] = """
SELECT DISTINCT x.doubtful_vin
  FROM exchange.look_alike_key AS x JOIN exchange.pointer AS p ON p.vin = x.vin WHERE {stretch}
"""
_LOOK_ALIKES: Final[LiteralString] = """
SELECT DISTINCT k.doubtful, p.vin FROM unnest(%(key_vins)s::text[], %(key_doubtful)s::text[]) AS k (vin, doubtful)
  JOIN exchange.pointer AS p ON p.vin = k.vin
"""


@dataclass(slots=True, kw_only=True)
class Suspects:
    """What passed: vehicles by themselves, and pairs of them (doubtful and sound; or with a number in common)."""

    vins: set[str] = field(default_factory=set)
    alike: set[tuple[str, str]] = field(default_factory=set)
    number_twice: set[tuple[str, str]] = field(default_factory=set)

    def everybody(self) -> list[str]:
        """Every vehicle whose record has to be read."""
        pairs = (vin for pair in (*self.alike, *self.number_twice) for vin in pair)
        return sorted({*self.vins, *pairs})


def keys_of(stretch: Stretch) -> dict[str, tuple[str, ...]]:
    """The doubtful VINs of the stretch with their sound neighbours; reckoned before a transaction is begun."""
    return {vin: sound_neighbours(vin) for vin in doubtful(stretch.vins)}


def sift(
    connection: psycopg.Connection[Any], stretch: Stretch, *, keys: Mapping[str, Sequence[str]]
) -> Suspects:
    """What of the stretch may set off a watch. Notes on the way the keys that later scans look up."""
    suspects = Suspects()
    for statement, values in (
        (_HISTORY, _limits()),
        (_POINTERS, {}),
        (_BRANDS, {"end_brands": sorted(END_OF_ROAD_LIFE)}),
    ):
        suspects.vins |= _first_column(run_within(connection, statement, stretch, values))
    suspects.vins |= _first_column(_titled_after_end(connection, stretch))
    note_numbers(connection, stretch)
    suspects.number_twice = found_before(connection, stretch)
    if not stretch.is_of_all:
        suspects.number_twice |= beside_the_changed(connection, stretch)
    suspects.alike = set(_look_alikes(connection, stretch, keys))
    return suspects


def _look_alikes(
    connection: psycopg.Connection[Any], stretch: Stretch, keys: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """Doubtful VINs of the stretch, or with a sound neighbour in it, each with all its neighbours on record."""
    for some in _portions(keys):
        run_within(connection, _NOTE_KEYS, stretch, some)
        yield from run_within(connection, _LOOK_ALIKES, stretch, some).fetchall()
    others = sorted(_first_column(run_within(connection, _DOUBTFUL_OF, stretch)) - keys.keys())
    for some in _portions({vin: sound_neighbours(vin) for vin in others}):
        yield from run_within(connection, _LOOK_ALIKES, stretch, some).fetchall()


def _portions(keys: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
    """The keys as parameters, so many at a time that no statement becomes a long one."""
    vins = list(keys)
    for start in range(0, len(vins), DOUBTFUL_AT_ONCE):
        pairs = sorted((sound, vin) for vin in vins[start : start + DOUBTFUL_AT_ONCE] for sound in keys[vin])
        yield {"key_vins": [pair[0] for pair in pairs], "key_doubtful": [pair[1] for pair in pairs]}


def _titled_after_end(connection: psycopg.Connection[Any], stretch: Stretch) -> Iterable[tuple[Any, ...]]:
    yards = run_within(connection, _YARDS, stretch, {"ends": sorted(ENDS)}).fetchall()
    if not yards:
        return ()
    values = {"yard_vins": [vin for vin, _ in yards], "yard_days": [day + PRINTING for _, day in yards]}
    return run_within(connection, _TITLED_AFTER, stretch, values)


def _first_column(rows: Iterable[tuple[Any, ...]]) -> set[str]:
    return {row[0] for row in rows}


def _limits() -> dict[str, Any]:
    pairs = far_pairs().values()
    return {
        "far_from": [pair.one for pair in pairs],
        "far_to": [pair.other for pair in pairs],
        "far_days": [pair.days for pair in pairs],
        "rounding": ROUNDING_MILES,
        "most_miles": MOST_MILES_PER_DAY,
        "lead": MODEL_YEAR_LEAD,
    }
