"""The certificate as it prints: opened as a PDF reader would, and asked for by those who may and may not."""

import dataclasses
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from pypdf import PdfReader

from both_systems import National
from desk import process, seen
from lot import Lot, key
from people import World
from vinculum.kernel.refusal import Refused
from vinculum.state.documents.registration_certificate import (
    CertificateFee,
    RegistrationCertificate,
    render,
)
from vinculum.state.queries import print_certificate
from vinculum.state.transactions import void_registration

CERTIFICATE = RegistrationCertificate(
    agency="Department of Motor Vehicles",
    state_name="State of Connecticut",
    plate_number="AA10001",
    plate_class="passenger",
    usage="regular",
    vin="1HGCY1F30PA000001",
    model_year=2023,
    make="HOND",
    model="ACCORD",
    body_style="4DR SED",
    vehicle_type="passenger",
    colour="BLU",
    fuel="gasoline",
    gvwr_pounds=8000,
    light_weight_pounds=3300,
    declared_weight_pounds=None,
    owners=("SAMPLE AVERY",),
    conjunction=None,
    residence="1 Example Lane, HARTFORD, CT 06101",
    mailing="",
    tax_town="HARTFORD",
    issue_date=date(2026, 11, 20),
    processed_on=date(2026, 11, 20),
    expires_on=date(2029, 11, 19),
    title_number="30000001",
    lienholders=(),
    dealer="Lakeside Motors",
    fees=(CertificateFee(description="Registration", amount=Decimal("120.00")),),
    application_number=str(uuid4()),
    printed_at=datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
    parkway_warning=True,
)


def text_of(pdf: bytes) -> str:
    return PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_one_page_with_everything_on_it() -> None:
    """D-203, D-202: plate, vehicle, owner, both dates, expiry and fees, on one page."""
    pdf = render(CERTIFICATE)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    text = text_of(pdf)
    for expected in ("AA10001", "1HGCY1F30PA000001", "SAMPLE AVERY", "11/20/2026", "11/19/2029", "$120.00"):
        assert expected in text


def test_parkway_warning_only_over_the_limit() -> None:
    """D-304: the warning prints with a heavy vehicle and not with a light one."""
    assert "Merritt" in text_of(render(CERTIFICATE))
    assert "Merritt" not in text_of(render(dataclasses.replace(CERTIFICATE, parkway_warning=False)))


def test_void_is_across_the_page() -> None:
    """D-604: a voided certificate says VOID and when."""
    voided = text_of(render(dataclasses.replace(CERTIFICATE, voided_on=date(2026, 11, 23))))
    assert "VOID" in voided
    assert "11/23/2026" in voided


def test_data_never_become_scripts_or_links() -> None:
    """D-203: whatever stands in a name is printed; the PDF has no actions, scripts or links."""
    odd = dataclasses.replace(CERTIFICATE, owners=("(JAVASCRIPT:app.alert\\(1\\)) https://example.test/ 王",))
    reader = PdfReader(io.BytesIO(render(odd)))
    catalogue = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & set(catalogue)
    assert "/Annots" not in reader.pages[0]
    assert "JAVASCRIPT" in reader.pages[0].extract_text()


def test_the_dealer_prints_what_it_processed(world: World, national: National) -> None:
    """D-203: the certificate of a processed deal, with the look-up on record before it."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    printed = print_certificate.run(receipt.application_id, actor=lot.clerk, at=lot.now)
    assert printed is not None
    assert receipt.plate_number in text_of(printed.pdf)
    disclosures = seen(
        lot,
        "SELECT count(*) FROM access.disclosure WHERE subject = %s",
        f"application {receipt.application_id}",
    )
    assert disclosures == [(1,)]


def test_a_stranger_prints_nothing(world: World, national: National) -> None:
    """D-105: another dealer's certificate cannot be told from none."""
    lot, stranger = Lot(world), Lot(world)
    receipt = process(lot, lot.new_car(), national)
    assert print_certificate.run(receipt.application_id, actor=stranger.clerk, at=lot.now) is None
    assert print_certificate.run(uuid4(), actor=stranger.clerk, at=lot.now) is None


def test_reprint_until_six_on_the_next_business_day(world: World, national: National) -> None:
    """D-215: processed on a Friday, printable until Monday 18:00; after that only DMV prints."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    monday_six = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert print_certificate.run(receipt.application_id, actor=lot.clerk, at=monday_six)
    with pytest.raises(Refused, match="reprint_window_closed"):
        print_certificate.run(receipt.application_id, actor=lot.clerk, at=monday_six + timedelta(seconds=1))
    later = monday_six + timedelta(days=30)
    assert print_certificate.run(receipt.application_id, actor=lot.world.examiner(), at=later)


def test_a_voided_certificate_prints_void(world: World, national: National) -> None:
    """D-604: the certificate of a voided deal is marked."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    void_registration.run(
        void_registration.Request(
            application_id=receipt.application_id,
            reason="customer changed his mind",
            not_left_lot=True,
            idempotency_key=key(),
        ),
        actor=lot.clerk,
        at=lot.now,
    )
    printed = print_certificate.run(receipt.application_id, actor=lot.clerk, at=lot.now)
    assert printed is not None
    assert "VOID" in text_of(printed.pdf)
