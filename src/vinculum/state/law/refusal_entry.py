"""An entry of the refusal catalogue: what one code means, how it is said, and the law behind it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalEntry:
    """One refusal code. `message` and `remedy` are templates; the words in braces come from the case.

    `message` says what is wrong and why, `remedy` what to do or where the customer or dealer is sent.
    """

    code: str
    title: str
    message: str
    remedy: str
    rule: str
    citation: str
