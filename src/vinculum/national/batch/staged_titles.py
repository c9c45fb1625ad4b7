"""Titles of a lot as they are handed to staging, for the whole law or for the report."""

from datetime import date, timedelta
from functools import lru_cache
from itertools import repeat
from typing import Final

from vinculum.national.batch.cells import Numbers, texts
from vinculum.national.batch.titles import Titles

_EPOCH: Final = date(1970, 1, 1)
_NOTHING: Final = "\\N"


def staged(titles: Titles, which: Numbers, *more: str, also: str = "") -> bytes:
    """These titles as COPY reads them: tabs between, \\N for nothing, backslashes doubled.

    `more` is laid behind each of them; `also` is a code that is found of all of them.
    """
    places = which.tolist()
    found = [[*titles.codes.get(place, ()), *([also] if also else ())] for place in places]
    lines = titles.lines.take(which)
    columns = (
        *(map(str, lines.numbers.tolist()), texts(lines.of("vin")), texts(lines.of("title_number"))),
        map(_day, titles.issued[which].tolist()),
        *(map(_marked, texts(lines.of("make"))), map(str, titles.model_year[which].tolist())),
        *(map(str, titles.odometer[which].tolist()), texts(lines.of("odometer_unit"))),
        map(_marked, texts(lines.of("state_title_key"))),
        ("t" if road else "f" for road in titles.road[which].tolist()),
        (_marked(titles.sent_makes[place]) if place in titles.sent_makes else _NOTHING for place in places),
        (f"{{{','.join(codes)}}}" if codes else _NOTHING for codes in found),
        *map(repeat, more),
    )
    return "".join("\t".join(row) + "\n" for row in zip(*columns, strict=False)).encode("ascii")


@lru_cache(maxsize=20_000)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days=days)).isoformat()


def _marked(text: str) -> str:
    return text.replace("\\", "\\\\")
