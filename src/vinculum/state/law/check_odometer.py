"""The odometer statement: whole miles, never lower than known without saying why (D-413)."""

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import OnFile

# With one of these the disclosure itself says that the reading is not to be taken as the mileage.
_EXPLAINS_A_LOWER_READING = frozenset({"not_actual", "exceeds_mechanical_limits", "exempt"})


def check_odometer(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-413: a reading lower than the last known needs an odometer brand or a correction."""
    reading = deal.odometer.reading
    if reading < 0:
        return (refuse("odometer_impossible", field="odometer.reading", reading=reading),)
    if deal.odometer.brand in _EXPLAINS_A_LOWER_READING:
        return ()
    known = [
        (miles, where)
        for miles, where in (
            (on_file.vehicle.last_odometer, _recorded(on_file)),
            (on_file.exchange.last_odometer, "as the national exchange has it"),
        )
        if miles is not None and reading < miles
    ]
    if not known:
        return ()
    last, where = max(known)
    return (
        refuse(
            "odometer_lower_than_last_known",
            field="odometer.reading",
            reading=f"{reading:,}",
            last=f"{last:,}",
            known=where,
        ),
    )


def check_odometer_text(text: str) -> tuple[Refusal, ...]:
    """D-413: what was typed is whole miles; tenths are refused rather than cut off or, worse, run together."""
    typed = text.strip().replace(",", "")
    whole, point, tenths = typed.partition(".")
    if point and whole.isascii() and whole.isdigit() and (not tenths or tenths.isdigit()):
        return (refuse("odometer_tenths", field="odometer.reading", reading=text.strip(), whole=whole),)
    if not (typed.isascii() and typed.isdigit()):
        return (refuse("odometer_impossible", field="odometer.reading", reading=text.strip() or "(empty)"),)
    return ()


def _recorded(on_file: OnFile) -> str:
    day = on_file.vehicle.last_odometer_on
    return f"recorded {day}" if day is not None else "as recorded before"
