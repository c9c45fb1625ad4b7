"""Those who sign in to the demonstration, acting at the exchange's desks while its world is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vinculum.access import people
from vinculum.access.database import Actor
from vinculum.access.models import Person
from vinculum.access.sign_in import actor_of_session
from vinculum.access.vouching import at_the_exchange
from vinculum.entrypoints.demo import cast

# An agency's people speak at the exchange for its jurisdiction; its administrator decides there on alert users.
_AGENCY = ("jurisdiction", "CT", "Connecticut")
_ROLES_THERE = {"dmv_administrator": "exchange_administrator"}
Desks = Callable[[str], Actor]


@contextmanager
def at_work(system: Actor) -> Iterator[Desks]:
    """By e-mail, each as the exchange knows them; their sessions end with the block."""
    there: dict[str, Actor] = {}

    def desk_of(email: str) -> Actor:
        if email not in there:
            there[email] = _signed_in(system, email)
        return there[email]

    try:
        yield desk_of
    finally:
        for actor in there.values():
            people.close_sessions(system, person_id=actor.person_id)


def _signed_in(system: Actor, email: str) -> Actor:
    sign_in = next(one for one in cast.SIGN_INS if one.email == email)
    names = {(one.kind, one.code): one.name for one in cast.ORGANISATIONS}
    kind, code, name = _AGENCY
    if sign_in.kind != "dmv":
        kind, code, name = sign_in.kind, sign_in.code, names[sign_in.kind, sign_in.code]
    person = Person.objects.get_by_natural_key(email)
    actor = actor_of_session(people.open_session(system, person_id=person.pk), terminal="demonstration")
    assert actor is not None, "The session was opened just now."
    return at_the_exchange(actor, kind=kind, code=code, name=name, role=_ROLES_THERE.get(sign_in.role, ""))
