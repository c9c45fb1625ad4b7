"""Named people for tests: each with an organisation, a membership and a real session in the test database.

    world = World(databases)
    lakeside = world.make_dealer("Lakeside Motors")
    run(request, actor=lakeside.clerk, ...)

The owner of a thing is `lakeside.clerk`; `lakeside.colleague` belongs to the same dealer, and
`world.make_dealer("Hillside Cars").clerk` is a stranger. Nobody here exists.
"""

from dataclasses import dataclass, replace
from itertools import count
from uuid import UUID, uuid4

import psycopg

from vinculum.access import bootstrap, people, service
from vinculum.access.database import Actor
from vinculum.config.scratch import ScratchDatabases

_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealerSet:
    """A dealer and its people."""

    organisation_id: UUID
    code: str
    name: str
    clerk: Actor
    colleague: Actor
    manager: Actor


class World:
    """Makes people in the databases of a test session; everything it makes is committed."""

    def __init__(self, databases: ScratchDatabases) -> None:
        self.databases = databases
        known = _system_secrets.get(databases.state_url, "")
        with psycopg.connect(databases.migrate_state_url) as connection:
            self._secret = bootstrap.ensure_system_credential(connection, known=known)
        _system_secrets[databases.state_url] = self._secret
        with psycopg.connect(databases.migrate_national_url) as connection:
            bootstrap.ensure_system_credential(connection, shared=self._secret)
        service.configure(self._secret)
        self._administrators: list[Actor] = []

    def system(self) -> Actor:
        """The program itself."""
        return service.actor(request_id=f"test-{uuid4().hex[:12]}", terminal="test")

    def make_organisation(self, kind: str, *, code: str = "", name: str = "") -> tuple[UUID, str, str]:
        """An organisation of its own: its id, code and name."""
        number = next(_numbers)
        code = code or f"{kind[:1].upper()}{uuid4().hex[:6]}{number}"
        name = name or f"Test {kind} {number}"
        made = people.add_organisation(self.system(), kind=kind, code=code, name=name)
        return made, code, name

    def make_dealer(self, name: str = "", *, code: str = "") -> DealerSet:
        """A dealer with two clerks and a manager."""
        organisation = self.make_organisation("dealer", code=code, name=name)
        return DealerSet(
            organisation_id=organisation[0],
            code=organisation[1],
            name=organisation[2],
            clerk=self.make_person("dealer_clerk", "dealer", organisation, name="Clerk Testperson"),
            colleague=self.make_person("dealer_clerk", "dealer", organisation, name="Colleague Testperson"),
            manager=self.make_person("dealer_manager", "dealer", organisation, name="Manager Testperson"),
        )

    def examiner(self) -> Actor:
        """A new examiner of the agency."""
        return self.make_person(
            "dmv_examiner", "dmv", self._the("dmv", "DMV", "Test Agency"), name="Examiner Testperson"
        )

    def title_clerk(self) -> Actor:
        """A new title clerk of the agency."""
        return self.make_person(
            "title_clerk", "dmv", self._the("dmv", "DMV", "Test Agency"), name="Title Testperson"
        )

    def administrator(self) -> Actor:
        """The first of the agency's two administrators."""
        return self.administrators()[0]

    def administrators(self) -> tuple[Actor, Actor]:
        """The agency's two administrators: whoever decides must be another than who asked."""
        agency = self._the("dmv", "DMV", "Test Agency")
        known = _administrators.setdefault(self.databases.state_url, [])
        for number in range(len(known), 2):
            known.append(
                people.add_person(
                    self.system(),
                    email=f"administrator{number}.{uuid4().hex[:8]}@example.test",
                    name=f"Administrator{number} Testperson",
                    organisation_id=agency[0],
                    role="dmv_administrator",
                )
            )
        first, second = (
            self._sign_in(person, "dmv_administrator", "dmv", agency, f"Administrator{n} Testperson")
            for n, person in enumerate(known)
        )
        return first, second

    def collector(self, town_code: str) -> Actor:
        """A new tax collector of a town (three-digit code)."""
        return self.make_person(
            "tax_collector",
            "town",
            self._the("town", town_code, f"Town {town_code}"),
            name="Collector Testperson",
        )

    def accountant(self) -> Actor:
        """A new accountant of the dealers' association."""
        association = self._the("association", "ASSOC", "Test Association")
        return self.make_person(
            "association_accountant", "association", association, name="Accountant Testperson"
        )

    def make_person(
        self, role: str, kind: str, organisation: tuple[UUID, str, str], *, name: str = "Some Testperson"
    ) -> Actor:
        """A new person with a role in an organisation, signed in."""
        person = people.add_person(
            self.system(),
            email=f"{role}.{uuid4().hex[:12]}@example.test",
            name=name,
            organisation_id=organisation[0],
            role=role,
        )
        return self._sign_in(person, role, kind, organisation, name)

    def _sign_in(
        self, person: UUID, role: str, kind: str, organisation: tuple[UUID, str, str], name: str
    ) -> Actor:
        return Actor(
            person_id=person,
            person_name=name,
            organisation_id=organisation[0],
            organisation_kind=kind,
            organisation_code=organisation[1],
            organisation_name=organisation[2],
            role=role,
            credential=people.open_session(self.system(), person_id=person),
            terminal="T1",
            client_address="192.0.2.10",
            request_id=f"test-{uuid4().hex[:12]}",
        )

    def _the(self, kind: str, code: str, name: str) -> tuple[UUID, str, str]:
        found = people.find_organisation(self.system(), kind=kind, code=code)
        return (found, code, name) if found else self.make_organisation(kind, code=code, name=name)


def at_terminal(actor: Actor, terminal: str) -> Actor:
    """The same person at another workstation (D-205)."""
    return replace(actor, terminal=terminal)


# One database may serve several Worlds of a session: they share its credential and its two administrators.
_system_secrets: dict[str, str] = {}
_administrators: dict[str, list[UUID]] = {}
