"""Which message to send for a title, and what it requires: the table of chapter 8, cell by cell (N-304).

Best practices, edition 2, chapter 8 "Title Transaction Type", pages 15 to 18. The printed table leaves two of its
cells out (an out-of-state title, pages 16: same state with a change, another state without one) and says nothing
of vehicles the exchange does not know; those rows are ours and say so.
"""

from dataclasses import dataclass
from typing import Final, Literal

Way = Literal["online", "batch"]
Previous = Literal["own", "other", "none"]
# Who issued the title presented: the titling state itself, the state the pointer shows, some other state, or
# nobody (a certificate of origin).
Document = Literal["own", "previous", "another", "nobody"]
Sends = Literal["VINADD", "VINMOD", "UT-NM06", "UV-NM05"]

# The names of these messages in this protocol (docs/national.md).
MESSAGE_NAMES: Final[dict[Sends, str]] = {
    "VINADD": "add_title",
    "VINMOD": "modify_title",
    "UT-NM06": "change_of_state_of_title",
    "UV-NM05": "in_state_change",
}
# N-106: only jurisdictions integrated on line update on line; the others update by batch.
WAY_OF_MODE: Final[dict[int, Way]] = {1: "online", 2: "batch", 3: "batch", 4: "batch"}

REQUIREMENTS: Final[dict[str, str]] = {
    "as_on_pointer": "VIN, make and model year as on the current record, from the inquiry.",
    "refused_when_two_match": "Refused when two or more current pointers have this VIN, make and model year.",
    "vinmod_pointer": "VIN and title number of the pointer that is changed, and those of your new title.",
    "vinmod_after_vinadd": "VIN and title number of the VINADD just sent, and those of your new title.",
    "one_must_change": "At least one value must change.",
    "is_current": "Make sure that the title presented is the current one.",
    "is_most_recent": "Make sure that the title presented is the most recent one for this VIN.",
    "right_vehicle": "Make sure that you are titling the right vehicle.",
    "investigate": "Investigate why the title presented is another state's, and make the corrections needed.",
    "research": "Find the reason for the discrepancy and update the exchange accordingly.",
    "old_as_on_pointer": "Old VIN, old state of title and old title number as on the current record.",
    "duplicates": "Several current pointers: find out whether they are one vehicle and settle it with the states.",
    "new_values": "Give the new make and model year when they differ from the record.",
    "new_vin_and_values": "Give the new VIN, make and model year when they differ from the record.",
    "against_title_on_hand": "Change the state of title against the title on hand.",
    "against_exchange": "Change the state of title against the title on the exchange.",
    "against_own_record": "Change your own record on the exchange.",
    "not_known": "The exchange knows no current title of this VIN: yours is the first.",
}
_ONLINE_ALWAYS = ("old_as_on_pointer", "duplicates")
_VERIFY = ("right_vehicle", "is_most_recent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A title about to be reported; `previous` is the state on the pointer, `document` who issued the paper.

    `reissued_unchanged` means a reprint: number, date and everything about the vehicle as before.
    """

    mode: int
    titling: str
    previous: str | None
    document: str | None
    vehicle_changes: bool
    reissued_unchanged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table. `documents` are the papers that it is for."""

    way: Way
    previous: Previous
    documents: frozenset[Document]
    changes: frozenset[bool]
    sends: tuple[Sends, ...]
    requires: tuple[str, ...]
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The messages to send, in order (none for a reprint), what they require, and where that is written."""

    sends: tuple[Sends, ...]
    requires: tuple[str, ...]
    citation: str

    @property
    def messages(self) -> tuple[str, ...]:
        """The same by the names of this protocol."""
        return tuple(MESSAGE_NAMES[sent] for sent in self.sends)


def _row(
    way: Way,
    previous: Previous,
    documents: str,
    changes: bool | None,
    sends: str,
    requires: tuple[str, ...],
    page: str,
) -> Row:
    every: tuple[Document, ...] = ("own", "previous", "another", "nobody")
    return Row(
        way=way,
        previous=previous,
        documents=frozenset(paper for paper in every if documents == "any" or paper in documents.split()),
        changes=frozenset({True, False} if changes is None else {changes}),
        sends=tuple(known for known in MESSAGE_NAMES if known in sends.split()),
        requires=requires,
        page=page,
    )


_ADD = ("as_on_pointer", "refused_when_two_match")
TABLE: Final[tuple[Row, ...]] = (
    _row("batch", "own", "any", False, "VINADD", _ADD, "p. 15"),
    _row("batch", "own", "any", True, "VINMOD", ("vinmod_pointer", "one_must_change"), "p. 15"),
    _row("batch", "other", "any", False, "VINADD", ("is_current", *_ADD, "research"), "p. 16"),
    _row(
        *("batch", "other", "any", True, "VINADD VINMOD"),
        ("is_current", "as_on_pointer", "vinmod_after_vinadd", "one_must_change", "research"),
        "p. 16",
    ),
    _row(
        *("online", "other", "previous", False, "UT-NM06"),
        (*_ONLINE_ALWAYS, "against_title_on_hand"),
        "p. 16",
    ),
    _row(
        *("online", "other", "previous", True, "UT-NM06"),
        (*_VERIFY, *_ONLINE_ALWAYS, "new_values", "against_title_on_hand"),
        "ours, after p. 16",
    ),
    _row(
        *("online", "other", "another nobody", False, "UT-NM06"),
        (*_VERIFY, *_ONLINE_ALWAYS, "against_exchange"),
        "ours, after p. 16",
    ),
    _row(
        *("online", "other", "another nobody", True, "UT-NM06"),
        (*_VERIFY, *_ONLINE_ALWAYS, "new_values", "against_exchange"),
        "p. 16",
    ),
    _row(
        *("online", "own", "another previous nobody", False, "UV-NM05"),
        ("investigate", "is_current", *_ONLINE_ALWAYS, "against_own_record"),
        "p. 17",
    ),
    _row(
        *("online", "own", "another previous nobody", True, "UV-NM05"),
        (*_VERIFY, *_ONLINE_ALWAYS, "new_vin_and_values", "against_own_record"),
        "p. 17",
    ),
    _row("online", "own", "own", False, "UV-NM05", (*_ONLINE_ALWAYS, "against_own_record"), "p. 17"),
    _row(
        *("online", "own", "own", True, "UV-NM05"),
        (*_ONLINE_ALWAYS, "new_vin_and_values", "against_own_record"),
        "p. 17",
    ),
    _row("online", "other", "own", False, "UT-NM06", (*_VERIFY, *_ONLINE_ALWAYS), "p. 18"),
    _row("online", "other", "own", True, "UT-NM06", (*_VERIFY, *_ONLINE_ALWAYS, "new_values"), "p. 18"),
    _row("batch", "none", "any", None, "VINADD", ("not_known",), "ours, after N-303"),
    _row("online", "none", "any", None, "VINADD", ("not_known",), "ours, after N-303"),
)


def advise(situation: Situation) -> Advice:
    """The message to send and its requirements; a reissue with nothing changed sends nothing."""
    if situation.reissued_unchanged and not situation.vehicle_changes:
        return Advice(sends=(), requires=(), citation="Best practices, chapter 8, p. 15")
    way, previous, document = WAY_OF_MODE[situation.mode], _previous(situation), _document(situation)
    row = next(
        row
        for row in TABLE
        if (row.way, row.previous) == (way, previous)
        and document in row.documents
        and situation.vehicle_changes in row.changes
    )
    return Advice(
        sends=row.sends,
        requires=tuple(REQUIREMENTS[name] for name in row.requires),
        citation=f"Best practices, chapter 8, {row.page}",
    )


def _previous(situation: Situation) -> Previous:
    if situation.previous is None:
        return "none"
    return "own" if situation.previous == situation.titling else "other"


def _document(situation: Situation) -> Document:
    if situation.document is None:
        return "nobody"
    if situation.document == situation.titling:
        return "own"
    return "previous" if situation.document == situation.previous else "another"
