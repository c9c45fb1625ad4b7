"""What is on record of vehicles once a change is carried out: what their rows will say, without reading them again.

The records of a file are decided against this, each seeing what the ones before it did (N-501). The differential
test holds it against what the database says after messages on line.
"""

import dataclasses
from collections.abc import MutableMapping
from dataclasses import dataclass
from uuid import UUID

from vinculum.national.law.change import Change, PointerWrite
from vinculum.national.law.newest_first import (
    brands_in_order,
    history_in_order,
    pointers_in_order,
    thefts_in_order,
)
from vinculum.national.law.title import Brand, Pointer, Theft, VehicleRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is on record of a vehicle, and the brands on its shelf: once applied, since taken back."""

    record: VehicleRecord
    shelf: tuple[Brand, ...] = ()


def carry_out(
    held: MutableMapping[str, Held], change: Change, *, vin: str, origin: str, entry_id: UUID
) -> None:
    """Carry the change out on the vehicles it touches; `vin`, origin and entry are those of its message."""
    assert change.undercover is None, "marks come on line only"
    assert change.undercover_lifted is None, "marks come on line only"
    for write in change.pointers:
        _set_pointer(held, write)
    for where in dict.fromkeys(where for where, _entry in change.entries):
        record = held[where].record
        new = (entry for at, entry in change.entries if at == where)
        history = history_in_order((*record.history, *new))
        _keep(held, where, dataclasses.replace(record, history=history))
    for withdrawal in change.brands_withdrawn:
        _shelve(held, withdrawal.vin, withdrawal.brand)
    for where, brand in change.brands:
        _apply_brand(held, where, brand)
    if change.stolen_on is not None:
        record = held[vin].record
        theft = Theft(report_id=entry_id, reported_by=origin, stolen_on=change.stolen_on)
        _keep(held, vin, dataclasses.replace(record, thefts=thefts_in_order((*record.thefts, theft))))
    if change.theft_cleared is not None:
        record = held[vin].record
        open_still = tuple(one for one in record.thefts if one.report_id != change.theft_cleared)
        _keep(held, vin, dataclasses.replace(record, thefts=open_still))


def _set_pointer(held: MutableMapping[str, Held], write: PointerWrite) -> None:
    record = held[write.vin].record
    rest = tuple(pointer for pointer in record.pointers if pointer.number != write.number)
    if write.title is not None:
        rest = pointers_in_order((*rest, Pointer(number=write.number, title=write.title)))
    _keep(held, write.vin, dataclasses.replace(record, pointers=rest))


def _shelve(held: MutableMapping[str, Held], vin: str, gone: Brand) -> None:
    before = held[vin]
    standing = tuple(brand for brand in before.record.brands if brand.key != gone.key)
    record = dataclasses.replace(before.record, brands=standing)
    held[vin] = Held(record=record, shelf=(*before.shelf, gone))


def _apply_brand(held: MutableMapping[str, Held], vin: str, brand: Brand) -> None:
    """A brand that stands already stays as it is; one on the shelf stands again as it was first applied."""
    before = held[vin]
    if any(standing.key == brand.key for standing in before.record.brands):
        return
    again = next((shelved for shelved in before.shelf if shelved.key == brand.key), brand)
    record = dataclasses.replace(before.record, brands=brands_in_order((*before.record.brands, again)))
    held[vin] = Held(record=record, shelf=tuple(one for one in before.shelf if one.key != brand.key))


def _keep(held: MutableMapping[str, Held], vin: str, record: VehicleRecord) -> None:
    held[vin] = Held(record=record, shelf=held[vin].shelf)
