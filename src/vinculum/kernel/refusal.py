"""A refusal: what the law or the book forbids, said so that the person at the counter knows what to do next.

A refusal is an answer, not a failure of the program. Rules collect all of them; nobody is sent home twice for
two faults of one deal.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Self

_NO_DETAIL: Mapping[str, str] = MappingProxyType({})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason why an act is refused.

    `code` is stable and machine-readable; `message` says what is wrong and why; `remedy` says what to do or
    where the customer is sent; `field` names the input it belongs to, if any; `rule` is our rule (D-401) and
    `citation` the law or manual behind it; `detail` carries the values the message was made from.
    """

    code: str
    message: str
    remedy: str
    field: str | None = None
    rule: str = ""
    citation: str = ""
    detail: Mapping[str, str] = dataclasses.field(default_factory=lambda: _NO_DETAIL)

    def as_document(self) -> dict[str, Any]:
        """The refusal as a JSON object, for the wire and for keeping beside its request."""
        return {
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "field": self.field,
            "rule": self.rule,
            "citation": self.citation,
            "detail": dict(self.detail),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The refusal that `as_document` wrote."""
        return cls(**document)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RefusalsUnder:
    """Makes the refusals of one desk: under its rule and citation, about its field, with its usual remedy.

    A refusal that belongs to another rule or field names it.
    """

    rule: str
    citation: str = ""
    field: str | None = None
    remedy: str = ""

    def __call__(
        self, code: str, message: str, remedy: str = "", *, field: str | None = None, rule: str = ""
    ) -> Refusal:
        return Refusal(
            code=code,
            message=message,
            remedy=remedy or self.remedy,
            field=field or self.field,
            rule=rule or self.rule,
            citation=self.citation,
        )


class Refused(Exception):
    """An act is forbidden; carries every refusal that was found, never only the first."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals: tuple[Refusal, ...] = tuple(refusals)
        if not self.refusals:
            raise ValueError("Refused needs at least one refusal: an act nobody objects to is not refused.")
        super().__init__(self.refusals)

    def __str__(self) -> str:
        return " ".join(f"[{refusal.code}] {refusal.message}" for refusal in self.refusals)


class Absent(LookupError):
    """What was asked for is not there, or is another's: both are answered alike, so that nobody learns which."""
