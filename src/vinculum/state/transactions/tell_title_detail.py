"""The state answers the exchange's live question about one of its own titles, and keeps who asked (N-202)."""

from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from vinculum.access.database import Actor, Connection, acting, one
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import local_date
from vinculum.protocol.state_detail import LONGEST_TEXT, StateDetail, StateDetailRequest, TitleStatus
from vinculum.state.reference.publication import tables_in_force

ACT: Final = "tell_title_detail"
# Brands that leave a title which is not for the road.
_SALVAGED: Final = frozenset({"salvage", "end_of_life"})
# The exchange waits two seconds and no longer; nothing is to run on for an asker who has gone.
_PATIENCE: Final = "SET LOCAL statement_timeout = '1500ms'"
_READ: Final = """
SELECT t.closed_by IS NULL,
       coalesce((SELECT r.reading FROM book.odometer_reading AS r WHERE r.vin = t.vin AND r.closed_by IS NULL
                  ORDER BY r.read_on DESC, r.reading DESC LIMIT 1), t.odometer, 0),
       coalesce(d.body_style, ''), coalesce(d.colour, ''), d.gvwr_pounds,
       coalesce((SELECT l.lienholder_name FROM book.lien AS l WHERE l.title_id = t.id AND l.closed_by IS NULL
                  ORDER BY l.lien_date, l.id LIMIT 1), ''),
       ARRAY(SELECT b.code FROM book.brand AS b WHERE b.vin = t.vin AND b.closed_by IS NULL)
  FROM book.title AS t LEFT JOIN book.vehicle_detail AS d ON d.vin = t.vin AND d.closed_by IS NULL
 WHERE t.vin = %s AND t.number = %s ORDER BY t.closed_by IS NULL DESC LIMIT 1
"""


def run(request: StateDetailRequest, *, actor: Actor, at: datetime) -> StateDetail | None:
    """The detail of the title; None when this state has no such title of this vehicle. Kept either way.

    What is told has no owner and no address: the message has no place for one. The lien holder is the business on
    the approved list.
    """
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        connection.execute(_PATIENCE)
        row = one(connection, _READ, (request.vin, request.title_number))
        connection.execute(
            "INSERT INTO outbox.detail_told (id, message_id, origin, vin, title_number, told, asked_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                *(uuid4(), request.message_id, request.origin, request.vin, request.title_number),
                *(row is not None, at),
            ),
        )
        if row is None:
            return None
        is_open, odometer, body_style, colour, gross_weight, lien_holder, brands = row
        return StateDetail(
            message_id=request.message_id,
            sent_at=at,
            vin=request.vin,
            title_status=_status(connection, is_open=is_open, brands=brands, day=local_date(at)),
            odometer=odometer,
            odometer_unit="M",
            body_style=_plain(body_style),
            color=_plain(colour),
            gross_weight=gross_weight,
            lien_holder=_plain(lien_holder),
        )


def _status(connection: Connection, *, is_open: bool, brands: list[Any], day: date) -> TitleStatus:
    if not is_open:
        return "inactive"
    known = tables_in_force(connection, day).brands if brands else {}
    salvaged = any(code in known and known[code].category in _SALVAGED for code in brands)
    return "salvage" if salvaged else "active"


def _plain(text: str) -> str:
    """As the message takes it: capitals of the published alphabet, as long as fits."""
    return text.upper().encode("ascii", errors="replace").decode("ascii")[:LONGEST_TEXT]
