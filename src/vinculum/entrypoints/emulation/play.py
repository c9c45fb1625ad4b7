"""Letting emulated states play: in turn, so that each run with one seed says the same, or all at once, for load."""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from vinculum.entrypoints.emulation.cast import NotPlayed, Part
from vinculum.entrypoints.emulation.country import Country
from vinculum.entrypoints.emulation.emulated_jurisdiction import EmulatedJurisdiction
from vinculum.entrypoints.emulation.promises import broken_promises
from vinculum.entrypoints.emulation.watch import Watch
from vinculum.entrypoints.emulation.wire import Wire
from vinculum.protocol.inquiry import UsedVehicleInquiry

# At the end so many vehicles are asked about, to see that each record is whole.
_MOST_LOOKED_AT: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is played: `turns` acts of each state in turn, or `rate` acts a second of all together for `seconds`."""

    address: str
    keys: Mapping[str, str]
    parts: Sequence[Part]
    seed: int = 1
    run: str = "1"
    vehicles: int = 40
    turns: int = 0
    rate: float = 20.0
    seconds: float = 30.0


def play(plan: Plan) -> Watch:
    """Play it; the watch says what was done, seen and broken."""
    missing = [part.code for part in plan.parts if part.code not in plan.keys]
    if missing:
        raise NotPlayed(f"There is no key for {', '.join(missing)}.")
    country = Country(seed=plan.seed, run=plan.run, vehicles=plan.vehicles)
    watch = Watch()
    with ExitStack() as lines:
        wires: dict[str, Wire] = {}
        for part in plan.parts:
            wires[part.code] = Wire(plan.address, key=plan.keys[part.code], watch=watch)
            lines.callback(wires[part.code].close)
        states = [
            EmulatedJurisdiction(part, country=country, wire=wires[part.code], watch=watch)
            for part in plan.parts
        ]
        if plan.turns:
            _in_turn(states, turns=plan.turns)
        else:
            _at_once(states, rate=plan.rate, seconds=plan.seconds)
        asker = next((part.code for part in plan.parts if part.mode in {1, 2}), None)
        if asker is not None:
            _look_at_the_end(wires[asker], country=country, watch=watch, asker=asker)
    return watch


def _in_turn(states: Sequence[EmulatedJurisdiction], *, turns: int) -> None:
    for _ in range(turns):
        for state in states:
            state.act()
    for state in states:
        state.close_day()


def _at_once(states: Sequence[EmulatedJurisdiction], *, rate: float, seconds: float) -> None:
    ends = time.monotonic() + seconds
    pause = len(states) / rate
    faults: list[BaseException] = []

    def work(state: EmulatedJurisdiction) -> None:
        try:
            due = time.monotonic()
            while due < ends:
                state.act()
                due = max(due + pause, time.monotonic())
                time.sleep(max(0.0, min(due, ends) - time.monotonic()))
            state.close_day()
        except Exception as fault:  # noqa: BLE001 - raised again where the run is waited for
            faults.append(fault)

    workers = [threading.Thread(target=work, args=(state,)) for state in states]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if faults:
        raise faults[0]


def _look_at_the_end(wire: Wire, *, country: Country, watch: Watch, asker: str) -> None:
    """Every title that was accepted is in the history of its vehicle, and every record is one record."""
    for number, vin in enumerate(sorted(watch.titles)[:_MOST_LOOKED_AT]):
        asked = UsedVehicleInquiry(
            message_id=country.message_id(f"{asker} end", number),
            origin=asker,
            sent_at=datetime.now(UTC),
            vin=vin,
            purpose="investigation",
        )
        told = wire.inquire(asked)
        if told is None or not told.answered:
            watch.note_breach(f"{vin} could not be looked at in the end")
            continue
        for words in broken_promises(told, accepted=watch.titles[vin]):
            watch.note_breach(words)
