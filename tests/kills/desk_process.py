"""A server process: reads requests from its pipe, does each in a transaction of the product, answers.

Its pipe is its network: what it has written there is acknowledged, and when it dies its clerk is left without
an answer. It can be told to die at the worst moments, and to be broken in one of the ways that a kill test
must notice.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, Literal

import psycopg
from psycopg_pool import PoolTimeout
from pydantic import TypeAdapter
from work_orders import Death

from vinculum.access import database, idempotency, service
from vinculum.access.database import Actor, acting
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess
from vinculum.kernel.refusal import Refused
from vinculum.state.transactions import register_vehicle, void_registration
from vinculum.state.transactions.void_registration import VoidReceipt

# Ways to be broken: to answer before the commit, and to take the money in a transaction of its own.
Breakage = Literal["", "answers_before_commit", "charges_apart"]
_VOID_RECEIPT = TypeAdapter(VoidReceipt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as its clerk sends it."""

    request: register_vehicle.Request | void_registration.Request
    actor: Actor
    dies: Death = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the desk answers: the document that is kept under the key, or the trouble it had.

    `repeated` says whether the key had been answered before, where that is known.
    """

    document: dict[str, Any] | None
    repeated: bool | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a desk is given when it starts."""

    state_url: str
    national_url: str
    service_key: str
    breakage: Breakage = ""


def _now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """The process: its pipe, and what is to happen around the call in hand."""

    def __init__(self, opening: Opening, answers: BinaryIO) -> None:
        self.opening = opening
        self.answers = answers
        self.exchange = ExchangeInProcess(jurisdiction="CT", clock=_now)
        self.actor: Actor | None = None
        self.dies: Death = ""
        self.repeated = False
        self.answered = False

    def say(self, reply: Reply) -> None:
        """Acknowledge: from here on the clerk relies on it."""
        if not self.answered:
            pickle.dump(reply, self.answers)
            self.answers.flush()
            self.answered = True

    def serve(self, call: Call) -> None:
        """Do one call and answer it."""
        self.actor, self.dies = call.actor, call.dies
        self.repeated = self.answered = False
        try:
            document = self._do(call)
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as trouble:
            self.say(Reply(document=None, trouble=type(trouble).__name__))
            return
        if self.dies == "after_commit":
            _die()
        self.say(Reply(document=document, repeated=self.repeated))

    def _do(self, call: Call) -> dict[str, Any]:
        at = _now()
        try:
            if isinstance(call.request, void_registration.Request):
                voided = void_registration.run(call.request, actor=call.actor, at=at)
                return _VOID_RECEIPT.dump_python(voided, mode="json")  # type: ignore[no-any-return]
            receipt = register_vehicle.run(call.request, actor=call.actor, at=at, exchange=self.exchange)
        except Refused as refused:
            return {"refusals": [refusal.as_document() for refusal in refused.refusals]}
        return {"receipt": register_vehicle.RECEIPT.dump_python(receipt, mode="json")}

    def watch(self) -> None:
        """Put ourselves around the first and the last step of every transaction with a key."""
        claim, keep = idempotency.claim_key, idempotency.keep_answer

        def claim_watched(*arguments: Any, **named: Any) -> dict[str, Any] | None:
            kept = claim(*arguments, **named)
            self.repeated = kept is not None
            return kept

        def keep_watched(*arguments: Any, answer: dict[str, Any], **named: Any) -> None:
            keep(*arguments, answer=answer, **named)
            if self.opening.breakage == "answers_before_commit":
                self.say(Reply(document=answer))
            if self.dies == "before_commit":
                _die()

        idempotency.claim_key, idempotency.keep_answer = claim_watched, keep_watched
        if self.opening.breakage == "charges_apart":
            register_vehicle.charge_fees = _charging_apart(register_vehicle.charge_fees, self)


def _charging_apart(charge: Callable[..., Any], desk: Desk) -> Callable[..., Any]:
    """The money taken in a transaction of its own, committed before the registration's."""

    def charge_apart(_connection: object, **named: Any) -> Any:
        assert desk.actor is not None, "A desk that charges has a call in hand."
        with acting(desk.actor, act=register_vehicle.ACT) as own:
            return charge(own, **named)

    return charge_apart


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Serve until the clerk hangs up."""
    calls, answers = sys.stdin.buffer, sys.stdout.buffer
    opening: Opening = pickle.load(calls)
    database.configure(state_url=opening.state_url, national_url=opening.national_url, pool_size=2)
    service.configure(opening.service_key)
    desk = Desk(opening, answers)
    desk.watch()
    while True:
        try:
            call = pickle.load(calls)
        except EOFError:
            return
        desk.serve(call)


if __name__ == "__main__":
    import desk_process

    desk_process.main()
