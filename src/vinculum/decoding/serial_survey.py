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
from typing import Final

import ultravin

from vinculum.decoding.serial_depths import DATA_LINE, SERIAL_DEPTHS
from vinculum.kernel.vin import manufacturer_identifier

_LAST_DESCRIPTOR_POSITION: Final = 11
_BATCH: Final = 400
_DRAWN: Final = 60
_MAXIMUM_ROUNDS: Final = 60
_PATTERN: Final = re.compile(r'"vin_schema_id":(\d+),"keys":"([^"]*)"')
_PLACE: Final = re.compile(r"\[[^\]]*\]|.")


def deepest_position(keys: str) -> int:
    """The last VIN position that a vPIC pattern looks at; 0 if none after position 9.

    A pattern is written positions 4-8, a bar, positions 10-17; a bracket is one position, a star any
    character.
    """
    deepest = 0
    for position, place in enumerate(_PLACE.findall(keys.partition("|")[2]), 10):
        if place != "*":
            deepest = position
    return deepest


def _patterns_matched(vins: Iterable[str]) -> set[tuple[str, str]]:
    """Schema and keys of every pattern that any of these VINs matches."""
    matched: set[tuple[str, str]] = set()
    for batch in _batches(vins):
        # One JSON text is searched instead of building some six hundred dictionaries for each VIN.
        answer = ultravin.decode_batch_json(batch, full=True, now=datetime.now(UTC))
        matched.update(_PATTERN.findall(answer))
    return matched


def deep_schemas(matched: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The schemas whose patterns read the serial number, with the deepest position."""
    depths: dict[str, int] = {}
    for schema, keys in matched:
        deepest = deepest_position(keys)
        if deepest > _LAST_DESCRIPTOR_POSITION:
            depths[schema] = max(depths.get(schema, 0), deepest)
    return depths


def _schemas_of(manufacturer: str) -> set[str]:
    """The schemas that a manufacturer uses: VINs of its own are drawn until a round brings nothing new."""
    known: set[str] = set()
    for seed in range(_MAXIMUM_ROUNDS):
        vins = ultravin.generate(_DRAWN, wmi=manufacturer, seed=seed, invalid_rate=0)
        found = {schema for schema, _keys in _patterns_matched(vins)}
        if found <= known:
            break
        known |= found
    return known


def survey() -> dict[str, int]:
    """Deepest serial position by manufacturer.

    Several manufacturers may share a schema, and a sweep shows each pattern under one of them only; so the deep
    schemas are found first, and then every manufacturer is asked which schemas it uses.
    """
    deep = deep_schemas(_patterns_matched(ultravin.sweep()) | _patterns_matched(ultravin.seeded()))
    depths: dict[str, int] = {}
    for vin in ultravin.sweep(["wmi"]):
        manufacturer = manufacturer_identifier(vin)
        deepest = max((deep.get(schema, 0) for schema in _schemas_of(manufacturer)), default=0)
        if deepest:
            depths[manufacturer] = deepest
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


def main() -> int:
    """Survey every pattern of the installed data and write the file."""
    depths = survey()
    with SERIAL_DEPTHS.open("w", encoding="ascii", newline="") as lines:
        lines.write(f"{DATA_LINE}{ultravin.provenance()['artifact_blake3']}\n")
        rows = csv.writer(lines, lineterminator="\n")
        rows.writerow(("manufacturer", "deepest_position"))
        rows.writerows(sorted(depths.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
