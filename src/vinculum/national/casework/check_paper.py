"""The title check of a paper that is presented, and the case that is opened when it does not agree (N-401)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import psycopg

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.casework import desk_inquiry
from vinculum.national.casework.compare_paper import Discrepancy, Paper, compare, holder
from vinculum.national.casework.jsi import JsiReport, in_words
from vinculum.national.casework.write_case import NewCase, write_case
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.recalled_titles import recalled_titles
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.records.stock import check_control_number
from vinculum.national.records.vehicle import read_and_log
from vinculum.protocol.fields import CONTROL

_PURPOSE: Final = "title check of a paper"
_ACT: Final = "work_exchange_case"
_LONGEST_NUMBER: Final = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check found; `holder` is who can settle it, `jsi` what yards and insurers reported (N-801).

    `current` is the one current title on record, by its state and number; None when there is none or several.
    """

    paper: Paper
    discrepancies: tuple[Discrepancy, ...]
    holder: str
    holder_name: str
    jsi: tuple[JsiReport, ...] = ()
    current: tuple[str, str] | None = None

    @property
    def clear(self) -> bool:
        """Whether nothing speaks against a title."""
        return not self.discrepancies


def run(paper: Paper, *, actor: Actor, at: datetime, unread: tuple[Refusal, ...] = ()) -> Checked:
    """Compare, and log the inquiry that this is (N-207). Raises Refused.

    `unread` is what could not even be read into a paper: it is refused together with everything else.
    """
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        return _check(connection, paper, actor=actor, at=at, unread=unread)


def open_case(
    paper: Paper, *, question: str, actor: Actor, at: datetime, unread: tuple[Refusal, ...] = ()
) -> UUID:
    """Open a case with the state that can settle it, with the facts that are found now. Raises Refused."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        checked = _check(connection, paper, actor=actor, at=at, unread=unread)
        refusals = tuple(_check_case(checked, question=question, actor=actor))
        if refusals:
            raise Refused(refusals)
        case_id = uuid4()
        try:
            with connection.transaction():
                write_case(
                    connection,
                    NewCase(
                        case_id=case_id,
                        asking=actor.organisation_code,
                        holding=checked.holder,
                        paper=paper,
                        facts=checked.discrepancies,
                        question=question,
                        opened_by=actor.person_id,
                        opened_by_name=actor.person_name,
                    ),
                    at=at,
                )
        except psycopg.errors.UniqueViolation as fault:
            raise Refused([_open_already(checked)]) from fault
    return case_id


def _check(
    connection: Connection, paper: Paper, *, actor: Actor, at: datetime, unread: tuple[Refusal, ...]
) -> Checked:
    roster = read_roster(connection)
    refusals = (*_check_asking(paper, roster=roster, actor=actor, at=at), *unread)
    if refusals:
        raise Refused(refusals)
    return held_against_record(connection, paper, roster=roster, asker=actor.organisation_code, at=at)


def held_against_record(
    connection: Connection,
    paper: Paper,
    *,
    roster: Roster,
    asker: str,
    at: datetime,
    message_id: UUID | None = None,
) -> Checked:
    """The paper held against the record as the asking jurisdiction sees it; logged as the inquiry it is."""
    record: VehicleRecord = read_and_log(
        connection,
        paper.vin,
        inquiry_id=uuid4(),
        asker_kind="jurisdiction",
        asker=asker,
        purpose=_PURPOSE,
        message_id=message_id,
        at=at,
    )
    held_by = holder(paper, record)
    recalled = recalled_titles(
        connection,
        jurisdiction=paper.jurisdiction,
        title_number=paper.title_number,
        asker=asker,
    )
    return Checked(
        paper=paper,
        discrepancies=(
            *compare(paper, record, standard=roster.brands, recalled=recalled),
            *_missing_stock(connection, paper),
        ),
        holder=held_by,
        holder_name=roster.names.get(held_by, held_by),
        jsi=in_words(record.jsi),
        current=_current(record),
    )


def _current(record: VehicleRecord) -> tuple[str, str] | None:
    if len(record.pointers) != 1:
        return None
    title = record.pointers[0].title
    return title.jurisdiction, title.title_number


def _missing_stock(connection: Connection, paper: Paper) -> Iterator[Discrepancy]:
    """N-701: every title check looks the control number up."""
    if paper.control_number:
        for found in check_control_number(
            connection, paper.control_number, jurisdiction=paper.jurisdiction or None
        ):
            yield Discrepancy(
                code="title_stock_missing",
                on_paper=paper.control_number,
                on_record=found.text,
                words="The paper is printed on stock that was stolen or is missing: keep it, and tell the police.",
            )


def _check_asking(paper: Paper, *, roster: Roster, actor: Actor, at: datetime) -> Iterator[Refusal]:
    """Report to use (N-105), and a paper that can be one."""
    if actor.organisation_kind != "jurisdiction":
        yield _refusal(
            "title_check_by_states",
            "Only a jurisdiction checks the papers that are presented to it.",
            "Follow a case instead.",
            rule="N-401",
        )
        return
    yield from desk_inquiry.check_standing(roster, actor=actor, at=at)
    yield from desk_inquiry.check_vin(paper.vin, remedy="Compare it with the paper.")
    if not paper.jurisdiction:
        words, what_to_do = "The state of title is missing.", "Choose the state that is printed on the paper."
        yield _refusal("missing_field", words, what_to_do, field="jurisdiction", rule="N-108")
    elif paper.jurisdiction not in roster.standings:
        yield _refusal(
            "jurisdiction_unknown",
            f"{paper.jurisdiction[:2]} is not a D20 jurisdiction code.",
            "Choose the state that is printed on the paper.",
            field="jurisdiction",
            rule="N-108",
        )
    if paper.control_number and not _is_control_number(paper.control_number):
        yield _refusal(
            "control_number_unreadable",
            "A control number is up to six letters and then digits, 20 characters at most.",
            "Copy it from the paper, where it stands apart from the title number, or leave it out.",
            field="control_number",
            rule="N-701",
        )
    if not paper.title_number:
        words = "The title number is missing."
        yield _refusal("missing_field", words, "Copy it from the paper.", field="title_number", rule="N-101")
    elif len(paper.title_number) > _LONGEST_NUMBER or not paper.title_number.isprintable():
        yield _refusal(
            "title_number_unreadable",
            f"A title number has 1 to {_LONGEST_NUMBER} letters, digits and blanks.",
            "Copy it from the paper.",
            field="title_number",
            rule="N-101",
        )
    for code in paper.brands:
        if code not in roster.brands:
            yield _refusal(
                "brand_unknown",
                f"{code[:4]} is not a brand code.",
                "Choose one.",
                field="brands",
                rule="N-107",
            )


def _check_case(checked: Checked, *, question: str, actor: Actor) -> Iterator[Refusal]:
    if checked.clear:
        yield _refusal(
            "nothing_to_settle",
            "Paper and record agree: there is nothing to settle.",
            "Issue the title.",
            rule="N-401",
        )
    if checked.holder == actor.organisation_code:
        yield _refusal(
            "case_with_oneself",
            "The current title is your own jurisdiction's.",
            "Correct your own record, or send the update that is missing.",
            rule="N-401",
        )
    if not 1 <= len(question.strip()) <= 4000:
        yield _refusal(
            "question_missing",
            "The other state has to know what you ask, in 4,000 characters at most.",
            "Say it in a sentence. Write no names or addresses.",
            field="question",
            rule="N-401",
        )


def _open_already(checked: Checked) -> Refusal:
    return _refusal(
        "case_open_already",
        f"A case with {checked.holder_name} about this VIN is open already.",
        "Go on there.",
        field="vin",
        rule="N-401",
    )


def _is_control_number(number: str) -> bool:
    return len(number) <= CONTROL.length and re.fullmatch(CONTROL.pattern, number, flags=re.ASCII) is not None


def _refusal(code: str, message: str, remedy: str, *, rule: str, field: str | None = None) -> Refusal:
    return Refusal(code=code, message=message, remedy=remedy, field=field, rule=rule)
