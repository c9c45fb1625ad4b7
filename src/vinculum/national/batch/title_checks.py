"""What the law says of a title without looking at the record, for many titles at once; and what their VINs say.

Where the law depends on few values, it is asked once for each of them; where it is a pattern or a day, the same
pattern and day are held against those titles that it may be about.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from vinculum.decoding import decode_vin, deepest_position
from vinculum.kernel.vin import CHECK_DIGIT_INDEX, VIN_LENGTH, check_digit, expected_check_digits
from vinculum.national.batch import cells as column_of
from vinculum.national.batch.cells import Cells, Mask, Numbers, characters
from vinculum.national.batch.titles import Titles
from vinculum.national.law.check_title import FULL_VIN_LENGTH, REASSIGNMENT_NUMBER, is_in_the_future
from vinculum.national.law.makes import correct_make

_MOST_REMEMBERED: Final = 150_000
# The third position of the numbers of small manufacturers, whom three positions of the serial number tell apart.
_SMALL_MANUFACTURER: Final = "9"
_MAKER: Final = [0, 1, 2, 11, 12, 13]
_EPOCH: Final = date(1970, 1, 1)


class DecodedDescriptors:
    """Whether a VIN decodes, asked once for all VINs that differ only in what tells nothing of the kind of vehicle."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def decoded(self, descriptors: Sequence[str]) -> list[bool]:
        """For each descriptor whether it decodes to a model."""
        if len(self._known) + len(descriptors) > _MOST_REMEMBERED:
            self._known.clear()
        for descriptor in set(descriptors).difference(self._known):
            self._known[descriptor] = _decodes(descriptor)
        return [self._known[descriptor] for descriptor in descriptors]


def _decodes(descriptor: str) -> bool:
    """The descriptor, filled up to a VIN, under its right check digit."""
    blank = f"{descriptor[:8]}0{descriptor[8:]}".ljust(VIN_LENGTH, "1")
    return bool(decode_vin(f"{blank[:8]}{check_digit(blank)}{blank[9:]}").model)


def check_titles(titles: Titles, *, at: datetime, descriptors: DecodedDescriptors) -> None:
    """Put the makes right, and note of each title what is to be said of it."""
    titles.say(titles.lengths["vin"] < FULL_VIN_LENGTH, "20B")
    _check_vins(titles, descriptors=descriptors)
    _check_title_numbers(titles)
    titles.say(titles.issued > (last_day_not_in_the_future(at) - _EPOCH).days, "V17")
    _put_makes_right(titles)


def last_day_not_in_the_future(at: datetime) -> date:
    """The last day on which a title may be issued, as the law sees it."""
    day = at.date() + timedelta(days=2)
    while is_in_the_future(day, at=at):
        day -= timedelta(days=1)
    return day


def _check_title_numbers(titles: Titles) -> None:
    """V18, for which few titles have to be looked at: the numbers of reassignment forms begin alike."""
    numbers = titles.of("title_number")
    suspect = np.flatnonzero(numbers[:, 0] == ord("R"))
    found = np.zeros(len(titles), dtype=np.bool_)
    found[suspect] = [
        REASSIGNMENT_NUMBER.match(text) is not None for text in column_of.texts(numbers[suspect])
    ]
    titles.say(found, "V18")


def _put_makes_right(titles: Titles) -> None:
    """N-108: the law is asked once for each make and manufacturer."""
    makes, vins = titles.of("make"), titles.of("vin")
    asked = np.zeros((len(titles), 8), dtype=np.uint8)
    asked[:, :4], asked[:, 4:7] = makes, vins[:, :3]
    _, firsts, kinds = np.unique(asked.view(np.uint64).ravel(), return_index=True, return_inverse=True)
    sent = column_of.texts(makes[firsts])
    answers = [
        correct_make(make, vin=vin) for make, vin in zip(sent, column_of.texts(vins[firsts]), strict=True)
    ]
    if all(right == make and not warnings for make, (right, warnings) in zip(sent, answers, strict=True)):
        return
    rights = [right for right, _warnings in answers]
    makes[:] = characters("".join(right.ljust(makes.shape[1]) for right in rights).encode("ascii")).reshape(
        len(rights), makes.shape[1]
    )[kinds]
    titles.lengths["make"] = np.array([len(right) for right in rights])[kinds]
    said = [tuple(warning.code for warning in warnings) for _right, warnings in answers]
    for codes in dict.fromkeys(said):
        these = np.array([codes == one for one in said])[kinds]
        for code in codes:
            titles.say(these, code)
        if "V60" in codes:
            for place in np.flatnonzero(these).tolist():
                titles.sent_makes[place] = sent[kinds[place]].strip().upper()


def _check_vins(titles: Titles, *, descriptors: DecodedDescriptors) -> None:
    """N-601: of a full VIN whether the check digit holds and whether it decodes (21A, 21C, 21D)."""
    full = titles.lengths["vin"] == VIN_LENGTH
    all_full = bool(full.all())
    vins = titles.of("vin")[:, :VIN_LENGTH]
    vins = np.ascontiguousarray(vins if all_full else vins[full])
    expected = characters(expected_check_digits(vins.tobytes()))
    holds, decodes = expected == vins[:, CHECK_DIGIT_INDEX], _decode(vins, descriptors=descriptors)
    for found, code in ((~holds & decodes, "21A"), (~holds & ~decodes, "21C"), (holds & ~decodes, "21D")):
        if not all_full:
            of_all = np.zeros(len(titles), dtype=np.bool_)
            of_all[full] = found
            found = of_all
        titles.say(found, code)


def _decode(vins: Cells, *, descriptors: DecodedDescriptors) -> Mask:
    """Of each VIN whether it decodes; asked once of all that have the same descriptor."""
    telling = vins.copy()
    telling[np.arange(VIN_LENGTH) >= _depths(vins)[:, None]] = column_of.BLANK
    telling = np.delete(telling, CHECK_DIGIT_INDEX, axis=1)
    found, of_title = np.unique(column_of.keys(telling), return_inverse=True)
    told = [descriptor.decode("ascii").rstrip(" ") for descriptor in found.tolist()]
    return np.array(descriptors.decoded(told), dtype=np.bool_)[of_title]


def _depths(vins: Cells) -> Numbers:
    """Up to which position each VIN tells of the kind of vehicle. They are in order: most makers are asked once."""
    makers = vins[:, _MAKER]
    makers[vins[:, 2] != ord(_SMALL_MANUFACTURER), 3:] = column_of.BLANK
    begins = np.flatnonzero(np.append(True, (makers[1:] != makers[:-1]).any(axis=1))[: len(vins)])
    depths = [deepest_position(vin) for vin in column_of.texts(vins[begins])]
    return np.repeat(np.array(depths, dtype=np.int64), np.diff(begins, append=len(vins)))
