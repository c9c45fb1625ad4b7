"""Corrections of VINs, step by step: the vehicle is inspected, and each step is ticked by what did it (N-307)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, LiteralString
from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Absent, Refusal, RefusalsUnder, Refused
from vinculum.kernel.vin import VinFaultKind, normalise_vin, vin_faults
from vinculum.national.casework.request_keys import claim_request, keep_made
from vinculum.national.law.title import VehicleRecord
from vinculum.national.law.vin_procedures import DONE_BY_OTHERS, Procedure, Seen, Ticked, procedure_of, ticked
from vinculum.national.records.roster import read_roster
from vinculum.national.records.vehicle import read_vehicle
from vinculum.national.records.vehicles import read_vehicles
from vinculum.protocol.fields import VVHIDN

ACT: Final = "work_vin_correction"
PLACES: Final = {
    "dash_plate": "Plate at the dashboard",
    "door_label": "Label in the door",
    "frame": "Frame",
    "engine": "Engine",
    "other": "Another place on the vehicle",
}
_MOST_LISTED: Final = 200
_LONGEST_OFFICE: Final = 80
# A wrong VIN may have letters that no VIN has: it is wrong.
_ON_RECORD: Final = re.compile(rf"[A-Z0-9]{{1,{VVHIDN.length}}}")
_refusal: Final = RefusalsUnder(rule="N-307")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The VIN as it was read off the vehicle: by which office or officer, on which day, where, and what it was."""

    inspected_on: date
    inspected_by: str
    place: str
    read_vin: str
    recorded_at: datetime
    recorded_by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction as it stands. `vin` is the wrong one, `origin` the state that issued it.

    One that was taken back has no steps: nothing that comes later is a step of it.
    """

    vin: str
    correction_id: UUID
    right_vin: str
    jurisdiction: str
    origin: str
    procedure: Procedure
    opened_at: datetime
    opened_by_name: str
    verifications: tuple[Verification, ...]
    withdrawn_at: datetime | None = None
    withdrawn_by_name: str = ""
    withdrawn_because: str = ""
    steps: tuple[Ticked, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether every step was seen."""
        return bool(self.steps) and all(step.done for step in self.steps)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the state that began it took it back."""
        return self.withdrawn_at is not None

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it can be taken back: it stands, and no message or approval has done a step of it."""
        return not self.is_withdrawn and not any(
            step.done and step.step.shown_by in DONE_BY_OTHERS for step in self.steps
        )

    @property
    def waits_for(self) -> str:
        """The state whose step is the next one; empty when every step was seen, or it was taken back."""
        next_one = next((step.step.who for step in self.steps if step.is_next), None)
        return {"own": self.jurisdiction, "origin": self.origin, None: ""}[next_one]


class NoSuchCorrection(Absent):
    """There is none, or none of the actor's."""


def begin(
    *,
    vin: str,
    right_vin: str,
    origin: str,
    enters_both_vins: bool,
    actor: Actor,
    at: datetime,
    key: UUID | None = None,
) -> UUID:
    """Begin a correction, once for a key; which procedure it follows is decided by the mode. Raises Refused."""
    require(actor, ACT)
    vin, right_vin = normalise_vin(vin), normalise_vin(right_vin)
    asked = ("VIN correction", vin, right_vin, origin, enters_both_vins)
    with acting(actor, act=ACT, database="national") as connection:
        made = claim_request(connection, key=key, act=ACT, asked=asked, actor=actor, at=at)
        if made is not None:
            return UUID(made)
        roster = read_roster(connection)
        own = roster.standings.get(actor.organisation_code)
        faults = [*_check_vins(vin, right_vin)]
        if actor.organisation_kind != "jurisdiction" or own is None or own.mode is None:
            words = "Only a jurisdiction that takes part corrects the VIN of a vehicle presented to it."
            faults.append(_refusal("correction_by_states", words, "Follow a correction instead."))
        if not origin:
            words = "The state that issued the title with the wrong VIN is missing."
            faults.append(_refusal("missing_field", words, "Choose it.", field="origin"))
        elif origin not in roster.standings:
            words = f"{origin[:2]} is not a D20 jurisdiction code."
            faults.append(_refusal("jurisdiction_unknown", words, "Choose the state.", field="origin"))
        if faults or own is None or own.mode is None:
            raise Refused(faults)
        correction_id = uuid4()
        procedure = procedure_of(
            mode=own.mode,
            is_own_error=origin == actor.organisation_code,
            enters_both_vins=enters_both_vins,
        )
        connection.execute(
            "INSERT INTO exchange.vin_correction (vin, correction_id, right_vin, jurisdiction, origin, procedure,"
            " opened_at, opened_by, opened_by_name) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(vin, correction_id, right_vin, actor.organisation_code, origin, procedure),
                *(at, actor.person_id, actor.person_name),
            ),
        )
        keep_made(connection, key=key, made=correction_id, actor=actor)
    return correction_id


def verify(
    *,
    vin: str,
    correction_id: UUID,
    inspected_on: date | None,
    inspected_by: str,
    place: str,
    read_vin: str,
    actor: Actor,
    at: datetime,
    key: UUID | None = None,
) -> None:
    """Record that the vehicle was looked at, once for a key; the state that corrects does that. Raises Refused."""
    require(actor, ACT)
    read_vin = normalise_vin(read_vin)
    asked = ("inspection", vin, correction_id, inspected_on, inspected_by.strip(), place, read_vin)
    with acting(actor, act=ACT, database="national") as connection:
        if claim_request(connection, key=key, act=ACT, asked=asked, actor=actor, at=at) is not None:
            return
        found = read_correction(connection, vin, correction_id)
        faults = [
            _refusal(fault.kind.value, fault.message, "Compare it with the vehicle.", field="read_vin")
            for fault in vin_faults(read_vin)
        ]
        if found.jurisdiction != actor.organisation_code:
            words = "The state to which the vehicle was presented inspects it."
            faults.append(_refusal("correction_not_yours", words, "Ask that state."))
        elif not hold(connection, found):
            faults.append(taken_back())
        if inspected_on is None or inspected_on > at.date():
            words = "The day of the inspection is missing or in the future."
            faults.append(_refusal("invalid_field", words, "Enter the day.", field="inspected_on"))
        if not 1 <= len(inspected_by.strip()) <= _LONGEST_OFFICE:
            words = f"Say which office or officer inspected, in {_LONGEST_OFFICE} characters at most."
            faults.append(_refusal("missing_field", words, "A badge number will do.", field="inspected_by"))
        if place not in PLACES:
            faults.append(
                _refusal("missing_field", "Say where the VIN was read.", "Choose the place.", field="place")
            )
        if faults:
            raise Refused(faults)
        verification_id = uuid4()
        connection.execute(
            "INSERT INTO exchange.vin_verification (vin, correction_id, verification_id, jurisdiction, origin,"
            " inspected_on, inspected_by, place, read_vin, recorded_at, recorded_by, recorded_by_name)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(found.vin, correction_id, verification_id, found.jurisdiction, found.origin, inspected_on),
                *(inspected_by.strip(), place, read_vin, at, actor.person_id, actor.person_name),
            ),
        )
        keep_made(connection, key=key, made=verification_id, actor=actor)


# Inspections and taking back, of one correction, come one after the other.
HOLD: LiteralString = (
    "SELECT 1 FROM exchange.vin_correction WHERE vin = %s AND correction_id = %s AND withdrawn_at IS NULL"
    " FOR NO KEY UPDATE"
)


def hold(connection: Connection, found: Correction) -> bool:
    """Hold one's own correction until the transaction ends; no when it was taken back."""
    return connection.execute(HOLD, (found.vin, found.correction_id)).fetchone() is not None


def taken_back() -> Refusal:
    """What whoever would go on with it is told."""
    words = "This correction was taken back; nothing more is done on it."
    return _refusal("correction_taken_back", words, "Begin another if the VIN is wrong after all.")


def show(*, vin: str, correction_id: UUID, actor: Actor) -> Correction:
    """One correction with its steps, ticked. Raises NoSuchCorrection."""
    require(actor, ACT)
    with acting(actor, act=ACT, database="national") as connection:
        return read_correction(connection, vin, correction_id)


def listed(*, actor: Actor) -> tuple[Correction, ...]:
    """The corrections of the actor's state, and those of its own titles elsewhere, the latest first; without steps."""
    require(actor, ACT)
    with acting(actor, act=ACT, database="national") as connection:
        return _latest(connection)


def standing_with_steps(*, actor: Actor) -> tuple[Correction, ...]:
    """Those that were not taken back with their steps, ticked; all of them are looked up at once."""
    require(actor, ACT)
    with acting(actor, act=ACT, database="national") as connection:
        found = _latest(connection, " WHERE c.withdrawn_at IS NULL")
        at_desks = {
            row[0]: row[1:]
            for row in connection.execute(
                "SELECT w.correction_id, s.asked, s.letter, s.requested, s.approved"
                "  FROM unnest(%s::text[], %s::uuid[]) AS w (vin, correction_id)"
                " CROSS JOIN LATERAL exchange.seen_at_desks(w.vin, w.correction_id) AS s",
                ([one.vin for one in found], [one.correction_id for one in found]),
            )
        }
        vins = {vin for one in found for vin in (one.vin, one.right_vin)}
        held = read_vehicles(connection, vins, parts=("pointers", "history"))

    def steps(one: Correction) -> tuple[Ticked, ...]:
        wrong, right = held[one.vin].record, held[one.right_vin].record
        seen = _seen(one, at_desks=at_desks[one.correction_id], wrong=wrong, right=right)
        return ticked(one.procedure, seen=frozenset(seen))

    return tuple(replace(one, steps=steps(one)) for one in found)


def _latest(connection: Connection, which: LiteralString = "") -> tuple[Correction, ...]:
    rows = connection.execute(
        _READ + which + " ORDER BY c.opened_at DESC, c.correction_id LIMIT %s", (_MOST_LISTED,)
    ).fetchall()
    return tuple(_correction(row) for row in rows)


_READ: Final = (
    "SELECT c.vin, c.correction_id, c.right_vin, c.jurisdiction, c.origin, c.procedure, c.opened_at, c.opened_by_name,"
    " c.withdrawn_at, coalesce(c.withdrawn_by_name, ''), coalesce(c.withdrawn_because, ''),"
    " (SELECT json_agg(json_build_array(v.inspected_on, v.inspected_by, v.place, v.read_vin, v.recorded_at,"
    " v.recorded_by_name) ORDER BY v.recorded_at) FROM exchange.vin_verification AS v"
    "   WHERE v.vin = c.vin AND v.correction_id = c.correction_id)"
    "  FROM exchange.vin_correction AS c"
)


def read_correction(connection: Connection, vin: str, correction_id: UUID) -> Correction:
    """One correction with its steps, in the transaction of who reads it. Raises NoSuchCorrection."""
    row = connection.execute(
        _READ + " WHERE c.vin = %s AND c.correction_id = %s", (vin, correction_id)
    ).fetchone()
    if row is None:
        raise NoSuchCorrection
    found = _correction(row)
    if found.is_withdrawn:
        return found
    desks = connection.execute(
        "SELECT asked, letter, requested, approved FROM exchange.seen_at_desks(%s, %s)",
        (found.vin, found.correction_id),
    ).fetchone()
    assert desks is not None
    wrong, right = read_vehicle(connection, found.vin), read_vehicle(connection, found.right_vin)
    seen = frozenset(_seen(found, at_desks=desks, wrong=wrong, right=right))
    return replace(found, steps=ticked(found.procedure, seen=seen))


_AT_DESKS: Final[tuple[Seen, ...]] = ("asked", "letter", "requested", "approved")


def _seen(
    found: Correction, *, at_desks: Sequence[bool], wrong: VehicleRecord, right: VehicleRecord
) -> Iterator[Seen]:
    if any(one.read_vin == found.right_vin for one in found.verifications):
        yield "verified"
    yield from (what for what, was in zip(_AT_DESKS, at_desks, strict=True) if was)
    yield from _seen_on_record(found, wrong=wrong, right=right)


def _seen_on_record(found: Correction, *, wrong: VehicleRecord, right: VehicleRecord) -> Iterator[Seen]:
    """What the accepted messages since the beginning have made of the two VINs."""
    for entry in wrong.history:
        own = entry.title.jurisdiction == found.jurisdiction and entry.withdraws is None
        if own and entry.title.transaction_type != "VC" and entry.title.transaction_at >= found.opened_at:
            yield "taken_over"
    for entry in right.standing_titles():
        came_over = entry.other_vin == found.vin
        if came_over and entry.title.jurisdiction == found.origin:
            yield "moved"
        if entry.title.jurisdiction == found.jurisdiction and entry.title.transaction_at >= found.opened_at:
            yield "titled"
            if came_over:
                yield "corrected"


def _correction(row: tuple[Any, ...]) -> Correction:
    return Correction(
        vin=row[0],
        correction_id=row[1],
        right_vin=row[2],
        jurisdiction=row[3],
        origin=row[4],
        procedure=row[5],
        opened_at=row[6],
        opened_by_name=row[7],
        verifications=tuple(
            Verification(
                inspected_on=date.fromisoformat(one[0]),
                inspected_by=one[1],
                place=PLACES[one[2]],
                read_vin=one[3],
                recorded_at=datetime.fromisoformat(one[4]),
                recorded_by_name=one[5],
            )
            for one in row[11] or ()
        ),
        withdrawn_at=row[8],
        withdrawn_by_name=row[9],
        withdrawn_because=row[10],
    )


def _check_vins(vin: str, right_vin: str) -> Iterator[Refusal]:
    if not vin:
        words, what_to_do = "The wrong VIN is missing.", "Type it as it is printed on the title."
        yield _refusal(VinFaultKind.EMPTY.value, words, what_to_do, field="vin")
    elif not _ON_RECORD.fullmatch(vin):
        words = f"The wrong VIN is no number that the exchange can hold: A to Z and digits, {VVHIDN.length} at most."
        what_to_do = "Type it as it is printed on the title."
        yield _refusal(VinFaultKind.CHARACTER_NOT_ALLOWED.value, words, what_to_do, field="vin")
    for fault in vin_faults(right_vin):
        empty = fault.kind is VinFaultKind.EMPTY
        words = "The right VIN is missing." if empty else f"The right VIN: {fault.message}"
        what_to_do = "Type it as it is read off the vehicle."
        yield _refusal(fault.kind.value, words, what_to_do, field="right_vin")
    if vin and vin == right_vin:
        yield _refusal(
            "correction_says_nothing",
            "The wrong VIN and the right one are the same.",
            "Correct one of them.",
            field="right_vin",
        )
