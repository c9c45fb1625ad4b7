"""The exchange at the other end of a wire: messages as JSON over HTTPS, with short time-outs.

An inquiry that takes longer than a clerk waits is worth nothing; an update that got no answer is sent again
with the same message id, which is always safe (N-309).
"""

from types import TracebackType
from typing import Final, Self, TypeVar

import httpx

from vinculum.protocol.case_inquiry import CaseAnswer, CaseInquiry
from vinculum.protocol.exchange import ExchangeUnavailable, Message, UpdateMessage
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.json_codec import MalformedMessage, decode_answer, encode_message
from vinculum.protocol.update_answer import UpdateAnswer

TIME_OUT: Final = httpx.Timeout(5.0, connect=2.0)
LONGEST_ANSWER = 1024 * 1024

_Answer = TypeVar("_Answer", InquiryAnswer, CaseAnswer, UpdateAnswer)


class ExchangeOverHttps:
    """An `Exchange` (protocol) at an address, entered with the jurisdiction's key; safe to share by threads."""

    def __init__(self, address: str, *, key: str, timeout: httpx.Timeout = TIME_OUT) -> None:
        self._client = httpx.Client(
            base_url=address.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        )

    def inquire(self, message: UsedVehicleInquiry) -> InquiryAnswer:
        """Ask what is known of a VIN."""
        return self._exchange(message, InquiryAnswer)

    def cases(self, message: CaseInquiry) -> CaseAnswer:
        """Ask how it stands with one's own cases about a VIN."""
        return self._exchange(message, CaseAnswer)

    def send(self, message: UpdateMessage) -> UpdateAnswer:
        """Report an update."""
        return self._exchange(message, UpdateAnswer)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _exchange(self, message: Message, answer_type: type[_Answer]) -> _Answer:
        body = self._post(encode_message(message))
        try:
            answer = decode_answer(answer_type, body)
        except MalformedMessage as fault:
            raise ExchangeUnavailable("The exchange's answer is not one of the protocol.") from fault
        if answer.message_id != message.message_id:
            raise ExchangeUnavailable("The exchange answered another message.")
        return answer

    def _post(self, body: bytes) -> bytes:
        """The body of the answer; its length is limited, whatever the other end sends."""
        try:
            with self._client.stream("POST", "messages", content=body) as response:
                if response.status_code != httpx.codes.OK:
                    raise ExchangeUnavailable(f"The exchange answered with status {response.status_code}.")
                answer = bytearray()
                for chunk in response.iter_bytes():
                    answer += chunk
                    if len(answer) > LONGEST_ANSWER:
                        raise ExchangeUnavailable("The exchange's answer is longer than any of the protocol.")
                return bytes(answer)
        except httpx.HTTPError as fault:
            raise ExchangeUnavailable(f"The exchange did not answer ({type(fault).__name__}).") from fault
