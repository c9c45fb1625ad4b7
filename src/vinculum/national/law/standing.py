"""Whether a jurisdiction may send a message: its participation mode (N-106) and its reporting (N-105)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from vinculum.protocol.problem import Problem, problem

Channel = Literal["online", "web", "batch"]
Act = Literal["inquiry", "update"]

# N-106, the table of modes: which act over which channel. Nothing else is allowed.
ALLOWED: dict[int, frozenset[tuple[Act, Channel]]] = {
    1: frozenset({("inquiry", "online"), ("update", "online")}),
    2: frozenset({("inquiry", "online"), ("update", "batch")}),
    3: frozenset({("inquiry", "batch"), ("update", "batch")}),
    4: frozenset({("inquiry", "web"), ("update", "batch")}),
}
WARNING_BEFORE = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A jurisdiction at the exchange; `mode` is None until it is admitted."""

    code: str
    mode: int | None
    admitted_at: datetime | None
    last_accepted_update_at: datetime | None
    grace_days: int = 7

    @property
    def reported_at(self) -> datetime | None:
        """The moment from which its days without an update count."""
        moments = [moment for moment in (self.admitted_at, self.last_accepted_update_at) if moment]
        return max(moments, default=None)

    def participates(self, *, at: datetime) -> bool:
        """Derived from its reports, never typed (N-105)."""
        since = self.reported_at
        return self.mode is not None and since is not None and at <= since + timedelta(days=self.grace_days)


def check_mode(standing: Standing | None, *, code: str, act: Act, channel: Channel) -> Iterator[Problem]:
    """N-106: each mode allows exactly its messages."""
    if standing is None:
        yield problem("V06", field="origin", jurisdiction=code)
    elif standing.mode is None:
        yield problem("V07", field="origin", jurisdiction=code)
    elif (act, channel) not in ALLOWED[standing.mode]:
        yield problem("V04", field="origin", jurisdiction=code, mode=str(standing.mode))


def check_reporting(standing: Standing, *, at: datetime) -> Iterator[Problem]:
    """N-105: report to use. Inquiries close after the days of grace, with a warning before."""
    since = standing.reported_at
    if since is None:
        return
    closes_at = since + timedelta(days=standing.grace_days)
    if at > closes_at:
        yield problem("V05", field="origin", jurisdiction=standing.code, since=since.date().isoformat())
    elif at > closes_at - WARNING_BEFORE:
        yield problem(
            "V66",
            field="origin",
            jurisdiction=standing.code,
            since=since.date().isoformat(),
            until=closes_at.date().isoformat(),
        )
