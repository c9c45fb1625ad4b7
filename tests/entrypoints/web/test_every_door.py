"""People × every address of the pages: who may open it may, who may not is refused, another's answers as absent."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from both_systems import National
from lot import Lot
from people import World
from signed_in import client_of
from vinculum.access.database import Actor
from vinculum.access.permissions import ACTS, PERMISSIONS
from vinculum.entrypoints import wired
from vinculum.entrypoints.web.dealer.deal_form import new_draft
from vinculum.state.transactions import hold_application, register_vehicle

pytestmark = pytest.mark.database

# Addresses outside the pages: they answer programs and prove who asks in their own way.
_NOT_PAGES = ("healthz", "readyz", "metrics", "api/", "exchange/")
# Open to everybody, signed in or not.
_PUBLIC = {
    "home",
    "accessibility",
    "history_search",
    "history_paper",
    "history_shared",
    "account_login",
    "mfa_authenticate",
    "account_inactive",
    "account_logout",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}


def _doors() -> Iterator[tuple[str, URLPattern]]:
    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif not route.startswith(_NOT_PAGES):
                yield route, pattern

    return walk(get_resolver().url_patterns, "")


DOORS = dict(sorted((str(pattern.name), pattern) for _, pattern in _doors()))


def _address(name: str, *, application_id: object = None) -> str:
    for arguments in (
        {},
        {"application_id": application_id or uuid4()},
        {"owner": 0},
        {"pk": 1},
        {"token": "none"},
        {"vin": "1HGCM82633A004352", "case_id": uuid4()},
        {"vin": "1HGCM82633A004352", "request_id": uuid4()},
        {"vin": "1HGCM82633A004352", "correction_id": uuid4()},
        {"vin": "1HGCM82633A004352", "rescission_id": uuid4()},
        {"vin": "1HGCM82633A004352", "evidence_id": uuid4()},
        {"kind": "data_change", "vin": "1HGCM82633A004352", "subject_id": uuid4()},
        {"vin": "1HGCM82633A004352", "finding_id": uuid4()},
        {"file_id": uuid4()},
        {"file_id": uuid4(), "form": "csv"},
        {"code": "NY", "month": "2026-10"},
        {"code": "NY", "month": "2026-10", "form": "csv"},
        {"alert_id": uuid4()},
        {"alert_id": uuid4(), "position": 1},
        {"person_id": uuid4()},
        {"organisation_id": uuid4()},
    ):
        try:
            return reverse(name, kwargs=arguments)
        except Exception:  # noqa: BLE001 - the next shape of arguments may fit; the last line tells when none does
            continue
    raise AssertionError(f"no address for {name}")


@pytest.fixture(scope="module")
def lot(world: World, national: National) -> Lot:
    from datetime import UTC, datetime

    wired.set_exchange(national.port)
    return Lot(world, at=datetime.now(UTC))


@pytest.fixture(scope="module")
def signed_in(world: World, lot: Lot) -> dict[str, Client]:
    """A client of each role, signed in by password and code."""
    # Programs have roles too, but no password and no pages.
    assert set(PERMISSIONS) - {"system", "exchange_client", "exchange_desk_program", "exchange_program"} == {
        "dealer_clerk",
        "dealer_manager",
        "dmv_examiner",
        "dmv_administrator",
        "title_clerk",
        "help_desk",
        "tax_collector",
        "assessor",
        "association_accountant",
        "jsi_reporter",
        "exchange_administrator",
        "investigator",
    }
    examiner, collector, accountant = world.examiner(), world.collector("064"), world.accountant()
    actors = [
        lot.clerk,
        lot.dealer.manager,
        examiner,
        world.administrator(),
        world.title_clerk(),
        world.make_person("help_desk", "dmv", _organisation(examiner)),
        collector,
        world.make_person("assessor", "town", _organisation(collector)),
        accountant,
        world.make_person("jsi_reporter", "reporter", world.make_organisation("reporter")),
        world.make_person("investigator", "dmv", _organisation(examiner)),
        world.make_person("exchange_administrator", "jurisdiction", world.make_organisation("jurisdiction")),
    ]
    return {actor.role: client_of(actor) for actor in actors}


def _organisation(actor: Actor) -> tuple[object, str, str]:
    return actor.organisation_id, actor.organisation_code, actor.organisation_name


def test_every_address_names_its_act() -> None:
    """One permission table: an address that names no act of it is public on purpose and listed here."""
    for name, pattern in DOORS.items():
        act = getattr(pattern.callback, "act", "none given")
        acts = set(getattr(pattern.callback, "acts", ()))
        assert (act is None and name in _PUBLIC) or (act in acts and acts <= set(ACTS)), name


@pytest.mark.parametrize("name", sorted(set(DOORS) - _PUBLIC))
def test_signed_out_is_sent_to_sign_in(name: str, databases: object) -> None:
    """Who is not signed in sees the sign-in page, whatever the address."""
    for method in ("get", "post"):
        answer = getattr(Client(), method)(_address(name))
        if answer.status_code != 405:
            assert answer.status_code == 302, (name, method)
            assert answer.headers["Location"].startswith(reverse("account_login")), name


@pytest.mark.parametrize("name", [n for n in sorted(DOORS) if n not in _PUBLIC and not n.startswith("mfa_")])
def test_each_role_opens_exactly_its_doors(name: str, signed_in: dict[str, Client]) -> None:
    """A role that does not have the act is refused; one that has it is never refused nor met by an error."""
    if name in {"sign_out_everywhere", "account_reauthenticate", "account_change_password"}:
        pytest.skip("one's own sign-in: tests/access")
    acts = set(DOORS[name].callback.acts)
    for role, client in signed_in.items():
        for method in ("get", "post"):
            answer = getattr(client, method)(_address(name))
            if answer.status_code == 405:
                continue
            if acts <= set(PERMISSIONS[role]):
                assert answer.status_code in {200, 302, 404, 409, 422}, (
                    name,
                    role,
                    method,
                    answer.status_code,
                )
                location = answer.headers.get("Location", "")
                assert not location.startswith(reverse("account_login")), (name, role)
            else:
                refused = 404 if DOORS[name].callback.hides else 403
                assert answer.status_code == refused, (name, role, method)


def test_own_and_anothers_deals(
    world: World, national: National, lot: Lot, signed_in: dict[str, Client]
) -> None:
    """D-105: a colleague opens the deal, another dealer gets the page of what does not exist."""
    request = register_vehicle.Request(deal=lot.new_car(), idempotency_key=f"test-{uuid4()}")
    done = register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=national.port)
    held = hold_application.run(
        hold_application.Request(draft=new_draft(today=lot.today), idempotency_key=f"test-{uuid4()}"),
        actor=lot.clerk,
        at=lot.now,
    )
    stranger = client_of(Lot(world, at=lot.now).clerk)
    colleague = client_of(lot.dealer.colleague)
    for name in ("dealer_deal", "dealer_certificate"):
        own = _address(name, application_id=done.application_id)
        assert signed_in["dealer_clerk"].get(own).status_code == 200
        assert colleague.get(own).status_code == 200
        assert signed_in["dmv_examiner"].get(own).status_code == 200
        others, absent = stranger.get(own), stranger.get(_address(name))
        assert (others.status_code, absent.status_code) == (404, 404), name
        assert _said(others.content) == _said(absent.content)
    for name in ("dealer_take_up", "dealer_give_up", "dealer_void"):
        target = done.application_id if name == "dealer_void" else held.application_id
        own = _address(name, application_id=target)
        posted = {"reason": "Test", "not_left_lot": "yes"}
        others, absent = stranger.post(own, posted), stranger.post(_address(name), posted)
        assert others.status_code == absent.status_code, name
        assert others.status_code in {404, 409}, name
    page = signed_in["dealer_clerk"].get(reverse("dealer_held")).content.decode()
    assert str(held.application_id) in page
    assert str(held.application_id) not in stranger.get(reverse("dealer_held")).content.decode()


def _said(page: bytes) -> str:
    """The page without what differs at each request."""
    text = page.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_forms_are_refused_without_their_token(lot: Lot) -> None:
    """A form posted from elsewhere is refused before anything is read."""
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("account_login"), {"login": "a", "password": "b"}).status_code == 403


def test_pages_of_another_kind_of_office(signed_in: dict[str, Client]) -> None:
    """Everybody's home page is their own."""
    homes = {
        "dealer_clerk": "dealer_home",
        "dmv_examiner": "dmv_home",
        "title_clerk": "dmv_home",
        "tax_collector": "town_home",
        "assessor": "office_home",
        "association_accountant": "office_home",
    }
    for role, route in homes.items():
        answer = signed_in[role].get("/")
        assert answer.headers["Location"] == reverse(route), role
        assert signed_in[role].get(reverse(route)).status_code == 200, role
    assert resolve("/").url_name == "home"
    assert settings.LOGIN_URL == "account_login"
