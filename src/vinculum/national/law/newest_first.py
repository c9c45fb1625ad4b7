"""The order in which a vehicle's record is told: newest first, ties broken so that none is left to chance."""

import dataclasses
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

from vinculum.national.law.title import Brand, HistoryEntry, Pointer, Theft, VehicleRecord

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def newest_first(record: VehicleRecord) -> VehicleRecord:
    """The record with all of its parts in their order."""
    several = (record.pointers, record.history, record.brands, record.thefts, record.undercover, record.jsi)
    if max(map(len, several)) < 2:
        return record
    return dataclasses.replace(
        record,
        pointers=pointers_in_order(record.pointers),
        history=history_in_order(record.history),
        brands=brands_in_order(record.brands),
        thefts=thefts_in_order(record.thefts),
        undercover=tuple(sorted(record.undercover, key=lambda mark: mark.mark_id)),
        jsi=tuple(
            sorted(record.jsi, key=lambda report: (report.obtained_on, report.reported_at), reverse=True)
        ),
    )


def pointers_in_order(pointers: Iterable[Pointer]) -> tuple[Pointer, ...]:
    """By issue date, then by number."""
    return tuple(sorted(pointers, key=lambda one: (_back(one.title.issue_date), one.number)))


def history_in_order(history: Iterable[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    """By issue date, then by the moment of the transaction."""
    return tuple(sorted(history, key=_place_in_history))


def _place_in_history(entry: HistoryEntry) -> tuple[Any, ...]:
    title = entry.title
    return _back(title.issue_date), _EPOCH - title.transaction_at, title.entry_id


def brands_in_order(brands: Iterable[Brand]) -> tuple[Brand, ...]:
    """By brand date, then by code and brander."""
    return tuple(sorted(brands, key=lambda brand: (_back(brand.brand_date), brand.code, brand.brander)))


def thefts_in_order(thefts: Iterable[Theft]) -> tuple[Theft, ...]:
    """By the day of the theft."""
    return tuple(sorted(thefts, key=lambda theft: (_back(theft.stolen_on), theft.report_id)))


def _back(day: date) -> int:
    return -day.toordinal()
