"""What the state of title says of its own title, asked live, passed on and kept nowhere (N-202)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from vinculum.protocol.fields import JurisdictionCode, NationalField, Odometer, TitleNumber, Vin

TitleStatus = Literal["active", "inactive", "salvage", "stopped"]
LONGEST_TEXT = 60
_TEXT = NationalField(mnemonic="", meaning="text", length=LONGEST_TEXT, shortest=0)
ShortText = Annotated[str, _TEXT]
_WEIGHT = NationalField(mnemonic="", meaning="weight in pounds", length=6, alphabet=r"\d", may_stand="digits")
Weight = Annotated[int, _WEIGHT]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateDetailRequest:
    """The exchange asks, on behalf of the origin, for the detail of one current title."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    title_number: TitleNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class StateDetail:
    """The state of title's own words; `body_style` shows low-speed vehicles (LSV, NEV). No owner, no address."""

    message_id: UUID
    sent_at: datetime
    vin: Vin
    title_status: TitleStatus
    odometer: Odometer
    odometer_unit: Literal["M", "K"]
    body_style: ShortText = ""
    color: ShortText = ""
    gross_weight: Weight | None = None
    lien_holder: ShortText = ""


class StateSilent(Exception):
    """The state of title gave no usable detail; the message says why, in a few words."""


class AnsweringState(Protocol):
    """The program of a state that answers for its own titles, whatever the wire between."""

    def answer(self, request: StateDetailRequest) -> StateDetail:
        """The detail; raises StateSilent."""
        ...
