"""Every case of jurisdictions/ct/cases/checks, held against the rules: exactly these stops, in this order.

D-101, D-103, D-104, D-201, D-202, D-207, D-208, D-209, D-301 to D-309, D-401 to D-413, D-501, D-703, D-705,
D-707, D-708, N-201, N-203, N-401, N-402, N-405, N-601, N-602.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from desk_facts import assess_case, case_files

KEYS = {
    "case",
    "rules",
    "paper",
    "deal",
    "on_file",
    "without",
    "at",
    "decoded",
    "stops",
    "says",
    "warns",
    "silent",
    "asks",
    "offers",
    "spares",
}
RULES_SHOWN = {
    *(
        f"D-{number}"
        for number in (101, 103, 104, 201, 202, 207, 208, 209, 501, 703, 705, 707, 708, 801, 803)
    ),
    *(f"D-{number}" for number in range(301, 310)),
    *(f"D-{number}" for number in range(401, 414)),
    *("N-201", "N-203", "N-305", "N-401", "N-402", "N-405", "N-601", "N-602", "F-115"),
}


def _cases() -> list[Any]:
    return [
        pytest.param(file, case, id=f"{file.stem}: {case['case']}")
        for file in case_files()
        if file.stem != "void_schedule"
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("file", "case"), _cases())
def test_case(file: Path, case: dict[str, Any]) -> None:
    """D-101 to D-501, N-201 to N-602: the stops, words, warnings and papers that the case names."""
    assert set(case) <= KEYS, file
    assert case["rules"], file
    assessment = assess_case(case)
    assert [refusal.code for refusal in assessment.refusals] == case["stops"]
    said = " ".join(f"{refusal.message} {refusal.remedy}" for refusal in assessment.refusals)
    for words in case.get("says", ()):
        assert str(words) in said
    warned = " ".join(assessment.warnings)
    for words in case.get("warns", ()):
        assert words in warned
    for words in case.get("silent", ()):
        assert words not in warned
    items = {item.code: item.required for item in assessment.checklist}
    for code in case.get("asks", ()):
        assert items.get(code) is True, code
    for code in case.get("offers", ()):
        assert items.get(code) is False, code
    for code in case.get("spares", ()):
        assert code not in items


def test_every_rule_of_the_desk_has_its_case() -> None:
    """D-301 to D-413: no rule of this floor is without a case of its own."""
    shown = {rule for case in _cases() for rule in case.values[1]["rules"]}
    assert shown >= RULES_SHOWN, sorted(RULES_SHOWN - shown)


def test_every_stop_of_the_law_has_its_case() -> None:
    """D-307: every code that the rules of a new issue can give is given by some case."""
    from vinculum.state.law import (
        catalogue_exchange,
        catalogue_papers,
        catalogue_parties,
        catalogue_vehicle,
    )

    chapters = (catalogue_parties, catalogue_vehicle, catalogue_papers, catalogue_exchange)
    codes = {entry.code for chapter in chapters for entry in chapter.ENTRIES}
    given = {code for case in _cases() for code in case.values[1]["stops"]}
    elsewhere = {
        # Given while typing, by voids, by the terminal lock, by the fee rules: each has its own tests.
        "odometer_tenths",
        "void_window_closed",
        "left_the_lot",
        "already_voided",
        "terminal_mismatch",
        "missing_field",
        "invalid_field",
        "class_not_offered",
        "weight_required",
        "weight_outside_fee_chart",
        "schedule_not_in_force",
    }
    assert codes - given - elsewhere == set()
