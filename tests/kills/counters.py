"""Where a clerk asks: at a desk of its own by a pipe, or at the server by its JSON API. Either may die over it."""

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import httpx
from desk_process import Call, Opening, Reply

from vinculum.state.casework.deal_json import dump_deal
from vinculum.state.transactions import void_registration

_HERE = Path(__file__).resolve().parent
_PATIENCE = httpx.Timeout(30.0, connect=2.0)


def start_process(
    *command: str, log: Path, settings: dict[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """A Python program with a pipe to and from it, in a process group of its own."""
    with log.open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": f"{_HERE}:{_HERE.parent}", **(settings or {})},
        )


class Counter(Protocol):
    """A place to ask."""

    def ask(self, call: Call) -> Reply | None:
        """One attempt; None when no answer came."""
        ...

    def kill(self) -> None:
        """Kill what is behind the counter, if it belongs to this clerk alone."""
        ...


class PipeCounter:
    """A desk process of one's own; a dead one is replaced at the next attempt."""

    def __init__(self, opening: Opening, *, log: Path) -> None:
        self._opening = opening
        self._log = log
        self._desk: subprocess.Popen[bytes] | None = None

    def ask(self, call: Call) -> Reply | None:
        """Ask by the pipe."""
        try:
            if self._desk is None or self._desk.poll() is not None:
                self._desk = start_process(str(_HERE / "desk_process.py"), log=self._log)
                self._write(self._opening)
            self._write(call)
            assert self._desk.stdout is not None
            reply: Reply = pickle.load(self._desk.stdout)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            self._bury()
            return None
        return reply

    def kill(self) -> None:
        """Kill the desk, whatever it is doing."""
        if self._desk is not None:
            self._desk.kill()

    def _write(self, thing: object) -> None:
        assert self._desk is not None
        assert self._desk.stdin is not None
        pickle.dump(thing, self._desk.stdin)
        self._desk.stdin.flush()

    def _bury(self) -> None:
        assert self._desk is not None
        self._desk.kill()
        self._desk.wait()
        for pipe in (self._desk.stdin, self._desk.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was still to be sent to it
                    pipe.close()
        self._desk = None


class HttpCounter:
    """The server's JSON API, entered with the dealer's key; the server is everybody's."""

    def __init__(self, address: str, *, keys: dict[UUID, str]) -> None:
        self._client = httpx.Client(base_url=f"{address}/api/v1", timeout=_PATIENCE, trust_env=False)
        self._keys = keys

    def ask(self, call: Call) -> Reply | None:
        """Ask by HTTP; an answer that says nothing of the deal is trouble, and one asks again."""
        path, body = _as_posted(call)
        headers = {
            "Authorization": f"Bearer {self._keys[call.actor.organisation_id]}",
            "Idempotency-Key": call.request.idempotency_key,
        }
        try:
            answer = self._client.post(path, json=body, headers=headers)
        except httpx.TransportError:
            return None
        document = answer.json()
        if answer.is_success:
            return Reply(document=document if path.endswith("/void") else {"receipt": document})
        if document["refusals"]:
            return Reply(document={"refusals": document["refusals"]})
        return Reply(document=None, trouble=f"status {answer.status_code}")

    def kill(self) -> None:
        """Not this clerk's to kill."""


def _as_posted(call: Call) -> tuple[str, dict[str, Any]]:
    request = call.request
    if isinstance(request, void_registration.Request):
        path = f"/registrations/{request.application_id}/void"
        return path, {"reason": request.reason, "not_left_lot": request.not_left_lot}
    return "/registrations", dump_deal(request.deal)
