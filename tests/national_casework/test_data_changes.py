"""Data-change requests: whose data it is decides, not alone, and only what is approved and done counts as done."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from counter import Counter, brand, new_vin

from both_systems import National
from exchange_people import Known
from vinculum.access.database import Actor, acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import data_changes

pytestmark = pytest.mark.database
AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.fixture
def counter(databases: ScratchDatabases, national: National) -> Counter:
    return Counter(url=databases.national_url)


@pytest.fixture
def people(known: Known) -> dict[str, Actor]:
    made = {code: known("title_clerk", "jurisdiction", code) for code in ("CT", "NY", "MA", "RI")}
    return made | {"desk": known("help_desk", "association", "ASSOC")}


def proposed(actor: Actor, *owners: str, vin: str = "") -> tuple[str, UUID]:
    vin = vin or new_vin()
    request_id = data_changes.propose(
        vin=vin, owners=owners, change="Take the flood brand away.", evidence="Letter 7", actor=actor, at=AT
    )
    return vin, request_id


def decided(key: tuple[str, UUID], actor: Actor, *, approve: bool = True) -> None:
    data_changes.decide(
        vin=key[0], request_id=key[1], approve=approve, words="We looked.", actor=actor, at=AT
    )


def standing(key: tuple[str, UUID], actor: Actor) -> str:
    return data_changes.show(vin=key[0], request_id=key[1], actor=actor).standing


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_every_owner_approves_and_the_owners_message_does_it(
    counter: Counter, people: dict[str, Actor]
) -> None:
    """N-704, N-104: form, evidence, each owner's approval, and the effect: an accepted message of an owner."""
    key = proposed(people["CT"], "NY", "MA")
    assert standing(key, people["CT"]) == "proposed"
    decided(key, people["NY"])
    assert standing(key, people["MA"]) == "proposed"
    message = brand(key[0], "NY", "01", date(2024, 1, 1))
    done = {"vin": key[0], "request_id": key[1], "origin": "NY", "message_id": message.message_id, "at": AT}
    with pytest.raises(Refused) as refused:
        data_changes.carry_out(**done, actor=people["desk"])
    assert codes(refused) == {"change_not_approved"}
    decided(key, people["MA"])
    assert standing(key, people["desk"]) == "approved"
    with pytest.raises(Refused) as refused:
        data_changes.carry_out(**done, actor=people["desk"])
    assert codes(refused) == {"effect_not_found"}
    strangers = brand(key[0], "CT", "01", date(2024, 1, 1))
    assert counter.send(strangers, at=AT).accepted
    with pytest.raises(Refused) as refused:
        data_changes.carry_out(
            **done | {"origin": "CT", "message_id": strangers.message_id}, actor=people["desk"]
        )
    assert codes(refused) == {"effect_not_found"}
    assert counter.send(message, at=AT).accepted
    data_changes.carry_out(**done, actor=people["desk"])
    after = data_changes.show(vin=key[0], request_id=key[1], actor=people["CT"])
    assert (after.standing, after.carried_out_by, after.message_id) == (
        "carried_out",
        "NY",
        message.message_id,
    )
    assert [approval.words for approval in after.approvals] == ["We looked.", "We looked."]


def test_one_owner_declines(people: dict[str, Actor]) -> None:
    """N-704, N-104: without the approval of an owner nothing is done, and what was decided stands."""
    key = proposed(people["desk"], "NY", "MA")
    decided(key, people["NY"], approve=False)
    assert standing(key, people["MA"]) == "declined"
    for late in (people["NY"], people["MA"]):
        with pytest.raises(Refused) as refused:
            decided(key, late)
        assert codes(refused) == {"nothing_to_decide"}


def test_nobody_decides_alone(known: Known, people: dict[str, Actor]) -> None:
    """N-704, dual control: who asks for a change of the own state's data does not approve it; a colleague does."""
    key = proposed(people["NY"], "NY")
    with pytest.raises(Refused) as refused:
        decided(key, people["NY"])
    assert codes(refused) == {"decided_by_another"}
    with (
        pytest.raises(psycopg.errors.CheckViolation),
        acting(people["NY"], act="work_exchange_case", database="national") as connection,
    ):
        connection.execute(
            "UPDATE exchange.data_change_approval SET approved = true, decided_at = %s, decided_by = %s,"
            " decided_by_name = 'X', words = 'Y' WHERE request_id = %s",
            (AT, people["NY"].person_id, key[1]),
        )
    decided(key, known("title_clerk", "jurisdiction", "NY"))
    assert standing(key, people["NY"]) == "approved"


def test_database_holds_the_help_desk_back(people: dict[str, Actor]) -> None:
    """N-104, raw SQL: the help desk can neither approve for a state nor carry out what is not approved."""
    key = proposed(people["CT"], "NY")
    with acting(people["desk"], act="work_exchange_case", database="national") as connection:
        approve = (
            "UPDATE exchange.data_change_approval SET approved = true, decided_at = %s, decided_by = %s,"
            " decided_by_name = 'X', words = 'Y' WHERE request_id = %s"
        )
        assert connection.execute(approve, (AT, people["desk"].person_id, key[1])).rowcount == 0
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(people["desk"], act="work_exchange_case", database="national") as connection,
    ):
        connection.execute(
            "UPDATE exchange.data_change SET carried_out_at = %s, carried_out_by = 'NY', message_id = %s"
            " WHERE request_id = %s",
            (AT, uuid4(), key[1]),
        )


def test_strangers_and_withdrawal(people: dict[str, Actor]) -> None:
    """N-704: a third state finds nothing; only who asked withdraws; nothing follows."""
    key = proposed(people["CT"], "NY")
    for act in (lambda: standing(key, people["RI"]), lambda: decided(key, people["RI"])):
        with pytest.raises(data_changes.NoSuchRequest):
            act()
    assert key[1] not in {change.request_id for change in data_changes.listed(actor=people["RI"])}
    with pytest.raises(Refused) as refused:
        data_changes.withdraw(vin=key[0], request_id=key[1], actor=people["NY"], at=AT)
    assert codes(refused) == {"change_not_withdrawn"}
    data_changes.withdraw(vin=key[0], request_id=key[1], actor=people["CT"], at=AT)
    assert standing(key, people["NY"]) == "withdrawn"
    with pytest.raises(Refused):
        decided(key, people["NY"])


def test_what_is_missing_is_said_at_once(people: dict[str, Actor]) -> None:
    """N-704: VIN, owners, change and evidence are asked for together."""
    with pytest.raises(Refused) as refused:
        data_changes.propose(vin="", owners=(), change=" ", evidence="", actor=people["CT"], at=AT)
    assert codes(refused) == {"vin_empty", "owners_missing", "missing_field"}
    with pytest.raises(Refused) as refused:
        proposed(people["CT"], "XX")
    assert codes(refused) == {"jurisdiction_unknown"}
