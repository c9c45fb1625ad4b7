"""What tests do at a dealer's desk: process a deal, let what is owed be delivered, look at the book."""

import dataclasses
from datetime import timedelta

from both_systems import National
from lot import Lot, key
from vinculum.access.database import acting
from vinculum.state.law.deal import Deal
from vinculum.state.outbox.deliver import deliver_all_due
from vinculum.state.transactions import register_vehicle
from vinculum.state.transactions.register_vehicle import Receipt, Request


def process(lot: Lot, deal: Deal, national: National, **changes: object) -> Receipt:
    request = Request(deal=deal, idempotency_key=key())
    return register_vehicle.run(
        dataclasses.replace(request, **changes),  # type: ignore[arg-type]
        actor=lot.clerk,
        at=lot.now,
        exchange=national.port,
    )


def deliver(lot: Lot, national: National) -> None:
    deliver_all_due(actor=lot.world.system(), exchange=national.port, at=lot.now + timedelta(seconds=1))


def seen(lot: Lot, query: str, *parameters: object) -> list[tuple[object, ...]]:
    """Rows as an examiner at the counter sees them, in an act that may see owners."""
    with acting(lot.world.examiner(), act="register_vehicle") as connection:
        return connection.execute(query, parameters).fetchall()  # type: ignore[arg-type]
