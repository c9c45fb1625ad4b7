"""The catalogue of refusals: complete, documented, and nobody refuses in other words."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import vinculum
from connecticut import FOLDER
from vinculum.state.law.catalogue import CATALOGUE, refuse
from vinculum.state.law.refusal_entry import RefusalEntry
from vinculum.state.law.refusal_page import refusal_page

ROOT = FOLDER.parents[1]
SOURCE = Path(vinculum.__file__).parent


def _calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield f"{file.relative_to(SOURCE)}:{node.lineno}", node


def _words(entry: RefusalEntry) -> set[str]:
    parse = string.Formatter().parse
    return {word for text in (entry.message, entry.remedy) for _, word, _, _ in parse(text) if word}


def test_every_code_is_documented() -> None:
    """D-307: docs/refusals.md has every code, with its words as they are today."""
    written = (ROOT / "docs/refusals.md").read_text(encoding="utf-8")
    assert all(f"| `{code}` |" in written for code in CATALOGUE)
    assert written == refusal_page(), "run: python -m vinculum.config.write_pages"


def test_every_refusal_in_the_program_is_catalogued() -> None:
    """D-307: whoever refuses by code names one of the catalogue and gives every word it is made of."""
    for place, call in _calls("refuse"):
        if not (call.args and isinstance(call.args[0], ast.Constant)):
            continue
        entry = CATALOGUE.get(call.args[0].value)
        assert entry is not None, f"{place}: {call.args[0].value} is not in the catalogue"
        given = {keyword.arg for keyword in call.keywords}
        assert None in given or _words(entry) <= given, f"{place}: {_words(entry) - given} not given"


def test_codes_given_without_the_catalogue_are_in_it() -> None:
    """D-307: a refusal put together by hand, as for a field that cannot be read, has a catalogued code too."""
    for place, code in _codes_by_hand("Refusal"):
        if "_" in code and not _is_exchange(place):
            assert code in CATALOGUE, f"{place}: {code}"


def test_codes_of_the_exchange_are_documented() -> None:
    """N-401: the exchange has refusals of its own, and docs/national.md lists each."""
    written = (ROOT / "docs/national.md").read_text(encoding="utf-8")
    found = [
        (place, code)
        for name in ("Refusal", "_refusal", "refusal")
        for place, code in _codes_by_hand(name)
        if _is_exchange(place)
    ]
    assert found
    for place, code in found:
        assert f"`{code}`" in written, f"{place}: {code}"


def _is_exchange(place: str) -> bool:
    return place.startswith(("national/", "entrypoints/exchange/", "entrypoints/web/exchange/"))


def _codes_by_hand(name: str) -> Iterator[tuple[str, str]]:
    for place, call in _calls(name):
        given = [keyword.value for keyword in call.keywords if keyword.arg == "code"] or call.args[:1]
        for value in given:
            for node in ast.walk(value):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield place, node.value


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_an_entry_says_what_why_and_what_to_do(entry: RefusalEntry) -> None:
    """D-307: each stop carries its code, the plain reason, and where the customer or dealer is sent."""
    refusal = refuse(entry.code, **{word: f"<{word}>" for word in _words(entry)})
    assert entry.code == entry.code.lower()
    assert refusal.message.endswith((".", ">"))
    assert refusal.remedy.endswith((".", ">"))
    assert len(refusal.message) > 15
    assert entry.rule


def test_a_word_left_out_is_a_mistake() -> None:
    """D-307: a refusal with a hole in its sentence raises where it is made, not on the customer's screen."""
    with pytest.raises(KeyError):
        refuse("us_dot_required", name="SAMPLE AVERY")


def test_words_of_the_customer_are_never_read_as_templates() -> None:
    """D-307: braces in a name stay braces; nothing a customer types is evaluated."""
    refusal = refuse("tax_town_unknown", town="{0.__class__}")
    assert refusal.message.startswith("{0.__class__} is not a town")
