"""What a field holds that may not stand in it is named, and so is what may (V02)."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vinculum.national.batch.sew_report import REPORT_MESSAGE
from vinculum.protocol import fields, open_discrepancy, reassignment, state_detail
from vinculum.protocol.fields import NationalField, _measured

LONGEST_IN_A_REPORT = next(column.length for column in REPORT_MESSAGE.columns if column.name == "text")
RULERS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": ruler
    for module in (fields, open_discrepancy, reassignment, state_detail)
    for name, ruler in vars(module).items()
    if isinstance(ruler, NationalField)
}
NUMBERS = {"fields.VVHMYE", "fields.VODMTR", "fields.VBRPSA", "state_detail._WEIGHT"}
PRINTABLE = "printable characters of ASCII may stand there."
VIN = "capital letters other than I, O, Q and digits may stand there."
SAID: dict[str, tuple[str, str]] = {
    "fields.VVHIDN": ("1HGCM82633Aoq4352", f'VIN holds "o", "q": {VIN}'),
    "fields.VTIJUR": (
        "n1",
        'titling jurisdiction holds "n", "1", some in lower case: capital letters may stand there.',
    ),
    "fields.VTINUM": (
        "A_1/2",
        'title number holds "_", "/": capital letters, digits, and spaces and hyphens between them may stand there.',
    ),
    "fields.VVHMAK": ("H\n", f"make holds U+000A: {PRINTABLE}"),
    "fields.VSKYTI": ("\u00e9\u202e", f"state title key holds U+00E9, U+202E: {PRINTABLE}"),
    "fields.VBRCOD": ("1O", 'brand code holds "O": digits may stand there.'),
    "fields.VBRDCD": (
        "ny x",
        'brander code holds "n", "y", a space and more, some in lower case: capital letters and'
        " digits may stand there.",
    ),
    "fields.CONTROL": (
        "AB-1",
        'control number of title stock holds "-": capital letters and digits may stand there.',
    ),
    "fields.AGENCY": ("\U0001f600", f"agency holds U+1F600: {PRINTABLE}"),
    "fields.REASON": ("a\tb", f"reason holds U+0009: {PRINTABLE}"),
    "open_discrepancy._QUESTION": (
        "a\x00",
        "question holds U+0000: all characters but control characters other than tab and new line may stand there.",
    ),
    "reassignment.DEALER": ("\u201cA\u201d", f"dealer holds U+201C, U+201D: {PRINTABLE}"),
    "reassignment.LICENCE": ("\x7f", f"dealer's licence holds U+007F: {PRINTABLE}"),
    "reassignment.DOCUMENT": ("\u00b9", f"number of the reassignment document holds U+00B9: {PRINTABLE}"),
    "state_detail._TEXT": ("\u00a0", f"text holds U+00A0: {PRINTABLE}"),
}


def said(ruler: NationalField, value: Any) -> list[str]:
    return [found.text for found in _measured("x", ruler, value)]


def test_every_field_is_here() -> None:
    """N-101: no field is without words for what may stand in it; a number says how many digits it has."""
    assert set(RULERS) == set(SAID) | NUMBERS
    for name in NUMBERS:
        ruler = RULERS[name]
        assert ruler.may_stand == "digits"
        assert all(f"{ruler.meaning} must be a number of" in text for text in said(ruler, -1))


@pytest.mark.parametrize("name", sorted(SAID))
def test_said_in_words(name: str) -> None:
    """N-101: the characters that may not stand, and what may."""
    value, words = SAID[name]
    assert said(RULERS[name], value) == [words]


@pytest.mark.parametrize(
    ("ruler", "value", "words"),
    [
        (fields.VVHIDN, "1hg", f'VIN holds "h", "g" in lower case: {VIN}'),
        (fields.VVHIDN, "1hgcm82633a004352", f'VIN holds "h", "g", "c" and more in lower case: {VIN}'),
        (fields.VVHIDN, "1HGO", f'VIN holds "O": {VIN}'),
        (fields.VTINUM, "A-", "title number must begin and end with a capital letter or a digit."),
        (
            fields.CONTROL,
            "ABCDEFG1",
            "control number of title stock must be at most six capital letters and then digits.",
        ),
    ],
)
def test_case_number_and_order(ruler: NationalField, value: str, words: str) -> None:
    """N-101: lower case is called so, few of many are named, and an order of good characters is told as one."""
    assert said(ruler, value) == [words]


@pytest.mark.parametrize("name", sorted(SAID))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_words_are_those_of_the_pattern(name: str, data: st.DataObject) -> None:
    """N-101: what fits is silent; what does not gets one sentence in plain ASCII, short enough for a report."""
    ruler = RULERS[name]
    fits = data.draw(st.from_regex(re.compile(ruler.pattern, re.ASCII), fullmatch=True))
    assert all(re.fullmatch(ruler.alphabet, one, re.ASCII) for one in fits)
    text = data.draw(st.text(min_size=ruler.shortest, max_size=min(ruler.length, 30)))
    for words in said(ruler, text):
        assert re.fullmatch(ruler.pattern, text, re.ASCII) is None
        assert words.isascii()
        assert words.isprintable()
        assert len(words) <= LONGEST_IN_A_REPORT
        assert not words.endswith((" .", "holds ."))
