"""Many vehicles in one file: CSV with a declared header, read strictly, each line accounted for (N-801, N-505)."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import vin_doubt
from vinculum.national.casework import report_jsi

COLUMNS: Final = ("vin", "date_obtained", "obtained_from", "disposition", "for_export", "supplements")
MOST_BYTES: Final = 1_000_000
MOST_LINES: Final = 2_000
_LONGEST_LINE: Final = 1_000
_ANSWERS: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFault:
    """A line that was not taken, and every reason; or one that was taken, and why it is doubtful."""

    line: int
    vin: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReceipt:
    """What became of the file: read = taken + rejected."""

    read: int
    taken: int
    faults: tuple[LineFault, ...]
    doubts: tuple[LineFault, ...] = ()

    @property
    def rejected(self) -> int:
        """How many lines were not taken."""
        return len(self.faults)


class FileRefused(Exception):
    """The file as a whole cannot be read; nothing of it was taken."""


def run(content: bytes, *, actor: Actor, at: datetime) -> FileReceipt:
    """Take each good line and say what is wrong with each other, in one transaction; raises FileRefused."""
    require(actor, "report_jsi")
    lines = tuple(_lines(content))
    if not lines:
        raise FileRefused("The file names the columns and then no vehicle.")
    faults: list[LineFault] = []
    doubts: list[LineFault] = []
    with acting(actor, act="report_jsi", database="national") as connection:
        for number, cells in lines:
            try:
                request, unread = _request(cells, today=at.date())
                if unread:
                    raise Refused([*unread, *report_jsi.beside(unread, request, at=at)])
                taken = report_jsi.take(connection, request, actor=actor, at=at, channel="csv")
                doubt = vin_doubt(taken.vin) if request.supplements is None else ""
                if doubt:
                    doubts.append(LineFault(line=number, vin=taken.vin, reasons=(doubt,)))
            except ValueError as fault:
                faults.append(LineFault(line=number, vin=cells[0][:30], reasons=(str(fault),)))
            except Refused as refused:
                reasons = tuple(_reason(refusal) for refusal in refused.refusals)
                faults.append(LineFault(line=number, vin=cells[0][:30], reasons=reasons))
    return FileReceipt(
        read=len(lines), taken=len(lines) - len(faults), faults=tuple(faults), doubts=tuple(doubts)
    )


def _reason(refusal: Refusal) -> str:
    """A word of the file that is not known is answered with those that are."""
    if refusal.code == "jsi_disposition_unknown":
        return f"{refusal.message} {refusal.remedy}"
    return refusal.message


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file is longer than {MOST_BYTES:,} bytes; send it in parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        place = content.count(b"\n", 0, fault.start) + 1
        raise FileRefused(
            f"Line {place} has a character that is not UTF-8. Save the file as “CSV UTF-8” where it was made."
        ) from fault
    if not text.strip():
        raise FileRefused("The file is empty.")
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > _LONGEST_LINE or not line.replace("\t", "").isprintable():
            raise FileRefused(f"Line {number} is too long or has a character that cannot be printed.")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
        if tuple(cell.strip().lower() for cell in header) != COLUMNS:
            raise FileRefused(_header_words(header))
        for count, cells in enumerate(rows, start=1):
            if count > MOST_LINES:
                raise FileRefused(f"The file has more than {MOST_LINES:,} vehicles; send it in parts.")
            if any(cells):
                yield rows.line_num, cells
    except csv.Error as fault:
        raise FileRefused(f"Line {rows.line_num} is not CSV: {fault}.") from fault


def _header_words(header: list[str]) -> str:
    words = f"The first line must name the columns: {','.join(COLUMNS)}."
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if any(separator in cell for cell in header):
            return f"{words} In this file {name} stand between them; commas are asked for."
    return words


def _request(cells: list[str], *, today: date) -> tuple[report_jsi.Request, tuple[Refusal, ...]]:
    """One line as a report, and what of it cannot be read; ValueError when it is no line of this file."""
    if len(cells) != len(COLUMNS):
        raise ValueError(f"It has {len(cells)} columns; {len(COLUMNS)} are asked for.")
    vin, obtained_on, source, disposition, for_export, supplements = (cell.strip() for cell in cells)
    unread = []
    if for_export.lower() not in _ANSWERS:
        unread.append(_unread("for_export", "for_export is yes or no."))
    try:
        day = read_day(obtained_on)
    except ValueError as fault:
        day = today
        unread.append(_unread("obtained_on", str(fault)))
    try:
        follows = read_report_id(supplements)
    except ValueError as fault:
        follows = None
        unread.append(_unread("supplements", str(fault)))
    request = report_jsi.Request(
        vin=vin,
        obtained_on=day,
        obtained_from=source,
        disposition=disposition.lower(),
        for_export=_ANSWERS.get(for_export.lower(), False),
        supplements=follows,
    )
    return request, tuple(unread)


def _unread(field: str, message: str) -> Refusal:
    return Refusal(
        code="invalid_field", message=message, remedy="Correct the line.", field=field, rule="N-801"
    )


def read_day(text: str) -> date:
    """A day as 2026-03-14; ValueError in words."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("The day obtained must be written as 2026-03-14.") from None


def read_report_id(text: str) -> UUID | None:
    """The number of the report that is supplemented, or None; ValueError in words."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise ValueError("The number of the supplemented report cannot be read.") from None
