"""The records of suspects, many at once, as the law's words."""

from collections.abc import Sequence
from typing import Any, Final, LiteralString

import psycopg

from vinculum.national.investigations.judge import Dossier, YardReport
from vinculum.national.records.vehicle import record_of

# Each by VIN alone, so that a distributed database answers it where the vehicles are.
_PARTS: Final[dict[str, LiteralString]] = {
    "pointers": "SELECT p.vin, json_agg(p ORDER BY p.issue_date DESC, p.pointer_number)"
    " FROM exchange.pointer AS p WHERE p.vin = ANY (%s) GROUP BY p.vin",
    "history": "SELECT h.vin, json_agg(h ORDER BY h.issue_date DESC, h.transaction_at DESC, h.entry_id)"
    " FROM exchange.title_history AS h WHERE h.vin = ANY (%s) GROUP BY h.vin",
    "brands": "SELECT b.vin, json_agg(b ORDER BY b.brand_date DESC, b.brand_code, b.brander)"
    " FROM exchange.brand_history AS b WHERE b.vin = ANY (%s) AND NOT EXISTS ("
    "   SELECT 1 FROM exchange.brand_withdrawal AS w WHERE w.vin = b.vin AND w.brand_code = b.brand_code"
    "      AND w.brander = b.brander AND w.brand_date = b.brand_date AND w.restored_at IS NULL) GROUP BY b.vin",
}
_YARDS: Final[LiteralString] = (
    "SELECT j.vin, r.name, r.state, j.obtained_on, j.disposition, j.for_export FROM exchange.jsi_report AS j"
    "  JOIN exchange.reporter AS r USING (organisation_id)"
    " WHERE j.vin = ANY (%s) AND NOT EXISTS (SELECT 1 FROM exchange.jsi_report AS s"
    "    WHERE s.vin = j.vin AND s.supplements = j.report_id) ORDER BY j.vin, j.obtained_on, j.report_id"
)


def read_dossiers(connection: psycopg.Connection[Any], vins: Sequence[str]) -> dict[str, Dossier]:
    """The record of each of these VINs, whatever is marked on it: what is shown of it is decided later."""
    bodies: dict[str, dict[str, Any]] = {
        vin: {"pointers": None, "history": None, "brands": None, "thefts": None, "undercover": None}
        for vin in vins
    }
    for part, statement in _PARTS.items():
        for vin, rows in connection.execute(statement, (list(vins),)).fetchall():
            bodies[vin][part] = rows
    yards: dict[str, list[YardReport]] = {}
    for vin, name, state, day, disposition, for_export in connection.execute(
        _YARDS, (list(vins),)
    ).fetchall():
        report = YardReport(
            reporter=name, state=state, obtained_on=day, disposition=disposition, for_export=for_export
        )
        yards.setdefault(vin, []).append(report)
    return {
        vin: Dossier(record=record_of(vin, body), yards=tuple(yards.get(vin, ())))
        for vin, body in bodies.items()
    }
