"""The SEW report of a file as a page: counts, codes against the files before, messages by severity and code (N-502)."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.exchange.report_lines import download
from vinculum.entrypoints.web.exchange.batch_files import ACT
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.national.batch import file_row, sew_report
from vinculum.national.batch.code_counts import CodeTrend, compare
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.work_bench import acknowledged_codes
from vinculum.protocol.problem import PROBLEM_KINDS, Severity
from vinculum.protocol.usual_resolutions import USUAL_RESOLUTIONS, UsualResolution

_MESSAGES: Final = 100
# The drawing of the files before: how high and how wide one bar and its gap are.
_HIGH, _WIDE = 24, 9
_SEVERITIES: Final[dict[str, Severity]] = {"error": "error", "warning": "warning"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One file in the drawing: where its bar stands and how high it is."""

    x: int
    y: float
    height: float
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """A code of the report, explained and compared."""

    trend: CodeTrend
    explained: UsualResolution | None
    set_aside: bool
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        """Of the drawing."""
        return len(self.bars) * _WIDE


def show(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The report; the filters and the place in the list stand in the address."""
    actor = exchange_actor(request)
    severity = _SEVERITIES.get(request.GET.get("severity", ""))
    asked = request.GET.get("code", "")
    code = asked if asked in PROBLEM_KINDS else None
    after = _number(request.GET.get("after", ""))
    to_work = request.GET.get("set_aside") == "no"
    with acting(actor, act=ACT, database="national") as connection:
        found = _own_file(connection, actor, file_id)
        trends = compare(connection, found)
        aside = acknowledged_codes(connection, jurisdiction=actor.organisation_code)
        with closing(
            sew_report.read_messages(
                connection,
                found,
                severity=severity,
                code=code,
                without=aside if to_work else (),
                after=after,
                limit=_MESSAGES,
            )
        ) as messages:
            said = list(messages)
    asked_for = (("severity", severity), ("code", code), ("set_aside", "no" if to_work else ""))
    filters = {name: value for name, value in asked_for if value}
    more = len(said) >= _MESSAGES
    context = {
        "file": found,
        "counts": [(words.capitalize(), getattr(found, name)) for words, name in sew_report.COUNTS],
        "codes": [_row(trend, set_aside=trend.code in aside) for trend in trends],
        "compared": max((len(trend.shares) for trend in trends), default=0),
        "messages_said": said,
        "to_work": to_work,
        "warnings_set_aside": sum(trend.count for trend in trends if trend.code in aside),
        "severity": severity or "",
        "code": code or "",
        "filtered": bool(filters),
        "begun": after >= 0,
        "first_page": urlencode(filters),
        "next_page": urlencode(filters | {"after": str(said[-1].record_number)}) if more else "",
        "high": _HIGH,
    }
    return render(request, "exchange/sew_report.html", context)


def paper(request: HttpRequest, file_id: UUID, form: str) -> HttpResponseBase:
    """The report as a file: fixed-width or CSV."""
    actor = exchange_actor(request)
    with acting(actor, act=ACT, database="national") as connection:
        found = _own_file(connection, actor, file_id)
    return download(found, actor=actor, act=ACT, form="csv" if form == "csv" else "fixed")


def _own_file(connection: Any, actor: Actor, file_id: UUID) -> BatchFile:
    """A file of the jurisdiction that has a report; another's is as if it did not exist."""
    found = file_row.find(connection, file_id, jurisdiction=actor.organisation_code)
    if found is None or found.state not in {"applied", "rejected"}:
        raise Http404
    return found


def _row(trend: CodeTrend, *, set_aside: bool) -> CodeRow:
    shares = (*trend.shares, trend.share) if trend.shares else ()
    highest = max(shares, default=0.0) or 1.0
    bars = tuple(
        Bar(
            x=place * _WIDE,
            y=round(_HIGH - _tall(share, highest), 1),
            height=_tall(share, highest),
            here=place == len(shares) - 1,
        )
        for place, share in enumerate(shares)
    )
    return CodeRow(trend=trend, explained=USUAL_RESOLUTIONS.get(trend.code), set_aside=set_aside, bars=bars)


def _tall(share: float, highest: float) -> float:
    """A share of nothing is still a line, so that the file is seen."""
    return round(max(1.0, _HIGH * share / highest), 1)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else -1
