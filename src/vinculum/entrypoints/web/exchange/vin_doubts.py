"""What makes it likely that a VIN was mistyped, said before anybody acts on it; no fault by itself (N-601)."""

from vinculum.kernel.vin import CHECK_DIGIT_INDEX, VIN_LENGTH, check_digit


def doubt(vin: str) -> str:
    """The sentence; nothing when there is no doubt. The VIN is one that was accepted as such."""
    if len(vin) < VIN_LENGTH:
        return f"The VIN {vin} has {len(vin)} characters. Vehicles made since 1981 have {VIN_LENGTH}."
    if len(vin) == VIN_LENGTH and check_digit(vin) != vin[CHECK_DIGIT_INDEX]:
        return f"The check digit of {vin} does not fit: most often one character is mistyped."
    return ""
