"""Reading a vehicle's record: everything under one VIN in one statement."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from vinculum.access.line import line_of
from vinculum.national.law.title import (
    Brand,
    HistoryEntry,
    Obtained,
    Pointer,
    Theft,
    Title,
    UndercoverMark,
    VehicleRecord,
)
from vinculum.national.law.undercover import as_shown
from vinculum.national.law.undo_record import own_history
from vinculum.protocol.reassignment import Reassignment

LOCK_POINTERS: LiteralString = (
    "SELECT pointer_number, entry_id FROM exchange.pointer WHERE vin = %(vin)s FOR UPDATE"
)

_PARTS: Final[LiteralString] = """
    'pointers', (SELECT json_agg(p ORDER BY p.issue_date DESC, p.pointer_number)
                   FROM exchange.pointer AS p WHERE p.vin = %(vin)s),
    'history', (SELECT json_agg(h ORDER BY h.issue_date DESC, h.transaction_at DESC, h.entry_id)
                  FROM exchange.title_history AS h WHERE h.vin = %(vin)s),
    'brands', (SELECT json_agg(b ORDER BY b.brand_date DESC, b.brand_code, b.brander)
                 FROM exchange.brand_history AS b WHERE b.vin = %(vin)s AND NOT EXISTS (
                      SELECT 1 FROM exchange.brand_withdrawal AS w
                       WHERE w.vin = b.vin AND w.brand_code = b.brand_code AND w.brander = b.brander
                         AND w.brand_date = b.brand_date AND w.restored_at IS NULL)),
    'thefts', (SELECT json_agg(t ORDER BY t.stolen_on DESC, t.report_id)
                 FROM exchange.theft AS t WHERE t.vin = %(vin)s AND t.cleared_at IS NULL),
    'undercover', (SELECT json_agg(u ORDER BY u.mark_id)
                     FROM exchange.undercover AS u WHERE u.vin = %(vin)s AND u.lifted_at IS NULL)
"""
# Of each chain of supplements the last report, and never from whom the vehicle came (N-801). No update asks for it.
_JSI: Final[LiteralString] = """
    'jsi', (SELECT json_agg(j ORDER BY j.obtained_on DESC, j.reported_at DESC)
              FROM (SELECT o.kind, o.name, o.state, o.obtained_on, o.disposition, o.for_export, o.reported_at
                      FROM exchange.jsi_record AS o WHERE o.vin = %(vin)s
                       AND NOT EXISTS (SELECT 1 FROM exchange.jsi_record AS s
                                        WHERE s.vin = %(vin)s AND s.supplements = o.report_id)
                     ORDER BY o.obtained_on DESC, o.reported_at DESC LIMIT 100) AS j)
"""
# The dealers on the way to each title (N-306). No update asks for them either.
_REASSIGNMENTS: Final[LiteralString] = """
    'reassignments', (SELECT json_agg(a ORDER BY a.entry_id, a.place)
                        FROM exchange.title_reassignment AS a WHERE a.vin = %(vin)s)
"""
READ_VEHICLE: Final[LiteralString] = f"SELECT json_build_object({_PARTS}) AS body"
READ_BUNDLE: Final[LiteralString] = f"SELECT json_build_object({_PARTS}, {_JSI}, {_REASSIGNMENTS}) AS body"
# N-207. A statement of its own: a distributed database does not insert in a part of a statement that reads.
LOG_INQUIRY: Final[LiteralString] = """
INSERT INTO exchange.inquiry_log
    (vin, inquiry_id, asker_kind, asker, purpose, message_id, answer_hash, asked_at)
VALUES (%(vin)s, %(inquiry_id)s, %(asker_kind)s, %(asker)s, %(purpose)s, %(message_id)s, %(answer_hash)s, %(at)s)
"""


def read_vehicle(connection: psycopg.Connection[Any], vin: str) -> VehicleRecord:
    """The record of a VIN as it is now."""
    row = connection.execute(READ_VEHICLE, {"vin": vin}).fetchone()
    assert row is not None
    return record_of(vin, row[0])


def read_and_log(
    connection: psycopg.Connection[Any],
    vin: str,
    *,
    inquiry_id: UUID,
    asker_kind: str,
    asker: str,
    purpose: str,
    message_id: UUID | None,
    at: datetime,
) -> VehicleRecord:
    """The record of a VIN as this asker may see it (N-206), and a line in the inquiry log that it was asked for.

    The log keeps the digest of what was read, so it is written when that is there. On a connection with a line of
    its own it is not waited for here: whoever answers from the record settles or commits first.
    """
    values = {
        "vin": vin,
        "inquiry_id": inquiry_id,
        "asker_kind": asker_kind,
        "asker": asker,
        "purpose": purpose,
        "message_id": message_id,
        "at": at,
    }
    with line_of(connection) as line:
        row = line.execute(READ_BUNDLE, {"vin": vin}).row()
        assert row is not None
        body = row[0]
        assert body is not None
        line.execute(LOG_INQUIRY, {**values, "answer_hash": hashlib.sha256(body).digest()})
        line.send()  # it is written while the answer is composed
    return as_shown(record_of(vin, json.loads(body)), asker_kind=asker_kind, asker=asker)


def record_of(vin: str, body: dict[str, Any]) -> VehicleRecord:
    """The bundle of the database as the law's words; a part that was not read is empty."""
    return VehicleRecord(
        vin=vin,
        pointers=tuple(
            Pointer(number=row["pointer_number"], title=_title(row)) for row in body.get("pointers") or ()
        ),
        history=own_history((_entry(row), _uuid(row["stands_for"])) for row in body.get("history") or ()),
        brands=tuple(map(brand_of, body.get("brands") or ())),
        thefts=tuple(
            Theft(
                report_id=UUID(row["report_id"]),
                reported_by=row["reported_by"],
                stolen_on=date.fromisoformat(row["stolen_on"]),
            )
            for row in body.get("thefts") or ()
        ),
        undercover=tuple(
            UndercoverMark(
                mark_id=UUID(row["mark_id"]),
                marked_by=row["marked_by"],
                visible_to=frozenset(row["visible_to"]),
            )
            for row in body.get("undercover") or ()
        ),
        jsi=tuple(
            Obtained(
                reporter_kind=row["kind"],
                reporter_name=row["name"],
                reporter_state=row["state"],
                obtained_on=date.fromisoformat(row["obtained_on"]),
                disposition=row["disposition"],
                for_export=row["for_export"],
                reported_at=datetime.fromisoformat(row["reported_at"]),
            )
            for row in body.get("jsi") or ()
        ),
        reassignments=tuple(
            (
                UUID(row["entry_id"]),
                Reassignment(
                    dealer=row["dealer"],
                    licence=row["licence"],
                    reassigned_on=date.fromisoformat(row["reassigned_on"]),
                    document_number=row["document_number"],
                ),
            )
            for row in body.get("reassignments") or ()
        ),
    )


def brand_of(row: dict[str, Any]) -> Brand:
    """A row of the brand history."""
    return Brand(
        code=row["brand_code"],
        brander=row["brander"],
        brand_date=date.fromisoformat(row["brand_date"]),
        make=row["make"],
        model_year=row["model_year"],
        percent_of_damage=row["percent_of_damage"],
    )


def _entry(row: dict[str, Any]) -> HistoryEntry:
    return HistoryEntry(
        title=_title(row),
        replaces=_uuid(row["replaces"]),
        withdraws=_uuid(row["withdraws"]),
        other_vin=row["other_vin"],
        reason=row["reason"],
    )


def _title(row: dict[str, Any]) -> Title:
    return Title(
        entry_id=UUID(row["entry_id"]),
        transaction_type=row["transaction_type"],
        transaction_at=datetime.fromisoformat(row["transaction_at"]),
        jurisdiction=row["jurisdiction"],
        title_number=row["title_number"],
        issue_date=date.fromisoformat(row["issue_date"]),
        make=row["make"],
        model_year=row["model_year"],
        odometer=row["odometer"],
        odometer_unit=row["odometer_unit"],
        state_title_key=row["state_title_key"],
    )


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
