"""What an inquiry is answered with: the record in the words of the protocol, on line and by file (N-201, N-204)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from vinculum.national.law import odometer
from vinculum.national.law.brands import StandardBrand
from vinculum.national.law.findings import findings, named_pointers
from vinculum.national.law.title import Brand, HistoryEntry, Obtained, Pointer, VehicleRecord
from vinculum.protocol.inquiry import (
    BrandInHistory,
    CurrentTitle,
    InquiryAnswer,
    JsiReport,
    OdometerReading,
    TheftReport,
    TitleInHistory,
    TitleStanding,
    UsedVehicleInquiry,
)
from vinculum.protocol.problem import Problem
from vinculum.protocol.reassignment import Reassignment


def compose_answer(
    message: UsedVehicleInquiry,
    record: VehicleRecord,
    *,
    standard: Mapping[str, StandardBrand],
    at: datetime,
    warnings: tuple[Problem, ...],
) -> InquiryAnswer:
    """The answer to an inquiry about this record as the asker may know it; `warnings` are what was said before it."""
    found = findings(
        record,
        standard=standard,
        with_theft=message.with_theft,
        title_jurisdiction=message.title_jurisdiction,
        title_number=message.title_number,
    )
    named = named_pointers(
        record, title_jurisdiction=message.title_jurisdiction, title_number=message.title_number
    )
    shown = {pointer.title.entry_id for pointer in record.pointers}
    why_withdrawn = {entry.withdraws: entry.reason for entry in record.history if entry.withdraws is not None}
    return InquiryAnswer(
        message_id=message.message_id,
        vin=message.vin,
        answered=True,
        answered_at=at,
        problems=(*warnings, *found),
        pointers=tuple(map(_current_title, record.pointers)),
        ask_state=named[0].title.jurisdiction if len(named) == 1 else None,
        history=tuple(
            _title_in_history(
                entry,
                standing=_standing(entry, record=record, current=shown),
                # What was removed or undone bears the reason for that; other entries may have one of their own.
                reason=why_withdrawn.get(entry.title.entry_id, entry.reason),
                reassignments=tuple(step for of, step in record.reassignments if of == entry.title.entry_id),
            )
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


def _title_in_history(
    entry: HistoryEntry, *, standing: TitleStanding, reason: str, reassignments: tuple[Reassignment, ...]
) -> TitleInHistory:
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
        reason=reason,
        other_vin=entry.other_vin,
        reassignments=reassignments,
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
