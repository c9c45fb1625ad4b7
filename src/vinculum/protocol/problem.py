"""A problem: one coded error or warning about a message, in words that say what, why and which field.

The published codes are kept exactly (20B, 401 …); the exchange's own codes are the range V01 to V99. An error
means the message was not applied; a warning means it was.
"""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error or warning; `field` is the message's field it is about, if it is about one."""

    code: str
    severity: Severity
    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemKind:
    """What a code means: its severity, its sentence (with blanks to fill) and the rule it comes from."""

    severity: Severity
    sentence: str
    rule: str


def _error(sentence: str, rule: str) -> ProblemKind:
    return ProblemKind(severity="error", sentence=sentence, rule=rule)


def _warning(sentence: str, rule: str) -> ProblemKind:
    return ProblemKind(severity="warning", sentence=sentence, rule=rule)


PROBLEM_KINDS: Final[dict[str, ProblemKind]] = {
    "20B": _warning("VIN IS SHORTER THAN 17 CHARACTERS", "N-502"),
    "21A": _warning("VIN DECODED BUT CK DIGIT FAILED", "N-502"),
    "21C": _warning("VIN DID NOT DECODE (MAYBE TYPOS) & CK DIGIT FAILED", "N-502"),
    "21D": _warning("VIN NOT IN DB BUT CK DIGIT OK", "N-502"),
    "222": _warning("MAKE CHANGED LEADING SPACE REMOVED", "N-502"),
    "401": _error("TITLE EXISTS FOR THIS VIN/SOT/TITLE #", "N-303"),
    "V01": _error(
        "The message says it comes from {origin}, but it was sent with the key of {sender}.", "N-104"
    ),
    "V02": _error("{why}.", "N-101"),
    "V03": _error(
        "This message id was used before with other content; a new message needs a new id.", "N-309"
    ),
    "V04": _error("{jurisdiction} takes part in mode {mode}, which does not allow this message.", "N-106"),
    "V05": _error(
        "{jurisdiction} has had no accepted update since {since}; inquiries open again after one.", "N-105"
    ),
    "V06": _error("{jurisdiction} is not a D20 jurisdiction code.", "N-108"),
    "V07": _error("{jurisdiction} has not been admitted to the exchange.", "N-106"),
    "V10": _error("No current title is recorded for this VIN.", "N-301"),
    "V11": _error("The current title is not of {given}; it is of {held}.", "N-301"),
    "V12": _error("The current title of {held} has another number than the one given.", "N-301"),
    "V13": _error(
        "Several current titles of this VIN match; the exchange cannot tell which is meant.", "N-303"
    ),
    "V14": _error("{jurisdiction} is already the state of title; send an in-state change.", "N-302"),
    "V15": _error("An in-state change is only for the state of title, which is {held}.", "N-302"),
    "V16": _error("A duplicate title must change its issue date, its number, or both.", "N-305"),
    "V17": _error("The title issue date {given} is in the future.", "N-305"),
    "V18": _error("{given} is the number of a reassignment document, not of a title.", "N-306"),
    "V19": _error("This VIN has a current title already; send a change of that title instead.", "N-303"),
    "V20": _error("No such title of {jurisdiction} is recorded for this VIN.", "N-303"),
    "V21": _error("No update of this VIN with that message id was accepted from {jurisdiction}.", "N-104"),
    "V22": _error("A later update rests on the one to be undone; it needs a data-change request.", "N-104"),
    "V23": _error("That message was undone before or is of a kind that cannot be undone.", "N-104"),
    "V24": _error("The new VIN {given} has a current title of its own.", "N-301"),
    "V25": _error(
        "Nothing differs from the current title; at least one of VIN, number, make and year must.", "N-303"
    ),
    "V26": _error("A corrected VIN needs the day on which it was read off the vehicle itself.", "N-307"),
    "V30": _error("{given} is not one of the national brand codes.", "N-107"),
    "V31": _error("Brand {given} is retired: {successor}.", "N-107"),
    "V32": _error("The brand date {given} is in the future.", "N-403"),
    "V33": _error("No theft of this VIN reported by {jurisdiction} is open.", "N-102"),
    "V34": _error("The date {given} is in the future.", "N-102"),
    "V35": _error("No brand {given} of {jurisdiction} with that date stands on this VIN.", "N-404"),
    "V36": _error("Brand {given} was applied by {brander}; only that jurisdiction corrects it.", "N-404"),
    "V37": _error(
        "The correction names no other code or date; a percentage of damage is not corrected by itself.",
        "N-404",
    ),
    "V40": _error("Brand {given} is on record: no title for road use may be issued on this VIN.", "N-402"),
    "V41": _error(
        "Title stock {given} of {jurisdiction} was reported {circumstance} on {since}: no title was printed on it.",
        "N-701",
    ),
    "V42": _error("{held} has titled this VIN already: the vehicle is not new.", "N-203"),
    "V43": _error("Only a state of title marks a record undercover.", "N-206"),
    "V44": _error("No undercover mark of {jurisdiction} stands on this VIN.", "N-206"),
    "V45": _error(
        "Title {given} of {jurisdiction} was taken back on {since} ({why}): its paper proves nothing.",
        "N-303",
    ),
    "V50": _error("Paper and record agree: there is nothing to settle.", "N-401"),
    "V51": _error("The current title is of {jurisdiction} itself: there is nobody to ask.", "N-401"),
    "V60": _warning("Make {given} was corrected to {held}.", "N-108"),
    "V61": _warning("Another current title is on record for this VIN; both are kept and reported.", "N-103"),
    "V62": _warning("This brand is on record already; nothing was changed.", "N-403"),
    "V63": _warning("Brand {given}, recorded by {brander}, is missing on a later title of {held}.", "N-405"),
    "V64": _warning("Odometer readings are out of order: {earlier}, then {later}.", "N-803"),
    "V65": _warning(
        "Several current titles: ask again with the state of title and the title number.", "N-201"
    ),
    "V66": _warning("No update from {jurisdiction} since {since}; inquiries close on {until}.", "N-105"),
    "V67": _warning("An older title arrived late: it joined the history, the current title stands.", "N-305"),
    "V68": _warning("The vehicle was reported stolen by {jurisdiction} on {given}.", "N-401"),
    "V91": _warning("The manufacturer's data say {held}, not {given}.", "N-203"),
    "V92": _warning("The VIN is in doubt: {why}", "N-601"),
    "V93": _warning("The detail of {jurisdiction}'s title is missing: {why}.", "N-202"),
    "V94": _warning("On {given} {reporter} obtained the vehicle: {disposition}.", "N-201"),
    "V95": _warning("The reassignments are not in the order of their days, or lie after the title.", "N-306"),
    "V69": _warning("The title asked about is not a current title of this VIN.", "N-201"),
    "V56": _error("The report cannot be taken: {why}", "N-801"),
    "V57": _error("This vehicle was reported for that day already; send a supplement.", "N-801"),
    "V58": _error("That report has a supplement already; add to the latest one.", "N-801"),
    "V59": _error("There is no report of yours with that number for this VIN.", "N-801"),
    # V70 to V79: one record of a batch file; V80 to V90: the file as a whole.
    "V70": _error("Here stands {given}, but it must be {wanted}.", "N-501"),
    "V71": _error("The line has {given} characters; a record of this kind has {wanted}.", "N-505"),
    "V72": _error("The {given} is missing.", "N-501"),
    "V73": _error("Position {given} holds {held}, which may not stand in a file.", "N-505"),
    "V74": _error("The line begins with {given}; a detail record begins with D.", "N-505"),
    "V75": _error("The line has {given} fields; a record of this kind has {wanted}.", "N-505"),
    "V76": _error("The quotation marks of this line do not match.", "N-505"),
    "V77": _error(
        "There are {wanted} records of this VIN before this one; no more are taken from one file.", "N-505"
    ),
    "V80": _error("This is not a text file of records: {given}.", "N-505"),
    "V81": _error("The header cannot be read: {given}.", "N-501"),
    "V82": _error("The line is longer than {wanted} bytes.", "N-505"),
    "V83": _error("The file ends before its trailer is complete.", "N-505"),
    "V84": _error("The trailer says {given}, but it is {held}.", "N-501"),
    "V85": _error("The header says {given}, but the file was sent by {sender}.", "N-501"),
    "V86": _error("The trailer is not the last line.", "N-501"),
    "V87": _error("A file of this name was taken before, with other content.", "N-501"),
    "V88": _error("The file has more than {wanted} bytes.", "N-505"),
    "V89": _error("Whoever hands this file in may not send files of kind {given}.", "N-106"),
    "V90": _error(
        "The bytes of this file are lost at the exchange since {since}: nothing of it was applied. Send it again.",
        "N-501",
    ),
}


def problem(code: str, *, field: str | None = None, **blanks: str) -> Problem:
    """The problem of that code, its sentence filled in."""
    kind = PROBLEM_KINDS[code]
    return Problem(code=code, severity=kind.severity, text=kind.sentence.format(**blanks), field=field)
