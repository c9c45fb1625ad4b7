"""The VIN as written, and what its characters say against what was declared (N-601, N-602)."""

from typing import Protocol

from vinculum.kernel.refusal import Refusal
from vinculum.kernel.vin import VinFaultKind, normalise_vin, vin_faults, vin_suggestions
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Deal, DeclaredVehicle
from vinculum.state.law.tables import Tables

_SHORT = frozenset({VinFaultKind.EMPTY, VinFaultKind.TOO_SHORT})


class DecodedEvidence(Protocol):
    """What the rules read of a decoded VIN; `make` is the decoder's name of it, not an NCIC code."""

    @property
    def check_digit_valid(self) -> bool: ...

    @property
    def model_year(self) -> int | None: ...

    @property
    def messages(self) -> tuple[str, ...]: ...


def check_vin(deal: Deal, *, tables: Tables) -> tuple[Refusal, ...]:
    """D-307, N-601: seventeen characters of the VIN alphabet; a failed check digit alone refuses nothing."""
    vin = normalise_vin(deal.vehicle.vin)
    least = tables.limit("vin_characters")
    refusals = []
    if len(vin) < least:
        refusals.append(
            refuse("vin_under_17", field="vehicle.vin", vin=vin or "(empty)", count=len(vin), least=least)
        )
    faults = [
        fault for fault in vin_faults(vin, model_year=deal.vehicle.model_year) if fault.kind not in _SHORT
    ]
    if faults:
        refusals.append(
            refuse("vin_characters", field="vehicle.vin", faults=" ".join(fault.message for fault in faults))
        )
    return tuple(refusals)


def vin_warnings(vehicle: DeclaredVehicle, *, decoded: DecodedEvidence | None) -> tuple[str, ...]:
    """N-601, N-602: a failed check digit with the VINs that may be meant, and a year that disagrees.

    Both are shown and neither refuses: manufacturers have built vehicles with a wrong check digit, and the
    paper may know better than the pattern. Makes are compared where the list of makes is (decoding).
    """
    if decoded is None:
        return ()
    vin = normalise_vin(vehicle.vin)
    warnings = []
    if not decoded.check_digit_valid and not vin_faults(vin, model_year=vehicle.model_year):
        meant = vin_suggestions(vin)
        near = f" Numbers near it that fit: {', '.join(meant[:3])}." if meant else ""
        warnings.append(
            "The check digit of the VIN does not fit; compare the VIN with the vehicle, character by "
            f"character (N-601).{near}"
        )
    if decoded.model_year is not None and decoded.model_year != vehicle.model_year:
        warnings.append(
            f"The VIN says model year {decoded.model_year}, the deal {vehicle.model_year}; both are kept "
            "(N-602)."
        )
    return tuple(warnings)
