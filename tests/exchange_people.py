"""People of the title exchange's pages: signed in at the state's database, known to the exchange's."""

from collections.abc import Callable

from people import World
from vinculum.access.database import Actor
from vinculum.access.vouching import at_the_exchange

Known = Callable[..., Actor]


def signed_in_person(world: World, role: str, kind: str, code: str = "") -> Actor:
    """A new person of the organisation of this kind and code, or of a new one."""
    organisation = world._the(kind, code, f"Test {kind} {code}") if code else world.make_organisation(kind)
    return world.make_person(role, kind, organisation)


def known_person(world: World, role: str, kind: str, code: str = "") -> Actor:
    """The same, as the exchange's database knows them."""
    person = signed_in_person(world, role, kind, code)
    return at_the_exchange(person, kind=kind, code=person.organisation_code, name=person.organisation_name)
