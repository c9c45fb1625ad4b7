"""The law asked about a record of a file: the very functions that answer the message when it comes on line."""

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from vinculum.national.law import add_title, brands, correct_brand, theft
from vinculum.national.law.change import Decision
from vinculum.national.law.change_title import decide_modification
from vinculum.national.law.check_title import is_in_the_future
from vinculum.national.law.makes import correct_make
from vinculum.national.law.title import VehicleRecord
from vinculum.national.law.withdraw_title import decide_removal
from vinculum.national.records.roster import Roster
from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.correct_brand import CorrectBrand, RemoveBrand
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.theft import ClearTheft, ReportTheft

BatchMessage = (
    AddTitle | ModifyTitle | RemoveTitle | AddBrand | CorrectBrand | RemoveBrand | ReportTheft | ClearTheft
)


def decide(
    message: BatchMessage,
    *,
    record: VehicleRecord,
    corrected: VehicleRecord | None,
    roster: Roster,
    entry_id: UUID,
    at: datetime,
) -> Decision:
    """What becomes of the message. `corrected` is the record of the new VIN, if the message names one."""
    match message:
        case AddTitle():
            return add_title.decide(message, record=record, entry_id=entry_id, at=at)
        case ModifyTitle():
            return decide_modification(message, record=record, corrected=corrected, entry_id=entry_id, at=at)
        case RemoveTitle():
            return decide_removal(message, record=record, entry_id=entry_id, at=at)
        case AddBrand() | CorrectBrand() | RemoveBrand():
            return _decide_brand(message, record=record, roster=roster, at=at)
        case ReportTheft():
            future = is_in_the_future(message.stolen_on, at=at)
            return theft.decide_report(message, record=record, future=future)
        case ClearTheft():
            future = is_in_the_future(message.recovered_on, at=at)
            return theft.decide_clearing(message, record=record, future=future)
        case _:
            assert_never(message)


def _decide_brand(
    message: AddBrand | CorrectBrand | RemoveBrand, *, record: VehicleRecord, roster: Roster, at: datetime
) -> Decision:
    if isinstance(message, RemoveBrand):
        return correct_brand.decide_removal(message, record=record)
    if isinstance(message, CorrectBrand):
        day = message.new_brand_date
        future = day is not None and is_in_the_future(day, at=at)
        return correct_brand.decide_correction(message, record=record, standard=roster.brands, future=future)
    make, corrections = correct_make(message.make, vin=message.vin)
    return brands.decide(
        message,
        record=record,
        standard=roster.brands,
        future=is_in_the_future(message.brand_date, at=at),
        make=make,
        warnings=corrections,
    )


def corrected_vin(message: Any) -> str | None:
    """The other VIN that the message touches."""
    new_vin: str | None = getattr(message, "new_vin", None)
    return None if new_vin == message.vin else new_vin
