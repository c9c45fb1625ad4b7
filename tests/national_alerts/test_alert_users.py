"""Who may use the alert site: asked, approved by another, limited in number, confirmed every year, removed at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from exchange_people import Known
from national_alerts.conftest import AT, Office
from vinculum.access import people, service
from vinculum.access.database import Actor, CredentialRefused, acting
from vinculum.access.permissions import Forbidden
from vinculum.access.vouching import at_the_exchange
from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.refusal import Refused
from vinculum.national.alerts import alert_users, find_alerts
from vinculum.national.alerts.find_alerts import Asked

pytestmark = pytest.mark.database


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def decide(office: Office, person: UUID, *, by: Actor | None = None, approve: bool = True) -> None:
    alert_users.decide(person_id=person, approve=approve, actor=by or office.administrator, at=AT)


def test_use_waits_for_the_administrator(office: Office) -> None:
    """N-703: who asks reads nothing until the administrator of the own jurisdiction has approved."""
    clerk = office.clerk()
    assert not find_alerts.is_user(clerk)
    alert_users.ask(wanted_for="Counter training", actor=clerk, at=AT)
    assert not find_alerts.is_user(clerk)
    with pytest.raises(Refused) as again:
        alert_users.ask(wanted_for="Once more", actor=clerk, at=AT)
    assert codes(again) == {"alert_access_asked_already"}
    decide(office, clerk.person_id)
    assert find_alerts.is_user(clerk)
    own = alert_users.own(actor=clerk)
    assert own is not None
    assert own.decided_by_name == office.administrator.person_name


def test_nobody_approves_oneself_or_anothers(office: Office, new_office: Callable[[], Office]) -> None:
    """N-703: dual control and tenant isolation: neither oneself nor others' people, nor without the role."""
    administrator = office.administrator
    alert_users.ask(wanted_for="To see what my people see", actor=administrator, at=AT)
    clerk = office.clerk()
    alert_users.ask(wanted_for="Counter", actor=clerk, at=AT)
    for by, whom in ((administrator, administrator), (new_office().administrator, clerk)):
        with pytest.raises(Refused) as refused:
            decide(office, whom.person_id, by=by)
        assert codes(refused) == {"alert_user_not_found"}
    with pytest.raises(Forbidden):
        decide(office, clerk.person_id, by=clerk)
    # Past the program, the database says no as well.
    for by, whom in ((administrator, administrator), (clerk, clerk), (office.clerk(), clerk)):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting(by, act="decide_alert_user", database="national") as connection,
        ):
            connection.execute(
                "SELECT exchange.decide_alert_user(%s, 'X', true, '', %s)", (whom.person_id, AT)
            )
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(clerk, act="decide_alert_user", database="national") as connection,
    ):
        connection.execute(
            "UPDATE exchange.alert_user SET approved_at = now(), confirmed_at = now(), decided_by = %s",
            (administrator.person_id,),
        )
    assert not find_alerts.is_user(clerk)


def test_decided_by_another_is_a_constraint(office: Office, databases: ScratchDatabases) -> None:
    """N-703: even the owner of the tables cannot note somebody as having approved oneself."""
    clerk = office.clerk()
    alert_users.ask(wanted_for="Counter", actor=clerk, at=AT)
    with (
        psycopg.connect(databases.admin_national_url) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="alert_user_is_decided_by_another"),
    ):
        connection.execute(
            "UPDATE exchange.alert_user SET decided_by = person_id, approved_at = %s, confirmed_at = %s"
            " WHERE person_id = %s",
            (AT, AT, clerk.person_id),
        )


def _places(office: Office, most: int) -> None:
    with acting(service.actor(), act="grant_role", database="national") as connection:
        alert_users.set_places(
            connection, organisation_id=office.administrator.organisation_id, most_users=most
        )


def test_users_are_limited(office: Office) -> None:
    """N-703: a jurisdiction has so many places, five unless told otherwise; the database counts."""
    assert alert_users.register(actor=office.administrator, at=AT).most_users == 5
    _places(office, 1)
    office.user()
    late = office.clerk()
    alert_users.ask(wanted_for="Counter", actor=late, at=AT)
    with pytest.raises(Refused) as refused:
        decide(office, late.person_id)
    assert codes(refused) == {"alert_users_are_limited"}
    _places(office, 2)
    decide(office, late.person_id)
    assert find_alerts.is_user(late)


@pytest.mark.parametrize("locked", [True, False], ids=["with the lock", "without it"])
def test_two_administrators_and_the_last_place(
    office: Office, known: Known, databases: ScratchDatabases, locked: bool
) -> None:
    """N-703: two who approve at once do not both take the last place; without the lock on the place they do."""
    second = known("exchange_administrator", "jurisdiction", office.administrator.organisation_code)
    _places(office, 1)
    clerks = [office.clerk(), office.clerk()]
    for clerk in clerks:
        alert_users.ask(wanted_for="Counter", actor=clerk, at=AT)
    with psycopg.connect(databases.admin_national_url, autocommit=True) as owner:
        row = owner.execute(
            "SELECT pg_get_functiondef('exchange.decide_alert_user(uuid,text,boolean,text,timestamptz)'::regprocedure)"
        ).fetchone()
        assert row is not None
        sound: str = row[0]
        # A pause before the change, so that both have counted.
        slow = sound.replace(
            "    UPDATE exchange.alert_user", "    PERFORM pg_sleep(0.3);\n    UPDATE exchange.alert_user"
        )
        broken = slow.replace("FOR UPDATE", "")
        assert sound != slow != broken
        owner.execute(slow if locked else broken)
        try:
            with ThreadPoolExecutor(max_workers=2) as pool:
                outcomes = list(
                    pool.map(_outcome, [office.administrator, second], [clerk.person_id for clerk in clerks])
                )
        finally:
            owner.execute(sound)
    assert outcomes.count("approved") == (1 if locked else 2), outcomes


def _outcome(by: Actor, person: UUID) -> str:
    try:
        alert_users.decide(person_id=person, approve=True, actor=by, at=AT)
    except Refused as refused:
        return refused.refusals[0].code
    return "approved"


def test_use_is_confirmed_every_year(office: Office) -> None:
    """N-703: a year after the last confirmation the site is closed, until the administrator confirms again."""
    long_ago = AT - timedelta(days=366)
    clerk = office.user(at=long_ago)
    assert not find_alerts.is_user(clerk)
    own = alert_users.own(actor=clerk)
    assert own is not None
    assert own.is_stale(at=AT)
    decide(office, clerk.person_id)
    assert find_alerts.is_user(clerk)


def test_removal_ends_sessions_at_once(office: Office) -> None:
    """N-703: unauthorised use removes the user with a reason; every session ends, and may not be got back by asking."""
    clerk = office.user()
    closed: list[UUID] = []
    with pytest.raises(Refused) as refused:
        _end(office, clerk, words=" ", closed=closed)
    assert codes(refused) == {"missing_field"}
    _end(office, clerk, words="Sent a picture to a newspaper", closed=closed)
    assert closed == [clerk.person_id]
    with pytest.raises(CredentialRefused):
        find_alerts.page(Asked(), actor=clerk)
    ended = alert_users.register(actor=office.administrator, at=AT).ended
    assert [(one.person_id, one.ended_because) for one in ended] == [(clerk.person_id, "unauthorised use")]


def test_removal_that_cannot_end_sessions_does_not_happen(office: Office) -> None:
    """N-703: when the sign-in desk cannot be reached, nothing is half done: the removal is rolled back whole."""
    clerk = office.user()

    def fail(_: UUID) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        _end(office, clerk, close=fail)
    assert find_alerts.is_user(clerk)


def test_sessions_end_where_people_sign_in(office: Office) -> None:
    """N-703: the session at the state's sign-in desk is gone too."""
    clerk = office.user()
    _end(office, clerk, close=lambda person: people.close_sessions(service.actor(), person_id=person))
    with pytest.raises(CredentialRefused), acting(clerk, act="show_my_sign_in"):
        pass


def _end(
    office: Office,
    clerk: Actor,
    *,
    words: str = "Sent it on",
    by: Actor | None = None,
    closed: list[UUID] | None = None,
    close: Callable[[UUID], Any] | None = None,
) -> None:
    alert_users.end(
        person_id=clerk.person_id,
        because="unauthorised_use",
        words=words,
        actor=by or office.administrator,
        at=AT,
        close_sessions=close or (closed if closed is not None else []).append,
    )


def test_removal_by_whom(office: Office, new_office: Callable[..., Office]) -> None:
    """N-703: another jurisdiction's administrator removes nobody; the association's may, for the site is its own."""
    clerk = office.user()
    with pytest.raises(Refused) as refused:
        _end(office, clerk, by=new_office().administrator)
    assert codes(refused) == {"alert_user_not_found"}
    assert find_alerts.is_user(clerk)
    _end(office, clerk, by=new_office("association").administrator)
    with pytest.raises(CredentialRefused):
        find_alerts.is_user(clerk)


def test_removed_before_is_seen(office: Office, known: Known) -> None:
    """N-703: who was removed for unauthorised use and asks again is shown with it to who decides."""
    clerk = office.user()
    _end(office, clerk, words="Sent it on")
    alert_users.ask(
        wanted_for="I will be careful", actor=_signed_in_again(clerk), at=AT + timedelta(minutes=1)
    )
    asking = alert_users.register(actor=office.administrator, at=AT).asking
    assert [one.removed_before for one in asking] == ["Sent it on"]


def _signed_in_again(clerk: Actor) -> Actor:
    secret = people.open_session(service.actor(), person_id=clerk.person_id)
    return at_the_exchange(
        replace(clerk, credential=secret),
        kind=clerk.organisation_kind,
        code=clerk.organisation_code,
        name=clerk.organisation_name,
    )


def test_lists_are_ones_own(office: Office, new_office: Callable[..., Office]) -> None:
    """N-703: an administrator sees the own jurisdiction's users and requests, and nobody else's."""
    clerk, other = office.user(), new_office()
    stranger = other.user()
    seen = {one.person_id for one in alert_users.register(actor=office.administrator, at=AT).users}
    assert seen == {clerk.person_id}
    with acting(clerk, act="show_alerts", database="national") as connection:
        rows = connection.execute("SELECT person_id FROM exchange.alert_user").fetchall()
    assert rows == [(clerk.person_id,)]
    assert stranger.person_id not in seen


def test_all_of_it_is_audited(office: Office, databases: ScratchDatabases) -> None:
    """N-703: asking, approving and removing are in the audit trail, in the names of those who did it."""
    clerk = office.user()
    _end(office, clerk, words=f"Reason {uuid4()}")
    with psycopg.connect(databases.admin_national_url) as connection:
        rows = connection.execute(
            "SELECT payload::jsonb ->> 'person', payload::jsonb ->> 'act',"
            " payload::jsonb -> 'after' ->> 'ended_because'"
            "  FROM audit.event WHERE payload::jsonb ->> 'table' = 'exchange.alert_user'"
            "   AND payload::jsonb -> 'after' ->> 'person_id' = %s ORDER BY recorded_at",
            (str(clerk.person_id),),
        ).fetchall()
    administrator = str(office.administrator.person_id)
    assert rows == [
        (str(clerk.person_id), "ask_alert_access", None),
        (administrator, "decide_alert_user", None),
        (administrator, "decide_alert_user", "unauthorised_use"),
    ]
