"""An examiner finds a vehicle, a title, a plate or a customer in the book by its number, or a customer by name.

Numbers of vehicles, titles and plates are not personal and are shown at once. A customer's name is, and is
shown against a purpose record only.
"""

from dataclasses import dataclass
from typing import Literal

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.state.queries.find_customer import normalise
from vinculum.state.queries.purpose import record_purpose

ACT = "search_book"
MOST_HITS = 50
_SHORTEST_NAME = 2

HitKind = Literal["vehicle", "title", "registration", "customer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was typed; with a purpose and a case, customers are searched by number, identification and name too."""

    text: str
    purpose: str = ""
    case_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One find: `key` is the VIN, title number, plate or customer number; `vin` the vehicle it belongs to."""

    kind: HitKind
    key: str
    words: str
    open: bool
    vin: str = ""


def run(request: Request, *, actor: Actor) -> tuple[Hit, ...]:
    """Everything the text may mean, open records first."""
    require(actor, ACT)
    name = " ".join(request.text.split())
    mark = normalise(request.text)
    if not name:
        return ()
    hits: list[Hit] = []
    if mark:
        with acting(actor, act=ACT) as connection:
            hits += _numbers(connection, mark)
    if request.purpose and len(name) >= _SHORTEST_NAME:
        ticket = record_purpose(
            actor,
            act=ACT,
            purpose=request.purpose,
            case_reference=request.case_reference,
            subject=f"search {mark or name}",
        )
        with acting(actor, act=ACT, ticket=ticket) as connection:
            hits += _customers(connection, mark=mark, name=name)
    return tuple(sorted(hits, key=lambda hit: (not hit.open, hit.kind, hit.key))[:MOST_HITS])


def _numbers(connection: Connection, mark: str) -> list[Hit]:
    rows = connection.execute(
        """SELECT 'vehicle', v.vin, concat_ws(' ', d.model_year, d.make, d.model), true, v.vin
             FROM book.vehicle AS v LEFT JOIN book.vehicle_detail AS d ON d.vin = v.vin AND d.closed_by IS NULL
            WHERE v.vin = %(mark)s
           UNION ALL
           SELECT 'title', t.number, 'of ' || t.vin || ', issued ' || t.issue_date, t.closed_by IS NULL, t.vin
             FROM book.title AS t WHERE t.number = %(mark)s
           UNION ALL
           SELECT 'registration', r.plate_number,
                  r.plate_class || ', of ' || r.vin || ', expires ' || r.expires_on, r.closed_by IS NULL, r.vin
             FROM book.registration AS r WHERE r.plate_number = %(mark)s
            LIMIT %(most)s""",
        {"mark": mark, "most": MOST_HITS},
    )
    return [
        Hit(kind=kind, key=key, words=words, open=is_open, vin=vin) for kind, key, words, is_open, vin in rows
    ]


def _customers(connection: Connection, *, mark: str, name: str) -> list[Hit]:
    rows = connection.execute(
        """SELECT c.number, d.name || CASE WHEN d.residence_town <> '' THEN ', ' || d.residence_town ELSE '' END
             FROM book.customer AS c JOIN book.customer_detail AS d ON d.customer_id = c.id AND d.closed_by IS NULL
            WHERE c.id IN (SELECT id FROM book.customer WHERE number = %(mark)s
                           UNION SELECT customer_id FROM book.customer_identification
                                  WHERE number = %(mark)s AND closed_by IS NULL
                           UNION (SELECT customer_id FROM book.customer_detail
                                   WHERE upper(last_name) = upper(%(name)s) AND closed_by IS NULL
                                   ORDER BY residence_town LIMIT %(most)s))
            ORDER BY d.name, c.number LIMIT %(most)s""",
        {"mark": mark, "name": name, "most": MOST_HITS},
    )
    return [Hit(kind="customer", key=number, words=words, open=True) for number, words in rows]
