"""Titles and liens on the book: issued, closed, and given back when a deal is voided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from vinculum.access.database import Connection, one
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import CustomerOnFile


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedTitle:
    """A title as it was just put on the book."""

    title_id: UUID
    number: str
    issue_date: date


def next_title_number(connection: Connection) -> str:
    """A number no title has had; a gap in the numbers means only that a deal did not come about."""
    row = one(connection, "SELECT nextval('book.title_number')")
    assert row is not None, "A sequence always answers."
    return str(row[0])


def close_open_title(connection: Connection, *, vin: str, entry_id: UUID) -> UUID | None:
    """Close the vehicle's open title and its liens; the id of the title, or None when there was none."""
    row = one(
        connection,
        "UPDATE book.title SET closed_by = %s WHERE vin = %s AND closed_by IS NULL RETURNING id",
        (entry_id, vin),
    )
    if row is None:
        return None
    connection.execute(
        "UPDATE book.lien SET closed_by = %s WHERE title_id = %s AND closed_by IS NULL", (entry_id, row[0])
    )
    title_id: UUID = row[0]
    return title_id


def write_title(
    connection: Connection,
    *,
    entry_id: UUID,
    deal: Deal,
    vin: str,
    number: str,
    issue_date: date,
    owners: Sequence[CustomerOnFile],
    lienholders: dict[str, str],
    legends: Sequence[str],
) -> IssuedTitle:
    """Open the title that a deal earns, with owners, liens, carried legends and the chain of reassignments."""
    title = IssuedTitle(title_id=uuid4(), number=number, issue_date=issue_date)
    paper = deal.ownership
    connection.execute(
        """INSERT INTO book.title (id, vin, number, issue_date, conjunction, odometer, odometer_brand,
                                   previous_jurisdiction, previous_number, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            title.title_id,
            vin,
            number,
            issue_date,
            deal.conjunction,
            deal.odometer.reading,
            deal.odometer.brand,
            paper.jurisdiction,
            "" if paper.kind == "certificate_of_origin" else paper.number,
            entry_id,
        ),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO book.title_owner (title_id, line, customer_id, name) VALUES (%s, %s, %s, %s)",
            [(title.title_id, n, owner.customer_id, owner.name) for n, owner in enumerate(owners, 1)],
        )
        if legends:
            cursor.executemany(
                "INSERT INTO book.title_legend (title_id, legend) VALUES (%s, %s)",
                [(title.title_id, legend) for legend in dict.fromkeys(legends)],
            )
        if deal.liens:
            cursor.executemany(
                """INSERT INTO book.lien (id, title_id, line, lienholder_code, lienholder_name, lien_date, opened_by)
                   VALUES (%s, %s, %s, %s, %s, %s, %s)""",
                [
                    (
                        uuid4(),
                        title.title_id,
                        n,
                        lien.lienholder_code,
                        lienholders[lien.lienholder_code],
                        lien.lien_date,
                        entry_id,
                    )
                    for n, lien in enumerate(deal.liens, 1)
                ],
            )
        if paper.reassignments:
            cursor.executemany(
                """INSERT INTO book.reassignment (title_id, line, dealer_name, assigned_on, document_number)
                   VALUES (%s, %s, %s, %s, %s)""",
                [
                    (title.title_id, n, step.dealer_name, step.assigned_on, step.document_number)
                    for n, step in enumerate(paper.reassignments, 1)
                ],
            )
    return title


def take_back_title(connection: Connection, *, voided_entry: UUID, entry_id: UUID) -> None:
    """Close the title that a voided deal opened, and give back the one that it closed, liens and all."""
    connection.execute(
        """UPDATE book.lien SET closed_by = %s WHERE closed_by IS NULL
            AND title_id IN (SELECT id FROM book.title WHERE opened_by = %s)""",
        (entry_id, voided_entry),
    )
    connection.execute(
        "UPDATE book.title SET closed_by = %s WHERE opened_by = %s AND closed_by IS NULL",
        (entry_id, voided_entry),
    )
    row = one(connection, "SELECT id FROM book.title WHERE closed_by = %s", (voided_entry,))
    if row is None:
        return
    before, again = row[0], uuid4()
    connection.execute(
        """INSERT INTO book.title (id, vin, number, issue_date, conjunction, odometer, odometer_brand,
                                   previous_jurisdiction, previous_number, restores, opened_by)
           SELECT %s, vin, number, issue_date, conjunction, odometer, odometer_brand, previous_jurisdiction,
                  previous_number, id, %s FROM book.title WHERE id = %s""",
        (again, entry_id, before),
    )
    connection.execute(
        """INSERT INTO book.title_owner (title_id, line, customer_id, name)
           SELECT %s, line, customer_id, name FROM book.title_owner WHERE title_id = %s""",
        (again, before),
    )
    connection.execute(
        """INSERT INTO book.title_legend (title_id, legend)
           SELECT %s, legend FROM book.title_legend WHERE title_id = %s""",
        (again, before),
    )
    connection.execute(
        """INSERT INTO book.reassignment (title_id, line, dealer_name, assigned_on, document_number)
           SELECT %s, line, dealer_name, assigned_on, document_number FROM book.reassignment WHERE title_id = %s""",
        (again, before),
    )
    connection.execute(
        """INSERT INTO book.lien (id, title_id, line, lienholder_code, lienholder_name, lien_date, opened_by)
           SELECT gen_random_uuid(), %s, line, lienholder_code, lienholder_name, lien_date, %s
             FROM book.lien WHERE title_id = %s AND closed_by = %s""",
        (again, entry_id, before, voided_entry),
    )
