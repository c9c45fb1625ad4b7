"""Characters of many lines as one array: a row for each line, so that a column of cells is cut out of all by a slice.

Cells are filled with blanks on the right, numbers with noughts on the left, as in a fixed-width line. Each function
here goes through a whole column at once.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
BLANK: Final = ord(" ")
_NOUGHT: Final = ord("0")
LINE_FEED: Final = ord("\n")
_EPOCH_YEAR: Final = 1970


def characters(text: bytes) -> Cells:
    """The characters of a text, one after the other."""
    return np.frombuffer(text, dtype=np.uint8)


def every(mask: Mask) -> Mask:
    """Of each row whether all of it holds."""
    # Most often all of it holds everywhere, which is seen much sooner than where it does.
    whole = np.ones(len(mask), dtype=np.bool_)
    return whole if mask.all() else np.all(mask, axis=1, out=whole)


def keys(cells: Cells) -> npt.NDArray[np.bytes_]:
    """The cells as values that can be sorted, looked up and compared; blanks at the end count."""
    return np.ascontiguousarray(cells).view(f"S{cells.shape[1]}").ravel()


def keys_of(texts: list[str], *, width: int) -> npt.NDArray[np.bytes_]:
    """The same of texts; a character is one byte."""
    return np.array([text.ljust(width).encode("latin-1") for text in texts], dtype=f"S{width}")


def texts(cells: Cells) -> list[str]:
    """What stands in the cells."""
    width, joined = cells.shape[1], cells.tobytes().decode("latin-1")
    return [joined[begin : begin + width].rstrip(" ") for begin in range(0, len(joined), width)]


def trimmed(cells: Cells) -> Cells:
    """The cells without the places at their end that are blank in all of them."""
    width = cells.shape[1]
    while width and (cells[:, width - 1] == BLANK).all():
        width -= 1
    return cells[:, :width]


def lengths(cells: Cells) -> Numbers:
    """How long the texts in the cells are."""
    found = np.zeros(len(cells), dtype=np.int64)
    for width in range(trimmed(cells).shape[1], 0, -1):
        found[(found == 0) & (cells[:, width - 1] != BLANK)] = width
        if found.all():
            break
    return found


def are_digits(cells: Cells) -> Mask:
    """Of each cell whether it holds digits from end to end."""
    # What lies before the nought comes out as a large number: the array holds no negative ones.
    return every(cells - np.uint8(_NOUGHT) <= 9)


def numbers(cells: Cells) -> Numbers:
    """The numbers that the cells hold, which are digits from end to end."""
    found = np.zeros(len(cells), dtype=np.int64)
    for place in range(cells.shape[1]):
        found *= 10
        found += cells[:, place] - np.uint8(_NOUGHT)
    return found


def days(year: Cells, month: Cells, day: Cells) -> tuple[Numbers, Mask]:
    """The days, counted from 1 January 1970, and of each whether there is such a day."""
    digits = are_digits(year) & are_digits(month) & are_digits(day)
    years, months, days_of_month = (np.where(digits, numbers(cells), 1) for cells in (year, month, day))
    begun = (years - _EPOCH_YEAR) * 12 + months - 1
    first, beyond = (_first_days(begun + later) for later in (0, 1))
    found = first + days_of_month - 1
    is_month = (months >= 1) & (months <= 12)
    return found, digits & (years >= 1) & is_month & (days_of_month >= 1) & (found < beyond)


def _first_days(months: Numbers) -> Numbers:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def gather(text: Cells, begins: Numbers, ends: Numbers, *, width: int) -> Cells:
    """Pieces of a text as cells, filled with blanks; none of them is longer than the width."""
    cells = _windows(text, begins, width=width, before=0)
    cells[np.arange(width) >= (ends - begins)[:, None]] = BLANK
    return cells


def gather_numbers(text: Cells, begins: Numbers, ends: Numbers, *, width: int) -> Cells:
    """Pieces of a text as cells of numbers, filled with noughts; none of them is longer than the width."""
    cells = _windows(text, ends, width=width, before=width)
    cells[np.arange(width, 0, -1) > (ends - begins)[:, None]] = _NOUGHT
    return cells


def _windows(text: Cells, places: Numbers, *, width: int, before: int) -> Cells:
    """So many characters that begin so far before each place; what lies beyond the text does not matter."""
    padded = np.zeros(width + len(text) + width, dtype=np.uint8)
    padded[width : width + len(text)] = text
    windows: Cells = np.lib.stride_tricks.sliding_window_view(padded, width)[places + (width - before)]
    return windows


def from_hexadecimal(cells: Cells) -> Cells:
    """The bytes that the cells write in hexadecimal digits."""
    values = _HEXADECIMAL.take(cells)
    return (values[:, ::2] << np.uint8(4)) | values[:, 1::2]


def _hexadecimal() -> Cells:
    table = np.zeros(256, dtype=np.uint8)
    for value, (small, capital) in enumerate(zip("0123456789abcdef", "0123456789ABCDEF", strict=True)):
        table[ord(small)] = table[ord(capital)] = value
    return table


_HEXADECIMAL: Final = _hexadecimal()
