"""The work bench of a jurisdiction: errors first, recurring warnings grouped, acknowledged ones set aside (N-503)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.protocol.problem import PROBLEM_KINDS, Severity
from vinculum.protocol.usual_resolutions import USUAL_RESOLUTIONS, UsualResolution

ACT: Final = "work_batch_files"
LOOKS_BACK: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """That a jurisdiction expects a warning: who said so, when and why; and who took it up again."""

    code: str
    acknowledged_at: datetime
    acknowledged_by_name: str
    reason: str
    taken_up_at: datetime | None
    taken_up_by_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All that was said with one code in the files of the last ninety days: since when, and where last."""

    code: str
    severity: Severity
    count: int
    files: int
    text: str
    last_file_id: UUID
    last_file: str
    last_said_at: datetime
    first_said_at: datetime
    explained: UsualResolution | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What is to be worked, errors before warnings, the most frequent first; and what was set aside."""

    errors: tuple[Group, ...]
    warnings: tuple[Group, ...]
    set_aside: tuple[tuple[Acknowledgement, Group | None], ...]
    earlier: tuple[Acknowledgement, ...]


_GROUPS: Final = """
SELECT code, severity, sum(said)::bigint, count(*), min(sample_text),
       (array_agg(file_id ORDER BY received_at DESC, file_id DESC))[1],
       (array_agg(sender_file_id ORDER BY received_at DESC, file_id DESC))[1], max(finished_at),
       min(finished_at)
  FROM (SELECT c.code, c.severity, c.said, c.sample_text, f.file_id, f.sender_file_id, f.received_at, f.finished_at
          FROM exchange.batch_file AS f JOIN exchange.batch_code_count AS c ON c.file_id = f.file_id
         WHERE f.jurisdiction = %(jurisdiction)s AND f.finished_at >= %(since)s
        UNION ALL
        SELECT f.fault_code, 'error', 1, f.fault_text, f.file_id, f.sender_file_id, f.received_at, f.finished_at
          FROM exchange.batch_file AS f
         WHERE f.jurisdiction = %(jurisdiction)s AND f.finished_at >= %(since)s AND f.state = 'rejected') AS said
 GROUP BY code, severity ORDER BY severity, 3 DESC, code
"""
_ACKNOWLEDGED: Final = (
    "SELECT code, acknowledged_at, acknowledged_by_name, reason, taken_up_at, taken_up_by_name"
    "  FROM exchange.acknowledged_warning WHERE jurisdiction = %s ORDER BY acknowledged_at DESC"
)


def read_bench(connection: psycopg.Connection[Any], *, jurisdiction: str, at: datetime) -> Bench:
    """The bench of that jurisdiction."""
    rows = connection.execute(_GROUPS, {"jurisdiction": jurisdiction, "since": at - LOOKS_BACK}).fetchall()
    groups = [
        Group(
            code=row[0],
            severity=row[1],
            count=row[2],
            files=row[3],
            text=row[4],
            last_file_id=row[5],
            last_file=row[6],
            last_said_at=row[7],
            first_said_at=row[8],
            explained=USUAL_RESOLUTIONS.get(row[0]),
        )
        for row in rows
    ]
    known = [Acknowledgement(**_named(row)) for row in connection.execute(_ACKNOWLEDGED, (jurisdiction,))]
    standing = [one for one in known if one.taken_up_at is None]
    aside = {one.code for one in standing}
    warnings = {group.code: group for group in groups if group.severity == "warning"}
    return Bench(
        errors=tuple(group for group in groups if group.severity == "error"),
        warnings=tuple(group for group in warnings.values() if group.code not in aside),
        set_aside=tuple((one, warnings.get(one.code)) for one in standing),
        earlier=tuple(one for one in known if one.taken_up_at is not None),
    )


def acknowledged_codes(connection: psycopg.Connection[Any], *, jurisdiction: str) -> frozenset[str]:
    """The warnings that the jurisdiction has set aside."""
    rows = connection.execute(
        "SELECT code FROM exchange.acknowledged_warning WHERE jurisdiction = %s AND taken_up_at IS NULL",
        (jurisdiction,),
    )
    return frozenset(row[0] for row in rows)


def acknowledge(*, code: str, reason: str, actor: Actor, at: datetime) -> None:
    """Set a warning aside for the actor's jurisdiction. Raises Refused."""
    require(actor, ACT)
    refusals = tuple(_faults(code=code, reason=reason))
    if refusals:
        raise Refused(refusals)
    with acting(actor, act=ACT, database="national") as connection:
        done = connection.execute(
            "INSERT INTO exchange.acknowledged_warning (jurisdiction, code, acknowledged_at, acknowledged_by,"
            " acknowledged_by_name, reason) VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (jurisdiction, code) WHERE taken_up_at IS NULL DO NOTHING",
            (actor.organisation_code, code, at, actor.person_id, actor.person_name, reason),
        ).rowcount
    if not done:
        raise Refused([_refusal("warning_acknowledged_already")])


def take_up(*, code: str, actor: Actor, at: datetime) -> None:
    """Put a warning that was set aside back on the bench. Raises Refused."""
    require(actor, ACT)
    with acting(actor, act=ACT, database="national") as connection:
        done = connection.execute(
            "UPDATE exchange.acknowledged_warning SET taken_up_at = %s, taken_up_by = %s, taken_up_by_name = %s"
            " WHERE jurisdiction = %s AND code = %s AND taken_up_at IS NULL",
            (at, actor.person_id, actor.person_name, actor.organisation_code, code),
        ).rowcount
    if not done:
        raise Refused([_refusal("warning_not_acknowledged")])


_SHORTEST_REASON, _LONGEST_REASON = 10, 500
_REFUSALS: Final = {
    "warning_unknown": (
        "Only a warning of a SEW report can be set aside; an error was not applied and wants to be corrected.",
        "Correct the records and send them again.",
        "code",
    ),
    "acknowledgement_reason_missing": (
        f"Who sets a warning aside says why, in {_SHORTEST_REASON} to {_LONGEST_REASON} characters.",
        "Write why this warning is expected in your files.",
        "reason",
    ),
    "warning_acknowledged_already": (
        "This warning is set aside already.",
        "Take it up again first when the reason has changed.",
        "code",
    ),
    "warning_not_acknowledged": (
        "This warning is not set aside.",
        "Nothing has to be done: it is on the bench.",
        "code",
    ),
}


def _faults(*, code: str, reason: str) -> list[Refusal]:
    kind = PROBLEM_KINDS.get(code)
    faults = []
    if kind is None or kind.severity != "warning":
        faults.append(_refusal("warning_unknown"))
    if not _SHORTEST_REASON <= len(reason) <= _LONGEST_REASON:
        faults.append(_refusal("acknowledgement_reason_missing"))
    return faults


def _refusal(code: str) -> Refusal:
    message, remedy, field = _REFUSALS[code]
    return Refusal(code=code, message=message, remedy=remedy, field=field, rule="N-503")


def _named(row: tuple[Any, ...]) -> dict[str, Any]:
    names = ("code", "acknowledged_at", "acknowledged_by_name", "reason", "taken_up_at", "taken_up_by_name")
    return dict(zip(names, row, strict=True))
