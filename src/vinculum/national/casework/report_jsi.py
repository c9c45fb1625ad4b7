"""A yard or an insurer reports a vehicle it obtained, or adds to what it reported (N-801)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, RefusalsUnder, Refused
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.national.casework.jsi import DISPOSITIONS, Channel

CITATION: Final = "28 CFR 25.51–57"
LONGEST_SOURCE: Final = 120
# No yard took in a motor vehicle before there was one.
_FIRST_DAY: Final = date(1900, 1, 1)
_refusal: Final = RefusalsUnder(rule="N-801", citation=CITATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One vehicle. `supplements` names the report that this one follows; VIN and day are then the same again."""

    vin: str
    obtained_on: date
    obtained_from: str
    disposition: str
    for_export: bool
    supplements: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """A report that the reporter has made before."""

    report_id: UUID
    obtained_on: date
    supplements: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The report as it was taken."""

    report_id: UUID
    vin: str
    reported_at: datetime


def run(
    request: Request, *, actor: Actor, at: datetime, channel: Channel, unread: tuple[Refusal, ...] = ()
) -> Receipt:
    """Take the report, durably and audited; raises Refused with everything that stands against it.

    `unread` is what could not be read into the request, which holds stand-ins at those fields.
    """
    require(actor, "report_jsi")
    with acting(actor, act="report_jsi", database="national") as connection:
        if unread:
            raise Refused([*unread, *beside(unread, request, at=at), *check_registered(connection, actor)])
        return take(connection, request, actor=actor, at=at, channel=channel)


def say_nothing_obtained(*, actor: Actor, month: date, at: datetime) -> None:
    """Account for a month without a vehicle; one accounted for stays as it is. Raises Refused."""
    require(actor, "report_jsi")
    with acting(actor, act="report_jsi", database="national") as connection:
        _check_month(connection, actor, month, at=at)
        _account(connection, actor, month, nothing=True, at=at)


def check_month(*, actor: Actor, month: date, at: datetime) -> None:
    """Whether a month can be said to be without a vehicle; nothing is written. Raises Refused."""
    require(actor, "report_jsi")
    with acting(actor, act="report_jsi", database="national") as connection:
        _check_month(connection, actor, month, at=at)


def _check_month(connection: psycopg.Connection[Any], actor: Actor, month: date, *, at: datetime) -> None:
    refusals = list(check_registered(connection, actor))
    if month.day != 1 or not _FIRST_DAY <= month <= at.date():
        message = f"{month.isoformat()} is not the first day of a month that has begun."
        refusals.append(_refusal("jsi_month_unknown", message, "Choose a month.", field="month"))
    elif count := _obtained_in(connection, actor, month):
        vehicles = "a vehicle" if count == 1 else f"{count} vehicles"
        message = f"You have reported {vehicles} obtained in {month:%B %Y}."
        remedy = "The month is accounted for by that; there is nothing to be said for it."
        refusals.append(_refusal("jsi_month_has_reports", message, remedy, field="month"))
    if refusals:
        raise Refused(refusals)


def _obtained_in(connection: psycopg.Connection[Any], actor: Actor, month: date) -> int:
    row = connection.execute(
        "SELECT count(*) FROM exchange.jsi_report WHERE organisation_id = %s AND supplements IS NULL"
        " AND obtained_on >= %s AND obtained_on < %s + interval '1 month'",
        (actor.organisation_id, month, month),
    ).fetchone()
    return int(row[0]) if row else 0


def take(
    connection: psycopg.Connection[Any], request: Request, *, actor: Actor, at: datetime, channel: Channel
) -> Receipt:
    """Take the report in the connection's transaction; a refused one leaves the transaction usable."""
    vin = normalise_vin(request.vin)
    own = read_own(connection, [vin], organisation_id=actor.organisation_id).get(vin, ())
    refusals = [*decide(request, vin=vin, own=own, at=at), *check_registered(connection, actor)]
    if refusals:
        raise Refused(refusals)
    report_id = uuid4()
    try:
        with connection.transaction():
            _write(connection, request, vin=vin, report_id=report_id, actor=actor, at=at, channel=channel)
    except psycopg.errors.UniqueViolation as fault:
        raise Refused([_already(request, fault)]) from fault
    except psycopg.errors.ForeignKeyViolation as fault:
        raise Refused([_nothing_to_supplement()]) from fault
    return Receipt(report_id=report_id, vin=vin, reported_at=at)


def decide(request: Request, *, vin: str, own: Collection[OnRecord], at: datetime) -> Iterator[Refusal]:
    """Everything that stands against the report; `own` are the reporter's reports of the VIN so far."""
    yield from check(request, vin=vin, at=at)
    if request.supplements is None:
        if any(one.supplements is None and one.obtained_on == request.obtained_on for one in own):
            yield reported_already(request)
    elif all(one.report_id != request.supplements for one in own):
        yield _nothing_to_supplement()
    elif any(one.supplements == request.supplements for one in own):
        yield _supplemented_already()


def read_own(
    connection: psycopg.Connection[Any], vins: Collection[str], *, organisation_id: UUID
) -> dict[str, tuple[OnRecord, ...]]:
    """What this reporter has reported of these VINs."""
    found: dict[str, list[OnRecord]] = {}
    rows = connection.execute(
        "SELECT vin, report_id, obtained_on, supplements FROM exchange.jsi_report"
        " WHERE vin = ANY (%s) AND organisation_id = %s",
        (list(vins), organisation_id),
    )
    for vin, report_id, obtained_on, supplements in rows:
        one = OnRecord(report_id=report_id, obtained_on=obtained_on, supplements=supplements)
        found.setdefault(vin, []).append(one)
    return {vin: tuple(reports) for vin, reports in found.items()}


def check(request: Request, *, vin: str, at: datetime) -> Iterator[Refusal]:
    """What can be seen from the report alone."""
    for fault in vin_faults(vin):
        yield _refusal(
            fault.kind.value, fault.message, "Compare it with the vehicle.", field="vin", rule="N-601"
        )
    if not _FIRST_DAY <= request.obtained_on <= at.date():
        yield _refusal(
            "jsi_date_impossible",
            f"The day obtained, {request.obtained_on.isoformat()}, lies in the future or before there were cars.",
            "Enter the day on which you got control of the vehicle.",
            field="obtained_on",
        )
    if request.disposition not in DISPOSITIONS:
        yield _refusal(
            "jsi_disposition_unknown",
            f"“{request.disposition[:40]}” is no disposition."
            if request.disposition
            else "What becomes of the vehicle is missing.",
            f"Say one of: {', '.join(DISPOSITIONS)}.",
            field="disposition",
        )
    source = request.obtained_from
    if not 1 <= len(source.strip()) <= LONGEST_SOURCE or not source.isprintable():
        yield _refusal(
            "jsi_source_missing",
            f"From whom the vehicle was obtained is asked for, in {LONGEST_SOURCE} characters at most.",
            "Name the person or business. Only you and the help desk can read it.",
            field="obtained_from",
        )


def beside(unread: Collection[Refusal], request: Request, *, at: datetime) -> Iterator[Refusal]:
    """What else is wrong with a report of which some fields could not be read."""
    fields = {refusal.field for refusal in unread}
    for refusal in check(request, vin=normalise_vin(request.vin), at=at):
        if refusal.field not in fields:
            yield refusal


def _write(
    connection: psycopg.Connection[Any],
    request: Request,
    *,
    vin: str,
    report_id: UUID,
    actor: Actor,
    at: datetime,
    channel: Channel,
) -> None:
    connection.execute(
        "INSERT INTO exchange.jsi_report (vin, report_id, organisation_id, obtained_on, disposition, for_export,"
        " supplements, channel, reported_by, reported_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            vin,
            report_id,
            actor.organisation_id,
            request.obtained_on,
            request.disposition,
            request.for_export,
            request.supplements,
            channel,
            actor.person_id,
            at,
        ),
    )
    connection.execute(
        "INSERT INTO exchange.jsi_source (vin, report_id, organisation_id, obtained_from) VALUES (%s, %s, %s, %s)",
        (vin, report_id, actor.organisation_id, request.obtained_from.strip()),
    )
    # The duty is monthly: a report accounts for the month it comes in, and for the one the vehicle came in.
    for month in months_of(request, at=at):
        _account(connection, actor, month, nothing=False, at=at)


def months_of(request: Request, *, at: datetime) -> tuple[date, ...]:
    """The months that a report accounts for."""
    return tuple(sorted({at.date().replace(day=1), request.obtained_on.replace(day=1)}))


def _account(
    connection: psycopg.Connection[Any], actor: Actor, month: date, *, nothing: bool, at: datetime
) -> None:
    connection.execute(
        "INSERT INTO exchange.jsi_month (organisation_id, month, nothing_obtained, accounted_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (actor.organisation_id, month, nothing, at),
    )


def check_registered(connection: psycopg.Connection[Any], actor: Actor) -> Iterator[Refusal]:
    """Only a registered reporter reports."""
    row = connection.execute(
        "SELECT 1 FROM exchange.reporter WHERE organisation_id = %s", (actor.organisation_id,)
    ).fetchone()
    if row is None:
        yield _refusal(
            "reporter_not_registered",
            "Your organisation is not registered as a reporter yet.",
            "Ask the help desk of the exchange to register it.",
        )


def _already(request: Request, fault: psycopg.errors.UniqueViolation) -> Refusal:
    """What another report has done at the same moment."""
    if fault.diag.constraint_name == "jsi_report_is_supplemented_once":
        return _supplemented_already()
    return reported_already(request)


def _supplemented_already() -> Refusal:
    return _refusal(
        "jsi_supplemented_already",
        "That report has a supplement already.",
        "Add to the latest one.",
        field="supplements",
    )


def reported_already(request: Request) -> Refusal:
    """A vehicle is reported once; what changes is a supplement."""
    return _refusal(
        "jsi_reported_already",
        f"You have reported this vehicle as obtained on {request.obtained_on.isoformat()} already.",
        "Send a supplement to that report when something has changed.",
        field="vin",
    )


def _nothing_to_supplement() -> Refusal:
    return _refusal(
        "jsi_report_not_found",
        "There is no report of yours with that number for this VIN.",
        "Take the number from the list of your reports.",
        field="supplements",
    )
