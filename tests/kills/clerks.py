"""Clerks who outlive their desks: each asks, notes every answer, and asks again with the same key when none came."""

import collections
import threading
import time
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from counters import Counter
from desk_process import Call, Reply
from work_orders import WorkOrder

from vinculum.state.transactions import register_vehicle, void_registration

_PATIENCE_SECONDS = 60
# What may be otherwise a moment later: the clerk tries the deal again, under a key of its own.
_PASSING = {"exchange_unavailable", "funds_taken_meanwhile"}


@dataclass(slots=True)
class Journal:
    """What all clerks together asked, and every answer they were given."""

    asked: dict[str, Call] = field(default_factory=dict)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    counts: collections.Counter[str] = field(default_factory=collections.Counter)
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
                outcome = {None: "", True: ", had committed", False: ", had not"}[reply.repeated]
                self.counts[f"silent{outcome}"] += 1

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

    def __init__(self, orders: tuple[WorkOrder, ...], *, counter: Counter, journal: Journal) -> None:
        super().__init__(daemon=True)
        self.orders = orders
        self.counter = counter
        self.journal = journal
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Work off the orders; a failure is kept for whoever joins."""
        try:
            for order in self.orders:
                self._work_off(order)
        except BaseException as failure:  # noqa: BLE001  shown by the test, in its own thread
            self.failure = failure
        finally:
            self.counter.kill()

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
        request = register_vehicle.Request(deal=order.deal, idempotency_key=str(uuid4()))
        call = Call(request=request, actor=order.actor, dies=order.dies)
        return call, self._submit(call)

    def _submit(self, call: Call) -> dict[str, Any]:
        """Ask until an answer comes: always the same request under the same key.

        A refusal that passes by itself is not kept under the key, so it is no answer yet: it is asked again.
        """
        self.journal.ask(call)
        give_up, silent = time.monotonic() + _PATIENCE_SECONDS, False
        while time.monotonic() < give_up:
            reply = self.counter.ask(call)
            if reply is not None and reply.document is not None:
                if not _is_passing(reply.document):
                    self.journal.answer(call, reply, after_silence=silent)
                    return reply.document
                self.journal.count("refused for a passing reason")
                time.sleep(0.2)
                continue
            self.journal.count("no answer" if reply is None else f"trouble: {reply.trouble}")
            silent, call = True, replace(call, dies="")
            time.sleep(0.05)
        raise AssertionError(f"no answer within {_PATIENCE_SECONDS} seconds")


def _is_passing(document: dict[str, Any]) -> bool:
    return any(refusal["code"] in _PASSING for refusal in document.get("refusals", ()))
