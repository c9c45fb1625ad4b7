"""The exchange for a state that runs in the same process: the same messages and answers, without a wire."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg_pool import PoolTimeout

from vinculum.access import service
from vinculum.access.database import Connection, acting, connected
from vinculum.entrypoints.exchange.dispatch import act_of, answer_message, apply_message
from vinculum.entrypoints.exchange.state_detail import with_state_detail
from vinculum.national.records.inbox import INBOX_KEY
from vinculum.national.records.write_change import PointerMoved
from vinculum.protocol.case_inquiry import CaseAnswer, CaseInquiry
from vinculum.protocol.exchange import ExchangeUnavailable, Message, UpdateMessage
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
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
        with self._counter(message) as connection:
            answer = answer_message(message, sender=self.jurisdiction, at=self.clock(), connection=connection)
        assert isinstance(answer, InquiryAnswer)
        return with_state_detail(answer, message, at=self.clock())

    def cases(self, message: CaseInquiry) -> CaseAnswer:
        """Ask how it stands with one's own cases about a VIN."""
        with self._counter(message) as connection:
            answer = answer_message(message, sender=self.jurisdiction, at=self.clock(), connection=connection)
        assert isinstance(answer, CaseAnswer)
        return answer

    def send(self, message: UpdateMessage) -> UpdateAnswer:
        """Report an update."""
        with self._counter(message) as connection:
            return apply_message(message, sender=self.jurisdiction, at=self.clock(), connection=connection)

    @contextmanager
    def _counter(self, message: Message) -> Iterator[Connection]:
        """A transaction of the exchange. Cases have walls and an audit trail; there the program enters itself."""
        try:
            if isinstance(message, CaseInquiry | OpenDiscrepancy):
                program = service.actor(terminal=f"program of {self.jurisdiction}")
                with acting(program, act=act_of(message), database="national") as connection:
                    yield connection
            else:
                with connected("national") as connection:
                    yield connection
        except psycopg.errors.UniqueViolation as fault:
            if fault.diag.constraint_name != INBOX_KEY:
                raise
            raise ExchangeUnavailable("The same message is just being taken by another program.") from fault
        except (psycopg.OperationalError, PoolTimeout, PointerMoved) as fault:
            raise ExchangeUnavailable(
                f"The national database gave no answer ({type(fault).__name__})."
            ) from fault
