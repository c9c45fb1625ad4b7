"""How far into the serial number the patterns of some manufacturers read, as surveyed from the vPIC data.

The file names the data it was made from; `serial_survey` makes it.
"""

import csv
from pathlib import Path
from typing import Final

SERIAL_DEPTHS: Final = Path(__file__).with_name("serial_depths.csv")
DATA_LINE: Final = "# vPIC data: "


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
