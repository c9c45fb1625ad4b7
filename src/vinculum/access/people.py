"""People and where they belong: entering them, giving them their sign-in, ending their membership."""

import time
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password

from vinculum.access.database import Actor, Connection, acting, one
from vinculum.access.identity import hash_of, new_secret
from vinculum.access.models import Person
from vinculum.access.permissions import require
from vinculum.access.sealing import unseal


def add_organisation(
    actor: Actor, *, kind: str, code: str, name: str, organisation_id: UUID | None = None
) -> UUID:
    """Enter an organisation; its code is unique within its kind."""
    require(actor, "create_organisation")
    new = organisation_id or uuid4()
    with acting(actor, act="create_organisation") as connection:
        connection.execute("SELECT access.create_organisation(%s, %s, %s, %s)", (new, kind, code, name))
    return new


def find_organisation(actor: Actor, *, kind: str, code: str) -> UUID | None:
    """The organisation of this kind with this code."""
    with acting(actor, act="create_organisation") as connection:
        row = one(
            connection, "SELECT id FROM access.organisation WHERE kind = %s AND code = %s", (kind, code)
        )
    return row[0] if row else None


def add_person(
    actor: Actor, *, email: str, name: str, organisation_id: UUID, role: str, person_id: UUID | None = None
) -> UUID:
    """Enter a person and the membership in one transaction; the sign-in is set with `enrol`.

    For a role that needs a second administrator, enter the person without it (`add_person_only`) and ask
    with `request_membership`.
    """
    require(actor, "create_person")
    with acting(actor, act="create_person") as connection:
        new = _insert_person(connection, email=email, name=name, person_id=person_id)
        connection.execute("SELECT access.begin_membership(%s, %s, %s)", (new, organisation_id, role))
    return new


def add_person_only(actor: Actor, *, email: str, name: str) -> UUID:
    """Enter a person who belongs nowhere yet and therefore cannot sign in."""
    require(actor, "create_person")
    with acting(actor, act="create_person") as connection:
        return _insert_person(connection, email=email, name=name, person_id=None)


def begin_membership(actor: Actor, *, person_id: UUID, organisation_id: UUID, role: str) -> None:
    """Let a person belong to an organisation in a role."""
    require(actor, "grant_role")
    with acting(actor, act="grant_role") as connection:
        connection.execute("SELECT access.begin_membership(%s, %s, %s)", (person_id, organisation_id, role))


def end_membership(actor: Actor, *, person_id: UUID) -> None:
    """Leaving: ends the membership and revokes every session and key of the person at once."""
    require(actor, "grant_role")
    with acting(actor, act="grant_role") as connection:
        connection.execute("SELECT access.end_membership(%s)", (person_id,))


def request_membership(actor: Actor, *, person_id: UUID, organisation_id: UUID, role: str) -> UUID:
    """Ask for a membership that another administrator has to approve."""
    require(actor, "grant_role")
    request_id = uuid4()
    with acting(actor, act="grant_role") as connection:
        connection.execute(
            "SELECT access.request_membership(%s, %s, %s, %s)", (request_id, person_id, organisation_id, role)
        )
    return request_id


def decide_membership(actor: Actor, *, request_id: UUID, approve: bool) -> None:
    """Approve or decline what another administrator asked for."""
    require(actor, "grant_role")
    with acting(actor, act="grant_role") as connection:
        connection.execute("SELECT access.decide_membership(%s, %s)", (request_id, approve))


def enrol(*, person_id: UUID, password: str, totp_secret: str) -> None:
    """Give a person a password and an authenticator secret (base32), as an administrator does at the desk.

    The password is held to the same rules as one typed on the page (raises Django's ValidationError). Recovery
    codes are made too; the person sees them once, under "My sign-in".
    """
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    person = Person.objects.get(pk=person_id)
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(person, totp_secret)
    RecoveryCodes.activate(person)


def current_code(email: str) -> str:
    """The code that a person's authenticator shows now. For a demonstration only: it defeats the second factor.

    Raises Person.DoesNotExist or Authenticator.DoesNotExist.
    """
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    person = Person.objects.get_by_natural_key(email)
    authenticator = Authenticator.objects.get(user_id=person.pk, type=Authenticator.Type.TOTP)
    secret = unseal(authenticator.data["secret"])
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30)))


def open_session(desk: Actor, *, person_id: UUID) -> str:
    """Sign a person in, both factors having been checked: the secret of the new session.

    `desk` is the program's own credential (`service.actor`). Raises psycopg's InvalidAuthorizationSpecification
    when the person belongs to no organisation.
    """
    require(desk, "open_session")
    secret = new_secret()
    with acting(desk, act="open_session") as connection:
        connection.execute("SELECT access.open_session(%s, %s, %s)", (uuid4(), hash_of(secret), person_id))
    return secret


def close_sessions(actor: Actor, *, person_id: UUID) -> int:
    """End all sessions of a person: one's own, or those of somebody whose membership one may decide."""
    with acting(actor, act="show_my_sign_in") as connection:
        row = one(connection, "SELECT access.close_sessions(%s)", (person_id,))
    return int(row[0]) if row else 0


def _insert_person(connection: Connection, *, email: str, name: str, person_id: UUID | None) -> UUID:
    new = person_id or uuid4()
    connection.execute(
        "INSERT INTO public.access_person (id, email, name, password, is_active, created_at)"
        " VALUES (%s, %s, %s, %s, true, clock_timestamp())",
        (new, email.strip().lower(), name.strip(), make_password(None)),
    )
    return new
