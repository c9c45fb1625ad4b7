"""What emulated states did and saw, and where the exchange broke its word: counted while they play."""

import json
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from vinculum.protocol.update_answer import UpdateAnswer

_MOVES = frozenset({"pointer_moved", "title_changed"})


@dataclass(slots=True)
class Watch:
    """A notebook that all states write in."""

    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    warned: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    timeouts: int = 0
    retries: int = 0
    unanswered: int = 0
    files: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    titles: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _first: dict[UUID, bytes] = field(default_factory=dict)
    _taken: dict[tuple[str, str, str], UUID] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_sent(self, kind: str) -> None:
        """A message left."""
        with self._lock:
            self.sent[kind] += 1

    def note_retry(self) -> None:
        """The same bytes left again."""
        with self._lock:
            self.retries += 1

    def note_silence(self) -> None:
        """No answer came in time."""
        with self._lock:
            self.timeouts += 1

    def note_unanswered(self) -> None:
        """An update got no answer however often it was sent: it may be on record or not."""
        with self._lock:
            self.unanswered += 1

    def note_status(self, status: int, seconds: float) -> None:
        """An answer came, whatever it said."""
        with self._lock:
            self.statuses[status] += 1
            self.latencies.append(seconds)

    def note_answer(self, kind: str, *, refused: bool, problems: Any) -> None:
        """An answer of the rules, with its problems."""
        with self._lock:
            self.answered[kind] += 1
            for found in problems:
                (self.refused if found.severity == "error" else self.warned)[found.code] += 1
            if refused and not any(found.severity == "error" for found in problems):
                self.breaches.append(f"{kind} was refused without a reason")

    def note_update(self, answer: UpdateAnswer, body: bytes, *, old: tuple[str, str] | None) -> None:
        """N-309: one id one answer, and of two that name the same current title one is accepted."""
        with self._lock:
            first = self._first.setdefault(answer.message_id, body)
            if json.loads(first) != json.loads(body):
                self.breaches.append(f"message {answer.message_id} was answered in two ways")
            if old is None or not answer.accepted or answer.effect not in _MOVES:
                return
            winner = self._taken.setdefault((answer.vin, *old), answer.message_id)
            if winner != answer.message_id:
                self.breaches.append(f"two updates took over {old[0]} {old[1]} of {answer.vin}")

    def note_title(self, vin: str, *, state: str, number: str) -> None:
        """A title was accepted: it must be in the history for ever."""
        with self._lock:
            self.titles[vin].add((state, number))

    def note_file(self, what: str, count: int = 1) -> None:
        """Something about batch files."""
        with self._lock:
            self.files[what] += count

    def note_breach(self, words: str) -> None:
        """The exchange broke its word."""
        with self._lock:
            self.breaches.append(words)

    def percentile(self, part: float) -> float:
        """Seconds that this part of the answers stayed below."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0

    def document(self, *, seconds: float) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            "seconds": round(seconds, 3),
            "sent": dict(sorted(self.sent.items())),
            "answered": dict(sorted(self.answered.items())),
            "refused_by_code": dict(sorted(self.refused.items())),
            "warned_by_code": dict(sorted(self.warned.items())),
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "retries": self.retries,
            "timeouts": self.timeouts,
            "updates_unanswered": self.unanswered,
            "files": dict(sorted(self.files.items())),
            "latency_p50_ms": round(self.percentile(0.5) * 1000, 1),
            "latency_p99_ms": round(self.percentile(0.99) * 1000, 1),
            "titles": sum(map(len, self.titles.values())),
            "breaches": self.breaches,
        }

    def words(self, *, seconds: float) -> str:
        """All of it, for people."""
        told = self.document(seconds=seconds)
        lines = [f"Emulated states played for {seconds:.1f} s: {sum(self.sent.values()):,} messages."]
        for title in ("sent", "answered", "refused_by_code", "warned_by_code", "statuses", "files"):
            said = ", ".join(f"{name} {count:,}" for name, count in told[title].items())
            lines.append(f"  {title.replace('_', ' ')}: {said or 'none'}")
        lines.append(f"  sent again: {self.retries:,}; without an answer in time: {self.timeouts:,}")
        lines.append(f"  latency: p50 {told['latency_p50_ms']} ms, p99 {told['latency_p99_ms']} ms")
        lines.append(f"  titles on record for good: {told['titles']:,}")
        lines += [f"BROKEN: {breach}" for breach in self.breaches[:50]] or ["Every promise was kept."]
        return "\n".join(lines)
