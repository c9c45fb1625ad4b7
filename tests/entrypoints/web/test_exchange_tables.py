"""Tables of the exchange's pages on a narrow screen: a row is a small card, and each of its cells says what it is."""

import re
from pathlib import Path

import pytest

import vinculum.entrypoints.web as web

_TEMPLATES = Path(web.__file__).parent / "templates" / "exchange"
_TABLE = re.compile(r'<table class="vn-table vn-table--rows">(.*?)</table>', re.DOTALL)
_READ_ROW_BY_ROW = (
    "case_table.html",
    "changes.html",
    "clones.html",
    "contacts.html",
    "corrections.html",
    "files_list.html",
    "findings.html",
    "jsi_sources.html",
    "notices.html",
    "notices_read.html",
    "recalled.html",
    "reporter_keys.html",
    "reporters.html",
    "reports.html",
    "sew_report.html",
    "surrender.html",
    "surrenders.html",
)


@pytest.mark.parametrize("name", _READ_ROW_BY_ROW)
def test_each_cell_says_what_it_is(name: str) -> None:
    """At 400 px the headings are not beside the cells: a cell without its own would be a bare number or day."""
    tables = _TABLE.findall((_TEMPLATES / name).read_text())
    assert tables
    for table in tables:
        head, body = table.split("<tbody>")
        headings = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', head)
        cells = re.findall(r"<(td|th)\b([^>]*)>", body)
        assert len(cells) == len(headings), "one row is written once"
        for heading, (tag, marks) in zip(headings, cells, strict=True):
            said = tag == "th" or "vn-wide" in marks or f'data-label="{heading}"' in marks
            assert said, (name, heading, marks)
