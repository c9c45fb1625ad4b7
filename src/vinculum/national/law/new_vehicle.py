"""A vehicle with a certificate of origin, held against the exchange and its maker's pattern (N-203)."""

from collections.abc import Iterator

from vinculum.national.law.title import VehicleRecord
from vinculum.protocol.inquiry import DecodedVehicle, NewVehicleInquiry
from vinculum.protocol.problem import Problem, problem


def check_new_vehicle(
    message: NewVehicleInquiry, *, record: VehicleRecord, decoded: DecodedVehicle
) -> Iterator[Problem]:
    """Any current title is a discrepancy; so is what the certificate says otherwise than the maker's pattern."""
    for held in sorted({pointer.title.jurisdiction for pointer in record.pointers}):
        yield problem("V42", field="vin", held=held)
    if message.make_name and decoded.make and message.make_name.upper() != decoded.make.upper():
        yield problem("V91", field="make_name", held=decoded.make, given=message.make_name)
    if message.model_year and decoded.model_year and message.model_year != decoded.model_year:
        yield problem("V91", field="model_year", held=str(decoded.model_year), given=str(message.model_year))
    for doubt in decoded.doubts:
        yield problem("V92", field="vin", why=doubt)
