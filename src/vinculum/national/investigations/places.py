"""Where states lie, roughly: the middle of each, good for telling far from near and for nothing finer.

Jurisdictions that are not listed (Mexican states, islands, federal agencies) are never called far.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import acos, ceil, cos, radians, sin
from typing import Final

from vinculum.national.investigations.thresholds import FAR_MILES, ROAD_MILES_PER_DAY

_EARTH_RADIUS_MILES: Final = 3_959
# Latitude north and longitude west, in degrees.
MIDDLES: Final[dict[str, tuple[float, float]]] = {
    "AB": (53.9, 116.6),
    "AK": (64.2, 149.5),
    "AL": (32.8, 86.8),
    "AR": (34.9, 92.4),
    "AZ": (34.3, 111.7),
    "BC": (53.7, 127.6),
    "CA": (37.2, 119.3),
    "CO": (39.0, 105.5),
    "CT": (41.6, 72.7),
    "DC": (38.9, 77.0),
    "DE": (39.0, 75.5),
    "FL": (28.6, 82.4),
    "GA": (32.6, 83.4),
    "IA": (42.0, 93.5),
    "ID": (44.4, 114.6),
    "IL": (40.0, 89.2),
    "IN": (39.9, 86.3),
    "KS": (38.5, 98.4),
    "KY": (37.5, 85.3),
    "LA": (31.0, 92.0),
    "MA": (42.3, 71.8),
    "MB": (53.8, 98.8),
    "MD": (39.0, 76.8),
    "ME": (45.4, 69.2),
    "MI": (44.3, 85.4),
    "MN": (46.3, 94.3),
    "MO": (38.4, 92.5),
    "MS": (32.7, 89.7),
    "MT": (47.1, 109.6),
    "NB": (46.5, 66.2),
    "NC": (35.5, 79.4),
    "ND": (47.4, 100.5),
    "NE": (41.5, 99.8),
    "NF": (48.5, 56.0),
    "NH": (43.7, 71.6),
    "NJ": (40.2, 74.7),
    "NM": (34.4, 106.1),
    "NS": (45.1, 63.1),
    "NV": (39.3, 116.6),
    "NY": (42.9, 75.5),
    "OH": (40.3, 82.8),
    "OK": (35.6, 97.5),
    "ON": (44.5, 79.5),
    "OR": (43.9, 120.6),
    "PA": (40.9, 77.8),
    "PE": (46.4, 63.2),
    "QC": (46.8, 71.8),
    "RI": (41.6, 71.5),
    "SC": (33.9, 80.9),
    "SD": (44.4, 100.2),
    "SK": (54.4, 105.9),
    "TN": (35.8, 86.3),
    "TX": (31.5, 99.3),
    "UT": (39.3, 111.7),
    "VA": (37.5, 78.8),
    "VT": (44.1, 72.7),
    "WA": (47.4, 120.4),
    "WI": (44.6, 89.9),
    "WV": (38.6, 80.6),
    "WY": (43.0, 107.5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FarPair:
    """Two states far from each other, in this order, and the days a vehicle needs from one to the other."""

    one: str
    other: str
    miles: int
    days: int


@cache
def far_pairs() -> dict[tuple[str, str], FarPair]:
    """Every pair of far states, in both orders."""
    return {(pair.one, pair.other): pair for pair in _far()}


def _far() -> Iterator[FarPair]:
    for one, here in MIDDLES.items():
        for other, there in MIDDLES.items():
            miles = round(_miles(here, there))
            if miles >= FAR_MILES:
                yield FarPair(one=one, other=other, miles=miles, days=ceil(miles / ROAD_MILES_PER_DAY))


def _miles(here: tuple[float, float], there: tuple[float, float]) -> float:
    if here == there:
        return 0.0
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, place)) for place in (here, there))
    return _EARTH_RADIUS_MILES * acos(sin(lat1) * sin(lat2) + cos(lat1) * cos(lat2) * cos(lon1 - lon2))
