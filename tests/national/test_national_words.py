"""docs/national.md tells every message, field and code there is, so that it cannot rot."""

import dataclasses
from pathlib import Path

import pytest

from vinculum.protocol.json_codec import MESSAGE_NAMES
from vinculum.protocol.problem import PROBLEM_KINDS

PAGE = (Path(__file__).resolve().parents[2] / "docs/national.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", PROBLEM_KINDS)
def test_every_code_is_documented(code: str) -> None:
    """N-303: each code stands in the page with its severity, its rule and its text."""
    kind = PROBLEM_KINDS[code]
    assert f"| {code} | {kind.severity} | {kind.rule} | {kind.sentence} |" in PAGE


@pytest.mark.parametrize("message", MESSAGE_NAMES)
def test_every_message_is_documented(message: type) -> None:
    """N-301: each message stands in the page with all its fields."""
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{MESSAGE_NAMES[message]}` |"))
    named = {field.name for field in dataclasses.fields(message)} - {"message_id", "origin", "sent_at"}
    assert {f"`{name}`" for name in named} <= set(row.replace(",", " ").split())
