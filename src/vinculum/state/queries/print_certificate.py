"""Print the registration certificate of a processed application, or print it again in its window (D-203, D-215)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import connecticut_calendar, deadline_at, local_date
from vinculum.kernel.refusal import Refused
from vinculum.state.documents.registration_certificate import (
    CertificateFee,
    RegistrationCertificate,
    render,
)
from vinculum.state.law.catalogue import refuse
from vinculum.state.queries.purpose import record_purpose
from vinculum.state.reference.publication import tables_in_force

ACT = "print_certificate"

_CERTIFICATE = """
SELECT a.id, a.processed_at, a.voided_at, a.receipt, a.issue_date, o.name,
       r.plate_number, r.plate_class, r.usage, r.declared_weight_pounds, r.conjunction, r.expires_on, r.tax_town_code,
       r.vin, v.model_year, v.make, v.model, v.body_style, v.vehicle_type, v.colour, v.fuel, v.gvwr_pounds,
       v.light_weight_pounds, coalesce(t.number, ''),
       (SELECT array_agg(w.name ORDER BY w.line) FROM book.registration_owner AS w WHERE w.registration_id = r.id),
       (SELECT coalesce(array_agg(n.lienholder_name ORDER BY n.line), '{}')
          FROM book.lien AS n WHERE n.title_id = t.id),
       d.residence_street, d.residence_town, d.residence_state, d.residence_zip, d.mailing_address
  FROM work.application AS a
  JOIN access.organisation AS o ON o.id = a.organisation_id
  JOIN book.registration AS r ON r.id = a.registration_id
  JOIN book.vehicle_detail AS v ON v.vin = r.vin AND v.opened_by = a.entry_id
  LEFT JOIN book.title AS t ON t.id = a.title_id
  LEFT JOIN book.registration_owner AS p ON p.registration_id = r.id AND p.line = 1
  LEFT JOIN book.customer_detail AS d ON d.customer_id = p.customer_id AND d.closed_by IS NULL
 WHERE a.id = %s AND a.state IN ('processed', 'voided')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCertificate:
    """The PDF and the name to save it under."""

    file_name: str
    pdf: bytes


def run(application_id: UUID, *, actor: Actor, at: datetime) -> PrintedCertificate | None:
    """The certificate, or None: another dealer's application and one that never was answer alike.

    A dealer prints until 18:00 of the next business day after processing; later Refused
    (`reprint_window_closed`). The agency prints at any time. The look-up is on record before anything is shown.
    """
    require(actor, ACT)
    ticket = record_purpose(
        actor,
        act=ACT,
        purpose="verification_by_business" if actor.organisation_kind == "dealer" else "government_agency",
        case_reference=f"application {application_id}",
        subject=f"application {application_id}",
    )
    with acting(actor, act=ACT, ticket=ticket) as connection:
        row = connection.execute(_CERTIFICATE, [application_id]).fetchone()
        if row is None:
            return None
        _check_window(row[1], actor=actor, at=at)
        certificate = _certificate(connection, row, at=at)
    return PrintedCertificate(
        file_name=f"registration-{certificate.plate_number}.pdf", pdf=render(certificate)
    )


def _check_window(processed_at: datetime, *, actor: Actor, at: datetime) -> None:
    if actor.organisation_kind != "dealer":
        return
    last = deadline_at(connecticut_calendar().next_business_day(local_date(processed_at)))
    if at > last:
        raise Refused([refuse("reprint_window_closed", until=f"{_eastern(last):%m/%d/%Y %H:%M}")])


def _certificate(connection: Connection, row: tuple[Any, ...], *, at: datetime) -> RegistrationCertificate:
    issue_date: date = row[4]
    tables = tables_in_force(connection, issue_date)
    gvwr, declared = row[21], row[9]
    return RegistrationCertificate(
        agency="Department of Motor Vehicles",
        state_name="State of Connecticut",
        plate_number=row[6],
        plate_class=row[7],
        usage=row[8],
        vin=row[13],
        model_year=row[14],
        make=row[15],
        model=row[16],
        body_style=row[17],
        vehicle_type=row[18],
        colour=row[19],
        fuel=row[20],
        gvwr_pounds=gvwr,
        light_weight_pounds=row[22],
        declared_weight_pounds=declared,
        owners=tuple(row[24] or ("–",)),
        conjunction=row[10],
        residence=", ".join(part for part in (row[26], row[27], f"{row[28]} {row[29]}".strip()) if part),
        mailing=row[30] or "",
        tax_town=tables.tax_towns[row[12]].name if row[12] in tables.tax_towns else row[12],
        issue_date=issue_date,
        processed_on=local_date(row[1]),
        expires_on=row[11],
        title_number=row[23],
        lienholders=tuple(row[25]),
        dealer=row[5],
        fees=tuple(
            CertificateFee(description=line["description"], amount=Decimal(line["amount"]))
            for line in row[3]["quote"]["lines"]
            if line["payable_to"] == "dmv"
        ),
        application_number=str(row[0]),
        printed_at=_eastern(at),
        parkway_warning=max(gvwr or 0, declared or 0) > tables.limit("parkway_prohibition_above"),
        voided_on=local_date(row[2]) if row[2] else None,
    )


def _eastern(instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo("America/New_York"))
