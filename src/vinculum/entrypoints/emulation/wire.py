"""An emulated state's line to the exchange: real messages, files and questions over HTTP, with its key."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from vinculum.entrypoints.emulation.watch import Watch
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.json_codec import (
    MESSAGE_NAMES,
    MalformedMessage,
    decode_answer,
    encode_message,
)
from vinculum.protocol.update_answer import UpdateAnswer

_TRIES: Final = 5
_FILE_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of a file: its state, and the codes and records of those that were rejected."""

    state: str
    rejected: frozenset[int]


class Wire:
    """One state's connection; what goes over it is noted in the watch."""

    def __init__(self, address: str, *, key: str, watch: Watch) -> None:
        self._watch = watch
        self._client = httpx.Client(
            base_url=address.rstrip("/"),
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(10.0, connect=5.0),
            trust_env=False,
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def update(
        self, message: UpdateMessage, *, old: tuple[str, str] | None = None, twice: bool = False
    ) -> UpdateAnswer | None:
        """Send an update until it is answered, as an outbox does; None when no answer came."""
        kind, body = MESSAGE_NAMES[type(message)], encode_message(message)
        self._watch.note_sent(kind)
        answer: UpdateAnswer | None = None
        for number in range(_TRIES):
            if number:
                self._watch.note_retry()
            told = self._post("/exchange/v1/messages", body)
            if told is None or told.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                time.sleep(0.2 * (number + 1))
                continue
            answer = self._read_update(kind, told, old=old, again=answer is not None)
            if answer is None or not twice:
                break
            twice = False
        if answer is None:
            self._watch.note_unanswered()
        return answer

    def _read_update(
        self, kind: str, told: httpx.Response, *, old: tuple[str, str] | None, again: bool
    ) -> UpdateAnswer | None:
        if told.status_code != httpx.codes.OK:
            self._watch.note_breach(f"{kind} was answered with status {told.status_code}")
            return None
        try:
            answer = decode_answer(UpdateAnswer, told.content)
        except MalformedMessage as fault:
            self._watch.note_breach(f"the answer to {kind} is none of the protocol: {fault}")
            return None
        self._watch.note_update(answer, told.content, old=old)
        if not again:
            self._watch.note_answer(kind, refused=not answer.accepted, problems=answer.problems)
        return answer

    def inquire(self, message: UsedVehicleInquiry) -> InquiryAnswer | None:
        """Ask about a VIN; None when no answer came."""
        kind = MESSAGE_NAMES[type(message)]
        self._watch.note_sent(kind)
        told = self._post("/exchange/v1/messages", encode_message(message))
        if told is None or told.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return None
        if told.status_code != httpx.codes.OK:
            self._watch.note_breach(f"{kind} was answered with status {told.status_code}")
            return None
        answer = decode_answer(InquiryAnswer, told.content)
        self._watch.note_answer(kind, refused=not answer.answered, problems=answer.problems)
        return answer

    def garble(self, body: bytes) -> None:
        """Send what is no message: it must be refused as such, and nothing else may come of it."""
        self._watch.note_sent("garbled")
        told = self._post("/exchange/v1/messages", body)
        if told is not None and told.status_code not in {400, 413}:
            self._watch.note_breach(f"what is no message was answered with status {told.status_code}")

    def look(self, vin: str) -> None:
        """Look a vehicle up as a clerk does in a browser: the public history, which answers few at a time."""
        self._watch.note_sent("web_look")
        self._within(lambda: self._client.get(f"/api/v1/vehicles/{vin}/history"))

    def file(self, body: bytes) -> UUID | None:
        """Hand a batch file in; its id, or None when it was not taken."""
        self._watch.note_file("sent")
        told = self._within(
            lambda: self._client.post(
                "/exchange/v1/files", content=body, headers={"Content-Type": "text/plain"}
            )
        )
        if told is None or told.status_code not in {200, 201}:
            self._watch.note_file(f"refused {told.status_code if told is not None else 'by silence'}")
            return None
        return UUID(told.json()["file_id"])

    def report(self, file_id: UUID) -> FileReport | None:
        """Wait for the file to be applied and read its report; None when that took too long."""
        give_up = time.monotonic() + _FILE_PATIENCE
        while time.monotonic() < give_up:
            told = self._within(lambda: self._client.get(f"/exchange/v1/files/{file_id}"))
            if told is not None and told.status_code == httpx.codes.OK:
                document = told.json()
                if document["state"] in {"applied", "rejected"}:
                    self._watch.note_file(document["state"])
                    return FileReport(state=document["state"], rejected=self._rejected(file_id))
            time.sleep(0.3)
        self._watch.note_file("not applied in time")
        return None

    def answer_file(self, file_id: UUID) -> int:
        """How many lines the answer to a file of inquiries has."""
        told = self._within(lambda: self._client.get(f"/exchange/v1/files/{file_id}/answer?form=csv"))
        lines = told.text.count("\n") if told is not None and told.status_code == httpx.codes.OK else 0
        self._watch.note_file("lines of answers", lines)
        return lines

    def _rejected(self, file_id: UUID) -> frozenset[int]:
        told = self._within(
            lambda: self._client.get(f"/exchange/v1/files/{file_id}/report?form=json&severity=error")
        )
        said: list[dict[str, Any]] = told.json()["messages"] if told is not None else []
        for one in said:
            self._watch.note_file(f"record refused {one['code']}")
        return frozenset(one["record"] for one in said)

    def _post(self, path: str, body: bytes) -> httpx.Response | None:
        return self._within(
            lambda: self._client.post(path, content=body, headers={"Content-Type": "application/json"})
        )

    def _within(self, ask: Callable[[], httpx.Response]) -> httpx.Response | None:
        began = time.perf_counter()
        try:
            told = ask()
        except httpx.HTTPError:
            self._watch.note_silence()
            return None
        self._watch.note_status(told.status_code, time.perf_counter() - began)
        return told
