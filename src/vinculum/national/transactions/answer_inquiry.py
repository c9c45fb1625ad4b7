"""The inquiries before a title is issued, answered in one round trip, logged (N-201, N-203, N-207)."""

import dataclasses
import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg

from vinculum.decoding import decode_vin
from vinculum.national.law import odometer
from vinculum.national.law.findings import findings, named_pointers
from vinculum.national.law.new_vehicle import check_new_vehicle
from vinculum.national.law.standing import Channel, check_mode, check_reporting
from vinculum.national.law.title import Brand, HistoryEntry, Obtained, Pointer, VehicleRecord
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.records.stock import check_control_number
from vinculum.national.records.vehicle import LOG_REFUSED_INQUIRY, read_and_log
from vinculum.protocol.fields import VVHIDN, field_problems
from vinculum.protocol.inquiry import (
    BrandInHistory,
    CurrentTitle,
    DecodedVehicle,
    InquiryAnswer,
    JsiReport,
    NewVehicleInquiry,
    OdometerReading,
    TheftReport,
    TitleInHistory,
    TitleStanding,
    UsedVehicleInquiry,
)
from vinculum.protocol.json_codec import encode_answer
from vinculum.protocol.problem import Problem, problem


def run(
    message: UsedVehicleInquiry | NewVehicleInquiry,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
    durable: bool = True,
) -> InquiryAnswer:
    """Answer the inquiry, refused or not, and log it; done in the connection's transaction.

    Not `durable` means that the commit does not wait for the disk; only where nothing else is written with it.
    """
    roster = read_roster(connection)
    problems = _check(message, sender=sender, roster=roster, channel=channel, at=at)
    if any(found.severity == "error" for found in problems):
        answer = InquiryAnswer(
            message_id=message.message_id, vin=message.vin, answered=False, answered_at=at, problems=problems
        )
        _log_refused(connection, message, sender=sender, at=at, answer=answer)
        return answer
    record = read_and_log(
        connection,
        message.vin,
        inquiry_id=uuid4(),
        asker_kind="jurisdiction",
        asker=sender,
        purpose=message.purpose,
        message_id=message.message_id,
        at=at,
        durable=durable,
    )
    if isinstance(message, NewVehicleInquiry):
        return _answer_new(message, record, roster=roster, at=at, warnings=problems)
    if message.control_number is not None:
        stock = check_control_number(
            connection, message.control_number, jurisdiction=message.title_jurisdiction
        )
        problems = (*problems, *stock)
    return _answer(message, record, roster=roster, at=at, warnings=problems)


def _answer_new(
    message: NewVehicleInquiry,
    record: VehicleRecord,
    *,
    roster: Roster,
    at: datetime,
    warnings: tuple[Problem, ...],
) -> InquiryAnswer:
    """N-203: the whole record, thefts too, and the maker's data beside it."""
    asked = UsedVehicleInquiry(
        message_id=message.message_id,
        origin=message.origin,
        sent_at=message.sent_at,
        vin=message.vin,
        purpose=message.purpose,
        with_theft=True,
    )
    decoded = _decoded(message)
    found = check_new_vehicle(message, record=record, decoded=decoded)
    answer = _answer(asked, record, roster=roster, at=at, warnings=(*warnings, *found))
    return dataclasses.replace(answer, decoded=decoded)


def _decoded(message: NewVehicleInquiry) -> DecodedVehicle:
    decoded = decode_vin(message.vin)
    described = decoded.description
    return DecodedVehicle(
        manufacturer=described.manufacturer,
        make=described.make,
        model=described.model,
        model_year=described.model_year,
        vehicle_type=described.vehicle_type,
        body_class=described.body_class,
        gvwr_class=described.gvwr_class,
        plant_country=described.plant_country,
        check_digit_valid=decoded.check_digit_valid,
        doubts=decoded.messages,
    )


def _check(
    message: UsedVehicleInquiry | NewVehicleInquiry,
    *,
    sender: str,
    roster: Roster,
    channel: Channel,
    at: datetime,
) -> tuple[Problem, ...]:
    problems = list(field_problems(message))
    if message.origin != sender:
        problems.append(problem("V01", field="origin", origin=message.origin[:2], sender=sender))
    standing = roster.standings.get(sender)
    problems.extend(check_mode(standing, code=sender, act="inquiry", channel=channel))
    if standing is not None:
        problems.extend(check_reporting(standing, at=at))
    return tuple(problems)


def _answer(
    message: UsedVehicleInquiry,
    record: VehicleRecord,
    *,
    roster: Roster,
    at: datetime,
    warnings: tuple[Problem, ...],
) -> InquiryAnswer:
    found = findings(
        record,
        standard=roster.brands,
        with_theft=message.with_theft,
        title_jurisdiction=message.title_jurisdiction,
        title_number=message.title_number,
    )
    named = named_pointers(
        record, title_jurisdiction=message.title_jurisdiction, title_number=message.title_number
    )
    shown = {pointer.title.entry_id for pointer in record.pointers}
    return InquiryAnswer(
        message_id=message.message_id,
        vin=message.vin,
        answered=True,
        answered_at=at,
        problems=(*warnings, *found),
        pointers=tuple(map(_current_title, record.pointers)),
        ask_state=named[0].title.jurisdiction if len(named) == 1 else None,
        history=tuple(
            _title_in_history(entry, standing=_standing(entry, record=record, current=shown))
            for entry in record.history
            if entry.withdraws is None
        ),
        brands=tuple(map(_brand, record.brands)),
        odometer=tuple(
            OdometerReading(
                reading=reading.reading,
                unit=reading.unit,
                read_on=reading.read_on,
                jurisdiction=reading.jurisdiction,
            )
            for reading in reversed(odometer.readings(record))
        ),
        theft_asked=message.with_theft,
        theft=tuple(
            TheftReport(reported_by=theft.reported_by, stolen_on=theft.stolen_on) for theft in record.thefts
        )
        if message.with_theft
        else (),
        jsi=tuple(map(_jsi_report, record.jsi)),
    )


def _current_title(pointer: Pointer) -> CurrentTitle:
    title = pointer.title
    return CurrentTitle(
        jurisdiction=title.jurisdiction,
        title_number=title.title_number,
        issue_date=title.issue_date,
        make=title.make,
        model_year=title.model_year,
        odometer=title.odometer,
        odometer_unit=title.odometer_unit,
    )


def _standing(entry: HistoryEntry, *, record: VehicleRecord, current: set[Any]) -> TitleStanding:
    if entry.title.entry_id in record.withdrawn:
        return "withdrawn"
    return "current" if entry.title.entry_id in current else "former"


def _title_in_history(entry: HistoryEntry, *, standing: TitleStanding) -> TitleInHistory:
    title = entry.title
    return TitleInHistory(
        jurisdiction=title.jurisdiction,
        title_number=title.title_number,
        issue_date=title.issue_date,
        make=title.make,
        model_year=title.model_year,
        odometer=title.odometer,
        odometer_unit=title.odometer_unit,
        transaction_type=title.transaction_type,
        transaction_at=title.transaction_at.astimezone(UTC),
        standing=standing,
        reason=entry.reason,
        other_vin=entry.other_vin,
    )


def _brand(brand: Brand) -> BrandInHistory:
    return BrandInHistory(
        code=brand.code,
        brander=brand.brander,
        brand_date=brand.brand_date,
        make=brand.make,
        model_year=brand.model_year,
        percent_of_damage=brand.percent_of_damage,
    )


def _jsi_report(report: Obtained) -> JsiReport:
    return JsiReport(
        reporter_kind=report.reporter_kind,
        reporter_name=report.reporter_name,
        reporter_state=report.reporter_state,
        obtained_on=report.obtained_on,
        disposition=report.disposition,
        for_export=report.for_export,
        reported_at=report.reported_at.astimezone(UTC),
    )


def _log_refused(
    connection: psycopg.Connection[Any],
    message: UsedVehicleInquiry | NewVehicleInquiry,
    *,
    sender: str,
    at: datetime,
    answer: InquiryAnswer,
) -> None:
    """N-207 asks for every inquiry; of a malformed VIN what can be kept of it is kept."""
    readable = "".join(letter if " " <= letter <= "~" else "?" for letter in message.vin)
    connection.execute(
        LOG_REFUSED_INQUIRY,
        {
            "vin": readable[: VVHIDN.length],
            "inquiry_id": uuid4(),
            "asker_kind": "jurisdiction",
            "asker": sender,
            "purpose": message.purpose,
            "message_id": message.message_id,
            "answer_hash": hashlib.sha256(encode_answer(answer)).digest(),
            "at": at,
        },
    )
