"""P-9: fee quotes per second on one core, beside the bare Decimal additions of the same lines."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from vinculum.state.law.assess_fees import assess_new_issue
from vinculum.state.law.deal import (
    Deal,
    DeclaredLien,
    DeclaredVehicle,
    OdometerDisclosure,
    OwnershipDocument,
    OwnershipKind,
    RegistrationSought,
    Sale,
    SaleItem,
    TradeIn,
)
from vinculum.state.reference.jurisdiction import load_jurisdiction, tables_as_of

GOAL_PER_SECOND = 5_000
ROUNDS = 7
QUOTES_PER_ROUND = 4_000
ISSUED = date(2026, 1, 2)
FOLDER = Path(__file__).resolve().parents[1] / "jurisdictions" / "ct"


def _deal(*, ownership: OwnershipKind, truck: bool, price: int) -> Deal:
    return Deal(
        vehicle=DeclaredVehicle(
            vin="1M8GDM9AXKP042788",
            model_year=2024,
            make="FORD",
            vehicle_type="truck" if truck else "passenger",
            gvwr_pounds=7_000 if truck else None,
            declared_weight_pounds=6_500 if truck else None,
        ),
        owners=("C-EXAMPLE-1",),
        ownership=OwnershipDocument(
            kind=ownership, number="EXAMPLE-1", issue_date=ISSUED, assigned_to=("EXAMPLE OWNER",)
        ),
        odometer=OdometerDisclosure(reading=12),
        sale=Sale(
            price=Decimal(price),
            items=(SaleItem(kind="conveyance_fee", amount=Decimal("599.00")),),
            trade_ins=(TradeIn(vin="1M8GDM9AXKP042788", allowance=Decimal("4000.00")),),
        ),
        registration=RegistrationSought(
            plate_class="combination" if truck else "passenger",
            usage="combination" if truck else "regular",
            garaging_town="HARTFORD",
        ),
        issue_date=ISSUED,
        liens=(DeclaredLien(lienholder_code="L1", lien_date=ISSUED),),
    )


def _per_second(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return QUOTES_PER_ROUND / (time.perf_counter() - started)


def measure() -> bool:
    """Quote and add in turns, print the medians and their ratio; true when the goal is held."""
    tables = tables_as_of(load_jurisdiction(FOLDER), ISSUED)
    kinds: Sequence[OwnershipKind] = ("certificate_of_origin", "connecticut_title", "out_of_state_title")
    deals = [
        _deal(ownership=kind, truck=truck, price=18_000 + 7_000 * number)
        for number, kind in enumerate(kinds)
        for truck in (False, True)
    ]
    amounts = [[line.amount for line in assess_new_issue(deal, tables=tables).lines] for deal in deals]

    def quotes() -> None:
        for number in range(QUOTES_PER_ROUND):
            assert assess_new_issue(deals[number % len(deals)], tables=tables).total > 0

    def additions() -> None:
        for number in range(QUOTES_PER_ROUND):
            assert sum(amounts[number % len(amounts)], Decimal("0.00")) > 0

    quoted, added = [], []
    for _ in range(ROUNDS):
        added.append(_per_second(additions))
        quoted.append(_per_second(quotes))
    rate, limit = statistics.median(quoted), statistics.median(added)
    held = rate >= GOAL_PER_SECOND
    print("P-9 fee quote, pure function, one core")
    print(
        f"  quotes            {rate:>12,.0f} /s   goal {GOAL_PER_SECOND:,} /s: {'held' if held else 'NOT HELD'}"
    )
    print(f"  bare additions    {limit:>12,.0f} /s   of the same lines, nothing decided")
    print(f"  ratio             {rate / limit:>12.3f}")
    return held


def main() -> int:
    """Exit code 0 when the goal is held."""
    return 0 if measure() else 1


if __name__ == "__main__":
    sys.exit(main())
