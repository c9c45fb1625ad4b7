"""Reading a deal off the wire: JSON or a form's fields in, a `Deal` or every fault of it out.

`read_deal` is for processing: whatever is missing or malformed is a refusal with the field's path. `read_draft`
is for the quote while typing: what is missing so far is filled with stand-ins, so that a price and the list of
papers can be shown from the first fields on.
"""

import copy
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from vinculum.entrypoints.bounds import out_of_bounds
from vinculum.kernel.refusal import Refusal
from vinculum.state.casework.deal_json import DEAL
from vinculum.state.law.deal import Deal

_NOTHING: Final[tuple[Any, ...]] = (None, "", [], {}, ())
# What a draft is priced with where nothing has been typed yet; none of it is ever processed or stored.
_STAND_INS: Final[dict[str, Any]] = {
    "vehicle": {"vin": "", "model_year": None, "make": "", "gvwr_pounds": None},
    "ownership": {
        "kind": "certificate_of_origin",
        "number": "",
        "issue_date": None,
        "assigned_to": [],
        "jurisdiction": "",
    },
    "odometer": {"reading": 0},
    "sale": {"price": "0"},
    "registration": {"plate_class": "passenger", "usage": "regular", "garaging_town": ""},
    "owners": [],
}
_SENTENCES: Final[dict[str, str]] = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of a deal",
    "date_from_datetime_parsing": "is not a date",
    "date_parsing": "is not a date",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "decimal_parsing": "is not an amount in dollars and cents",
    "literal_error": "must be {expected}",
}
_REMEDIES: Final[dict[str, str]] = {
    "missing": "Fill it in.",
    "extra_forbidden": "Leave it out.",
    "date_from_datetime_parsing": "Write it as year-month-day, such as 2026-01-31.",
    "date_parsing": "Write it as year-month-day, such as 2026-01-31.",
    "int_parsing": "Write digits only, without tenths or units.",
    "int_from_float": "Write digits only, without tenths or units.",
    "decimal_parsing": "Write digits, such as 24500 or 24500.50.",
}

_FIGURES: Final = frozenset({"int_parsing", "decimal_parsing"})
_COMMA: Final = "Write a point before cents and commas between thousands only, such as 28,000 or 28000.50."


def read_deal(data: Mapping[str, Any]) -> tuple[Deal | None, tuple[Refusal, ...]]:
    """The deal, or None and one refusal per missing or invalid field."""
    try:
        deal = DEAL.validate_python(without_blanks(data))
    except ValidationError as fault:
        return None, tuple(_refusal(dict(error)) for error in fault.errors())
    outlandish = tuple(out_of_bounds(deal))
    return (None, outlandish) if outlandish else (deal, ())


def read_draft(data: Mapping[str, Any], *, today: date) -> tuple[Deal | None, tuple[Refusal, ...]]:
    """The draft as a deal with stand-ins, and what is missing or invalid in it so far.

    None when something typed is so malformed that no price can be worked out.
    """
    _, refusals = read_deal(data)
    filled = _filled(without_blanks(data), today=today)
    while True:
        places: list[tuple[int | str, ...]]
        try:
            draft = DEAL.validate_python(filled)
            outlandish = tuple(out_of_bounds(draft))
            if not outlandish:
                return draft, refusals
            known = {refusal.field for refusal in refusals}
            refusals = (*refusals, *(refusal for refusal in outlandish if refusal.field not in known))
            places = [tuple((refusal.field or "").split(".")) for refusal in outlandish]
        except ValidationError as fault:
            places = [error["loc"] for error in fault.errors()]
        if not _drop_faulty(filled, places):
            return None, refusals
        filled = _filled(filled, today=today)


def with_law(faults: Iterable[Refusal], law: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """The faults of a draft, then what the law says of the fields that are there: not of stand-ins."""
    faults = tuple(faults)
    missing = {fault.field for fault in faults if fault.field}

    def typed(field: str | None) -> bool:
        return field is None or not any(field == gap or field.startswith(f"{gap}.") for gap in missing)

    return (*faults, *(refusal for refusal in law if typed(refusal.field)))


def without_blanks(data: Any) -> Any:
    """The same document without empty fields: an empty box of a form is a field that was not given."""
    if isinstance(data, Mapping):
        kept = {key: without_blanks(value) for key, value in data.items()}
        return {key: value for key, value in kept.items() if value not in _NOTHING}
    if isinstance(data, list | tuple):
        return [kept for kept in (without_blanks(value) for value in data) if kept not in _NOTHING]
    return data.strip() if isinstance(data, str) else data


def _filled(data: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    filled: dict[str, Any] = copy.deepcopy(_STAND_INS)
    for key, value in data.items():
        part = filled.get(key)
        if isinstance(part, dict):
            part.update(value if isinstance(value, Mapping) else {})
        else:
            filled[key] = value
    filled.setdefault("issue_date", today)
    if filled["vehicle"].get("model_year") is None:
        filled["vehicle"]["model_year"] = today.year
    if filled["ownership"].get("issue_date") is None:
        filled["ownership"]["issue_date"] = today
    return filled


def _drop_faulty(document: dict[str, Any], places: Iterable[tuple[int | str, ...]]) -> bool:
    """Take every value at a faulty place out of the document; False when there was none to take out.

    Of a list (liens, trade-ins, extras) the whole list goes: a row half typed is no row yet.
    """
    dropped = False
    for steps in places:
        place: Any = document
        for step in steps:
            inner = place.get(step) if isinstance(place, dict) else None
            if isinstance(place, dict) and step in place and not isinstance(inner, dict):
                del place[step]
                dropped = True
                break
            place = inner
        else:
            # Something is missing from a group that need not be there (an insurance card half typed).
            group = str(steps[0]) if steps else ""
            if group in document and group not in _STAND_INS:
                del document[group]
                dropped = True
    return dropped


def _refusal(error: dict[str, Any]) -> Refusal:
    path = ".".join(str(step) for step in error["loc"])
    label = path.rsplit(".", 1)[-1].replace("_", " ").capitalize() or "The deal"
    missing = error["type"] == "missing"
    fault = _SENTENCES.get(error["type"], "cannot be read: {message}").format(
        expected=(error.get("ctx") or {}).get("expected", ""), message=str(error["msg"]).lower()
    )
    remedy = _REMEDIES.get(error["type"], "Correct it.")
    if error["type"] in _FIGURES and "," in str(error["input"]):
        fault, remedy = "has a comma that does not stand between thousands", _COMMA
    return Refusal(
        code="missing_field" if missing else "invalid_field",
        message=f"{label} {fault}.",
        remedy=remedy,
        field=path or None,
        rule="D-203",
        detail={"field": path, "fault": fault},
    )
