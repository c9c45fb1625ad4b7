"""Clerks who outlive their desks: each asks, notes every answer, and asks again with the same key when none came."""

import os
import pickle
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from desk_process import Call, Opening, Reply
from work_orders import WorkOrder

from vinculum.state.transactions import register_vehicle, void_registration

_HERE = Path(__file__).resolve().parent
_PATIENCE_SECONDS = 60
# What may be otherwise a moment later: the clerk tries the deal again, under a key of its own.
_PASSING = {"exchange_unavailable", "funds_taken_meanwhile"}


def start_process(program: str, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
    """One of the programs of this folder, with a pipe to and from it."""
    with log.open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, str(_HERE / program), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": f"{_HERE}:{_HERE.parent}"},
        )


@dataclass(slots=True)
class Journal:
    """What all clerks together asked, and every answer they were given."""

    asked: dict[str, Call] = field(default_factory=dict)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, call: Call) -> None:
        """Note the request before it is sent."""
        with self.lock:
            self.asked[call.request.idempotency_key] = call

    def answer(self, call: Call, reply: Reply, *, after_silence: bool) -> None:
        """Note an acknowledgment; after silence, whether the silent attempt had taken effect."""
        assert reply.document is not None
        with self.lock:
            self.answers.setdefault(call.request.idempotency_key, []).append(reply.document)
            if after_silence:
                self.counts["silent, had committed" if reply.repeated else "silent, had not"] += 1

    def acknowledged(self) -> dict[str, list[dict[str, Any]]]:
        """All that was acknowledged up to now."""
        with self.lock:
            return {key: list(answers) for key, answers in self.answers.items()}

    def count(self, what: str) -> None:
        """One more of something."""
        with self.lock:
            self.counts[what] += 1


class Clerk(threading.Thread):
    """One clerk working off a list of orders at a desk that may die at any moment."""

    def __init__(
        self, orders: tuple[WorkOrder, ...], *, opening: Opening, journal: Journal, log: Path
    ) -> None:
        super().__init__(daemon=True)
        self.orders = orders
        self.opening = opening
        self.journal = journal
        self.log = log
        self.desk: subprocess.Popen[bytes] | None = None
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Work off the orders; a failure is kept for whoever joins."""
        try:
            for order in self.orders:
                self._work_off(order)
        except BaseException as failure:  # noqa: BLE001  shown by the test, in its own thread
            self.failure = failure
        finally:
            self.kill_desk()

    def kill_desk(self) -> None:
        """Kill the desk of this clerk, whatever it is doing."""
        if self.desk is not None:
            self.desk.kill()

    def _work_off(self, order: WorkOrder) -> None:
        call, document = self._register(order)
        if order.asked_twice:
            self._submit(replace(call, dies=""))
        if "receipt" in document and order.voided:
            application = UUID(document["receipt"]["application_id"])
            request = void_registration.Request(
                application_id=application,
                reason="The customer has changed their mind",
                not_left_lot=True,
                idempotency_key=str(uuid4()),
            )
            self._submit(Call(request=request, actor=order.actor, dies=order.dies))

    def _register(self, order: WorkOrder) -> tuple[Call, dict[str, Any]]:
        dies = order.dies
        for _ in range(20):
            request = register_vehicle.Request(deal=order.deal, idempotency_key=str(uuid4()))
            call = Call(request=request, actor=order.actor, dies=dies)
            document = self._submit(call)
            dies = ""
            codes = {refusal["code"] for refusal in document.get("refusals", ())}
            if not codes & _PASSING:
                return call, document
            self.journal.count("refused for a passing reason")
            time.sleep(0.2)
        raise AssertionError(f"still refused after twenty attempts: {codes}")

    def _submit(self, call: Call) -> dict[str, Any]:
        """Ask until an answer comes: always the same request under the same key."""
        self.journal.ask(call)
        give_up, silent = time.monotonic() + _PATIENCE_SECONDS, False
        while time.monotonic() < give_up:
            reply = self._send(call)
            if reply is not None and reply.document is not None:
                self.journal.answer(call, reply, after_silence=silent)
                return reply.document
            self.journal.count("no answer" if reply is None else f"trouble: {reply.trouble}")
            silent, call = True, replace(call, dies="")
            time.sleep(0.05)
        raise AssertionError(f"no answer within {_PATIENCE_SECONDS} seconds")

    def _send(self, call: Call) -> Reply | None:
        """One attempt; None when the desk died over it."""
        try:
            if self.desk is None or self.desk.poll() is not None:
                self.desk = start_process("desk_process.py", log=self.log)
                self._write(self.opening)
            self._write(call)
            assert self.desk.stdout is not None
            reply: Reply = pickle.load(self.desk.stdout)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            self._bury_desk()
            return None
        return reply

    def _write(self, thing: object) -> None:
        assert self.desk is not None
        assert self.desk.stdin is not None
        pickle.dump(thing, self.desk.stdin)
        self.desk.stdin.flush()

    def _bury_desk(self) -> None:
        assert self.desk is not None
        self.desk.kill()
        self.desk.wait()
        for pipe in (self.desk.stdin, self.desk.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was still to be sent to it
                    pipe.close()
        self.desk = None
