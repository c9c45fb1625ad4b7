"""The help desk and reporters: keys of their programs, and from whom a vehicle was obtained, logged before shown."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from counter import new_vin
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from test_jsi_reports import AT, SECRET_SOURCE, a_report, registered

from both_systems import National
from exchange_people import Known, signed_in_person
from people import World
from signed_in import PASSWORD, client_of, post_after_step_up
from vinculum.access import disclosure, keys
from vinculum.access.database import Actor, CredentialRefused, acting
from vinculum.access.permissions import Forbidden
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.exchange.admission import REPORTER_KEY_ACT, issue_key
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import jsi_sources, report_jsi

pytestmark = pytest.mark.database
PURPOSE = "vehicle_safety_and_theft"


@pytest.fixture
def yard(known: Known) -> Actor:
    return registered(known("jsi_reporter", "reporter"))


@pytest.fixture
def desk(known: Known) -> Actor:
    return known("help_desk", "association", "ASSOC")


def shown(desk: Actor, vin: str, **other: str) -> list[str]:
    asked = {"purpose": PURPOSE, "case_reference": "Case 7"} | other
    return [one.obtained_from for one in jsi_sources.show(vin=vin, actor=desk, **asked)]


def test_logged_durably_then_shown(yard: Actor, desk: Actor, databases: ScratchDatabases) -> None:
    """N-801: from whom is shown to the help desk once purpose and case are on record, in a transaction before."""
    request = a_report()
    report_jsi.run(request, actor=yard, at=AT, channel="form")
    assert shown(desk, request.vin.lower()) == [SECRET_SOURCE]
    with psycopg.connect(databases.admin_national_url) as connection:
        rows = connection.execute(
            "SELECT person_id, purpose, case_reference, act FROM access.disclosure WHERE subject = %s",
            (request.vin,),
        ).fetchall()
    assert rows == [(desk.person_id, PURPOSE, "Case 7", "show_jsi_sources")]


def test_a_record_opens_its_own_vehicle_only(yard: Actor, desk: Actor, known: Known) -> None:
    """N-801: no ticket, a ticket for another VIN or act, or another's ticket: the wall shows nothing."""
    request, other = a_report(), a_report()
    for one in (request, other):
        report_jsi.run(one, actor=yard, at=AT, channel="form")
    said = {"purpose": PURPOSE, "case_reference": "Case 7", "database": "national"}
    right = disclosure.record(desk, act=jsi_sources.ACT, subject=request.vin, **said)  # type: ignore[arg-type]
    wrong_act = disclosure.record(desk, act="show_reporters", subject=request.vin, **said)  # type: ignore[arg-type]
    seen = []
    for ticket in (right, wrong_act, None):
        with acting(desk, act=jsi_sources.ACT, database="national", ticket=ticket) as connection:
            rows = connection.execute(
                "SELECT vin FROM exchange.jsi_source WHERE vin = ANY (%s)", ([request.vin, other.vin],)
            ).fetchall()
            seen.append([row[0] for row in rows])
    assert seen == [[request.vin], [], []]
    colleague = known("help_desk", "association", "ASSOC")
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(colleague, act=jsi_sources.ACT, database="national", ticket=right),
    ):
        pass


def test_who_may_not_look(yard: Actor, desk: Actor, known: Known) -> None:
    """N-801: states and reporters may not ask at all; without purpose or case nothing is shown nor recorded."""
    vin = new_vin()
    for nobody in (yard, known("title_clerk", "jurisdiction", "NY")):
        with pytest.raises(Forbidden):
            shown(nobody, vin)
    for bad in ({"purpose": "research"}, {"purpose": ""}, {"case_reference": " "}):
        with pytest.raises(Refused):
            shown(desk, vin, **bad)
    with pytest.raises(Refused):
        shown(desk, "no VIN at all!")


def test_help_desk_keeps_keys_of_reporters_only(yard: Actor, desk: Actor, known: Known) -> None:
    """N-801: the help desk issues and revokes keys of yards; not of jurisdictions, and nobody else does."""
    soon = datetime.now(UTC) + timedelta(days=9)
    key = issue_key(
        desk,
        door="reports",
        organisation_id=yard.organisation_id,
        client="Yard program",
        expires_at=soon,
        live=False,
    )
    program = keys.actor_for(key.secret, client_address="", database="national")
    assert (program.organisation_id, program.role) == (yard.organisation_id, "jsi_reporter")
    state = known("title_clerk", "jurisdiction", "NY")
    for actor, organisation, role in (
        (desk, state.organisation_id, "exchange_client"),
        (desk, state.organisation_id, "jsi_reporter"),
        (desk, desk.organisation_id, "help_desk"),
    ):
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)):
            keys.issue(
                actor,
                client="x",
                organisation_id=organisation,
                role=role,
                scopes=["report_jsi"],
                expires_at=soon,
                live=False,
                database="national",
                act=REPORTER_KEY_ACT,
            )
    for actor in (yard, state):
        with pytest.raises(Forbidden):
            keys.revoke(actor, key_id=key.id, database="national", act=REPORTER_KEY_ACT)
    listed = keys.of_organisation(
        desk, organisation_id=yard.organisation_id, database="national", act=REPORTER_KEY_ACT
    )
    assert [(one.client, one.prefix) for one in listed] == [("Yard program", key.prefix)]
    keys.revoke(desk, key_id=key.id, database="national", act=REPORTER_KEY_ACT)
    with pytest.raises(CredentialRefused):
        keys.actor_for(key.secret, client_address="", database="national")


def test_keys_and_sources_by_page(world: World, national: National, yard: Actor) -> None:
    """N-801: a key is issued after stepping up and shown once; from whom a vehicle came, after purpose and case."""
    client = client_of(signed_in_person(world, "help_desk", "association", "ASSOC"))
    address = {"organisation_id": yard.organisation_id}
    answer = client.post(reverse("exchange_issue_reporter_key", kwargs=address), {"client": "Yard program"})
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    cache.clear()
    step_up = answer.headers["Location"].replace(
        reverse("mfa_reauthenticate"), reverse("account_reauthenticate")
    )
    page = client.post(step_up, {"password": PASSWORD}).content.decode()
    assert "vk_test_" in page
    later = client.get(reverse("exchange_reporter_keys", kwargs=address)).content.decode()
    assert "Yard program" in later
    assert page.split("vk_test_")[1][:30] not in later
    request = a_report()
    report_jsi.run(request, actor=yard, at=AT, channel="form")
    asked = {"vin": request.vin, "purpose": PURPOSE, "case_reference": "Case 9"}
    sought = client.post(reverse("exchange_jsi_sources"), asked).content.decode()
    assert SECRET_SOURCE in sought
    assert f'What was reported of <span class="vn-mono">{request.vin}</span>' in sought
    refused = client.post(reverse("exchange_jsi_sources"), asked | {"case_reference": ""})
    assert refused.status_code == 422
    assert SECRET_SOURCE not in refused.content.decode()
    state = client_of(signed_in_person(world, "title_clerk", "jurisdiction", "NY"))
    assert state.post(reverse("exchange_jsi_sources"), asked).status_code == 403
    assert SECRET_SOURCE not in Client().get("/history/", {"vin": request.vin}).content.decode()


def test_reloading_the_new_key_issues_none(world: World, national: National, yard: Actor) -> None:
    """N-801: the page that shows a key, loaded again, leads to the list; the page as it is then issues the next."""
    client = client_of(signed_in_person(world, "help_desk", "association", "ASSOC"))
    address = {"organisation_id": yard.organisation_id}

    def sent_from_page() -> dict[str, str]:
        page = client.get(reverse("exchange_reporter_keys", kwargs=address)).content.decode()
        return {"client": "Yard program", "press": page.split('name="press" value="')[1].split('"')[0]}

    issue, form = reverse("exchange_issue_reporter_key", kwargs=address), sent_from_page()
    assert "vk_test_" in post_after_step_up(client, issue, form).content.decode()
    again = client.post(issue, form, follow=True).content.decode()
    assert "nothing was issued again" in again
    assert again.count('name="key"') == 1
    assert "The new key" in client.post(issue, sent_from_page()).content.decode()


def test_registering_says_what_comes_next(world: World, national: National) -> None:
    """N-801: the code is what its label says; once registered, the page says who gives keys and sign-ins."""
    client = client_of(signed_in_person(world, "help_desk", "association", "ASSOC"))
    code, address = f"Y-{uuid4().hex[:8]}".upper(), reverse("exchange_register_reporter")
    entry = {"name": "Fictional Yard", "kind": "junk_yard", "state": "CT"}
    for bad in ("a b!", "x" * 21, "-x", "x"):
        refused = post_after_step_up(client, address, entry | {"code": bad})
        assert (refused.status_code, "2 to 20 letters" in refused.content.decode()) == (422, True), bad
    done = client.post(address, entry | {"code": code.lower()}, follow=True).content.decode()
    assert f"Fictional Yard is registered as {code}." in done
    assert f"reporter:{code}" in done
    again = client.post(address, entry | {"code": code}).content.decode()
    assert "Look for it in the list, or choose another." in again


@pytest.fixture
def run(databases: ScratchDatabases) -> Callable[..., tuple[int, str]]:
    return lambda *words: main(
        ["--json", *words],
        station=Station(key=lambda: "", terminal=lambda: "cli", databases=lambda: nullcontext()),
    )


def test_reporters_by_command(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    """N-801: registered, given a key, listed and revoked at the command line."""
    code = f"Y{uuid4().hex[:8]}".upper()
    name = f"Fictional Yard {code}"
    words = ("exchange", "reporter")
    assert (
        run(*words, "register", "--code", code, "--name", name, "--kind", "junk_yard", "--state", "ct") == 0
    )
    assert (
        run(*words, "register", "--code", code, "--name", name, "--kind", "junk_yard", "--state", "CT") == 1
    )
    capsys.readouterr()
    asked = ("--for", "reports", "--client", "Yard program", "--days", "9")
    assert run("exchange", "key", "issue", "--organisation", f"reporter:{code}", *asked) == 0
    issued = json.loads(capsys.readouterr().out)
    program = keys.actor_for(issued["key"], client_address="", database="national")
    assert program.organisation_code == code
    assert run(*words, "list") == 0
    assert [one["late_for"] for one in json.loads(capsys.readouterr().out) if one["name"] == name] == [""]
    assert run("exchange", "key", "list", "--organisation", f"reporter:{code}") == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)["keys"]] == [issued["key_id"]]
    assert run("exchange", "key", "revoke", issued["key_id"]) == 0
    assert run("exchange", "key", "revoke", issued["key_id"]) == 2
    assert run("exchange", "key", "issue", "--organisation", "reporter:NOSUCH", *asked) == 2


def test_late_ones_by_command(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str], known: Known
) -> None:
    """N-801: late reporters are listed with the months nothing was heard of, also for the operator."""
    long_ago = datetime.now(UTC) - timedelta(days=70)
    punctual = registered(known("jsi_reporter", "reporter"), at=long_ago)
    late = registered(known("jsi_reporter", "reporter"), at=long_ago)
    month = long_ago.date().replace(day=1)
    while month < datetime.now(UTC).date().replace(day=1):
        report_jsi.say_nothing_obtained(actor=punctual, month=month, at=datetime.now(UTC))
        month = (month + timedelta(days=32)).replace(day=1)
    assert run("exchange", "reporter", "list", "--late") == 0
    names = {one["name"] for one in json.loads(capsys.readouterr().out)}
    assert late.organisation_name in names
    assert punctual.organisation_name not in names


def test_places_by_command(run: Callable[..., int], known: Known) -> None:
    """N-703: the operator says how many of a jurisdiction may use the alert site."""
    from vinculum.national.alerts import alert_users

    administrator = known("exchange_administrator", "jurisdiction")
    named = f"jurisdiction:{administrator.organisation_code}"
    assert run("exchange", "alert-places", "--organisation", named, "--most", "8") == 0
    assert alert_users.register(actor=administrator, at=AT).most_users == 8
    assert run("exchange", "alert-places", "--organisation", named, "--most", "99") == 2
