"""Plain words for the codes that people see on pages."""

from collections.abc import Mapping
from typing import Final

ROLES: Final[Mapping[str, str]] = {
    "dealer_clerk": "Clerk",
    "dealer_manager": "Manager",
    "dmv_examiner": "Examiner",
    "dmv_administrator": "Administrator",
    "tax_collector": "Tax collector",
    "assessor": "Assessor",
    "title_clerk": "Title clerk",
    "help_desk": "Help desk",
    "investigator": "Investigator",
    "association_accountant": "Accountant",
    "exchange_administrator": "Administrator at the exchange",
    "exchange_client": "Jurisdiction's program",
    "exchange_desk_program": "Jurisdiction's program at the desks",
    "jsi_reporter": "Reporter",
    "system": "System",
}

_SAID: Final[Mapping[str, str]] = {
    "suv": "SUV",
    "certificate_of_origin": "Certificate of origin (MCO)",
    "connecticut_title": "Connecticut title",
    "out_of_state_title": "Out-of-state title",
    "truck": "Truck (pickup)",
    "semi_trailer": "Semi-trailer",
    "ct_licence": "CT driver's licence",
    "ct_non_driver_id": "CT non-driver ID",
    "ct_learner_permit": "CT learner's permit",
    "ct_adult_learner_permit": "CT adult learner's permit",
    "fein": "FEIN",
    "us_dot": "US DOT number",
    "civil_union_partner": "Civil-union partner",
    "and": "AND: all sign",
    "or": "OR: either signs",
    "not_to_be_sold_as_new": "Not to be sold as new",
    "title_only": "Title only",
    "us_military_registration": "US military registration",
    "kit_or_out_of_country": "Kit or from out of the country",
    "school_children_sign": "“Carrying school children” sign",
    "municipal_or_no_fee": "Municipal or no fee",
    "one_year_passenger_renewal": "One-year passenger renewal",
    "registered_out_of_state_60_days": "Registered out of state over 60 days",
    "nonresident_military": "Non-resident military",
    "exempt_raffle": "Exempt: won in a raffle",
    "vin_etching": "VIN etching",
    "mandatory_gap": "GAP, mandatory",
    "optional_gap": "GAP, optional",
    "cap_cost_reduction": "Capitalised cost reduction",
    "rebate_not_deducted": "Rebate not deducted from the price",
    "rebate_already_deducted": "Rebate already deducted",
    "delinquent_tax": "Delinquent property tax",
    "insurance_compliance": "Insurance compliance case",
    "change_of_state_of_title": "Change of state of title",
    "dmv": "DMV",
    "gvwr": "GVWR",
    "check_digit": "Check digit",
}


def say(code: str) -> str:
    """The words for a code; a code without an entry is its own words, and a state's (CT, NY) stays as it is."""
    if len(code) == 2 and code.isupper():
        return _SAID.get(code, code)
    return _SAID.get(code) or code.replace("_", " ").capitalize()
