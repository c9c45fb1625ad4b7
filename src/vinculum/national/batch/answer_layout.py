"""The answer to an inquiry file: its lines, by the published lengths of the fields where there are any (N-204).

Each record of the file is answered by an A line, which counts the lines that follow it; the trailer has the totals.
A problem is an M line of the SEW report. State detail and the data of the maker are asked for on line.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vinculum.national.batch.layout import Column, Layout
from vinculum.national.batch.sew_report import REPORT_MESSAGE
from vinculum.national.law.visibility import VISIBLE
from vinculum.protocol.inquiry import InquiryAnswer, JsiReport, TitleInHistory
from vinculum.protocol.problem import Problem
from vinculum.protocol.reassignment import DEALER, DOCUMENT, LICENCE

# 01 had no reassignments.
ANSWER_VERSION: Final = "02"
_LONGEST_NAME: Final = 120
_LONGEST_REASON: Final = 200
_RECORD: Final = Column(
    name="record_number", length=9, meaning="number of the detail record it answers", kind="number"
)


def _count(name: str, letter: str) -> Column:
    return Column(name=name, length=5, meaning=f"how many {letter} lines follow", kind="number")


def _day(name: str, meaning: str, mnemonic: str = "") -> Column:
    return Column(name=name, length=8, meaning=meaning, kind="date", mnemonic=mnemonic)


def _jurisdiction(mnemonic: str, *, name: str = "jurisdiction", meaning: str = "state of title") -> Column:
    return Column(name=name, length=2, meaning=meaning, mnemonic=mnemonic)


ANSWER_HEADER: Final = Layout(
    letter="H",
    columns=(
        Column(name="jurisdiction", length=2, meaning="D20 code of who asked", mnemonic="BJUCDE"),
        Column(name="file_id", length=20, meaning="the sender's name of the inquiry file"),
        _day("answered_on", "day of the answers (UTC)"),
        Column(name="layout", length=2, meaning="version of this layout"),
    ),
)
ANSWER_RECORD: Final = Layout(
    letter="A",
    columns=(
        _RECORD,
        Column(
            name="vin", length=30, meaning="VIN, as far as it can be read", mnemonic="VVHIDN", required=False
        ),
        Column(
            name="outcome",
            length=1,
            meaning="A answered, R rejected: its M lines say why",
            values=("A", "R"),
        ),
        Column(
            name="ask_state",
            length=2,
            meaning="the one state of title that can be asked for its own detail",
            mnemonic="VTIJUR",
            required=False,
        ),
        Column(name="theft_asked", length=1, meaning="whether theft was asked for", kind="flag"),
        *(
            _count(name, letter)
            for name, letter in (
                *(("titles", "P"), ("history", "K"), ("brands", "B"), ("odometer", "O"), ("thefts", "F")),
                *(("reports", "J"), ("problems", "M"), ("reassignments", "S")),
            )
        ),
    ),
)
CURRENT_TITLE: Final = Layout(
    letter="P",
    columns=(
        _RECORD,
        _jurisdiction("VTIJUR"),
        Column(name="title_number", length=17, meaning="title number", mnemonic="VTINUM"),
        Column(name="make", length=4, meaning="make", mnemonic="VVHMAK"),
        Column(name="model_year", length=4, meaning="model year", kind="number", mnemonic="VVHMYE"),
        _day("issue_date", "title issue date", "VTIIDA"),
        Column(name="odometer", length=9, meaning="odometer reading", kind="number", mnemonic="VODMTR"),
        Column(
            name="odometer_unit",
            length=1,
            meaning="unit of the odometer",
            mnemonic="VODUME",
            values=("M", "K"),
        ),
    ),
)
TITLE_IN_HISTORY: Final = Layout(
    letter="K",
    columns=(
        _RECORD,
        _jurisdiction("VPHTJU"),
        Column(name="title_number", length=17, meaning="title number", mnemonic="VPHTNM"),
        _day("transaction_on", "day of the transaction (UTC)", "VPHDTT"),
        Column(name="transaction_type", length=2, meaning="transaction type", mnemonic="VPHTTP"),
        Column(name="make", length=4, meaning="make", mnemonic="VPHMAK"),
        Column(name="model_year", length=4, meaning="model year", kind="number", mnemonic="VPHMYE"),
        _day("issue_date", "title issue date", "VPHTID"),
        Column(name="transaction_time", length=6, meaning="time of the transaction (UTC)", mnemonic="VPHSTM"),
        Column(name="odometer", length=9, meaning="odometer reading", kind="number", mnemonic="VPHODM"),
        Column(
            name="odometer_unit",
            length=1,
            meaning="unit of the odometer",
            mnemonic="VPHODU",
            values=("M", "K"),
        ),
        Column(
            name="standing",
            length=9,
            meaning="what became of it",
            values=("current", "former", "withdrawn"),
        ),
        Column(
            name="other_vin",
            length=30,
            meaning="the VIN from which or to which it was corrected",
            mnemonic="VVHIDN",
            required=False,
        ),
        Column(name="reason", length=_LONGEST_REASON, meaning="reason, in words", required=False),
    ),
)
REASSIGNMENT: Final = Layout(
    letter="S",
    columns=(
        _RECORD,
        Column(
            name="history_line",
            length=5,
            meaning="the title that it led to: which of the K lines of the record, from 1",
            kind="number",
        ),
        Column(name="dealer", length=DEALER.length, meaning=DEALER.meaning),
        Column(name="licence", length=LICENCE.length, meaning=LICENCE.meaning, required=False),
        _day("reassigned_on", "day of the reassignment"),
        Column(name="document_number", length=DOCUMENT.length, meaning=DOCUMENT.meaning, required=False),
    ),
)
BRAND: Final = Layout(
    letter="B",
    columns=(
        _RECORD,
        Column(name="brander", length=7, meaning="who applied it", mnemonic="VBRDCD"),
        Column(name="code", length=2, meaning="brand code", mnemonic="VBRCOD"),
        _day("brand_date", "brand date", "VBRDAO"),
        Column(name="make", length=4, meaning="make on the brand", mnemonic="VBRMAK"),
        Column(
            name="model_year", length=4, meaning="model year on the brand", kind="number", mnemonic="VBRMYE"
        ),
        Column(
            name="percent_of_damage",
            length=3,
            meaning="percent of damage",
            kind="number",
            mnemonic="VBRPSA",
            required=False,
        ),
    ),
)
READING: Final = Layout(
    letter="O",
    columns=(
        _RECORD,
        Column(name="reading", length=9, meaning="odometer reading", kind="number", mnemonic="VODMTR"),
        Column(name="unit", length=1, meaning="unit of the odometer", mnemonic="VODUME", values=("M", "K")),
        _day("read_on", "day of the reading"),
        _jurisdiction("VTIJUR", meaning="state whose title brought it"),
    ),
)
THEFT: Final = Layout(
    letter="F",
    columns=(
        _RECORD,
        _jurisdiction("BJUCDE", name="reported_by", meaning="who reported the theft"),
        _day("stolen_on", "day of the theft"),
    ),
)
OBTAINED: Final = Layout(
    letter="J",
    columns=(
        _RECORD,
        Column(name="reporter_kind", length=12, meaning="junk_yard, salvage_yard or insurer"),
        Column(name="reporter_name", length=_LONGEST_NAME, meaning="who reports"),
        _jurisdiction("BJUCDE", name="reporter_state", meaning="state of the reporter"),
        _day("obtained_on", "day it obtained the vehicle"),
        Column(name="disposition", length=16, meaning="what became of the vehicle"),
        Column(name="for_export", length=1, meaning="whether it is meant for export", kind="flag"),
        _day("reported_on", "day of the report (UTC)"),
    ),
)
ANSWER_TRAILER: Final = Layout(
    letter="T",
    columns=(
        Column(name="file_id", length=20, meaning="the same as in the header"),
        Column(name="records_in", length=9, meaning="how many records the file had", kind="number"),
        Column(name="answered", length=9, meaning="how many were answered", kind="number"),
        Column(name="rejected", length=9, meaning="how many were rejected", kind="number"),
        Column(
            name="line_count",
            length=11,
            meaning="how many lines stand between header and trailer",
            kind="number",
        ),
    ),
)
PROBLEM: Final = REPORT_MESSAGE
ANSWER_LAYOUTS: Final[Mapping[str, Layout]] = {
    layout.letter: layout
    for layout in (
        *(ANSWER_HEADER, ANSWER_RECORD, CURRENT_TITLE, TITLE_IN_HISTORY, BRAND, READING, THEFT, OBTAINED),
        *(PROBLEM, REASSIGNMENT, ANSWER_TRAILER),
    )
}
# Only jurisdictions send inquiry files, and they see every part (N-205).
assert VISIBLE["jurisdiction"] >= {"title_number", "title_history", "brands", "odometer", "theft", "jsi"}


def answer_lines(number: int, answer: InquiryAnswer) -> list[str]:
    """The lines of an answered record, in fixed width, each with its end."""
    parts: tuple[tuple[Layout, list[dict[str, Any]]], ...] = (
        (CURRENT_TITLE, [_attributes(title, CURRENT_TITLE) for title in answer.pointers]),
        (TITLE_IN_HISTORY, [_title(title) for title in answer.history]),
        (BRAND, [_attributes(brand, BRAND) for brand in answer.brands]),
        (READING, [_attributes(reading, READING) for reading in answer.odometer]),
        (THEFT, [_attributes(theft, THEFT) for theft in answer.theft]),
        (OBTAINED, [_report(report) for report in answer.jsi]),
        (PROBLEM, _problems(answer.vin, answer.problems)),
        (REASSIGNMENT, _reassignments(answer.history)),
    )
    return _record_lines(
        number,
        {
            "vin": answer.vin,
            "outcome": "A",
            "ask_state": answer.ask_state,
            "theft_asked": answer.theft_asked,
        },
        parts,
    )


def rejected_lines(number: int, vin: str, problems: Sequence[Problem]) -> list[str]:
    """The lines of a record that was not answered."""
    none: list[dict[str, Any]] = []
    parts = (
        *((layout, none) for layout in (CURRENT_TITLE, TITLE_IN_HISTORY, BRAND, READING, THEFT, OBTAINED)),
        (PROBLEM, _problems(vin, problems)),
        (REASSIGNMENT, none),
    )
    return _record_lines(number, {"vin": vin, "outcome": "R", "theft_asked": False}, parts)


def _record_lines(
    number: int, record: dict[str, Any], parts: Sequence[tuple[Layout, list[dict[str, Any]]]]
) -> list[str]:
    counts = zip(_COUNTED, (len(rows) for _layout, rows in parts), strict=True)
    numbered = {"record_number": number}
    lines = [_line(ANSWER_RECORD, record | numbered | dict(counts))]
    lines.extend(_line(layout, row | numbered) for layout, rows in parts for row in rows)
    return lines


_COUNTED: Final = tuple(column.name for column in ANSWER_RECORD.columns[-8:])


def _line(layout: Layout, values: Mapping[str, Any]) -> str:
    return layout.print_line(values, form="fixed") + "\n"


def _attributes(told: Any, layout: Layout, *, without: Sequence[str] = ()) -> dict[str, Any]:
    names = (column.name for column in layout.columns if column is not _RECORD)
    return {name: getattr(told, name) for name in names if name not in without}


def _title(title: TitleInHistory) -> dict[str, Any]:
    at = title.transaction_at
    of_the_moment = {"transaction_on": at.date(), "transaction_time": f"{at:%H%M%S}"}
    plain = _attributes(title, TITLE_IN_HISTORY, without=tuple(of_the_moment))
    return plain | of_the_moment | {"reason": plain_text(title.reason, _LONGEST_REASON)}


def _reassignments(history: Sequence[TitleInHistory]) -> list[dict[str, Any]]:
    return [
        {"history_line": line} | _attributes(step, REASSIGNMENT, without=("history_line",))
        for line, title in enumerate(history, 1)
        for step in title.reassignments
    ]


def _report(report: JsiReport) -> dict[str, Any]:
    return {
        "reporter_kind": report.reporter_kind,
        "reporter_name": plain_text(report.reporter_name, _LONGEST_NAME),
        "reporter_state": report.reporter_state,
        "obtained_on": report.obtained_on,
        "disposition": report.disposition,
        "for_export": report.for_export,
        "reported_on": report.reported_at.date(),
    }


def _problems(vin: str, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    lengths = {column.name: column.length for column in PROBLEM.columns}
    return [
        {
            "vin": vin,
            "code": found.code,
            "severity": "E" if found.severity == "error" else "W",
            "field": found.field,
            "text": plain_text(found.text, lengths["text"]),
        }
        for found in problems
    ]


def plain_text(text: str, length: int) -> str:
    """The text in the characters that a file may hold, as far as the column goes."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text[:length])
