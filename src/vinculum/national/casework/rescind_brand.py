"""A brand taken back at the desk: proposed by one person of the state that applied it, confirmed by another (N-404).

Dual control binds people. A message of a state's own system is the state's act, decided where that system is (N-104);
at the exchange's desk nobody takes a brand back alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, LiteralString
from uuid import UUID, uuid4

import psycopg

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Absent, Refusal, RefusalsUnder, Refused
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.national.casework.request_keys import claim_request, keep_made
from vinculum.national.law.advise import WAY_OF_MODE
from vinculum.national.law.change import Declined
from vinculum.national.law.correct_brand import decide_removal
from vinculum.national.law.standing import Channel
from vinculum.national.records.roster import read_roster
from vinculum.national.records.vehicle import read_vehicle
from vinculum.protocol.correct_brand import RemoveBrand
from vinculum.protocol.fields import REASON, field_problems
from vinculum.protocol.update_answer import UpdateAnswer

ACT: Final = "rescind_brand"
_MOST_LISTED: Final = 200
# How the message is applied, in the transaction that is given: the exchange's one way of every update.
Apply = Callable[[Connection, RemoveBrand, Channel], UpdateAnswer]
_READ: Final = (
    "SELECT vin, rescission_id, brand_code, brand_date, reason, proposed_at, proposed_by, proposed_by_name,"
    " confirmed, decided_at, coalesce(decided_by_name, '') FROM exchange.brand_rescission"
)
_refusal: Final = RefusalsUnder(rule="N-404")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescission:
    """A proposal; `confirmed` is None while it waits for the second person."""

    vin: str
    rescission_id: UUID
    brand_code: str
    brand_date: date
    reason: str
    proposed_at: datetime
    proposed_by: UUID
    proposed_by_name: str
    confirmed: bool | None
    decided_at: datetime | None
    decided_by_name: str

    @property
    def standing(self) -> str:
        """Where it stands, in a word."""
        return {None: "proposed", True: "rescinded", False: "declined"}[self.confirmed]


class NoSuchRescission(Absent):
    """There is none, or none of the actor's state."""


def propose(
    *,
    vin: str,
    brand_code: str,
    brand_date: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
    key: UUID | None = None,
) -> UUID:
    """The first person: which brand of one's own state should not stand, and why; once for a key. Raises Refused."""
    require(actor, ACT)
    rescission_id, vin = uuid4(), normalise_vin(vin)
    typed: dict[str, Any] = {"vin": vin, "brand_code": brand_code, "brand_date": brand_date, "reason": reason}
    asked = ("brand rescission", vin, brand_code, brand_date, reason.strip())
    try:
        with acting(actor, act=ACT, database="national") as connection:
            made = claim_request(connection, key=key, act=ACT, asked=asked, actor=actor, at=at)
            if made is not None:
                return UUID(made)
            faults = tuple(_check_typed(**typed, at=at))
            if faults:
                raise Refused(faults)
            message = _message(rescission_id, **typed, actor=actor, at=at)
            _check(connection, message)
            connection.execute(
                "INSERT INTO exchange.brand_rescission (vin, rescission_id, jurisdiction, brand_code, brand_date,"
                " reason, proposed_at, proposed_by, proposed_by_name) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    *(
                        vin,
                        rescission_id,
                        actor.organisation_code,
                        brand_code,
                        brand_date,
                        message.reason,
                        at,
                    ),
                    *(actor.person_id, actor.person_name),
                ),
            )
            keep_made(connection, key=key, made=rescission_id, actor=actor)
    except psycopg.errors.UniqueViolation as fault:
        words = "Somebody of your state has proposed that already; it waits for a second person."
        raise Refused([_refusal("rescission_waits_already", words, "Confirm it there.")]) from fault
    return rescission_id


def decide(
    *, vin: str, rescission_id: UUID, confirm: bool, apply: Apply, actor: Actor, at: datetime
) -> UpdateAnswer | None:
    """The second person confirms, and the brand is taken back at once; or somebody gives it up. Raises Refused."""
    require(actor, ACT)
    try:
        with acting(actor, act=ACT, database="national") as connection:
            decided = connection.execute(
                "UPDATE exchange.brand_rescission SET confirmed = %s, decided_at = %s, decided_by = %s,"
                " decided_by_name = %s WHERE vin = %s AND rescission_id = %s AND decided_at IS NULL"
                " RETURNING brand_code, brand_date, reason",
                (confirm, at, actor.person_id, actor.person_name, vin, rescission_id),
            ).fetchone()
            if decided is None:
                _missing(connection, vin, rescission_id)
                return None
            if not confirm:
                return None
            code, day, reason = decided
            message = _message(
                rescission_id, vin=vin, brand_code=code, brand_date=day, reason=reason, actor=actor, at=at
            )
            mode = read_roster(connection).standings[actor.organisation_code].mode
            answer = apply(connection, message, WAY_OF_MODE.get(mode or 0, "online"))
            if not answer.accepted:
                raise Refused(
                    [_refusal("rescission_not_applied", answer.problems[0].text, "Look at the record.")]
                )
            return answer
    except psycopg.errors.CheckViolation as fault:
        if fault.diag.constraint_name != "brand_rescission_takes_two":
            raise
        words = "You proposed this; somebody else of your jurisdiction confirms it."
        raise Refused([_refusal("decided_by_another", words, "Have a colleague look at it.")]) from fault


def listed(*, actor: Actor) -> tuple[Rescission, ...]:
    """The proposals of the actor's state, the latest first."""
    return _listed(" ORDER BY decided_at IS NOT NULL, proposed_at DESC, rescission_id LIMIT %s", actor=actor)


def undecided(*, actor: Actor) -> tuple[Rescission, ...]:
    """Those of them that wait for the second person, the oldest first."""
    return _listed(" WHERE decided_at IS NULL ORDER BY proposed_at, rescission_id LIMIT %s", actor=actor)


def _listed(which: LiteralString, *, actor: Actor) -> tuple[Rescission, ...]:
    require(actor, ACT)
    with acting(actor, act=ACT, database="national") as connection:
        rows = connection.execute(_READ + which, (_MOST_LISTED,)).fetchall()
    return tuple(_rescission(row) for row in rows)


def _message(
    rescission_id: UUID,
    *,
    vin: str,
    brand_code: str,
    brand_date: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> RemoveBrand:
    return RemoveBrand(
        message_id=rescission_id,
        origin=actor.organisation_code,
        sent_at=at,
        vin=vin,
        brand_code=brand_code,
        brand_date=brand_date,
        reason=reason.strip(),
    )


def _check_typed(
    *, vin: str, brand_code: str, brand_date: date | None, reason: str, at: datetime
) -> Iterator[Refusal]:
    """What can be seen from the proposal alone: all of it at once."""
    for fault in vin_faults(vin):
        yield _refusal(fault.kind.value, fault.message, "Compare it with the title.", field="vin")
    if not brand_code:
        yield _refusal("missing_field", "The brand is missing.", "Choose it.", field="brand_code")
    if brand_date is None:
        words = "The brand date is missing or is not a day."
        yield _refusal("missing_field", words, "Enter the day that is on record.", field="brand_date")
    elif brand_date > at.date():
        words = "The brand date lies in the future."
        yield _refusal("invalid_field", words, "Enter the day that is on record.", field="brand_date")
    if not 1 <= len(reason.strip()) <= REASON.length:
        words = f"The reason is missing or longer than {REASON.length} characters."
        what_to_do = "Say in a sentence why the brand should not stand."
        yield _refusal("missing_field", words, what_to_do, field="reason")


def _check(connection: Connection, message: RemoveBrand) -> None:
    """What the message would be refused for is said before anybody is asked to confirm it."""
    problems = field_problems(message)
    if not problems:
        decision = decide_removal(message, record=read_vehicle(connection, message.vin))
        problems = decision.problems if isinstance(decision, Declined) else ()
    if problems:
        raise Refused(
            [
                _refusal("rescission_not_applied", found.text, "Look at the record.", field=found.field)
                for found in problems
            ]
        )


def _missing(connection: Connection, vin: str, rescission_id: UUID) -> None:
    known = connection.execute(
        "SELECT 1 FROM exchange.brand_rescission WHERE vin = %s AND rescission_id = %s", (vin, rescission_id)
    ).fetchone()
    if known is None:
        raise NoSuchRescission
    raise Refused([_refusal("rescission_decided", "This was decided in the meantime.", "Look at it again.")])


def _rescission(row: tuple[Any, ...]) -> Rescission:
    return Rescission(
        vin=row[0],
        rescission_id=row[1],
        brand_code=row[2],
        brand_date=row[3],
        reason=row[4],
        proposed_at=row[5],
        proposed_by=row[6],
        proposed_by_name=row[7],
        confirmed=row[8],
        decided_at=row[9],
        decided_by_name=row[10],
    )
