"""An emulator of a state's answering program: it plays a state, promptly or badly, for demonstrations and tests.

It is no state: every detail it gives is made from the VIN that was asked about and names itself as emulated.
"""

import time
from dataclasses import dataclass
from typing import Literal, Self, get_args

from vinculum.protocol.state_detail import StateDetail, StateDetailRequest, StateSilent

Manner = Literal["prompt", "slow", "silent", "wrong"]
_SLOW_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatedState:
    """A played state: prompt, slow (answers when nobody waits any more), silent, or wrong (of another VIN)."""

    manner: Manner = "prompt"
    slow_seconds: float = _SLOW_SECONDS

    @classmethod
    def of_manner(cls, manner: str) -> Self:
        """The state that behaves so; raises ValueError for a manner that is not played."""
        for known in get_args(Manner):
            if manner == known:
                return cls(manner=known)
        raise ValueError(f"{manner} is not one of {', '.join(get_args(Manner))}.")

    def answer(self, request: StateDetailRequest) -> StateDetail:
        """The made-up detail, in this state's manner."""
        if self.manner == "silent":
            raise StateSilent("it did not answer")
        if self.manner == "slow":
            time.sleep(self.slow_seconds)
        chosen = sum(map(ord, request.vin))
        return StateDetail(
            message_id=request.message_id,
            sent_at=request.sent_at,
            vin=request.vin[::-1] if self.manner == "wrong" else request.vin,
            title_status="active",
            odometer=chosen * 37 % 150_000,
            odometer_unit="M",
            body_style="LSV" if chosen % 10 == 0 else "4D SEDAN",
            color=("BLUE", "GREEN", "WHITE")[chosen % 3],
            gross_weight=3000 + chosen % 3000,
            lien_holder="EMULATED EXAMPLE BANK" if chosen % 2 else "",
        )
