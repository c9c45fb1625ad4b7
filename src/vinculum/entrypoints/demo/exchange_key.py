"""The key by which the demonstration's exchange asks Connecticut's own system for the live detail of its titles."""

from datetime import datetime, timedelta

from vinculum.access import keys, people
from vinculum.access.database import Actor
from vinculum.access.models import Person
from vinculum.access.sign_in import actor_of_session

_ADMINISTRATOR = "admin@dmv.example"
_EXCHANGE = ("association", "XCHG")


class NoWorldYet(Exception):
    """The demonstration world has not been made."""


def issue_exchange_key(system: Actor, *, at: datetime) -> str:
    """A new key of the exchange's program at the state, issued by the demonstration's administrator."""
    organisation_id = people.find_organisation(system, kind=_EXCHANGE[0], code=_EXCHANGE[1])
    person = Person.objects.filter(email=_ADMINISTRATOR).first()
    if organisation_id is None or person is None:
        raise NoWorldYet("Make the demonstration world first: bin/demo.")
    session = people.open_session(system, person_id=person.pk)
    try:
        administrator = actor_of_session(session, terminal="demonstration")
        assert administrator is not None, "The session was opened just now."
        return keys.issue(
            administrator,
            client=f"title exchange, {at:%Y-%m-%d %H:%M:%S}",
            organisation_id=organisation_id,
            role="exchange_program",
            scopes=("tell_title_detail",),
            expires_at=at + timedelta(days=399),
            live=False,
        ).secret
    finally:
        people.close_sessions(system, person_id=person.pk)
