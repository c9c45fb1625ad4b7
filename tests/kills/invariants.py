"""What must hold of the book, the stock and the ledger at any moment at all: sentences, each with its query.

Asked as a reader whom no row is hidden from, of rows alone: nothing of the product's own code is trusted here
but the reckoning of the audit chain, which is independent of its writer.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from vinculum.access.audit import verify

# Each query lists the offenders; an empty answer is a kept promise.
PROMISES: dict[str, LiteralString] = {
    "all money together is zero": "SELECT sum(cents) FROM ledger.line HAVING coalesce(sum(cents), 0) <> 0",
    "every posting has two lines or more and balances": """
        SELECT t.id FROM ledger.transaction AS t LEFT JOIN ledger.line AS l ON l.transaction_id = t.id
         GROUP BY t.id HAVING coalesce(sum(l.cents), 1) <> 0 OR count(l.cents) < 2""",
    "every kept balance is the sum of its lines": """
        SELECT a.id FROM ledger.account AS a WHERE a.floor_cents IS NOT NULL AND a.balance_cents <>
          (SELECT coalesce(sum(l.cents), 0) FROM ledger.line AS l WHERE l.account_id = a.id)""",
    "no account is below its floor": "SELECT id FROM ledger.account WHERE balance_cents < floor_cents",
    "every statement runs on without a gap": """
        SELECT account_id, account_sequence FROM (
            SELECT l.*, row_number() OVER w AS place, lag(balance_after, 1, 0::bigint) OVER w AS before
              FROM ledger.line AS l WHERE account_sequence IS NOT NULL
            WINDOW w AS (PARTITION BY account_id ORDER BY account_sequence)) AS s
         WHERE s.account_sequence <> s.place OR s.balance_after - s.cents <> s.before""",
    "every processed application was charged once, and nobody else": """
        SELECT p.id, t.id FROM (SELECT * FROM work.application WHERE state IN ('processed', 'voided')) AS p
          FULL JOIN (SELECT * FROM ledger.transaction WHERE kind = 'registration_fees') AS t
            ON t.reference = p.id::text
         WHERE p.id IS NULL OR t.id IS NULL OR p.ledger_transaction_id <> t.id""",
    "every voided application was refunded once, and nobody else": """
        SELECT v.id, t.id FROM (SELECT * FROM work.application WHERE state = 'voided') AS v
          FULL JOIN (SELECT * FROM ledger.transaction WHERE kind = 'void_refund') AS t ON t.reference = v.id::text
         WHERE v.id IS NULL OR t.id IS NULL OR t.reverses <> v.ledger_transaction_id""",
    "every registration belongs to a processed application, and each of those to one": """
        SELECT r.id, p.id FROM book.registration AS r
          FULL JOIN (SELECT * FROM work.application WHERE registration_id IS NOT NULL) AS p
            ON p.registration_id = r.id
         WHERE r.id IS NULL OR p.id IS NULL OR r.opened_by <> p.entry_id OR r.vin <> p.vin
            OR (p.state = 'voided') <> (r.closed_by IS NOT NULL)""",
    "every open registration has its plate, and every assigned plate its registration": """
        SELECT r.id, p.number FROM (SELECT * FROM book.registration WHERE closed_by IS NULL) AS r
          FULL JOIN (SELECT * FROM stock.plate WHERE state = 'assigned') AS p ON p.registration_id = r.id
         WHERE r.id IS NULL OR p.number IS NULL OR p.number <> r.plate_number""",
    "the plate of a voided registration is called back": """
        SELECT r.plate_number FROM book.registration AS r JOIN stock.plate AS p ON p.number = r.plate_number
         WHERE r.closed_by IS NOT NULL AND p.state <> 'returned_void'""",
    "plates are taken in the order of the stock": """
        SELECT a.number FROM stock.plate AS a JOIN stock.plate AS t
            ON t.dealer_id = a.dealer_id AND t.plate_class = a.plate_class AND t.position > a.position
         WHERE a.state = 'available' AND t.state IN ('assigned', 'returned_void')""",
    "every registration entry was made for a processed application, every void for a voided one": """
        SELECT e.id, a.id FROM (SELECT * FROM book.entry WHERE kind IN ('registration', 'void')) AS e
          FULL JOIN (SELECT p.id, p.entry_id, 'registration' AS kind FROM work.application AS p
                      WHERE p.state IN ('processed', 'voided')
                     UNION ALL
                     SELECT v.id, v.entry_id, 'void' FROM work.application AS v WHERE v.state = 'voided') AS a
            ON a.kind = e.kind AND a.id = e.application_id
         WHERE e.id IS NULL OR a.id IS NULL OR (e.kind = 'registration' AND e.id <> a.entry_id)
            OR (e.kind = 'void' AND e.reverses <> a.entry_id)""",
    "every processed application has its title open, every voided one has it closed": """
        SELECT p.id, t.id FROM (SELECT * FROM work.application WHERE state IN ('processed', 'voided')) AS p
          FULL JOIN book.title AS t ON t.id = p.title_id
         WHERE p.id IS NULL OR t.id IS NULL OR t.opened_by <> p.entry_id
            OR (p.state = 'voided') <> (t.closed_by IS NOT NULL)""",
    "one title and one registration are open per vehicle": """
        SELECT vin FROM book.title WHERE closed_by IS NULL GROUP BY vin HAVING count(*) > 1
        UNION ALL
        SELECT vin FROM book.registration WHERE closed_by IS NULL GROUP BY vin HAVING count(*) > 1""",
    "the exchange is owed one message for a title, and one more for its void": """
        SELECT a.id FROM work.application AS a LEFT JOIN outbox.message AS m ON m.application_id = a.id
         GROUP BY a.id, a.state
        HAVING count(m.id) <> CASE a.state WHEN 'processed' THEN 1 WHEN 'voided' THEN 2 ELSE 0 END
            OR count(m.id) FILTER (WHERE m.kind = 'undo_title') <> CASE a.state WHEN 'voided' THEN 1 ELSE 0 END""",
    "every step of an application is on its record": """
        SELECT a.id FROM work.application AS a
          LEFT JOIN work.application_event AS e ON e.application_id = a.id AND e.version = a.version
         WHERE e.to_state IS DISTINCT FROM a.state""",
    "every kept key has its answer": "SELECT key FROM access.idempotency WHERE answer IS NULL",
    "every posting, entry and message is in the audit trail once": """
        WITH told AS (
            SELECT payload::jsonb ->> 'table' AS place, payload::jsonb -> 'after' ->> 'id' AS id FROM audit.event
             WHERE payload::jsonb ->> 'operation' = 'INSERT'),
        there AS (
            SELECT 'ledger.transaction' AS place, id::text FROM ledger.transaction
            UNION ALL SELECT 'book.entry', id::text FROM book.entry
            UNION ALL SELECT 'outbox.message', id::text FROM outbox.message)
        SELECT there.place, there.id FROM there LEFT JOIN told USING (place, id)
         GROUP BY 1, 2 HAVING count(told.id) <> 1""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state's database at one moment: the promises it breaks, and the answer under every key."""

    broken: tuple[str, ...]
    kept: dict[str, dict[str, Any]]


def look(url: str) -> Snapshot:
    """Check every promise and read every kept answer, all at the same moment."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        broken = [
            f"{promise}: {offenders[:3]}"
            for promise, query in PROMISES.items()
            if (offenders := connection.execute(query).fetchall())
        ]
        verdict = verify(connection)
        if not verdict.holds:
            broken.append(f"the audit trail holds: {verdict.faults[:3]}")
        kept = dict(connection.execute("SELECT key, answer FROM access.idempotency").fetchall())
    return Snapshot(broken=tuple(broken), kept=kept)


def lost_or_changed(snapshot: Snapshot, acknowledged: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Acknowledged answers that the database does not know, or knows otherwise.

    The acknowledgments are those that had been given before the snapshot was taken.
    """
    return [
        f"{'changed' if key in snapshot.kept else 'lost'}: {key}"
        for key, answers in acknowledged.items()
        if any(key not in snapshot.kept or _said(snapshot.kept[key]) != _said(answer) for answer in answers)
    ]


def _said(document: dict[str, Any]) -> dict[str, Any]:
    """What a document says, whichever door it was handed out at: the API adds sums and leaves details out."""
    if "receipt" in document:
        return {**document["receipt"], "quote": document["receipt"]["quote"]["lines"]}
    if "refusals" in document:
        return {"refusals": [{**refusal, "detail": {}} for refusal in document["refusals"]]}
    return document
