"""Vehicles of the demonstration whose VIN another car bears: to be accepted, to be applied, taken apart (N-308)."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, cast
from uuid import UUID

from django.conf import settings

from vinculum.access.database import Actor
from vinculum.entrypoints.demo.at_work import Desks
from vinculum.entrypoints.demo.exchange_cases import own_vin, vehicle
from vinculum.entrypoints.demo.state_systems import first_title, say
from vinculum.national.alerts.file_contents import Judged, judge
from vinculum.national.alerts.file_store import FileStore
from vinculum.national.casework import clone_cases, draft_clone_case, evidence, settle_clone_case
from vinculum.national.casework.draft_clone_case import Draft, NewBrand
from vinculum.national.casework.evidence import LetIn

_DAY: Final = timedelta(days=1)
_RECOVERED_THEFT: Final = "36"
_DESK, _SECOND = "desk@exchange.example", "second@exchange.example"
_JERSEY: Final = "titles@newjersey.example"
_NOTE: Final = b"""Invented example, written for the demonstration.

The frame and the engine of the red car bear another number than its plate at the dashboard.
The blue car bears one number everywhere.
"""


def load_clones_of_new_jersey(*, at: datetime) -> None:
    """New Jersey titles two cars whose VIN is New York's already, and the one that New York's clone will copy."""
    for code, number, years_off, odometer in (
        ("clone_waits", "NJ60002013", 0, 21_000),
        ("clone_accepted", "NJ60002014", -1, 31_000),
        ("clone_apart", "NJ60002015", -1, 31_000),
    ):
        case = vehicle(code)
        say(
            first_title(
                case.vin,
                pattern=case.pattern,
                state="NJ",
                number=number,
                issued=at.date(),
                odometer=odometer,
                at=at,
                years_off=years_off,
            ),
            at=at,
        )


def load_clone_cases(desks: Desks, *, at: datetime) -> None:
    """Each is drafted by the help desk; two are accepted, one of them is applied by a second person."""
    apart = _drafted("clone_apart", "NJ", desks=desks, at=at - 7 * _DAY)
    _accept("clone_apart", apart, by=desks(_JERSEY), at=at - 6 * _DAY)
    _ask("clone_apart", apart, desks=desks, at=at - 5 * _DAY)
    settle_clone_case.apply(
        vin=vehicle("clone_apart").vin, case_id=apart, actor=desks(_SECOND), at=at - 4 * _DAY
    )
    accepted = _drafted("clone_accepted", "NJ", desks=desks, at=at - 3 * _DAY)
    _accept("clone_accepted", accepted, by=desks(_JERSEY), at=at - 2 * _DAY)
    _ask("clone_accepted", accepted, desks=desks, at=at - _DAY)
    waits = _drafted("clone_waits", "NY", desks=desks, at=at - _DAY)
    note = judge("what was read on both cars.txt", _NOTE)
    evidence.keep(
        [note],
        subject="clone_case",
        vin=vehicle("clone_waits").vin,
        subject_id=waits,
        store=_store,
        actor=desks(_DESK),
        at=at - _DAY,
    )


def _drafted(code: str, state_of_clone: str, *, desks: Desks, at: datetime) -> UUID:
    """What that state has titled is the clone; it goes to the car's own VIN, where a brand tells of the theft."""
    vin, actor = vehicle(code).vin, desks(_DESK)
    laid_out = draft_clone_case.lay_out(vin, actor=actor, at=at)
    return draft_clone_case.run(
        Draft(
            vin=vin,
            right_vin=own_vin(code),
            circumstance="clone",
            finding=f"Invented example: the hidden number of the car that {state_of_clone} has titled was read; it is"
            f" {own_vin(code)}, stolen before it was titled. The other car bears {vin} everywhere.",
            titles={
                entry.title.entry_id: "reapply" if entry.title.jurisdiction == state_of_clone else "keep"
                for entry in laid_out.titles
            },
            brands={},
            new_brand=NewBrand(code=_RECOVERED_THEFT, brander=state_of_clone, brand_date=(at - _DAY).date()),
        ),
        actor=actor,
        at=at,
    )


def _accept(code: str, case_id: UUID, *, by: Actor, at: datetime) -> None:
    vin = vehicle(code).vin
    case = clone_cases.show(vin=vin, case_id=case_id, actor=by)
    settle_clone_case.decide(
        vin=vin,
        case_id=case_id,
        places=[item.place for item in case.waiting_for(by.organisation_code)],
        accept=True,
        words="We looked at our file and at the car.",
        actor=by,
        at=at,
    )


def _ask(code: str, case_id: UUID, *, desks: Desks, at: datetime) -> None:
    settle_clone_case.ask_for_application(vin=vehicle(code).vin, case_id=case_id, actor=desks(_DESK), at=at)


def _store(file: LetIn) -> None:
    FileStore(directory=Path(settings.DATA_DIR) / "evidence-files").keep(cast(Judged, file))
