"""The whole story of a customer, a vehicle or a title: who, when, why, as of any day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from book_people import AT, PASSENGER, make_customer, make_titled_vehicle, new_vin
from people import World
from vinculum.kernel.refusal import Refused
from vinculum.state.law.deal import DeclaredVehicle
from vinculum.state.queries import customer_story, search_book, tax_worklist, title_story, vehicle_story
from vinculum.state.queries.story import StoryRequest
from vinculum.state.records.customer_keeping import CustomerParticulars
from vinculum.state.transactions import convert_record, keep_customer, put_on_stop, take_off_stop

pytestmark = pytest.mark.database
WHY = {"purpose": "government_agency", "case_reference": "case 12"}
_next = iter(range(50_000, 60_000))


def _plate() -> str:
    return PASSENGER.mark_at(PASSENGER.ordinal("CA10001") + next(_next))


def test_vehicle_as_of_any_day(world: World) -> None:
    """D-309, N-103: each fact stands as of its own legal day; entries say who recorded it, when and why."""
    owner = make_customer(world)
    plate = _plate()
    made = make_titled_vehicle(world, owner=owner.number, plate=plate)
    examiner = world.examiner()

    def kinds(day: date) -> list[str]:
        story = vehicle_story.run(StoryRequest(subject=made.vin, as_of=day, **WHY), actor=examiner)
        assert story is not None
        return sorted({fact.kind for fact in story.facts})

    assert kinds(date(2019, 1, 1)) == []
    assert kinds(date(2021, 1, 1)) == ["description", "odometer", "title"]
    assert kinds(date(2026, 1, 1)) == ["description", "odometer", "registration", "title"]
    story = vehicle_story.run(StoryRequest(subject=made.vin, as_of=AT.date(), **WHY), actor=examiner)
    assert story is not None
    assert {entry.kind for entry in story.entries} == {"conversion"}
    assert all(entry.person_name and entry.reason and entry.recorded_at == AT for entry in story.entries)
    before = StoryRequest(subject=made.vin, as_of=AT.date(), known_at=AT - timedelta(days=1), **WHY)
    told = vehicle_story.run(before, actor=examiner)
    assert told is not None
    assert (told.facts, told.entries) == ((), ())


def test_title_shows_owners_and_closing(world: World) -> None:
    """D-701: a title with its owner names; one that never was answers nothing."""
    owner = make_customer(world, name="Blake Sample")
    made = make_titled_vehicle(world, owner=owner.number, title_number="19999000")
    request = StoryRequest(subject="19999000", as_of=AT.date(), **WHY)
    story = title_story.run(request, actor=world.examiner())
    assert story is not None
    (title,) = story.facts
    assert ("owners", "Blake Sample") in title.fields
    assert ("vehicle", made.vin) in title.fields
    assert title_story.run(replace(request, subject="1"), actor=world.examiner()) is None
    with pytest.raises(Refused):
        title_story.run(replace(request, case_reference=""), actor=world.examiner())


def test_customer_keeps_what_was(world: World) -> None:
    """D-207: a correction closes the old particulars and opens new ones; both stay in the story."""
    kept = make_customer(world, name="Casey Sample")
    moved = AT + timedelta(days=10)
    keep_customer.run(
        keep_customer.Request(
            number=kept.number,
            particulars=CustomerParticulars(
                kind="person", name="Casey Sample", last_name="Sample", residence_town="Hebron"
            ),
            reason="moved",
        ),
        actor=world.examiner(),
        at=moved,
    )
    examiner = world.examiner()

    def town(day: date) -> str:
        story = customer_story.run(StoryRequest(subject=kept.number, as_of=day, **WHY), actor=examiner)
        assert story is not None
        (particulars,) = [fact for fact in story.facts if fact.kind == "particulars"]
        return dict(particulars.fields)["residence town"]

    assert (town(AT.date()), town(moved.date())) == ("Hartford", "Hebron")


def test_town_stops_for_itself_only(world: World) -> None:
    """M-401, M-403, M-404: a town's own delinquency only; it stays until each town clears; history is kept."""
    kept = make_customer(world)
    hartford, hebron = world.collector("064"), world.collector("067")
    request = put_on_stop.Request(
        customer_number=kept.number,
        kind="delinquent_tax",
        reason="grand list 2024, number 17",
        since=date(2026, 2, 1),
        town_code="064",
    )
    with pytest.raises(Refused) as refused:
        put_on_stop.run(request, actor=hebron, at=AT)
    assert refused.value.refusals[0].code == "stop_of_another_town"
    put_on_stop.run(request, actor=hartford, at=AT)
    with pytest.raises(Refused) as refused:
        put_on_stop.run(request, actor=hartford, at=AT)
    assert refused.value.refusals[0].code == "stop_already_on"
    put_on_stop.run(replace(request, town_code="067"), actor=hebron, at=AT)
    off = take_off_stop.Request(
        customer_number=kept.number, kind="delinquent_tax", reason="paid", town_code="064"
    )
    with pytest.raises(Refused):
        take_off_stop.run(off, actor=hebron, at=AT)
    take_off_stop.run(off, actor=hartford, at=AT)
    with pytest.raises(Refused):
        take_off_stop.run(off, actor=hartford, at=AT)
    mine = tax_worklist.run(tax_worklist.Request(taken_off=True), actor=hartford)
    assert (kept.number, "paid") in [(stop.customer_number, stop.taken_off_reason) for stop in mine]
    theirs = tax_worklist.run(tax_worklist.Request(town_code="064"), actor=hebron)
    assert kept.number in [stop.customer_number for stop in theirs]
    of_hartford = tax_worklist.run(tax_worklist.Request(), actor=hartford)
    assert not {stop.stop_id for stop in theirs} & {stop.stop_id for stop in of_hartford}, "only its own"


def test_collector_puts_on_no_suspension(world: World) -> None:
    """M-401: suspensions are not a town's."""
    kept = make_customer(world)
    with pytest.raises(Refused) as refused:
        put_on_stop.run(
            put_on_stop.Request(
                customer_number=kept.number, kind="registration_suspension", reason="spite", since=AT.date()
            ),
            actor=world.collector("064"),
            at=AT,
        )
    assert refused.value.refusals[0].code == "stop_of_another_town"


def test_search_shows_names_with_a_purpose_only(world: World) -> None:
    """M-301: numbers are found at once; a customer's name only against a purpose record."""
    kept = make_customer(world, name="Quincy Searchable")
    plate = _plate()
    made = make_titled_vehicle(world, owner=kept.number, plate=plate)
    examiner = world.examiner()
    assert [hit.kind for hit in search_book.run(search_book.Request(text=plate), actor=examiner)] == [
        "registration"
    ]
    assert [hit.kind for hit in search_book.run(search_book.Request(text=made.vin), actor=examiner)] == [
        "vehicle"
    ]
    assert search_book.run(search_book.Request(text="Searchable"), actor=examiner) == ()
    (hit,) = search_book.run(search_book.Request(text="searchable", **WHY), actor=examiner)
    assert (hit.key, hit.words) == (kept.number, "Quincy Searchable, Hartford")


def test_conversion_refuses_what_stands(world: World) -> None:
    """D-309: a vehicle or number that stands open is not converted over."""
    owner = make_customer(world)
    made = make_titled_vehicle(world, owner=owner.number, title_number="22000001")
    vehicle = DeclaredVehicle(vin=made.vin, model_year=2003, make="HOND")
    with pytest.raises(Refused) as refused:
        convert_record.run(
            convert_record.Request(vehicle=vehicle, owners=("no such",)), actor=world.system(), at=AT
        )
    assert {refusal.code for refusal in refused.value.refusals} == {
        "record_on_book_already",
        "customer_number_unknown",
    }
    with pytest.raises(Refused) as refused:
        make_titled_vehicle(world, owner=owner.number, vin=new_vin(), title_number="22000001")
    assert refused.value.refusals[0].code == "number_on_book_already"
