"""Signing in by the pages: both factors, always; sessions that the database can end; step-up; limits."""

import re
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from people import World
from vinculum.access import people, sign_in
from vinculum.access.models import Person
from vinculum.config.scratch import ScratchDatabases

pytestmark = pytest.mark.database

PASSWORD = "blue heron over the salt marsh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    person_id: UUID
    email: str
    secret: str
    manager: object


@pytest.fixture(scope="module")
def world(databases: ScratchDatabases) -> World:
    return World(databases)


@pytest.fixture(autouse=True)
def _limits_start_anew(databases: ScratchDatabases) -> None:
    cache.clear()


@pytest.fixture
def clerk(world: World) -> Enrolled:
    return _enrol(world)


def _enrol(world: World) -> Enrolled:
    dealer = world.make_dealer()
    person = dealer.clerk.person_id
    secret = totp.generate_totp_secret()
    people.enrol(person_id=person, password=PASSWORD, totp_secret=secret)
    return Enrolled(
        person_id=person,
        email=Person.objects.get(pk=person).email,
        secret=secret,
        manager=dealer.manager,
    )


def _code(secret: str, *, step: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + step))


def _type_password(client: Client, email: str, password: str = PASSWORD) -> object:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def _sign_in(client: Client, who: Enrolled) -> None:
    assert _type_password(client, who.email).headers["Location"] == reverse("mfa_authenticate")
    answer = client.post(reverse("mfa_authenticate"), {"code": _code(who.secret)})
    assert answer.status_code == 302, answer.content


def _is_signed_in(client: Client) -> bool:
    return client.get(reverse("mfa_index")).status_code == 200


def test_both_factors_open_a_session(clerk: Enrolled) -> None:
    """The password alone opens nothing; with the code the person acts, under a new session id."""
    client = Client()
    client.get(reverse("account_login"))
    _type_password(client, clerk.email)
    assert not _is_signed_in(client)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("mfa_authenticate"), {"code": _code(clerk.secret)})
    assert _is_signed_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_wrong_code_opens_nothing(clerk: Enrolled) -> None:
    """A wrong code is refused, and a code works only once."""
    client = Client()
    _type_password(client, clerk.email)
    answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert answer.status_code == 200
    assert "Incorrect code" in answer.content.decode()
    assert not _is_signed_in(client)
    code = _code(clerk.secret)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert _is_signed_in(client)
    other = Client()
    _type_password(other, clerk.email)
    other.post(reverse("mfa_authenticate"), {"code": code})
    assert not _is_signed_in(other)


def test_code_counts_once_in_all_its_time(clerk: Enrolled) -> None:
    """NIST SP 800-63B: a code stays used for the ninety seconds it is valid, not for the library's thirty."""
    client = Client()
    code = _code(clerk.secret)
    _type_password(client, clerk.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert _is_signed_in(client)
    cache.delete(f"allauth.mfa.totp.used?user={clerk.person_id}&code={code}")
    for address in (reverse("mfa_authenticate"), reverse("mfa_reauthenticate")):
        other = Client()
        if address == reverse("mfa_reauthenticate"):
            other = client
        else:
            _type_password(other, clerk.email)
        answer = other.post(address, {"code": code})
        assert "Incorrect code" in answer.content.decode()


def test_recovery_code_works_once(clerk: Enrolled) -> None:
    """A recovery code stands in for the authenticator, once."""
    row = Authenticator.objects.get(user_id=clerk.person_id, type=Authenticator.Type.RECOVERY_CODES)
    code = row.wrap().get_unused_codes()[0]
    for expected in (True, False):
        client = Client()
        _type_password(client, clerk.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert _is_signed_in(client) is expected


def test_without_second_factor_only_enrolment(world: World) -> None:
    """Who has no second factor yet can set one up and do nothing else; having done so, the session opens."""
    person = world.make_dealer().clerk.person_id
    row = Person.objects.get(pk=person)
    row.set_password(PASSWORD)
    row.save()
    client = Client()
    _type_password(client, row.email)
    assert client.get(reverse("home")).headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_index")).headers["Location"] == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "data:image/svg+xml" in page
    secret = re.search(r"<code[^>]*>([A-Z2-7=]+)</code>", page)
    assert secret is not None
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret[1])})
    assert _is_signed_in(client)


def test_last_second_factor_stays(clerk: Enrolled) -> None:
    """The only second factor cannot be removed."""
    client = Client()
    _sign_in(client, clerk)
    _step_up(client, clerk)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user_id=clerk.person_id, type=Authenticator.Type.TOTP).exists()


def test_last_security_key_stays(clerk: Enrolled) -> None:
    """Nor can a security key when it is the only second factor; beside another it can."""
    client = Client()
    _sign_in(client, clerk)
    _step_up(client, clerk)
    key = Authenticator.objects.create(
        user_id=clerk.person_id, type=Authenticator.Type.WEBAUTHN, data={"name": "Test key", "credential": {}}
    )
    app = Authenticator.objects.get(user_id=clerk.person_id, type=Authenticator.Type.TOTP)
    app_data = app.data
    app.delete()
    client.post(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk}))
    assert Authenticator.objects.filter(pk=key.pk).exists()
    Authenticator.objects.create(user_id=clerk.person_id, type=Authenticator.Type.TOTP, data=app_data)
    client.post(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk}))
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def _step_up(client: Client, who: Enrolled) -> None:
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302


def test_step_up_is_asked_and_changes_the_session_id(clerk: Enrolled) -> None:
    """Changing recovery codes needs a proof of the last two minutes; the proof gives the session a new id."""
    client = Client()
    _sign_in(client, clerk)
    asked = client.get(reverse("mfa_generate_recovery_codes"))
    assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    _step_up(client, clerk)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    session = client.session
    records = session["account_authentication_methods"]
    for record in records:
        record["at"] -= 121
    session["account_authentication_methods"] = records
    session.save()
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 302


def test_idle_session_ends(clerk: Enrolled, databases: ScratchDatabases) -> None:
    """Thirty minutes without activity end a dealer's session, whatever its cookie says; twenty-nine do not."""
    client = Client()
    _sign_in(client, clerk)
    for minutes, signed_in in ((29, True), (31, False)):
        with psycopg.connect(databases.admin_state_url) as connection:
            connection.execute(
                "UPDATE access.credential SET last_seen_at = now() - make_interval(mins => %s)"
                " WHERE person_id = %s AND idle_seconds = 1800",
                (minutes, clerk.person_id),
            )
        assert _is_signed_in(client) is signed_in
    page = client.get(reverse("account_login")).content.decode()
    assert "You were signed out" in page


def test_session_ends_after_twelve_hours(clerk: Enrolled, databases: ScratchDatabases) -> None:
    """Activity does not carry a session past twelve hours."""
    client = Client()
    _sign_in(client, clerk)
    with psycopg.connect(databases.admin_state_url) as connection:
        longest = connection.execute(
            "SELECT max(expires_at - created_at) <= interval '12 hours' FROM access.credential"
            " WHERE kind = 'session' AND person_id = %s",
            (clerk.person_id,),
        ).fetchone()
        assert longest == (True,)
        connection.execute(
            "UPDATE access.credential SET created_at = created_at - interval '13 hours',"
            " expires_at = now() - interval '1 second' WHERE person_id = %s",
            (clerk.person_id,),
        )
    assert not _is_signed_in(client)


def test_leaving_ends_the_browser_session(clerk: Enrolled) -> None:
    """When the membership ends, the next request of the browser is a stranger's, and signing in is refused."""
    client = Client()
    _sign_in(client, clerk)
    assert _is_signed_in(client)
    people.end_membership(clerk.manager, person_id=clerk.person_id)
    assert not _is_signed_in(client)
    cache.clear()
    _type_password(client, clerk.email)
    answer = client.post(reverse("mfa_authenticate"), {"code": _code(clerk.secret, step=1)})
    assert answer.headers["Location"] == reverse("account_inactive")


def test_sign_out_ends_the_credential(clerk: Enrolled) -> None:
    """Signing out revokes the secret in the database; a copy of the cookie is worth nothing afterwards."""
    client, copy = Client(), Client()
    _sign_in(client, clerk)
    copy.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert _is_signed_in(copy)
    secret = sign_in.unseal(client.session[sign_in.CREDENTIAL])
    assert client.get(reverse("account_logout")).status_code == 200
    assert _is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not _is_signed_in(client)
    assert not _is_signed_in(copy)
    assert sign_in.actor_of_session(secret) is None


def test_sign_out_everywhere(clerk: Enrolled) -> None:
    """One click ends the sessions at all terminals."""
    here, there = Client(), Client()
    _sign_in(here, clerk)
    cache.clear()
    _sign_in(there, clerk)
    here.post(reverse("sign_out_everywhere"))
    assert not _is_signed_in(here)
    assert not _is_signed_in(there)


def test_limit_per_account(clerk: Enrolled) -> None:
    """Five wrong passwords close the account's door for a while, even to the right one, from any address."""
    for number in range(5):
        answer = Client(REMOTE_ADDR=f"192.0.2.{number + 1}").post(
            reverse("account_login"), {"login": clerk.email, "password": "wrong but long enough"}
        )
        assert answer.status_code == 200
    late = Client(REMOTE_ADDR="192.0.2.99").post(
        reverse("account_login"), {"login": clerk.email.upper(), "password": PASSWORD}
    )
    assert "Too many failed login attempts" in late.content.decode()


def test_limit_per_address(world: World) -> None:
    """One address may not try many accounts."""
    client = Client(REMOTE_ADDR="198.51.100.7")
    statuses = [
        client.post(
            reverse("account_login"),
            {"login": f"{uuid4().hex}@example.test", "password": "long enough to try"},
        )
        for _ in range(21)
    ]
    assert statuses[0].status_code == 200
    last = statuses[-1]
    assert last.status_code == 429 or "Too many failed login attempts" in last.content.decode()


def test_known_and_unknown_accounts_answer_alike(clerk: Enrolled) -> None:
    """The page does not say whether an address has an account."""
    texts = []
    for email in (clerk.email, f"{uuid4().hex}@example.test"):
        answer = _type_password(Client(), email, "not the right password")
        texts.append(re.sub(r"value=\"[^\"]*\"", "", answer.content.decode()))
    assert texts[0] == texts[1]


def test_strangers_cannot_sign_up() -> None:
    """There is no address where an account could be made."""
    for path in ("signup/", "sign-up/", "register/", "password/reset/", "email/"):
        assert Client().get(reverse("account_login").replace("sign-in/", path)).status_code == 404


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "passwordpassword",
        "password123456",
        "Vinculum1234!",
        "qwertyqwertyqwerty",
        "x" * 257,
    ],
)
def test_poor_password_is_refused(clerk: Enrolled, password: str) -> None:
    """NIST SP 800-63B: too short, too long for hashing, known or trivially decorated passwords are refused."""
    with pytest.raises(ValidationError):
        people.enrol(person_id=clerk.person_id, password=password, totp_secret=clerk.secret)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "все люди рождаются", "o" * 40 + " and more", "12 geese fly"]
)
def test_any_composition_is_accepted(clerk: Enrolled, password: str) -> None:
    """NIST SP 800-63B: no rule on kinds of characters; long and foreign ones are welcome."""
    people.enrol(person_id=clerk.person_id, password=password, totp_secret=clerk.secret)


def test_secrets_lie_sealed_in_the_database(clerk: Enrolled, databases: ScratchDatabases) -> None:
    """Reading the tables of sign-in gives neither a TOTP key, nor a session's secret, nor a cookie."""
    client = Client()
    _sign_in(client, clerk)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    secret = sign_in.unseal(client.session[sign_in.CREDENTIAL])
    with psycopg.connect(databases.state_url) as connection:
        rows = connection.execute(
            "SELECT session_key || session_data FROM public.django_session"
            " UNION ALL SELECT data::text FROM public.mfa_authenticator"
        ).fetchall()
    everything = "".join(row[0] for row in rows)
    assert clerk.secret not in everything
    assert cookie not in everything
    assert secret not in everything


def test_terminal_keeps_its_name(clerk: Enrolled) -> None:
    """D-205: the terminal's name outlives the session, and a forged one is not believed."""
    client = Client()
    _sign_in(client, clerk)
    client.get(reverse("mfa_index"))
    terminal = _terminal_shown(client)
    client.post(reverse("account_logout"))
    cache.clear()
    _sign_in(client, clerk)
    assert _terminal_shown(client) == terminal
    client.cookies["terminal"] = "T-FORGED"
    assert _terminal_shown(client) != "T-FORGED"


def _terminal_shown(client: Client) -> str:
    found = re.search(r"T-[A-Z0-9]{6}", client.get(reverse("mfa_index")).content.decode())
    assert found is not None
    return found[0]


def test_pages_carry_no_inline_script(clerk: Enrolled) -> None:
    """The strict policy holds: no inline script, style or handler on any page of signing in."""
    client = Client()
    pages = [
        client.get(reverse("account_login")),
        _type_password(Client(), clerk.email, "wrong password here"),
    ]
    _type_password(client, clerk.email)
    pages.append(client.get(reverse("mfa_authenticate")))
    client.post(reverse("mfa_authenticate"), {"code": _code(clerk.secret)})
    pages += [client.get(reverse("mfa_index")), client.get(reverse("mfa_reauthenticate"))]
    _step_up(client, clerk)
    pages += [
        client.get(reverse(name))
        for name in (
            "account_change_password",
            "mfa_add_webauthn",
            "mfa_list_webauthn",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_deactivate_totp",
            "account_logout",
        )
    ]
    for page in pages:
        assert page.status_code == 200
        text = page.content.decode()
        scripts = re.findall(r"<script([^>]*)>", text)
        assert all("src=" in one or "application/json" in one for one in scripts)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)


def test_current_code_is_the_authenticators(clerk: Enrolled) -> None:
    """The demonstration's command prints what the authenticator shows."""
    assert people.current_code(clerk.email.upper()) in {_code(clerk.secret), _code(clerk.secret, step=-1)}
