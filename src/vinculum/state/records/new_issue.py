"""A new issue as it stands in the book: the vehicle as described, its odometer and brands, title and registration."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection
from vinculum.decoding import DecodedVin
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.money import cents
from vinculum.state.law.assess_fees import requires_title
from vinculum.state.law.assess_registration import Assessment
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import CustomerOnFile, OnFile
from vinculum.state.law.tables import Tables
from vinculum.state.records.registrations import close_open_registration, write_registration
from vinculum.state.records.titles import IssuedTitle, close_open_title, next_title_number, write_title
from vinculum.state.records.vehicles import write_brand, write_odometer, write_vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedDeal:
    """The deal as it will be registered, what it was decided on, and the decision."""

    deal: Deal
    on_file: OnFile
    tables: Tables
    decoded: DecodedVin
    assessment: Assessment


def write_vehicle_and_title(
    connection: Connection, *, entry_id: UUID, decided: DecidedDeal, at: datetime
) -> IssuedTitle | None:
    """Vehicle, odometer, brands and, where the law asks for one, the title with its liens."""
    deal, vin = decided.deal, decided.deal.vehicle.vin
    write_vehicle(
        connection,
        entry_id=entry_id,
        vin=vin,
        vehicle=deal.vehicle,
        decoded={"messages": decided.decoded.messages, **decided.decoded.description._asdict()},
    )
    write_odometer(connection, entry_id=entry_id, vin=vin, odometer=deal.odometer, read_on=deal.issue_date)
    for brand in decided.assessment.brands_carried:
        write_brand(
            connection,
            entry_id=entry_id,
            vin=vin,
            code=brand.code,
            brander=brand.brander,
            brand_date=brand.brand_date,
        )
    close_open_title(connection, vin=vin, entry_id=entry_id)
    if not requires_title(deal, tables=decided.tables):
        return None
    return write_title(
        connection,
        entry_id=entry_id,
        deal=deal,
        vin=vin,
        number=next_title_number(connection),
        issue_date=local_date(at),
        owners=_owners(decided),
        lienholders=decided.on_file.lienholders,
        legends=deal.ownership.legends,
    )


def open_registration(
    connection: Connection, *, entry_id: UUID, decided: DecidedDeal, plate_number: str, actor: Actor
) -> UUID:
    """The registration under the plate, in the place of whichever the vehicle had."""
    deal, quote, expires_on = decided.deal, decided.assessment.quote, decided.assessment.expires_on
    assert quote is not None, "An assessment without refusals has its quote."
    assert expires_on is not None, "An assessment without refusals has its expiry."
    town = decided.tables.tax_town_of(deal.registration.garaging_town)
    assert town is not None, "tax_town_unknown would have been a refusal."
    registration_id = uuid4()
    close_open_registration(connection, vin=deal.vehicle.vin, entry_id=entry_id)
    write_registration(
        connection,
        registration_id=registration_id,
        entry_id=entry_id,
        actor=actor,
        deal=deal,
        vin=deal.vehicle.vin,
        plate_number=plate_number,
        expires_on=expires_on,
        fee_cents=sum(cents(line.amount) for line in quote.lines if line.code == "registration"),
        tax_town_code=town.code,
        owners=_owners(decided),
    )
    return registration_id


def _owners(decided: DecidedDeal) -> tuple[CustomerOnFile, ...]:
    return tuple(owner for owner in decided.on_file.owners if owner is not None)
