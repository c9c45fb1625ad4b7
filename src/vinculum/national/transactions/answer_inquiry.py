"""The inquiries before a title is issued: read, logged, answered (N-201, N-203, N-207)."""

import dataclasses
import hashlib
from datetime import datetime
from typing import Any
from uuid import uuid4

import psycopg

from vinculum.decoding import decode_vin
from vinculum.national.law.inquiry_answer import compose_answer
from vinculum.national.law.new_vehicle import check_new_vehicle
from vinculum.national.law.standing import Channel, check_mode, check_reporting
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.papers import check_papers
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.records.vehicle import LOG_INQUIRY, read_and_log
from vinculum.protocol.fields import VVHIDN, field_problems
from vinculum.protocol.inquiry import (
    DecodedVehicle,
    InquiryAnswer,
    NewVehicleInquiry,
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
) -> InquiryAnswer:
    """Answer the inquiry, refused or not, and log it; done in the connection's transaction."""
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
    )
    if isinstance(message, NewVehicleInquiry):
        return _answer_new(message, record, roster=roster, at=at, warnings=problems)
    (papers,) = check_papers(connection, [message], asker=sender)
    warnings = (*problems, *papers)
    return compose_answer(message, record, standard=roster.brands, at=at, warnings=warnings)


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
    answer = compose_answer(asked, record, standard=roster.brands, at=at, warnings=(*warnings, *found))
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
        LOG_INQUIRY,
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
