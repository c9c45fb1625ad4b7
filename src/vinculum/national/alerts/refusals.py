"""How the alert site says that it does not do something."""

from typing import Final

from vinculum.kernel.refusal import Refusal

RULE: Final = "N-703"


def refusal(code: str, message: str, remedy: str, *, field: str | None = None) -> Refusal:
    """A refusal of the alert site."""
    return Refusal(code=code, message=message, remedy=remedy, field=field, rule=RULE)
