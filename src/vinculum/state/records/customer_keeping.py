"""Writing customers: a record is opened once, its details and identifications are closed and opened anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from vinculum.access.database import Connection, one
from vinculum.state.law.on_file import CustomerKind

IdentificationKind = Literal[
    "ct_licence",
    "ct_non_driver_id",
    "ct_learner_permit",
    "ct_adult_learner_permit",
    "fein",
    "us_dot",
    "oos_licence",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """A number on a document that proves who the customer is."""

    kind: IdentificationKind
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerParticulars:
    """What is kept of a customer; `name` is the full name as it prints on a title."""

    kind: CustomerKind
    name: str
    last_name: str
    date_of_birth: date | None = None
    residence_street: str = ""
    residence_town: str = ""
    residence_state: str = ""
    residence_zip: str = ""
    mailing_address: str = ""
    tax_town_code: str = ""
    us_dot_number: str = ""
    military: bool = False


def next_customer_number(connection: Connection) -> str:
    """A number no customer has had."""
    row = one(connection, "SELECT nextval('book.customer_number')")
    assert row is not None, "A sequence always answers."
    return str(row[0])


def customer_of_number(connection: Connection, number: str) -> tuple[UUID, str] | None:
    """Id and kind of the customer with this number."""
    row = one(connection, "SELECT id, kind FROM book.customer WHERE number = %s", (number,))
    return (row[0], row[1]) if row else None


def open_customer(connection: Connection, *, entry_id: UUID, number: str, kind: CustomerKind) -> UUID:
    """Open a customer record; its number is never given out again."""
    customer_id = uuid4()
    connection.execute(
        "INSERT INTO book.customer (id, number, kind, opened_by) VALUES (%s, %s, %s, %s)",
        (customer_id, number, kind, entry_id),
    )
    return customer_id


def write_particulars(
    connection: Connection, *, entry_id: UUID, customer_id: UUID, particulars: CustomerParticulars
) -> None:
    """Keep these particulars from now on; what was kept before is closed."""
    connection.execute(
        "UPDATE book.customer_detail SET closed_by = %s WHERE customer_id = %s AND closed_by IS NULL",
        (entry_id, customer_id),
    )
    connection.execute(
        """INSERT INTO book.customer_detail (id, customer_id, name, last_name, date_of_birth, residence_street,
                                             residence_town, residence_state, residence_zip, mailing_address,
                                             tax_town_code, us_dot_number, military, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            uuid4(),
            customer_id,
            particulars.name,
            particulars.last_name,
            particulars.date_of_birth,
            particulars.residence_street,
            particulars.residence_town,
            particulars.residence_state,
            particulars.residence_zip,
            particulars.mailing_address,
            particulars.tax_town_code,
            particulars.us_dot_number,
            particulars.military,
            entry_id,
        ),
    )


def write_identifications(
    connection: Connection, *, entry_id: UUID, customer_id: UUID, identifications: Sequence[Identification]
) -> None:
    """Keep exactly these identifications: new ones are opened, those no longer named are closed."""
    kept = {
        (kind, number)
        for kind, number in connection.execute(
            "SELECT kind, number FROM book.customer_identification WHERE customer_id = %s AND closed_by IS NULL",
            (customer_id,),
        )
    }
    wanted = dict.fromkeys((identification.kind, identification.number) for identification in identifications)
    for kind, number in kept - set(wanted):
        connection.execute(
            "UPDATE book.customer_identification SET closed_by = %s"
            " WHERE customer_id = %s AND kind = %s AND number = %s AND closed_by IS NULL",
            (entry_id, customer_id, kind, number),
        )
    for kind, number in wanted:
        if (kind, number) not in kept:
            connection.execute(
                "INSERT INTO book.customer_identification (id, customer_id, kind, number, opened_by)"
                " VALUES (%s, %s, %s, %s, %s)",
                (uuid4(), customer_id, kind, number, entry_id),
            )
