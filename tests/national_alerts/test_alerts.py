"""Alerts posted, found by everything they are found by, read by approved users only, mended and closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from counter import new_vin

from exchange_people import Known
from national_alerts.conftest import AT, Office
from vinculum.access.database import acting
from vinculum.access.permissions import Forbidden
from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.refusal import Refused
from vinculum.national.alerts import find_alerts, post_alert
from vinculum.national.alerts.alert import Number, read_number
from vinculum.national.alerts.file_store import FileStore
from vinculum.national.alerts.find_alerts import Asked, NoSuchAlert

pytestmark = pytest.mark.database
REQUEST = post_alert.Request(
    kind="material", title="Blank titles missing", body="Taken on the way to the printer.", jurisdiction="CT"
)


def found(asked: Asked, actor: object) -> set[str]:
    return {alert.title for alert in find_alerts.page(asked, actor=actor).alerts}  # type: ignore[arg-type]


def test_found_by_what_it_names(office: Office, store: FileStore) -> None:
    """N-703: by VIN, document number, serial range, kind, jurisdiction and words; by what it does not name, never."""
    user, vin, mark = office.user(), new_vin(), uuid4().hex[:10].upper()
    request = replace(
        REQUEST,
        title=f"Seals {mark} stolen",
        body=f"Twelve embossing seals, word{mark.lower()}.",
        jurisdiction="NY",
        vins=[vin.lower()],
        numbers=[f"P-{mark}", f"{mark}X0100 to {mark}X0199"],
    )
    post_alert.run(request, actor=user, at=AT, store=store)
    yes = [
        Asked(vin=vin),
        Asked(number=f"p {mark}"),
        *(Asked(number=f"{mark}X{digits}") for digits in ("0100", "0150", "0199")),
        Asked(words=f"word{mark}"),
        Asked(words="seal embossed", vin=vin),
        Asked(kind="material", jurisdiction="NY", vin=vin, open_only=True),
    ]
    no = [
        Asked(vin=new_vin()),
        *(Asked(number=f"{mark}X{digits}") for digits in ("0099", "0200", "150", "00150")),
        Asked(number=f"{mark}X"),
        Asked(words=f"word{mark} tractor"),
        Asked(vin=vin, kind="vehicle"),
        Asked(vin=vin, jurisdiction="CT"),
    ]
    assert [asked for asked in yes if found(asked, user) != {request.title}] == []
    assert [asked for asked in no if found(asked, user)] == []


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("c 123-456", Number(prefix="C123456")),
        ("AB0100 to AB0199", Number(prefix="AB", first="0100", last="0199")),
        ("77 TO 99", Number(prefix="", first="77", last="99")),
    ],
)
def test_numbers_are_read(line: str, number: Number) -> None:
    """N-703: one number, or first and last of a range."""
    assert read_number(line) == number


@pytest.mark.parametrize(
    "line", ["AB1 to AC2", "AB1 to AB02", "AB9 to AB1", "AB to AC", "", "А1", "x" * 41, "1;2"]
)
def test_numbers_that_are_none(line: str) -> None:
    """N-703: what is no number is refused with a sentence."""
    with pytest.raises(ValueError, match=r"[a-z]+\."):
        read_number(line)


def test_pages_go_on_where_they_ended(office: Office, store: FileStore) -> None:
    """N-703: pages are keyed: one posted meanwhile neither repeats nor hides another."""
    user, word = office.user(), f"w{uuid4().hex[:10]}"
    for number in range(find_alerts.PAGE + 3):
        request = replace(REQUEST, title=f"{word} {number:02}", body=word)
        post_alert.run(request, actor=user, at=AT + timedelta(seconds=number // 2), store=store)
    first = find_alerts.page(Asked(words=word), actor=user)
    post_alert.run(
        replace(REQUEST, title=f"{word} later", body=word),
        actor=user,
        at=AT + timedelta(minutes=1),
        store=store,
    )
    second = find_alerts.page(Asked(words=word, after=first.next_after), actor=user)
    assert second.next_after is None
    titles = [alert.title for alert in (*first.alerts, *second.alerts)]
    assert sorted(titles) == [f"{word} {number:02}" for number in range(find_alerts.PAGE + 3)]
    moments = [alert.posted_at for alert in (*first.alerts, *second.alerts)]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked(), "alert_by_time"),
        (Asked(kind="material"), "alert_by_kind"),
        (Asked(jurisdiction="CT"), "alert_by_jurisdiction"),
        (Asked(vin="X"), "alert_vin_pkey"),
        (Asked(number="AB100"), "alert_number_pkey"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_search_has_its_index(office: Office, asked: Asked, index: str) -> None:
    """N-703: no search reads all alerts, also behind row-level security."""
    query, values = find_alerts.statement(asked)
    user = office.user()
    with acting(user, act="show_alerts", database="national") as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        connection.execute("SET LOCAL enable_sort = off")
        plan = "\n".join(row[0] for row in connection.execute("EXPLAIN " + query, values))
    assert index in plan, plan


def test_search_by_words_has_its_index(databases: ScratchDatabases) -> None:
    """N-703: words are looked up in their index where the function asks for them."""
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT alert_id FROM exchange.alert WHERE words @@ websearch_to_tsquery('english', 'seal')"
        ).fetchall()
        connection.rollback()
    assert "alert_by_words" in str(plan)


def test_who_is_no_user_finds_nothing(
    office: Office, known: Known, new_office: Callable[..., Office], store: FileStore
) -> None:
    """N-703: not approved, of another kind of office, or removed: the answer is that of what does not exist."""
    vin = new_vin()
    alert_id = post_alert.run(replace(REQUEST, vins=[vin]), actor=office.user(), at=AT, store=store)
    other = new_office().user()
    assert find_alerts.show(alert_id, actor=other, at=AT).vins == (vin,)
    for nobody in (office.clerk(), office.administrator, new_office("association").clerk()):
        for wanted in (alert_id, uuid4()):
            with pytest.raises(NoSuchAlert):
                find_alerts.show(wanted, actor=nobody, at=AT)
        assert found(Asked(vin=vin), nobody) == set()
        with pytest.raises(NoSuchAlert):
            post_alert.run(REQUEST, actor=nobody, at=AT, store=store)
        with acting(nobody, act="show_alerts", database="national") as connection:
            for table in ("alert", "alert_vin", "alert_number", "alert_file", "alert_opening"):
                assert connection.execute(f"SELECT 1 FROM exchange.{table} LIMIT 1").fetchone() is None, table
            assert find_alerts.naming_vin(connection, vin) == ()
            said = connection.execute("SELECT exchange.alerts_that_say('blank')").fetchall()
            assert said == []
    with pytest.raises(Forbidden):
        find_alerts.page(Asked(), actor=known("jsi_reporter", "reporter"))
    with acting(other, act="show_alerts", database="national") as connection:
        assert [alert.alert_id for alert in find_alerts.naming_vin(connection, vin)] == [alert_id]


def test_kept_by_who_posted_it(office: Office, new_office: Callable[..., Office], store: FileStore) -> None:
    """N-703: colleagues and the association mend and close it, others do not; what is closed stays as it is."""
    user, stranger = office.user(), new_office().user()
    alert_id = post_alert.run(REQUEST, actor=user, at=AT, store=store)
    with pytest.raises(Refused) as refused:
        post_alert.update(alert_id, title="Other title", body="Other text", actor=stranger, at=AT)
    assert [one.code for one in refused.value.refusals] == ["alert_not_yours"]
    post_alert.update(alert_id, title="Mended title", body="Mended text", actor=office.user(), at=AT)
    with pytest.raises(Refused):
        post_alert.close(alert_id, reason=" ", actor=user, at=AT)
    association = new_office("association").user()
    post_alert.close(alert_id, reason="Found and destroyed", actor=association, at=AT)
    seen = find_alerts.show(alert_id, actor=stranger, at=AT)
    assert (seen.title, seen.updated_at, seen.closed_because) == ("Mended title", AT, "Found and destroyed")
    for again in (user, association):
        with pytest.raises(Refused) as refused:
            post_alert.update(alert_id, title="Once more", body="Text", actor=again, at=AT)
        assert [one.code for one in refused.value.refusals] == ["alert_not_yours"]


def test_openings_are_on_record(office: Office, store: FileStore) -> None:
    """N-703: the administrator sees how often a user opened alerts; nobody writes an opening in another's name."""
    from vinculum.national.alerts import alert_users

    user, colleague = office.user(), office.user()
    alert_id = post_alert.run(REQUEST, actor=user, at=AT, store=store)
    for seconds in range(3):
        find_alerts.show(alert_id, actor=user, at=AT + timedelta(seconds=seconds))
    register = alert_users.register(actor=office.administrator, at=AT)
    opened = {one.person_id: one.openings for one in register.users}
    assert opened == {user.person_id: 3, colleague.person_id: 0}
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(user, act="show_alerts", database="national") as connection,
    ):
        connection.execute(
            "INSERT INTO exchange.alert_opening VALUES (%s, %s, %s, %s)",
            (alert_id, colleague.person_id, AT, user.organisation_id),
        )


def test_all_reasons_at_once(office: Office, store: FileStore) -> None:
    """N-703: everything that is wrong with an alert is said together, and nothing of it is kept."""
    user = office.user()
    bad = post_alert.Request(
        kind="rumour",
        title="x",
        body="",
        vins=["1HGCM82633A00435!"],
        numbers=["AB9 to AB1"],
        files=[("a.exe", b"MZ\x00")],
    )
    with pytest.raises(Refused) as refused:
        post_alert.run(bad, actor=user, at=AT, store=store)
    fields = {one.field for one in refused.value.refusals}
    assert fields == {"kind", "title", "body", "vins", "numbers", "files"}
    with pytest.raises(Refused) as refused:
        post_alert.run(replace(REQUEST, jurisdiction="QQ"), actor=user, at=AT, store=store)
    assert [one.code for one in refused.value.refusals] == ["jurisdiction_unknown"]
