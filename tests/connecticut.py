"""Connecticut's law as the tests read it, and deals to hold it against: plain, obviously made-up people."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from vinculum.state.law.deal import (
    Deal,
    DeclaredLien,
    DeclaredVehicle,
    OdometerDisclosure,
    OwnershipDocument,
    RegistrationSought,
    Sale,
    SaleItem,
    TradeIn,
)
from vinculum.state.law.tables import Tables
from vinculum.state.reference.jurisdiction import JurisdictionFiles, load_jurisdiction, tables_as_of

FOLDER = Path(__file__).resolve().parents[1] / "jurisdictions" / "ct"


@cache
def connecticut() -> JurisdictionFiles:
    """The files as they stand in the repository."""
    return load_jurisdiction(FOLDER)


def tables_of(day: date) -> Tables:
    """The tables of a day."""
    return tables_as_of(connecticut(), day)


def deal_of(given: dict[str, Any]) -> Deal:
    """A deal from the `given` of a worked example; what is not said is a plain car sold for 20,000.00."""
    said = dict(given)
    issued = said.pop("issued")
    ownership = said.pop("ownership")
    deal = Deal(
        vehicle=DeclaredVehicle(
            vin="1M8GDM9AXKP042788",
            model_year=said.pop("model_year"),
            make="FORD",
            vehicle_type=said.pop("vehicle", "passenger"),
            fuel=said.pop("fuel", "gasoline"),
            gvwr_pounds=said.pop("gvwr", None),
            declared_weight_pounds=said.pop("weight", None),
        ),
        owners=("C-EXAMPLE-1",),
        ownership=OwnershipDocument(
            kind=ownership, number="EXAMPLE-1", issue_date=issued, assigned_to=("EXAMPLE OWNER",)
        ),
        odometer=OdometerDisclosure(reading=12),
        sale=Sale(
            price=Decimal(said.pop("price", "20000.00")),
            items=tuple(
                SaleItem(kind=kind, amount=Decimal(amount)) for kind, amount in said.pop("extras", {}).items()
            ),
            trade_ins=tuple(
                TradeIn(
                    vin="1M8GDM9AXKP042788",
                    allowance=Decimal(trade["allowance"]),
                    titled_to_purchaser=trade.get("titled_to_purchaser", True),
                )
                for trade in said.pop("trade_ins", [])
            ),
            tax_treatment=said.pop("tax", "standard"),
        ),
        registration=RegistrationSought(
            plate_class=said.pop("plate", "passenger"),
            usage=said.pop("usage", "regular"),
            garaging_town="HARTFORD",
            circumstances=tuple(said.pop("circumstances", [])),
        ),
        issue_date=issued,
        liens=tuple(
            DeclaredLien(lienholder_code=f"L{number}", lien_date=issued)
            for number in range(said.pop("liens", 0))
        ),
    )
    assert not said, f"a case says what nobody reads: {sorted(said)}"
    return deal
