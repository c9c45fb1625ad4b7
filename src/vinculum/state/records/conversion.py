"""Records of the older system as they come onto the book: titles, registrations and brands with their own dates.

Each keeps the legal day it had: the title of 2015 is on the book as of 2015, though it was recorded today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from vinculum.access.database import Connection, one
from vinculum.state.law.deal import OdometerBrand, PlateClass, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedOwner:
    """An owner: the customer, and the name as it stands printed."""

    customer_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedLien:
    """A lien noted on a converted title."""

    lienholder_code: str
    lienholder_name: str
    lien_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedTitle:
    """A title of the older system. Under 20,000,000 (D-702) owners, conjunction and liens may be incomplete."""

    number: str
    issue_date: date
    conjunction: str | None = None
    odometer: int | None = None
    odometer_brand: OdometerBrand | None = None
    previous_jurisdiction: str = ""
    previous_number: str = ""
    legends: tuple[str, ...] = ()
    liens: tuple[ConvertedLien, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedRegistration:
    """A registration of the older system."""

    plate_number: str
    plate_class: PlateClass
    usage: Usage
    tax_town_code: str
    effective_date: date
    expires_on: date
    fee_cents: int
    declared_weight_pounds: int | None = None
    conjunction: str | None = None


def load_owner_names(connection: Connection, numbers: Sequence[str]) -> dict[str, ConvertedOwner]:
    """The customers of these numbers, with their names as kept now."""
    rows = connection.execute(
        """SELECT c.number, c.id, d.name FROM book.customer AS c
             JOIN book.customer_detail AS d ON d.customer_id = c.id AND d.closed_by IS NULL
            WHERE c.number = ANY (%s)""",
        (list(numbers),),
    )
    return {number: ConvertedOwner(customer_id=customer_id, name=name) for number, customer_id, name in rows}


def stands_open(connection: Connection, *, vin: str) -> bool:
    """Whether the vehicle has an open title or registration."""
    row = one(
        connection,
        """SELECT EXISTS (SELECT 1 FROM book.title WHERE vin = %(vin)s AND closed_by IS NULL)
               OR EXISTS (SELECT 1 FROM book.registration WHERE vin = %(vin)s AND closed_by IS NULL)""",
        {"vin": vin},
    )
    return bool(row and row[0])


def number_stands_open(connection: Connection, *, title_number: str = "", plate_number: str = "") -> bool:
    """Whether the title or plate number is open for some vehicle."""
    row = one(
        connection,
        """SELECT EXISTS (SELECT 1 FROM book.title WHERE number = %s AND closed_by IS NULL)
               OR EXISTS (SELECT 1 FROM book.registration WHERE plate_number = %s AND closed_by IS NULL)""",
        (title_number, plate_number),
    )
    return bool(row and row[0])


def write_converted_title(
    connection: Connection,
    *,
    entry_id: UUID,
    vin: str,
    title: ConvertedTitle,
    owners: Sequence[ConvertedOwner],
) -> UUID:
    """Open the title as it stood, with owners, legends and liens."""
    title_id = uuid4()
    connection.execute(
        """INSERT INTO book.title (id, vin, number, issue_date, conjunction, odometer, odometer_brand,
                                   previous_jurisdiction, previous_number, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            title_id,
            vin,
            title.number,
            title.issue_date,
            title.conjunction,
            title.odometer,
            title.odometer_brand,
            title.previous_jurisdiction,
            title.previous_number,
            entry_id,
        ),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO book.title_owner (title_id, line, customer_id, name) VALUES (%s, %s, %s, %s)",
            [(title_id, line, owner.customer_id, owner.name) for line, owner in enumerate(owners, 1)],
        )
        cursor.executemany(
            "INSERT INTO book.title_legend (title_id, legend) VALUES (%s, %s)",
            [(title_id, legend) for legend in dict.fromkeys(title.legends)],
        )
        cursor.executemany(
            """INSERT INTO book.lien (id, title_id, line, lienholder_code, lienholder_name, lien_date, opened_by)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            [
                (
                    uuid4(),
                    title_id,
                    line,
                    lien.lienholder_code,
                    lien.lienholder_name,
                    lien.lien_date,
                    entry_id,
                )
                for line, lien in enumerate(title.liens, 1)
            ],
        )
    return title_id


def write_converted_registration(
    connection: Connection,
    *,
    entry_id: UUID,
    vin: str,
    registration: ConvertedRegistration,
    owners: Sequence[ConvertedOwner],
) -> UUID:
    """Open the registration as it stood, with its owners; no dealer of this system issued it."""
    registration_id = uuid4()
    connection.execute(
        """INSERT INTO book.registration (id, vin, plate_number, plate_class, usage, declared_weight_pounds,
                                          tax_town_code, conjunction, effective_date, expires_on,
                                          registration_fee_cents, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            registration_id,
            vin,
            registration.plate_number,
            registration.plate_class,
            registration.usage,
            registration.declared_weight_pounds,
            registration.tax_town_code,
            registration.conjunction,
            registration.effective_date,
            registration.expires_on,
            registration.fee_cents,
            entry_id,
        ),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO book.registration_owner (registration_id, line, customer_id, name)"
            " VALUES (%s, %s, %s, %s)",
            [(registration_id, line, owner.customer_id, owner.name) for line, owner in enumerate(owners, 1)],
        )
    return registration_id
