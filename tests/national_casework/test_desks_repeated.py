"""A program that lost the answer of a desk sends the same again: one thing is made, and the first answer comes back."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from counter import Counter, brand, change_of_state, first_title, new_vin
from desk_program import Program, codes, program
from django.http import HttpResponse

from vinculum.config.scratch import ScratchDatabases
from vinculum.national.casework import (
    data_changes,
    draft_clone_case,
    move_case,
    rescind_brand,
    vin_corrections,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("reporting", "unhurried")]
WORDS = {"approve": True, "words": "We looked at the file."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """A request that makes a thing: where it is sent, what it says, another that differs in `field`; its rows."""

    module: ModuleType
    path: str
    said: dict[str, Any]
    field: str
    otherwise: str
    table: str
    vin: str

    @property
    def other(self) -> dict[str, Any]:
        return self.said | {self.field: self.otherwise}


class Desk:
    """The desks of the exchange on a test's day: three states' programs, and vehicles for each kind of request."""

    def __init__(self, states: dict[str, Program], counter: Counter, databases: ScratchDatabases) -> None:
        self.states, self.counter, self.databases = states, counter, databases

    def rows(self, making: Making) -> int:
        with psycopg.connect(self.databases.admin_national_url) as connection:
            query = psycopg.sql.SQL("SELECT count(*) FROM exchange.{} WHERE vin = %s")
            row = connection.execute(
                query.format(psycopg.sql.Identifier(making.table)), (making.vin,)
            ).fetchone()
        assert row is not None
        return int(row[0])

    def data_change(self) -> Making:
        """N-704."""
        vin = new_vin()
        said = {"vin": vin, "owners": ["NY"], "change": "The make is HOND.", "evidence": "The title itself."}
        return Making(
            module=data_changes,
            path="/data-changes",
            said=said,
            field="change",
            otherwise="The make is FORD.",
            table="data_change",
            vin=vin,
        )

    def clone_case(self) -> Making:
        """N-308."""
        vin = new_vin()
        for message in (
            first_title(vin, "CT", "C1"),
            change_of_state(vin, ("CT", "C1"), ("NY", "N1"), date(2024, 6, 3)),
        ):
            assert self.counter.send(message).accepted
        laid = self.states["CT"].seen(f"/clone-cases/record/{vin}")
        said = {
            "vin": vin,
            "circumstance": "clone",
            "finding": "The frame of vehicle B was read.",
            "titles": {
                one["entry_id"]: "remove" if one["jurisdiction"] == "NY" else "keep" for one in laid["titles"]
            },
            "brands": [],
        }
        return Making(
            module=draft_clone_case,
            path="/clone-cases",
            said=said,
            field="finding",
            otherwise="Its engine was read.",
            table="clone_case",
            vin=vin,
        )

    def vin_correction(self) -> Making:
        """N-307."""
        vin = new_vin()
        return Making(
            module=vin_corrections,
            path="/vin-corrections",
            said={"vin": vin, "right_vin": new_vin(), "origin": "NY"},
            field="right_vin",
            otherwise=new_vin(),
            table="vin_correction",
            vin=vin,
        )

    def inspection(self) -> Making:
        """N-307."""
        begun = self.vin_correction()
        correction = self.states["CT"].done(begun.path, begun.said)["correction_id"]
        said = {
            "inspected_on": "2026-03-02",
            "inspected_by": "Badge 7",
            "place": "frame",
            "read_vin": begun.said["right_vin"],
        }
        return Making(
            module=vin_corrections,
            path=f"/vin-corrections/{begun.vin}/{correction}/inspections",
            said=said,
            field="inspected_by",
            otherwise="Badge 8",
            table="vin_verification",
            vin=begun.vin,
        )

    def brand_rescission(self) -> Making:
        """N-404."""
        vin = new_vin()
        for message in (first_title(vin, "CT", "B1"), brand(vin, "CT", "11")):
            assert self.counter.send(message).accepted
        return Making(
            module=rescind_brand,
            path="/brand-rescissions",
            said={
                "vin": vin,
                "brand_code": "11",
                "brand_date": "2022-01-10",
                "reason": "Another vehicle",
            },
            field="reason",
            otherwise="A typing error",
            table="brand_rescission",
            vin=vin,
        )

    def case_note(self) -> Making:
        """N-401."""
        vin, case_id = new_vin(), uuid4()
        words = {"on_paper": "CT", "on_record": "NY", "words": "They differ.", "about": ""}
        fact = {"code": "state_differs"} | words
        paper = {"jurisdiction": "MA", "title_number": "1", "issue_date": "2026-01-02", "brands": []}
        with psycopg.connect(self.databases.admin_national_url) as connection:
            connection.execute(
                "INSERT INTO exchange.discrepancy_case (vin, case_id, asking, holding, state, facts, paper,"
                " opened_at, opened_by, moved_at) VALUES (%s, %s, 'CT', 'NY', 'open', %s, %s, now(), %s, now())",
                (vin, case_id, json.dumps([fact]), json.dumps(paper), uuid4()),
            )
        return Making(
            module=move_case,
            path=f"/cases/{vin}/{case_id}/moves",
            said={"move": "note", "body": "The owner called again."},
            field="body",
            otherwise="The owner came.",
            table="case_event",
            vin=vin,
        )


KINDS: tuple[Callable[[Desk], Making], ...] = (
    *(Desk.data_change, Desk.clone_case, Desk.vin_correction, Desk.inspection),
    *(Desk.brand_rescission, Desk.case_note),
)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@pytest.fixture
def desk(states: dict[str, Program], counter: Counter, databases: ScratchDatabases) -> Desk:
    return Desk(states, counter, databases)


@each_kind
def test_same_request_makes_one_thing(desk: Desk, kind: Callable[[Desk], Making]) -> None:
    """N-704, N-307, N-401, N-308, N-404: the same key answers as it did; with other content it is refused (409)."""
    making, ours, key = kind(desk), desk.states["CT"], uuid4()
    first, again = (ours.post(making.path, making.said, key=key) for _ in range(2))
    assert first.status_code in {200, 201}, first.content
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert desk.rows(making) == 1
    assert codes(ours.post(making.path, making.other, key=key), status=409) == {"idempotency_key_reused"}
    assert desk.rows(making) == 1


@each_kind
def test_without_key_as_before(desk: Desk, kind: Callable[[Desk], Making]) -> None:
    """N-704, N-307, N-401, N-308, N-404: without a key two equal requests are two; one proposal waits per brand."""
    making, ours = kind(desk), desk.states["CT"]
    for _ in range(2):
        answer = ours.post(making.path, making.said)
    waits_once = making.table == "brand_rescission"
    assert desk.rows(making) == (1 if waits_once else 2)
    assert (answer.status_code == 422) == waits_once


class Meeting:
    """Two transactions are begun before either claims the key; without the wall neither claims it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType, *, walled: bool) -> None:
        both, claim = threading.Barrier(2, timeout=10), module.claim_request

        def claim_together(*arguments: Any, **named: Any) -> str | None:
            both.wait()
            return claim(*arguments, **named) if walled else None

        monkeypatch.setattr(module, "claim_request", claim_together)


@pytest.mark.parametrize("walled", [True, False], ids=["wall", "twin"])
@each_kind
def test_equal_requests_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: Callable[[Desk], Making], walled: bool
) -> None:
    """N-704, N-307, N-401, N-308, N-404: of two equal requests at once one makes the thing; both hear of it.

    Its twin claims no key: then two are made, or where the table keeps that away, one is refused.
    """
    making, key = kind(desk), uuid4()
    Meeting(monkeypatch, making.module, walled=walled)

    def send(_: int) -> HttpResponse:
        return desk.states["CT"].post(making.path, making.said, key=key)

    with ThreadPoolExecutor(2) as both:
        one, other = both.map(send, range(2))
    alike = one.status_code < 300 and other.status_code == one.status_code
    if walled:
        assert alike
        assert one.content == other.content
        assert desk.rows(making) == 1
    else:
        assert desk.rows(making) == 2 or not alike


def test_key_is_the_jurisdictions(desk: Desk) -> None:
    """N-704: another program of the same state hears the first answer; another state's key is its own."""
    making, key = desk.data_change(), uuid4()
    first = desk.states["CT"].done(making.path, making.said, key=key)
    assert program(desk.databases, "CT").done(making.path, making.said, key=key) == first
    assert desk.rows(making) == 1
    assert desk.states["MA"].done(making.path, making.said, key=key) != first
    assert desk.states["MA"].post(making.path, making.other, key=key).status_code == 409
    assert desk.rows(making) == 2


def test_key_belongs_to_one_operation(desk: Desk) -> None:
    """N-307, N-704: a key that asked for a change of data begins no correction."""
    key = uuid4()
    for making, status in ((desk.data_change(), 201), (desk.vin_correction(), 409)):
        assert desk.states["CT"].post(making.path, making.said, key=key).status_code == status
        assert desk.rows(making) == (status == 201)


def test_refused_request_claims_nothing(desk: Desk) -> None:
    """N-704: what was refused, by a check or by the table, did nothing: it is sent again with the same key, mended."""
    making, ours, key = desk.data_change(), desk.states["CT"], uuid4()
    for wrong in ({"owners": []}, {"owners": ["QQ"]}):
        assert ours.post(making.path, making.said | wrong, key=key).status_code == 422
    ours.done(making.path, making.said, key=key)
    assert desk.rows(making) == 1


@each_kind
def test_fault_leaves_nothing_half_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: Callable[[Desk], Making]
) -> None:
    """N-704, N-307, N-401, N-308, N-404: a fault after the write takes thing and claim back; the next makes it."""
    making, ours, key = kind(desk), desk.states["CT"], uuid4()

    def gone(*_: Any, **__: Any) -> None:
        raise psycopg.OperationalError("the connection is lost")

    with monkeypatch.context() as lost:
        lost.setattr(making.module, "keep_made", gone)
        assert ours.post(making.path, making.said, key=key).status_code == 503
    assert desk.rows(making) == 0
    ours.done(making.path, making.said, key=key)
    assert desk.rows(making) == 1


def test_answer_is_the_first_whatever_came_after(desk: Desk) -> None:
    """N-401, N-404: an answer to a case and a proposal are told as done, when it was the other side's turn since."""
    case, key = desk.case_note(), uuid4()
    answer = {"move": "answer", "body": "Our record is right."}
    assert desk.states["NY"].done(case.path, answer, key=key) == {"state": "answered"}
    desk.states["CT"].done(case.path, {"move": "ask_again", "body": "Please look again."})
    assert desk.states["NY"].done(case.path, answer, key=key) == {"state": "answered"}
    assert desk.rows(case) == 2
    making = desk.brand_rescission()
    proposed = desk.states["CT"].done(making.path, making.said, key=key)
    where = f"/brand-rescissions/{making.vin}/{proposed['rescission_id']}/decision"
    desk.states["CT"].done(where, {"confirm": False})
    assert desk.states["CT"].done(making.path, making.said, key=key) == proposed


@pytest.mark.parametrize("key", ["", "7", "the last one", "00000000-0000-0000-0000-00000000000g"])
def test_key_that_is_no_uuid(desk: Desk, key: str) -> None:
    """N-704: a key that is no UUID is no key: nothing is made."""
    making = desk.data_change()
    answer = desk.states["CT"].post(making.path, making.said, key=key)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]
    assert desk.rows(making) == 0


def test_decisions_repeated_are_refused_and_change_nothing(desk: Desk) -> None:
    """N-704, N-308, N-404: what only moves a thing is refused when it is repeated, with the code of docs/desks.md."""
    ours, theirs = desk.states["CT"], desk.states["NY"]

    def twice(who: Program, path: str, said: Any, code: str, *, read: str) -> None:
        who.done(path, said)
        before = who.seen(read)
        assert code in codes(who.post(path, said))
        assert who.seen(read) == before

    for carried_out in (True, False):
        making = desk.data_change()
        message = first_title(making.vin, "NY", "D1")
        assert desk.counter.send(message).accepted
        where = f"/data-changes/{making.vin}/{ours.done(making.path, making.said)['request_id']}"
        twice(theirs, where + "/decision", WORDS, "nothing_to_decide", read=where)
        effect = {"origin": "NY", "message_id": str(message.message_id)}
        if carried_out:
            twice(theirs, where + "/effect", effect, "change_not_approved", read=where)
        else:
            twice(ours, where + "/withdrawal", None, "change_not_withdrawn", read=where)
    making = desk.clone_case()
    where = f"/clone-cases/{making.vin}/{ours.done(making.path, making.said)['case_id']}"
    places = [one["place"] for one in theirs.seen(where)["items"] if one["needs_acceptance"]]
    said = {"places": places, "accept": True, "words": WORDS["words"]}
    twice(theirs, where + "/decision", said, "nothing_to_decide", read=where)
    twice(ours, where + "/withdrawal", None, "clone_not_withdrawn", read=where)
    making = desk.brand_rescission()
    rescission: UUID = ours.done(making.path, making.said)["rescission_id"]
    where = f"/brand-rescissions/{making.vin}/{rescission}/decision"
    twice(ours, where, {"confirm": False}, "rescission_decided", read="/brand-rescissions")
