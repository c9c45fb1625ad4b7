"""Which message to send: each cell of chapter 8's table, by the function, by command, and by the exchange's address."""

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from vinculum.entrypoints.cli import main
from vinculum.entrypoints.cli.station import Station
from vinculum.national.law.advise import MESSAGE_NAMES as NAMES_BY_PUBLISHED
from vinculum.national.law.advise import REQUIREMENTS, TABLE, Advice, Row, Situation, advise
from vinculum.protocol.json_codec import MESSAGE_NAMES

CELLS = yaml.safe_load((Path(__file__).parent / "advice.yaml").read_text(encoding="utf-8"))


def advice_for(cell: dict[str, Any]) -> Advice:
    return advise(
        Situation(
            mode=cell["mode"],
            titling="CT",
            previous=cell["previous"],
            document=cell["document"],
            vehicle_changes=cell["changes"],
        )
    )


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell["cell"])
def test_cell_of_chapter_8(cell: dict[str, Any]) -> None:
    """N-304: the message of this cell, all that it requires, and the page that says so."""
    given = advice_for(cell)
    assert list(given.sends) == cell["sends"]
    assert given.requires == tuple(REQUIREMENTS[name] for name in cell["asks"])
    assert given.citation.startswith("Best practices, chapter 8")
    assert ("ours" if cell["page"] == "ours" else f"p. {cell['page']}") in given.citation


def test_each_row_has_its_case() -> None:
    """N-304: no row of the table is without a case above."""
    cited = {row for row in TABLE for cell in CELLS if advice_for(cell) == of_row(row)}
    assert cited == set(TABLE)


def of_row(row: Row) -> Advice:
    return Advice(
        sends=row.sends,
        requires=tuple(REQUIREMENTS[name] for name in row.requires),
        citation=f"Best practices, chapter 8, {row.page}",
    )


def test_each_situation_is_in_exactly_one_row() -> None:
    """N-304: whatever comes over the counter, the table says one thing about it."""
    documents = ("own", "previous", "another", "nobody")
    for way, previous, document, changes in itertools.product(
        ("online", "batch"), ("own", "other", "none"), documents, (True, False)
    ):
        rows = [
            row
            for row in TABLE
            if (row.way, row.previous) == (way, previous)
            and document in row.documents
            and changes in row.changes
        ]
        assert len(rows) == 1, (way, previous, document, changes)
    assert set(REQUIREMENTS) == {name for row in TABLE for name in row.requires}
    assert set(NAMES_BY_PUBLISHED.values()) <= set(MESSAGE_NAMES.values())


def requirements(**situation: Any) -> str:
    given = {
        "mode": 1,
        "titling": "CT",
        "previous": "NY",
        "document": "NY",
        "vehicle_changes": True,
    } | situation
    return " ".join(advise(Situation(**given)).requires)


def test_requirements_tell_what_the_cell_asks() -> None:
    """N-304: what must match, what must change, what must be found out first."""
    assert "Old VIN, old state of title and old title number" in requirements()
    assert "against the title on hand" in requirements(vehicle_changes=False)
    assert "against the title on the exchange" in requirements(document="PA")
    assert "new VIN, make and model year" in requirements(previous="CT", document="CT")
    batch = requirements(mode=3)
    assert "of the VINADD just sent" in batch
    assert "At least one value must change" in batch
    assert "reason for the discrepancy" in batch
    assert "Refused when two or more current pointers" in requirements(mode=3, vehicle_changes=False)


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_reissue_with_nothing_changed_sends_nothing(mode: int) -> None:
    """N-304: a reprint is not reported at all; once the vehicle's data change it is no reprint."""
    reprint = Situation(
        mode=mode,
        titling="CT",
        previous="CT",
        document="CT",
        vehicle_changes=False,
        reissued_unchanged=True,
    )
    assert advise(reprint).sends == ()
    changed = dataclasses.replace(reprint, vehicle_changes=True)
    assert advise(changed).sends == (("UV-NM05",) if mode == 1 else ("VINMOD",))


def test_advice_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    """N-304: the same from the command line, for people and for programs."""
    asked = ["exchange", "advise", "--mode", "3", "--titling", "CT", "--previous", "NY", "--document", "NY"]
    station: Any = Station.__new__(Station)
    assert main.main([*asked, "--vehicle-changes"], station=station) == 0
    assert "add_title (VINADD), then modify_title (VINMOD)" in capsys.readouterr().out
    assert main.main([*asked, "--json"], station=station) == 0
    assert json.loads(capsys.readouterr().out)["published_names"] == ["VINADD"]
    # As at the exchange's own address: a code that nobody has gets no advice.
    mistyped = ["exchange", "advise", "--mode", "1", "--titling", "ct", "--previous", "XX"]
    assert main.main(mistyped, station=station) == 2
    assert "not a D20 jurisdiction code: --previous XX" in capsys.readouterr().err
