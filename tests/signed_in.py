"""A Django test client on which somebody signed in by password and code, as people do."""

import time

from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from vinculum.access import people
from vinculum.access.database import Actor
from vinculum.access.models import Person

PASSWORD = "seven lanterns over the causeway"


def client_of(actor: Actor) -> Client:
    """The person's own browser."""
    client = Client()
    sign_in(client, actor)
    return client


def sign_in(client: Client, actor: Actor) -> None:
    """Sign a person in on this browser, with an authenticator of its own."""
    secret = totp.generate_totp_secret()
    people.enrol(person_id=actor.person_id, password=PASSWORD, totp_secret=secret)
    cache.clear()
    email = Person.objects.get(pk=actor.person_id).email
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302


def post_after_step_up(client: Client, address: str, posted: dict[str, str]) -> HttpResponse:
    """The answer to a form; where it waits for the second factor, once that was shown again."""
    answer = client.post(address, posted)
    if not answer.headers.get("Location", "").startswith(reverse("mfa_reauthenticate")):
        return answer
    cache.clear()
    again = answer.headers["Location"].replace(
        reverse("mfa_reauthenticate"), reverse("account_reauthenticate")
    )
    return client.post(again, {"password": PASSWORD})
