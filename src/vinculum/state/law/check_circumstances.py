"""What the customer wants or the vehicle is that cannot be done on-line at all (D-307)."""

from collections.abc import Mapping
from types import MappingProxyType

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Circumstance, Deal

# Each of these stops by itself, whatever else the deal says; the words say what was told.
_STOPS: Mapping[Circumstance, Mapping[str, str]] = MappingProxyType(
    {
        "class_transfer": {},
        "one_year_passenger_renewal": {},
        "seasonal_commercial": {},
        "title_only": {"what": "A title is wanted without a registration"},
        "school_children_sign": {},
        "legislative_supplemental": {},
        "special_plate": {},
        "kit_or_out_of_country": {},
        "glider_kit": {"what": "The vehicle is a glider kit"},
        "name_change": {},
        "us_military_registration": {},
    }
)


def check_circumstances(deal: Deal) -> tuple[Refusal, ...]:
    """D-307: one stop for each circumstance that sends the customer to an office.

    Who the owner is (minor, military, government, non-profit) is asked of the customer's record instead.
    """
    told = deal.registration.circumstances
    return tuple(
        refuse(circumstance, field="registration.circumstances", **words)
        for circumstance, words in _STOPS.items()
        if circumstance in told
    )
