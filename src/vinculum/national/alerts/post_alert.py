"""Posting an alert, mending its text, closing it: by approved users, each act on record (N-703)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import psycopg

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.national.alerts.alert import KINDS, MOST_NUMBERS, Number, read_number
from vinculum.national.alerts.file_contents import FileRefused, Judged, judge
from vinculum.national.alerts.file_store import FileStore
from vinculum.national.alerts.find_alerts import NoSuchAlert, read
from vinculum.national.alerts.refusals import refusal

MOST_FILES: Final = 5
TITLE_LENGTHS: Final = (4, 140)
LONGEST_BODY: Final = 8000
LONGEST_REASON: Final = 400
_ACT: Final = "post_alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be posted; numbers as typed, one a line, files by name with their bytes."""

    kind: str
    title: str
    body: str
    jurisdiction: str = ""
    vins: Sequence[str] = ()
    numbers: Sequence[str] = ()
    files: Sequence[tuple[str, bytes]] = ()


def run(request: Request, *, actor: Actor, at: datetime, store: FileStore) -> UUID:
    """Post; the alert is there with all its files or not at all. Raises Refused, NoSuchAlert for who is no user."""
    require(actor, _ACT)
    refusals = list(_check(request))
    numbers = _read_numbers(request.numbers, refusals)
    files = _judge_files(request.files, refusals)
    with acting(actor, act=_ACT, database="national") as connection:
        _must_be_user(connection)
        if refusals:
            raise Refused(refusals)
        # The bytes lie there before the row that names them; a row that does not come leaves bytes nobody can name.
        for file in files:
            store.keep(file)
        try:
            return _write(connection, request, numbers=numbers, files=files, actor=actor, at=at)
        except psycopg.errors.ForeignKeyViolation as fault:
            raise Refused([_no_jurisdiction(request.jurisdiction)]) from fault


def update(alert_id: UUID, *, title: str, body: str, actor: Actor, at: datetime) -> None:
    """Mend an open alert of the own organisation. Raises Refused or NoSuchAlert."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        read(connection, alert_id)
        refusals = list(_check_words(title, body))
        if refusals:
            raise Refused(refusals)
        changed = connection.execute(
            "UPDATE exchange.alert SET title = %s, body = %s, updated_at = %s WHERE alert_id = %s",
            (title.strip(), body.strip(), at, alert_id),
        ).rowcount
        _must_be_kept(changed)


def close(alert_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Close an open alert of the own organisation, saying why. Raises Refused or NoSuchAlert."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        read(connection, alert_id)
        if not 1 <= len(reason.strip()) <= LONGEST_REASON:
            words = f"An alert is closed with a reason of at most {LONGEST_REASON} characters."
            raise Refused([refusal("missing_field", words, "Say in a sentence why.", field="reason")])
        changed = connection.execute(
            "UPDATE exchange.alert SET closed_at = %s, closed_because = %s WHERE alert_id = %s",
            (at, reason.strip(), alert_id),
        ).rowcount
        _must_be_kept(changed)


def _write(
    connection: Connection,
    request: Request,
    *,
    numbers: Sequence[Number],
    files: Sequence[Judged],
    actor: Actor,
    at: datetime,
) -> UUID:
    alert_id = uuid4()
    connection.execute(
        "INSERT INTO exchange.alert (alert_id, kind, jurisdiction, title, body, organisation_id, posted_for,"
        " posted_at, posted_by, posted_by_name) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(
                alert_id,
                request.kind,
                request.jurisdiction or None,
                request.title.strip(),
                request.body.strip(),
            ),
            *(actor.organisation_id, actor.organisation_name, at, actor.person_id, actor.person_name),
        ),
    )
    for vin in sorted({normalise_vin(vin) for vin in request.vins if vin.strip()}):
        connection.execute("INSERT INTO exchange.alert_vin (vin, alert_id) VALUES (%s, %s)", (vin, alert_id))
    for number in dict.fromkeys(numbers):
        connection.execute(
            "INSERT INTO exchange.alert_number (prefix, first_number, last_number, alert_id)"
            " VALUES (%s, %s, %s, %s)",
            (number.prefix, number.first, number.last, alert_id),
        )
    for position, file in enumerate(files, start=1):
        connection.execute(
            "INSERT INTO exchange.alert_file (alert_id, position, content_name, media_type, byte_count, name)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (alert_id, position, file.content_name, file.media_type, len(file.content), file.name),
        )
    return alert_id


def _check(request: Request) -> Iterator[Refusal]:
    if request.kind not in KINDS:
        yield refusal("alert_kind_unknown", "Say what the alert is about.", "Choose a kind.", field="kind")
    if request.jurisdiction and len(request.jurisdiction) != 2:
        yield _no_jurisdiction(request.jurisdiction)
    yield from _check_words(request.title, request.body)
    vins = [normalise_vin(vin) for vin in request.vins if vin.strip()]
    if len(vins) + len(request.numbers) > MOST_NUMBERS:
        words = f"An alert names at most {MOST_NUMBERS} VINs and numbers."
        yield refusal("alert_numbers_too_many", words, "Write a range, or post another alert.", field="vins")
    for vin in vins[:MOST_NUMBERS]:
        for fault in vin_faults(vin):
            yield refusal(fault.kind.value, f"{vin[:30]}: {fault.message}", "Correct the VIN.", field="vins")


def _check_words(title: str, body: str) -> Iterator[Refusal]:
    shortest, longest = TITLE_LENGTHS
    if not shortest <= len(title.strip()) <= longest or not title.strip().isprintable():
        words = f"The title is one line of {shortest} to {longest} characters."
        yield refusal("missing_field", words, "Write one line that tells what it is about.", field="title")
    if not 1 <= len(body.strip()) <= LONGEST_BODY:
        words = f"The text has 1 to {LONGEST_BODY:,} characters."
        yield refusal("missing_field", words, "Say what to look for, and whom to call.", field="body")


def _read_numbers(lines: Sequence[str], refusals: list[Refusal]) -> tuple[Number, ...]:
    numbers = []
    for line in lines[:MOST_NUMBERS]:
        try:
            numbers.append(read_number(line))
        except ValueError as fault:
            remedy = "One number a line, or the first and the last as “AB100 to AB199”."
            refusals.append(refusal("invalid_field", str(fault), remedy, field="numbers"))
    return tuple(numbers)


def _judge_files(files: Sequence[tuple[str, bytes]], refusals: list[Refusal]) -> tuple[Judged, ...]:
    if len(files) > MOST_FILES:
        words = f"An alert has at most {MOST_FILES} files; {len(files)} were sent."
        refusals.append(refusal("alert_files_too_many", words, "Leave some out.", field="files"))
        return ()
    judged = []
    for name, content in files:
        try:
            judged.append(judge(name, content))
        except FileRefused as fault:
            words = f"{name[:80]}: {fault}"
            remedy = "Send a PDF, PNG, JPEG or plain text without active contents."
            refusals.append(refusal("alert_file_refused", words, remedy, field="files"))
    return tuple(judged)


def _must_be_user(connection: Connection) -> None:
    row = connection.execute("SELECT exchange.uses_alerts()").fetchone()
    if row is None or not row[0]:
        raise NoSuchAlert


def _must_be_kept(changed: int) -> None:
    if changed != 1:
        words = "This alert is closed, or another organisation posted it."
        remedy = "Call those who posted it, or the exchange's help desk."
        raise Refused([refusal("alert_not_yours", words, remedy)])


def _no_jurisdiction(code: str) -> Refusal:
    return refusal(
        "jurisdiction_unknown",
        f"{code[:2]} is not a D20 jurisdiction code.",
        "Choose one.",
        field="jurisdiction",
    )
