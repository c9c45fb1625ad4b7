"""What investigators find in the demonstration: each watch is set off once, most by vehicles of the agency (N-405).

Other states report what cannot be true together with what is on record; a yard reports what is titled afterwards.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

from vinculum.access.database import Actor
from vinculum.entrypoints.demo.at_work import Desks
from vinculum.entrypoints.demo.exchange_cases import vehicle
from vinculum.entrypoints.demo.population import MadeVehicle, Population
from vinculum.entrypoints.demo.state_systems import first_title, say
from vinculum.entrypoints.demo.vehicles import look_alike
from vinculum.national.casework import report_jsi
from vinculum.national.investigations import decide, findings, scan
from vinculum.protocol.add_brand import AddBrand

_SALVAGE: Final = "11"
_LEAP_MILES: Final = 45_000
_YARD: Final = "reports@salvage.example"


def load_suspects(population: Population, desks: Desks, *, at: datetime) -> None:
    """As many of them as the population has vehicles for."""
    number = iter(range(70_001, 70_100))
    made = population.make_vehicles()

    def reported(
        of: MadeVehicle, state: str, day: date, odometer: int, *, vin: str = "", years_off: int = 0
    ) -> None:
        title = first_title(
            vin or of.vin,
            pattern=of.pattern,
            state=state,
            number=f"{state}{next(number)}",
            issued=day,
            odometer=odometer,
            at=at,
            years_off=years_off,
        )
        say(title, at=at)

    for cloned in _next_of(made):
        # Of another model year, so that the exchange takes it for another vehicle: two are current.
        reported(cloned, "FL", cloned.title_date + timedelta(days=2), 9, years_off=-1)
    for copied in _next_of(made):
        reported(copied, "PA", copied.title_date, copied.odometer, vin=look_alike(copied.vin))
    for washed in _next_of(made):
        _salvaged(washed, on=washed.title_date - timedelta(days=80), at=at)
        for state, days in (("NJ", 80), ("PA", 30)):
            day = washed.title_date - timedelta(days=days)
            reported(washed, state, day, max(washed.odometer - 10 * days, 0))
    for leapt in _next_of(made, lambda one: one.odometer > _LEAP_MILES):
        reported(leapt, "PA", leapt.title_date - timedelta(days=20), leapt.odometer - _LEAP_MILES)
    for crushed in _next_of(made):
        report_jsi.run(
            report_jsi.Request(
                vin=crushed.vin,
                obtained_on=crushed.title_date - timedelta(days=90),
                obtained_from="Fictional Towing",
                disposition="crushed",
                for_export=False,
            ),
            actor=desks(_YARD),
            at=at,
            channel="form",
        )


def scan_for_findings(system: Actor, desks: Desks, *, at: datetime) -> None:
    """Find them, as the jobs do every quarter of an hour; one is confirmed by the help desk."""
    scan.run(actor=system, at=at, whole=True)
    desk = desks("desk@exchange.example")
    for finding in findings.of_vehicle(vin=vehicle("clone_accepted").vin, actor=desk):
        if finding.kind == "two_places":
            decide.run(
                decide.Request(
                    vin=finding.vin,
                    finding_id=finding.finding_id,
                    move="confirm",
                    words="Invented example: both cars were looked at; a clone case is under way.",
                ),
                actor=desk,
                at=at,
            )


def _next_of(
    made: Iterator[MadeVehicle], fits: Callable[[MadeVehicle], bool] = lambda _one: True
) -> Iterator[MadeVehicle]:
    """The next vehicle that will do, if the population has one left."""
    for one in made:
        if fits(one):
            yield one
            return


def _salvaged(of: MadeVehicle, *, on: date, at: datetime) -> None:
    brand = AddBrand(
        message_id=uuid4(),
        origin="NJ",
        sent_at=at,
        vin=of.vin,
        brand_code=_SALVAGE,
        brand_date=on,
        make=of.pattern.make,
        model_year=of.pattern.model_year,
    )
    say(brand, at=at)
