"""Reading a jurisdiction's files as text into their shapes, collecting every fault with its file and key."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from vinculum.state.reference.faults import ReferenceFault, ReferenceInvalid
from vinculum.state.reference.file_shapes import (
    ChecklistFile,
    DeadlinesFile,
    EligibilityFile,
    FeesFile,
    JurisdictionFile,
    PlateClassesFile,
    PurposesFile,
    Shape,
    TaxesFile,
)
from vinculum.state.reference.row_shapes import BrandRow, ChartRow, LegendRow, TaxTownRow

CHART_SUFFIX = "_chart.csv"
LARGEST_FILE = 1_000_000

_YAML_FILES: Mapping[str, type[Shape]] = {
    "jurisdiction.yaml": JurisdictionFile,
    "fees.yaml": FeesFile,
    "taxes.yaml": TaxesFile,
    "plate_classes.yaml": PlateClassesFile,
    "eligibility.yaml": EligibilityFile,
    "deadlines.yaml": DeadlinesFile,
    "purposes.yaml": PurposesFile,
    "checklist.yaml": ChecklistFile,
}
_CSV_FILES: Mapping[str, type[Shape]] = {
    "legends.csv": LegendRow,
    "brands.csv": BrandRow,
    "tax_towns.csv": TaxTownRow,
}
_Row = TypeVar("_Row", bound=Shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All files of a jurisdiction in their shapes; charts are named by their file, less its ending."""

    jurisdiction: JurisdictionFile
    fees: FeesFile
    taxes: TaxesFile
    plate_classes: PlateClassesFile
    eligibility: EligibilityFile
    deadlines: DeadlinesFile
    purposes: PurposesFile
    checklist: ChecklistFile
    legends: tuple[LegendRow, ...]
    brands: tuple[BrandRow, ...]
    tax_towns: tuple[TaxTownRow, ...]
    charts: Mapping[str, tuple[ChartRow, ...]]


class _StrictLoader(yaml.SafeLoader):
    """YAML as it is meant by people: a key written twice is a mistake, not a correction."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:merge" and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key.value!r} is written twice", key.start_mark
                )
            seen.add(key.value)
        return node


def read_content(texts: Mapping[str, str]) -> Content:
    """Every file in its shape; raises `ReferenceInvalid` with every fault of every file."""
    faults: list[ReferenceFault] = []
    required = {*_YAML_FILES, *_CSV_FILES}
    for name in sorted(required - set(texts)):
        faults.append(ReferenceFault(file=name, key="", message="the file is missing"))
    for name in sorted(set(texts) - required):
        if not name.endswith(CHART_SUFFIX):
            allowed = ", ".join(sorted(required))
            faults.append(
                ReferenceFault(
                    file=name, key="", message=f"unknown file; allowed are {allowed} and *{CHART_SUFFIX}"
                )
            )
    mappings: dict[str, Any] = {}
    for name, mapping_shape in _YAML_FILES.items():
        if name in texts:
            mappings[name] = _read_yaml(name, texts[name], shape=mapping_shape, faults=faults)
    rows: dict[str, Any] = {}
    for name, row_shape in _CSV_FILES.items():
        if name in texts:
            rows[name] = _read_csv(name, texts[name], shape=row_shape, faults=faults)
    charts: dict[str, Any] = {
        name.removesuffix(CHART_SUFFIX): _read_csv(name, text, shape=ChartRow, faults=faults)
        for name, text in sorted(texts.items())
        if name.endswith(CHART_SUFFIX)
    }
    if faults:
        raise ReferenceInvalid(faults)
    return Content(
        **{name.removesuffix(".yaml"): shape for name, shape in mappings.items()},
        **{name.removesuffix(".csv"): table for name, table in rows.items()},
        charts=charts,
    )


def _read_yaml(name: str, text: str, *, shape: type[Shape], faults: list[ReferenceFault]) -> Shape | None:
    if len(text) > LARGEST_FILE:
        faults.append(ReferenceFault(file=name, key="", message=f"larger than {LARGEST_FILE:,} characters"))
        return None
    try:
        # A subclass of SafeLoader: it builds plain values only.
        data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506
    except yaml.YAMLError as wrong:
        faults.append(ReferenceFault(file=name, key="", message=f"not readable as YAML: {wrong}"))
        return None
    try:
        return shape.model_validate(data)
    except ValidationError as invalid:
        faults.extend(_faults_of(name, "", invalid))
        return None


def _read_csv(
    name: str, text: str, *, shape: type[_Row], faults: list[ReferenceFault]
) -> tuple[_Row, ...] | None:
    if len(text) > LARGEST_FILE:
        faults.append(ReferenceFault(file=name, key="", message=f"larger than {LARGEST_FILE:,} characters"))
        return None
    lines = list(csv.reader(io.StringIO(text), strict=True))
    allowed = [field.alias or key for key, field in shape.model_fields.items()]
    if not lines or sorted(lines[0]) != sorted(allowed):
        faults.append(
            ReferenceFault(file=name, key="line 1", message=f"the columns must be {', '.join(allowed)}")
        )
        return None
    header, found = lines[0], []
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(header):
            message = f"has {len(cells)} cells where the header has {len(header)}"
            faults.append(ReferenceFault(file=name, key=f"line {number}", message=message))
            continue
        try:
            found.append(shape.model_validate(dict(zip(header, cells, strict=True))))
        except ValidationError as invalid:
            faults.extend(_faults_of(name, f"line {number}", invalid))
    return tuple(found)


def _faults_of(name: str, within: str, invalid: ValidationError) -> list[ReferenceFault]:
    faults = []
    for error in invalid.errors(include_url=False):
        location = [str(part) for part in error["loc"]]
        key = " ".join(part for part in (within, ".".join(location)) if part)
        message = error["msg"]
        if location and location[-1] == "citation" and error["type"] in ("missing", "string_too_short"):
            message = "citation is missing: say where in the law or the manual this is written"
        elif error["type"] == "missing":
            message = "is missing"
        faults.append(ReferenceFault(file=name, key=key, message=message))
    return faults
