"""The same question on line and by file: what is told of a vehicle does not depend on how one asks (N-204)."""

import dataclasses
import random
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from batch_room import NOW, BatchRoom
from counter import brand, brand_removal, change_of_state, first_title, in_state, new_vin, removal

from vinculum.entrypoints.exchange.dispatch import answer_message, apply_message
from vinculum.national.batch import answer_layout
from vinculum.national.batch.answer_layout import ANSWER_LAYOUTS, ANSWER_RECORD, answer_lines
from vinculum.national.law.standing import Channel
from vinculum.national.records.vehicle import READ_BUNDLE
from vinculum.national.records.vehicles import EVERYTHING
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.inquiry import (
    BrandInHistory,
    CurrentTitle,
    InquiryAnswer,
    JsiReport,
    OdometerReading,
    TheftReport,
    TitleInHistory,
    UsedVehicleInquiry,
)
from vinculum.protocol.reassignment import Reassignment
from vinculum.protocol.theft import ReportTheft
from vinculum.protocol.undercover import MarkUndercover

pytestmark = pytest.mark.database
STATES = ("PA", "OH", "FL", "CA")
# What an answer says that its lines do not: whose message it answers and when stand in the file itself, a moment is
# told by its day, and detail of states and makers is asked for on line.
NOT_BY_LINE = {
    *("message_id", "answered", "answered_at", "decoded", "state_detail", "transaction_at", "reported_at"),
    *("problems", "pointers", "theft", "jsi", "reassignments", "history", "brands", "odometer"),
}


class Vehicle:
    """A vehicle whose history is made up message by message; `numbers` are the titles it ever had."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.vin = chance, new_vin()
        self.numbers: list[tuple[str, str]] = []
        self.day = date(2019, 1, 1) + timedelta(days=chance.randrange(400))

    def chain(self) -> tuple[Reassignment, ...]:
        """None, or some dealers on the way to the next title."""
        return tuple(
            Reassignment(
                dealer=self.chance.choice(("Shore Motors", 'A "quoted", dealer', "=SUM(A1)")),
                licence=self.chance.choice(("", "NY-7001")),
                reassigned_on=self.day - timedelta(days=9 - step),
                document_number=self.chance.choice(("", f"RD{step}")),
            )
            for step in range(self.chance.choice((0, 0, 1, 3)))
        )

    def next_message(self) -> UpdateMessage:
        """The next that happens to it."""
        chance, vin = self.chance, self.vin
        self.day += timedelta(days=chance.randrange(10, 300))
        state, number = chance.choice(STATES), f"S{chance.randrange(10**6)}"
        if not self.numbers or chance.random() < 0.1:
            self.numbers.append((state, number))
            make = chance.choice(("HOND", "HOND", "TOYT"))
            return first_title(vin, state, number, self.day, make=make, reassignments=self.chain())
        held = self.numbers[-1]
        match chance.choice(("move", "move", "stay", "remove", "brand", "unbrand", "theft", "mark")):
            case "move" if state != held[0]:
                self.numbers.append((state, number))
                miles = chance.randrange(90_000)
                return change_of_state(
                    vin, held, (state, number), self.day, odometer=miles, reassignments=self.chain()
                )
            case "move" | "stay":
                self.numbers.append((held[0], number))
                return in_state(vin, *held, number, self.day, reassignments=self.chain())
            case "remove":
                return removal(vin, *held)
            case "brand":
                return brand(vin, state, chance.choice(("08", "11", "15", "68")))
            case "unbrand":
                return brand_removal(vin, state, "11", date(2022, 1, 10))
            case "theft":
                return ReportTheft(
                    message_id=uuid4(), origin=state, sent_at=NOW, vin=vin, stolen_on=date(2024, 2, 3)
                )
        names = tuple(chance.sample(STATES, 2))
        return MarkUndercover(
            message_id=uuid4(), origin=held[0], sent_at=NOW, vin=vin, agency="Task force", visible_to=names
        )

    def question(self) -> dict[str, Any]:
        """Something that may be asked of it, its papers in hand or not."""
        asked: dict[str, Any] = {"vin": self.vin, "with_theft": self.chance.random() < 0.7}
        if self.chance.random() < 0.7:
            asked["title_jurisdiction"], asked["title_number"] = self.chance.choice(self.numbers)
        if self.chance.random() < 0.3:
            asked["control_number"] = f"SA{self.chance.randrange(150, 250)}"
        return asked


def lived(room: BatchRoom, chance: random.Random, *, vehicles: int) -> list[Vehicle]:
    """Vehicles with some years behind them; what the rules refuse did not happen."""
    made = [Vehicle(chance) for _ in range(vehicles)]
    with psycopg.connect(room.url) as connection:
        for one in made:
            for message in islice(iter(one.next_message, None), chance.randrange(2, 9)):
                say(connection, message)
    return made


def say(connection: psycopg.Connection[Any], message: UpdateMessage) -> bool:
    """The message, by the channel that its state has; whether it was applied."""
    channel: Channel = "online" if message.origin == "CA" else "batch"
    answer = apply_message(message, sender=message.origin, at=NOW, connection=connection, channel=channel)
    return answer.accepted


def on_line(connection: psycopg.Connection[Any], asked: dict[str, Any], *, by: str) -> InquiryAnswer:
    message = UsedVehicleInquiry(message_id=uuid4(), origin=by, sent_at=NOW, **asked)
    answer = answer_message(message, sender=by, at=NOW, connection=connection, channel="batch")
    assert isinstance(answer, InquiryAnswer)
    return answer


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_random_questions_are_answered_alike(room: BatchRoom, form: str) -> None:
    """N-204, N-306: titles, chains of reassignments, brands, thefts, papers taken back: the lines of a file are those
    of the answer on line, for whoever asks."""
    chance = random.Random(f"same answer {form}")
    with psycopg.connect(room.url) as connection:
        connection.execute(
            "INSERT INTO exchange.missing_stock (report_id, jurisdiction, prefix, first_number, last_number,"
            " circumstance, missing_since, reported_at) VALUES (%s, 'CA', 'SA', '100', '200', 'stolen', %s, %s)",
            (uuid4(), NOW.date(), NOW),
        )
    vehicles = lived(room, chance, vehicles=60)
    for by in ("OH", "FL"):
        asked = [chance.choice(vehicles).question() for _ in range(120)]
        lines = room.answer(room.run("VININQ", asked, state=by, form=form))
        told: dict[int, list[str]] = {}
        for line in lines[1:-1]:
            told.setdefault(int(line[1:10]), []).append(line)
        with psycopg.connect(room.url) as connection:
            for number, question in enumerate(asked, 1):
                expected = "".join(answer_lines(number, on_line(connection, question, by=by))).splitlines()
                assert told[number] == expected, question
            connection.rollback()
        letters = {line[0] for line in lines}
        assert letters >= set("HAPKBOFMST")
        codes = {line[40:43] for line in lines if line[0] == "M"}
        assert codes >= {"V45", "V41"}


def test_chain_names_the_title_that_it_led_to(room: BatchRoom) -> None:
    """N-306: each dealer in order, beside its title and not beside the one that came before."""
    vin = new_vin()
    chain = tuple(
        Reassignment(dealer=name, licence="L1", reassigned_on=date(2024, 5, day), document_number=f"RD{day}")
        for day, name in ((2, "Shore Motors"), (20, "Lakeside Autos"))
    )
    with psycopg.connect(room.url) as connection:
        for message in (
            first_title(vin, "CA", "S1"),
            change_of_state(vin, ("CA", "S1"), ("PA", "S2"), date(2024, 6, 3), reassignments=chain),
            change_of_state(vin, ("PA", "S2"), ("FL", "S3"), date(2025, 6, 3)),
        ):
            assert say(connection, message)
    lines = room.answer(room.run("VININQ", [{"vin": vin}], state="OH"))
    steps = [ANSWER_LAYOUTS["S"].read(ANSWER_LAYOUTS["S"].cut(line))[0] for line in lines if line[0] == "S"]
    assert [(step["history_line"], step["dealer"], step["document_number"]) for step in steps] == [
        (2, "Shore Motors", "RD2"),
        (2, "Lakeside Autos", "RD20"),
    ]
    counted, _faults = ANSWER_RECORD.read(ANSWER_RECORD.cut(lines[1]))
    assert (counted["history"], counted["reassignments"]) == (3, 2)


def test_both_read_the_same_parts(room: BatchRoom) -> None:
    """N-204: a part of the record that is read on line is read for files too."""
    with psycopg.connect(room.url) as connection:
        row = connection.execute(READ_BUNDLE, {"vin": new_vin()}).fetchone()
    assert row is not None
    assert set(row[0]) == set(EVERYTHING)


@pytest.mark.parametrize(
    ("told", "letter"),
    [
        *((InquiryAnswer, "A"), (CurrentTitle, "P"), (TitleInHistory, "K"), (BrandInHistory, "B")),
        *((OdometerReading, "O"), (TheftReport, "F"), (JsiReport, "J"), (Reassignment, "S")),
    ],
)
def test_what_an_answer_says_has_a_column(told: type, letter: str) -> None:
    """N-204: a field that is added to the answer is added to the file, or named as one that files do not carry."""
    columns = {column.name for column in answer_layout.ANSWER_LAYOUTS[letter].columns}
    assert {field.name for field in dataclasses.fields(told)} - NOT_BY_LINE <= columns
