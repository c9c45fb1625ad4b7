"""Corrections of VINs by the procedures of chapter 19: each step is ticked by what did it, and by nothing else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import yaml
from counter import Counter, change_of_state, first_title, modification, new_vin
from django.urls import reverse
from django.utils.html import escape

from both_systems import National
from exchange_people import Known, signed_in_person
from people import World
from signed_in import client_of
from vinculum.access.database import Actor, acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import check_paper, data_changes, move_case, vin_corrections
from vinculum.national.casework.compare_paper import Paper
from vinculum.national.law.standing import Channel
from vinculum.national.law.vin_procedures import STEPS
from vinculum.national.records.roster import forget_roster

pytestmark = pytest.mark.database
PROCEDURES = yaml.safe_load((Path(__file__).parent / "vin_procedures.yaml").read_text(encoding="utf-8"))
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Bench:
    """A vehicle titled under a wrong VIN, and everybody who has a part in correcting it."""

    def __init__(self, counter: Counter, known: Known, *, origin: str) -> None:
        self.counter, self.known, self.origin = counter, known, origin
        self.wrong, self.right, self.at = new_vin(), new_vin(), START
        self.clerk = known("title_clerk", "jurisdiction", "CT")
        self.request: UUID | None = None
        self.case: UUID | None = None
        self._say(first_title(self.wrong, origin, f"{origin}1", date(2022, 5, 1)))

    def _say(self, message: Any) -> None:
        self.at += timedelta(minutes=1)
        # A file says the same as a message on line; which of them a mode allows is tested elsewhere.
        channel: Channel = "online" if self.online else "batch"
        with self.counter.transaction() as connection:
            answer = apply_message(
                message, sender=message.origin, at=self.at, connection=connection, channel=channel
            )
        assert answer.accepted, answer

    online = True

    def do(self, act: str, correction: UUID, *, by: str = "CT") -> None:
        getattr(self, f"_{act}")(correction, by)

    def _verify(self, correction: UUID, _by: str) -> None:
        vin_corrections.verify(
            vin=self.wrong,
            correction_id=correction,
            inspected_on=date(2026, 11, 19),
            inspected_by="Inspection lane 4, badge 117",
            place="frame",
            read_vin=self.right,
            actor=self.clerk,
            at=self.at,
        )

    def _request_data_change(self, _correction: UUID, by: str) -> None:
        self.request = data_changes.propose(
            vin=self.wrong,
            owners=(by,),
            change=f"Move the history to {self.right}.",
            evidence="Inspection",
            actor=self.known("title_clerk", "jurisdiction", by),
            at=self.at,
        )

    def _approve_data_change(self, _correction: UUID, by: str) -> None:
        assert self.request is not None
        colleague = self.known("title_clerk", "jurisdiction", by)
        data_changes.decide(
            vin=self.wrong, request_id=self.request, approve=True, words="Seen.", actor=colleague, at=self.at
        )

    def _ask_the_origin(self, _correction: UUID, _by: str) -> None:
        paper = Paper(
            vin=self.wrong,
            jurisdiction=self.origin,
            title_number="0",
            issue_date=date(2022, 5, 1),
            brands=(),
        )
        self.case = check_paper.open_case(paper, question="The VIN is wrong.", actor=self.clerk, at=self.at)

    def _receive_the_letter(self, _correction: UUID, _by: str) -> None:
        assert self.case is not None
        wanted = move_case.Request(
            vin=self.wrong, case_id=self.case, move="close", body="Here.", reason="paper_corrected"
        )
        move_case.run(wanted, actor=self.clerk, at=self.at)

    def _modify_to_the_right_vin(self, _correction: UUID, by: str) -> None:
        held = self.counter.record(self.wrong).pointers[0].title
        self._say(
            modification(
                *(self.wrong, by, held.title_number, f"{by}5", date(2026, 11, 18)),
                new_vin=self.right,
                vin_verified_on=date(2026, 11, 18),
            )
        )

    def _change_state_with_both_vins(self, _correction: UUID, _by: str) -> None:
        self._say(
            change_of_state(
                *(self.wrong, (self.origin, f"{self.origin}1"), ("CT", "CT7"), date(2026, 11, 18)),
                new_vin=self.right,
                vin_verified_on=date(2026, 11, 18),
            )
        )

    def _change_state_under_the_wrong_vin(self, _correction: UUID, _by: str) -> None:
        self._say(
            change_of_state(self.wrong, (self.origin, f"{self.origin}1"), ("CT", "CT6"), date(2026, 11, 17))
        )

    def _add_under_the_right_vin(self, _correction: UUID, _by: str) -> None:
        self._say(first_title(self.right, "CT", "CT8", date(2026, 11, 19)))


@pytest.fixture
def counter(databases: ScratchDatabases, national: National, reporting: None) -> Counter:
    return Counter(url=databases.national_url)


@pytest.fixture
def mode(databases: ScratchDatabases) -> Iterator[Any]:
    """Connecticut in another mode while a test lasts; its messages are then taken as from files."""

    def becomes(number: int) -> None:
        with psycopg.connect(databases.national_url) as connection:
            connection.execute(
                "UPDATE exchange.jurisdiction SET participation_mode = %s WHERE code = 'CT'", (number,)
            )
        forget_roster()

    yield becomes
    becomes(1)


def begun(bench: Bench, case: dict[str, Any]) -> UUID:
    return vin_corrections.begin(
        vin=bench.wrong,
        right_vin=bench.right,
        origin=case["origin"],
        enters_both_vins=case["enters_both_vins"],
        actor=bench.clerk,
        at=START,
    )


@pytest.mark.parametrize("case", PROCEDURES, ids=lambda case: case["procedure"])
def test_procedure(counter: Counter, known: Known, mode: Any, case: dict[str, Any]) -> None:
    """N-307: each printed procedure, act by act; a step is ticked by what did it, in the order of the print."""
    bench = Bench(counter, known, origin=case["origin"])
    mode(case["mode"])
    correction = begun(bench, case)
    for act in case["acts"]:
        sender = act.get("by", "CT")
        bench.online = case["mode"] == 1 or sender != "CT"
        bench.do(act["do"], correction, by=sender)
        found = vin_corrections.show(vin=bench.wrong, correction_id=correction, actor=bench.clerk)
        assert found.procedure == case["procedure"]
        assert [one.step.number for one in found.steps if one.done] == act["ticks"], act
        following = [one for one in found.steps if one.is_next]
        assert len(following) == (0 if found.is_done else 1)
    assert found.is_done
    assert counter.record(bench.right).pointers


def test_every_procedure_is_a_case() -> None:
    """N-307: all the printed procedures are tested, with every number that is printed for them."""
    assert [case["procedure"] for case in PROCEDURES] == list(STEPS)
    for case in PROCEDURES:
        assert case["acts"][-1]["ticks"] == [step.number for step in STEPS[case["procedure"]]]


def test_nothing_counts_without_the_inspection(counter: Counter, known: Known) -> None:
    """N-307: the physical verification is required; one that read another VIN is on record and ticks nothing."""
    bench = Bench(counter, known, origin="NY")
    correction = begun(bench, PROCEDURES[3])
    bench.do("change_state_with_both_vins", correction)
    read = bench.right
    bench.right = bench.wrong
    bench.do("verify", correction)
    found = vin_corrections.show(vin=bench.wrong, correction_id=correction, actor=bench.clerk)
    assert len(found.verifications) == 1
    assert not any(step.done for step in found.steps)
    bench.right = read
    bench.do("verify", correction)
    found = vin_corrections.show(vin=bench.wrong, correction_id=correction, actor=bench.clerk)
    assert found.is_done


def test_who_sees_and_who_inspects(counter: Counter, known: Known) -> None:
    """N-307: the correcting state and the originating one see it; only the former inspects; a third finds nothing."""
    bench = Bench(counter, known, origin="NY")
    correction = begun(bench, PROCEDURES[3])
    ny, ri = known("title_clerk", "jurisdiction", "NY"), known("title_clerk", "jurisdiction", "RI")
    assert vin_corrections.show(vin=bench.wrong, correction_id=correction, actor=ny).origin == "NY"
    with pytest.raises(vin_corrections.NoSuchCorrection):
        vin_corrections.show(vin=bench.wrong, correction_id=correction, actor=ri)
    assert correction not in {one.correction_id for one in vin_corrections.listed(actor=ri)}
    clerk, bench.clerk = bench.clerk, ny
    with pytest.raises(Refused) as refused:
        bench.do("verify", correction)
    assert {refusal.code for refusal in refused.value.refusals} == {"correction_not_yours"}
    bench.clerk = clerk
    bench.do("verify", correction)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(bench.clerk, act="work_vin_correction", database="national") as connection,
    ):
        connection.execute(
            "UPDATE exchange.vin_verification SET read_vin = 'X' WHERE vin = %s", (bench.wrong,)
        )


def test_what_is_missing_is_said_at_once(counter: Counter, known: Known) -> None:
    """N-307: an inspection names its day, its office, the place and the VIN; a correction two VINs and a state."""
    bench = Bench(counter, known, origin="NY")
    desk: Actor = known("help_desk", "association", "ASSOC")
    with pytest.raises(Refused) as refused:
        vin_corrections.begin(
            vin=bench.wrong, right_vin=bench.wrong, origin="XX", enters_both_vins=True, actor=desk, at=START
        )
    assert {refusal.code for refusal in refused.value.refusals} == {
        "correction_by_states",
        "jurisdiction_unknown",
        "correction_says_nothing",
    }
    correction = begun(bench, PROCEDURES[3])
    with pytest.raises(Refused) as refused:
        vin_corrections.verify(
            vin=bench.wrong,
            correction_id=correction,
            inspected_on=None,
            inspected_by=" ",
            place="",
            read_vin="",
            actor=bench.clerk,
            at=START,
        )
    assert [refusal.field for refusal in refused.value.refusals] == [
        "read_vin",
        "inspected_on",
        "inspected_by",
        "place",
    ]


def test_the_step_leads_to_its_request(world: World, counter: Counter, known: Known, mode: Any) -> None:
    """N-307, N-704: the step that is done by a data change leads to that request, for those who may see it."""
    bench = Bench(counter, known, origin="NY")
    mode(3)
    correction = begun(bench, next(one for one in PROCEDURES if one["procedure"] == "other_batch"))
    address = reverse("exchange_correction", kwargs={"vin": bench.wrong, "correction_id": correction})
    ny = client_of(signed_in_person(world, "title_clerk", "jurisdiction", "NY"))
    ct = client_of(world.title_clerk())
    form = f"{reverse('exchange_changes')}?vin={bench.wrong}&owners=NY"
    make = f'By: <a href="{escape(form)}">data change</a>'
    filled = ny.get(form).content.decode()
    assert f'value="{bench.wrong}"' in filled
    assert '<option value="NY" selected>' in filled
    assert make in ny.get(address).content.decode()
    assert "By: data change" in ct.get(address).content.decode()
    bench.at = datetime.now(UTC)
    bench.do("request_data_change", correction, by="NY")
    page = reverse("exchange_change", kwargs={"vin": bench.wrong, "request_id": bench.request})
    assert f'By: <a href="{page}">data change</a>' in ny.get(address).content.decode()
    assert ny.get(page).status_code == 200
    # It is between the states that it concerns: New York asked it of itself.
    assert "By: data change" in ct.get(address).content.decode()
    assert ct.get(page).status_code == 404
