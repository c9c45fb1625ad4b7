"""The title check of a paper that is presented, and the case that is opened when it does not agree (N-401)."""

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import psycopg

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import vin_faults
from vinculum.national.casework.compare_paper import Discrepancy, Paper, compare, holder
from vinculum.national.casework.jsi import JsiReport, reports_of
from vinculum.national.law.standing import check_reporting
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.recalled_titles import recalled_titles
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.records.vehicle import read_and_log

_PURPOSE: Final = "title check of a paper"
_ACT: Final = "work_exchange_case"
_LONGEST_NUMBER: Final = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check found; `holder` is who can settle it, `jsi` what yards and insurers reported (N-801)."""

    paper: Paper
    discrepancies: tuple[Discrepancy, ...]
    holder: str
    holder_name: str
    jsi: tuple[JsiReport, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether nothing speaks against a title."""
        return not self.discrepancies


def run(paper: Paper, *, actor: Actor, at: datetime) -> Checked:
    """Compare, and log the inquiry that this is (N-207). Raises Refused."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        return _check(connection, paper, actor=actor, at=at)


def open_case(paper: Paper, *, question: str, actor: Actor, at: datetime) -> UUID:
    """Open a case with the state that can settle it, with the facts that are found now. Raises Refused."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        checked = _check(connection, paper, actor=actor, at=at)
        refusals = tuple(_check_case(checked, question=question, actor=actor))
        if refusals:
            raise Refused(refusals)
        case_id = uuid4()
        try:
            with connection.transaction():
                _write(connection, checked, case_id=case_id, question=question, actor=actor, at=at)
        except psycopg.errors.UniqueViolation as fault:
            raise Refused([_open_already(checked)]) from fault
    return case_id


def _check(connection: Connection, paper: Paper, *, actor: Actor, at: datetime) -> Checked:
    roster = read_roster(connection)
    refusals = tuple(_check_asking(paper, roster=roster, actor=actor, at=at))
    if refusals:
        raise Refused(refusals)
    record: VehicleRecord = read_and_log(
        connection,
        paper.vin,
        inquiry_id=uuid4(),
        asker_kind="jurisdiction",
        asker=actor.organisation_code,
        purpose=_PURPOSE,
        message_id=None,
        at=at,
    )
    held_by = holder(paper, record)
    recalled = recalled_titles(
        connection,
        jurisdiction=paper.jurisdiction,
        title_number=paper.title_number,
        asker=actor.organisation_code,
    )
    return Checked(
        paper=paper,
        discrepancies=compare(paper, record, standard=roster.brands, recalled=recalled),
        holder=held_by,
        holder_name=roster.names.get(held_by, held_by),
        jsi=reports_of(connection, paper.vin, asker=actor.organisation_code),
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
    standing = roster.standings.get(actor.organisation_code)
    if standing is not None:
        for problem in check_reporting(standing, at=at):
            if problem.severity == "error":
                yield _refusal("inquiries_closed", problem.text, "Report your updates first.", rule="N-105")
    for fault in vin_faults(paper.vin):
        yield _refusal(
            fault.kind.value, fault.message, "Compare it with the paper.", field="vin", rule="N-601"
        )
    if paper.jurisdiction not in roster.standings:
        yield _refusal(
            "jurisdiction_unknown",
            f"{paper.jurisdiction[:2]} is not a D20 jurisdiction code.",
            "Choose the state that is printed on the paper.",
            field="jurisdiction",
            rule="N-108",
        )
    if not 1 <= len(paper.title_number) <= _LONGEST_NUMBER or not paper.title_number.isprintable():
        yield _refusal(
            "title_number_unreadable",
            f"A title number has 1 to {_LONGEST_NUMBER} characters.",
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


def _write(
    connection: Connection, checked: Checked, *, case_id: UUID, question: str, actor: Actor, at: datetime
) -> None:
    paper = checked.paper
    presented = {
        "jurisdiction": paper.jurisdiction,
        "title_number": paper.title_number,
        "issue_date": paper.issue_date.isoformat(),
        "brands": list(paper.brands),
    }
    facts = [dataclasses.asdict(found) for found in checked.discrepancies]
    connection.execute(
        "INSERT INTO exchange.discrepancy_case (vin, case_id, asking, holding, state, facts, paper, opened_at,"
        " opened_by, moved_at) VALUES (%s, %s, %s, %s, 'open', %s, %s, %s, %s, %s)",
        (
            paper.vin,
            case_id,
            actor.organisation_code,
            checked.holder,
            json.dumps(facts),
            json.dumps(presented),
            at,
            actor.person_id,
            at,
        ),
    )
    connection.execute(
        "INSERT INTO exchange.case_event (vin, case_id, event_id, at, side, person_id, person_name, move, body)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 'open', %s)",
        (
            paper.vin,
            case_id,
            uuid4(),
            at,
            actor.organisation_code,
            actor.person_id,
            actor.person_name,
            question.strip(),
        ),
    )


def _open_already(checked: Checked) -> Refusal:
    return _refusal(
        "case_open_already",
        f"A case with {checked.holder_name} about this VIN is open already.",
        "Go on there.",
        field="vin",
        rule="N-401",
    )


def _refusal(code: str, message: str, remedy: str, *, rule: str, field: str | None = None) -> Refusal:
    return Refusal(code=code, message=message, remedy=remedy, field=field, rule=rule)
