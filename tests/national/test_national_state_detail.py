"""The state of title asked live: its detail, or which part is missing and why; the inquiry never fails for it."""

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from counter import NOW, Counter, codes, first_title, inquiry, new_vin

from vinculum.entrypoints.exchange import state_detail
from vinculum.entrypoints.exchange.emulated_state import EmulatedState, Manner
from vinculum.entrypoints.exchange.state_detail import AnswersOverHttps, with_state_detail
from vinculum.protocol.inquiry import InquiryAnswer
from vinculum.protocol.json_codec import decode_answer, encode_answer
from vinculum.protocol.state_detail import AnsweringState, StateDetail, StateDetailRequest

pytestmark = pytest.mark.database


def asked(counter: Counter, vin: str, states: dict[str, AnsweringState], **more: Any) -> InquiryAnswer:
    message = inquiry(vin, "CT", with_state_detail=True, **more)
    answer = counter.say(message)
    assert isinstance(answer, InquiryAnswer)
    return with_state_detail(answer, message, at=NOW, states=states, seconds=0.3)


def test_state_of_title_tells_its_detail(counter: Counter) -> None:
    """N-202: after a single pointer its state is asked: status, odometer, body style, colour, weight, lien holder."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    answer = asked(counter, vin, {"NY": EmulatedState()})
    detail = answer.state_detail
    assert detail is not None
    assert (detail.vin, detail.title_status) == (vin, "active")
    assert detail.body_style
    assert detail.color
    assert detail.gross_weight
    assert codes(answer) == []


@pytest.mark.parametrize(
    ("manner", "why"),
    [
        ("slow", "did not answer in time"),
        ("silent", "did not answer"),
        ("wrong", "answered about something else"),
    ],
)
def test_missing_detail_is_named(counter: Counter, manner: Manner, why: str) -> None:
    """N-202: slow, silent or wrong, the inquiry is answered in time and says which part is missing."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    began = time.monotonic()
    answer = asked(counter, vin, {"NY": EmulatedState(manner=manner, slow_seconds=1.0)})
    assert time.monotonic() - began < 0.9
    assert answer.answered
    assert [p.jurisdiction for p in answer.pointers] == ["NY"]
    assert answer.state_detail is None
    assert codes(answer) == [("V93", "state_detail")]
    assert "NY" in answer.problems[0].text
    assert why in answer.problems[0].text


def test_state_without_a_program(counter: Counter) -> None:
    """N-202: a state that answers nobody is missing too."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    assert codes(asked(counter, vin, {})) == [("V93", "state_detail")]


def test_nobody_is_asked_without_need(counter: Counter) -> None:
    """N-201, N-202: not when it was not asked for, when there is no title, or when there are several."""

    class Forbidden:
        def answer(self, request: StateDetailRequest) -> Any:
            raise AssertionError(f"nobody should ask about {request.vin}")

    states: dict[str, AnsweringState] = {"NY": Forbidden(), "MA": Forbidden()}
    vin = new_vin()
    assert codes(asked(counter, vin, states)) == []
    counter.titled(vin, "NY", "1", make="HOND")
    plain = inquiry(vin, "CT")
    answer = counter.say(plain)
    assert isinstance(answer, InquiryAnswer)
    assert with_state_detail(answer, plain, at=NOW, states=states) == answer
    counter.send(first_title(vin, "MA", "2", date(2021, 1, 1), make="TOYT"))
    assert codes(asked(counter, vin, states)) == [("V65", "title_number")]
    named = asked(counter, vin, {"MA": EmulatedState()}, title_jurisdiction="MA", title_number="2")
    assert named.state_detail is not None


def test_state_is_asked_about_the_title_that_was_named(counter: Counter) -> None:
    """N-202: of two current titles of one state the detail is that of the one which the inquiry names."""
    questions: list[str] = []

    class Listening(EmulatedState):
        def answer(self, request: StateDetailRequest) -> StateDetail:
            questions.append(request.title_number)
            return super().answer(request)

    vin = new_vin()
    counter.titled(vin, "NY", "1", make="HOND")
    counter.send(first_title(vin, "NY", "2", date(2021, 1, 1), make="TOYT"))
    for number in ("1", "2"):
        named = asked(counter, vin, {"NY": Listening()}, title_jurisdiction="NY", title_number=number)
        assert named.state_detail is not None
    assert questions == ["1", "2"]


def serving(respond: Callable[[bytes], tuple[str, bytes]]) -> tuple[str, threading.Thread, Any]:
    """A state's program on a port of this machine, for one question."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_args: object) -> None:
            """Nothing to the terminal of the tests."""

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        status, body = respond(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start(status, [("Content-Type", "application/json")])
        return [body]

    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    return f"http://127.0.0.1:{server.server_port}/detail", thread, server


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        ("200 OK", None, ""),
        ("200 OK", b"{}", "could not be read"),
        ("200 OK", b"x" * 20_000, "too long"),
        ("500 Oops", b"", "status 500"),
    ],
)
def test_state_asked_over_the_wire(counter: Counter, status: str, body: bytes | None, told: str) -> None:
    """N-202: the same by wire; whatever comes back, it is a detail or a part that is missing."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")

    def respond(question: bytes) -> tuple[str, bytes]:
        request = decode_answer(StateDetailRequest, question)
        assert (request.vin, request.title_number) == (vin, "1")
        return status, encode_answer(EmulatedState().answer(request)) if body is None else body

    address, thread, server = serving(respond)
    answer = asked(counter, vin, {"NY": AnswersOverHttps(address)})
    thread.join(5)
    server.server_close()
    assert (answer.state_detail is not None) is (body is None)
    assert told in " ".join(problem.text for problem in answer.problems)


def test_answering_programs_are_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-202: by address or as an emulator; anything else is refused at the start."""
    monkeypatch.setattr(state_detail, "_states", {})
    state_detail.configure(["NY=emulated:silent", "MA=https://example.org/detail"])
    assert set(state_detail._states) == {"NY", "MA"}
    for wrong in ("NY=emulated:rude", "NY=ftp://example.org", "NY"):
        with pytest.raises(ValueError, match=r"NY|rude"):
            state_detail.configure([wrong])
