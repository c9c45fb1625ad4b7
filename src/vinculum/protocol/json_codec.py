"""Messages as JSON: each with its name under `message`, every key known, every value of its exact type."""

import hashlib
import json
from typing import Any, Final, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.case_inquiry import CaseAnswer, CaseInquiry
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.correct_brand import CorrectBrand, RemoveBrand
from vinculum.protocol.exchange import Message
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.inquiry import InquiryAnswer, NewVehicleInquiry, UsedVehicleInquiry
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.notice import Notice
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.state_detail import StateDetail, StateDetailRequest
from vinculum.protocol.theft import ClearTheft, ReportTheft
from vinculum.protocol.undercover import LiftUndercover, MarkUndercover
from vinculum.protocol.undo_title import UndoTitle
from vinculum.protocol.update_answer import UpdateAnswer

MESSAGE_NAMES: Final[dict[type, str]] = {
    UsedVehicleInquiry: "used_vehicle_inquiry",
    NewVehicleInquiry: "new_vehicle_inquiry",
    ChangeOfStateOfTitle: "change_of_state_of_title",
    InStateChange: "in_state_change",
    AddTitle: "add_title",
    ModifyTitle: "modify_title",
    RemoveTitle: "remove_title",
    UndoTitle: "undo_title",
    AddBrand: "add_brand",
    CorrectBrand: "correct_brand",
    RemoveBrand: "remove_brand",
    ReportTheft: "report_theft",
    ClearTheft: "clear_theft",
    MarkUndercover: "mark_undercover",
    LiftUndercover: "lift_undercover",
    OpenDiscrepancy: "open_discrepancy",
    CaseInquiry: "case_inquiry",
}
_MESSAGE_TYPES: Final = {name: message_type for message_type, name in MESSAGE_NAMES.items()}

Answer = TypeVar("Answer", InquiryAnswer, CaseAnswer, UpdateAnswer, Notice, StateDetail, StateDetailRequest)


class MalformedMessage(ValueError):
    """The bytes are not a message of this protocol; `faults` name each place and what is wrong there."""

    def __init__(self, faults: tuple[tuple[str, str], ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{place}: {fault}" for place, fault in faults))


def encode_message(message: Message) -> bytes:
    """The message as JSON, keys in the order they are declared."""
    name = MESSAGE_NAMES[type(message)]
    body = _ADAPTERS[type(message)].dump_json(message)
    return b'{"message":"' + name.encode() + b'",' + body[1:]


def decode_message(body: bytes) -> Message:
    """The message those bytes are; raises MalformedMessage."""
    try:
        document = json.loads(body, object_pairs_hook=_each_key_once)
    except MalformedMessage:
        raise
    except (ValueError, RecursionError) as fault:
        raise MalformedMessage((("", f"not JSON ({fault.__class__.__name__})"),)) from fault
    if not isinstance(document, dict):
        raise MalformedMessage((("", "a message is a JSON object"),))
    name = str(document.pop("message", ""))
    message_type = _MESSAGE_TYPES.get(name)
    if message_type is None:
        raise MalformedMessage((("message", f"must be one of {', '.join(_MESSAGE_TYPES)}"),))
    # As `encode_message` writes it, the name can be cut off; any other order of keys is written anew without it.
    start = b'{"message":"' + name.encode() + b'",'
    nameless = b"{" + body[len(start) :] if body.startswith(start) else json.dumps(document).encode()
    message: Message = _read(message_type, nameless)
    return message


def encode_answer(
    answer: InquiryAnswer | CaseAnswer | UpdateAnswer | Notice | StateDetail | StateDetailRequest,
) -> bytes:
    """The answer as JSON; what passes between the exchange and a state of title too."""
    return _ADAPTERS[type(answer)].dump_json(answer)


def decode_answer(answer_type: type[Answer], body: bytes) -> Answer:
    """The answer of that type those bytes are; raises MalformedMessage."""
    answer: Answer = _read(answer_type, body)
    return answer


def message_digest(message: Message) -> bytes:
    """SHA-256 of what the message says; the moment of sending is not part of it, so a retry is the same."""
    name = MESSAGE_NAMES[type(message)]
    body = _ADAPTERS[type(message)].dump_json(message, exclude={"sent_at"})
    return hashlib.sha256(name.encode() + b"\0" + body).digest()


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a key given twice, two readers could see different values."""
    document = dict(pairs)
    if len(document) != len(pairs):
        raise MalformedMessage((("", "a key is given twice"),))
    return document


def _read(message_type: type, body: bytes) -> Any:
    try:
        return _ADAPTERS[message_type].validate_json(body, strict=True)
    except ValidationError as fault:
        raise MalformedMessage(
            tuple((".".join(map(str, error["loc"])), error["msg"]) for error in fault.errors())
        ) from fault


_ADAPTERS: Final[dict[type, TypeAdapter[Any]]] = {
    # Unknown keys are errors: a misspelt optional field must not vanish.
    spoken: TypeAdapter(with_config(ConfigDict(extra="forbid"))(spoken))
    for spoken in (
        *MESSAGE_NAMES,
        *(InquiryAnswer, CaseAnswer, UpdateAnswer, Notice, StateDetail, StateDetailRequest),
    )
}
