"""The exchange for a state that runs in the same process: the same messages and answers, without a wire."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg_pool import PoolTimeout

from vinculum.access.database import connected
from vinculum.entrypoints.exchange.dispatch import answer_message, apply_message
from vinculum.entrypoints.exchange.state_detail import with_state_detail
from vinculum.national.records.write_change import PointerMoved
from vinculum.protocol.exchange import ExchangeUnavailable, UpdateMessage
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.update_answer import UpdateAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeInProcess:
    """An `Exchange` (protocol): each call is one transaction in the national database.

    `jurisdiction` is who asks; it is the program's own configuration and therefore believed.
    """

    jurisdiction: str
    clock: Callable[[], datetime]

    def inquire(self, message: UsedVehicleInquiry) -> InquiryAnswer:
        """Ask what is known of a VIN."""
        try:
            with connected("national") as connection:
                answer = answer_message(
                    message, sender=self.jurisdiction, at=self.clock(), connection=connection
                )
        except (psycopg.OperationalError, PoolTimeout, PointerMoved) as fault:
            raise ExchangeUnavailable(
                f"The national database gave no answer ({type(fault).__name__})."
            ) from fault
        assert isinstance(answer, InquiryAnswer)
        return with_state_detail(answer, message, at=self.clock())

    def send(self, message: UpdateMessage) -> UpdateAnswer:
        """Report an update."""
        try:
            with connected("national") as connection:
                return apply_message(
                    message, sender=self.jurisdiction, at=self.clock(), connection=connection
                )
        except (psycopg.OperationalError, PoolTimeout, PointerMoved) as fault:
            raise ExchangeUnavailable(
                f"The national database gave no answer ({type(fault).__name__})."
            ) from fault
