"""A discrepancy case put on record: the facts that were found, the paper, and the question (N-401)."""

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from vinculum.national.casework.compare_paper import Discrepancy, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case as it is opened. `asking` will not issue before it is closed; `holding` has the title on record."""

    case_id: UUID
    asking: str
    holding: str
    paper: Paper
    facts: tuple[Discrepancy, ...]
    question: str
    opened_by: UUID
    opened_by_name: str


def write_case(connection: psycopg.Connection[Any], case: NewCase, *, at: datetime) -> None:
    """Open the case with its question; UniqueViolation when one is open between the two about this VIN."""
    connection.execute(
        "INSERT INTO exchange.discrepancy_case (vin, case_id, asking, holding, state, facts, paper, opened_at,"
        " opened_by, moved_at) VALUES (%s, %s, %s, %s, 'open', %s, %s, %s, %s, %s)",
        (
            *(case.paper.vin, case.case_id, case.asking, case.holding),
            json.dumps([dataclasses.asdict(found) for found in case.facts]),
            json.dumps(_presented(case.paper)),
            *(at, case.opened_by, at),
        ),
    )
    _add_event(connection, case, case_id=case.case_id, move="open", at=at)


def open_between(connection: psycopg.Connection[Any], case: NewCase) -> UUID | None:
    """The case that is open already between the same two about the same VIN."""
    row = connection.execute(
        "SELECT case_id FROM exchange.discrepancy_case"
        " WHERE vin = %s AND asking = %s AND holding = %s AND state <> 'closed'",
        (case.paper.vin, case.asking, case.holding),
    ).fetchone()
    return None if row is None else row[0]


def join_case(connection: psycopg.Connection[Any], case: NewCase, *, case_id: UUID, at: datetime) -> None:
    """Say it in the case that is open already, for both sides to read."""
    _add_event(connection, case, case_id=case_id, move="note", at=at)


def _presented(paper: Paper) -> dict[str, Any]:
    return {
        "jurisdiction": paper.jurisdiction,
        "title_number": paper.title_number,
        "issue_date": paper.issue_date.isoformat(),
        "brands": list(paper.brands),
        "control_number": paper.control_number,
    }


def _add_event(
    connection: psycopg.Connection[Any], case: NewCase, *, case_id: UUID, move: str, at: datetime
) -> None:
    connection.execute(
        "INSERT INTO exchange.case_event (vin, case_id, event_id, at, side, person_id, person_name, move, body)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(case.paper.vin, case_id, uuid4(), at, case.asking),
            *(case.opened_by, case.opened_by_name, move, case.question.strip()),
        ),
    )
