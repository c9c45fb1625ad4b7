"""What an inquiry has to say beside the record: everything that speaks against a title (N-201, N-401)."""

from collections.abc import Iterator, Mapping

from vinculum.national.law import odometer
from vinculum.national.law.brands import StandardBrand, check_road_use, washed_brands
from vinculum.national.law.title import Pointer, VehicleRecord
from vinculum.protocol.problem import Problem, problem


def findings(
    record: VehicleRecord,
    *,
    standard: Mapping[str, StandardBrand],
    with_theft: bool,
    title_jurisdiction: str | None = None,
    title_number: str | None = None,
) -> Iterator[Problem]:
    """Junk, theft, washed brands, yards and insurers, odometer, several pointers: each says itself."""
    yield from check_road_use(record.brands, title_type="road")
    if with_theft:
        for theft in record.thefts:
            yield problem(
                "V68", field="theft", jurisdiction=theft.reported_by, given=theft.stolen_on.isoformat()
            )
    yield from washed_brands(record, standard=standard)
    for report in record.jsi:
        yield problem(
            "V94",
            field="jsi",
            given=report.obtained_on.isoformat(),
            reporter=f"{report.reporter_name} ({report.reporter_kind.replace('_', ' ')}, {report.reporter_state})",
            disposition=report.disposition.replace("_", " "),
        )
    yield from odometer.check_sequence(odometer.readings(record))
    named = named_pointers(record, title_jurisdiction=title_jurisdiction, title_number=title_number)
    if record.pointers and not named:
        yield problem("V69", field="title_number")
    elif len(named) > 1:
        yield problem("V65", field="title_number")


def named_pointers(
    record: VehicleRecord, *, title_jurisdiction: str | None, title_number: str | None
) -> tuple[Pointer, ...]:
    """The pointers that the state of title and the title number of the inquiry leave over."""
    return tuple(
        pointer
        for pointer in record.pointers
        if title_jurisdiction in (None, pointer.title.jurisdiction)
        and title_number in (None, pointer.title.title_number)
    )
