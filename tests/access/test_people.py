"""Organisations, memberships and sessions: who may let whom in, and that leaving ends everything at once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from people import World
from vinculum.access import keys, people, sessions
from vinculum.access.database import CredentialRefused, acting
from vinculum.config.scratch import ScratchDatabases

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def world(databases: ScratchDatabases) -> World:
    return World(databases)


def test_everybody_gets_a_session(world: World) -> None:
    """A person with an open membership acts in the role and organisation of that membership."""
    dealer = world.make_dealer("Lakeside Motors")
    for actor in (
        dealer.clerk,
        dealer.manager,
        world.examiner(),
        world.collector("001"),
        world.administrator(),
    ):
        with acting(actor, act="show_my_sign_in") as connection:
            row = connection.execute(
                "SELECT access.person_id(), access.organisation_id(), access.kind(), access.role()"
            ).fetchone()
        assert row == (actor.person_id, actor.organisation_id, actor.organisation_kind, actor.role)


def test_leaving_ends_sessions_at_once(world: World) -> None:
    """A session that worked a moment ago is refused as soon as the membership has ended."""
    dealer = world.make_dealer()
    with acting(dealer.clerk, act="show_stock"):
        pass
    people.end_membership(dealer.manager, person_id=dealer.clerk.person_id)
    with pytest.raises(CredentialRefused), acting(dealer.clerk, act="show_stock"):
        pass
    with acting(dealer.colleague, act="show_stock"):
        pass
    with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
        people.open_session(world.system(), person_id=dealer.clerk.person_id)


def test_manager_governs_own_dealer_only(world: World) -> None:
    """A dealer's manager neither ends nor begins memberships of another dealer, nor of the agency."""
    one, other = world.make_dealer(), world.make_dealer()
    for attempt in (
        lambda: people.end_membership(one.manager, person_id=other.clerk.person_id),
        lambda: people.add_person(
            one.manager,
            email=f"{uuid4().hex}@example.test",
            name="Sneaked In",
            organisation_id=other.organisation_id,
            role="dealer_clerk",
        ),
        lambda: people.add_person(
            one.manager,
            email=f"{uuid4().hex}@example.test",
            name="Sneaked Up",
            organisation_id=world.examiner().organisation_id,
            role="dmv_examiner",
        ),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attempt()
    with acting(other.clerk, act="show_stock"):
        pass


def test_role_belongs_to_kind_of_organisation(world: World) -> None:
    """Nobody becomes an examiner at a dealer, and nobody the program itself."""
    dealer = world.make_dealer()
    with pytest.raises(psycopg.errors.CheckViolation):
        world.make_person("dmv_examiner", "dealer", (dealer.organisation_id, dealer.code, dealer.name))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        world.make_person("system", "dealer", (dealer.organisation_id, dealer.code, dealer.name))


def test_administrator_needs_two(world: World) -> None:
    """A third administrator is asked for by one and approved by another; alone, neither the first nor the program."""
    first, second = world.administrators()
    agency = first.organisation_id
    person = people.add_person_only(first, email=f"{uuid4().hex}@example.test", name="Third Testperson")
    for alone in (first, world.system()):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            people.begin_membership(alone, person_id=person, organisation_id=agency, role="dmv_administrator")
    request = people.request_membership(
        first, person_id=person, organisation_id=agency, role="dmv_administrator"
    )
    with pytest.raises(psycopg.errors.CheckViolation):
        people.decide_membership(first, request_id=request, approve=True)
    with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
        people.open_session(world.system(), person_id=person)
    people.decide_membership(second, request_id=request, approve=True)
    assert people.open_session(world.system(), person_id=person)
    with pytest.raises(psycopg.errors.NoDataFound):
        people.decide_membership(second, request_id=request, approve=True)
    people.end_membership(second, person_id=person)


def test_nobody_becomes_the_program(world: World) -> None:
    """Not even two administrators together make a person, or a key, the program itself."""
    first, second = world.administrators()
    system = world.system().organisation_id
    person = people.add_person_only(first, email=f"{uuid4().hex}@example.test", name="Machine Testperson")
    request = people.request_membership(first, person_id=person, organisation_id=system, role="system")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        people.decide_membership(second, request_id=request, approve=True)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        keys.issue(
            first,
            client="machine",
            organisation_id=system,
            role="system",
            scopes=["open_session"],
            expires_at=datetime.now(UTC) + timedelta(days=1),
            live=False,
        )


def test_idle_time_is_shorter_for_staff(world: World) -> None:
    """Fifteen minutes for the agency's people, thirty for everybody else; twelve hours at most for all."""
    expected = ((world.examiner(), 15), (world.administrator(), 15), (world.make_dealer().clerk, 30))
    for actor, minutes in (*expected, (world.collector("002"), 30), (world.accountant(), 30)):
        session = sessions.of_person(actor)[0]
        assert session.idle_minutes == minutes
        assert session.expires_at - session.since == timedelta(hours=12)


def test_sessions_of_another_are_not_closed(world: World) -> None:
    """A clerk closes the own sessions, a manager those of the own dealer's people, neither a stranger's."""
    one, other = world.make_dealer(), world.make_dealer()
    assert people.close_sessions(one.manager, person_id=one.clerk.person_id) == 1
    for actor in (one.colleague, one.manager):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            people.close_sessions(actor, person_id=other.clerk.person_id)
    assert people.close_sessions(one.colleague, person_id=one.colleague.person_id) == 1
