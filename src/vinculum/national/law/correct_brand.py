"""A brand corrected or taken back: only by the jurisdiction that applied it; the state of title is told (N-404)."""

import dataclasses
from collections.abc import Mapping

from vinculum.national.law.brands import StandardBrand, check_code
from vinculum.national.law.change import BrandWithdrawal, Change, Decision, Declined, PlannedNotice
from vinculum.national.law.title import Brand, VehicleRecord
from vinculum.protocol.correct_brand import CorrectBrand, RemoveBrand
from vinculum.protocol.notice import NoticeKind
from vinculum.protocol.problem import Problem, problem


def decide_correction(
    message: CorrectBrand, *, record: VehicleRecord, standard: Mapping[str, StandardBrand], future: bool
) -> Decision:
    """The brand as it should have been takes the place of the one that was reported."""
    held = _own_brand(message, record=record)
    problems = list(_not_own(message, record=record) if held is None else ())
    if message.new_brand_code is not None:
        problems.extend(
            dataclasses.replace(found, field="new_brand_code")
            for found in check_code(message.new_brand_code, standard=standard)
        )
    if future and message.new_brand_date is not None:
        problems.append(problem("V32", field="new_brand_date", given=message.new_brand_date.isoformat()))
    if held is None or problems:
        return Declined(problems=tuple(problems))
    right = dataclasses.replace(
        held,
        code=message.new_brand_code or held.code,
        brand_date=message.new_brand_date or held.brand_date,
        percent_of_damage=(
            held.percent_of_damage if message.percent_of_damage is None else message.percent_of_damage
        ),
    )
    if right.key == held.key:
        return Declined(problems=(problem("V37", field="new_brand_code"),))
    return Change(
        effect="brand_corrected",
        brands=((message.vin, right),),
        brands_withdrawn=(BrandWithdrawal(vin=message.vin, brand=held, reason=message.reason),),
        notices=_told(record, by=message.origin, kind="brand_corrected"),
    )


def decide_removal(message: RemoveBrand, *, record: VehicleRecord) -> Decision:
    """The brand does not stand any more; that it did, and why it went, stays in the brand history."""
    held = _own_brand(message, record=record)
    if held is None:
        return Declined(problems=_not_own(message, record=record))
    return Change(
        effect="brand_removed",
        brands_withdrawn=(BrandWithdrawal(vin=message.vin, brand=held, reason=message.reason),),
        notices=_told(record, by=message.origin, kind="brand_removed"),
    )


def _own_brand(message: CorrectBrand | RemoveBrand, *, record: VehicleRecord) -> Brand | None:
    wanted = (message.brand_code, message.origin, message.brand_date)
    return next((brand for brand in record.brands if brand.key == wanted), None)


def _not_own(message: CorrectBrand | RemoveBrand, *, record: VehicleRecord) -> tuple[Problem, ...]:
    """Another jurisdiction's brand, or none at all."""
    others = sorted(
        {
            brand.brander
            for brand in record.brands
            if (brand.code, brand.brand_date) == (message.brand_code, message.brand_date)
        }
    )
    if others:
        return (problem("V36", field="brand_code", given=message.brand_code, brander=", ".join(others)),)
    return (problem("V35", field="brand_code", given=message.brand_code, jurisdiction=message.origin),)


def _told(record: VehicleRecord, *, by: str, kind: NoticeKind) -> tuple[PlannedNotice, ...]:
    """Each state that holds a current title of the vehicle, unless it is the brander itself."""
    return tuple(
        PlannedNotice(
            vin=record.vin,
            to=pointer.title.jurisdiction,
            kind=kind,
            title_number=pointer.title.title_number,
            by=by,
            issue_date=pointer.title.issue_date,
        )
        for pointer in record.pointers
        if pointer.title.jurisdiction != by
    )
