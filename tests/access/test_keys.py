"""Bearer keys of programs: scopes, addresses, expiry, rotation, revocation; and the limit on their requests."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from people import DealerSet, World
from vinculum.access import keys, people
from vinculum.access.database import Actor, CredentialRefused, acting
from vinculum.access.permissions import Forbidden, require
from vinculum.access.rate_limit import RateLimit
from vinculum.config.scratch import ScratchDatabases

pytestmark = pytest.mark.database
ADDRESS = "192.0.2.10"


@pytest.fixture(scope="module")
def world(databases: ScratchDatabases) -> World:
    return World(databases)


@pytest.fixture
def dealer(world: World) -> DealerSet:
    return world.make_dealer()


def _issue(
    actor: Actor,
    dealer: DealerSet,
    *,
    client: str = "dealer management system",
    role: str = "dealer_clerk",
    scopes: tuple[str, ...] = ("quote_registration", "register_vehicle"),
    days: int = 90,
    live: bool = False,
    addresses: tuple[str, ...] = (),
) -> keys.IssuedKey:
    return keys.issue(
        actor,
        client=client,
        organisation_id=dealer.organisation_id,
        role=role,
        scopes=scopes,
        expires_at=datetime.now(UTC) + timedelta(days=days),
        live=live,
        addresses=addresses,
    )


def test_key_acts_within_its_scopes(dealer: DealerSet) -> None:
    """A key acts as its role within its scopes; outside of them the table and the database both refuse."""
    key = _issue(dealer.manager, dealer)
    assert key.secret.startswith("vk_test_")
    actor = keys.actor_for(key.secret, client_address=ADDRESS)
    assert actor.organisation_id == dealer.organisation_id
    assert actor.role == "dealer_clerk"
    require(actor, "register_vehicle")
    with acting(actor, act="register_vehicle"):
        pass
    with pytest.raises(Forbidden):
        require(actor, "void_registration")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(actor, act="void_registration"):
        pass


def test_only_those_who_govern_issue(world: World, dealer: DealerSet) -> None:
    """A clerk, a stranger's manager and an examiner issue no key; the agency's administrator does."""
    with pytest.raises(Forbidden):
        _issue(dealer.clerk, dealer)
    with pytest.raises(Forbidden):
        _issue(world.examiner(), dealer)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _issue(world.make_dealer().manager, dealer)
    assert _issue(world.administrator(), dealer)


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        ("dealer_clerk", ("put_on_stop",)),
        ("dealer_clerk", ()),
        ("dealer_clerk", ("no_such_act",)),
        ("dmv_examiner", ("find_customer",)),
    ],
)
def test_scopes_are_acts_of_the_role(
    world: World, dealer: DealerSet, role: str, scopes: tuple[str, ...]
) -> None:
    """No key reaches beyond its role, and no role beyond its kind of organisation."""
    with pytest.raises(psycopg.errors.CheckViolation):
        _issue(world.administrator(), dealer, role=role, scopes=scopes)


def test_two_at_once_for_rotation(dealer: DealerSet) -> None:
    """The old and the new key work side by side; a third is refused until one is revoked."""
    first, second = _issue(dealer.manager, dealer), _issue(dealer.manager, dealer)
    for key in (first, second):
        assert keys.actor_for(key.secret, client_address=ADDRESS)
    with pytest.raises(psycopg.errors.CheckViolation):
        _issue(dealer.manager, dealer)
    keys.revoke(dealer.manager, key_id=first.id)
    with pytest.raises(CredentialRefused):
        keys.actor_for(first.secret, client_address=ADDRESS)
    assert keys.actor_for(second.secret, client_address=ADDRESS)
    assert _issue(dealer.manager, dealer)


def test_addresses_are_held_to(dealer: DealerSet) -> None:
    """A key with registered addresses works from those only, before and in the database."""
    key = _issue(dealer.manager, dealer, addresses=("198.51.100.0/28",))
    inside = keys.actor_for(key.secret, client_address="198.51.100.15")
    with acting(inside, act="register_vehicle"):
        pass
    for outside in ("198.51.100.16", "2001:db8::1", "", "no address"):
        with pytest.raises(CredentialRefused):
            keys.actor_for(key.secret, client_address=outside)


def test_expired_key_is_refused(dealer: DealerSet, databases: ScratchDatabases) -> None:
    """A key ends with its day, and none is issued for more than 400 days."""
    key = _issue(dealer.manager, dealer)
    with psycopg.connect(databases.admin_state_url) as connection:
        connection.execute(
            "UPDATE access.credential SET created_at = now() - interval '2 days',"
            " expires_at = now() - interval '1 second' WHERE id = %s",
            (key.id,),
        )
    with pytest.raises(CredentialRefused):
        keys.actor_for(key.secret, client_address=ADDRESS)
    with pytest.raises(psycopg.errors.CheckViolation):
        _issue(dealer.manager, dealer, days=401)


def test_live_keys_are_for_production(dealer: DealerSet) -> None:
    """A live key is refused outside of production, and what is no key anywhere."""
    live = _issue(dealer.manager, dealer, live=True)
    assert live.secret.startswith("vk_live_")
    for bearer in (live.secret, "", "vk_test_short", dealer.clerk.credential):
        with pytest.raises(CredentialRefused):
            keys.actor_for(bearer, client_address=ADDRESS)


def test_leaving_revokes_keys(world: World, dealer: DealerSet) -> None:
    """The keys that a manager issued end with the manager's membership."""
    key = _issue(dealer.manager, dealer)
    people.end_membership(world.administrator(), person_id=dealer.manager.person_id)
    with pytest.raises(CredentialRefused):
        keys.actor_for(key.secret, client_address=ADDRESS)


def test_revoked_key_opens_no_transaction_though_remembered(dealer: DealerSet) -> None:
    """Who remembers the actor of a key that was revoked meanwhile is refused by the database all the same."""
    key = _issue(dealer.manager, dealer)
    actor = keys.actor_for(key.secret, client_address=ADDRESS)
    keys.revoke(dealer.manager, key_id=key.id)
    with pytest.raises(CredentialRefused), acting(actor, act="register_vehicle"):
        pass


def test_list_shows_prefixes_and_no_secret(world: World, dealer: DealerSet) -> None:
    """A manager sees the own keys by prefix; another dealer's manager sees none."""
    key = _issue(dealer.manager, dealer)
    shown = keys.of_organisation(dealer.manager, organisation_id=dealer.organisation_id)
    assert [one.prefix for one in shown] == [key.prefix]
    assert key.secret not in repr(shown)
    stranger = world.make_dealer().manager
    assert keys.of_organisation(stranger, organisation_id=dealer.organisation_id) == []
    with pytest.raises(psycopg.errors.NoDataFound):
        keys.revoke(stranger, key_id=key.id)


def test_rate_limit_lets_a_burst_through_and_refills() -> None:
    """Each client has its own bucket: a burst passes, the next waits, time refills it."""
    limit = RateLimit(per_second=2, burst=3)
    assert [limit.wait_for("a", now=10.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert limit.wait_for("a", now=10.0) == pytest.approx(0.5)
    assert limit.wait_for("b", now=10.0) == 0.0
    assert limit.wait_for("a", now=10.5) == 0.0
    assert limit.wait_for("a", now=10.5) > 0
    assert [limit.wait_for("a", now=1000.0) for _ in range(4)].count(0.0) == 3
