"""Registrations on the book: opened with a plate and a term, closed by what comes after."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection, one
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import CustomerOnFile


def close_open_registration(connection: Connection, *, vin: str, entry_id: UUID) -> None:
    """Close the vehicle's open registration, if it has one: the vehicle is somebody else's now."""
    connection.execute(
        "UPDATE book.registration SET closed_by = %s WHERE vin = %s AND closed_by IS NULL", (entry_id, vin)
    )


def write_registration(
    connection: Connection,
    *,
    registration_id: UUID,
    entry_id: UUID,
    actor: Actor,
    deal: Deal,
    vin: str,
    plate_number: str,
    expires_on: date,
    fee_cents: int,
    tax_town_code: str,
    owners: Sequence[CustomerOnFile],
) -> None:
    """Open a registration with its owners; the database refuses a second one for the vehicle or the plate."""
    sought = deal.registration
    connection.execute(
        """INSERT INTO book.registration (id, vin, plate_number, plate_class, usage, declared_weight_pounds,
                                          tax_town_code, conjunction, effective_date, expires_on,
                                          registration_fee_cents, dealer_id, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            registration_id,
            vin,
            plate_number,
            sought.plate_class,
            sought.usage,
            deal.vehicle.declared_weight_pounds,
            tax_town_code,
            deal.conjunction,
            deal.issue_date,
            expires_on,
            fee_cents,
            actor.organisation_id,
            entry_id,
        ),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO book.registration_owner (registration_id, line, customer_id, name) VALUES (%s, %s, %s, %s)",
            [(registration_id, n, owner.customer_id, owner.name) for n, owner in enumerate(owners, 1)],
        )


def take_back_registration(
    connection: Connection, *, voided_entry: UUID, entry_id: UUID, from_day: date
) -> None:
    """Close the registration that a voided deal opened; one that it closed goes on from that day if it still runs."""
    connection.execute(
        "UPDATE book.registration SET closed_by = %s WHERE opened_by = %s AND closed_by IS NULL",
        (entry_id, voided_entry),
    )
    row = one(
        connection, "SELECT id, expires_on FROM book.registration WHERE closed_by = %s", (voided_entry,)
    )
    if row is None or row[1] <= from_day:
        return
    before, again = row[0], uuid4()
    connection.execute(
        """INSERT INTO book.registration (id, vin, plate_number, plate_class, usage, declared_weight_pounds,
                                          tax_town_code, conjunction, effective_date, expires_on,
                                          registration_fee_cents, dealer_id, opened_by)
           SELECT %s, vin, plate_number, plate_class, usage, declared_weight_pounds, tax_town_code, conjunction,
                  %s, expires_on, registration_fee_cents, dealer_id, %s
             FROM book.registration WHERE id = %s""",
        (again, from_day, entry_id, before),
    )
    connection.execute(
        """INSERT INTO book.registration_owner (registration_id, line, customer_id, name)
           SELECT %s, line, customer_id, name FROM book.registration_owner WHERE registration_id = %s""",
        (again, before),
    )
