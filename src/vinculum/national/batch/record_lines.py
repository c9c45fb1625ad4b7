"""One detail line to the message that it is, or to everything that is wrong with it."""

import csv
import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from vinculum.national.batch.file_types import FileType
from vinculum.national.batch.layout import Form, Layout
from vinculum.protocol.fields import field_problems
from vinculum.protocol.problem import Problem, problem

NOT_ALLOWED: Final = re.compile(rb"[^\x20-\x7e]")

_ALLOWED: Final = bytes(range(0x20, 0x7F)) + b"\n"


def is_printable(text: bytes) -> bool:
    """Whether nothing stands in these lines that may not."""
    return not text.translate(None, _ALLOWED)


class RecordFaults(Exception):
    """The record is rejected: it cannot be read, or its fields do not keep their measure."""

    def __init__(self, problems: tuple[Problem, ...], *, vin: str = "") -> None:
        super().__init__(", ".join(fault.code for fault in problems))
        self.problems = problems
        self.vin = vin


def read_record(
    line: bytes, *, kind: FileType, form: Form, origin: str, message_id: UUID, sent_at: datetime
) -> Any:
    """The message of the line, as it would have come on line; raises RecordFaults."""
    cells = read_cells(line, layout=kind.detail, form=form)
    values, faults = kind.detail.read(cells)
    if faults:
        raise RecordFaults(faults, vin=readable_vin(cells[0]))
    given = {name: value for name, value in values.items() if value is not None}
    message = kind.message(message_id=message_id, origin=origin, sent_at=sent_at, **given)
    faults = field_problems(message)
    if faults:
        raise RecordFaults(faults, vin=readable_vin(cells[0]))
    return message


def read_cells(line: bytes, *, layout: Layout, form: Form) -> list[str]:
    """The cells of a detail line; raises RecordFaults when it cannot be cut."""
    strange = NOT_ALLOWED.search(line)
    if strange is not None:
        held = f"the byte {line[strange.start()]:02X}"
        raise RecordFaults((problem("V73", given=str(strange.start() + 1), held=held),))
    text = line.decode("ascii")
    if text[:1] != layout.letter:
        raise RecordFaults((problem("V74", given=text[:1] or "nothing"),))
    if form == "fixed":
        if len(text) != layout.length:
            raise RecordFaults((problem("V71", given=str(len(text)), wanted=str(layout.length)),))
        return layout.cut(text)
    return _csv_cells(text, layout=layout)


def _csv_cells(text: str, *, layout: Layout) -> list[str]:
    if '"' in text:
        try:
            cells = next(csv.reader([text], strict=True))
        except csv.Error:
            raise RecordFaults((problem("V76"),)) from None
    else:
        cells = text.split(",")
    wanted = len(layout.columns) + 1
    if len(cells) != wanted or cells[0] != layout.letter:
        raise RecordFaults((problem("V75", given=str(len(cells)), wanted=str(wanted)),))
    return [cell.rstrip(" ") for cell in cells[1:]]


def readable_vin(text: str) -> str:
    """What can be kept of a VIN, malformed or not."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text[:30])


def vins_of(message: Any) -> tuple[str, ...]:
    """Every VIN that the message touches."""
    new_vin = getattr(message, "new_vin", None)
    return (message.vin,) if new_vin in (None, message.vin) else (message.vin, new_vin)
