"""A state's program opens a discrepancy case, because a title check of its own has failed (N-401)."""

from datetime import datetime
from typing import Any

import psycopg

from vinculum.national.casework.check_paper import Checked, held_against_record
from vinculum.national.casework.compare_paper import Paper
from vinculum.national.casework.write_case import NewCase, join_case, open_between, write_case
from vinculum.national.law.standing import Channel, check_mode
from vinculum.national.records.inbox import keep_answer, take_first
from vinculum.national.records.roster import Roster, read_roster
from vinculum.protocol.fields import field_problems
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
from vinculum.protocol.problem import Problem, problem
from vinculum.protocol.update_answer import Effect, UpdateAnswer

_BY_PROGRAM = "Title system"
ONE_OPEN = "discrepancy_case_one_open_between_two"


def run(
    message: OpenDiscrepancy,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Open the case with the state that can settle it, or join the one that is open; once per message.

    It changes no title, so it counts neither as an update nor as a report (N-105), and is allowed to whoever may
    inquire. What differs is found here, as of now: a message that comes when all agrees again opens nothing.
    """
    roster = read_roster(connection)
    faults = _check(message, sender=sender, roster=roster, channel=channel)
    if faults:
        return _answer(message, at=at, problems=faults)
    earlier = take_first(connection, message, at=at)
    if earlier is not None:
        return earlier
    paper = Paper(
        vin=message.vin,
        jurisdiction=message.paper_jurisdiction or "",
        title_number=message.paper_number,
        issue_date=message.paper_date,
        brands=tuple(sorted(set(message.paper_brands))),
        control_number=message.control_number or "",
    )
    checked = held_against_record(
        connection, paper, roster=roster, asker=sender, at=at, message_id=message.message_id
    )
    if checked.clear:
        answer = _answer(message, at=at, problems=(problem("V50"),))
    elif checked.holder in ("", sender):
        answer = _answer(message, at=at, problems=(problem("V51", jurisdiction=sender),))
    else:
        answer = _answer(message, at=at, effect=_open_or_join(connection, message, checked, at=at))
    keep_answer(connection, message, answer)
    return answer


def _open_or_join(
    connection: psycopg.Connection[Any], message: OpenDiscrepancy, checked: Checked, *, at: datetime
) -> Effect:
    row = connection.execute("SELECT access.person_id()").fetchone()
    assert row is not None
    case = NewCase(
        case_id=message.message_id,
        asking=message.origin,
        holding=checked.holder,
        paper=checked.paper,
        facts=checked.discrepancies,
        question=message.question,
        opened_by=row[0],
        opened_by_name=f"{_BY_PROGRAM} of {message.origin}",
    )
    try:
        with connection.transaction():
            write_case(connection, case, at=at)
    except psycopg.errors.UniqueViolation as fault:
        if fault.diag.constraint_name != ONE_OPEN:
            raise
        open_already = open_between(connection, case)
        if open_already is None:
            # Closed between the two statements: now there is room for this one.
            write_case(connection, case, at=at)
            return "case_opened"
        join_case(connection, case, case_id=open_already, at=at)
        return "case_joined"
    return "case_opened"


def _check(message: OpenDiscrepancy, *, sender: str, roster: Roster, channel: Channel) -> tuple[Problem, ...]:
    problems = list(field_problems(message))
    if message.origin != sender:
        problems.append(problem("V01", field="origin", origin=message.origin[:2], sender=sender))
    problems.extend(check_mode(roster.standings.get(sender), code=sender, act="inquiry", channel=channel))
    of = message.paper_jurisdiction
    if of is not None and of not in roster.standings:
        problems.append(problem("V06", field="paper_jurisdiction", jurisdiction=of[:2]))
    problems.extend(
        problem("V30", field="paper_brands", given=code[:4])
        for code in message.paper_brands
        if code not in roster.brands
    )
    return tuple(problems)


def _answer(
    message: OpenDiscrepancy,
    *,
    at: datetime,
    problems: tuple[Problem, ...] = (),
    effect: Effect | None = None,
) -> UpdateAnswer:
    return UpdateAnswer(
        message_id=message.message_id,
        vin=message.vin,
        accepted=effect is not None,
        answered_at=at,
        effect=effect,
        problems=problems,
    )
