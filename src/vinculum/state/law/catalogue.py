"""Every refusal this state can give, each code once: what it says, what to do, and the law behind it.

Rules refuse by code; the words live here, so that the screen, the API, the reject record of a batch and
docs/refusals.md never say the same thing in different words.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from vinculum.kernel.refusal import Refusal
from vinculum.state.law import (
    catalogue_desk,
    catalogue_exchange,
    catalogue_office,
    catalogue_papers,
    catalogue_parties,
    catalogue_vehicle,
)
from vinculum.state.law.refusal_entry import RefusalEntry


def _by_code(*chapters: tuple[RefusalEntry, ...]) -> Mapping[str, RefusalEntry]:
    entries: dict[str, RefusalEntry] = {}
    for chapter in chapters:
        for entry in chapter:
            if entry.code in entries:
                raise ValueError(f"Refusal code {entry.code} is in the catalogue twice.")
            entries[entry.code] = entry
    return MappingProxyType(entries)


CATALOGUE: Final = _by_code(
    catalogue_parties.ENTRIES,
    catalogue_vehicle.ENTRIES,
    catalogue_papers.ENTRIES,
    catalogue_exchange.ENTRIES,
    catalogue_office.ENTRIES,
    catalogue_desk.ENTRIES,
)


def refuse(code: str, /, *, field: str | None = None, **detail: object) -> Refusal:
    """The refusal of this code, its words filled in from `detail`; a word left out is a mistake and raises."""
    entry = CATALOGUE[code]
    words = {name: str(value) for name, value in detail.items()}
    return Refusal(
        code=code,
        message=entry.message.format_map(words),
        remedy=entry.remedy.format_map(words),
        field=field,
        rule=entry.rule,
        citation=entry.citation,
        detail=MappingProxyType(words),
    )
