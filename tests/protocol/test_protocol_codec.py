"""Messages as JSON: what goes in comes out, what is not exactly a message is refused."""

import contextlib
import dataclasses
import json
from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vinculum.protocol import fields
from vinculum.protocol.exchange import Message
from vinculum.protocol.fields import (
    NationalField,
    field_problems,
)
from vinculum.protocol.inquiry import InquiryAnswer
from vinculum.protocol.json_codec import (
    MESSAGE_NAMES,
    MalformedMessage,
    decode_answer,
    decode_message,
    encode_answer,
    encode_message,
    message_digest,
)
from vinculum.protocol.notice import Notice
from vinculum.protocol.problem import PROBLEM_KINDS
from vinculum.protocol.state_detail import StateDetail, StateDetailRequest
from vinculum.protocol.update_answer import UpdateAnswer

_aware = st.datetimes(timezones=st.just(UTC))
messages = st.one_of([st.builds(kind, sent_at=_aware) for kind in get_args(Message)])
answers = st.one_of(
    st.builds(UpdateAnswer, answered_at=_aware),
    st.builds(InquiryAnswer, answered_at=_aware, history=st.just(())),
    st.builds(Notice, created_at=_aware),
    st.builds(StateDetail, sent_at=_aware),
    st.builds(StateDetailRequest, sent_at=_aware),
)


@settings(max_examples=300, deadline=None)
@given(messages)
def test_message_comes_back_as_it_went(message: Message) -> None:
    """N-309: encoding and decoding lose nothing, so a repeated message is the same message."""
    again = decode_message(encode_message(message))
    assert again == message
    assert message_digest(again) == message_digest(message)


@settings(max_examples=200, deadline=None)
@given(answers)
def test_answer_comes_back_as_it_went(answer: Any) -> None:
    """N-309: answers too."""
    assert decode_answer(type(answer), encode_answer(answer)) == answer


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_message_or_malformed(body: bytes) -> None:
    """N-309: nothing but `MalformedMessage` comes out of what is no message."""
    with pytest.raises(MalformedMessage):
        decode_message(body)


@settings(max_examples=300, deadline=None)
@given(messages, st.data())
def test_any_wrong_value_is_a_message_or_malformed(message: Message, data: st.DataObject) -> None:
    """N-309: one value replaced by anything is still a message or is refused, never a crash."""
    document = json.loads(encode_message(message))
    key = data.draw(st.sampled_from(sorted(document)))
    document[key] = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
    )
    with contextlib.suppress(MalformedMessage):
        decode_message(json.dumps(document).encode())


@settings(max_examples=50, deadline=None)
@given(messages)
def test_unknown_key_is_an_error(message: Message) -> None:
    """N-101: a key that is not in the message, such as an owner's name, cannot even be sent."""
    document = json.loads(encode_message(message)) | {"owner_name": "X"}
    with pytest.raises(MalformedMessage, match="owner_name"):
        decode_message(json.dumps(document).encode())


def test_key_given_twice_is_an_error() -> None:
    """N-309: of two values for one key nobody knows which was meant."""
    with pytest.raises(MalformedMessage, match="twice"):
        decode_message(b'{"message": "add_title", "vin": "A", "vin": "B"}')


def test_every_message_has_one_name() -> None:
    """N-309: each type of message is known by a name of its own."""
    assert set(MESSAGE_NAMES) == set(get_args(Message))
    assert len(set(MESSAGE_NAMES.values())) == len(MESSAGE_NAMES)


def test_moment_of_sending_is_not_content() -> None:
    """N-309: a retry is sent later and is still the same message."""
    message = _title()
    later = dataclasses.replace(message, sent_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert message_digest(later) == message_digest(message)
    other = dataclasses.replace(message, message_id=uuid4())
    assert message_digest(other) != message_digest(message)


@pytest.mark.parametrize(
    ("ruler", "length"),
    [
        *(("VVHIDN", 30), ("VTIJUR", 2), ("VTINUM", 17), ("VVHMAK", 4), ("VVHMYE", 4), ("VSKYTI", 30)),
        *(("VODMTR", 9), ("VBRCOD", 2), ("VBRDCD", 7), ("VBRPSA", 3)),
    ],
)
def test_lengths_are_the_published_ones(ruler: str, length: int) -> None:
    """N-101: fields and lengths of the national files as published."""
    field = getattr(fields, ruler)
    assert isinstance(field, NationalField)
    assert (field.mnemonic, field.length) == (ruler, length)


def _title(**more: Any) -> Any:
    given: dict[str, Any] = {
        "vin": "1HGCM82633A004352",
        "title_number": "NY1",
        "make": "HOND",
        "model_year": 2003,
        "odometer": 1,
    }
    kind = next(kind for kind, name in MESSAGE_NAMES.items() if name == "add_title")
    return kind(
        message_id=uuid4(),
        origin="NY",
        sent_at=datetime(2026, 1, 1, tzinfo=UTC),
        issue_date=date(2020, 1, 1),
        **(given | more),
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("vin", ""), ("vin", "1" * 31), ("vin", "1HGCM82633AOO4352"), ("vin", "1hgcm82633a004352")),
        *(("vin", "１HGCM82633A004352"), ("vin", "A\x00B"), ("vin", "A\n")),
        *(("title_number", ""), ("title_number", "1" * 18), ("title_number", " 1"), ("title_number", "é")),
        *(("make", ""), ("make", "HONDA"), ("model_year", 203), ("model_year", 20031)),
        *(("odometer", -1), ("odometer", 10**9), ("state_title_key", "K" * 31)),
    ],
)
def test_what_does_not_fit_is_named(field: str, value: object) -> None:
    """N-101, N-306: each field is held to its published length and alphabet, and the field is named."""
    assert field_problems(_title()) == ()
    found = field_problems(_title(**{field: value}))
    assert [(problem.code, problem.field) for problem in found] == [("V02", field)]


def test_time_without_offset_is_named() -> None:
    """N-309: a moment that does not say its offset could be any of two dozen."""
    naive = dataclasses.replace(_title(), sent_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the fault
    assert [problem.field for problem in field_problems(naive)] == ["sent_at"]


def test_published_codes_are_kept_exactly() -> None:
    """N-303: the published code and text; ours are in a range of their own."""
    assert PROBLEM_KINDS["401"].sentence == "TITLE EXISTS FOR THIS VIN/SOT/TITLE #"
    assert PROBLEM_KINDS["20B"].sentence == "VIN IS SHORTER THAN 17 CHARACTERS"
    assert PROBLEM_KINDS["222"].sentence == "MAKE CHANGED LEADING SPACE REMOVED"
    assert PROBLEM_KINDS["21A"].sentence == "VIN DECODED BUT CK DIGIT FAILED"
    assert PROBLEM_KINDS["21C"].sentence == "VIN DID NOT DECODE (MAYBE TYPOS) & CK DIGIT FAILED"
    assert PROBLEM_KINDS["21D"].sentence == "VIN NOT IN DB BUT CK DIGIT OK"
    ours = set(PROBLEM_KINDS) - {"401", "20B", "21A", "21C", "21D", "222"}
    assert all(code[0] == "V" and code[1:].isdigit() and len(code) == 3 for code in ours)
