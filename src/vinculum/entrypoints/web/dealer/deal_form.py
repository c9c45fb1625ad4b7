"""The registration form: from what was posted to the draft of a deal, and from a draft back to the form.

A draft is the JSON of a deal as far as it is typed: nothing in it is believed or completed here; that is
`vinculum.entrypoints.deals`' work. Empty rows of repeated questions are left out.
"""

import copy
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.http import QueryDict

from vinculum.entrypoints.web.dealer import deal_fields
from vinculum.entrypoints.web.fields import Field, FilledField, fill, value_at
from vinculum.kernel.refusal import Refusal
from vinculum.state.queries.desk_lists import DeskLists

# Commas are read between thousands only: "12,5" is no 125.
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_SEVERAL: Final = frozenset(
    {"documents", "ownership.legends", "ownership.certificate_marks", "registration.circumstances"}
)
# A group counts as filled in when one of these is: its boxes and choices alone say nothing.
_TELLING: Final[Mapping[str, tuple[str, ...]]] = {
    "insurance": ("insurer", "policy_number", "effective_date", "in_name_of"),
    "liens.*": ("lienholder_code", "lien_date"),
    "sale.trade_ins.*": ("vin", "allowance"),
    "sale.items.*": ("kind", "amount"),
    "ownership.reassignments.*": ("dealer_name", "assigned_on", "document_number"),
}
_NOT_OF_THE_DEAL: Final = frozenset({"lookup"})
# Ticked on a blank row: the common case is yes. What a clerk attests (the words on a card) is never ticked ahead.
_SAID_YES: Final = (".titled_to_purchaser",)
_BLANK_ROWS: Final = {"items": 3, "trade_ins": 1, "reassignments": 1}


class DealForm:
    """A draft with its refusals, ready to be drawn: templates ask it for fields by path."""

    def __init__(
        self, draft: Mapping[str, Any], *, lists: DeskLists, refusals: Sequence[Refusal] = ()
    ) -> None:
        self.draft = draft
        self.lists = lists
        self.refusals = tuple(refusals)
        self._fields: dict[str, Field] = deal_fields.fields_of(lists)

    def field(self, path: str) -> FilledField:
        """One field, filled in."""
        field = self._fields[path]
        draft = self.draft
        if path.endswith(_SAID_YES) and value_at(draft, path.rpartition(".")[0]) is None:
            return FilledField(field=field, value="yes", chosen=(), faults=())
        return fill(field, draft=draft, refusals=self.refusals)

    @property
    def reassignment_rows(self) -> list[tuple[str, ...]]:
        """The paths of the rows of dealer-to-dealer assignments, one blank row at the end."""
        columns = ("dealer_name", "assigned_on", "document_number")
        return self._rows("ownership.reassignments", columns, deal_fields.MOST_REASSIGNMENTS)

    @property
    def trade_in_rows(self) -> list[tuple[str, ...]]:
        """The paths of the trade-in rows."""
        return self._rows(
            "sale.trade_ins", ("vin", "allowance", "titled_to_purchaser"), deal_fields.MOST_TRADE_INS
        )

    @property
    def item_rows(self) -> list[tuple[str, ...]]:
        """The paths of the rows of extras."""
        return self._rows("sale.items", ("kind", "amount"), deal_fields.MOST_ITEMS)

    @property
    def lien_rows(self) -> list[tuple[str, ...]]:
        """The paths of the lien rows."""
        columns = ("lienholder_code", "lien_date")
        return [tuple(f"liens.{n}.{c}" for c in columns) for n in range(deal_fields.MOST_LIENS)]

    def has(self, path: str) -> bool:
        """Whether anything is filled in at a path: folded parts with something in them are drawn open."""
        return bool(value_at(self.draft, path))

    @property
    def has_reassignments(self) -> bool:
        """Whether the chain of dealers is not empty."""
        return self.has("ownership.reassignments")

    @property
    def has_extras(self) -> bool:
        """Whether the purchase order has extras."""
        return self.has("sale.items")

    @property
    def has_trade_ins(self) -> bool:
        """Whether a vehicle is taken in exchange."""
        return self.has("sale.trade_ins")

    @property
    def has_circumstances(self) -> bool:
        """Whether a circumstance is marked."""
        return self.has("registration.circumstances")

    @property
    def has_marks(self) -> bool:
        """Whether legends or marks are taken over from the document."""
        return self.has("ownership.legends") or self.has("ownership.certificate_marks")

    def _rows(self, path: str, columns: tuple[str, ...], most: int) -> list[tuple[str, ...]]:
        filled = len(value_at(self.draft, path) or ())
        shown = min(filled + _BLANK_ROWS[path.rpartition(".")[2]], most)
        return [tuple(f"{path}.{n}.{column}" for column in columns) for n in range(shown)]


def new_draft(*, today: date) -> dict[str, Any]:
    """An empty desk: the commonest choices, issued today."""
    return {
        "issue_date": today.isoformat(),
        "vehicle": {"vehicle_type": "passenger", "fuel": "gasoline"},
        "ownership": {"kind": "certificate_of_origin"},
        "odometer": {"brand": "actual"},
        "registration": {"plate_class": "passenger", "usage": "regular"},
        "sale": {"tax_treatment": "standard"},
    }


def read_post(post: QueryDict, *, lists: DeskLists) -> dict[str, Any]:
    """The draft as posted; only questions of the form are read, whatever else was sent."""
    known = deal_fields.fields_of(lists)
    draft: dict[str, Any] = {}
    for path, field in known.items():
        if path.split(".")[0] in _NOT_OF_THE_DEAL:
            continue
        if path in _SEVERAL:
            if chosen := [one for one in post.getlist(path) if one]:
                _put(draft, path, chosen)
        elif field.kind == "check":
            _put(draft, path, post.get(path) == "yes")
        # Keyboards set to full width, and scanners, send other characters of the same letters and digits.
        elif text := unicodedata.normalize("NFKC", post.get(path, "")).strip():
            _put(draft, path, _figure(text) if field.kind in {"number", "money"} else text)
    if documents := [code for code in post.getlist("documents") if code]:
        draft["documents"] = documents
    return _pruned(draft)


def over_long(draft: Mapping[str, Any], *, known: Mapping[str, Field]) -> tuple[Refusal, ...]:
    """A refusal for each text that is longer than its question has room for."""
    return tuple(
        Refusal(
            code="invalid_field",
            message=f"{field.label} is {len(text)} characters long.",
            remedy=f"Shorten it to {field.longest} characters.",
            field=path,
            rule="D-203",
            detail={
                "field": path,
                "fault": f"is {len(text)} characters long; there is room for {field.longest}",
            },
        )
        for path, field in known.items()
        if isinstance(text := value_at(draft, path), str) and len(text) > field.longest
    )


def without(draft: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """The draft with nothing at these paths."""
    left = copy.deepcopy(dict(draft))
    for path in paths:
        *parents, last = path.split(".")
        at: Any = left
        for parent in parents:
            at = at[int(parent)] if isinstance(at, list) else at[parent]
        if isinstance(at, list):
            at[int(last)] = ""
        else:
            at[last] = ""
    return left


def looked_up(post: QueryDict, *, owner: int) -> tuple[str, str]:
    """The kind and the number of the identification that an owner showed."""
    number = unicodedata.normalize("NFKC", post.get(f"lookup.{owner}.number", ""))
    return post.get(f"lookup.{owner}.kind", ""), number.strip()


def _figure(text: str) -> str:
    figure = text.removeprefix("$").strip()
    return figure.replace(",", "") if _GROUPED.fullmatch(figure) else figure


def _put(draft: dict[str, Any], path: str, value: Any) -> None:
    """Put a value into the nested draft; rows are kept by number until the empty ones are known."""
    *parents, last = path.split(".")
    at = draft
    for parent in parents:
        at = at.setdefault(parent, {})
    at[last] = value


def _pruned(draft: dict[str, Any]) -> dict[str, Any]:
    pruned = _without_silent_groups(draft, at="")
    assert isinstance(pruned, dict), "the draft itself is never a row of something"
    return pruned


def _without_silent_groups(value: Any, *, at: str) -> Any:
    if not isinstance(value, dict):
        return value
    rows = bool(value) and all(key.isdigit() for key in value)
    kept: dict[str, Any] = {}
    for key, inner in value.items():
        place = f"{at}.{'*' if rows else key}" if at else key
        cleaned = _without_silent_groups(inner, at=place)
        telling = _TELLING.get(place)
        silent = telling is not None and not any(cleaned.get(name) for name in telling)
        if not silent and cleaned != {} and cleaned != []:
            kept[key] = cleaned
    return [kept[key] for key in sorted(kept, key=int)] if rows else kept
