"""A VINADD file applied set by set: the rule of `national.law.add_title`, said of all its titles at once (N-504).

The rows lie in staging as they arrived. They are decided in the order of their VINs, for the pages of pointer and
history are then touched once; the first title of each VIN in one turn, the second in the next, so that each sees
what the one before it did (N-501). A pointer that moved between decision and writing is decided anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString

import psycopg

from vinculum.national.batch.tally import Tally
from vinculum.national.law.brands import END_OF_ROAD_LIFE, PRIOR_NON_REPAIRABLE_REPAIRED
from vinculum.national.records.own_rows import STILL_THERE, WITHDRAWN
from vinculum.national.records.write_change import PointerMoved
from vinculum.protocol.problem import PROBLEM_KINDS

TRIES: Final = 5
# So many titles of one vehicle in one file are a mistake, and each costs a turn.
MOST_TURNS: Final = 100
_ERRORS: Final = [code for code, kind in PROBLEM_KINDS.items() if kind.severity == "error"]
# The field that a code is about, and what fills the blanks of its sentence; as the law fills them.
_FIELDS: Final = {
    "401": "title_number",
    "V13": "vin",
    "V17": "issue_date",
    "V18": "title_number",
    "V40": "title_type",
    "V60": "make",
    "V61": "model_year",
    "V67": "issue_date",
    "V77": "vin",
    "222": "make",
    "20B": "vin",
    "21A": "vin",
    "21C": "vin",
    "21D": "vin",
}

# Statements below are put together from these constants only.
_ARRIVED: Final[LiteralString] = (
    "record_number, vin, title_number, issue_date, make, model_year, odometer, odometer_unit, state_title_key,"
    " road, sent_make, codes"
)
COPY_ARRIVED: Final[LiteralString] = f"COPY staging.arrival ({_ARRIVED}) FROM STDIN"
# Titles that were decided elsewhere and of which something is to be said.
COPY_TOLD: Final[LiteralString] = f"COPY staging.verdict ({_ARRIVED}, turn, tried) FROM STDIN"
CLEAR: Final[LiteralString] = "TRUNCATE staging.arrival, staging.later, staging.verdict"
_FIRST_TURN: Final[LiteralString] = (
    "(SELECT r.*, row_number() OVER (PARTITION BY r.vin ORDER BY r.record_number)::integer AS turn"
    " FROM staging.arrival AS r)"
)
_LATER_TURN: Final[LiteralString] = "(SELECT * FROM staging.later WHERE turn = %(turn)s ORDER BY vin)"
_THERE: Final[LiteralString] = STILL_THERE.replace("x.", "o.")
_WITHDRAWN: Final[LiteralString] = WITHDRAWN.replace("x.", "o.")
# What is on record of each VIN, and what the law makes of the title beside it. Rows of a later turn pass through.
_DECIDE: Final[LiteralString] = """
INSERT INTO staging.verdict (record_number, vin, title_number, issue_date, make, model_year, odometer,
       odometer_unit, state_title_key, road, sent_make, turn, tried, pointer_number, expected, old_jurisdiction,
       old_title_number, action, codes)
SELECT d.record_number, d.vin, d.title_number, d.issue_date, d.make, d.model_year, d.odometer, d.odometer_unit,
       d.state_title_key, d.road, d.sent_make, d.turn, %(tried)s, d.number, d.entry_id, d.held_by, d.held_number,
       CASE WHEN d.refused THEN NULL WHEN d.entry_id IS NULL THEN 'make'
            WHEN d.issue_date < d.held_since THEN 'join' ELSE 'move' END,
       d.codes || CASE WHEN d.refused THEN NULL
                       WHEN d.entry_id IS NULL AND d.pointers > 0
                            THEN ARRAY[CASE WHEN d.make_held THEN 'V61' ELSE 'V61:make' END]
                       WHEN d.issue_date < d.held_since THEN ARRAY['V67'] END
  FROM (SELECT c.*, t.entry_id, t.jurisdiction AS held_by, t.title_number AS held_number,
               t.issue_date AS held_since, c.junk IS NOT NULL OR coalesce(c.codes && %(errors)s, false) AS refused
          FROM (SELECT a.record_number, a.vin, a.title_number, a.issue_date, a.make, a.model_year, a.odometer,
                       a.odometer_unit, a.state_title_key, a.road, a.sent_make, a.turn,
                       p.pointers, p.matching, p.make_held, b.junk,
                       CASE WHEN p.matching = 1 THEN p.match ELSE p.highest + 1 END AS number,
                       a.codes || CASE WHEN p.same OR h.found THEN ARRAY['401'] END
                               || CASE WHEN p.matching > 1 THEN ARRAY['V13'] END || b.junk AS codes
                  FROM {source} AS a
                  LEFT JOIN LATERAL (
                       SELECT count(*) AS pointers, coalesce(max(o.pointer_number), 0) AS highest,
                              count(*) FILTER (WHERE o.make = a.make AND o.model_year = a.model_year) AS matching,
                              max(o.pointer_number) FILTER (WHERE o.make = a.make
                                                              AND o.model_year = a.model_year) AS match,
                              bool_or(o.make = a.make) AS make_held,
                              bool_or(o.jurisdiction = %(origin)s AND o.title_number = a.title_number) AS same
                         FROM exchange.pointer AS o WHERE o.vin = a.vin AND a.turn = %(turn)s) AS p ON true
                  LEFT JOIN LATERAL (
                       SELECT true AS found FROM exchange.title_history AS o
                        WHERE o.vin = a.vin AND a.turn = %(turn)s AND o.jurisdiction = %(origin)s
                          AND o.title_number = a.title_number AND o.withdraws IS NULL
                          AND o.transaction_type <> 'VC' AND {there} AND NOT {withdrawn}
                        LIMIT 1) AS h ON true
                  LEFT JOIN LATERAL (
                       SELECT true AS found FROM exchange.brand_history AS o
                        WHERE o.vin = a.vin AND a.road AND a.turn = %(turn)s AND o.brand_code = ANY (%(junk)s)
                        LIMIT 1) AS j ON true
                  LEFT JOIN LATERAL (
                       SELECT array_agg(DISTINCT 'V40:' || o.brand_code) AS junk FROM exchange.brand_history AS o
                        WHERE j.found AND o.vin = a.vin AND o.brand_code = ANY (%(junk)s)
                          AND NOT EXISTS (SELECT 1 FROM exchange.brand_withdrawal AS w
                                           WHERE w.vin = o.vin AND w.brand_code = o.brand_code
                                             AND w.brander = o.brander AND w.brand_date = o.brand_date
                                             AND w.restored_at IS NULL)
                          AND NOT EXISTS (SELECT 1 FROM exchange.brand_history AS l
                                           WHERE l.vin = o.vin AND l.brand_code = %(repaired)s
                                             AND l.brand_date >= o.brand_date
                                             AND NOT EXISTS (SELECT 1 FROM exchange.brand_withdrawal AS v
                                                  WHERE v.vin = l.vin AND v.brand_code = l.brand_code
                                                    AND v.brander = l.brander AND v.brand_date = l.brand_date
                                                    AND v.restored_at IS NULL))
                       HAVING count(*) > 0) AS b ON true) AS c
          LEFT JOIN exchange.pointer AS t
            ON t.vin = c.vin AND t.pointer_number = c.number AND c.matching = 1) AS d
"""
# The expression of the entry that a record makes, and of its moment: `entry_id_of` and `moment_of` in SQL.
_ENTRY: Final[LiteralString] = "(%(prefix)s || lpad(v.record_number::text, 12, '0'))::uuid"
_MOMENT: Final[LiteralString] = "%(at)s + v.record_number * interval '1 microsecond'"
_TITLE_COLUMNS: Final[LiteralString] = (
    "entry_id, transaction_type, transaction_at, jurisdiction, title_number, issue_date, make, model_year,"
    " odometer, odometer_unit, state_title_key"
)
_TITLE_VALUES: Final[LiteralString] = (
    f"{_ENTRY}, CASE v.action WHEN 'join' THEN 'LH' ELSE 'AD' END, {_MOMENT}, %(origin)s, v.title_number,"
    " v.issue_date, v.make, v.model_year, v.odometer, v.odometer_unit, v.state_title_key"
)
_PUT_OFF_LATER_TURNS: Final[LiteralString] = f"""
INSERT INTO staging.later ({_ARRIVED}, turn) SELECT {_ARRIVED}, turn FROM staging.verdict WHERE turn > 1
"""  # noqa: S608
_ONLY_FIRST_TURN: Final[LiteralString] = "DELETE FROM staging.verdict WHERE turn > 1"
_TURN_IS_DECIDED: Final[LiteralString] = "DELETE FROM staging.later WHERE turn = %(turn)s"
# Staging is read from end to end, in the order in which it was filled: that of the VINs.
_MOVE_POINTERS: Final[LiteralString] = f"""
UPDATE exchange.pointer AS p SET ({_TITLE_COLUMNS}) = ROW({_TITLE_VALUES})
  FROM staging.verdict AS v
 WHERE v.action = 'move' AND v.tried = %(tried)s
   AND p.vin = v.vin AND p.pointer_number = v.pointer_number AND p.entry_id = v.expected
"""  # noqa: S608
_MAKE_POINTERS: Final[LiteralString] = f"""
INSERT INTO exchange.pointer (vin, pointer_number, {_TITLE_COLUMNS})
SELECT v.vin, v.pointer_number, {_TITLE_VALUES} FROM staging.verdict AS v
 WHERE v.action = 'make' AND v.tried = %(tried)s
    ON CONFLICT (vin, pointer_number) DO NOTHING
"""  # noqa: S608
_COUNT_POINTERS: Final[LiteralString] = (
    "SELECT count(*) FROM staging.verdict WHERE action IN ('make', 'move') AND tried = %(tried)s"
)
# Pointers that somebody else set in between. Only what the law added to their codes is taken off again.
_MOVED_AWAY: Final[LiteralString] = f"""
INSERT INTO staging.later ({_ARRIVED}, turn)
SELECT v.record_number, v.vin, v.title_number, v.issue_date, v.make, v.model_year, v.odometer, v.odometer_unit,
       v.state_title_key, v.road, v.sent_make,
       nullif(array_remove(array_remove(array_remove(v.codes, 'V61'), 'V61:make'), 'V67'), '{{}}'), v.turn
  FROM staging.verdict AS v
 WHERE v.action IN ('make', 'move') AND v.tried = %(tried)s
   AND NOT EXISTS (SELECT 1 FROM exchange.pointer AS p
                    WHERE p.vin = v.vin AND p.pointer_number = v.pointer_number AND p.entry_id = {_ENTRY})
"""  # noqa: S608
_UNDECIDED: Final[LiteralString] = """
DELETE FROM staging.verdict AS v USING staging.later AS l
 WHERE l.vin = v.vin AND l.record_number = v.record_number AND l.turn = v.turn
"""
_ADD_HISTORY: Final[LiteralString] = f"""
INSERT INTO exchange.title_history (vin, {_TITLE_COLUMNS}, replaces)
SELECT v.vin, {_TITLE_VALUES}, CASE v.action WHEN 'move' THEN v.expected END
  FROM staging.verdict AS v WHERE v.action IS NOT NULL
"""  # noqa: S608
_ADD_NOTICES: Final[LiteralString] = f"""
INSERT INTO exchange.notice (vin, notice_id, to_jurisdiction, kind, title_number, by_jurisdiction, issue_date,
       created_at)
SELECT v.vin, {_ENTRY}, v.old_jurisdiction, 'title_left', v.old_title_number, %(origin)s, v.issue_date, {_MOMENT}
  FROM staging.verdict AS v WHERE v.action = 'move' AND v.old_jurisdiction <> %(origin)s
"""  # noqa: S608
_ADD_MESSAGES: Final[LiteralString] = """
INSERT INTO exchange.batch_message (vin, file_id, record_number, place, code, severity, field, text)
SELECT v.vin, %(file_id)s, v.record_number, m.place, k.code, k.severity,
       CASE WHEN m.code = 'V61:make' THEN 'make' ELSE k.field END,
       replace(replace(k.sentence, '{held}', v.make), '{given}',
               coalesce(CASE k.code WHEN 'V17' THEN to_char(v.issue_date, 'YYYY-MM-DD') WHEN 'V18' THEN v.title_number
                                    WHEN 'V40' THEN split_part(m.code, ':', 2) WHEN 'V60' THEN v.sent_make END, ''))
  FROM staging.verdict AS v
 CROSS JOIN LATERAL unnest(v.codes) WITH ORDINALITY AS m (code, place)
  JOIN unnest(%(codes)s::text[], %(severities)s::text[], %(fields)s::text[], %(sentences)s::text[])
       AS k (code, severity, field, sentence) ON k.code = split_part(m.code, ':', 1)
 WHERE v.codes IS NOT NULL
"""
_COUNT: Final[LiteralString] = (
    "SELECT count(*) FILTER (WHERE action IS NULL), count(*) FILTER (WHERE action IS NOT NULL),"
    " count(*) FILTER (WHERE action IS NOT NULL AND codes IS NOT NULL) FROM staging.verdict"
)
_REFUSE_TOO_MANY: Final[LiteralString] = """
INSERT INTO exchange.batch_message (vin, file_id, record_number, place, code, severity, field, text)
SELECT vin, %(file_id)s, record_number, 1, 'V77', 'error', 'vin', %(too_many)s FROM staging.later WHERE turn > %(most)s
"""
# Rows of staging lead, one VIN after the other, and find the rest by its key: reading pointers and history from
# end to end would take as long for a file of ten titles as for one of ten million.
_PLAN: Final = (
    ("work_mem", "256MB"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("enable_material", "off"),
    ("synchronize_seqscans", "off"),
    ("max_parallel_workers_per_gather", "0"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """The file whose titles lie in staging."""

    file_id: Any
    origin: str
    at: datetime

    def values(self, *, turn: int = 1, tried: int = 0) -> dict[str, Any]:
        """What the statements are told."""
        kinds = [(code, PROBLEM_KINDS[code], field) for code, field in _FIELDS.items()]
        return {
            "file_id": self.file_id,
            "prefix": str(self.file_id)[:24],
            "origin": self.origin,
            "at": self.at,
            "turn": turn,
            "tried": tried,
            "errors": _ERRORS,
            "junk": sorted(END_OF_ROAD_LIFE),
            "repaired": PRIOR_NON_REPAIRABLE_REPAIRED,
            "most": MOST_TURNS,
            "too_many": PROBLEM_KINDS["V77"].sentence.format(wanted=MOST_TURNS),
            "codes": [code for code, _kind, _field in kinds],
            "severities": [kind.severity for _code, kind, _field in kinds],
            "fields": [field for _code, _kind, field in kinds],
            "sentences": [kind.sentence for _code, kind, _field in kinds],
        }


def report_told(connection: psycopg.Connection[Any], file: StagedFile) -> None:
    """Write what is to be said of the titles that came by COPY_TOLD."""
    connection.execute(_ADD_MESSAGES, file.values())
    connection.execute("TRUNCATE staging.verdict")


def apply_staged(
    connection: psycopg.Connection[Any],
    file: StagedFile,
    *,
    tally: Tally,
    note: Callable[[str, int], None],
) -> None:
    """Apply what lies in staging.arrival, and count it."""
    plan_by_rows(connection)
    note("deciding", tally.read)
    _decide(connection, file, source=_FIRST_TURN, turn=1, tried=0)
    turns = _turns(connection)
    if turns > 1:
        connection.execute(_PUT_OFF_LATER_TURNS)
        connection.execute(_ONLY_FIRST_TURN)
    note("writing", tally.read)
    _write_turn(connection, file, turn=1, tally=tally)
    for turn in range(2, min(turns, MOST_TURNS) + 1):
        note(f"writing turn {turn} of {turns}", tally.read)
        connection.execute("TRUNCATE staging.verdict")
        _decide(connection, file, source=_LATER_TURN, turn=turn, tried=0)
        connection.execute(_TURN_IS_DECIDED, {"turn": turn})
        _write_turn(connection, file, turn=turn, tally=tally)
    if turns > MOST_TURNS:
        tally.rejected += connection.execute(_REFUSE_TOO_MANY, file.values()).rowcount


def plan_by_rows(connection: psycopg.Connection[Any]) -> None:
    """In this transaction rows of staging lead, and the rest is found by its key."""
    for setting, value in _PLAN:
        connection.execute("SELECT set_config(%s, %s, true)", (setting, value))


def _decide(
    connection: psycopg.Connection[Any], file: StagedFile, *, source: LiteralString, turn: int, tried: int
) -> None:
    statement = (
        _DECIDE.replace("{source}", source).replace("{there}", _THERE).replace("{withdrawn}", _WITHDRAWN)
    )
    connection.execute(statement, file.values(turn=turn, tried=tried))


def _turns(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT coalesce(max(turn), 0) FROM staging.verdict").fetchone()
    assert row is not None
    return int(row[0])


def _write_turn(connection: psycopg.Connection[Any], file: StagedFile, *, turn: int, tally: Tally) -> None:
    for tried in range(TRIES):
        values = file.values(turn=turn, tried=tried)
        if _write_pointers(connection, values):
            break
        connection.execute(_MOVED_AWAY, values)
        connection.execute(_UNDECIDED)
        _decide(connection, file, source=_LATER_TURN, turn=turn, tried=tried + 1)
        connection.execute(_TURN_IS_DECIDED, {"turn": turn})
    else:
        raise PointerMoved(f"turn {turn} of file {file.file_id}")
    values = file.values(turn=turn)
    for statement in (_ADD_HISTORY, _ADD_NOTICES, _ADD_MESSAGES):
        connection.execute(statement, values)
    row = connection.execute(_COUNT).fetchone()
    assert row is not None
    tally.rejected += row[0]
    tally.valid += row[1]
    tally.with_warnings += row[2]


def _write_pointers(connection: psycopg.Connection[Any], values: dict[str, Any]) -> bool:
    """Whether every pointer that was decided could be set."""
    row = connection.execute(_COUNT_POINTERS, values).fetchone()
    assert row is not None
    moved = connection.execute(_MOVE_POINTERS, values).rowcount
    made = connection.execute(_MAKE_POINTERS, values).rowcount
    return bool(moved + made == row[0])
