"""Commands beside the desk: VINs, administration, the law's files, the audit trail, the listing."""

import argparse
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from lot import Lot, new_vin
from vinculum.access.permissions import PERMISSIONS
from vinculum.entrypoints import wired
from vinculum.entrypoints.cli import upload_file
from vinculum.entrypoints.cli.main import commands_of, listing, parser
from vinculum.entrypoints.cli.station import say

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "correct horse battery staple 7"


def test_vin_decode_of_arguments() -> None:
    """N-601: one JSON object per VIN, in order, with the names programs rely on; no database, no Django."""
    code = (
        "import sys; from vinculum.config.command import main; sys.argv = ['vinculum', 'vin', 'decode',"
        " '1HGCY1F30PA000001', '1HGCY1F37PA000001']; main(); assert 'django' not in sys.modules"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert set(first) == {"vin", "check_digit_valid", "model_year", "make", "model", "messages"}
    assert (first["check_digit_valid"], second["check_digit_valid"]) == (False, True)
    assert (second["model_year"], second["make"], second["messages"]) == (2023, "HONDA", [])
    assert first["messages"]


def test_vin_decode_of_lines(vinculum, typed) -> None:
    """N-601: as many objects as lines with something on them, whatever stands on them."""
    vins = [new_vin() for _ in range(1500)]
    typed("\n".join(vins) + "\n\n1g1\n" + "nonsense " * 100 + "\n")
    lines = [json.loads(line) for line in vinculum("vin", "decode").splitlines()]
    assert [line["vin"] for line in lines[:1500]] == vins
    assert all(line["check_digit_valid"] for line in lines[:1500])
    assert [line["check_digit_valid"] for line in lines[1500:]] == [False, False]


def test_listing_is_up_to_date() -> None:
    """docs/cli.md has every command with its options, exactly as the program has them."""
    assert (ROOT / "docs/cli.md").read_text(encoding="utf-8") == listing()
    names = [name for name, _ in commands_of(parser())]
    assert len(names) == len(set(names)) >= 30
    for _, command in commands_of(parser()):
        for action in command._actions:
            assert action.help or action.dest == argparse.SUPPRESS, (command.prog, action.dest)


@pytest.mark.database
def test_a_dealer_from_nothing(vinculum, lot: Lot, typed, tmp_path: Path) -> None:
    """D-101: organisation, people, papers, stock, funds and key by command; then its program does business."""
    code = f"D{uuid4().hex[:8]}"
    vinculum("organisation", "create", "--kind", "dealer", "--code", code, "--name", "Example Motors")
    vinculum("organisation", "create", "--kind", "dealer", "--code", code, "--name", "Twin", expect=1)
    email = f"manager.{code}@example.test"
    created = ("person", "create", "--email", email, "--name", "Manager Testperson")
    vinculum(*created, "--organisation", f"dealer:{code}", "--role", "dealer_manager")
    vinculum(*created, "--organisation", "dealer:none", "--role", "dealer_manager", expect=2)
    typed(PASSWORD + "\n")
    enrolled = vinculum.json("person", "enrol", email)
    assert enrolled["authenticator"].startswith("otpauth://totp/")
    papers = ("paper", "accept", "--dealer", code, "--from", "2020-01-01", "--kind")
    for kind in ("letter_of_intent", "program_agreement", "dealer_licence"):
        vinculum(*papers, kind)
    vinculum(*papers, "issuance_bond", "--amount", "5000.00")
    vinculum(*papers, "training_certificate", "--person", email)
    deposit = ("funds", "deposit", "--dealer", code, "--amount", "1000.00", "--reference", f"bank-{code}")
    assert vinculum.json(*deposit)["balance"] == "1000.00"
    assert vinculum.json(*deposit) | {"repeated": True} == vinculum.json(*deposit)
    vinculum("funds", "deposit", "--dealer", code, "--amount", "money", "--reference", "x", expect=2)
    stock = ("stock", "add", "--dealer", code, "--class", "passenger", "--count", "25", "--first")
    vinculum(*stock, _free_mark())
    vinculum(*stock, "?", expect=1)

    typed(f"{PASSWORD}\n{vinculum('demo', 'code', email)}")
    issue = ("key", "issue", "--as", email, "--client", "desk", "--organisation", f"dealer:{code}")
    scopes = [part for act in PERMISSIONS["dealer_clerk"] for part in ("--scope", act)]
    issued = vinculum.json(*issue, "--role", "dealer_clerk", *scopes)
    vinculum.key = issued["key"]
    assert vinculum.json("stock")["classes"][0]["available"] == 25
    deal = tmp_path / "deal.json"
    from vinculum.state.casework.deal_json import dump_deal

    deal.write_text(json.dumps(dump_deal(lot.new_car())), encoding="utf-8")
    assert vinculum.json("register", "--deal", str(deal))["title_number"]
    typed("wrong\n000000\n")
    vinculum("key", "revoke", "--as", email, issued["key_id"], expect=1)
    vinculum("person", "leave", email)
    vinculum("stock", expect=1)


def _free_mark() -> str:
    """A mark of the passenger sequence that no test has given out."""
    from vinculum.access.database import connected
    from vinculum.state.reference.publication import tables_in_force

    with connected("state") as connection:
        marks = tables_in_force(connection, date.today()).plate_classes["passenger"].plate_format  # noqa: DTZ011
    return marks.mark_at(uuid4().int % (marks.capacity // 100) * 50)


@pytest.mark.database
def test_customer_keep(vinculum, tmp_path: Path) -> None:
    """D-207: a record is opened and corrected by the agency's command, and found by its licence number."""
    licence = str(uuid4().int)[:9]
    particulars = {
        "kind": "person",
        "name": "EXAMPLE ROBIN",
        "last_name": "EXAMPLE",
        "date_of_birth": "1990-02-03",
        "residence_town": "HARTFORD",
        "residence_state": "CT",
        "tax_town_code": "064",
        "identifications": [{"kind": "ct_licence", "number": licence}],
    }
    path = tmp_path / "customer.json"
    path.write_text(json.dumps(particulars), encoding="utf-8")
    number = vinculum.json("customer", "keep", "--particulars", str(path))["number"]
    found = vinculum.json("customer", "find", "--kind", "ct_licence", "--number", licence, "--case", "deal 2")
    assert found["number"] == number
    path.write_text(json.dumps({**particulars, "shoe_size": 9}), encoding="utf-8")
    vinculum("customer", "keep", "--particulars", str(path), expect=2)
    path.write_text(json.dumps({**particulars, "tax_town_code": "999"}), encoding="utf-8")
    vinculum("customer", "keep", "--particulars", str(path), expect=1)
    assert "[tax_town_not_listed]" in vinculum.err


def test_reference_check(vinculum, tmp_path: Path) -> None:
    """F-112: the law's files are read strictly: what is in the repository holds, an empty folder does not."""
    assert vinculum.json("reference", "check", str(ROOT / "jurisdictions/ct"))["jurisdiction"] == "CT"
    vinculum("reference", "check", str(tmp_path), expect=1)
    assert vinculum.err.strip()
    vinculum("reference", "check", str(tmp_path / "none"), expect=2)


@pytest.mark.database
def test_reference_publish(vinculum, databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-112: what is in force already is not published again."""
    monkeypatch.setattr(wired, "_owner_urls", [(databases.migrate_state_url, databases.migrate_national_url)])
    assert vinculum.json("reference", "publish", str(ROOT / "jurisdictions/ct"))["published"] is False


@pytest.mark.database
def test_audit(vinculum, tmp_path: Path) -> None:
    """The trail is verified and signed by command; checkpoints of another key are refused."""
    assert vinculum.json("audit", "verify")["holds"] is True
    at = ("--checkpoints", str(tmp_path / "heads"), "--key", str(tmp_path / "key.pem"))
    vinculum("audit", "checkpoint", *at)
    verdict = vinculum.json("audit", "verify", *at)
    assert (verdict["holds"], verdict["checkpoints"]) == (True, 1)
    other = ("--checkpoints", str(tmp_path / "other"), "--key", str(tmp_path / "other.pem"))
    vinculum("audit", "checkpoint", *other)
    vinculum("audit", "verify", *at[:2], *other[2:], expect=1)
    vinculum("audit", "verify", *at[:2], expect=2)


def test_nothing_is_said_as_none(capsys: pytest.CaptureFixture[str]) -> None:
    """An operator who asks for a list that is empty sees that it is, not a blank line."""
    say([], as_json=False)
    assert capsys.readouterr().out == "none\n"
    say([], as_json=True)
    assert capsys.readouterr().out == "[]\n"


def test_a_day_written_otherwise(vinculum) -> None:
    """A day in another form is refused with the form that is read."""
    words = "exchange reporter penalty --from 01/02/2026 --amount 5 --citation x"
    vinculum(*words.split(), expect=2)
    assert "01/02/2026 is no day; write it as 2026-03-02" in vinculum.err


def test_an_upload_says_that_it_tries_again(
    vinculum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens there: the command says so at each try, and ends with what to do."""
    paused: list[float] = []
    monkeypatch.setattr(upload_file.time, "sleep", paused.append)
    path = tmp_path / "file.txt"
    path.write_text("H\n")
    vinculum("exchange", "file", "upload", str(path), "--to", "http://127.0.0.1:9", expect=1)
    assert vinculum.err.count("trying again in") == len(paused) == 7
    assert "give the command again to go on" in vinculum.err


def test_states_are_played_to_somebody(vinculum, tmp_path: Path) -> None:
    """An exchange that never answered has kept no promise; key files of another shape and codes of nobody are told."""
    keys = tmp_path / "keys.json"
    keys.write_text('{"PA": "vk_test_x"}')
    played = ("exchange", "emulate", "--states", "PA:1", "--turns", "1", "--vehicles", "1")
    vinculum(*played, "--address", "http://127.0.0.1:9", "--keys", str(keys), expect=3)
    assert "nothing at http://127.0.0.1:9 has answered" in vinculum.err
    keys.write_text("[]")
    vinculum(*played, "--address", "http://127.0.0.1:9", "--keys", str(keys), expect=2)
    assert "it is to be an object" in vinculum.err
    nobody = ("exchange", "emulate", "--states", "QQ:1", "--turns", "1")
    vinculum(*nobody, "--address", "http://127.0.0.1:9", "--admit", expect=2)
    assert "QQ is not a D20 jurisdiction code" in vinculum.err
