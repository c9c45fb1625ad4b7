"""Corrections of VINs that were begun by mistake: taken back before a step was done, kept, and closed to everybody."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID, uuid4

import psycopg
import pytest
from counter import Counter, change_of_state, first_title, new_vin
from desk_program import codes, program
from django.urls import reverse

from both_systems import National
from exchange_people import Known, signed_in_person
from people import World
from signed_in import client_of
from vinculum.access.database import Actor, acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import data_changes, evidence, vin_corrections, withdraw_correction
from vinculum.national.casework.vin_corrections import ACT, Correction
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("reporting")]
REASON = "Two files were mixed up."


@pytest.fixture
def counter(databases: ScratchDatabases, national: National) -> Counter:
    return Counter(url=databases.national_url)


@dataclass(kw_only=True)
class Mistake:
    """A correction of a New York title that Connecticut has begun."""

    counter: Counter
    known: Known
    wrong: str = field(default_factory=new_vin)
    right: str = field(default_factory=new_vin)
    correction_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.clerk, self.origin = self.of("CT"), self.of("NY")
        assert self.counter.send(first_title(self.wrong, "NY", "NY1", date(2022, 5, 1))).accepted
        self.correction_id = self.begun()

    def of(self, state: str) -> Actor:
        return self.known("title_clerk", "jurisdiction", state)

    def begun(self) -> UUID:
        return vin_corrections.begin(
            vin=self.wrong,
            right_vin=self.right,
            origin="NY",
            enters_both_vins=True,
            actor=self.clerk,
            at=datetime.now(UTC),
        )

    def inspect(self) -> None:
        vin_corrections.verify(
            vin=self.wrong,
            correction_id=self.correction_id,
            inspected_on=date(2026, 1, 2),
            inspected_by="Badge 117",
            place="frame",
            read_vin=self.right,
            actor=self.clerk,
            at=datetime.now(UTC),
        )

    def withdraw(self, *, by: Actor | None = None, reason: str = REASON) -> None:
        withdraw_correction.withdraw(
            vin=self.wrong,
            correction_id=self.correction_id,
            reason=reason,
            actor=by or self.clerk,
            at=datetime.now(UTC),
        )

    def asked(self) -> UUID:
        """New York asks itself for the change of its data, which another of New York has to approve."""
        request = {"vin": self.wrong, "owners": ("NY",), "change": "Move it.", "evidence": "Seen."}
        return data_changes.propose(**request, actor=self.origin, at=datetime.now(UTC))

    @property
    def message(self) -> ChangeOfStateOfTitle:
        """Connecticut's title with both VINs, which does the steps."""
        return change_of_state(
            *(self.wrong, ("NY", "NY1"), ("CT", "CT7"), date(2025, 1, 2)),
            new_vin=self.right,
            vin_verified_on=date(2025, 1, 2),
        )

    @property
    def found(self) -> Correction:
        return vin_corrections.show(vin=self.wrong, correction_id=self.correction_id, actor=self.clerk)


@pytest.fixture
def mistake(counter: Counter, known: Known) -> Mistake:
    return Mistake(counter=counter, known=known)


def refused(act: Callable[[], None]) -> set[str]:
    with pytest.raises(Refused) as fault:
        act()
    return {refusal.code for refusal in fault.value.refusals}


def test_taken_back_it_is_closed_and_kept(mistake: Mistake) -> None:
    """N-307: after an inspection it is taken back; who, when and why stay; it waits for nobody; another is begun."""
    mistake.inspect()
    mistake.withdraw()
    found = mistake.found
    assert found.is_withdrawn
    assert (found.withdrawn_by_name, found.withdrawn_because) == (mistake.clerk.person_name, REASON)
    assert (found.steps, found.waits_for, found.is_done, len(found.verifications)) == ((), "", False, 1)
    assert refused(mistake.inspect) == {"correction_taken_back"}
    assert refused(mistake.withdraw) == {"correction_taken_back"}
    # What comes afterwards is no step of it.
    assert mistake.counter.send(mistake.message, at=datetime.now(UTC)).accepted
    assert mistake.found.steps == ()
    gone, mistake.correction_id = mistake.correction_id, mistake.begun()
    standing = {one.correction_id for one in vin_corrections.standing_with_steps(actor=mistake.clerk)}
    assert mistake.correction_id in standing
    assert gone not in standing
    assert gone in {one.correction_id for one in vin_corrections.listed(actor=mistake.clerk)}


def test_who_takes_back_and_why(mistake: Mistake) -> None:
    """N-307: the state that began it, with a reason; the originating state does not, a third finds nothing."""
    assert refused(partial(mistake.withdraw, by=mistake.origin)) == {"correction_not_yours"}
    assert refused(partial(mistake.withdraw, by=mistake.known("help_desk", "association", "ASSOC"))) == {
        "correction_not_yours"
    }
    with pytest.raises(vin_corrections.NoSuchCorrection):
        mistake.withdraw(by=mistake.of("RI"))
    for reason in (" ", "x" * 201):
        assert refused(partial(mistake.withdraw, reason=reason)) == {"missing_field"}
    assert not mistake.found.is_withdrawn


def test_a_step_that_was_done_holds_it(mistake: Mistake) -> None:
    """N-307: what an accepted message has done is no mistake to be taken back."""
    mistake.inspect()
    assert mistake.counter.send(mistake.message, at=datetime.now(UTC)).accepted
    assert refused(mistake.withdraw) == {"correction_not_withdrawn"}
    assert not mistake.found.is_withdrawn


def test_the_database_holds_it(mistake: Mistake) -> None:
    """N-307: another state ends nothing, nobody begins an ended one, ends it twice or keeps anything with it."""
    where = (mistake.wrong, mistake.correction_id)
    ends = (
        "UPDATE exchange.vin_correction SET withdrawn_at = now(), withdrawn_by = access.person_id(),"
        " withdrawn_by_name = 'x', withdrawn_because = %s WHERE vin = %s AND correction_id = %s"
    )
    with acting(mistake.origin, act=ACT, database="national") as connection:
        assert connection.execute(ends, ("x", *where)).rowcount == 0
    for statement, values in (
        (ends, ("", *where)),
        (
            "UPDATE exchange.vin_correction SET withdrawn_at = now() WHERE vin = %s AND correction_id = %s",
            where,
        ),
    ):
        with (
            pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)),
            acting(mistake.clerk, act=ACT, database="national") as connection,
        ):
            connection.execute(statement, values)
    mistake.withdraw()
    with acting(mistake.clerk, act=ACT, database="national") as connection:
        assert connection.execute(ends, ("x", *where)).rowcount == 0
    assert mistake.found.withdrawn_because == REASON

    def keep() -> None:
        evidence.keep(
            (_Text(),),
            subject="vin_correction",
            vin=mistake.wrong,
            subject_id=mistake.correction_id,
            store=lambda file: None,
            actor=mistake.clerk,
            at=datetime.now(UTC),
        )

    assert refused(keep) == {"correction_taken_back"}
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(mistake.clerk, act=ACT, database="national") as connection,
    ):
        connection.execute(_INSPECTS, _inspected(mistake))


@dataclass(frozen=True, slots=True)
class _Text:
    name: str = "a.txt"
    media_type: str = "text/plain"
    content: bytes = b"x"
    content_name: str = "0" * 64


_INSPECTS = (
    "INSERT INTO exchange.vin_verification (vin, correction_id, verification_id, jurisdiction, origin, inspected_on,"
    " inspected_by, place, read_vin, recorded_at, recorded_by, recorded_by_name)"
    " VALUES (%s, %s, %s, 'CT', 'NY', '2026-01-02', 'Badge 117', 'frame', %s, now(), access.person_id(), 'x')"
)


def _inspected(mistake: Mistake) -> tuple[object, ...]:
    return mistake.wrong, mistake.correction_id, uuid4(), mistake.right


@contextmanager
def _message_on_its_way(mistake: Mistake) -> Iterator[None]:
    with mistake.counter.transaction() as connection:
        at = datetime.now(UTC)
        answer = apply_message(mistake.message, sender="CT", at=at, connection=connection, channel="online")
        assert answer.accepted
        yield


@contextmanager
def _approval_on_its_way(mistake: Mistake) -> Iterator[None]:
    request, colleague = mistake.asked(), mistake.of("NY")
    with acting(colleague, act="work_exchange_case", database="national") as connection:
        assert (
            connection.execute(
                "UPDATE exchange.data_change_approval SET approved = true, decided_at = now(),"
                " decided_by = access.person_id(), decided_by_name = 'x', words = 'Seen.'"
                " WHERE vin = %s AND request_id = %s AND jurisdiction = 'NY'",
                (mistake.wrong, request),
            ).rowcount
            == 1
        )
        yield


def outcome(act: Callable[[], None], meanwhile: AbstractContextManager[None]) -> set[str]:
    """What the act says that is done while the other is written but not yet committed."""
    with ThreadPoolExecutor(1) as pool:
        with meanwhile:
            asked = pool.submit(act)
            wait([asked], timeout=0.7)
        try:
            asked.result(10)
        except Refused as fault:
            return {refusal.code for refusal in fault.refusals}
    return set()


@pytest.mark.parametrize("protected", [True, False], ids=["protected", "unprotected"])
@pytest.mark.parametrize("step", ["message", "approval"])
def test_step_at_the_same_moment(
    mistake: Mistake, databases: ScratchDatabases, monkeypatch: pytest.MonkeyPatch, step: str, protected: bool
) -> None:
    """N-307: taking back waits for a step that is on its way, and sees it; without the locks it does not."""
    mistake.inspect()
    if step == "approval":
        # The procedure in which an approval is a step.
        with psycopg.connect(databases.admin_national_url) as connection:
            connection.execute(
                "UPDATE exchange.vin_correction SET procedure = 'other_batch' WHERE vin = %s",
                (mistake.wrong,),
            )
    if not protected:
        monkeypatch.setattr(withdraw_correction, "lock_vehicles", lambda *_: None)
        monkeypatch.setattr(
            withdraw_correction, "HOLD_STEPS", "SELECT 1 WHERE %s::text IS NULL AND %s::uuid IS NULL"
        )
    on_its_way = {"message": _message_on_its_way, "approval": _approval_on_its_way}[step]
    assert outcome(mistake.withdraw, on_its_way(mistake)) == (
        {"correction_not_withdrawn"} if protected else set()
    )
    assert mistake.found.is_withdrawn is not protected


@pytest.mark.parametrize("protected", [True, False], ids=["protected", "unprotected"])
def test_inspection_at_the_same_moment(
    mistake: Mistake, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """N-307: an inspection waits for who takes back, and is refused; without the lock it lands in what is closed."""

    @contextmanager
    def taking_back() -> Iterator[None]:
        with acting(mistake.clerk, act=ACT, database="national") as connection:
            connection.execute(
                "UPDATE exchange.vin_correction SET withdrawn_at = now(), withdrawn_by = access.person_id(),"
                " withdrawn_by_name = 'x', withdrawn_because = 'x' WHERE vin = %s",
                (mistake.wrong,),
            )
            yield

    if not protected:
        monkeypatch.setattr(vin_corrections, "HOLD", vin_corrections.HOLD.replace(" FOR NO KEY UPDATE", ""))
    assert outcome(mistake.inspect, taking_back()) == ({"correction_taken_back"} if protected else set())
    assert len(mistake.found.verifications) == (0 if protected else 1)


def test_by_page(world: World, mistake: Mistake) -> None:
    """N-307: the form is there while it may be, says what is missing, and the list says that it is taken back."""
    named = {"vin": mistake.wrong, "correction_id": mistake.correction_id}
    address, act = (
        reverse("exchange_correction", kwargs=named),
        reverse("exchange_withdraw_correction", kwargs=named),
    )
    ct = client_of(world.title_clerk())
    ny = client_of(signed_in_person(world, "title_clerk", "jurisdiction", "NY"))
    assert act in ct.get(address).content.decode()
    assert act not in ny.get(address).content.decode()
    missing = ct.post(act, {"reason": ""})
    assert missing.status_code == 422
    assert "Why it is taken back is missing" in missing.content.decode()
    assert ct.post(act, {"reason": REASON}).status_code == 302
    for client in (ct, ny):
        page = client.get(address).content.decode()
        assert REASON in page
        assert "taken back" in page
        assert act not in page
        assert "Record an inspection" not in page
        assert "Keep with the case" not in page
        assert "taken back" in client.get(reverse("exchange_corrections")).content.decode()
    assert ct.post(act, {"reason": REASON}).status_code == 422


def test_by_program(mistake: Mistake, databases: ScratchDatabases) -> None:
    """N-307: a program of the state takes it back with a reason; the other's is refused, a third finds nothing."""
    mistake.of("MA")
    ct, ny, ma = (program(databases, code) for code in ("CT", "NY", "MA"))
    where = f"/vin-corrections/{mistake.wrong}/{mistake.correction_id}"
    said = {"reason": REASON}
    assert ma.post(where + "/withdrawal", said).status_code == 404
    assert codes(ny.post(where + "/withdrawal", said)) == {"correction_not_yours"}
    assert codes(ct.post(where + "/withdrawal", {"reason": " "})) == {"missing_field"}
    told = ct.done(where + "/withdrawal", said)
    assert (told["withdrawn_because"], told["steps"], told["is_done"]) == (REASON, [], False)
    assert told["withdrawn_at"]
    assert ny.seen(where)["withdrawn_because"] == REASON
    assert codes(ct.post(where + "/withdrawal", said)) == {"correction_taken_back"}
