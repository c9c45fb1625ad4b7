"""Files of yards' and insurers' reports: the law of the single report, set by set, in the reporter's own name."""

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from counter import jsi_reports, new_vin
from django.test import Client
from test_jsi_reports import SECRET_SOURCE, registered

from both_systems import National
from exchange_people import Known
from vinculum.access import service
from vinculum.access.database import Actor, acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.admission import issue_key
from vinculum.kernel.refusal import Refused
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.national.casework import jsi, report_jsi

sys.path.append(str(Path(__file__).resolve().parents[1] / "national_batch"))
from malformed import spoil

pytestmark = pytest.mark.database
SPOILT = int(os.environ.get("VINCULUM_MALFORMED_FILES", "300")) // 10
FILES = "/exchange/v1/jsi-files"


@pytest.fixture
def yard(known: Known) -> Actor:
    return registered(known("jsi_reporter", "reporter"), at=datetime.now(UTC) - timedelta(days=40))


def program(yard: Actor) -> Client:
    key = issue_key(
        service.actor(),
        door="reports",
        organisation_id=yard.organisation_id,
        client="yard program",
        expires_at=datetime.now(UTC) + timedelta(days=30),
        live=False,
    )
    return Client(headers={"Authorization": f"Bearer {key.secret}"})


def obtained(vin: str, **other: Any) -> dict[str, Any]:
    """A record of a file."""
    given = {"obtained_on": date(2026, 11, 2), "obtained_from": SECRET_SOURCE, "disposition": "sold"}
    return {"vin": vin, "for_export": False} | given | other


def written(
    records: list[dict[str, Any]], *, name: str = "", state: str = "CT", form: str = "fixed"
) -> bytes:
    return print_file(
        FILE_TYPES["JSIREP"],
        records,
        jurisdiction=state,
        file_id=name or f"Y{uuid4().hex[:10].upper()}",
        created_on=date(2026, 11, 20),
        form=form,
    )


def send(client: Client, content: bytes, *, kind: str = "text/plain") -> Any:
    return client.post(FILES, data=content, content_type=kind)


def codes(client: Client, answer: Any) -> list[tuple[int, str]]:
    """Record number and code of each message of the SEW report."""
    report: Any = client.get(f"{FILES}/{answer.json()['file_id']}/report", {"form": "csv"})
    lines = b"".join(report.streaming_content).decode().splitlines()[3:]
    return [(int(line.split(",")[0]), line.split(",")[2]) for line in lines]


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_reports_come_by_file(yard: Actor, national: National, form: str) -> None:
    """N-801, N-501: each good record a report, each bad one rejected alone; supplements follow within the file."""
    client = program(yard)
    one, two, three = new_vin(), new_vin(), new_vin()
    first = send(client, written([obtained(one, disposition="to_be_determined")], form=form))
    assert first.status_code == 201, first.content
    number = f"{first.json()['file_id'][:24]}{1:012d}"
    records = [
        obtained(one, disposition="crushed", supplements=number),
        obtained(one, disposition="sold", supplements=number),
        obtained(one),
        obtained(two, for_export=True),
        obtained(two),
        obtained(three, obtained_on=date(2126, 1, 1)),
        obtained("1HGCM82643A0043520"),
        obtained(three, supplements="no number"),
    ]
    sent = send(client, written(records, form=form))
    assert sent.status_code == 201, sent.content
    assert sent.json()["counts"] == {"input": 8, "rejected": 6, "with_warnings": 0, "valid": 2}
    assert [found[0] for found in codes(client, sent)] == [2, 3, 5, 6, 7, 8]
    assert dict(codes(client, sent)) | {7: ""} == {2: "V58", 3: "V57", 5: "V57", 6: "V56", 7: "", 8: "V59"}
    with acting(yard, act="report_jsi", database="national") as connection:
        assert [r.disposition for r in jsi_reports(connection, one)] == ["crushed"]
        assert [r.for_export for r in jsi_reports(connection, two)] == [True]
        assert jsi.own_reports(connection, yard.organisation_id, vin=two)[0].obtained_from == SECRET_SOURCE
        months = connection.execute(
            "SELECT count(*) FROM exchange.jsi_month WHERE organisation_id = %s", (yard.organisation_id,)
        ).fetchone()
    assert months is not None
    assert months[0] >= 1


def test_file_says_what_single_reports_say(yard: Actor, known: Known) -> None:
    """N-801: one law: the same reports one by one and as a file are taken and refused alike."""
    other = registered(known("jsi_reporter", "reporter"), at=datetime.now(UTC) - timedelta(days=40))
    vins = [new_vin(), new_vin()]
    rows = [
        obtained(vins[0]),
        obtained(vins[0]),
        obtained(vins[0], obtained_on=date(2026, 11, 3)),
        obtained(vins[1], obtained_on=date(1850, 1, 1)),
        obtained(vins[1], supplements=str(uuid4())),
        obtained(vins[1][:10] + "0" * 10),
    ]
    singly = []
    for row in rows:
        request = report_jsi.Request(**(row | {"supplements": None}))
        if "supplements" in row:
            request = report_jsi.Request(**(row | {"supplements": uuid4()}))
        try:
            report_jsi.run(request, actor=other, at=datetime.now(UTC), channel="api")
        except Refused:
            singly.append(False)
        else:
            singly.append(True)
    client = program(yard)
    sent = send(client, written(rows))
    refused = {number for number, _code in codes(client, sent)}
    assert (
        [number not in refused for number in range(1, len(rows) + 1)]
        == singly
        == [True, False, True, False, False, False]
    )


def test_file_is_taken_once_and_shown_to_its_sender(yard: Actor, known: Known) -> None:
    """N-501, N-801: again answers as the first time; other content under its name is refused; nobody else finds it."""
    client = program(yard)
    stranger = program(registered(known("jsi_reporter", "reporter")))
    content = written([obtained(new_vin())], name="ONCE")
    sent = send(client, content)
    again = send(client, content)
    assert (sent.status_code, again.status_code) == (201, 200)
    assert again.json() == sent.json()
    other = send(client, written([obtained(new_vin())], name="ONCE"))
    assert (other.status_code, other.json()["errors"][0]["message"][:3]) == (422, "V87")
    assert send(stranger, written([obtained(new_vin())], name="ONCE")).status_code == 201
    assert stranger.get(f"{FILES}/{sent.json()['file_id']}/report").status_code == 404


def refused_files(yard: Actor) -> Iterator[tuple[bytes, int, str]]:
    good = written([obtained(new_vin())])
    yield written([obtained(new_vin())], state="NY"), 422, "V85"
    yield good.replace(b"JSIREP", b"VINADD"), 422, "V89"
    yield b"\x1f\x8b compressed", 422, "V80"
    yield good + b"x" * 1024 * 1024, 413, "V88"


def test_what_is_refused_at_the_door(yard: Actor, databases: ScratchDatabases) -> None:
    """N-801, N-505: another state, another kind, no text, too much; a jurisdiction's key and none open nothing."""
    client = program(yard)
    for content, status, code in refused_files(yard):
        answer = send(client, content)
        assert (answer.status_code, answer.json()["errors"][0]["message"][:3]) == (status, code), code
    cut = send(client, written([obtained(new_vin())]).replace(b"\nT", b"\nX"))
    assert (cut.status_code, cut.json()["state"], cut.json()["fault"]["code"]) == (201, "rejected", "V83")
    assert send(Client(), written([])).status_code == 401
    assert send(client, written([]), kind="application/json").status_code == 415
    assert client.get(FILES).status_code == 405
    sent = send(client, written([obtained(new_vin())]))
    assert client.get(f"{FILES}/{sent.json()['file_id']}/report", {"form": "pdf"}).status_code == 400
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        row = connection.execute(
            "SELECT count(*) FROM exchange.batch_message WHERE text LIKE %s", (f"%{SECRET_SOURCE}%",)
        ).fetchone()
    assert row == (0,)


def test_spoilt_files_end_in_a_report(yard: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    """N-505: whatever comes is refused with line and reason, or each bad record alone; nothing is half taken."""
    client, ended = program(yard), Counter[str]()
    for seed in range(SPOILT):
        chance = random.Random(seed)
        vins = [new_vin() for _ in range(chance.randrange(2, 6))]
        how, content = spoil(
            chance, written([obtained(vin) for vin in vins], form=chance.choice(("fixed", "csv")))
        )
        answer = send(client, content)
        # Nothing at all has no content type either.
        assert answer.status_code in {201, 413, 422, *([] if content else [415])}, (seed, how, answer.content)
        with acting(yard, act="report_jsi", database="national") as connection:
            reports = sum(len(jsi_reports(connection, vin)) for vin in vins)
        if answer.status_code == 201 and answer.json()["state"] == "applied":
            counted = answer.json()["counts"]
            assert counted["input"] == counted["rejected"] + counted["valid"], (seed, how)
            assert reports <= counted["valid"], (seed, how)
            ended["applied"] += 1
            continue
        assert reports == 0, (seed, how)
        ended["rejected" if answer.status_code == 201 else "refused at once"] += 1
    with capsys.disabled():
        print(f"\n{SPOILT} spoilt files of reports: {dict(ended)}", end="")
    assert len(ended) == 3
