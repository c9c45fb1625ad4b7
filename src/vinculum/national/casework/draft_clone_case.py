"""Drafting the undo of two vehicles on one VIN: each title and brand of the record given to a vehicle (N-308)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast
from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.national.casework import desk_inquiry
from vinculum.national.casework.clone_cases import ACT, CIRCUMSTANCES, LONGEST, refusal, side_of
from vinculum.national.casework.request_keys import claim_request, keep_made
from vinculum.national.law.brands import check_code
from vinculum.national.law.title import Brand, HistoryEntry, VehicleRecord
from vinculum.national.law.undo_clone import (
    BrandKey,
    CannotBeTakenApart,
    Disposition,
    Split,
    key_of,
    take_apart,
    titles_of,
)
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.records.vehicle import read_vehicle

_PURPOSE: Final = "two vehicles on one VIN"
DISPOSITIONS: Final[tuple[Disposition, ...]] = ("keep", "remove", "reapply")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBrand:
    """A brand for vehicle B under its own VIN, 36 (recovered theft) as a rule; applied in this state's name."""

    code: str
    brander: str
    brand_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the investigation found. Titles by the id of their entry, brands by code, brander and day."""

    vin: str
    right_vin: str
    circumstance: str
    finding: str
    titles: Mapping[UUID, str]
    brands: Mapping[BrandKey, str]
    new_brand: NewBrand | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """The record of a VIN, to be given title by title to one vehicle or the other."""

    vin: str
    titles: tuple[HistoryEntry, ...]
    brands: tuple[Brand, ...]
    withdrawn: frozenset[UUID]
    current: frozenset[UUID]


def lay_out(vin: str, *, actor: Actor, at: datetime) -> LaidOut:
    """The titles and brands of the VIN. It is an inquiry, and logged as one (N-207). Raises Refused."""
    require(actor, ACT)
    vin = normalise_vin(vin)
    with acting(actor, act=ACT, database="national") as connection:
        record = _read(connection, vin, actor=actor, at=at)
    return LaidOut(
        vin=vin,
        titles=tuple(titles_of(record)),
        brands=record.brands,
        withdrawn=record.withdrawn,
        current=frozenset(pointer.title.entry_id for pointer in record.pointers),
    )


def run(
    draft: Draft,
    *,
    actor: Actor,
    at: datetime,
    unread: tuple[Refusal, ...] = (),
    key: UUID | None = None,
) -> UUID:
    """Put the proposal before the states whose titles and brands it would take; once for a key. Raises Refused.

    `unread` is what could not be read into the draft: it is refused together with everything else.
    """
    require(actor, ACT)
    case_id = uuid4()
    with acting(actor, act=ACT, database="national") as connection:
        made = claim_request(connection, key=key, act=ACT, asked=_asked(draft), actor=actor, at=at)
        if made is not None:
            return UUID(made)
        # Before the record is read: what changes in between makes the draft stale, never wrong.
        digest = connection.execute(
            "SELECT exchange.clone_digest(%s, %s)", (draft.vin, draft.right_vin)
        ).fetchone()
        assert digest is not None
        record = _read(connection, draft.vin, actor=actor, at=at)
        roster = read_roster(connection)
        faults = [*_check(draft, record=record, roster=roster, actor=actor, at=at), *unread]
        if faults:
            raise Refused(faults)
        split = _split(draft, record)
        own = read_vehicle(connection, draft.right_vin) if draft.right_vin else None
        try:
            take_apart(split, shared=record, own=own, case_id=case_id, at=at)
        except CannotBeTakenApart as fault:
            raise Refused(
                [refusal(fault.code, fault.words, "Look at the record and draft it anew.")]
            ) from fault
        _write(connection, draft, split, record, case_id=case_id, digest=digest[0], actor=actor, at=at)
        keep_made(connection, key=key, made=case_id, actor=actor)
    return case_id


def _asked(draft: Draft) -> tuple[object, ...]:
    """What the draft says, in one order however it was written."""
    new = draft.new_brand
    return (
        *("clone case", draft.vin, draft.right_vin, draft.circumstance, draft.finding.strip()),
        sorted((str(entry), given) for entry, given in draft.titles.items()),
        sorted((code, brander, str(day), given) for (code, brander, day), given in draft.brands.items()),
        None if new is None else (new.code, new.brander, str(new.brand_date)),
    )


def _read(connection: Connection, vin: str, *, actor: Actor, at: datetime) -> VehicleRecord:
    record = desk_inquiry.look_up(
        connection,
        vin,
        actor=actor,
        asker=side_of(actor),
        purpose=_PURPOSE,
        remedy="Compare it with the paper.",
        at=at,
    )
    if not (record.history or record.brands):
        words = "The exchange holds no title and no brand of this VIN."
        raise Refused([refusal("clone_no_record", words, "Check the VIN.", field="vin")])
    return record


def _check(
    draft: Draft, *, record: VehicleRecord, roster: Roster, actor: Actor, at: datetime
) -> Iterator[Refusal]:
    if draft.circumstance not in CIRCUMSTANCES:
        yield refusal("missing_field", "What happened is missing.", "Choose it.", field="circumstance")
    if not 1 <= len(draft.finding.strip()) <= LONGEST:
        yield refusal(
            "missing_field",
            f"The states have to know what was found on both vehicles, in {LONGEST:,} characters at most.",
            "Say where the hidden VIN was read, and when. Write no names or addresses.",
            field="finding",
        )
    if draft.right_vin:
        for fault in vin_faults(draft.right_vin):
            yield refusal(
                fault.kind.value,
                fault.message,
                "Compare it with the vehicle.",
                field="right_vin",
                rule="N-601",
            )
    given = {*draft.titles.values(), *draft.brands.values()}
    if given - set(DISPOSITIONS):
        yield refusal(
            "clone_not_assigned", "Each title and brand is one vehicle's.", "Choose for each.", field="titles"
        )
    if actor.organisation_kind == "jurisdiction" and actor.organisation_code not in _owners(record):
        yield refusal(
            "clone_not_concerned",
            "No title and no brand of this VIN is your jurisdiction's.",
            "A state whose data it is drafts the case, or the help desk does.",
        )
    if draft.new_brand is not None:
        for problem in check_code(draft.new_brand.code, standard=roster.brands):
            yield refusal("brand_unknown", problem.text, "Choose one.", field="brand_code", rule="N-107")
        brander = draft.new_brand.brander
        if not brander:
            words = "The state in whose name the brand is applied is missing."
            yield refusal("missing_field", words, "Choose the state that brands.", field="brander")
        elif brander not in roster.standings:
            words = f"{brander[:2]} is not a D20 jurisdiction code."
            yield refusal("jurisdiction_unknown", words, "Choose the state that brands.", field="brander")
        if draft.new_brand.brand_date > at.date():
            yield refusal(
                "invalid_field",
                "The brand date is in the future.",
                "Correct it.",
                field="brand_date",
                rule="N-403",
            )


def _owners(record: VehicleRecord) -> set[str]:
    return {entry.title.jurisdiction for entry in record.history} | {brand.brander for brand in record.brands}


def _split(draft: Draft, record: VehicleRecord) -> Split:
    newest = next(titles_of(record), None)
    new_brands: tuple[Brand, ...] = ()
    if draft.new_brand is not None and newest is not None:
        gone = next((e for e in titles_of(record) if draft.titles.get(e.title.entry_id) != "keep"), newest)
        new_brands = (
            Brand(
                code=draft.new_brand.code,
                brander=draft.new_brand.brander,
                brand_date=draft.new_brand.brand_date,
                make=gone.title.make,
                model_year=gone.title.model_year,
            ),
        )
    return Split(
        vin=draft.vin,
        right_vin=draft.right_vin,
        titles={entry: cast(Disposition, given) for entry, given in _with_their_titles(draft, record)},
        brands={brand: cast(Disposition, given) for brand, given in draft.brands.items()},
        new_brands=new_brands,
    )


def _with_their_titles(draft: Draft, record: VehicleRecord) -> Iterator[tuple[UUID, str]]:
    """What was given; the taking back of a title that goes goes with it."""
    taken_back = {entry.title.entry_id: entry.withdraws for entry in record.history}
    for entry_id, given in draft.titles.items():
        title = taken_back.get(entry_id)
        yield entry_id, given if title is None or draft.titles.get(title) == "keep" else "remove"


def _write(
    connection: Connection,
    draft: Draft,
    split: Split,
    record: VehicleRecord,
    *,
    case_id: UUID,
    digest: bytes,
    actor: Actor,
    at: datetime,
) -> None:
    states = sorted(_owners(record) | {brand.brander for brand in split.new_brands})
    connection.execute(
        "INSERT INTO exchange.clone_case (vin, case_id, right_vin, circumstance, finding, asked_by, states,"
        " record_digest, drafted_at, drafted_by, drafted_by_name)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(draft.vin, case_id, draft.right_vin, draft.circumstance, draft.finding.strip(), side_of(actor)),
            *(states, digest, at, actor.person_id, actor.person_name),
        ),
    )
    for place, item in enumerate(_items(split, record), 1):
        connection.execute(
            "INSERT INTO exchange.clone_item (vin, case_id, place, kind, owner, disposition, entry_id, row_id,"
            " title_number, brand_code, item_date, make, model_year, states, asked_by, drafted_by)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (draft.vin, case_id, place, *item, states, side_of(actor), actor.person_id),
        )


def _items(split: Split, record: VehicleRecord) -> Iterator[tuple[object, ...]]:
    """In the order in which they are done: taken off newest first, re-applied oldest first; what stays comes last."""
    titles = list(titles_of(record))

    def given(entry: HistoryEntry) -> Disposition:
        return split.titles[entry.title.entry_id]

    def title_item(entry: HistoryEntry) -> tuple[object, ...]:
        title = entry.title
        of_title = (title.title_number, None, title.issue_date, title.make, title.model_year)
        return "title", title.jurisdiction, given(entry), title.entry_id, entry.row_id, *of_title

    def brand_item(kind: str, brand: Brand, disposition: str) -> tuple[object, ...]:
        of_brand = ("", brand.code, brand.brand_date, brand.make, brand.model_year)
        return kind, brand.brander, disposition, None, None, *of_brand

    yield from (title_item(entry) for entry in titles if given(entry) == "remove")
    yield from (
        brand_item("brand", brand, "remove")
        for brand in record.brands
        if split.brands[key_of(brand)] == "remove"
    )
    yield from (title_item(entry) for entry in reversed(titles) if given(entry) == "reapply")
    yield from (
        brand_item("brand", brand, "reapply")
        for brand in record.brands
        if split.brands[key_of(brand)] == "reapply"
    )
    yield from (brand_item("new_brand", brand, "apply") for brand in split.new_brands)
    yield from (title_item(entry) for entry in titles if given(entry) == "keep")
    yield from (
        brand_item("brand", brand, "keep") for brand in record.brands if split.brands[key_of(brand)] == "keep"
    )
