"""The pages of docs/formats: every layout as it is declared (`python -m vinculum.national.batch.format_pages DIR`)."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vinculum.national.batch.answer_layout import (
    ANSWER_HEADER,
    ANSWER_RECORD,
    ANSWER_TRAILER,
    BRAND,
    CURRENT_TITLE,
    OBTAINED,
    PROBLEM,
    READING,
    REASSIGNMENT,
    THEFT,
    TITLE_IN_HISTORY,
)
from vinculum.national.batch.file_types import ENCODING, FILE_TYPES, HEADER, LAYOUT_VERSION, TRAILER, FileType
from vinculum.national.batch.layout import Layout
from vinculum.national.batch.notice_files import NOTICE_DETAIL, NOTICE_HEADER, NOTICE_TRAILER
from vinculum.national.batch.reading import LONGEST_LINE
from vinculum.national.batch.sew_report import (
    COUNTS,
    REPORT_COUNT,
    REPORT_HEADER,
    REPORT_MESSAGE,
    REPORT_TRAILER,
)
from vinculum.national.batch.surrender_reports import SURRENDER_HEADER, SURRENDER_LINE, SURRENDER_TRAILER

_MADE = "Printed from the declarations in `vinculum.national.batch`; a test fails when this page is stale.\n"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    made = {
        "README.md": _overview(),
        "sew-report.md": _sew_report(),
        "notice-file.md": _notice_file(),
        "surrender-report.md": _surrender_report(),
        "answer-file.md": _answer_file(),
    }
    return made | {f"{kind.code.lower()}.md": _page(kind) for kind in FILE_TYPES.values()}


def _overview() -> str:
    kinds = "\n".join(
        f"| [{kind.code}]({kind.code.lower()}.md) | {kind.title} | {kind.rule} | {kind.detail.length} |"
        for kind in FILE_TYPES.values()
    )
    return f"""# Batch files

{_MADE}
A file is a header line, detail lines and a trailer line. Its encoding is {ENCODING}: printable characters only, each
line ended by LF or by CR LF, the last one too. No line is longer than {LONGEST_LINE} bytes. Files are not compressed.

The names and lengths of the national fields are the published ones (the column *field*); where the published
material gives no layout of a file, the arrangement is ours. VINADD and VINMOD are published names, the others ours.

| file type | what it does | rule | length of a detail line |
|---|---|---|---|
{kinds}

Each kind comes in two forms, told by the header itself:

- **fixed-width**: each column in its full length, text filled with blanks on the right, numbers with noughts on the
  left; the length of a line is exact.
- **CSV**: the same columns in the same order, separated by commas, the letter of the line first
  (`H,VINADD,NY,…`). A cell that holds a comma or a quotation mark stands in quotation marks, with those inside doubled.

A column that is not required may be blank. Dates are YYYYMMDD.

## Header

The file id is the sender's own name for the file: A to Z, digits, `-` and `_`. A file is taken once: the same file
again is answered as the first time, other content under the same name is refused. The name of a file that was refused
or cancelled may be used again.

{_table(HEADER)}
## Trailer

{_table(TRAILER)}
The answer to a file is the [SEW report](sew-report.md); a file of inquiries has an [answer file](answer-file.md) too.
"""


def _page(kind: FileType) -> str:
    example = "".join(
        (
            f"H,{kind.code},NY,EXAMPLE-1,20260302,{LAYOUT_VERSION},{ENCODING}\n",
            f"D,{','.join(column.name for column in kind.detail.columns)}\n",
            "T,EXAMPLE-1,1\n",
        )
    )
    return f"""# {kind.code}: {kind.title}

{_MADE}
{kind.about} ({kind.rule})

## Detail line

{_table(kind.detail)}
## As CSV

Each name stands for its value.

```
{example}```

Header and trailer: [batch files](README.md).
"""


def _sew_report() -> str:
    counts = "\n".join(f"- `{words}`" for words, _name in COUNTS)
    return f"""# SEW report

{_MADE}
The summary error and warning report of a file. An error means that the record was not applied, a warning that it was
and wants a look. Codes and texts: `docs/national.md`, section Problems. A file that was refused as a whole has one
message, of record number 0.

In the fixed-width form the lines are H, S for each count, M for each message, T. In CSV the counts are the second
line, the messages follow the fourth; a cell that a spreadsheet would take for a formula begins with an apostrophe.

The counts, in this order:

{counts}

## H: the file

{_table(REPORT_HEADER)}
## S: a count

{_table(REPORT_COUNT)}
## M: a message

{_table(REPORT_MESSAGE)}
## T: the end

{_table(REPORT_TRAILER)}"""


def _answer_file() -> str:
    tables = "\n".join(f"## {layout.letter}: {title}\n\n{_table(layout)}" for layout, title in _ANSWERS)
    return f"""# Answer file

{_MADE}
The answer to a file of [inquiries](vininq.md), in the order of its records. Each record has an A line, which says
whether it was answered and counts the lines that follow it, in this order: current titles, the history, brands,
odometer readings, open theft reports if they were asked for, reports of yards and insurers, what speaks against a title
(the problems of an inquiry on line), the chains of reassignments, each dealer with the title that it led to. A record
that was rejected has an A line with R, and its faults. The trailer has the control totals: records in = answered +
rejected. Version 02 of the layout added the reassignments.

What is asked for as CSV has the same columns in the same order, the letter of the line first; a cell that a spreadsheet
would take for a formula begins with an apostrophe. Characters that a file may not hold are question marks.

{tables}"""


_ANSWERS: Final = (
    (ANSWER_HEADER, "the file"),
    (ANSWER_RECORD, "a record, and how many lines follow"),
    (CURRENT_TITLE, "a current title"),
    (TITLE_IN_HISTORY, "a title of the history"),
    (BRAND, "a brand"),
    (READING, "an odometer reading"),
    (THEFT, "an open theft report"),
    (OBTAINED, "a report of a yard or an insurer"),
    (PROBLEM, "a problem"),
    (REASSIGNMENT, "a dealer on the way to a title of the history"),
    (ANSWER_TRAILER, "the end, and the control totals"),
)


def _notice_file() -> str:
    return f"""# Notice file

{_MADE}
What the exchange tells a jurisdiction of modes 2 to 4 that did not ask (N-310): that another state's title took the
place of one of its own (`title_left`), that its title is current again (`title_returned`), or that a brand on its
title was corrected or removed. A file is made on each day on which there is something to tell, numbered without gaps;
each notice is in one file. It may be taken as often as it is wanted, and is confirmed with the two totals of its
trailer: only then are its notices acknowledged. The arrangement is ours.

## H: the file

{_table(NOTICE_HEADER)}
## D: a notice

{_table(NOTICE_DETAIL)}
## T: control totals

{_table(NOTICE_TRAILER)}"""


def _surrender_report() -> str:
    return f"""# Surrender report

{_MADE}
Once a month, for each jurisdiction that is not on line: which of its titles were surrendered elsewhere (N-310). Exempt
vehicles, which states need not report, are in it as far as they were reported, and marked: a vehicle is taken for
exempt when its VIN says that it is a trailer. The arrangement is ours.

## H: the month

{_table(SURRENDER_HEADER)}
## D: a title

{_table(SURRENDER_LINE)}
## T: the end

{_table(SURRENDER_TRAILER)}"""


def _table(layout: Layout) -> str:
    return "\n".join(_rows(layout)) + "\n"


def _rows(layout: Layout) -> Iterator[str]:
    yield "| from | length | column | field | kind | required | what it is |"
    yield "|---|---|---|---|---|---|---|"
    yield f"| 1 | 1 | | | text | yes | `{layout.letter}` |"
    for column, begins in layout.places():
        allowed = f": {', '.join(f'`{value}`' for value in column.values)}" if column.values else ""
        required = "yes" if column.required else ""
        yield (
            f"| {begins + 1} | {column.length} | {column.name} | {column.mnemonic} | {column.kind}"
            f" | {required} | {column.meaning}{allowed} |"
        )


def main() -> None:
    """Write the pages into the folder that was named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
