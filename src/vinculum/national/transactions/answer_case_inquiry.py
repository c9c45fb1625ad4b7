"""A state's program asks how it stands with the cases it has opened about a vehicle (N-401); logged (N-207)."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg

from vinculum.national.casework.contacts import contact_of
from vinculum.national.law.standing import Channel, check_mode, check_reporting
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.records.vehicle import LOG_INQUIRY
from vinculum.protocol.case_inquiry import CaseAnswer, CaseFinding, CaseInquiry, CaseStanding, HelpDesk
from vinculum.protocol.fields import VVHIDN, field_problems
from vinculum.protocol.json_codec import encode_answer
from vinculum.protocol.problem import Problem, problem

_PURPOSE = "case"
_MOST = 20


def run(
    message: CaseInquiry,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> CaseAnswer:
    """The sender's own cases about the VIN, newest first; another's are as if they did not exist."""
    roster = read_roster(connection)
    problems = _check(message, sender=sender, roster=roster, channel=channel, at=at)
    refused = any(found.severity == "error" for found in problems)
    answer = CaseAnswer(
        message_id=message.message_id,
        vin=message.vin,
        answered=not refused,
        answered_at=at,
        problems=problems,
        cases=() if refused else _cases(connection, vin=message.vin, asking=sender),
        help_desk=None if refused else _help_desk(connection, message.contact_of),
    )
    readable = "".join(letter if " " <= letter <= "~" else "?" for letter in message.vin)
    connection.execute(
        LOG_INQUIRY,
        {
            "vin": readable[: VVHIDN.length],
            "inquiry_id": uuid4(),
            "asker_kind": "jurisdiction",
            "asker": sender,
            "purpose": _PURPOSE,
            "message_id": message.message_id,
            "answer_hash": hashlib.sha256(encode_answer(answer)).digest(),
            "at": at,
        },
    )
    return answer


def _check(
    message: CaseInquiry, *, sender: str, roster: Roster, channel: Channel, at: datetime
) -> tuple[Problem, ...]:
    problems = list(field_problems(message))
    if message.origin != sender:
        problems.append(problem("V01", field="origin", origin=message.origin[:2], sender=sender))
    standing = roster.standings.get(sender)
    problems.extend(check_mode(standing, code=sender, act="inquiry", channel=channel))
    if standing is not None:
        problems.extend(check_reporting(standing, at=at))
    return tuple(problems)


def _cases(connection: psycopg.Connection[Any], *, vin: str, asking: str) -> tuple[CaseStanding, ...]:
    rows = connection.execute(
        "SELECT case_id, holding, state, opened_at, paper, facts, coalesce(closed_because, '')"
        "  FROM exchange.discrepancy_case WHERE vin = %s AND asking = %s"
        " ORDER BY opened_at DESC, case_id LIMIT %s",
        (vin, asking, _MOST),
    ).fetchall()
    return tuple(
        CaseStanding(
            case_id=case_id,
            holding=holding,
            state=state,
            opened_at=opened_at.astimezone(UTC),
            paper_jurisdiction=paper["jurisdiction"] or None,
            paper_number=paper["title_number"],
            paper_date=date.fromisoformat(paper["issue_date"]),
            findings=tuple(
                CaseFinding(
                    code=fact["code"],
                    on_paper=fact["on_paper"],
                    on_record=fact["on_record"],
                    about=fact.get("about", ""),
                )
                for fact in facts
            ),
            closed_because=closed_because,
        )
        for case_id, holding, state, opened_at, paper, facts, closed_because in rows
    )


def _help_desk(connection: psycopg.Connection[Any], jurisdiction: str | None) -> HelpDesk | None:
    contact = contact_of(connection, jurisdiction) if jurisdiction else None
    if contact is None:
        return None
    return HelpDesk(
        jurisdiction=contact.jurisdiction,
        name=contact.name,
        telephone=contact.telephone,
        mailbox=contact.mailbox,
        hours=contact.hours,
    )
