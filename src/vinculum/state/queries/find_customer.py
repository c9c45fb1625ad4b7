"""The customer at the counter, found by a number on a document the customer shows (D-208), never by name.

The look-up is written and committed before anything is shown. A dealer sees what must be on the title and
nothing more: a date of birth, an identification number other than the one asked for, are not among it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from psycopg.rows import class_row

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refused
from vinculum.state.law.catalogue import refuse
from vinculum.state.queries.purpose import record_purpose

ACT = "find_customer"

NumberKind = Literal[
    "customer_number",
    "ct_licence",
    "ct_non_driver_id",
    "ct_learner_permit",
    "ct_adult_learner_permit",
    "fein",
    "us_dot",
]
NUMBER_KINDS: dict[NumberKind, str] = {
    "ct_licence": "Connecticut driver's licence",
    "ct_non_driver_id": "Connecticut non-driver ID",
    "ct_learner_permit": "Connecticut learner's permit",
    "ct_adult_learner_permit": "Connecticut adult learner's permit",
    "fein": "FEIN",
    "us_dot": "US DOT number",
    "customer_number": "DMV customer number",
}
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A number as shown at the counter, why it is looked up and for which case."""

    kind: NumberKind
    number: str
    case_reference: str
    purpose: str = "verification_by_business"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An open hold on the customer; `town_name` and `contact` say who clears a tax delinquency."""

    kind: str
    since: date
    town_code: str
    town_name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """The customer record as the counter sees it."""

    customer_id: UUID
    number: str
    kind: str
    name: str
    residence_street: str
    residence_town: str
    residence_state: str
    residence_zip: str
    mailing_address: str
    tax_town_code: str
    us_dot_number: str
    military: bool
    stops: tuple[Stop, ...] = ()


def normalise(number: str) -> str:
    """The number as it is kept: capital letters and digits only."""
    return "".join(character for character in number.upper() if character.isascii() and character.isalnum())


def run(request: Request, *, actor: Actor) -> Customer:
    """The one customer record the number belongs to; Refused when there is none or more than one."""
    require(actor, ACT)
    number = normalise(request.number)
    ticket = record_purpose(
        actor,
        act=ACT,
        purpose=request.purpose,
        case_reference=request.case_reference,
        subject=f"{request.kind} {number}",
    )
    with acting(actor, act=ACT, ticket=ticket) as connection:
        found = _customer_ids(connection, kind=request.kind, number=number)
        if not found:
            raise Refused([refuse("customer_not_on_file", field="number", number=number)])
        if len(found) > 1:
            raise Refused(
                [
                    refuse(
                        "multiple_customer_records",
                        field="number",
                        number=number,
                        count=str(len(found)),
                    )
                ]
            )
        return _customer(connection, found[0])


def _customer_ids(connection: Connection, *, kind: NumberKind, number: str) -> list[UUID]:
    if kind == "customer_number":
        query, parameters = "SELECT id FROM book.customer WHERE number = %s", [number]
    else:
        query = (
            "SELECT DISTINCT customer_id FROM book.customer_identification"
            " WHERE kind = %s AND number = %s AND closed_by IS NULL LIMIT %s"
        )
        parameters = [kind, number, str(_MOST_SHOWN)]
    return [row[0] for row in connection.execute(query, parameters)]


def _customer(connection: Connection, customer_id: UUID) -> Customer:
    with connection.cursor(row_factory=class_row(Stop)) as cursor:
        stops = tuple(
            cursor.execute(
                "SELECT kind, since, town_code, town_name, contact FROM book.customer_stop"
                " WHERE customer_id = %s AND closed_by IS NULL ORDER BY since, kind, town_code",
                [customer_id],
            )
        )
    row = connection.execute(
        "SELECT c.id, c.number, c.kind, d.name, d.residence_street, d.residence_town, d.residence_state,"
        " d.residence_zip, d.mailing_address, d.tax_town_code, d.us_dot_number, d.military"
        " FROM book.customer AS c JOIN book.customer_detail AS d ON d.customer_id = c.id"
        " WHERE c.id = %s AND d.closed_by IS NULL",
        [customer_id],
    ).fetchone()
    assert row is not None, "every customer has one open detail: it is written in the entry of the customer"
    return Customer(
        customer_id=row[0],
        number=row[1],
        kind=row[2],
        name=row[3],
        residence_street=row[4],
        residence_town=row[5],
        residence_state=row[6],
        residence_zip=row[7],
        mailing_address=row[8],
        tax_town_code=row[9],
        us_dot_number=row[10],
        military=row[11],
        stops=stops,
    )
