"""Writing what an update decided: pointers by compare and set, everything else by adding rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID, uuid5

import psycopg

from vinculum.access.line import Executes, Line, Sent
from vinculum.national.law.change import Change, PointerWrite
from vinculum.national.law.title import Title
from vinculum.protocol.reassignment import Reassignment

# Statements below are put together from these two constants only.
_TITLE_COLUMNS: Final[LiteralString] = (
    "entry_id, transaction_type, transaction_at, jurisdiction, title_number, issue_date, make, model_year,"
    " odometer, odometer_unit, state_title_key"
)
_TITLE_VALUES: Final[LiteralString] = (
    "%(entry_id)s, %(transaction_type)s, %(transaction_at)s, %(jurisdiction)s, %(title_number)s, %(issue_date)s,"
    " %(make)s, %(model_year)s, %(odometer)s, %(odometer_unit)s, %(state_title_key)s"
)
MAKE_POINTER: Final[LiteralString] = (
    f"INSERT INTO exchange.pointer (vin, pointer_number, {_TITLE_COLUMNS})"  # noqa: S608
    f" VALUES (%(vin)s, %(number)s, {_TITLE_VALUES}) ON CONFLICT (vin, pointer_number) DO NOTHING"
    " RETURNING true"
)
# Compare and set: a pointer that no longer shows the expected entry is not touched, and no row comes back.
MOVE_POINTER: LiteralString = (
    f"UPDATE exchange.pointer SET ({_TITLE_COLUMNS}) = ROW({_TITLE_VALUES})"  # noqa: S608
    " WHERE vin = %(vin)s AND pointer_number = %(number)s AND entry_id = %(expected)s RETURNING true"
)
TAKE_POINTER_AWAY: Final[LiteralString] = (
    "DELETE FROM exchange.pointer"
    " WHERE vin = %(vin)s AND pointer_number = %(number)s AND entry_id = %(expected)s RETURNING true"
)
ADD_HISTORY: Final[LiteralString] = (
    f"INSERT INTO exchange.title_history (vin, {_TITLE_COLUMNS},"  # noqa: S608
    " replaces, withdraws, other_vin, reason)"
    f" VALUES (%(vin)s, {_TITLE_VALUES}, %(replaces)s, %(withdraws)s, %(other_vin)s, %(reason)s)"
)
ADD_REASSIGNMENT: Final[LiteralString] = (
    "INSERT INTO exchange.title_reassignment (vin, entry_id, place, dealer, licence, reassigned_on, document_number)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
ADD_BRAND: Final[LiteralString] = (
    "INSERT INTO exchange.brand_history (vin, brand_code, brander, brand_date, make, model_year,"
    " percent_of_damage, transaction_type, transaction_at)"
    " VALUES (%(vin)s, %(code)s, %(brander)s, %(brand_date)s, %(make)s, %(model_year)s, %(percent)s, 'BA', %(at)s)"
    " ON CONFLICT (vin, brand_code, brander, brand_date) DO NOTHING"
)
# A brand that was taken back and is applied again stands again.
RESTORE_BRAND: Final[LiteralString] = (
    "UPDATE exchange.brand_withdrawal SET restored_at = %(at)s"
    " WHERE vin = %(vin)s AND brand_code = %(code)s AND brander = %(brander)s AND brand_date = %(brand_date)s"
    " AND restored_at IS NULL"
)
WITHDRAW_BRAND: Final[LiteralString] = (
    "INSERT INTO exchange.brand_withdrawal (vin, withdrawal_id, brand_code, brander, brand_date, reason,"
    " withdrawn_at) VALUES (%s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (vin, brand_code, brander, brand_date) WHERE restored_at IS NULL DO NOTHING"
)
MARK_UNDERCOVER: Final[LiteralString] = (
    "INSERT INTO exchange.undercover (vin, mark_id, marked_by, agency, visible_to, marked_at)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
LIFT_UNDERCOVER: Final[LiteralString] = (
    "UPDATE exchange.undercover SET lifted_at = %s WHERE vin = %s AND mark_id = %s AND lifted_at IS NULL"
)
ADD_NOTICE: Final[LiteralString] = (
    "INSERT INTO exchange.notice (vin, notice_id, to_jurisdiction, kind, title_number, by_jurisdiction,"
    " issue_date, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
REPORT_THEFT: Final[LiteralString] = (
    "INSERT INTO exchange.theft (vin, report_id, reported_by, stolen_on, reported_at) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (vin, reported_by) WHERE cleared_at IS NULL DO NOTHING"
)
CLEAR_THEFT: Final[LiteralString] = (
    "UPDATE exchange.theft SET recovered_on = %s, cleared_at = %s"
    " WHERE vin = %s AND report_id = %s AND cleared_at IS NULL"
)


class PointerMoved(Exception):
    """A pointer changed between reading and writing: nothing of this change may be written, decide again."""


def send_pointers(line: Line, change: Change) -> list[Sent]:
    """Set every pointer of the change; from each that is still as expected a row comes back."""
    return [line.execute(statement, values) for _vin, statement, values in pointer_statements(change)]


def write_pointers(connection: psycopg.Connection[Any], change: Change) -> None:
    """Set every pointer of the change; raises PointerMoved, and then the transaction must not go on."""
    for vin, statement, values in pointer_statements(change):
        if connection.execute(statement, values).rowcount != 1:
            raise PointerMoved(vin)


def pointer_statements(change: Change) -> Iterator[tuple[str, LiteralString, dict[str, Any]]]:
    """For each pointer of the change its VIN, and the statement that sets it: one row, or it has moved."""
    for write in change.pointers:
        values: dict[str, Any] = {"vin": write.vin, "number": write.number, "expected": write.expected}
        if write.title is not None:
            values |= _title_values(write.title)
        yield write.vin, _statement(write), values


def write_rows(
    connection: Executes,
    change: Change,
    *,
    vin: str,
    origin: str,
    entry_id: UUID,
    at: datetime,
) -> None:
    """Add the rows of the change: history, brands, theft, notice."""
    for where, entry in change.entries:
        connection.execute(
            ADD_HISTORY,
            {
                "vin": where,
                **_title_values(entry.title),
                "replaces": entry.replaces,
                "withdraws": entry.withdraws,
                "other_vin": entry.other_vin,
                "reason": entry.reason,
            },
        )
    _write_brands(connection, change, entry_id=entry_id, at=at)
    if change.stolen_on is not None:
        connection.execute(REPORT_THEFT, (vin, entry_id, origin, change.stolen_on, at))
    if change.theft_cleared is not None:
        connection.execute(CLEAR_THEFT, (change.recovered_on, at, vin, change.theft_cleared))
    if change.undercover_lifted is not None:
        connection.execute(LIFT_UNDERCOVER, (at, vin, change.undercover_lifted))
    if change.undercover is not None:
        mark = change.undercover
        connection.execute(
            MARK_UNDERCOVER,
            (vin, mark.mark_id, mark.marked_by, change.agency, sorted(mark.visible_to), at),
        )
    for place, notice in enumerate(change.notices):
        connection.execute(
            ADD_NOTICE,
            (
                *(notice.vin, uuid5(entry_id, f"notice {place}"), notice.to, notice.kind),
                *(notice.title_number, notice.by, notice.issue_date, at),
            ),
        )


def write_reassignments(
    connection: Executes, change: Change, *, entry_id: UUID, chain: tuple[Reassignment, ...]
) -> None:
    """Put the chain beside the title of the change, under the VIN that it is issued under (N-306)."""
    where = next(
        vin
        for vin, entry in change.entries
        if entry.title.entry_id == entry_id and entry.title.transaction_type != "VC"
    )
    for place, step in enumerate(chain, 1):
        connection.execute(
            ADD_REASSIGNMENT,
            (where, entry_id, place, step.dealer, step.licence, step.reassigned_on, step.document_number),
        )


def _write_brands(connection: Executes, change: Change, *, entry_id: UUID, at: datetime) -> None:
    for place, withdrawal in enumerate(change.brands_withdrawn):
        gone = withdrawal.brand
        connection.execute(
            WITHDRAW_BRAND,
            (
                *(withdrawal.vin, uuid5(entry_id, f"brand {place}"), gone.code, gone.brander),
                *(gone.brand_date, withdrawal.reason, at),
            ),
        )
    for where, brand in change.brands:
        values = {
            "vin": where,
            "code": brand.code,
            "brander": brand.brander,
            "brand_date": brand.brand_date,
            "make": brand.make,
            "model_year": brand.model_year,
            "percent": brand.percent_of_damage,
            "at": at,
        }
        connection.execute(ADD_BRAND, values)
        connection.execute(RESTORE_BRAND, values)


def _statement(write: PointerWrite) -> LiteralString:
    if write.expected is None:
        return MAKE_POINTER
    return TAKE_POINTER_AWAY if write.title is None else MOVE_POINTER


def _title_values(title: Title) -> dict[str, Any]:
    return {
        "entry_id": title.entry_id,
        "transaction_type": title.transaction_type,
        "transaction_at": title.transaction_at,
        "jurisdiction": title.jurisdiction,
        "title_number": title.title_number,
        "issue_date": title.issue_date,
        "make": title.make,
        "model_year": title.model_year,
        "odometer": title.odometer,
        "odometer_unit": title.odometer_unit,
        "state_title_key": title.state_title_key,
    }
