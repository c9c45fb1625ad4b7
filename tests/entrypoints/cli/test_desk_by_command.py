"""The dealer's desk by command: the three ownership documents end to end, refusals, holding, exit codes."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pypdf
import pytest

from both_systems import National
from lot import Lot
from papers import deal_from
from vinculum.state.casework.deal_json import dump_deal
from vinculum.state.law.deal import Deal
from vinculum.state.outbox.deliver import deliver_all_due

pytestmark = pytest.mark.database


def _file(tmp_path: Path, deal: Deal) -> str:
    path = tmp_path / f"{deal.vehicle.vin}.json"
    path.write_text(json.dumps(dump_deal(deal)), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("paper", ["certificate_of_origin", "connecticut_title", "out_of_state_title"])
def test_end_to_end(lot: Lot, national: National, vinculum, tmp_path: Path, paper: str) -> None:
    """D-203, D-206, D-601: quoted, registered, printed, told to the exchange and voided, by command alone."""
    deal = deal_from(lot, national, paper)
    path = _file(tmp_path, deal)
    quoted = vinculum.json("quote", "--deal", path)
    assert quoted["processable"], quoted["refusals"]
    assert "total" in vinculum("quote", "--deal", path)
    receipt = vinculum.json("register", "--deal", path)
    assert receipt["plate_number"] == quoted["next_plate"]

    pdf = str(tmp_path / "certificate.pdf")
    vinculum("certificate", receipt["application_id"], "-o", pdf)
    assert receipt["plate_number"] in pypdf.PdfReader(pdf).pages[0].extract_text()

    deliver_all_due(actor=lot.world.system(), exchange=national.port, at=datetime.now(UTC))
    assert [state for state, _ in national.pointers(deal.vehicle.vin)] == ["CT"]
    assert deal.vehicle.vin in vinculum("history", deal.vehicle.vin)

    void = ("void", receipt["application_id"], "--reason", "customer withdrew")
    vinculum(*void, expect=1)
    assert "[void_" in vinculum.err or "lot" in vinculum.err
    voided = vinculum.json(*void, "--not-left-lot")
    assert voided["refunded"] == receipt["charged"]
    assert vinculum.json("application", receipt["application_id"])["state"] == "voided"


def test_refusals_are_listed(lot: Lot, vinculum, tmp_path: Path) -> None:
    """D-401: every refusal at once on standard error with its remedy, or as JSON; exit code 1."""
    path = _file(tmp_path, dataclasses.replace(lot.new_car(), owners=("000000",), insurance=None))
    vinculum("register", "--deal", path, expect=1)
    assert "[customer_not_on_file]" in vinculum.err
    assert vinculum.err.count("\n[") >= 1
    listed = {refusal["code"] for refusal in vinculum.json("register", "--deal", path, expect=1)["refusals"]}
    assert "customer_not_on_file" in listed
    assert not vinculum.json("quote", "--deal", path, expect=1)["processable"]


def test_hold_release_register(lot: Lot, vinculum, tmp_path: Path) -> None:
    """D-204, D-205: held, taken up at one terminal, refused at another, registered; D-206: once only."""
    path = _file(tmp_path, lot.new_car())
    application = vinculum.json("register", "--deal", path, "--hold")["application_id"]
    assert application in vinculum("applications", "--state", "held")
    assert vinculum.json("release", application)["state"] == "open"
    vinculum.terminal = "elsewhere"
    vinculum("register", "--deal", path, "--application", application, expect=1)
    assert "[terminal_mismatch]" in vinculum.err
    vinculum.terminal = "front desk"
    register = (
        "register",
        "--deal",
        path,
        "--application",
        application,
        "--idempotency-key",
        f"k-{application}",
    )
    first = vinculum.json(*register)
    assert vinculum.json(*register) == first
    vinculum("abandon", application, expect=1)
    assert "[application_finished]" in vinculum.err


def test_look_ups(lot: Lot, vinculum) -> None:
    """D-105, D-208: customers by number, own stock and funds; what is not one's own is not found."""
    find = ("customer", "find", "--kind", "customer_number", "--case", "deal 1", "--number")
    assert "SAMPLE AVERY" in vinculum(*find, lot.customer_number)
    vinculum(*find, "999", expect=1)
    assert vinculum.json("stock")["classes"][0]["plate_class"] == "passenger"
    assert vinculum.json("funds")["reconciled"] is True
    for command in (("application",), ("certificate",), ("release",), ("void", "--reason", "none")):
        vinculum(*command, str(uuid4()), expect=1)
        assert "[application_not_found]" in vinculum.err


def test_used_wrongly(vinculum, tmp_path: Path) -> None:
    """What cannot be read is exit code 2 and says what; no key is too."""
    vinculum("register", expect=2)
    vinculum("register", "--deal", str(tmp_path / "absent.json"), expect=2)
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    vinculum("quote", "--deal", str(broken), expect=2)
    assert "is not JSON" in vinculum.err
    vinculum("history", "1HGCY1F30PA0000012", expect=2)
    vinculum("applications", "--after", "nonsense", expect=2)
    vinculum("funds", "--from", "2026-02-01", "--to", "2026-01-01", expect=2)
    vinculum.key = ""
    vinculum("stock", expect=2)
    assert "VINCULUM_KEY" in vinculum.err
    vinculum.key = "vk_test_" + "A" * 43
    vinculum("stock", expect=1)


def test_unavailable(vinculum, monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases out of reach are exit code 3."""
    import psycopg

    from vinculum.state.queries import stock_summary

    def unreachable(**_: object) -> None:
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(stock_summary, "run", unreachable)
    vinculum("stock", expect=3)
