"""The papers one transaction needs, worked out from the deal itself (D-501)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One paper of the checklist; `marked` when the dealer has it in hand, `why` says why it is asked for.

    An item that is not `required` is asked for only in the case that `why` names.
    """

    code: str
    title: str
    why: str
    rule: str
    required: bool
    marked: bool
