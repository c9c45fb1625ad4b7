"""Scans go on from the last one and find nothing twice; who sees and decides a finding is walled off."""

from datetime import date, timedelta

import psycopg
import pytest

from exchange_people import Known
from national_investigations.laid_files import AT, Files, Titled, sound_vin
from people import World
from vinculum.access.database import Actor, acting
from vinculum.access.permissions import Forbidden
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import data_changes
from vinculum.national.investigations import decide, findings, scan

pytestmark = pytest.mark.database
DAY = date(2024, 5, 6)


def clone(files: Files, *, at=AT, states: tuple[str, str] = ("NY", "MA")) -> str:
    """A vehicle with current titles in two states."""
    vin = sound_vin()
    for state, day in zip(states, (DAY, DAY + timedelta(days=500)), strict=True):
        files.lay(vin, Titled(state=state, day=day, odometer=9_000 + day.year, current=True), at=at)
    return vin


def seen(actor: Actor, vin: str) -> list[str]:
    return [one.kind for one in findings.of_vehicle(vin=vin, actor=actor)]


def decided(actor: Actor, vin: str, move: decide.Move, reason: str = "") -> findings.State:
    [found] = findings.of_vehicle(vin=vin, actor=actor)
    request = decide.Request(
        vin=vin, finding_id=found.finding_id, move=move, words="We looked at the papers.", reason=reason
    )
    return decide.run(request, actor=actor, at=AT)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_scan_goes_on_from_the_last_one(files: Files, system: Actor) -> None:
    """A scan reads what came since the last one, a little of it twice, and finds nothing twice."""
    at = files.after_scans()
    old, older = (clone(files, at=at - timedelta(days=back)) for back in (9, 19))
    whole = scan.run(actor=system, at=at + timedelta(days=2), whole=True)
    assert whole.whole
    assert files.kinds(old) == ["two_places"]
    new = clone(files, at=at + timedelta(days=2))
    again = scan.run(actor=system, at=at + timedelta(days=3))
    assert not again.whole
    assert again.found == 1
    assert again.vehicles < whole.vehicles
    assert files.kinds(new) == ["two_places"]
    assert scan.run(actor=system, at=at + timedelta(days=3)).found == 0
    assert scan.run(actor=system, at=at + timedelta(days=3), whole=True).found == 0
    assert files.kinds(old, older, new) == ["two_places"] * 3


def test_each_source_of_change_is_seen(files: Files, system: Actor) -> None:
    """A title, a brand, a brand taken back: whatever is reported brings its vehicle into the next scan."""
    vin, at = sound_vin(), files.after_scans()
    files.lay(
        vin,
        Titled(state="NJ", day=DAY),
        Titled(state="NY", day=DAY + timedelta(days=90), odometer=11_000, current=True),
    )
    scan.run(actor=system, at=at)
    assert files.kinds(vin) == []
    files.brand(vin, "11", "NJ", DAY, at=at)
    scan.run(actor=system, at=at + timedelta(days=1))
    assert files.kinds(vin) == ["washed_brand"]
    files.brand(vin, "11", "NY", DAY + timedelta(days=90), at=at + timedelta(days=1))
    scan.run(actor=system, at=at + timedelta(days=2))
    assert files.findings(vin) == [("washed_brand", vin, "mended")]


def test_a_number_written_on_many_titles_is_found_once_for_each(files: Files, system: Actor) -> None:
    """A state that writes one number on every title is told of each vehicle beside the next, not of all pairs."""
    at, number = files.after_scans(), f"NONE{sound_vin()[-7:]}"
    vins = sorted(sound_vin() for _ in range(12))
    for vin in vins:
        files.lay(vin, Titled(state="NY", day=DAY, number=number, current=True), at=at)
    assert scan.run(actor=system, at=at, whole=False)
    assert files.findings(*vins) == [("number_twice", vin, "open") for vin in vins[:-1]]


def test_doubles_meet_whichever_comes_first(files: Files, system: Actor) -> None:
    """A sound VIN that is reported after its look-alike is found as well as one that was there before."""
    for sound_first in (True, False):
        vin, at = sound_vin(), files.after_scans()
        double = f"I{vin[1:]}"
        for one, moment in zip(
            (vin, double) if sound_first else (double, vin), (at, at + timedelta(days=1)), strict=True
        ):
            files.lay(one, Titled(state="NY", day=DAY, current=True), at=moment)
            scan.run(actor=system, at=moment + timedelta(hours=1))
        assert [(kind, where) for kind, where, _ in files.findings(vin)] == [("look_alike", double)]


def test_what_was_put_right_is_mended_and_what_was_decided_stays(
    files: Files, system: Actor, known: Known
) -> None:
    """Open findings end with their facts; a dismissed one is not found again; one that returns is open again."""
    desk = known("help_desk", "association", "ASSOC")
    vin, kept = sound_vin(), clone(files)
    files.lay(vin, Titled(state="NY", day=DAY, current=True))
    [second] = files.lay(
        vin, Titled(state="MA", day=DAY + timedelta(days=500), odometer=12_000, current=True)
    )
    scan.run(actor=system, at=AT, whole=True)
    assert decided(desk, kept, "dismiss", "lawful_exception") == "dismissed"
    files.withdraw(vin, second)
    scan.run(actor=system, at=AT, whole=True)
    assert files.findings(vin) == [("two_places", vin, "mended")]
    assert files.findings(kept) == [("two_places", kept, "dismissed")]
    assert decided(desk, kept, "reopen") == "open"
    scan.run(actor=system, at=AT, whole=True)
    assert files.findings(kept) == [("two_places", kept, "open")]


def test_undercover_records_do_not_leak(files: Files, system: Actor, known: Known) -> None:
    """N-206: a finding about a marked record, or about its double, is absent for who is not named."""
    desk = known("help_desk", "association", "ASSOC")
    new_york, massachusetts = (known("investigator", "jurisdiction", code) for code in ("NY", "MA"))
    vin = clone(files)
    sound = sound_vin()
    double = f"I{sound[1:]}"
    for one, state in ((sound, "NY"), (double, "MA")):
        files.lay(one, Titled(state=state, day=DAY, current=True))
    scan.run(actor=system, at=AT, whole=True)
    assert [seen(who, vin) for who in (desk, new_york, massachusetts)] == [["two_places"]] * 3
    files.mark(vin, "NY", "CT")
    files.mark(sound, "NY")
    assert [seen(who, vin) for who in (desk, new_york, massachusetts)] == [[], ["two_places"], []]
    assert [seen(who, double) for who in (desk, new_york, massachusetts)] == [[], ["look_alike"], []]
    [hidden] = findings.of_vehicle(vin=vin, actor=new_york)
    assert findings.show(vin=vin, finding_id=hidden.finding_id, actor=massachusetts) is None
    assert all(one.vin not in {vin, double} for one in findings.listed(actor=desk).findings)
    with pytest.raises(decide.NoSuchFinding):
        decide.run(
            decide.Request(vin=vin, finding_id=hidden.finding_id, move="confirm", words="Yes."),
            actor=desk,
            at=AT,
        )
    files.lift(vin)
    assert seen(desk, vin) == ["two_places"]


def test_investigators_see_what_concerns_their_state(files: Files, system: Actor, known: Known) -> None:
    """A jurisdiction's investigators see findings that rest on its own entries; the help desk sees all; others none."""
    vin = clone(files)
    scan.run(actor=system, at=AT, whole=True)
    for code, expected in (("NY", ["two_places"]), ("MA", ["two_places"]), ("RI", [])):
        assert seen(known("investigator", "jurisdiction", code), vin) == expected
    with pytest.raises(Forbidden):
        findings.listed(actor=known("title_clerk", "jurisdiction", "NY"))
    clerk = known("title_clerk", "jurisdiction", "NY")
    with acting(clerk, act="work_exchange_case", database="national") as connection:
        assert connection.execute("SELECT count(*) FROM exchange.finding").fetchone() == (0,)
    stranger = known("investigator", "jurisdiction", "RI")
    with acting(stranger, act="decide_finding", database="national") as connection:
        touched = connection.execute("UPDATE exchange.finding SET state = 'open' WHERE vin = %s", (vin,))
        assert touched.rowcount == 0
    for person in (clerk, stranger):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting(person, act="scan_records", database="national") as connection,
        ):
            connection.execute(
                "INSERT INTO exchange.finding (vin, finding_id, kind, jurisdictions, score, evidence, found_at,"
                " moved_at) VALUES ('X', gen_random_uuid(), 'two_places', '{RI}', 1, '{\"entries\": [1]}', now(),"
                " now())"
            )


def test_decisions_are_signed_and_lead_to_the_states(
    files: Files, system: Actor, known: Known, world: World
) -> None:
    """N-104, N-704: confirmed by an investigator, put to the owners by the help desk, audited throughout."""
    investigator, desk = (
        known("investigator", "jurisdiction", "NY"),
        known("help_desk", "association", "ASSOC"),
    )
    vin = clone(files)
    scan.run(actor=system, at=AT, whole=True)
    [found] = findings.of_vehicle(vin=vin, actor=investigator)
    with pytest.raises(Refused) as refused:
        decide.run(
            decide.Request(vin=vin, finding_id=found.finding_id, move="dismiss", words=" ", reason="because"),
            actor=investigator,
            at=AT,
        )
    assert codes(refused) == {"finding_words_missing", "finding_reason_missing"}
    assert decided(investigator, vin, "confirm") == "confirmed"
    with pytest.raises(Refused) as refused:
        decided(desk, vin, "confirm")
    assert codes(refused) == {"finding_move_not_allowed"}
    with pytest.raises(Forbidden):
        decide.ask_states(vin=vin, finding_id=found.finding_id, words="Undo it.", actor=investigator, at=AT)
    request_id = decide.ask_states(
        vin=vin,
        finding_id=found.finding_id,
        words="Find out whose VIN it is; undo the clone.",
        actor=desk,
        at=AT + timedelta(minutes=1),
    )
    request = data_changes.show(vin=vin, request_id=request_id, actor=desk)
    assert {approval.jurisdiction for approval in request.approvals} == {"NY", "MA"}
    assert found.summary in request.evidence
    shown = findings.show(vin=vin, finding_id=found.finding_id, actor=investigator)
    assert shown is not None
    finding, events = shown
    assert finding.request_id == request_id
    assert [(event.move, event.side) for event in events] == [("confirm", "NY"), ("ask_states", "help_desk")]
    with pytest.raises(Refused):
        decide.ask_states(vin=vin, finding_id=found.finding_id, words="Again.", actor=desk, at=AT)
    with psycopg.connect(world.databases.admin_national_url) as connection:
        audited = connection.execute(
            "SELECT count(*) FROM audit.event WHERE payload::jsonb ->> 'table' LIKE 'exchange.finding%%'"
            " AND payload::jsonb -> 'after' ->> 'vin' = %s",
            (vin,),
        ).fetchone()
    assert audited == (4,)


def test_pages_go_on_where_the_last_one_ended(
    files: Files, system: Actor, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages by key, the gravest first, none twice and none left out; filters by kind, state and score."""
    desk = known("help_desk", "association", "ASSOC")
    vins = {clone(files) for _ in range(5)}
    scan.run(actor=system, at=AT, whole=True)
    monkeypatch.setattr(findings, "PAGE", 2)
    met: list[findings.Finding] = []
    after = None
    while True:
        page = findings.listed(actor=desk, kind="two_places", at_least=90, after=after)
        met += page.findings
        after = findings.read_cursor(str(page.after)) if page.after else None
        if after is None:
            break
    assert vins <= {one.vin for one in met}
    assert len({(one.vin, one.finding_id) for one in met}) == len(met)
    assert [one.score for one in met] == sorted((one.score for one in met), reverse=True)
    assert findings.listed(actor=desk, kind="two_places", at_least=91).findings == ()
    assert findings.read_cursor("nonsense") is None
