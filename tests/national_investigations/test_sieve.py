"""What passes the sieve: title numbers in their order, and records as an undo of clones left them."""

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import psycopg
import pytest

from national_investigations.laid_files import Files, Titled, sound_vin
from vinculum.access.database import Actor
from vinculum.national.investigations import scan
from vinculum.national.investigations.title_numbers import THE_BEGINNING, Place, next_portion

pytestmark = pytest.mark.database
DAY = date(2024, 5, 6)


def test_no_neighbours_are_lost_between_portions(files: Files) -> None:
    """The same number on several vehicles: all pairs side by side are found, wherever a portion ends."""
    number, vins = f"P{sound_vin()[-6:]}", sorted(sound_vin() for _ in range(7))
    with psycopg.connect(files.url) as connection:
        for vin in vins:
            connection.execute("INSERT INTO exchange.title_number_use VALUES (%s, 'ZZ', %s)", (vin, number))
        connection.execute("INSERT INTO exchange.title_number_use VALUES (%s, 'ZZ', 'Q')", (vins[0],))
        connection.execute("INSERT INTO exchange.title_number_use VALUES (%s, 'ZY', %s)", (vins[3], number))
        for most in (2, 3, 5, 100):
            found: set[tuple[str, str]] = set()
            place: Place | None = ("ZX", "", "")
            while place is not None:
                pairs, place = next_portion(connection, place, most=most)
                found |= pairs
            assert found == set(pairwise(vins)), most
        assert next_portion(connection, THE_BEGINNING, most=1)[1] is not None
        connection.rollback()


def test_whole_scan_finds_numbers_used_twice_and_mends_them(files: Files, system: Actor) -> None:
    """A whole scan reads the numbers in their order; a finding whose facts are gone is mended, others stay."""
    at, number = files.after_scans(), f"W{sound_vin()[-6:]}"
    vins = sorted(sound_vin() for _ in range(3))
    entries = [
        files.lay(vin, Titled(state="NY", day=DAY, number=number, current=True), at=at)[0] for vin in vins
    ]
    scan.run(actor=system, at=at, whole=True)
    assert files.findings(*vins) == [("number_twice", vin, "open") for vin in vins[:2]]
    files.withdraw(vins[2], entries[2])
    scan.run(actor=system, at=at, whole=True)
    assert files.findings(*vins) == [("number_twice", vins[0], "open"), ("number_twice", vins[1], "mended")]


def taken_off(files: Files, vin: str, row: UUID) -> None:
    """An undo of clones took that row off."""
    with psycopg.connect(files.url) as connection:
        connection.execute(
            "INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction,"
            " title_number, issue_date, make, model_year, odometer, odometer_unit, withdraws, reason, undo_case)"
            " SELECT vin, %s, 'CU', %s, jurisdiction, title_number, issue_date, make, model_year, odometer,"
            " odometer_unit, entry_id, 'taken apart', %s FROM exchange.title_history WHERE vin = %s AND entry_id = %s",
            (uuid4(), files.at, uuid4(), vin, row),
        )


def last_row(files: Files, vin: str) -> UUID:
    with psycopg.connect(files.url) as connection:
        row = connection.execute(
            "SELECT entry_id FROM exchange.title_history WHERE vin = %s AND transaction_type = 'RM'", (vin,)
        ).fetchone()
    assert row is not None
    return row[0]


def falling(files: Files) -> tuple[str, list[UUID]]:
    """A vehicle whose second title has a lower reading."""
    vin = sound_vin()
    titles = (
        Titled(state="NY", day=DAY, odometer=50_000),
        Titled(state="NY", day=DAY + timedelta(days=500), odometer=10_000, current=True),
    )
    return vin, files.lay(vin, *titles)


def test_records_are_sifted_as_an_undo_left_them(files: Files, system: Actor) -> None:
    """N-308: a removal that was taken off hides nothing, a title that was recorded anew is removed by its entry."""
    removed, _entries = falling(files)
    files.withdraw(removed, _entries[1])
    stands_again, again = falling(files)
    files.withdraw(stands_again, again[1])
    taken_off(files, stands_again, last_row(files, stands_again))
    gone, off = falling(files)
    taken_off(files, gone, off[1])
    scan.run(actor=system, at=files.after_scans(), whole=True)
    assert (files.kinds(removed), files.kinds(gone)) == ([], [])
    assert "odometer_falls" in files.kinds(stands_again)
