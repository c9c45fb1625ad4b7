"""The answer to an inquiry file, handed out: to the jurisdiction that asked, in fixed width or as CSV (N-204)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

import psycopg

from vinculum.national.batch import file_row
from vinculum.national.batch.answer_layout import ANSWER_LAYOUTS
from vinculum.national.batch.layout import Form, quoted
from vinculum.national.batch.spool import Spool

Missing = Literal["unknown", "not_an_inquiry", "not_answered", "removed"]
_LINES_AT_ONCE: Final = 2000
# A cell that begins so could be taken for a formula by a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """The answer to an inquiry file: how the sender named that file, and where the answer lies in the spool."""

    sender_file_id: str
    content_name: str
    byte_count: int


class NoAnswer(Exception):
    """There is no answer to hand out, and why."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing)
        self.missing = missing


def answer_file(
    connection: psycopg.Connection[Any], file_id: UUID, *, jurisdiction: str, spool: Spool
) -> AnswerFile:
    """The answer to that jurisdiction's inquiry file; another's is as if it did not exist. Raises NoAnswer."""
    found = file_row.find(connection, file_id, jurisdiction=jurisdiction)
    if found is None:
        raise NoAnswer("unknown")
    if found.kind.act != "inquiry":
        raise NoAnswer("not_an_inquiry")
    row = connection.execute(
        "SELECT content_name, byte_count FROM exchange.batch_answer WHERE file_id = %s", (file_id,)
    ).fetchone()
    if row is None:
        raise NoAnswer("not_answered")
    answer = AnswerFile(sender_file_id=found.sender_file_id, content_name=row[0], byte_count=row[1])
    try:
        spool.open(answer.content_name).close()
    except FileNotFoundError:
        raise NoAnswer("removed") from None
    return answer


def answer_blocks(answer: AnswerFile, *, spool: Spool, form: Form) -> Iterator[bytes]:
    """The answer in that form, block by block."""
    with spool.open(answer.content_name) as stream:
        block: list[bytes] = []
        for line in stream:
            block.append(line if form == "fixed" else csv_line(line.decode("ascii")).encode("ascii"))
            if len(block) == _LINES_AT_ONCE:
                yield b"".join(block)
                block.clear()
        yield b"".join(block)


def csv_line(line: str) -> str:
    """A fixed-width line of an answer as CSV: the same columns, without filling."""
    layout = ANSWER_LAYOUTS[line[0]]
    cells = [line[0]]
    for column, cell in zip(layout.columns, layout.cut(line.rstrip("\n")), strict=True):
        bare = str(int(cell)) if column.kind == "number" and cell else cell
        cells.append(quoted(f"'{bare}" if bare.startswith(_FORMULA) else bare))
    return ",".join(cells) + "\n"
