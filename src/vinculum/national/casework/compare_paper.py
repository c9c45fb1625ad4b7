"""A paper title held against the national files: what agrees, and what has to be settled first (N-401). Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from vinculum.national.law.brands import StandardBrand, end_of_road_life
from vinculum.national.law.recalled import RecalledTitle
from vinculum.national.law.title import Pointer, VehicleRecord

# Says nothing about the vehicle: a clear title, an odometer that shows what it shows.
_SILENT: Final = frozenset({"00", "68"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The title that somebody presents, or, without a jurisdiction, the certificate of origin."""

    vin: str
    jurisdiction: str
    title_number: str
    issue_date: date
    brands: tuple[str, ...] = ()
    control_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One thing that does not agree: what the paper says, what is on record, and what to do.

    `about` is the brand code of a brand, for programs.
    """

    code: str
    on_paper: str
    on_record: str
    words: str
    about: str = ""


def compare(
    paper: Paper,
    record: VehicleRecord,
    *,
    standard: Mapping[str, StandardBrand],
    recalled: tuple[RecalledTitle, ...] = (),
) -> tuple[Discrepancy, ...]:
    """Everything that keeps a title from being issued on this paper; empty when it is clear.

    `recalled` are the titles of the paper's state and number that were taken back, of whatever vehicle (N-303).
    """
    return (
        *_recalled(recalled),
        *_title(paper, record),
        *_brands(paper, record, standard=standard),
        *_theft(record),
        *_end_of_life(record, standard=standard),
    )


def holder(paper: Paper, record: VehicleRecord) -> str:
    """Who can settle it: the state of the one current title, else the state that the paper names."""
    current = sorted({pointer.title.jurisdiction for pointer in record.pointers})
    return current[0] if len(current) == 1 else paper.jurisdiction or next(iter(current), "")


def _recalled(recalled: tuple[RecalledTitle, ...]) -> Iterator[Discrepancy]:
    for title in recalled:
        yield Discrepancy(
            code="title_taken_back",
            on_paper=f"{title.jurisdiction} {title.title_number}",
            on_record=f"taken back {title.taken_back_on.isoformat()}: {title.reason}",
            words="A recalled or fraudulent title proves nothing: keep the paper, and ask the state that took it back.",
        )


def _title(paper: Paper, record: VehicleRecord) -> Iterator[Discrepancy]:
    if not paper.jurisdiction:
        for pointer in record.pointers:
            yield Discrepancy(
                code="titled_already",
                on_paper="certificate of origin",
                on_record=f"{_said(pointer)}, {pointer.title.issue_date.isoformat()}",
                words="The vehicle is not new: a title was issued on this VIN, or one of the two VINs is wrong.",
            )
        return
    if not record.pointers:
        yield Discrepancy(
            code="no_current_title",
            on_paper=f"{paper.jurisdiction} {paper.title_number}",
            on_record="none",
            words="No state reports a current title of this VIN. Ask the state of the paper to report it.",
        )
        return
    if len(record.pointers) > 1:
        yield Discrepancy(
            code="several_current_titles",
            on_paper=f"{paper.jurisdiction} {paper.title_number}",
            on_record=", ".join(_said(pointer) for pointer in record.pointers),
            words="Several current titles are on record: two vehicles may share this number.",
        )
    pointer = _nearest(paper, record)
    title = pointer.title
    for code, on_paper, on_record, words in (
        ("state_differs", paper.jurisdiction, title.jurisdiction, "Another state holds the current title."),
        (
            "title_number_differs",
            paper.title_number,
            title.title_number,
            "The current title has another number: the paper may be replaced or forged.",
        ),
        (
            "issue_date_differs",
            paper.issue_date.isoformat(),
            title.issue_date.isoformat(),
            "The current title was issued on another day: a later duplicate may be out.",
        ),
    ):
        if on_paper != on_record:
            yield Discrepancy(code=code, on_paper=on_paper, on_record=on_record, words=words)


def _nearest(paper: Paper, record: VehicleRecord) -> Pointer:
    """The current title that agrees best with the paper: number, then state."""
    return max(
        record.pointers,
        key=lambda pointer: (
            pointer.title.title_number == paper.title_number,
            pointer.title.jurisdiction == paper.jurisdiction,
        ),
    )


def _brands(
    paper: Paper, record: VehicleRecord, *, standard: Mapping[str, StandardBrand]
) -> Iterator[Discrepancy]:
    held = {brand.code for brand in record.brands} - _SILENT
    printed = set(paper.brands) - _SILENT
    for code in sorted(held - printed):
        by = ", ".join(sorted({brand.brander for brand in record.brands if brand.code == code}))
        yield Discrepancy(
            code="brand_missing_on_paper",
            on_paper="none",
            on_record=f"{standard[code].name} ({by})",
            words="The brand has to be carried forward onto the new title, or shown to be wrong by who put it on.",
            about=code,
        )
    for code in sorted(printed - held):
        yield Discrepancy(
            code="brand_missing_on_record",
            on_paper=standard[code].name if code in standard else code,
            on_record="none",
            words="The paper has a brand that no state reported: report it with your title (N-403).",
            about=code,
        )


def _theft(record: VehicleRecord) -> Iterator[Discrepancy]:
    for theft in record.thefts:
        yield Discrepancy(
            code="reported_stolen",
            on_paper="",
            on_record=f"{theft.reported_by}, {theft.stolen_on.isoformat()}",
            words="The vehicle is reported stolen: tell the police before anything else.",
        )


def _end_of_life(record: VehicleRecord, *, standard: Mapping[str, StandardBrand]) -> Iterator[Discrepancy]:
    for brand in end_of_road_life(record.brands):
        yield Discrepancy(
            code="no_road_title",
            on_paper="",
            on_record=f"{standard[brand.code].name} ({brand.brander}, {brand.brand_date.isoformat()})",
            words="No title for road use may be issued anywhere while this brand stands (N-402).",
        )


def _said(pointer: Pointer) -> str:
    return f"{pointer.title.jurisdiction} {pointer.title.title_number}"
