"""The time in which a registration can be voided, and what a void does (D-601 to D-604)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.agency_calendar import calendar_of, hour_of_day
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import OwnershipKind
from vinculum.state.law.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidEffect:
    """What a void does; the history stays (D-602).

    The plate of a new issue goes back to DMV and never to the dealer's stock. `certificate_due` is the last
    day to submit the certificate marked VOID (D-604). `ownership_call` is set when the ownership of a
    certificate of origin or an out-of-state title must be added back by a call to DMV (D-603).
    """

    refunded: Decimal
    plate_to_return: bool
    certificate_due: date
    ownership_call: str | None


def void_closes_at(issue_date: date, *, tables: Tables) -> datetime:
    """D-601: six o'clock on the next business day after the issue date; the instant itself is still inside."""
    window = tables.deadlines["void_window"]
    assert window.unit == "business_days", "A void window is counted in business days."
    assert window.at is not None, "A void window ends at an hour."
    last_day = calendar_of(tables.jurisdiction).add_business_days(issue_date, window.amount)
    return hour_of_day(tables.jurisdiction, day=last_day, hour=window.at)


def check_void(
    *,
    issue_date: date,
    at: datetime,
    not_left_lot: bool,
    tables: Tables,
    voided_at: datetime | None = None,
) -> tuple[Refusal, ...]:
    """D-601, D-603: inside the window, certified not to have left the lot, and not voided before."""
    refusals = []
    if voided_at is not None:
        refusals.append(refuse("already_voided", voided_at=f"{voided_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"))
    closes_at = void_closes_at(issue_date, tables=tables)
    if at > closes_at:
        local_day = calendar_of(tables.jurisdiction).add_business_days(
            issue_date, tables.deadlines["void_window"].amount
        )
        hour = tables.deadlines["void_window"].at
        refusals.append(
            refuse(
                "void_window_closed",
                closed_at=f"{local_day} at {hour:%H:%M}",
                issue_date=issue_date,
                withdrawal_days=tables.deadlines["withdrawal_window"].amount,
            )
        )
    if not not_left_lot:
        refusals.append(refuse("left_the_lot", field="not_left_lot"))
    return tuple(refusals)


def effect_of_void(
    *, charged: Decimal, ownership: OwnershipKind, voided_on: date, tables: Tables
) -> VoidEffect:
    """D-602: all that was charged goes back to the funds account; D-604: the certificate is still submitted."""
    days = tables.deadlines["document_submission"].amount
    call = None
    if ownership == "certificate_of_origin":
        call = (
            "Call DMV with contact, certificate of origin, VIN, owner and odometer to add the ownership back."
        )
    elif ownership == "out_of_state_title":
        call = (
            "Call DMV with contact, titling state and title number, VIN, owner and odometer to add the "
            "ownership back."
        )
    return VoidEffect(
        refunded=charged,
        plate_to_return=True,
        certificate_due=calendar_of(tables.jurisdiction).add_business_days(voided_on, days),
        ownership_call=call,
    )
