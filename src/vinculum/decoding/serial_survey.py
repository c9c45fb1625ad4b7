"""Which manufacturers let the serial number of a VIN say something, and down to which position.

Most say everything in positions 1 to 11; the descriptor cache rests on that. Some do not: an Isuzu truck
tells its model in position 12. This survey asks the vPIC patterns themselves and writes
`serial_depths.csv`, which the decoder reads. Run it again when `ultravin`, and with it the data, changes:

    python -m vinculum.decoding.serial_survey
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ultravin

SERIAL_DEPTHS: Final = Path(__file__).with_name("serial_depths.csv")
DATA_LINE: Final = "# vPIC data: "

_LAST_DESCRIPTOR_POSITION: Final = 11
_BATCH: Final = 400
_MANUFACTURER: Final = re.compile(r'"wmi":"([^"]*)"')
_KEYS: Final = re.compile(r'"keys":"([^"]*\|[^"]*)"')
_TOKEN: Final = re.compile(r"\[[^\]]*\]|.")


def deepest_position(keys: str) -> int:
    """The last VIN position that a vPIC pattern looks at; 0 if none after position 9.

    A pattern is written positions 4-8, a bar, positions 10-17; a bracket is one position, a star any
    character.
    """
    deepest = 0
    for position, token in enumerate(_TOKEN.findall(keys.partition("|")[2]), 10):
        if token != "*":
            deepest = position
    return deepest


def survey(vins: Iterable[str]) -> dict[str, int]:
    """Deepest serial position by manufacturer, for every pattern that these VINs match."""
    depths: dict[str, int] = {}
    for batch in _batches(vins):
        # One JSON text is searched instead of building some six hundred dictionaries for each VIN.
        answer = ultravin.decode_batch_json(batch, full=True, now=datetime.now(UTC))
        for record in answer.split('{"vin":"')[1:]:
            found = _MANUFACTURER.search(record)
            if found is None:
                raise ValueError("The decoder's answer names no manufacturer; its form has changed.")
            deepest = max(map(deepest_position, set(_KEYS.findall(record))), default=0)
            if deepest > _LAST_DESCRIPTOR_POSITION:
                depths[found[1]] = max(depths.get(found[1], 0), deepest)
    return depths


def _batches(vins: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for vin in vins:
        batch.append(vin)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def load_depths(path: Path = SERIAL_DEPTHS) -> tuple[str, dict[str, int]]:
    """The identity of the data surveyed, and the deepest position by manufacturer."""
    with path.open(encoding="ascii", newline="") as lines:
        first = next(lines)
        if not first.startswith(DATA_LINE):
            raise ValueError(f"{path.name} does not begin with the identity of its data.")
        rows = csv.DictReader(lines, strict=True)
        depths = {row["manufacturer"]: int(row["deepest_position"]) for row in rows}
    if not depths or not all(12 <= depth <= 17 for depth in depths.values()):
        raise ValueError(f"{path.name} has a position outside 12 to 17, or no rows.")
    return first.removeprefix(DATA_LINE).strip(), depths


def main() -> int:
    """Survey every pattern of the installed data and write the file."""
    depths = survey(ultravin.sweep())
    for manufacturer, depth in survey(ultravin.seeded()).items():
        depths[manufacturer] = max(depths.get(manufacturer, 0), depth)
    with SERIAL_DEPTHS.open("w", encoding="ascii", newline="") as lines:
        lines.write(f"{DATA_LINE}{ultravin.provenance()['artifact_blake3']}\n")
        rows = csv.writer(lines, lineterminator="\n")
        rows.writerow(("manufacturer", "deepest_position"))
        rows.writerows(sorted(depths.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
