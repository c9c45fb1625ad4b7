"""How a discrepancy case goes: the moves, who may make them, and where they lead. Pure."""

from collections.abc import Mapping
from typing import Final, Literal

State = Literal["open", "answered", "escalated", "closed"]
Side = Literal["asking", "holding", "help_desk"]
Move = Literal["note", "answer", "ask_again", "escalate", "hand_back", "close"]

STATES: Final[tuple[State, ...]] = ("open", "answered", "escalated", "closed")
SIDES: Final[tuple[Side, ...]] = ("asking", "holding", "help_desk")
MOVES: Final[Mapping[Move, str]] = {
    "note": "Add a message or evidence",
    "answer": "Answer",
    "ask_again": "Ask again",
    "escalate": "Call the help desk in",
    "hand_back": "Hand back to the states",
    "close": "Close",
}
REASONS: Final[Mapping[str, str]] = {
    "record_corrected": "The record was corrected",
    "paper_corrected": "A corrected title or letter was received",
    "paper_confirmed": "The paper was confirmed as it is",
    "paper_refused": "The paper was refused; no title is issued",
    "opened_in_error": "Opened in error",
}
_WAITS_FOR: Final[Mapping[State, Side | None]] = {
    "open": "holding",
    "answered": "asking",
    "escalated": "help_desk",
    "closed": None,
}
# Every move that is allowed: from a state, by a side, and where it leads. Everything else is refused.
ALLOWED: Final[Mapping[tuple[State, Side, Move], State]] = {
    ("open", "asking", "note"): "open",
    ("open", "holding", "note"): "open",
    ("open", "help_desk", "note"): "open",
    ("answered", "asking", "note"): "answered",
    ("answered", "holding", "note"): "answered",
    ("answered", "help_desk", "note"): "answered",
    ("escalated", "asking", "note"): "escalated",
    ("escalated", "holding", "note"): "escalated",
    ("escalated", "help_desk", "note"): "escalated",
    ("open", "holding", "answer"): "answered",
    ("answered", "asking", "ask_again"): "open",
    ("open", "asking", "escalate"): "escalated",
    ("open", "holding", "escalate"): "escalated",
    ("answered", "asking", "escalate"): "escalated",
    ("answered", "holding", "escalate"): "escalated",
    ("escalated", "help_desk", "hand_back"): "open",
    ("open", "asking", "close"): "closed",
    ("answered", "asking", "close"): "closed",
    ("escalated", "help_desk", "close"): "closed",
}


def after(state: State, *, side: Side, move: Move) -> State | None:
    """The state that the move leads to; None when this side may not make it from this state."""
    return ALLOWED.get((state, side, move))


def moves_of(state: State, *, side: Side) -> tuple[Move, ...]:
    """What this side may do now."""
    return tuple(move for move in MOVES if (state, side, move) in ALLOWED)


def waits_for(state: State) -> Side | None:
    """Whose turn it is."""
    return _WAITS_FOR[state]
