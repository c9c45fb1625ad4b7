"""The facts of the book about vehicles, titles and customers, read whole: open and closed."""

from uuid import UUID

from vinculum.access.database import Connection
from vinculum.state.queries.story import StoryFact, recorded_fact


def vehicle_facts(connection: Connection, vin: str) -> list[StoryFact]:
    """Everything the book ever said about a VIN."""
    facts = []
    for kind, words, query in (
        (
            "description",
            "description {model_year} {make} {model}",
            "SELECT to_jsonb(d) FROM book.vehicle_detail AS d WHERE d.vin = %s",
        ),
        (
            "odometer",
            "odometer {reading} miles",
            "SELECT to_jsonb(r) FROM book.odometer_reading AS r WHERE r.vin = %s ORDER BY r.read_on",
        ),
        (
            "brand",
            "brand {code} by {brander}",
            "SELECT to_jsonb(b) FROM book.brand AS b WHERE b.vin = %s ORDER BY b.brand_date, b.code",
        ),
    ):
        for (row,) in connection.execute(query, [vin]):
            facts.append(recorded_fact(kind, words.format_map(row), row))
    titles = connection.execute(
        "SELECT id FROM book.title WHERE vin = %s ORDER BY issue_date", [vin]
    ).fetchall()
    return facts + _titles(connection, [row[0] for row in titles]) + _registrations(connection, vin)


def title_facts(connection: Connection, number: str) -> list[StoryFact]:
    """Everything the book ever said about the titles of a number: a restored title has a second row."""
    rows = connection.execute("SELECT id FROM book.title WHERE number = %s ORDER BY issue_date", [number])
    return _titles(connection, [row[0] for row in rows])


def customer_facts(connection: Connection, customer_id: UUID) -> list[StoryFact]:
    """Everything the book ever said about a customer, and the titles and registrations held."""
    facts = []
    for kind, words, query in (
        (
            "particulars",
            "particulars of {name}",
            "SELECT to_jsonb(d) FROM book.customer_detail AS d WHERE d.customer_id = %s",
        ),
        (
            "identification",
            "identification {kind} {number}",
            "SELECT to_jsonb(i) FROM book.customer_identification AS i WHERE i.customer_id = %s ORDER BY i.kind",
        ),
        (
            "stop",
            "stop {kind} {town_name}",
            "SELECT to_jsonb(s) FROM book.customer_stop AS s WHERE s.customer_id = %s ORDER BY s.since",
        ),
        (
            "title",
            "title {number}",
            "SELECT to_jsonb(t) || jsonb_build_object('vehicle', t.vin) FROM book.title_owner AS o"
            " JOIN book.title AS t ON t.id = o.title_id WHERE o.customer_id = %s ORDER BY t.issue_date",
        ),
        (
            "registration",
            "registration {plate_number}",
            "SELECT to_jsonb(r) || jsonb_build_object('vehicle', r.vin) FROM book.registration_owner AS o"
            " JOIN book.registration AS r ON r.id = o.registration_id WHERE o.customer_id = %s"
            " ORDER BY r.effective_date",
        ),
    ):
        for (row,) in connection.execute(query, [customer_id]):
            facts.append(recorded_fact(kind, words.format_map(row).strip().replace("_", " "), row))
    return facts


def _titles(connection: Connection, title_ids: list[UUID]) -> list[StoryFact]:
    facts = []
    for (row,) in connection.execute(
        """SELECT to_jsonb(t) || jsonb_build_object(
                  'vehicle', t.vin,
                  'owners', (SELECT string_agg(o.name, '; ' ORDER BY o.line) FROM book.title_owner AS o
                              WHERE o.title_id = t.id),
                  'legends', (SELECT string_agg(l.legend, '; ' ORDER BY l.legend) FROM book.title_legend AS l
                               WHERE l.title_id = t.id),
                  'reassignments', (SELECT string_agg(concat_ws(' ', a.dealer_name, a.assigned_on, a.document_number),
                                                      '; ' ORDER BY a.line)
                                      FROM book.reassignment AS a WHERE a.title_id = t.id))
             FROM book.title AS t WHERE t.id = ANY (%s) ORDER BY t.issue_date""",
        [title_ids],
    ):
        facts.append(recorded_fact("title", f"title {row['number']}", row))
    for (row,) in connection.execute(
        "SELECT to_jsonb(n) FROM book.lien AS n WHERE n.title_id = ANY (%s) ORDER BY n.title_id, n.line",
        [title_ids],
    ):
        facts.append(recorded_fact("lien", f"lien of {row['lienholder_name']}", row))
    return facts


def _registrations(connection: Connection, vin: str) -> list[StoryFact]:
    return [
        recorded_fact("registration", f"registration {row['plate_number']}", row)
        for (row,) in connection.execute(
            """SELECT to_jsonb(r) || jsonb_build_object('owners',
                      (SELECT string_agg(o.name, '; ' ORDER BY o.line) FROM book.registration_owner AS o
                        WHERE o.registration_id = r.id))
                 FROM book.registration AS r WHERE r.vin = %s ORDER BY r.effective_date""",
            [vin],
        )
    ]
