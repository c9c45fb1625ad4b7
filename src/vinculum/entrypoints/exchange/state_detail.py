"""Asking the state of title for its own detail, live: a part of the answer that may be missing, and then says so.

Asked when the record has been read and its connection given back: a slow state holds up nobody but who asked for
it, and never longer than the time-out (N-202).
"""

import dataclasses
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from datetime import datetime
from typing import Final

import httpx

from vinculum.entrypoints.exchange.emulated_state import EmulatedState
from vinculum.protocol.fields import field_problems
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.json_codec import MalformedMessage, decode_answer, encode_answer
from vinculum.protocol.problem import Problem, problem
from vinculum.protocol.state_detail import AnsweringState, StateDetail, StateDetailRequest, StateSilent

SECONDS_TO_ANSWER: Final = 2.0
LONGEST_ANSWER = 16 * 1024
_EMULATED = "emulated:"

_states: dict[str, AnsweringState] = {}
# A state that hangs keeps its place here until its own time-out; beyond that many, others are told to be silent.
_asking = ThreadPoolExecutor(max_workers=32, thread_name_prefix="state-detail")


class AnswersOverHttps:
    """A state's answering program at an address, shown a bearer key, or the user and password in the address."""

    def __init__(self, address: str, *, key: str = "", seconds: float = SECONDS_TO_ANSWER) -> None:
        self._address = httpx.URL(address)
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
        )

    def answer(self, request: StateDetailRequest) -> StateDetail:
        """The detail; raises StateSilent."""
        body = b""
        try:
            with self._client.stream(
                "POST",
                self._address,
                content=encode_answer(request),
                headers={"Content-Type": "application/json"},
            ) as response:
                if response.status_code == httpx.codes.NOT_FOUND:
                    raise StateSilent("it has no such title")
                if response.status_code != httpx.codes.OK:
                    raise StateSilent(f"it answered with status {response.status_code}")
                for part in response.iter_bytes():
                    body += part
                    if len(body) > LONGEST_ANSWER:
                        raise StateSilent("its answer was too long")
        except httpx.HTTPError as fault:
            raise StateSilent("it did not answer") from fault
        try:
            return decode_answer(StateDetail, body)
        except MalformedMessage as fault:
            raise StateSilent("its answer could not be read") from fault


def configure(declared: Iterable[str], *, keys: Iterable[str] = ()) -> None:
    """Name the answering programs: `NY=https://…`, or `MA=emulated:prompt` for one that is played here.

    `keys` are those that the programs have given us: `NY=vk_live_…`.
    """
    _states.clear()
    key_of = {state: key for state, _, key in (entry.partition("=") for entry in keys)}
    for entry in declared:
        state, _, where = entry.partition("=")
        if where.startswith(_EMULATED):
            _states[state] = EmulatedState.of_manner(where.removeprefix(_EMULATED))
        elif where.startswith(("https://", "http://")):
            _states[state] = AnswersOverHttps(where, key=key_of.get(state, ""))
        else:
            raise ValueError(f"{state}: an answering program is https://… or emulated:<manner>.")


def with_state_detail(
    answer: InquiryAnswer,
    message: UsedVehicleInquiry,
    *,
    at: datetime,
    states: Mapping[str, AnsweringState] | None = None,
    seconds: float = SECONDS_TO_ANSWER,
) -> InquiryAnswer:
    """The answer with the state of title's detail, or with the reason why that part is missing.

    Several pointers or none: there is no one state to ask, and nothing is added (N-201).
    """
    if not message.with_state_detail or answer.ask_state is None:
        return answer
    asked = answer.ask_state
    title = next(
        pointer
        for pointer in answer.pointers
        if pointer.jurisdiction == asked and message.title_number in (None, pointer.title_number)
    )
    request = StateDetailRequest(
        message_id=message.message_id,
        origin=message.origin,
        sent_at=at,
        vin=message.vin,
        title_number=title.title_number,
    )
    try:
        detail = ask_state(asked, request, states=states, seconds=seconds)
    except StateSilent as silence:
        return dataclasses.replace(answer, problems=(*answer.problems, _missing(asked, why=str(silence))))
    return dataclasses.replace(answer, state_detail=detail)


def ask_state(
    jurisdiction: str,
    request: StateDetailRequest,
    *,
    states: Mapping[str, AnsweringState] | None = None,
    seconds: float = SECONDS_TO_ANSWER,
) -> StateDetail:
    """The detail as the state of title tells it now; raises StateSilent, in time, with the reason."""
    state = (_states if states is None else states).get(jurisdiction)
    if state is None:
        raise StateSilent("it has no program that answers")
    waiting = _asking.submit(state.answer, request)
    try:
        detail = waiting.result(seconds)
    except NotInTime as fault:
        waiting.cancel()
        raise StateSilent("it did not answer in time") from fault
    if (detail.message_id, detail.vin) != (request.message_id, request.vin):
        raise StateSilent("it answered about something else")
    if field_problems(detail):
        raise StateSilent("its answer could not be read")
    return detail


def _missing(state: str, *, why: str) -> Problem:
    return problem("V93", field="state_detail", jurisdiction=state, why=why)
