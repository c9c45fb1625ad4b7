"""Deals from each of the three ownership documents, with the book and the exchange as the paper says."""

from uuid import uuid4

from both_systems import National
from lot import Lot, new_vin
from vinculum.state.law.deal import Deal


def deal_from(lot: Lot, national: National, paper: str) -> Deal:
    """A deal nothing is wrong with: new, titled here before, or titled in New York before."""
    if paper == "certificate_of_origin":
        return lot.new_car()
    vin, jurisdiction = new_vin(), "CT" if paper == "connecticut_title" else "NY"
    number = (
        str(20_000_000 + uuid4().int % 70_000_000) if jurisdiction == "CT" else f"T{uuid4().int % 10**9:09d}"
    )
    national.title(jurisdiction=jurisdiction, vin=vin, number=number)
    if jurisdiction == "CT":
        lot.convert_title(vin=vin, number=number, owner=lot.customer_number)
    return lot.used_car(jurisdiction=jurisdiction, title_number=number, vin=vin)
