"""Form fields of the pages: declared once in Python, drawn by one template, named by the path of what they fill.

A field named `vehicle.vin` fills `draft["vehicle"]["vin"]`, carries the refusals whose `field` is
`vehicle.vin`, and is the target of links from the list of refusals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vinculum.kernel.refusal import Refusal

Choices = tuple[tuple[str, str], ...]
Kind = Literal["text", "code", "number", "money", "date", "select", "check", "checks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form. `span` is its width in twelfths of the section on a wide screen."""

    path: str
    label: str
    kind: Kind = "text"
    span: int = 3
    choices: Choices = ()
    hint: str = ""
    suggestions: str = ""
    access_key: str = ""
    longest: int = 120
    presses: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledField:
    """A field with what was typed into it and what is wrong with it."""

    field: Field
    value: str
    chosen: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def id(self) -> str:
        """The identifier in the page."""
        return anchor_of(self.field.path)


def anchor_of(path: str) -> str:
    """The page's identifier for a path: `vehicle.vin` is `f-vehicle-vin`."""
    return "f-" + path.replace(".", "-").replace("[", "-").replace("]", "")


def value_at(draft: Mapping[str, Any], path: str) -> Any:
    """What a draft holds at a path; None where there is nothing."""
    found: Any = draft
    for part in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, Sequence) and not isinstance(found, str) and part.isdigit():
            found = found[int(part)] if int(part) < len(found) else None
        else:
            return None
    return found


def fill(field: Field, *, draft: Mapping[str, Any], refusals: Sequence[Refusal]) -> FilledField:
    """The field as it is drawn for this draft."""
    value = value_at(draft, field.path)
    several = isinstance(value, Sequence) and not isinstance(value, str)
    if value is True:
        text = "yes"
    elif value is None or value is False or several:
        text = ""
    else:
        text = str(value)
    return FilledField(
        field=field,
        value=text,
        chosen=tuple(str(one) for one in value) if several else (),
        faults=tuple(refusal.message for refusal in refusals if refusal.field == field.path),
    )
