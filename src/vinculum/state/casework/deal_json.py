"""A deal as JSON: the names of `Deal`, dates as ISO, money as text; unknown keys are errors."""

from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter, with_config

from vinculum.state.law.deal import Deal

DEAL: Final = TypeAdapter(with_config(ConfigDict(extra="forbid"))(Deal))


def dump_deal(deal: Deal) -> dict[str, Any]:
    """The deal as a JSON object."""
    dumped: dict[str, Any] = DEAL.dump_python(deal, mode="json")
    return dumped
