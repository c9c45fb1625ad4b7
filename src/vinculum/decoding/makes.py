"""Makes of vehicles by NCIC code, with the name vPIC uses and the codes that are sent in error (N-108).

Jurisdictions exchange NCIC codes, vPIC decodes to names, and people mistake one make's code for another's.
The file shipped holds the makes in use on the road; an agency that receives the full list loads it in the
same form.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

SHIPPED_MAKES: Final = Path(__file__).with_name("ncic_makes.csv")
COLUMNS: Final = ("code", "name", "kinds", "vpic_makes", "wrong_codes")
KINDS: Final = frozenset({"passenger", "truck", "bus", "motorcycle", "trailer", "other"})
MAXIMUM_ROWS: Final = 50_000

_CODE: Final = re.compile(r"[A-Z0-9]{2,4}", re.ASCII)


class MakeListError(ValueError):
    """A make list that cannot be used; the message gives file, line and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """One make: NCIC code, name, the kinds of vehicle it builds, vPIC's names, and wrong codes for it."""

    code: str
    name: str
    kinds: tuple[str, ...] = ()
    vpic_makes: tuple[str, ...] = ()
    wrong_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCorrection:
    """A wrong code put right: what was sent, what it should be, and the warning for the sender."""

    sent: str
    corrected: Make
    warning: str


class MakeList:
    """A checked list of makes, by code and by vPIC name."""

    def __init__(self, makes: Iterable[Make]) -> None:
        self._by_code: dict[str, Make] = {}
        self._by_vpic: dict[str, list[Make]] = {}
        self._by_wrong_code: dict[str, list[Make]] = {}
        for make in makes:
            if make.code in self._by_code:
                raise MakeListError(f"The make code {make.code} is listed twice.")
            self._by_code[make.code] = make
            for name in make.vpic_makes:
                self._by_vpic.setdefault(_folded(name), []).append(make)
            for wrong in make.wrong_codes:
                self._by_wrong_code.setdefault(wrong, []).append(make)

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Make]:
        return iter(self._by_code.values())

    def find(self, code: str) -> Make | None:
        """The make of an NCIC code."""
        return self._by_code.get(code)

    def with_vpic_make(self, vpic_make: str) -> tuple[Make, ...]:
        """The makes that vPIC decodes to this name: more than one where a brand shares its maker's name."""
        return tuple(self._by_vpic.get(_folded(vpic_make), ()))

    def correct(self, code: str, *, vpic_make: str = "") -> MakeCorrection | None:
        """Put right a code that is known to be sent in error (N-108), or None to leave it alone.

        MERC is Mercury's own code: it becomes Mercedes-Benz only where the VIN decodes to Mercedes-Benz.
        TRUK is nobody's code and is put right without a decode, as Gillig's VINs often have none.
        """
        candidates = self._by_wrong_code.get(code, [])
        named = {make.code for make in self.with_vpic_make(vpic_make)} if vpic_make else set()
        if vpic_make and code in named:
            return None
        chosen = [make for make in candidates if make.code in named]
        if not chosen and code not in self._by_code and not named:
            chosen = candidates
        if len(chosen) != 1:
            return None
        make = chosen[0]
        owner = self._by_code.get(code)
        meaning = f"is the code of {owner.name}" if owner else "is not a listed make code"
        warning = f"Make {code} {meaning}; {make.name} is {make.code}. It was corrected; use {make.code}."
        return MakeCorrection(sent=code, corrected=make, warning=warning)


def _folded(name: str) -> str:
    return " ".join(name.upper().split())


def load_makes(path: Path) -> MakeList:
    """Load a make list, ours or an agency's full one; any doubt refuses the whole file with its line.

    The file is UTF-8 with a header line naming exactly the columns
    `code,name,kinds,vpic_makes,wrong_codes`; the last three hold several values with ';' between and may
    be empty; lines that begin with # are remarks.
    """
    try:
        text = path.read_bytes().decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise MakeListError(f"{path.name}: not UTF-8 at byte {error.start}.") from error
    lines = text.splitlines()
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    if not numbered or tuple(numbered[0][1].split(",")) != COLUMNS:
        raise MakeListError(f"{path.name}: the header must be {','.join(COLUMNS)}.")
    if len(numbered) - 1 > MAXIMUM_ROWS:
        raise MakeListError(f"{path.name}: more than {MAXIMUM_ROWS} makes.")
    if len(numbered) == 1:
        raise MakeListError(f"{path.name}: no makes.")
    makes = [_make(path.name, number, line) for number, line in numbered[1:]]
    try:
        return MakeList(makes)
    except MakeListError as error:
        raise MakeListError(f"{path.name}: {error}") from error


def _make(file_name: str, number: int, line: str) -> Make:
    where = f"{file_name}, line {number}"
    for column, character in enumerate(line, 1):
        if not character.isprintable():
            raise MakeListError(f"{where}, column {column}: control character U+{ord(character):04X}.")
    try:
        cells = next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise MakeListError(f"{where}: {error}.") from error
    if len(cells) != len(COLUMNS):
        raise MakeListError(f"{where}: {len(cells)} cells, {len(COLUMNS)} expected.")
    row: Mapping[str, str] = dict(zip(COLUMNS, cells, strict=True))
    kinds, wrong_codes = _several(row["kinds"]), _several(row["wrong_codes"])
    for code in (row["code"], *wrong_codes):
        if not _CODE.fullmatch(code):
            raise MakeListError(f"{where}: {code!r} is not a make code of 2 to 4 capital letters or digits.")
    if row["code"] in wrong_codes:
        raise MakeListError(f"{where}: {row['code']} cannot be a wrong code for itself.")
    if unknown := set(kinds) - KINDS:
        raise MakeListError(
            f"{where}: unknown kind {sorted(unknown)[0]!r}; known are {', '.join(sorted(KINDS))}."
        )
    if not row["name"].strip():
        raise MakeListError(f"{where}: the name is empty.")
    return Make(
        code=row["code"],
        name=row["name"].strip(),
        kinds=kinds,
        vpic_makes=_several(row["vpic_makes"]),
        wrong_codes=wrong_codes,
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@lru_cache(maxsize=1)
def shipped_makes() -> MakeList:
    """The makes that come with the product."""
    return load_makes(SHIPPED_MAKES)
