"""Reading many vehicles' records: all that these VINs have, in one statement, as one moment saw it."""

import dataclasses
from collections.abc import Iterable
from typing import Any, Final, Literal, LiteralString, get_args

import psycopg

from vinculum.national.law.newest_first import newest_first
from vinculum.national.law.on_record import Held
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.vehicle import brand_of, record_of

Part = Literal["pointers", "history", "brands", "thefts", "undercover", "jsi", "reassignments"]

# One VIN after the other, each by its key: the order in which every update locks, whichever process it is in.
_LOCK: Final[LiteralString] = "SELECT exchange.lock_pointers(%(vins)s)"
_SELECTS: Final[dict[Part, LiteralString]] = {
    "pointers": """
SELECT 'pointers' AS part, p.vin, row_to_json(p) FROM exchange.pointer AS p WHERE p.vin = ANY (%(vins)s)""",
    "history": """
SELECT 'history', h.vin, row_to_json(h) FROM exchange.title_history AS h WHERE h.vin = ANY (%(vins)s)""",
    # A brand that was taken back lies on the shelf: it stands again when it is applied again.
    "brands": """
SELECT CASE WHEN EXISTS (SELECT 1 FROM exchange.brand_withdrawal AS w
                          WHERE w.vin = b.vin AND w.brand_code = b.brand_code AND w.brander = b.brander
                            AND w.brand_date = b.brand_date AND w.restored_at IS NULL)
            THEN 'shelf' ELSE 'brands' END, b.vin, row_to_json(b)
  FROM exchange.brand_history AS b WHERE b.vin = ANY (%(vins)s)""",
    "thefts": """
SELECT 'thefts', t.vin, row_to_json(t) FROM exchange.theft AS t
 WHERE t.vin = ANY (%(vins)s) AND t.cleared_at IS NULL""",
    "undercover": """
SELECT 'undercover', u.vin, row_to_json(u) FROM exchange.undercover AS u
 WHERE u.vin = ANY (%(vins)s) AND u.lifted_at IS NULL""",
    "jsi": """
SELECT 'jsi', o.vin, json_build_object('kind', o.kind, 'name', o.name, 'state', o.state,
       'obtained_on', o.obtained_on, 'disposition', o.disposition, 'for_export', o.for_export,
       'reported_at', o.reported_at)
  FROM exchange.jsi_record AS o
 WHERE o.vin = ANY (%(vins)s)
   AND NOT EXISTS (SELECT 1 FROM exchange.jsi_record AS s WHERE s.vin = o.vin AND s.supplements = o.report_id)""",
    "reassignments": """
SELECT 'reassignments', a.vin, row_to_json(a) FROM exchange.title_reassignment AS a WHERE a.vin = ANY (%(vins)s)""",
}
# As many as an inquiry on line is told of.
_MOST_JSI: Final = 100
# All that an inquiry is told of, on line and by file; a test holds it against what is read on line.
EVERYTHING: Final[tuple[Part, ...]] = get_args(Part)


def lock_vehicles(connection: psycopg.Connection[Any], vins: Iterable[str]) -> None:
    """Hold the pointers of these VINs until the transaction ends, in the order of the VINs."""
    connection.execute(_LOCK, {"vins": sorted(set(vins))})


def read_vehicles(
    connection: psycopg.Connection[Any], vins: Iterable[str], *, parts: tuple[Part, ...]
) -> dict[str, Held]:
    """The records of these VINs; parts that are not asked for are empty."""
    wanted = sorted(set(vins))
    bodies: dict[str, dict[str, list[dict[str, Any]]]] = {}
    statement: LiteralString = " UNION ALL ".join([_SELECTS[part] for part in parts])
    for part, vin, row in connection.execute(statement, {"vins": wanted}):
        bodies.setdefault(vin, {}).setdefault(part, []).append(row)
    return {vin: _held(vin, bodies.get(vin)) for vin in wanted}


def _held(vin: str, body: dict[str, list[dict[str, Any]]] | None) -> Held:
    if body is None:
        return Held(record=VehicleRecord(vin=vin))
    shelf = tuple(map(brand_of, body.pop("shelf", ())))
    # The steps of a chain in their order, as the reading of one vehicle has them.
    body.get("reassignments", []).sort(key=lambda step: (step["entry_id"], step["place"]))
    record = newest_first(record_of(vin, body))
    if len(record.jsi) > _MOST_JSI:
        record = dataclasses.replace(record, jsi=record.jsi[:_MOST_JSI])
    return Held(record=record, shelf=shelf)
