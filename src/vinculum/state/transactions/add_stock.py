"""The marker room gives a dealer plates: a run of marks in sequence, available once the dealer counted them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.plate_number import PlateFormat, normalise_plate_number
from vinculum.kernel.refusal import Refused
from vinculum.state.inventory.shipments import accept_plates, plates_on_record, ship_plates
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import PlateClass
from vinculum.state.records.dealer_papers import is_dealer
from vinculum.state.reference.publication import tables_in_force

ACT: Final = "add_stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A run of `count` marks from `first_number`. `confirmed`: the dealer has counted and accepted (I-105)."""

    dealer_id: UUID
    plate_class: PlateClass
    first_number: str
    count: int
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was added."""

    first_number: str
    last_number: str
    count: int


def run(request: Request, *, actor: Actor, at: datetime) -> Receipt:
    """Add the plates; marks that are not manufactured are stepped over (I-110)."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        marks = _marks(connection, request, at=at)
        ship_plates(connection, dealer_id=request.dealer_id, plate_class=request.plate_class, marks=marks)
        if request.confirmed:
            accept_plates(connection, [mark for mark, _ in marks])
        return Receipt(first_number=marks[0][0], last_number=marks[-1][0], count=len(marks))


def _marks(connection: Connection, request: Request, *, at: datetime) -> list[tuple[str, int]]:
    """The marks with their places in the sequence; refused as a whole when one of them cannot be given."""
    rule = tables_in_force(connection, local_date(at)).plate_classes[request.plate_class]
    first = normalise_plate_number(request.first_number)
    refusals = []
    if not is_dealer(connection, request.dealer_id):
        refusals.append(refuse("dealer_unknown", field="dealer_id"))
    if request.count < 1 or request.count % rule.order_step:
        refusals.append(
            refuse(
                "stock_out_of_step",
                field="count",
                plate_class=request.plate_class,
                step=rule.order_step,
                count=request.count,
            )
        )
    if not rule.plate_format.may_be_manufactured(first):
        refusals.append(
            refuse("plate_not_of_class", field="first_number", plate=first, plate_class=request.plate_class)
        )
    if refusals:
        raise Refused(refusals)
    marks = _run(rule.plate_format, first=first, count=request.count)
    taken = plates_on_record(connection, [mark for mark, _ in marks])
    if taken:
        raise Refused(
            [refuse("plate_already_issued", field="first_number", plate=plate) for plate in taken[:5]]
        )
    return marks


def _run(plate_format: PlateFormat, *, first: str, count: int) -> list[tuple[str, int]]:
    marks = [(first, plate_format.ordinal(first))]
    while len(marks) < count:
        mark = plate_format.next_mark(marks[-1][0])
        marks.append((mark, plate_format.ordinal(mark)))
    return marks
