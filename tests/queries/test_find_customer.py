"""Customers are found by a number they show, and the look-up is written before anything is shown."""

import psycopg
import pytest

from book_people import AT, make_customer, new_licence
from people import World
from vinculum.access.permissions import Forbidden
from vinculum.kernel.refusal import Refused
from vinculum.state.queries import find_customer
from vinculum.state.records.customer_keeping import CustomerParticulars, Identification
from vinculum.state.transactions import keep_customer

pytestmark = pytest.mark.database


def _ask(kind: find_customer.NumberKind, number: str, **other: str) -> find_customer.Request:
    return find_customer.Request(
        kind=kind, number=number, case_reference=other.pop("case", "deal 1"), **other
    )


def test_found_by_each_number(world: World) -> None:
    """D-208: licence, non-driver ID, permits, FEIN, US DOT and customer number all lead to the record."""
    numbers = {kind: new_licence() for kind in find_customer.NUMBER_KINDS if kind != "customer_number"}
    kept = keep_customer.run(
        keep_customer.Request(
            particulars=CustomerParticulars(kind="business", name="Sample Haulage LLC", last_name=""),
            identifications=tuple(Identification(kind=kind, number=n) for kind, n in numbers.items()),
        ),
        actor=world.examiner(),
        at=AT,
    )
    clerk = world.make_dealer().clerk
    for kind, number in {**numbers, "customer_number": kept.number}.items():
        found = find_customer.run(_ask(kind, f"{number[:2]}-{number[2:]}"), actor=clerk)
        assert (found.number, found.name) == (kept.number, "Sample Haulage LLC")


def test_several_records_are_refused(world: World) -> None:
    """D-208: several records for one identity stop with multiple_customer_records; DMV names the right one."""
    licence = new_licence()
    make_customer(world, licence=licence)
    make_customer(world, licence=licence)
    with pytest.raises(Refused) as refused:
        find_customer.run(_ask("ct_licence", licence), actor=world.make_dealer().clerk)
    assert [refusal.code for refusal in refused.value.refusals] == ["multiple_customer_records"]


def test_unknown_number_is_refused_with_the_route(world: World) -> None:
    """D-208: nobody with this number: customer_not_on_file, and where the customer is sent instead."""
    with pytest.raises(Refused) as refused:
        find_customer.run(_ask("fein", "06-0000000"), actor=world.make_dealer().clerk)
    (refusal,) = refused.value.refusals
    assert refusal.code == "customer_not_on_file"
    assert refusal.remedy


def test_look_up_is_written_first(world: World) -> None:
    """D-105, M-301: every look-up, even one that finds nobody, leaves a purpose record with its case."""
    clerk = world.make_dealer().clerk
    missing = new_licence()
    with pytest.raises(Refused):
        find_customer.run(_ask("ct_licence", missing, case="deal 77"), actor=clerk)
    with psycopg.connect(world.databases.admin_state_url) as connection:
        rows = connection.execute(
            "SELECT act, purpose, case_reference, subject FROM access.disclosure WHERE person_id = %s",
            [clerk.person_id],
        ).fetchall()
    assert rows == [("find_customer", "verification_by_business", "deal 77", f"ct_licence {missing}")]


def test_purpose_must_be_ones_own(world: World) -> None:
    """M-301: a purpose of the government's is not open to a dealer, and an empty case is no case."""
    clerk = world.make_dealer().clerk
    for request, code in (
        (_ask("ct_licence", "900000001", purpose="government_agency"), "purpose_not_permitted"),
        (_ask("ct_licence", "900000001", case=" "), "case_reference_missing"),
    ):
        with pytest.raises(Refused) as refused:
            find_customer.run(request, actor=clerk)
        assert [refusal.code for refusal in refused.value.refusals] == [code]


def test_accountant_may_not_look(world: World) -> None:
    """D-105: whoever keeps the money has no business with customers."""
    with pytest.raises(Forbidden):
        find_customer.run(_ask("ct_licence", "900000001"), actor=world.accountant())
