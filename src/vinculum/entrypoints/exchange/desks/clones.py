"""Two vehicles on one VIN by program: drafted, accepted and withdrawn; the help desk applies on its pages (N-308)."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, StrictBool, StrictInt

from vinculum.entrypoints.api.bearer import actor_of
from vinculum.entrypoints.exchange.desks.desk_key import ONCE, Body, DeskKey, now
from vinculum.kernel.vin import normalise_vin
from vinculum.national.casework import clone_cases, draft_clone_case, settle_clone_case
from vinculum.national.law.undo_clone import Disposition

router = Router(tags=["two vehicles on one VIN"])
_ACT = DeskKey("work_clone_case")
_CASE = "/clone-cases/{vin}/{uuid:case_id}"


class ItemTold(Schema):
    """A title or a brand, which vehicle's it is, and what its owner said."""

    place: int
    kind: str
    owner: str
    disposition: str
    entry_id: UUID | None
    title_number: str
    brand_code: str
    item_date: date
    make: str
    model_year: int
    needs_acceptance: bool
    accepted: bool | None
    decided_at: datetime | None
    decided_by_name: str
    words: str


class CloneCaseTold(Schema):
    """A case as it stands; its items in the order in which they are done."""

    vin: str
    case_id: UUID
    right_vin: str
    circumstance: str
    finding: str
    asked_by: str
    standing: str
    drafted_at: datetime
    drafted_by_name: str
    withdrawn_at: datetime | None
    requested_at: datetime | None
    applied_at: datetime | None
    items: list[ItemTold]


class TitleLaidOut(Schema):
    """A title of the record, or the taking back of one; `entry_id` names it in a draft."""

    entry_id: UUID
    transaction_type: str
    jurisdiction: str
    title_number: str
    issue_date: date
    make: str
    model_year: int
    is_current: bool
    is_withdrawn: bool


class BrandLaidOut(Schema):
    """A brand of the record."""

    code: str
    brander: str
    brand_date: date


class LaidOutTold(Schema):
    """What is on the VIN, to be given entry by entry to one vehicle or the other."""

    vin: str
    titles: list[TitleLaidOut]
    brands: list[BrandLaidOut]


class BrandGiven(Body):
    """A brand of the record, and whose it is."""

    code: str = Field(max_length=2)
    brander: str = Field(max_length=7)
    brand_date: date
    disposition: Disposition


class NewBrandGiven(Body):
    """A brand for vehicle B under its own VIN."""

    code: str = Field(max_length=2)
    brander: str = Field(max_length=2)
    brand_date: date


class DraftBody(Body):
    """What the investigation found: every title by its `entry_id` and every brand, each given to a vehicle."""

    vin: str = Field(max_length=60)
    right_vin: str = Field("", max_length=60)
    circumstance: Literal["clone", "typing_error"]
    finding: str = Field(max_length=4000)
    titles: dict[UUID, Disposition] = Field(max_length=500)
    brands: list[BrandGiven] = Field(max_length=200)
    new_brand: NewBrandGiven | None = None


class CaseDrafted(Schema):
    """The case's id."""

    case_id: UUID


class DecisionBody(Body):
    """Yes or no to some items of one's own, by their places, and what was looked at."""

    places: list[StrictInt] = Field(max_length=700)
    accept: StrictBool
    words: str = Field(max_length=4000)


@router.get("/clone-cases", auth=_ACT, response=list[CloneCaseTold], operation_id="list_clone_cases")
def listed(request: HttpRequest) -> list[clone_cases.CloneCase]:
    """The cases that concern the jurisdiction, the latest first."""
    return list(clone_cases.listed(actor=actor_of(request)))


@router.get("/clone-cases/record/{vin}", auth=_ACT, response=LaidOutTold, operation_id="lay_out_record")
def lay_out(request: HttpRequest, vin: str) -> dict[str, object]:
    """The titles and brands on a VIN, for a draft. It is an inquiry and logged as one (N-207)."""
    found = draft_clone_case.lay_out(vin, actor=actor_of(request), at=now())
    titles = [
        {name: getattr(entry.title, name) for name in TitleLaidOut.model_fields if not name.startswith("is_")}
        | {
            "is_current": entry.title.entry_id in found.current,
            "is_withdrawn": entry.title.entry_id in found.withdrawn,
        }
        for entry in found.titles
    ]
    return {"vin": found.vin, "titles": titles, "brands": found.brands}


@router.post("/clone-cases", auth=_ACT, response={201: CaseDrafted}, operation_id="draft_clone_case")
def draft(request: HttpRequest, said: DraftBody, key: UUID | None = ONCE) -> Status[dict[str, UUID]]:
    """Put a proposal before the states whose titles and brands it would take."""
    new = said.new_brand
    case_id = draft_clone_case.run(
        draft_clone_case.Draft(
            vin=normalise_vin(said.vin),
            right_vin=normalise_vin(said.right_vin),
            circumstance=said.circumstance,
            finding=said.finding,
            titles=dict(said.titles),
            brands={(one.code, one.brander, one.brand_date): one.disposition for one in said.brands},
            new_brand=None
            if new is None
            else draft_clone_case.NewBrand(code=new.code, brander=new.brander, brand_date=new.brand_date),
        ),
        actor=actor_of(request),
        at=now(),
        key=key,
    )
    return Status(201, {"case_id": case_id})


@router.get(_CASE, auth=_ACT, response=CloneCaseTold, operation_id="show_clone_case")
def one(request: HttpRequest, vin: str, case_id: UUID) -> clone_cases.CloneCase:
    """One case with all of its items."""
    return clone_cases.show(vin=vin, case_id=case_id, actor=actor_of(request))


@router.post(_CASE + "/decision", auth=_ACT, response=CloneCaseTold, operation_id="decide_clone_items")
def decide(request: HttpRequest, vin: str, case_id: UUID, said: DecisionBody) -> clone_cases.CloneCase:
    """Accept or refuse items of the own jurisdiction, once; never what a program of it has drafted."""
    settle_clone_case.decide(
        vin=vin,
        case_id=case_id,
        places=said.places,
        accept=said.accept,
        words=said.words,
        actor=actor_of(request),
        at=now(),
    )
    return one(request, vin, case_id)


@router.post(_CASE + "/withdrawal", auth=_ACT, response=CloneCaseTold, operation_id="withdraw_clone_case")
def withdraw(request: HttpRequest, vin: str, case_id: UUID) -> clone_cases.CloneCase:
    """Take back what the jurisdiction has drafted, before it is applied."""
    settle_clone_case.withdraw(vin=vin, case_id=case_id, actor=actor_of(request), at=now())
    return one(request, vin, case_id)
