"""Data-change requests: proposed with evidence, approved by every owner, carried out by an owner's message (N-704)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, LiteralString
from uuid import UUID, uuid4

import psycopg

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Absent, Refusal, RefusalsUnder, Refused
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.national.casework.request_keys import claim_request, keep_made

_ACT: Final = "work_exchange_case"
_LONGEST: Final = 4000
_MOST_LISTED: Final = 200
_MOST_OWNERS: Final = 10
_MOST_UPDATES: Final = 20
Standing = Literal["proposed", "approved", "declined", "carried_out", "withdrawn"]
_refusal: Final = RefusalsUnder(rule="N-704", remedy="Look at the request again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What one owner said; `approved` is None until it decides."""

    jurisdiction: str
    approved: bool | None
    decided_at: datetime | None
    decided_by_name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChange:
    """A request with its approvals."""

    vin: str
    request_id: UUID
    asked_by: str
    change: str
    evidence: str
    opened_at: datetime
    opened_by: UUID
    opened_by_name: str
    withdrawn_at: datetime | None
    carried_out_at: datetime | None
    carried_out_by: str
    message_id: UUID | None
    approvals: tuple[Approval, ...]

    @property
    def standing(self) -> Standing:
        """Where it stands: derived from what was decided and done, never typed."""
        if self.carried_out_at is not None:
            return "carried_out"
        if self.withdrawn_at is not None:
            return "withdrawn"
        if any(approval.approved is False for approval in self.approvals):
            return "declined"
        return "approved" if all(approval.approved for approval in self.approvals) else "proposed"

    def waits_for(self, jurisdiction: str) -> bool:
        """Whether this owner has not decided yet, on a request that is still going."""
        undecided = any(a.jurisdiction == jurisdiction and a.approved is None for a in self.approvals)
        return undecided and self.standing == "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersUpdate:
    """An accepted update of a VIN: by a message on line, or by the record of a file, which has no message of its own.

    `message_id` names it: that of the message, of the title's entry, or of the brand's withdrawal.
    """

    origin: str
    message_id: UUID
    applied_at: datetime
    by: Literal["message", "title", "brand"]


class NoSuchRequest(Absent):
    """There is no such request, or none of the actor's."""


def propose(
    *,
    vin: str,
    owners: tuple[str, ...],
    change: str,
    evidence: str,
    actor: Actor,
    at: datetime,
    key: UUID | None = None,
) -> UUID:
    """Ask for a change of data that these jurisdictions own; the same with the same key once. Raises Refused."""
    require(actor, _ACT)
    vin, owners = normalise_vin(vin), tuple(sorted(set(owners)))
    asked = ("data change", vin, owners, change.strip(), evidence.strip())
    request_id = uuid4()
    asked_by = _side(actor)
    try:
        with acting(actor, act=_ACT, database="national") as connection:
            made = claim_request(connection, key=key, act=_ACT, asked=asked, actor=actor, at=at)
            if made is not None:
                return UUID(made)
            refusals = tuple(_check_proposed(vin, owners=owners, change=change, evidence=evidence))
            if refusals:
                raise Refused(refusals)
            connection.execute(
                "INSERT INTO exchange.data_change (vin, request_id, asked_by, data_of, change, evidence, opened_at,"
                " opened_by, opened_by_name) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    vin,
                    request_id,
                    asked_by,
                    list(owners),
                    change.strip(),
                    evidence.strip(),
                    at,
                    actor.person_id,
                    actor.person_name,
                ),
            )
            for owner in owners:
                connection.execute(
                    "INSERT INTO exchange.data_change_approval (vin, request_id, jurisdiction, asked_by, data_of,"
                    " opened_by) VALUES (%s, %s, %s, %s, %s, %s)",
                    (vin, request_id, owner, asked_by, list(owners), actor.person_id),
                )
            keep_made(connection, key=key, made=request_id, actor=actor)
    except psycopg.errors.ForeignKeyViolation as fault:
        raise Refused([_no_code()]) from fault
    return request_id


def _check_proposed(vin: str, *, owners: tuple[str, ...], change: str, evidence: str) -> Iterator[Refusal]:
    for fault in vin_faults(vin):
        what_to_do = "Copy it from the record that is to be changed."
        yield _refusal(fault.kind.value, fault.message, what_to_do, field="vin", rule="N-601")
    if not 1 <= len(owners) <= _MOST_OWNERS:
        words = f"The states whose data it is are missing, or more than {_MOST_OWNERS} were chosen."
        yield _refusal("owners_missing", words, "Choose the states that have to approve.", field="owners")
    for field, text, name, what_to_do in (
        ("change", change, "What is to be changed", "Say it in a sentence or two."),
        ("evidence", evidence, "The evidence", "Name papers, days and case numbers; no names of people."),
    ):
        if not 1 <= len(text.strip()) <= _LONGEST:
            words = f"{name} is missing or longer than {_LONGEST:,} characters."
            yield _refusal("missing_field", words, what_to_do, field=field)


def decide(*, vin: str, request_id: UUID, approve: bool, words: str, actor: Actor, at: datetime) -> None:
    """Approve or decline for one's own jurisdiction, once, and never what one has asked oneself. Raises Refused."""
    with _known(vin, request_id, actor) as (connection, found):
        refusals = []
        if not found.waits_for(actor.organisation_code):
            refusals.append(_refusal("nothing_to_decide", "Nothing waits for a decision of yours here."))
        if found.opened_by == actor.person_id:
            message = "You asked for this change; somebody else of your jurisdiction decides."
            refusals.append(_refusal("decided_by_another", message))
        if not 1 <= len(words.strip()) <= _LONGEST:
            words_missing = f"Why you decide so is missing or longer than {_LONGEST:,} characters."
            refusals.append(_refusal("missing_field", words_missing, "Say it in a sentence.", field="words"))
        if refusals:
            raise Refused(refusals)
        decided = connection.execute(
            "UPDATE exchange.data_change_approval SET approved = %s, decided_at = %s, decided_by = %s,"
            " decided_by_name = %s, words = %s"
            " WHERE vin = %s AND request_id = %s AND jurisdiction = %s AND approved IS NULL",
            (
                approve,
                at,
                actor.person_id,
                actor.person_name,
                words.strip(),
                vin,
                request_id,
                actor.organisation_code,
            ),
        ).rowcount
        if decided != 1:
            raise Refused([_refusal("nothing_to_decide", "Somebody of yours has decided in the meantime.")])


def carry_out(
    *, vin: str, request_id: UUID, origin: str, message_id: UUID, actor: Actor, at: datetime
) -> None:
    """Record the owner's own message by which an approved change was done (N-104). Raises Refused."""
    with _known(vin, request_id, actor) as (connection, found):
        if found.standing != "approved":
            words = (
                f"This request is {found.standing.replace('_', ' ')}; only an approved one is carried out."
            )
            raise Refused([_refusal("change_not_approved", words)])
        owner = origin if origin in {approval.jurisdiction for approval in found.approvals} else ""
        applied = connection.execute(
            _UPDATES + " WHERE message_id = %(message_id)s",
            {"vin": vin, "owners": [owner], "since": _EVER, "message_id": message_id},
        ).fetchone()
        if applied is None:
            words = f"No accepted update of this VIN with that message id came from {origin[:2]} as an owner."
            raise Refused([_refusal("effect_not_found", words, field="message_id")])
        ended = connection.execute(
            "UPDATE exchange.data_change SET carried_out_at = %s, carried_out_by = %s, message_id = %s"
            " WHERE vin = %s AND request_id = %s",
            (at, origin, message_id, vin, request_id),
        ).rowcount
        _check_ended(ended)


def updates_since(change: DataChange, *, actor: Actor) -> tuple[OwnersUpdate, ...]:
    """What the owners have sent about this VIN since the request was opened, the latest first."""
    require(actor, _ACT)
    owners = [approval.jurisdiction for approval in change.approvals]
    with acting(actor, act=_ACT, database="national") as connection:
        rows = connection.execute(
            _UPDATES + " ORDER BY applied_at DESC, message_id LIMIT %(most)s",
            {"vin": change.vin, "owners": owners, "since": change.opened_at, "most": _MOST_UPDATES},
        ).fetchall()
    return tuple(OwnersUpdate(origin=row[0], message_id=row[1], applied_at=row[2], by=row[3]) for row in rows)


def withdraw(*, vin: str, request_id: UUID, actor: Actor, at: datetime) -> None:
    """Take back what one's own side has asked, while nothing was done. Raises Refused."""
    with _known(vin, request_id, actor) as (connection, found):
        if found.asked_by != _side(actor) or found.standing in {"carried_out", "withdrawn"}:
            raise Refused([_refusal("change_not_withdrawn", "Only who asked withdraws, before it is done.")])
        ended = connection.execute(
            "UPDATE exchange.data_change SET withdrawn_at = %s WHERE vin = %s AND request_id = %s",
            (at, vin, request_id),
        ).rowcount
        _check_ended(ended)


def _check_ended(rows: int) -> None:
    """Nothing was updated when the request has ended in the meantime."""
    if rows != 1:
        raise Refused(
            [_refusal("change_ended_meanwhile", "Somebody has ended this request in the meantime.")]
        )


def show(*, vin: str, request_id: UUID, actor: Actor) -> DataChange:
    """One request. Raises NoSuchRequest."""
    with _known(vin, request_id, actor) as (_, found):
        return found


def listed(*, actor: Actor) -> tuple[DataChange, ...]:
    """The requests that the actor's side asked or has to decide, the latest first."""
    return _listed(" ORDER BY c.opened_at DESC, c.request_id LIMIT %s", actor=actor)


def unended(*, actor: Actor) -> tuple[DataChange, ...]:
    """Those of them that were neither carried out nor withdrawn, the oldest first."""
    return _listed(
        " WHERE c.withdrawn_at IS NULL AND c.carried_out_at IS NULL ORDER BY c.opened_at, c.request_id LIMIT %s",
        actor=actor,
    )


def of_vehicle(vin: str, *, actor: Actor) -> tuple[DataChange, ...]:
    """Those of them about one VIN, the latest first."""
    return _listed(" WHERE c.vin = %s ORDER BY c.opened_at DESC, c.request_id LIMIT %s", vin, actor=actor)


def _listed(which: LiteralString, *asked: str, actor: Actor) -> tuple[DataChange, ...]:
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        rows = connection.execute(_READ + which, (*asked, _MOST_LISTED)).fetchall()
    return tuple(_change(row) for row in rows)


_EVER: Final = datetime.min.replace(tzinfo=UTC)
# Records of a file leave no message: their titles and withdrawn brands are found where they took effect.
_UPDATES: Final[LiteralString] = """
SELECT origin, message_id, applied_at, by FROM (
  SELECT m.origin, m.message_id, m.received_at AS applied_at, 'message' AS by
    FROM exchange.message_inbox AS m
   WHERE m.vin = %(vin)s AND m.origin = ANY (%(owners)s) AND m.accepted AND m.received_at >= %(since)s
  UNION ALL
  SELECT h.jurisdiction, h.entry_id, h.transaction_at, 'title'
    FROM exchange.title_history AS h
   WHERE h.vin = %(vin)s AND h.jurisdiction = ANY (%(owners)s) AND h.transaction_at >= %(since)s
     AND NOT EXISTS (SELECT 1 FROM exchange.message_inbox AS m WHERE m.vin = h.vin AND m.entry_id = h.entry_id)
  UNION ALL
  SELECT w.brander, w.withdrawal_id, w.withdrawn_at, 'brand'
    FROM exchange.brand_withdrawal AS w
   WHERE w.vin = %(vin)s AND w.brander = ANY (%(owners)s) AND w.withdrawn_at >= %(since)s
     AND w.restored_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM exchange.message_inbox AS m
                      WHERE m.vin = w.vin AND m.received_at = w.withdrawn_at)
) AS u"""
_READ: Final = (
    "SELECT c.vin, c.request_id, c.asked_by, c.change, c.evidence, c.opened_at, c.opened_by, c.opened_by_name,"
    " c.withdrawn_at, c.carried_out_at, coalesce(c.carried_out_by, ''), c.message_id,"
    " (SELECT json_agg(json_build_array(a.jurisdiction, a.approved, a.decided_at, coalesce(a.decided_by_name, ''),"
    " coalesce(a.words, '')) ORDER BY a.jurisdiction) FROM exchange.data_change_approval AS a"
    "   WHERE a.vin = c.vin AND a.request_id = c.request_id)"
    "  FROM exchange.data_change AS c"
)


@contextmanager
def _known(vin: str, request_id: UUID, actor: Actor) -> Iterator[tuple[Connection, DataChange]]:
    """The request as it stands, in one transaction of the actor's."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        row = connection.execute(
            _READ + " WHERE c.vin = %s AND c.request_id = %s", (vin, request_id)
        ).fetchone()
        if row is None:
            raise NoSuchRequest
        yield connection, _change(row)


def _change(row: tuple[Any, ...]) -> DataChange:
    return DataChange(
        vin=row[0],
        request_id=row[1],
        asked_by=row[2],
        change=row[3],
        evidence=row[4],
        opened_at=row[5],
        opened_by=row[6],
        opened_by_name=row[7],
        withdrawn_at=row[8],
        carried_out_at=row[9],
        carried_out_by=row[10],
        message_id=row[11],
        approvals=tuple(
            Approval(
                jurisdiction=one[0],
                approved=one[1],
                decided_at=None if one[2] is None else datetime.fromisoformat(one[2]),
                decided_by_name=one[3],
                words=one[4],
            )
            for one in row[12] or ()
        ),
    )


def _no_code() -> Refusal:
    words = "One of the codes is not a D20 jurisdiction code."
    return _refusal("jurisdiction_unknown", words, "Choose the states from the list.", field="owners")


def _side(actor: Actor) -> str:
    return "help_desk" if actor.organisation_kind == "association" else actor.organisation_code
