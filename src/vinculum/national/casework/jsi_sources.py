"""From whom a reported vehicle was obtained: for the help desk, against a purpose that is on record first (N-801)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from vinculum.access import disclosure
from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import RefusalsUnder, Refused
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.national.casework.jsi import DISPOSITIONS

ACT: Final = "show_jsi_sources"
_LONGEST_CASE: Final = 80
_refusal: Final = RefusalsUnder(rule="N-801")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A report of the vehicle with what the public never sees of it."""

    reporter_name: str
    reporter_state: str
    obtained_on: date
    obtained_from: str
    disposition: str
    reported_at: datetime


def purposes(*, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The purposes that the help desk may name: code and citation."""
    require(actor, ACT)
    return disclosure.purposes_for(actor, database="national")


def show(*, vin: str, purpose: str, case_reference: str, actor: Actor) -> tuple[Source, ...]:
    """Put the purpose on record, and then show every report of the VIN, the latest first. Raises Refused."""
    require(actor, ACT)
    vin, case_reference = normalise_vin(vin), case_reference.strip()
    refusals = [
        _refusal(fault.kind.value, fault.message, "Compare it with the case.", field="vin")
        for fault in vin_faults(vin)
    ]
    if purpose not in {code for code, _ in purposes(actor=actor)}:
        words = "What a person is known for is looked up for a purpose of the law only."
        refusals.append(_refusal("purpose_missing", words, "Choose the purpose.", field="purpose"))
    if not 1 <= len(case_reference) <= _LONGEST_CASE:
        words = f"The case for which you ask is missing or longer than {_LONGEST_CASE} characters."
        what_to_do = "Enter its number or name."
        refusals.append(_refusal("missing_field", words, what_to_do, field="case_reference"))
    if refusals:
        raise Refused(refusals)
    ticket = disclosure.record(
        actor, act=ACT, purpose=purpose, case_reference=case_reference, subject=vin, database="national"
    )
    with acting(actor, act=ACT, database="national", ticket=ticket) as connection:
        rows = connection.execute(
            "SELECT r.name, r.state, j.obtained_on, s.obtained_from, j.disposition, j.reported_at"
            "  FROM exchange.jsi_report AS j JOIN exchange.jsi_source AS s USING (vin, report_id)"
            "  JOIN exchange.reporter AS r ON r.organisation_id = j.organisation_id"
            " WHERE j.vin = %s ORDER BY j.reported_at DESC LIMIT 100",
            (vin,),
        ).fetchall()
    return tuple(
        Source(
            reporter_name=row[0],
            reporter_state=row[1],
            obtained_on=row[2],
            obtained_from=row[3],
            disposition=DISPOSITIONS.get(row[4], row[4]),
            reported_at=row[5],
        )
        for row in rows
    )
