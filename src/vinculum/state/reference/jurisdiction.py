"""A jurisdiction's law as files: read once, checked whole, and answered for any day."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from vinculum.state.law.tables import Tables
from vinculum.state.reference.build_tables import build_tables
from vinculum.state.reference.consistency import check_content, timelines
from vinculum.state.reference.faults import NoScheduleInForce, ReferenceFault, ReferenceInvalid
from vinculum.state.reference.read_files import Content, read_content
from vinculum.state.reference.timeline import boundaries

# Worked examples live beside the files and are not part of the law.
_NOT_LAW = frozenset({"cases", "README.md"})


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionFiles:
    """The files of a jurisdiction, proved sound, with the hash that names them and the tables of all days."""

    code: str
    name: str
    time_zone: str
    content_hash: str
    texts: Mapping[str, str]
    schedules: tuple[Tables, ...]


def load_jurisdiction(path: Path) -> JurisdictionFiles:
    """Read and check the files of a jurisdiction's folder; raises `ReferenceInvalid` with every fault."""
    texts = {}
    faults = []
    for entry in sorted(path.iterdir()):
        if entry.name in _NOT_LAW:
            continue
        try:
            texts[entry.name] = entry.read_text(encoding="utf-8")
        except (UnicodeDecodeError, IsADirectoryError) as wrong:
            faults.append(ReferenceFault(file=entry.name, key="", message=f"not a text file: {wrong}"))
    if faults:
        raise ReferenceInvalid(faults)
    return read_jurisdiction(texts)


def read_jurisdiction(texts: Mapping[str, str]) -> JurisdictionFiles:
    """Check the files of a jurisdiction, given as text by file name."""
    content = read_content(texts)
    faults = list(check_content(content))
    if faults:
        raise ReferenceInvalid(faults)
    content_hash = hash_of(texts)
    schedules = tuple(_schedules(content, content_hash))
    faults = [fault for tables in schedules for fault in _gaps(tables)]
    if faults:
        raise ReferenceInvalid(faults)
    return JurisdictionFiles(
        code=content.jurisdiction.code,
        name=content.jurisdiction.name,
        time_zone=content.jurisdiction.time_zone,
        content_hash=content_hash,
        texts=MappingProxyType(dict(texts)),
        schedules=schedules,
    )


def tables_as_of(files: JurisdictionFiles, day: date) -> Tables:
    """The tables in force on a day; raises `NoScheduleInForce` before the first schedule."""
    index = bisect_right(files.schedules, day, key=lambda tables: tables.effective)
    if index == 0:
        first = files.schedules[0].effective
        raise NoScheduleInForce(f"{files.name} has no schedule for {day}: the first one is of {first}.")
    return files.schedules[index - 1]


def hash_of(texts: Mapping[str, str]) -> str:
    """The hash that names these files: of their names and exact text, whatever order they came in."""
    canonical = json.dumps(dict(sorted(texts.items())), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _schedules(content: Content, content_hash: str) -> Iterator[Tables]:
    days = {day for _, _, values in timelines(content) for day in boundaries(values)}
    days.update(row.start for rows in content.charts.values() for row in rows)
    days.update(row.start for row in content.tax_towns)
    # Nothing can be quoted before there is a fee for a class at all.
    first = min(value.start for fee in content.fees.fees.values() for value in fee.values)
    ordered = sorted(day for day in days if day >= first)
    for day, until in zip(ordered, [*ordered[1:], None], strict=True):
        yield build_tables(content, day=day, until=until, content_hash=content_hash)


def _gaps(tables: Tables) -> Iterator[ReferenceFault]:
    """What is offered but cannot be priced, in one schedule."""
    for code, plate_class in tables.plate_classes.items():
        for offering in plate_class.offerings:
            key = f"classes.{code}: {offering.vehicle_type} with {offering.usage} usage"
            fee = tables.fees.get(offering.fee) if offering.fee is not None else None
            chart = tables.charts.get(offering.chart) if offering.chart is not None else None
            years = plate_class.term_years
            priced = (
                chart is not None and chart.term_years == years
                if fee is None
                else fee.amount is not None or years in fee.amounts_by_term
            )
            if not priced:
                message = f"has no price for {years} years on {tables.effective}"
                yield ReferenceFault(file="plate_classes.yaml", key=key, message=message)
        for rate in tables.fees.values():
            asked = rate.conditions.plate_classes
            concerns = rate.acts and (asked is None or code in asked)
            if concerns and rate.amount is None and plate_class.term_years not in rate.amounts_by_term:
                message = f"has no amount for {plate_class.term_years} years on {tables.effective}"
                yield ReferenceFault(file="fees.yaml", key=f"fees.{rate.code}", message=message)
    for treatment in tables.tax_treatments.values():
        if treatment.rate not in tables.tax_rates:
            message = f"rate {treatment.rate} is not in force on {tables.effective}"
            yield ReferenceFault(file="taxes.yaml", key=f"treatments.{treatment.code}", message=message)
    if "standard" not in tables.tax_treatments:
        yield ReferenceFault(
            file="taxes.yaml", key="treatments.standard", message=f"is not in force on {tables.effective}"
        )
    if "title" not in tables.fees:
        yield ReferenceFault(
            file="fees.yaml", key="fees.title", message=f"is not in force on {tables.effective}"
        )
