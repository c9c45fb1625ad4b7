"""Jurisdictions at the exchange for tests: messages with sensible contents, sent in a transaction of their own.

Each test makes VINs of its own, for what is on record stays on record.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg

from vinculum.entrypoints.exchange.dispatch import answer_message
from vinculum.national.casework import jsi
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.vehicle import READ_BUNDLE, read_vehicle, record_of
from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.correct_brand import CorrectBrand, RemoveBrand
from vinculum.protocol.exchange import Message
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.undo_title import UndoTitle
from vinculum.protocol.update_answer import UpdateAnswer

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_serials = count(1)


def new_vin() -> str:
    """A VIN nobody has used yet."""
    return f"1HGCM826{uuid4().int % 10}3A{next(_serials):06d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """The exchange with its database, as tests stand before it."""

    url: str

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.url) as connection:
            yield connection

    def say(
        self, message: Message, *, sender: str | None = None, at: datetime = NOW
    ) -> UpdateAnswer | InquiryAnswer:
        with self.transaction() as connection:
            return answer_message(message, sender=sender or message.origin, at=at, connection=connection)

    def send(self, message: Message, **how: Any) -> UpdateAnswer:
        answer = self.say(message, **how)
        assert isinstance(answer, UpdateAnswer)
        return answer

    def ask(self, vin: str, origin: str = "CT", *, at: datetime = NOW, **how: Any) -> InquiryAnswer:
        answer = self.say(inquiry(vin, origin, **how), at=at)
        assert isinstance(answer, InquiryAnswer)
        return answer

    def record(self, vin: str) -> VehicleRecord:
        with self.transaction() as connection:
            return read_vehicle(connection, vin)

    def titled(
        self, vin: str, state: str, number: str, issued: date = date(2020, 5, 1), **more: Any
    ) -> AddTitle:
        """Put a first title on record."""
        message = first_title(vin, state, number, issued, **more)
        answer = self.send(message)
        assert answer.accepted, answer
        return message


def jsi_reports(connection: psycopg.Connection[Any], vin: str) -> tuple[jsi.JsiReport, ...]:
    """What yards and insurers reported of a VIN, as an inquiry reads it."""
    row = connection.execute(READ_BUNDLE, {"vin": vin}).fetchone()
    assert row is not None
    return jsi.in_words(record_of(vin, row[0]).jsi)


def codes(answer: UpdateAnswer | InquiryAnswer) -> list[tuple[str, str | None]]:
    """The problems of an answer: code and field."""
    return [(problem.code, problem.field) for problem in answer.problems]


def inquiry(vin: str, origin: str = "CT", **more: Any) -> UsedVehicleInquiry:
    return UsedVehicleInquiry(message_id=uuid4(), origin=origin, sent_at=NOW, vin=vin, **more)


def first_title(vin: str, state: str, number: str, issued: date = date(2020, 5, 1), **more: Any) -> AddTitle:
    given: dict[str, Any] = {"make": "HOND", "model_year": 2003, "odometer": 12} | more
    return AddTitle(
        message_id=uuid4(),
        origin=state,
        sent_at=NOW,
        vin=vin,
        title_number=number,
        issue_date=issued,
        **given,
    )


def change_of_state(
    vin: str, old: tuple[str, str], new: tuple[str, str], issued: date = date(2024, 6, 3), **more: Any
) -> ChangeOfStateOfTitle:
    given: dict[str, Any] = {"odometer": 60_000} | more
    return ChangeOfStateOfTitle(
        message_id=uuid4(),
        origin=new[0],
        sent_at=NOW,
        vin=vin,
        old_jurisdiction=old[0],
        old_title_number=old[1],
        title_number=new[1],
        issue_date=issued,
        **given,
    )


def in_state(
    vin: str, state: str, old: str, new: str, issued: date = date(2024, 6, 3), **more: Any
) -> InStateChange:
    given: dict[str, Any] = {"odometer": 60_000} | more
    return InStateChange(
        message_id=uuid4(),
        origin=state,
        sent_at=NOW,
        vin=vin,
        old_title_number=old,
        title_number=new,
        issue_date=issued,
        **given,
    )


def modification(
    vin: str, state: str, old: str, new: str, issued: date = date(2024, 6, 3), **more: Any
) -> ModifyTitle:
    given: dict[str, Any] = {"odometer": 60_000} | more
    return ModifyTitle(
        message_id=uuid4(),
        origin=state,
        sent_at=NOW,
        vin=vin,
        old_title_number=old,
        title_number=new,
        issue_date=issued,
        **given,
    )


def brand_correction(vin: str, brander: str, code: str, on: date, **more: Any) -> CorrectBrand:
    return CorrectBrand(
        message_id=uuid4(),
        origin=brander,
        sent_at=NOW,
        vin=vin,
        brand_code=code,
        brand_date=on,
        reason="Keyed wrongly",
        **more,
    )


def brand_removal(vin: str, brander: str, code: str, on: date) -> RemoveBrand:
    return RemoveBrand(
        message_id=uuid4(),
        origin=brander,
        sent_at=NOW,
        vin=vin,
        brand_code=code,
        brand_date=on,
        reason="Another vehicle",
    )


def brand(vin: str, brander: str, code: str, on: date = date(2022, 1, 10), **more: Any) -> AddBrand:
    given: dict[str, Any] = {"make": "HOND", "model_year": 2003} | more
    return AddBrand(
        message_id=uuid4(), origin=brander, sent_at=NOW, vin=vin, brand_code=code, brand_date=on, **given
    )


def removal(vin: str, state: str, number: str) -> RemoveTitle:
    return RemoveTitle(
        message_id=uuid4(),
        origin=state,
        sent_at=NOW,
        vin=vin,
        title_number=number,
        reason="Recalled: forged papers",
    )


def undo(message: Message, *, sender: str | None = None) -> UndoTitle:
    return UndoTitle(
        message_id=uuid4(),
        origin=sender or message.origin,
        sent_at=NOW,
        vin=message.vin,
        undoes=message.message_id,
        reason="Registration voided",
    )
