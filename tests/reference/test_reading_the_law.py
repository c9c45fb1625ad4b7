"""A jurisdiction's files are read strictly: every fault is found, named by file and key, and told at once."""

import csv
import dataclasses
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from connecticut import FOLDER, connecticut, tables_of
from vinculum.state.reference.faults import NoScheduleInForce, ReferenceInvalid
from vinculum.state.reference.jurisdiction import hash_of, load_jurisdiction, read_jurisdiction, tables_as_of


def _faults(**edits: Callable[[str], str]) -> str:
    """What the loader says of Connecticut's files after an edit; file names with _ for the dot."""
    texts = dict(connecticut().texts)
    for name, edit in edits.items():
        file = name.replace("__", ".")
        texts[file] = edit(texts[file])
        assert texts[file] != connecticut().texts[file], "the edit changed nothing"
    with pytest.raises(ReferenceInvalid) as invalid:
        read_jurisdiction(texts)
    return str(invalid.value)


def _swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def test_an_unknown_key_is_named_with_what_is_allowed() -> None:
    """F-112: a misspelt key never silently leaves a fee as it was."""
    told = _faults(fees__yaml=_swap('amount: "5.00"', 'ammount: "5.00"'))
    assert "fees.yaml: fees.safety_plate.values.0: has unknown keys: ammount; allowed are: amount" in told


def test_a_missing_citation_is_a_fault() -> None:
    """F-112: no amount without the place it is written."""
    told = _faults(
        deadlines__yaml=_swap('        citation: "Dealer manual, chapter 1, Void time frame"\n', "")
    )
    assert "deadlines.yaml: deadlines.void_window.values.0.citation: citation is missing" in told


def test_an_empty_citation_is_a_fault() -> None:
    """F-112: an empty citation is none."""
    told = _faults(deadlines__yaml=_swap('"Dealer manual, chapter 1, Void time frame"', '" "'))
    assert "citation is missing" in told


def test_overlapping_dates_are_a_fault() -> None:
    """F-112: one day has one figure."""
    told = _faults(fees__yaml=_swap("- from: 2020-01-01", "- from: 2011-07-01"))
    assert "fees.yaml: fees.registration_passenger: the value from 2011-07-01 overlaps" in told


def test_an_end_after_the_next_start_is_a_fault() -> None:
    """F-112: a value cannot outlive its successor's start."""
    told = _faults(fees__yaml=_swap("- from: 2011-07-01", "- from: 2011-07-01\n        until: 2021-01-01"))
    assert "fees.registration_passenger: the value from 2011-07-01 until 2021-01-01 overlaps" in told


def test_an_unmapped_legend_is_a_fault() -> None:
    """N-107: every legend maps to national brands or says that it maps to none."""
    told = _faults(legends__csv=_swap("FLOOD,,yes,01,", "FLOOD,,yes,,"))
    assert "legends.csv: line 8 brand_codes: legend is not mapped" in told


def test_a_legend_mapped_to_no_known_brand_is_a_fault() -> None:
    """N-107: brands are the national codes and no others."""
    told = _faults(legends__csv=_swap("FLOOD,,yes,01,", "FLOOD,,yes,99,"))
    assert "legends.csv: FLOOD: brand 99 is not a national brand code" in told


def test_the_68_national_brands() -> None:
    """N-107: 68 codes; retired ones name their successor where there is one."""
    brands = tables_of(date(2026, 1, 2)).brands
    assert len(brands) == 68
    assert brands["15"].status == "retired"
    assert brands["15"].successors == ("09",)
    assert {code for code, brand in brands.items() if brand.status == "retired"} == {
        "15",
        "22",
        "33",
        "35",
        "37",
    }


def test_legends_stop_or_do_not() -> None:
    """D-308: ten legends stop on-line processing, three do not, REBUILT SALVAGE only from 2015-08-11."""
    now = tables_of(date(2026, 1, 2))
    assert sum(legend.stops_online for legend in now.legends.values()) == 10
    assert [legend.text for legend in now.legends.values() if not legend.stops_online][1:] == [
        "REBUILT",
        "REBUILT SALVAGE",
    ]
    assert now.legend("  rebuilt   Salvage. ") is not None
    assert tables_of(date(2015, 8, 10)).legend("REBUILT SALVAGE") is None
    bond = now.legend("BOND POSTED UNDER SECTION 14-176 C.G.S.:")
    assert bond is not None
    assert bond.stops_online


def test_every_address_town_of_the_state() -> None:
    """D-412: 599 address towns lie in 169 tax towns, each by one code and one name."""
    tables = tables_of(date(2026, 1, 2))
    assert len(tables.address_towns) == 599
    assert sorted(tables.tax_towns) == [f"{number:03}" for number in range(1, 170)]
    assert len({town.name for town in tables.tax_towns.values()}) == 169
    assert set(tables.address_towns.values()) == set(tables.tax_towns)
    for town in tables.tax_towns.values():
        assert tables.tax_town_of(town.name) == town


def test_every_town_in_the_file_resolves() -> None:
    """D-412: each printed address town resolves to the code beside it."""
    tables = tables_of(date(2026, 1, 2))
    for row in csv.DictReader(io.StringIO(connecticut().texts["tax_towns.csv"])):
        town = tables.tax_town_of(row["address_town"].lower())
        assert town is not None
        assert (town.code, town.name) == (row["tax_town_code"], row["tax_town_name"])


def test_several_faults_are_told_at_once() -> None:
    """F-112: all faults of all files, not the first."""
    told = _faults(
        fees__yaml=_swap('amount: "5.00"', "amount: 5.00"),
        taxes__yaml=_swap('percent: "6.35"', "percent: 6.35"),
        combination_chart__csv=_swap(",88.00,", ",88,"),
    )
    assert "is not money: write dollars and cents in quotes" in told
    assert "taxes.yaml: rates.standard.values.0.percent: is not a percentage" in told
    assert "combination_chart.csv: line 2 fee: is not money" in told


def test_a_key_written_twice_is_a_fault() -> None:
    """F-112: the second of two equal keys would win in silence."""
    told = _faults(fees__yaml=_swap("    basis: flat\n", "    basis: flat\n    basis: flat\n"))
    assert "key 'basis' is written twice" in told


def test_a_chart_with_a_gap_is_a_fault() -> None:
    """F-102: brackets join, so that no weight falls between two."""
    told = _faults(combination_chart__csv=_swap("3000,4000,106.80", "3100,4000,106.80"))
    assert (
        "combination_chart.csv: 2011-07-01: rows from 2011-07-01: 3100 to 4000 does not follow 3000" in told
    )


def test_a_class_that_cannot_be_priced_is_a_fault() -> None:
    """F-101, F-102: a new term without its fees is found when the files are read, not at the counter."""
    told = _faults(plate_classes__yaml=_swap("years: 3", "years: 4"))
    assert "passenger with regular usage: has no price for 4 years on 2020-01-01" in told


def test_unknown_and_missing_files_are_faults(tmp_path: Path) -> None:
    """F-112: a folder has the files it must have and no others."""
    for name, text in connecticut().texts.items():
        if name != "taxes.yaml":
            (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "fee.yaml").write_text("", encoding="utf-8")
    with pytest.raises(ReferenceInvalid) as invalid:
        load_jurisdiction(tmp_path)
    assert "taxes.yaml: the file is missing" in str(invalid.value)
    assert "fee.yaml: unknown file" in str(invalid.value)


def test_the_hash_is_of_the_words() -> None:
    """F-112: the hash on a quote names the exact files, in whatever order they are read."""
    texts = dict(connecticut().texts)
    assert hash_of(dict(reversed(texts.items()))) == connecticut().content_hash
    assert hash_of(texts | {"fees.yaml": texts["fees.yaml"] + "\n"}) != connecticut().content_hash


def test_no_schedule_before_the_first() -> None:
    """F-112: a day before the first schedule is refused, not guessed."""
    with pytest.raises(NoScheduleInForce, match="no schedule for 2011-06-30"):
        tables_as_of(connecticut(), date(2011, 6, 30))
    assert tables_as_of(connecticut(), date(2011, 7, 1)).effective == date(2011, 7, 1)


def test_tables_cannot_be_changed() -> None:
    """F-112: what a rule is given stays as published."""
    tables = tables_of(date(2026, 1, 2))
    with pytest.raises(TypeError):
        tables.fees["title"] = tables.fees["lien"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        tables.fees["title"].amount = None  # type: ignore[misc]


def test_worked_examples_are_not_law() -> None:
    """F-112: a case added or mended does not change the hash of the law."""
    assert (FOLDER / "cases").is_dir()
    assert not [name for name in connecticut().texts if "case" in name]
