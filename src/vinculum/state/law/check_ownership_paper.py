"""The ownership paper itself: clean, of the right issuer, current, and free of legends that stop (D-307 to D-309)."""

import re
from collections.abc import Iterator
from datetime import date

from vinculum.kernel.refusal import Refusal
from vinculum.protocol.fields import CONTROL
from vinculum.state.law.anniversaries import years_exceeded
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import CertificateMark, Deal, OwnershipKind
from vinculum.state.law.on_file import OnFile
from vinculum.state.law.tables import Legend, Tables, normalise_legend
from vinculum.state.law.title_case import title_number_key
from vinculum.state.law.title_check import control_number_key

_MARKS: dict[CertificateMark, str] = {
    "damaged_in_transit": "damaged in transit",
    "not_to_be_sold_as_new": "not to be sold as new",
}
_KINDS: dict[OwnershipKind, str] = {
    "certificate_of_origin": "a certificate of origin",
    "connecticut_title": "a title of this state",
    "out_of_state_title": "a title of another state",
}
# Two legends have a stop of their own in the manual's list; the others are all branded titles.
_LEGEND_STOPS = {"TITLE ONLY": "title_only", "GLIDER KIT": "glider_kit"}


def check_certificate_marks(deal: Deal) -> tuple[Refusal, ...]:
    """D-307: a certificate of origin is clean: not used, not damaged, to be sold as new."""
    refusals = []
    for mark in dict.fromkeys(deal.ownership.certificate_marks):
        if mark == "used":
            refusals.append(refuse("used_certificate_of_origin", field="ownership.certificate_marks"))
        else:
            refusals.append(
                refuse(
                    "damaged_certificate_of_origin", field="ownership.certificate_marks", mark=_MARKS[mark]
                )
            )
    return tuple(refusals)


def check_control_number(deal: Deal) -> tuple[Refusal, ...]:
    """N-701: what is typed as the control number can be one, so that it is looked up and not passed over."""
    number = deal.ownership.control_number
    key = control_number_key(number)
    if not number or (len(key) <= CONTROL.length and re.fullmatch(CONTROL.pattern, key, flags=re.ASCII)):
        return ()
    return (
        refuse("control_number_unreadable", field="ownership.control_number", control_number=number[:40]),
    )


def check_issuer(deal: Deal, *, tables: Tables) -> tuple[Refusal, ...]:
    """D-501: the kind of paper and its issuer fit: this state's title is ours, another's is not."""
    paper = deal.ownership
    if paper.kind == "out_of_state_title":
        fits = paper.jurisdiction not in ("", tables.jurisdiction)
    elif paper.kind == "connecticut_title":
        fits = paper.jurisdiction in ("", tables.jurisdiction)
    else:
        fits = paper.jurisdiction == ""
    if fits:
        return ()
    issuer = paper.jurisdiction or "not given"
    return (
        refuse(
            "paper_issuer_mismatch", field="ownership.jurisdiction", kind=_KINDS[paper.kind], issuer=issuer
        ),
    )


def check_legends(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Refusal, ...]:
    """D-308: the listed legends stop, on the paper or on the book's title; an unknown one cannot be judged."""
    refusals = []
    for printed, field in _legends(deal, on_file=on_file):
        legend = tables.legend(printed)
        if legend is None:
            refusals.append(refuse("legend_not_listed", field=field, legend=printed))
        elif legend.stops_online:
            refusals.append(_legend_stop(legend, field=field))
    return tuple(refusals)


def _legends(deal: Deal, *, on_file: OnFile) -> Iterator[tuple[str, str]]:
    """Each legend once, the paper's first; the book's title may know what a torn paper no longer shows."""
    seen = set()
    of_book = on_file.vehicle.title.legends if on_file.vehicle.title is not None else ()
    entered = [(legend, "ownership.legends") for legend in deal.ownership.legends]
    for printed, field in [*entered, *((legend, "vehicle.vin") for legend in of_book)]:
        key = normalise_legend(printed)
        if key not in seen:
            seen.add(key)
            yield printed, field


def _legend_stop(legend: Legend, *, field: str) -> Refusal:
    what = f"The title bears the legend {legend.text}"
    code = _LEGEND_STOPS.get(legend.text)
    if code is not None:
        return refuse(code, field=field, what=what, legend=legend.text)
    return refuse(
        "branded_title", field=field, brand=legend.text, source="legend on the title", legend=legend.text
    )


def check_current_title(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-209: ownership runs through the title that is open in the book, and through no other paper.

    With a title of this state the number is the book's; with any other paper no title may be open here,
    because two chains of ownership would then run for one vehicle.
    """
    paper, title = deal.ownership, on_file.vehicle.title
    if paper.kind == "connecticut_title":
        if title is None:
            return (refuse("title_not_on_file", field="ownership.number", number=paper.number),)
        if title_number_key(title.number) == title_number_key(paper.number):
            return ()
        return (
            refuse(
                "title_not_current",
                field="ownership.number",
                paper=f"title {paper.number}",
                current=f"title {title.number} of {title.issue_date}",
            ),
        )
    if title is None:
        return ()
    return (
        refuse(
            "title_not_current",
            field="ownership.kind",
            paper=_KINDS[paper.kind],
            current=f"title {title.number} of {title.issue_date}",
        ),
    )


def check_record_converted(
    deal: Deal, *, on_file: OnFile, today: date, tables: Tables
) -> tuple[Refusal, ...]:
    """D-309: registrations expired over a year, and titles over twenty years old, must be recreated first.

    Asked only when ownership rests on this state's own record; a vehicle coming with a certificate of origin
    or another state's title starts a new record.
    """
    if deal.ownership.kind != "connecticut_title":
        return ()
    refusals = []
    registration, title = on_file.vehicle.registration, on_file.vehicle.title
    years = tables.limit("registration_record_years")
    if registration is not None and years_exceeded(registration.expires_on, today, years=years):
        what = f"The last registration expired on {registration.expires_on}, over {_years(years)} ago"
        refusals.append(refuse("record_not_converted", field="vehicle.vin", what=what))
    issued = title.issue_date if title is not None else deal.ownership.issue_date
    years = tables.limit("title_record_years")
    if years_exceeded(issued, today, years=years):
        what = f"The title was issued on {issued}, over {_years(years)} ago"
        refusals.append(refuse("record_not_converted", field="ownership.issue_date", what=what))
    return tuple(refusals)


def legacy_warnings(deal: Deal, *, tables: Tables) -> tuple[str, ...]:
    """D-702: what the record of a title of the older system may not tell, so that the clerk reads the paper."""
    under = tables.limit("legacy_title_number_under")
    number = title_number_key(deal.ownership.number)
    if deal.ownership.kind != "connecticut_title" or not number.isdecimal() or int(number) >= under:
        return ()
    return (
        f"Title numbers under {under:,} come from the older system: a second owner, the conjunction and "
        "lienholders may be missing from the record. Go by the paper (D-702).",
    )


def _years(count: int) -> str:
    return "a year" if count == 1 else f"{count} years"
