"""The exchange of the demonstration is at work: what its page tells of is there, for whom it says."""

from collections.abc import Iterator
from datetime import date

import pytest

from book_people import AT
from people import World
from vinculum.access.database import acting, connected
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.demo import load
from vinculum.entrypoints.demo.at_work import Desks, at_work
from vinculum.entrypoints.demo.exchange_cases import own_vin, vehicle
from vinculum.entrypoints.demo.load_told_by_file import month_told
from vinculum.entrypoints.demo.vehicles import look_alike
from vinculum.national.batch import file_row, notice_files, surrender_reports, work_bench
from vinculum.national.casework import clone_cases, data_changes, evidence, rescind_brand, vin_corrections
from vinculum.national.records.recalled_titles import page_of_recalled
from vinculum.national.records.vehicle import read_vehicle

pytestmark = pytest.mark.database
NEW_YORK, NEW_JERSEY = "titles@newyork.example", "titles@newjersey.example"


@pytest.fixture(scope="module")
def desks(databases: ScratchDatabases, summary: load.Summary) -> Iterator[Desks]:
    with at_work(World(databases).system()) as there:
        yield there


def test_recalled_titles(desks: Desks) -> None:
    """N-303: two titles of New Jersey in the register; the one before the first is current again."""
    with acting(desks(NEW_YORK), act="show_exchange_desk", database="national") as connection:
        recalled, _ = page_of_recalled(connection, jurisdiction="NJ", asker="NY")
    assert [one.title_number for one in recalled] == ["NJ60002001", "NJ60002002"]
    with connected("national") as connection:
        pointers = read_vehicle(connection, vehicle("recalled_stock").vin).pointers
    assert [pointer.title.jurisdiction for pointer in pointers] == ["NY"]


def test_brands_taken_back(desks: Desks) -> None:
    """N-404: one by two people; one waits, and not for whoever proposed it."""
    waits, done = rescind_brand.listed(actor=desks(NEW_YORK))
    assert (waits.vin, waits.standing) == (vehicle("brand_waits").vin, "proposed")
    assert waits.proposed_by != desks(NEW_YORK).person_id
    assert (done.vin, done.standing) == (vehicle("brand_gone").vin, "rescinded")
    with connected("national") as connection:
        assert read_vehicle(connection, done.vin).brands == ()


def test_corrected_vins(desks: Desks) -> None:
    """N-307, N-704: New Jersey's is done; of New York's the inspection and the request are, the approval is next."""
    (done,) = vin_corrections.listed(actor=desks(NEW_JERSEY))
    assert vin_corrections.show(
        vin=done.vin, correction_id=done.correction_id, actor=desks(NEW_JERSEY)
    ).is_done
    (waits,) = vin_corrections.listed(actor=desks(NEW_YORK))
    shown = vin_corrections.show(vin=waits.vin, correction_id=waits.correction_id, actor=desks(NEW_YORK))
    assert [one.done for one in shown.steps] == [True, True, True, False, False]
    assert waits.vin == look_alike(waits.right_vin)


def test_data_changes(desks: Desks) -> None:
    """N-704: two wait for New York, neither asked by its first clerk; one was carried out."""
    found = {one.vin: one for one in data_changes.listed(actor=desks(NEW_YORK))}
    waiting = {look_alike(vehicle("correction_waits").vin), vehicle("change_waits").vin}
    assert {vin for vin, one in found.items() if one.waits_for("NY")} == waiting
    assert all(found[vin].opened_by != desks(NEW_YORK).person_id for vin in waiting)
    assert found[vehicle("change_done").vin].standing == "carried_out"


def test_clones(desks: Desks) -> None:
    """N-308: one for New York to accept, with evidence; one for a second person to apply; one taken apart."""
    second = desks("second@exchange.example")
    standing = {one.vin: one for one in clone_cases.listed(actor=second)}
    by_code = {code: standing[vehicle(code).vin] for code in ("clone_waits", "clone_accepted", "clone_apart")}
    assert {code: one.standing for code, one in by_code.items()} == {
        "clone_waits": "drafted",
        "clone_accepted": "requested",
        "clone_apart": "applied",
    }
    waits = by_code["clone_waits"]
    assert waits.waiting_for("NY")
    assert evidence.of_case("clone_case", vin=waits.vin, subject_id=waits.case_id, actor=desks(NEW_YORK))
    assert second.person_id not in {
        by_code["clone_accepted"].drafted_by,
        by_code["clone_accepted"].requested_by,
    }
    with connected("national") as connection:
        shared = read_vehicle(connection, vehicle("clone_apart").vin)
        own = read_vehicle(connection, own_vin("clone_apart"))
    assert [pointer.title.jurisdiction for pointer in shared.pointers] == ["NY"]
    assert [pointer.title.jurisdiction for pointer in own.pointers] == ["NJ"]
    assert [brand.code for brand in own.brands] == ["36"]


def test_files(desks: Desks) -> None:
    """N-503, N-204: faults on New York's bench, a warning set aside; Rhode Island's questions are answered."""
    with acting(desks(NEW_YORK), act="work_batch_files", database="national") as connection:
        bench = work_bench.read_bench(connection, jurisdiction="NY", at=AT)
    assert {group.code for group in bench.errors} == {"401", "V17", "V70", "V84"}
    assert {group.code for group in bench.warnings} == {"21A", "V61"}
    assert [one.code for one, _ in bench.set_aside] == ["20B"]
    ocean = desks("titles@rhodeisland.example")
    with acting(ocean, act="work_batch_files", database="national") as connection:
        files = file_row.newest(connection, jurisdiction="RI")
    (asked,) = [file for file in files if file.kind.act == "inquiry"]
    assert (asked.state, asked.records_rejected) == ("applied", 1)
    assert asked.records_valid == 8


def test_told_by_file(desks: Desks) -> None:
    """N-310: the month's report with a title that came back and an exempt one; one notice file is to be confirmed."""
    clerk = desks(NEW_YORK)
    with acting(clerk, act="show_surrender_reports", database="national") as connection:
        month: date = month_told(AT).date()
        report = surrender_reports.find(connection, jurisdiction="NY", month=month)
        assert report is not None
        titles = surrender_reports.read_titles(connection, report)
        files = notice_files.newest(connection, jurisdiction="NY")
    assert (report.line_count, report.exempt_count) == (5, 1)
    assert sorted(one.vin for one in titles if one.returned_on) == sorted(
        vehicle(code).vin for code in ("came_back", "recalled_stock")
    )
    assert [(file.number, file.confirmed_at is None) for file in files] == [(2, True), (1, False)]
