"""Batch files of the demonstration's states: titles and brands, a file with errors, questions and their answers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

from vinculum.entrypoints.demo import cases
from vinculum.entrypoints.demo.at_work import Desks
from vinculum.entrypoints.demo.exchange_cases import VEHICLES, ExchangeVehicle, own_vin, vehicle
from vinculum.entrypoints.demo.state_systems import first_title, hand_in, printed
from vinculum.entrypoints.demo.vehicles import look_alike, pattern_of
from vinculum.national.batch import work_bench
from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.inquiry import UsedVehicleInquiry

_NEW_YORK, _RHODE_ISLAND = "titles@newyork.example", "titles@rhodeisland.example"
_ODOMETERS: Final = {"change_waits": 114_000, "exempt": 0}
# Of these New York has no title of its own in the beginning.
_OF_NEW_JERSEY: Final = frozenset({"recalled_forgery", "corrected", "change_done", "clone_waits"})
_ONE_NUMBER: Final = "NY60002016"


def number_of(case: ExchangeVehicle, state: str = "NY") -> str:
    """The number of a state's title of this vehicle; one of New York's is there twice."""
    if state == "NY" and case.code.startswith("number_twice"):
        return _ONE_NUMBER
    return f"{state}{60_000_000 + case.serial}"


def load_new_yorks_titles(desks: Desks, *, at: datetime) -> None:
    """New York's titles, as its system sends them once a month."""
    titles = []
    for case in VEHICLES:
        if case.code in _OF_NEW_JERSEY:
            continue
        issued = (at - timedelta(days=case.serial % 40 + 3)).date()
        if case.code == "before_built":
            issued = date(case.pattern.model_year - 3, 5, 2)
        titles.append(
            first_title(
                look_alike(case.vin) if case.code == "correction_waits" else case.vin,
                pattern=case.pattern,
                state="NY",
                number=number_of(case),
                issued=issued,
                odometer=_ODOMETERS.get(case.code, 18_000 + case.serial),
                at=at,
            )
        )
    _send("VINADD", titles, name="NY-TITLES-DEMO", desks=desks, at=at)


def load_new_yorks_brands(desks: Desks, *, at: datetime) -> None:
    """The brands that should not have been sent."""
    brands = [
        AddBrand(
            message_id=uuid4(),
            origin="NY",
            sent_at=at,
            vin=vehicle(code).vin,
            brand_code=brand,
            brand_date=at.date(),
            make=vehicle(code).pattern.make,
            model_year=vehicle(code).pattern.model_year,
        )
        for code, brand in (("brand_gone", "01"), ("brand_waits", "11"))
    ]
    _send("BRNADD", brands, name="NY-BRANDS-DEMO", desks=desks, at=at)


def load_clones_titles(desks: Desks, *, at: datetime) -> None:
    """New York titles another car under the VIN, with papers that are as false as it is."""
    clone = vehicle("clone_waits")
    title = first_title(
        clone.vin,
        pattern=clone.pattern,
        state="NY",
        number=number_of(clone),
        issued=at.date(),
        odometer=24_000,
        at=at,
        years_off=-1,
    )
    _send("VINADD", [title], name="NY-LATE-DEMO", desks=desks, at=at)


def load_faulty_files(desks: Desks, *, at: datetime) -> None:
    """A file of which some records were rejected, and one that was refused whole: both stand on the work bench."""
    sent = at - timedelta(days=2)
    good, again = pattern_of("1N4AL3AP", "HC"), vehicle("surrendered_too")
    new = _new_york_title(good.vin(2201), number="NY60002201", at=sent)
    records = [
        new,
        _new_york_title("123378L123456", number="NY60002202", at=sent, model_year=1968),
        _new_york_title("124379N123457", number="NY60002203", at=sent, model_year=1969),
        _new_york_title(look_alike(good.vin(2204)), number="NY60002204", at=sent),
        _new_york_title(again.vin, number=number_of(again), at=sent),
        _new_york_title(good.vin(2206), number="NY60002206", at=sent + timedelta(days=400)),
        _new_york_title(good.vin(2207), number="NY60002207", at=sent, odometer=777_777_777),
    ]
    content = printed("VINADD", records, name="NY-ERRORS-DEMO", state="NY", at=sent)
    # A letter where the reading should stand, as a converter makes them.
    hand_in(content.replace(b"777777777", b"77777777X"), by=desks(_NEW_YORK), at=sent)
    whole = printed("VINADD", [new], name="NY-BROKEN-DEMO", state="NY", at=at)
    hand_in(whole.replace(b"000000001", b"000000002"), by=desks(_NEW_YORK), at=at - timedelta(days=1))
    work_bench.acknowledge(
        code="20B",
        reason="Vehicles of before 1981 have shorter VINs; ours are looked at before they are titled.",
        actor=desks(_NEW_YORK),
        at=at - timedelta(days=1),
    )


def load_questions(desks: Desks, *, at: datetime) -> None:
    """Rhode Island reports a title by file, and asks by file about vehicles that every dealer has heard of."""
    sent = at - timedelta(days=3)
    pattern = pattern_of("19XFL2H8", "RE")
    title = first_title(
        pattern.vin(2301),
        pattern=pattern,
        state="RI",
        number="RI60002301",
        issued=sent.date(),
        odometer=14,
        at=sent,
    )
    _send("VINADD", [title], name="RI-TITLES-DEMO", desks=desks, at=sent, email=_RHODE_ISLAND)
    asked = [
        UsedVehicleInquiry(message_id=uuid4(), origin="RI", sent_at=at, vin=vin, with_theft=True)
        for vin in (
            *(case.vin for case in cases.VEHICLES if case.meets and not case.titled_here),
            vehicle("corrected").vin,
            own_vin("clone_apart"),
            pattern.vin(2302),
            f"{pattern.vin(2303)[:-1]}O",  # no VIN has this letter: the record is rejected
        )
    ]
    _send(
        *("VININQ", asked),
        name="RI-QUESTIONS-DEMO",
        desks=desks,
        at=at - timedelta(days=1),
        email=_RHODE_ISLAND,
    )


def _new_york_title(
    vin: str, *, number: str, at: datetime, model_year: int = 2017, odometer: int = 41_000
) -> AddTitle:
    pattern = pattern_of("1N4AL3AP", "HC")
    return first_title(
        vin,
        pattern=pattern,
        state="NY",
        number=number,
        issued=at.date(),
        odometer=odometer,
        at=at,
        years_off=model_year - pattern.model_year,
    )


def _send(
    kind: str,
    records: Sequence[object],
    *,
    name: str,
    desks: Desks,
    at: datetime,
    email: str = _NEW_YORK,
) -> None:
    clerk = desks(email)
    hand_in(printed(kind, records, name=name, state=clerk.organisation_code, at=at), by=clerk, at=at)
