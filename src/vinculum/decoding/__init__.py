"""What a manufacturer meant by the characters of a VIN: make, model, year, body, engine, weight class, plant.

A decode is evidence beside what was declared, never a verdict: both are kept, and disagreement is shown.
"""

from vinculum.decoding.decoder import (
    DecodedVin,
    VehicleDescription,
    VinDecoder,
    data_identity,
    decode_vin,
    decode_vins,
    deepest_position,
)
from vinculum.decoding.evidence import Disagreement, compare_declared
from vinculum.decoding.makes import Make, MakeList, MakeListError, load_makes, shipped_makes

__all__ = [
    "DecodedVin",
    "Disagreement",
    "Make",
    "MakeList",
    "MakeListError",
    "VehicleDescription",
    "VinDecoder",
    "compare_declared",
    "data_identity",
    "decode_vin",
    "decode_vins",
    "deepest_position",
    "load_makes",
    "shipped_makes",
]
