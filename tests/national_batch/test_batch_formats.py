"""The layouts: declared once, by the published lengths; what is printed can be read; the pages tell them."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vinculum.national.batch import answer_layout, file_types, notice_files, sew_report, surrender_reports
from vinculum.national.batch.answer_layout import ANSWER_LAYOUTS
from vinculum.national.batch.file_types import FILE_TYPES, FileType
from vinculum.national.batch.format_pages import pages
from vinculum.national.batch.layout import Column, Form, Layout
from vinculum.national.batch.record_lines import read_cells

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = {
    "VVHIDN": 30,
    "VTINUM": 17,
    "VTIIDA": 8,
    "VVHMAK": 4,
    "VVHMYE": 4,
    "VSKYTI": 30,
    "VODMTR": 9,
    "VODUME": 1,
    "VBRCOD": 2,
    "VBRDAO": 8,
    "VBRPSA": 3,
    "VTIJUR": 2,
    "BJUCDE": 2,
    "VPHTJU": 2,
    "VPHTNM": 17,
    "VPHDTT": 8,
    "VPHTTP": 2,
    "VPHMAK": 4,
    "VPHMYE": 4,
    "VPHTID": 8,
    "VPHSTM": 6,
    "VPHODM": 9,
    "VPHODU": 1,
    "VBRDCD": 7,
    "VBRMAK": 4,
    "VBRMYE": 4,
}
KINDS = [pytest.param(kind, id=kind.code) for kind in FILE_TYPES.values()]


def test_pages_are_fresh() -> None:
    """N-501: docs/formats is what the declarations print, no page more or less."""
    folder = ROOT / "docs/formats"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == pages()


def test_a_refused_value_is_told_what_may_stand_there() -> None:
    """N-501: V70 says what each letter stands for, and that a column may stay blank where it may."""
    unit = next(column for column in FILE_TYPES["VINADD"].detail.columns if column.name == "odometer_unit")
    assert unit.wanted == "M (miles), K (kilometres) or blank"
    asked = {"name": "x", "length": 1, "meaning": "x"}
    assert Column(**asked, values=("A", "R")).wanted == "A or R"
    assert Column(**asked, values=("A",)).wanted == "A"
    _, faults = Layout(letter="D", columns=(unit,)).read(["X"])
    assert [one.text for one in faults] == [
        "Here stands X, but it must be M (miles), K (kilometres) or blank."
    ]


LAYOUTS = [
    *(pytest.param(kind.detail, id=kind.code) for kind in FILE_TYPES.values()),
    *(pytest.param(layout, id=f"answer {letter}") for letter, layout in ANSWER_LAYOUTS.items()),
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_published_lengths(layout: Layout) -> None:
    """N-101, N-501, N-204: a national field has its published length in every file."""
    for column in layout.columns:
        if column.mnemonic:
            assert column.length == PUBLISHED[column.mnemonic], column.name


def values_of(column: Column) -> st.SearchStrategy[Any]:
    if column.kind == "date":
        return st.dates(min_value=date(1, 1, 1))
    if column.kind == "number":
        return st.integers(min_value=0, max_value=10**column.length - 1)
    if column.kind == "flag":
        return st.booleans()
    if column.values:
        return st.sampled_from(column.values)
    alphabet = st.characters(min_codepoint=32, max_codepoint=126)
    # Filling cannot be told from blanks at the end, and a blank cell is no value.
    text = st.text(alphabet, min_size=1, max_size=column.length)
    return text.map(lambda said: said.rstrip(" ")).filter(bool)


@pytest.mark.parametrize("kind", KINDS)
@settings(
    suppress_health_check=[HealthCheck.too_slow]
)  # the first draws make tables, which a busy machine feels
@given(data=st.data(), form=st.sampled_from(["fixed", "csv"]))
def test_what_is_printed_can_be_read(kind: FileType, data: st.DataObject, form: Form) -> None:
    """N-501: print and read are one declaration: every record comes back as it was, in either form."""
    drawn = {column.name: data.draw(values_of(column)) for column in kind.detail.columns}
    line = kind.detail.print_line(drawn, form=form)
    assert form == "csv" or len(line) == kind.detail.length
    values, faults = kind.detail.read(read_cells(line.encode("ascii"), layout=kind.detail, form=form))
    assert (values, faults) == (drawn, ())
    if form == "csv":
        assert len(next(csv.reader([line]))) == len(kind.detail.columns) + 1


def test_every_value_fits_its_column() -> None:
    """N-501, N-310: no column is shorter than a word that may stand in it: such a line could never be printed."""
    modules = (answer_layout, file_types, notice_files, sew_report, surrender_reports)
    declared = [
        layout for module in modules for layout in vars(module).values() if isinstance(layout, Layout)
    ]
    layouts = [*declared, *(kind.detail for kind in FILE_TYPES.values())]
    assert len(layouts) > 20
    too_short = [
        (column.name, value)
        for layout in layouts
        for column in layout.columns
        for value in column.values
        if len(value) > column.length
    ]
    assert too_short == []
