"""Correcting a VIN: the procedures of chapter 19, by who found the error and how the state updates (N-307).

Best practices, edition 2, chapter 19 "VIN Corrections", pages 35 to 37, with the numbers printed there. A step is
ticked by what the exchange has seen, never by hand; what a state does in its own office is seen by the message that
reports it.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final, Literal

Procedure = Literal["own_online", "own_batch", "other_batch", "other_both_vins", "other_one_vin"]
# What the exchange can have seen: the VIN read off the vehicle; the originating state asked, its data-change request
# made and approved, the history moved by it; its new title or letter received; the own title under the wrong VIN
# (which takes the pointer over), under both at once, and under the right one.
Seen = Literal[
    "verified", "asked", "requested", "approved", "moved", "letter", "taken_over", "corrected", "titled"
]
Who = Literal["own", "origin"]
# What a message or an approval has done: after that a correction is not taken back. Its inspection, a question and a
# request, which the own state takes back itself, do not hold it.
DONE_BY_OTHERS: Final[frozenset[Seen]] = frozenset(
    {"approved", "moved", "letter", "taken_over", "corrected", "titled"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: the printed number, who does it, what, by which message, and what shows that it was done."""

    number: str
    who: Who
    what: str
    message: str
    shown_by: Seen


def _step(number: str, who: Who, what: str, shown_by: Seen, message: str = "") -> Step:
    return Step(number=number, who=who, what=what, message=message, shown_by=shown_by)


_VERIFY: Final = "Physically verify the VIN on the vehicle according to the jurisdiction's procedures."
_CORRECT: Final = "Correct the VIN in the own system."
STEPS: Final[dict[Procedure, tuple[Step, ...]]] = {
    "own_online": (
        _step("1", "own", _VERIFY, "verified"),
        _step(
            "2", "own", "Review the originating documents for an error at the time of titling.", "corrected"
        ),
        _step(
            "3",
            "own",
            _CORRECT,
            "corrected",
            "a change in state (UV-NM05) or a title modified (VINMOD), with the new VIN",
        ),
    ),
    "own_batch": (
        _step("1", "own", _VERIFY, "verified"),
        _step(
            "2", "own", "Review the originating documents for an error at the time of titling.", "requested"
        ),
        _step("3", "own", _CORRECT, "requested"),
        _step(
            "4",
            "own",
            "Notify the exchange of the correction by a data-change request.",
            "approved",
            "data change",
        ),
        _step(
            "4",
            "own",
            "The history moves from the wrong VIN to the right one.",
            "corrected",
            "a title modified (VINMOD), with the new VIN",
        ),
    ),
    "other_batch": (
        _step("1", "own", _VERIFY, "verified"),
        _step(
            "2",
            "own",
            "Tell the originating jurisdiction that the VIN was verified and found wrong.",
            "asked",
            "title check, case",
        ),
        _step(
            "3",
            "origin",
            "Notify the exchange of the correction by a data-change request.",
            "approved",
            "data change",
        ),
        _step(
            "3",
            "origin",
            "The history moves from the wrong VIN to the right one.",
            "moved",
            "a title modified (VINMOD), with the new VIN",
        ),
        _step(
            "4",
            "own",
            "Receive the corrected title or letter of correction, and correct the VIN.",
            "letter",
            "case closed",
        ),
        _step("5", "own", "Issue the title with the right VIN.", "titled", "a title added (VINADD)"),
    ),
    "other_both_vins": (
        _step("6a", "own", "The customer presents a title with the wrong VIN.", "verified"),
        _step("6b", "own", _VERIFY, "verified"),
        _step(
            "6c",
            "own",
            "Add the title with the wrong and the right VIN.",
            "corrected",
            "a change of state of title (UT-NM06), with the new VIN",
        ),
        _step("6d", "own", "Issue the title with the right VIN.", "titled"),
    ),
    "other_one_vin": (
        _step("7a", "own", "The customer presents a title with the wrong VIN.", "verified"),
        _step("7b", "own", _VERIFY, "verified"),
        _step(
            "7c",
            "own",
            "Add the title with the wrong VIN, to take the pointer over. Do not issue it.",
            "taken_over",
            "a change of state of title (UT-NM06)",
        ),
        _step("7d", "own", _CORRECT, "corrected"),
        _step("7e", "own", "Issue the title with the right VIN.", "corrected"),
        _step(
            "7f",
            "own",
            "Update the exchange with the corrected title.",
            "corrected",
            "a title modified (VINMOD), with the new VIN",
        ),
        _step("7g", "own", "The wrong VIN stands in the history of the right one.", "titled"),
    ),
}
TITLES: Final[dict[Procedure, str]] = {
    "own_online": "Your own error, updated on line",
    "own_batch": "Your own error, updated by batch",
    "other_batch": "Another state's error, you update by batch",
    "other_both_vins": "Another state's error, you can enter both VINs",
    "other_one_vin": "Another state's error, you can enter one VIN at a time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """A step and whether it was seen to be done; `is_next` marks the first that was not."""

    step: Step
    done: bool
    is_next: bool


def procedure_of(*, mode: int, is_own_error: bool, enters_both_vins: bool) -> Procedure:
    """Which procedure a state follows: by its mode, whose error it is, and what its system can enter."""
    online = mode == 1
    if is_own_error:
        return "own_online" if online else "own_batch"
    if not online:
        return "other_batch"
    return "other_both_vins" if enters_both_vins else "other_one_vin"


def ticked(procedure: Procedure, *, seen: Set[Seen]) -> tuple[Ticked, ...]:
    """The steps in their order. Nothing counts before the VIN was read off the vehicle."""
    counted = seen if "verified" in seen else frozenset[Seen]()
    done = [step.shown_by in counted for step in STEPS[procedure]]
    first_open = next((place for place, was in enumerate(done) if not was), len(done))
    return tuple(
        Ticked(step=step, done=was, is_next=place == first_open)
        for place, (step, was) in enumerate(zip(STEPS[procedure], done, strict=True))
    )
