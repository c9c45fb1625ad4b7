"""The world in which a kill test begins: dealers with plates and money, customers, titles of another state."""

import dataclasses
import random
from datetime import UTC, datetime

import psycopg
from work_orders import Death, Prepared, Wish, WorkOrder

from both_systems import MODES, National
from lot import Lot, new_vin
from people import World
from program import issue_key
from vinculum.config.bootstrap import publish_jurisdiction
from vinculum.config.scratch import ScratchDatabases
from vinculum.national.transactions import admit_jurisdiction


def prepare(databases: ScratchDatabases, wish: Wish) -> Prepared:
    """Two dealers with means for all the work, and one whose money soon ends."""
    publish_jurisdiction(databases.addresses.state)
    world, national = World(databases), National(databases.national_url)
    now = datetime.now(UTC)
    with psycopg.connect(databases.national_url) as connection:
        for code, mode in MODES.items():
            admit_jurisdiction.run(code, mode=mode, at=now, connection=connection)
    funds = {"rich": f"{wish.registrations * 600}.00", "poor": "1500.00"}
    lots = [Lot(world, plates=25, funds=funds[means], at=now) for means in ("rich", "rich", "poor")]
    for lot in lots[:2]:
        for filled in range(50, wish.registrations * 6 // 10 + 50, 25):
            lot.fill_stock("passenger", filled)
    chance, vins = random.Random(wish.seed), set[str]()
    orders: list[list[WorkOrder]] = [[] for _ in range(wish.clerks)]
    poor_deals = max(6, wish.registrations // 20)
    for number in range(wish.registrations + poor_deals):
        lot = lots[number % 2] if number < wish.registrations else lots[2]
        order = _order(lot, national, chance, vins, wish, number)
        orders[number % wish.clerks].append(order)
    for mine in orders:
        chance.shuffle(mine)
    return Prepared(
        orders=tuple(tuple(mine) for mine in orders),
        deposited_cents={
            lot.dealer.organisation_id: int(funds["poor" if lot is lots[2] else "rich"].replace(".", ""))
            for lot in lots
        },
        keys={
            lot.dealer.organisation_id: issue_key(
                lot.dealer.manager, organisation_id=lot.dealer.organisation_id
            )
            for lot in lots
        },
        service_key=world.system().credential,
    )


def _order(
    lot: Lot, national: National, chance: random.Random, vins: set[str], wish: Wish, number: int
) -> WorkOrder:
    vin = new_vin()
    while vin in vins:
        vin = new_vin()
    vins.add(vin)
    if chance.random() < 0.2:
        title = f"NY{len(vins):06d}"
        national.title(jurisdiction="NY", vin=vin, number=title, at=lot.now)
        deal = lot.used_car(jurisdiction="NY", title_number=title, vin=vin)
    else:
        deal = lot.new_car()
        deal = dataclasses.replace(deal, vehicle=dataclasses.replace(deal.vehicle, vin=vin))
    dies: Death = ""
    if chance.random() * 100 < wish.dying_percent:
        dies = "before_commit" if number % 2 else "after_commit"
    return WorkOrder(
        actor=chance.choice((lot.dealer.clerk, lot.dealer.colleague)),
        deal=deal,
        voided=chance.random() < 0.15,
        asked_twice=chance.random() < 0.10,
        dies=dies,
    )
