"""Every worked example of jurisdictions/ct/cases, held against the program to the cent and the day."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from connecticut import FOLDER, deal_of, tables_of
from vinculum.kernel.refusal import Refused
from vinculum.state.law.assess_fees import assess_new_issue
from vinculum.state.law.emissions import exempt_model_years, is_exempt_as_new
from vinculum.state.law.equity import assess_equity
from vinculum.state.law.quote import Quote
from vinculum.state.law.terms import expiry, expiry_of_new_issue

QUESTIONS = ("given", "equity", "expiry", "emissions", "town")
EXPECTED_OF_A_QUOTE = {"lines", "contains", "absent", "dmv", "total", "expires", "refused"}


def _cases() -> list[Any]:
    found = []
    for file in sorted((FOLDER / "cases").glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            found.append(pytest.param(file, case, id=f"{file.stem}: {case['case']}"))
    return found


def _of(question: str) -> list[Any]:
    return [found for found in _cases() if question in found.values[1]]


def _amounts(quote: Quote) -> dict[str, Decimal]:
    assert max(Counter(line.code for line in quote.lines).values()) == 1, "a line is charged twice"
    return {line.code: line.amount for line in quote.lines}


def _money(lines: dict[str, str]) -> dict[str, Decimal]:
    return {code: Decimal(amount) for code, amount in lines.items()}


@pytest.mark.parametrize(("file", "case"), _cases())
def test_a_case_says_what_it_shows(file: Path, case: dict[str, Any]) -> None:
    """F-112: every worked example names its rules and where its figures are printed, and asks one question."""
    assert case["rules"], file
    assert re.match(r"(Dealer manual, chapter|Public Act|C\.G\.S\.) ", case["source"]), file
    assert len([question for question in QUESTIONS if question in case]) == 1, file
    assert set(case) <= {"case", "rules", "source", "expect", *QUESTIONS}, file


@pytest.mark.parametrize(("file", "case"), _of("given"))
def test_new_issue(file: Path, case: dict[str, Any]) -> None:
    """F-102, F-103, F-104, F-105, F-106, F-107, F-108, F-109, F-114, F-116, D-408, D-801, D-802, D-803.

    A new issue costs what was reckoned by hand from the printed figures, line by line.
    """
    expect = case["expect"]
    assert set(expect) <= EXPECTED_OF_A_QUOTE
    assert expect
    deal = deal_of(case["given"])
    tables = tables_of(deal.issue_date)
    if "refused" in expect:
        with pytest.raises(Refused) as refused:
            assess_new_issue(deal, tables=tables)
        assert [refusal.code for refusal in refused.value.refusals] == [expect["refused"]]
        return
    quote = assess_new_issue(deal, tables=tables)
    amounts = _amounts(quote)
    if "lines" in expect:
        assert amounts == _money(expect["lines"])
    for code, amount in _money(expect.get("contains", {})).items():
        assert amounts.get(code) == amount, code
    assert not set(expect.get("absent", [])) & set(amounts)
    if "dmv" in expect:
        assert quote.payable_to_dmv == Decimal(expect["dmv"])
    if "total" in expect:
        assert quote.total == Decimal(expect["total"])
    if "expires" in expect:
        ends = expiry_of_new_issue(deal.registration.plate_class, issue_date=deal.issue_date, tables=tables)
        assert ends == expect["expires"]


@pytest.mark.parametrize(("file", "case"), _of("equity"))
def test_equity(file: Path, case: dict[str, Any]) -> None:
    """F-110: equity is fee / divisor, to the cent, times the months left: 106.80 / 25 = 4.27 x 14 -> 70.22."""
    asked = case["equity"]
    credit = assess_equity(
        previous_fee=Decimal(asked["paid"]),
        previous_term_years=asked["years"],
        expires_on=asked["expires"],
        on=asked["today"],
        new_fee=Decimal(asked["new_fee"]),
        tables=tables_of(asked["law_of"]),
    )
    expect = case["expect"]
    assert credit.monthly == Decimal(expect["monthly"])
    assert credit.months == expect["months"]
    assert credit.credit == Decimal(expect["credit"])
    assert credit.new_registration_fee == Decimal(expect["new_registration_fee"])


@pytest.mark.parametrize(("file", "case"), _of("expiry"))
def test_expiry(file: Path, case: dict[str, Any]) -> None:
    """F-101: a registration ends the same day some years on, less one day; 1/8/2020 -> 1/7/2023."""
    asked = case["expiry"]
    assert expiry(asked["issued"], years=asked["years"]) == case["expect"]["expires"]


@pytest.mark.parametrize(("file", "case"), _of("emissions"))
def test_emission_years(file: Path, case: dict[str, Any]) -> None:
    """D-408: the current calendar year and the three before it are exempt: 2017 to 2020 in 2020."""
    year = case["emissions"]["calendar_year"]
    tables = tables_of(date(year, 1, 1))
    years = exempt_model_years(year, tables=tables)
    assert list(years) == case["expect"]["model_years"]
    assert all(is_exempt_as_new(model_year, calendar_year=year, tables=tables) for model_year in years)
    assert not is_exempt_as_new(years[-1] - 1, calendar_year=year, tables=tables)


@pytest.mark.parametrize(("file", "case"), _of("town"))
def test_tax_town(file: Path, case: dict[str, Any]) -> None:
    """D-412: an address town resolves to the tax town it lies in, and an unknown one to none."""
    town = tables_of(date(2026, 1, 1)).tax_town_of(case["town"]["address"])
    found = (town.code, town.name) if town is not None else (None, None)
    assert found == (case["expect"]["code"], case["expect"]["name"])


def test_enough_cases_for_every_rule() -> None:
    """F-101, F-102, F-103, F-104, F-105, F-106, F-107, F-108, F-109, F-110, F-114: each has its examples."""
    counted = Counter(rule for found in _cases() for rule in found.values[1]["rules"])
    rules = [f"F-{number}" for number in (*range(101, 111), 112, 114, 116)]
    assert [rule for rule in [*rules, "D-408", "D-412", "D-801", "D-802", "D-803"] if not counted[rule]] == []
    assert len(_of("given")) >= 45
