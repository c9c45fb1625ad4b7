"""Attacks with plain SQL by the application's own login: what an injected statement could try, and that it fails."""

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

from people import World
from vinculum.access import disclosure, identity
from vinculum.access.database import Actor, CredentialRefused, acting
from vinculum.config.scratch import ScratchDatabases

pytestmark = pytest.mark.database
Refusal = psycopg.errors.InsufficientPrivilege


@pytest.fixture(scope="module")
def world(databases: ScratchDatabases) -> World:
    return World(databases)


@pytest.fixture
def app(databases: ScratchDatabases, world: World) -> Iterator[psycopg.Connection]:
    """A connection with the application's login, in nobody's name."""
    with psycopg.connect(databases.state_url) as connection:
        yield connection
        connection.rollback()


def _enter(connection: psycopg.Connection, actor: Actor, *, act: str = "show_stock") -> None:
    connection.execute(
        "SELECT access.enter(%s, %s, %s, %s, %s, NULL)",
        (actor.credential, actor.client_address, actor.request_id, actor.terminal, act),
    )


def _who(connection: psycopg.Connection) -> tuple[object, ...] | None:
    return connection.execute("SELECT access.person_id(), access.organisation_id(), access.role()").fetchone()


# ---------------------------------------------------------------------------------------------- the context
def test_entered_context_is_read(app: psycopg.Connection, world: World) -> None:
    """Control: whoever enters properly is seen as who they are."""
    clerk = world.make_dealer().clerk
    _enter(app, clerk)
    assert _who(app) == (clerk.person_id, clerk.organisation_id, "dealer_clerk")


def test_nobody_is_nobody(app: psycopg.Connection) -> None:
    """Without entering, the context is empty and every policy reads it as no."""
    assert _who(app) == (None, None, None)
    for table in ("membership", "disclosure", "idempotency"):
        assert app.execute(f"SELECT count(*) FROM access.{table}").fetchone() == (0,)


def test_forged_context_is_empty(app: psycopg.Connection, world: World) -> None:
    """A context set by hand, or a true one with another role written into it, carries no valid seal."""
    clerk = world.make_dealer().clerk
    _enter(app, clerk)
    row = app.execute("SELECT current_setting('vinculum.context')").fetchone()
    assert row is not None
    true = str(row[0])
    for forged in (
        true.replace("dealer_clerk", "dmv_administrator"),
        true.replace(str(clerk.organisation_id), str(world.examiner().organisation_id)),
        true.split("#", 1)[0] + "#" + "0" * 64,
        true.split("#", 1)[0],
        "#",
        "|||||||||||",
    ):
        app.execute("SELECT set_config('vinculum.context', %s, true)", (forged,))
        assert _who(app) == (None, None, None)
    app.execute("SELECT set_config('vinculum.context', %s, true)", (true,))
    assert _who(app) == (clerk.person_id, clerk.organisation_id, "dealer_clerk")


def test_replayed_context_is_empty(
    app: psycopg.Connection, world: World, databases: ScratchDatabases
) -> None:
    """A true context is worth nothing in a later transaction, nor on another connection."""
    _enter(app, world.make_dealer().clerk)
    row = app.execute("SELECT current_setting('vinculum.context')").fetchone()
    assert row is not None
    app.commit()
    app.execute("SELECT set_config('vinculum.context', %s, false)", (row[0],))
    assert _who(app) == (None, None, None)
    with psycopg.connect(databases.state_url) as other:
        other.execute("SELECT set_config('vinculum.context', %s, true)", (row[0],))
        assert _who(other) == (None, None, None)


def test_separators_cannot_shift_the_context(world: World) -> None:
    """A request id or terminal with the context's separators in it does not move its parts."""
    clerk = world.make_dealer().clerk
    sly = replace(clerk, request_id="r|dmv#x", terminal="T|1#2|dmv_administrator")
    with acting(sly, act="show_stock") as connection:
        assert _who(connection) == (clerk.person_id, clerk.organisation_id, "dealer_clerk")


@pytest.mark.parametrize("state", ["expired", "revoked", "idle", "unknown", "organisation_ended"])
def test_dead_credential_does_not_enter(world: World, databases: ScratchDatabases, state: str) -> None:
    """An expired, revoked, idle or unknown credential enters nothing, nor one of an organisation that ended."""
    dealer = world.make_dealer()
    actor = dealer.clerk
    with acting(actor, act="show_stock"):
        pass
    change = {
        "expired": "UPDATE access.credential SET created_at = now() - interval '2 d', expires_at = now()"
        " WHERE person_id = %s",
        "revoked": "UPDATE access.credential SET revoked_at = now() WHERE person_id = %s",
        "idle": "UPDATE access.credential SET last_seen_at = now() - interval '1801 s' WHERE person_id = %s",
        "organisation_ended": "UPDATE access.organisation SET ended_at = now() WHERE id = (SELECT organisation_id"
        " FROM access.credential WHERE person_id = %s)",
    }.get(state)
    if change is None:
        actor = replace(actor, credential=identity.new_secret())
    else:
        with psycopg.connect(databases.admin_state_url) as admin:
            admin.execute(change, (actor.person_id,))
    with pytest.raises(CredentialRefused), acting(actor, act="show_stock"):
        pass


def test_injection_cannot_sign_itself_in(app: psycopg.Connection, world: World) -> None:
    """Nobody makes a credential in nobody's name, in a clerk's, nor in an administrator's for another person."""
    victim = world.administrator()
    for pretender in (None, world.make_dealer().manager, victim):
        if pretender is not None:
            _enter(app, pretender)
        with pytest.raises(Refusal):
            app.execute(
                "SELECT access.open_session(%s, %s, %s)",
                (uuid4(), identity.hash_of("mine"), victim.person_id),
            )
        app.rollback()
    for statement in (
        "INSERT INTO access.credential SELECT * FROM access.credential",
        "UPDATE access.credential SET revoked_at = NULL",
        "DELETE FROM access.credential",
        "INSERT INTO access.membership SELECT * FROM access.membership",
        "UPDATE access.membership SET role = 'dmv_administrator'",
        "INSERT INTO access.permission VALUES ('dealer_clerk', 'verify_audit', 'any')",
        "INSERT INTO access.organisation SELECT gen_random_uuid(), 'dmv', 'X', 'Mine', now()",
        "UPDATE access.organisation SET kind = 'dmv'",
    ):
        _enter(app, world.make_dealer().clerk)
        with pytest.raises(Refusal):
            app.execute(statement)
        app.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM access.context_key",
        "SELECT access.seal('x')",
        "SELECT token_hash FROM access.credential",
        "SELECT * FROM access.credential",
        "SELECT access.known_person(gen_random_uuid())",
        "SELECT access.write_membership(gen_random_uuid(), gen_random_uuid(), 'system')",
        "SELECT * FROM audit.event",
        "SELECT * FROM audit.head",
        "INSERT INTO audit.event SELECT 0::smallint, 1, now(), '{}', ''::bytea, ''::bytea",
        "UPDATE audit.event SET payload = ''",
        "DELETE FROM audit.event",
        "TRUNCATE audit.event",
        "UPDATE audit.head SET sequence = 0",
        "DROP TRIGGER event_is_never_changed ON audit.event",
        "ALTER TABLE audit.event DISABLE TRIGGER ALL",
        "ALTER TABLE access.disclosure DISABLE ROW LEVEL SECURITY",
        "DROP TABLE access.disclosure",
        "CREATE FUNCTION access.claim(integer, integer) RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
        "CREATE OR REPLACE FUNCTION access.role() RETURNS text LANGUAGE sql AS 'SELECT ''system'''",
        "SET ROLE vinculum_owner",
        "SET ROLE vinculum_audit_owner",
        "SET SESSION AUTHORIZATION vinculum_migrate",
        "SET session_replication_role = replica",
        "SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM access.disclosure",
        "UPDATE access.disclosure SET purpose = 'research'",
        "TRUNCATE access.disclosure",
        "DELETE FROM access.idempotency",
        "COPY access.credential TO STDOUT",
        "SELECT pg_read_file('/etc/hostname')",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
    ],
)
def test_application_may_not(app: psycopg.Connection, world: World, statement: str) -> None:
    """The application's login, acting as an administrator, reads no secret, changes no evidence, moves no wall."""
    _enter(app, world.administrator())
    with pytest.raises((Refusal, psycopg.errors.InvalidParameterValue)):
        app.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.event SET payload = ''",
        "DELETE FROM audit.event",
        "TRUNCATE audit.event",
        "DELETE FROM audit.head",
    ],
)
def test_owner_of_the_trail_may_not_either(databases: ScratchDatabases, world: World, statement: str) -> None:
    """Even the owner of the audit tables is stopped by their triggers."""
    with psycopg.connect(databases.migrate_state_url) as connection:
        connection.execute("SET ROLE vinculum_audit_owner")
        with pytest.raises(Refusal, match="only grows"):
            connection.execute(statement)


def test_work_without_its_event_does_not_commit(world: World, databases: ScratchDatabases) -> None:
    """The event is written in the transaction of the work: when it cannot be, the work is not done either."""
    system = world.system()
    with psycopg.connect(databases.migrate_state_url) as owner:
        owner.execute("SET ROLE vinculum_audit_owner")
        owner.execute("LOCK TABLE audit.head IN ACCESS EXCLUSIVE MODE")
        with (  # noqa: PT012 (the refusal comes at commit)
            pytest.raises(psycopg.errors.LockNotAvailable),
            acting(system, act="create_organisation") as connection,
        ):
            connection.execute("SET LOCAL lock_timeout = '200ms'")
            connection.execute(
                "SELECT access.create_organisation(%s, 'dealer', 'NOEVENT', 'No Event Motors')", (uuid4(),)
            )
        owner.rollback()
    with acting(system, act="create_organisation") as connection:
        found = connection.execute(
            "SELECT count(*) FROM access.organisation WHERE code = 'NOEVENT'"
        ).fetchone()
    assert found == (0,)


# ---------------------------------------------------------------------------------------------- disclosure
def test_committed_purpose_record_shows(world: World) -> None:
    """Control: a purpose record that was committed before opens the ticket for its person."""
    examiner = world.examiner()
    ticket = _record(examiner)
    with acting(examiner, act="show_customer_story", ticket=ticket) as connection:
        assert connection.execute("SELECT access.ticket()").fetchone() == (ticket,)


def _record(actor: Actor, *, purpose: str = "government_agency") -> object:
    return disclosure.record(
        actor, act="show_customer_story", purpose=purpose, case_reference="case 1", subject="100000001"
    )


def test_ticket_of_the_same_transaction_is_refused(app: psycopg.Connection, world: World) -> None:
    """Log first, durably, then show: a record that is not committed yet shows nothing."""
    examiner = world.examiner()
    _enter(app, examiner, act="show_customer_story")
    ticket = uuid4()
    app.execute(
        "SELECT access.record_disclosure(%s, 'show_customer_story', 'government_agency', 'case', 'x')",
        (ticket,),
    )
    with pytest.raises(Refusal, match="no committed purpose record"):
        app.execute(
            "SELECT access.enter(%s, '', 'r', 't', 'show_customer_story', %s)", (examiner.credential, ticket)
        )


def test_ticket_of_another_is_refused(world: World, databases: ScratchDatabases) -> None:
    """A ticket is good for the person who gave the purpose, for five minutes."""
    examiner, colleague = world.examiner(), world.examiner()
    ticket = _record(examiner)
    with pytest.raises(Refusal), acting(colleague, act="show_customer_story", ticket=ticket):  # type: ignore[arg-type]
        pass
    with pytest.raises(Refusal), acting(examiner, act="show_customer_story", ticket=uuid4()):
        pass
    with psycopg.connect(databases.admin_state_url) as admin:
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "UPDATE access.disclosure SET recorded_at = recorded_at - interval '5 min' WHERE ticket = %s",
            (ticket,),
        )
    with pytest.raises(Refusal), acting(examiner, act="show_customer_story", ticket=ticket):  # type: ignore[arg-type]
        pass


@pytest.mark.parametrize("setting", ["off", "local", "remote_write"])
def test_purpose_record_must_be_durable(app: psycopg.Connection, world: World, setting: str) -> None:
    """A purpose record that a crash could lose is refused."""
    _enter(app, world.examiner(), act="show_customer_story")
    app.execute(f"SET LOCAL synchronous_commit = '{setting}'")
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        app.execute(
            "SELECT access.record_disclosure(%s, 'show_customer_story', 'government_agency', 'case', 'x')",
            (uuid4(),),
        )


def test_purpose_is_open_to_the_kind(world: World) -> None:
    """18 U.S.C. 2721(b): a dealer names its own purposes only, and nobody an invented one."""
    clerk = world.make_dealer().clerk
    assert _record(clerk, purpose="verification_by_business")
    for purpose in ("government_agency", "curiosity", ""):
        with pytest.raises(disclosure.PurposeRefused):
            _record(clerk, purpose=purpose)


def test_disclosures_of_another_dealer_are_unseen(world: World) -> None:
    """A dealer sees its own disclosure records; the agency sees all."""
    owner, stranger = world.make_dealer(), world.make_dealer()
    ticket = _record(owner.clerk, purpose="verification_by_business")
    for actor, count in ((owner.colleague, 1), (stranger.clerk, 0), (world.examiner(), 1)):
        with acting(actor, act="show_my_sign_in") as connection:
            row = connection.execute(
                "SELECT count(*) FROM access.disclosure WHERE ticket = %s", (ticket,)
            ).fetchone()
        assert row == (count,)


# ---------------------------------------------------------------------------------------------- every table
_OURS = (
    "n.nspname IN ('access', 'audit', 'book', 'stock', 'ledger', 'work', 'outbox', 'reference', 'exchange')"
)
_TENANT_COLUMNS = ("organisation_id", "dealer_id", "town_code", "tax_town_code")


def _unwalled(connection: psycopg.Connection) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        f" WHERE {_OURS} AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        " AND EXISTS (SELECT 1 FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = ANY (%s)"
        " AND NOT a.attisdropped) AND n.nspname <> 'reference' ORDER BY 1, 2",
        (list(_TENANT_COLUMNS),),
    ).fetchall()


def test_every_tenant_table_has_its_wall(databases: ScratchDatabases) -> None:
    """Each table that names a dealer, town or organisation has row-level security, also for its owner."""
    for url in (databases.admin_state_url, databases.admin_national_url):
        with psycopg.connect(url) as connection:
            assert _unwalled(connection) == []
    with psycopg.connect(databases.admin_state_url) as connection:
        connection.execute("CREATE TABLE access.forgotten (organisation_id uuid)")
        assert _unwalled(connection) == [("access", "forgotten")]
        connection.rollback()


def test_application_owns_nothing_and_deletes_nothing_of_the_book(databases: ScratchDatabases) -> None:
    """The application's login owns nothing of ours, has no DELETE or TRUNCATE there, and bypasses no wall."""
    with psycopg.connect(databases.admin_state_url) as connection:
        owned = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            f" WHERE {_OURS} AND c.relkind IN ('r', 'p') AND (pg_get_userbyid(c.relowner) = 'vinculum_app'"
            " OR has_table_privilege('vinculum_app', c.oid, 'DELETE, TRUNCATE, TRIGGER, REFERENCES'))"
        ).fetchall()
        assert owned == []


def test_every_definer_function_holds_its_search_path(databases: ScratchDatabases) -> None:
    """A function that runs with its owner's rights fixes its search path and is not open to everybody."""
    for url in (databases.admin_state_url, databases.admin_national_url):
        with psycopg.connect(url) as connection:
            loose = connection.execute(
                "SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
                f" WHERE {_OURS} AND p.prosecdef AND (p.proconfig IS NULL"
                " OR NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) AS c WHERE c LIKE 'search\\_path=%')"
                " OR (p.prorettype <> 'trigger'::regtype AND has_function_privilege('public', p.oid, 'EXECUTE')))"
            ).fetchall()
        assert loose == []


def test_secrets_are_never_stored_in_the_clear(world: World, databases: ScratchDatabases) -> None:
    """No credential's secret stands anywhere in access or audit: a hash is all that is kept."""
    clerk = world.make_dealer().clerk
    with psycopg.connect(databases.admin_state_url) as connection:
        dump = str(connection.execute("SELECT jsonb_agg(to_jsonb(c)) FROM access.credential AS c").fetchone())
        dump += str(connection.execute("SELECT string_agg(payload, '') FROM audit.event").fetchone())
    assert re.search(re.escape(str(clerk.person_id)), dump)
    assert clerk.credential not in dump
