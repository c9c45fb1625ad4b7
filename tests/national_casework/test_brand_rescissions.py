"""Brands taken back at the desk: never alone, only one's own, applied with the confirmation, and told."""

from datetime import UTC, date, datetime
from uuid import UUID

import psycopg
import pytest
from counter import Counter, brand, brand_removal, first_title, new_vin
from django.urls import reverse

from both_systems import National
from exchange_people import Known, signed_in_person
from people import World
from signed_in import client_of
from vinculum.access.database import Actor, Connection, acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import desk_inquiry, own_brands, rescind_brand
from vinculum.national.law.standing import Channel
from vinculum.national.queries import notices_for
from vinculum.protocol.correct_brand import RemoveBrand
from vinculum.protocol.problem import problem
from vinculum.protocol.update_answer import UpdateAnswer

pytestmark = pytest.mark.database
AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
ON = date(2024, 1, 1)


@pytest.fixture
def counter(databases: ScratchDatabases, national: National, reporting: None) -> Counter:
    return Counter(url=databases.national_url)


@pytest.fixture
def two(known: Known) -> tuple[Actor, Actor]:
    return known("title_clerk", "jurisdiction", "NY"), known("title_clerk", "jurisdiction", "NY")


def apply(connection: Connection, message: RemoveBrand, channel: Channel) -> UpdateAnswer:
    return apply_message(message, sender=message.origin, at=AT, connection=connection, channel=channel)


def branded(counter: Counter) -> str:
    vin = new_vin()
    for message in (first_title(vin, "MA", "MA1"), brand(vin, "NY", "08", ON)):
        assert counter.send(message, at=AT).accepted
    return vin


def proposed(vin: str, actor: Actor, *, code: str = "08", reason: str = "Another vehicle") -> UUID:
    return rescind_brand.propose(vin=vin, brand_code=code, brand_date=ON, reason=reason, actor=actor, at=AT)


def decided(vin: str, rescission: UUID, actor: Actor, *, confirm: bool = True) -> None:
    rescind_brand.decide(vin=vin, rescission_id=rescission, confirm=confirm, apply=apply, actor=actor, at=AT)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_two_people_take_a_brand_back(counter: Counter, two: tuple[Actor, Actor]) -> None:
    """N-404: the brand stands until the second person confirms; then it is gone, and the state of title is told."""
    vin = branded(counter)
    rescission = proposed(vin, two[0])
    assert counter.record(vin).brands
    with pytest.raises(Refused) as refused:
        decided(vin, rescission, two[0])
    assert codes(refused) == {"decided_by_another"}
    assert counter.record(vin).brands
    decided(vin, rescission, two[1])
    assert not counter.record(vin).brands
    with counter.transaction() as connection:
        told = [
            notice.kind
            for notice in notices_for.run("MA", connection=connection, limit=500)
            if notice.vin == vin
        ]
    assert told == ["brand_removed"]
    found = next(one for one in rescind_brand.listed(actor=two[0]) if one.rescission_id == rescission)
    assert found.standing == "rescinded"
    with pytest.raises(Refused) as refused:
        decided(vin, rescission, two[1])
    assert codes(refused) == {"rescission_decided"}


def test_database_asks_for_two(counter: Counter, two: tuple[Actor, Actor]) -> None:
    """Dual control: raw SQL of the person who proposed does not confirm, in its own name or another's."""
    vin = branded(counter)
    rescission = proposed(vin, two[0])
    confirm = (
        "UPDATE exchange.brand_rescission SET confirmed = true, decided_at = %s, decided_by = %s,"
        " decided_by_name = 'X' WHERE vin = %s AND rescission_id = %s"
    )
    for person, wrong in (
        (two[0].person_id, psycopg.errors.CheckViolation),
        (two[1].person_id, psycopg.errors.InsufficientPrivilege),
    ):
        with (
            pytest.raises(wrong),
            acting(two[0], act="rescind_brand", database="national") as connection,
        ):
            connection.execute(confirm, (AT, person, vin, rescission))


def test_only_the_branders_people(counter: Counter, two: tuple[Actor, Actor], known: Known) -> None:
    """N-404: another state neither proposes nor finds it; who proposed may give it up; one proposal waits at a time."""
    vin = branded(counter)
    stranger = known("title_clerk", "jurisdiction", "MA")
    for actor, code in ((stranger, "08"), (two[0], "09")):
        with pytest.raises(Refused) as refused:
            proposed(vin, actor, code=code)
        assert codes(refused) == {"rescission_not_applied"}
    rescission = proposed(vin, two[0])
    with pytest.raises(Refused) as refused:
        proposed(vin, two[1])
    assert codes(refused) == {"rescission_waits_already"}
    with pytest.raises(rescind_brand.NoSuchRescission):
        decided(vin, rescission, stranger)
    assert rescission not in {one.rescission_id for one in rescind_brand.listed(actor=stranger)}
    decided(vin, rescission, two[0], confirm=False)
    assert counter.record(vin).brands
    with pytest.raises(Refused) as refused:
        proposed(vin, two[0], reason=" ")
    assert codes(refused) == {"missing_field"}


def test_what_became_impossible_is_not_confirmed(counter: Counter, two: tuple[Actor, Actor]) -> None:
    """N-404: the state's own message took the brand back meanwhile; the confirmation is refused as a whole."""
    vin = branded(counter)
    rescission = proposed(vin, two[0])
    assert counter.send(brand_removal(vin, "NY", "08", ON), at=AT).accepted
    with pytest.raises(Refused) as refused:
        decided(vin, rescission, two[1])
    assert codes(refused) == {"rescission_not_applied"}
    found = next(one for one in rescind_brand.listed(actor=two[0]) if one.rescission_id == rescission)
    assert found.standing == "proposed"


def logged(databases: ScratchDatabases, vin: str) -> list[tuple[str, str]]:
    with psycopg.connect(databases.admin_national_url) as connection:
        return connection.execute(
            "SELECT asker, purpose FROM exchange.inquiry_log WHERE vin = %s AND message_id IS NULL", (vin,)
        ).fetchall()


def test_own_brands_are_looked_up(
    counter: Counter, two: tuple[Actor, Actor], known: Known, databases: ScratchDatabases
) -> None:
    """N-404, N-207: one's own brands that stand and no other's; each look-up is logged with asker and purpose."""
    vin = branded(counter)
    assert counter.send(brand(vin, "MA", "11", ON), at=AT).accepted
    found = own_brands.look_up(f" {vin.lower()} ", actor=two[0], at=AT)
    assert [(one.code, one.brander, one.brand_date) for one in found] == [("08", "NY", ON)]
    assert own_brands.look_up(vin, actor=known("title_clerk", "jurisdiction", "RI"), at=AT) == ()
    purpose = "brand of one's own to be taken back"
    assert sorted(logged(databases, vin)) == [("NY", purpose), ("RI", purpose)]
    decided(vin, proposed(vin, two[0]), two[1])
    assert own_brands.look_up(vin, actor=two[0], at=AT) == ()


def test_look_up_is_closed_like_any_inquiry(
    two: tuple[Actor, Actor], databases: ScratchDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-105, N-601: who does not report learns nothing, and what is no VIN is not looked up."""
    vin = new_vin()
    monkeypatch.setattr(
        desk_inquiry, "check_reporting", lambda *_, **__: [problem("V05", jurisdiction="NY", since="x")]
    )
    for typed, code in ((vin, {"inquiries_closed"}), ("", {"inquiries_closed", "vin_empty"})):
        with pytest.raises(Refused) as refused:
            own_brands.look_up(typed, actor=two[0], at=AT)
        assert codes(refused) == code
    assert logged(databases, vin) == []


def test_brand_is_chosen_on_the_page(world: World, counter: Counter, databases: ScratchDatabases) -> None:
    """N-404: "Show our brands" lists them; the chosen one is proposed; a refusal keeps it without another look-up."""
    vin = branded(counter)
    client = client_of(signed_in_person(world, "title_clerk", "jurisdiction", "NY"))
    show, propose = reverse("exchange_own_brands"), reverse("exchange_propose_rescission")
    page = client.post(show, {"vin": vin, "reason": "Typed for another."}).content.decode()
    assert f'value="08 {ON.isoformat()}"' in page
    assert "Typed for another." in page
    assert 'id="f-brand_date"' not in page
    chosen = {"vin": vin, "brand": f"08 {ON.isoformat()}"}
    refused = client.post(propose, chosen)
    assert refused.status_code == 422
    assert f'value="{ON.isoformat()}"' in refused.content.decode()
    assert len(logged(databases, vin)) == 1
    assert client.post(propose, chosen | {"reason": "Typed for another."}).status_code == 302
    none = client.post(show, chosen | {"vin": new_vin()}).content.decode()
    assert "No brand of your state stands on" in none
    assert 'name="brand_date" value=""' in none
    missing = client.post(show, {"vin": ""})
    assert missing.status_code == 422
    assert "Nothing was looked up" in missing.content.decode()
    # No link looks anything up: the address leads back to the page.
    assert client.get(show).status_code == 302
