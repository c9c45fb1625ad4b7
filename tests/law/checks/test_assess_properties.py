"""What holds for every deal, however odd: an answer, in the catalogue's words, always the same."""

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

from desk_facts import NOON, TODAY, Decoded, clean_deal, clean_on_file, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connecticut import connecticut, tables_of
from vinculum.kernel.period import add_months_clipped
from vinculum.kernel.refusal import Refusal
from vinculum.state.law.assess_registration import Assessment, assess
from vinculum.state.law.catalogue import CATALOGUE, refuse
from vinculum.state.law.deal import (
    Circumstance,
    Deal,
    DeclaredLien,
    InsuranceCard,
    OwnershipDocument,
    Sale,
    SaleItem,
    TradeIn,
)
from vinculum.state.law.on_file import (
    CustomerOnFile,
    CustomerStop,
    DealerStanding,
    ExchangeBrand,
    ExchangeFindings,
    ExchangePointer,
    LienOnFile,
    OnFile,
    RegistrationOnFile,
    TitleOnFile,
    VehicleOnFile,
)

TABLES = tables_of(TODAY)
WORDS = st.text(max_size=12) | st.sampled_from(
    ["SAMPLE AVERY", "{x}", "P O BOX 1", "HARTFORD", "CT", "MA", ""]
)
LEGENDS = st.sampled_from([*TABLES.legends, "UNHEARD OF", "{brace}"])
BRANDS = st.sampled_from([*TABLES.brands, "ZZ"])
DAYS = st.dates()
POUNDS = st.none() | st.integers(-10, 100_000)
MONEY = st.decimals(Decimal(-10), Decimal(100_000), places=2)

VEHICLE = st.builds(
    type(clean_deal("certificate_of_origin").vehicle),
    vin=st.text(max_size=20) | st.just("1HGCM82633A004352"),
    model_year=st.integers(1886, 2100),
    make=WORDS,
    gvwr_pounds=POUNDS,
    light_weight_pounds=POUNDS,
    declared_weight_pounds=POUNDS,
)
PAPERS = st.builds(
    OwnershipDocument,
    assigned_to=st.lists(WORDS, max_size=3).map(tuple),
    jurisdiction=WORDS,
    legends=st.lists(LEGENDS, max_size=3).map(tuple),
    issue_date=DAYS,
)
REGISTRATIONS = st.builds(
    type(clean_deal("certificate_of_origin").registration),
    circumstances=st.lists(st.sampled_from(get_args(Circumstance)), max_size=4).map(tuple),
    garaging_town=WORDS,
)
SALES = st.builds(
    Sale,
    price=MONEY,
    items=st.lists(st.builds(SaleItem, amount=MONEY), max_size=2).map(tuple),
    trade_ins=st.lists(st.builds(TradeIn, allowance=MONEY), max_size=2).map(tuple),
)
DEALS = st.builds(
    Deal,
    sale=SALES,
    vehicle=VEHICLE,
    ownership=PAPERS,
    registration=REGISTRATIONS,
    owners=st.lists(WORDS, max_size=3).map(tuple),
    issue_date=DAYS | st.just(TODAY),
    insurance=st.none() | st.builds(InsuranceCard, effective_date=DAYS, in_name_of=WORDS),
    liens=st.lists(st.builds(DeclaredLien, lien_date=DAYS), max_size=3).map(tuple),
    documents=st.lists(st.sampled_from([*TABLES.documents, "unknown"]), max_size=9).map(tuple),
)
OWNERS = st.builds(
    CustomerOnFile,
    name=WORDS,
    residence_state=WORDS,
    residence_town=WORDS,
    date_of_birth=st.none() | DAYS,
    other_records=st.integers(0, 3),
    stops=st.lists(st.builds(CustomerStop, since=DAYS), max_size=4).map(tuple),
)
VEHICLES = st.builds(
    VehicleOnFile,
    title=st.none()
    | st.builds(
        TitleOnFile,
        legends=st.lists(LEGENDS, max_size=2).map(tuple),
        liens=st.lists(st.builds(LienOnFile), max_size=2).map(tuple),
    ),
    registration=st.none() | st.builds(RegistrationOnFile),
    gvwr_pounds=POUNDS,
    last_odometer=st.none() | st.integers(0, 999_999),
    brand_codes=st.lists(BRANDS, max_size=2).map(tuple),
)
EXCHANGES = st.builds(
    ExchangeFindings,
    pointers=st.lists(st.builds(ExchangePointer), max_size=3).map(tuple),
    brands=st.lists(st.builds(ExchangeBrand, code=BRANDS), max_size=3).map(tuple),
)
ON_FILE = st.builds(
    OnFile,
    owners=st.lists(st.none() | OWNERS, max_size=3).map(tuple),
    vehicle=VEHICLES,
    exchange=EXCHANGES,
    dealer=st.builds(DealerStanding, bond_amount=MONEY),
    funds=MONEY,
    lienholders=st.dictionaries(WORDS, WORDS, max_size=2),
    in_jurisdiction=st.just("CT"),
)
# Seconds since 1970, from 2021 to 2089.
MOMENTS = st.integers(1_609_459_200, 3_786_912_000).map(lambda second: datetime.fromtimestamp(second, UTC))
DECODED = st.none() | st.builds(Decoded, model_year=st.none() | st.integers(1980, 2039))
ODD = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def _assess(deal: Deal, on_file: OnFile, decoded: Decoded | None = None, at: datetime = NOON) -> Assessment:
    """As the desk does: by the tables of the date of issue, or today's where that date has none."""
    first = connecticut().schedules[0].effective
    tables = tables_of(deal.issue_date) if deal.issue_date >= first else tables_of(at.date())
    return assess(deal, on_file=on_file, tables=tables, decoded=decoded, at=at)


def _of_the_catalogue(refusal: Refusal) -> bool:
    entry = CATALOGUE[refusal.code]
    again = refuse(refusal.code, field=refusal.field, **refusal.detail)
    return (refusal.rule, refusal.citation) == (entry.rule, entry.citation) and again == refusal


@ODD
@given(deal=DEALS, on_file=ON_FILE, decoded=DECODED, at=MOMENTS)
def test_every_deal_gets_an_answer(
    deal: Deal, on_file: OnFile, decoded: Decoded | None, at: datetime
) -> None:
    """D-301, D-501: no deal and no record, however odd, makes the rules stumble; what is said is catalogued."""
    assessment = _assess(deal, on_file, decoded, at)
    assert all(map(_of_the_catalogue, assessment.refusals))
    assert len(set(map(repr, assessment.refusals))) == len(assessment.refusals)
    codes = [item.code for item in assessment.checklist]
    assert len(set(codes)) == len(codes)
    assert {item.title for item in assessment.checklist}
    if assessment.quote is None:
        assert assessment.refusals, "a deal without a price is never passed"


@ODD
@given(deal=DEALS, on_file=ON_FILE)
def test_the_same_question_has_the_same_answer(deal: Deal, on_file: OnFile) -> None:
    """D-203: preview and processing ask the same and hear the same, in the same order."""
    first, second = _assess(deal, on_file), _assess(deal, on_file)
    assert first.refusals == second.refusals
    assert first.checklist == second.checklist
    assert first.warnings == second.warnings
    assert first.brands_carried == second.brands_carried


@ODD
@given(deal=DEALS, on_file=ON_FILE)
def test_what_stands_against_an_owner_is_never_drowned(deal: Deal, on_file: OnFile) -> None:
    """D-401: whatever else is wrong, an open stop is among the refusals."""
    codes = [refusal.code for refusal in _assess(deal, on_file).refusals]
    for owner in on_file.owners:
        for stop in owner.stops if owner is not None else ():
            assert stop.kind in codes


@ODD
@given(brands=st.lists(st.builds(ExchangeBrand, code=BRANDS, brander=st.just("NY")), max_size=4))
def test_every_brand_that_counts_is_carried(brands: list[ExchangeBrand]) -> None:
    """N-401, N-403: each brand of the exchange that says something of the vehicle goes onto the new title."""
    on_file = clean_on_file("out_of_state_title")
    exchange = dataclasses.replace(on_file.exchange, brands=tuple(brands))
    carried = _assess(
        clean_deal("out_of_state_title"), dataclasses.replace(on_file, exchange=exchange)
    ).brands_carried
    harmless = {
        code for code, brand in TABLES.brands.items() if brand.category in ("clear", "odometer_reading")
    }
    assert {brand.code for brand in carried} == {brand.code for brand in brands} - harmless
    assert not any(brand.add_to_exchange for brand in carried)


@ODD
@given(months=st.integers(0, 1200))
def test_only_adults_register(months: int) -> None:
    """D-307: an owner is let through exactly from the eighteenth birthday on."""
    born = add_months_clipped(TODAY, -months)
    on_file = dataclasses.replace(
        clean_on_file("certificate_of_origin"),
        owners=(dataclasses.replace(person(), date_of_birth=born),),
    )
    codes = [refusal.code for refusal in _assess(clean_deal("certificate_of_origin"), on_file).refusals]
    assert codes == (["minor_owner"] if months < 18 * 12 else [])


def test_born_on_a_leap_day() -> None:
    """D-307: who is born on 29 February comes of age on 1 March of a common year."""
    on_file = dataclasses.replace(
        clean_on_file("certificate_of_origin"),
        owners=(dataclasses.replace(person(), date_of_birth=date(2008, 2, 29)),),
    )
    for day, stopped in ((date(2026, 2, 27), True), (date(2026, 3, 2), False)):
        deal = clean_deal("certificate_of_origin")
        card = dataclasses.replace(deal.insurance, effective_date=day)  # type: ignore[type-var]
        issued = dataclasses.replace(deal, issue_date=day, insurance=card)
        at = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
        codes = [refusal.code for refusal in _assess(issued, on_file, at=at).refusals]
        assert codes == (["minor_owner"] if stopped else [])
