"""Evidence files of cases: let in by contents, seen by the case's sides only, each look-up on record first."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from counter import new_vin
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from both_systems import National
from exchange_people import Known, signed_in_person
from people import World
from signed_in import client_of
from vinculum.access.database import Actor, acting
from vinculum.kernel.refusal import Refused
from vinculum.national.alerts.file_contents import judge
from vinculum.national.alerts.file_store import FileStore
from vinculum.national.casework import data_changes, evidence

pytestmark = pytest.mark.database
AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.fixture
def people(known: Known) -> dict[str, Actor]:
    made = {code: known("title_clerk", "jurisdiction", code) for code in ("CT", "NY", "RI")}
    return made | {"desk": known("help_desk", "association", "ASSOC")}


def change(actor: Actor) -> tuple[str, UUID]:
    vin = new_vin()
    request_id = data_changes.propose(
        vin=vin, owners=("NY",), change="Take it away.", evidence="See file.", actor=actor, at=AT
    )
    return vin, request_id


def kept(key: tuple[str, UUID], actor: Actor, tmp_path: Path, *texts: str) -> None:
    evidence.keep(
        [judge(f"paper {n}.txt", text.encode()) for n, text in enumerate(texts)],
        subject="data_change",
        vin=key[0],
        subject_id=key[1],
        store=FileStore(directory=tmp_path).keep,  # type: ignore[arg-type]
        actor=actor,
        at=AT,
    )


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_files_are_for_the_sides_of_the_case(people: dict[str, Actor], tmp_path: Path) -> None:
    """N-704: who asked, the owner and the help desk see and add files; a third state neither, by page or raw SQL."""
    key = change(people["CT"])
    kept(key, people["CT"], tmp_path, "Letter of the title section")
    kept(key, people["NY"], tmp_path, "Our answer")
    for side in ("CT", "NY", "desk"):
        found = evidence.of_case("data_change", vin=key[0], subject_id=key[1], actor=people[side])
        assert [one.side for one in found] == ["CT", "NY"]
    stranger = people["RI"]
    assert evidence.of_case("data_change", vin=key[0], subject_id=key[1], actor=stranger) == ()
    with pytest.raises(evidence.NoSuchEvidence):
        kept(key, stranger, tmp_path, "Let me in")
    with pytest.raises(evidence.NoSuchEvidence):
        evidence.look_up(vin=key[0], evidence_id=found[0].evidence_id, actor=stranger, at=AT)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(stranger, act="keep_evidence", database="national") as connection,
    ):
        connection.execute(
            "INSERT INTO exchange.evidence_file (vin, evidence_id, subject_kind, subject_id, name, media_type, size,"
            " content_name, side, kept_at, kept_by, kept_by_name) VALUES (%s, gen_random_uuid(), 'data_change', %s,"
            " 'x.txt', 'text/plain', 1, repeat('a', 64), 'RI', now(), %s, 'X')",
            (*key, stranger.person_id),
        )


def test_each_look_is_on_record_and_nothing_is_changed(people: dict[str, Actor], tmp_path: Path) -> None:
    """N-704: who looked at which file and when is a row of its own; rows can be added, never changed or deleted."""
    key = change(people["CT"])
    kept(key, people["CT"], tmp_path, "Letter")
    (found,) = evidence.of_case("data_change", vin=key[0], subject_id=key[1], actor=people["NY"])
    for _ in range(2):
        evidence.look_up(vin=key[0], evidence_id=found.evidence_id, actor=people["NY"], at=AT)
    (again,) = evidence.of_case("data_change", vin=key[0], subject_id=key[1], actor=people["CT"])
    assert again.look_ups == 2
    with acting(people["desk"], act="keep_evidence", database="national") as connection:
        seen = connection.execute(
            "SELECT side, looked_by FROM exchange.evidence_look_up WHERE vin = %s", (key[0],)
        ).fetchall()
    assert seen == [("NY", people["NY"].person_id)] * 2
    for statement in (
        "UPDATE exchange.evidence_file SET name = 'y.txt' WHERE vin = %s",
        "DELETE FROM exchange.evidence_look_up WHERE vin = %s",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting(people["CT"], act="keep_evidence", database="national") as connection,
        ):
            connection.execute(statement, (key[0],))


def test_limits(people: dict[str, Actor], tmp_path: Path) -> None:
    """N-704: twenty files a case, no file twice, none at all is said."""
    key = change(people["CT"])
    for texts, code in (((), "missing_field"), (tuple(map(str, range(21))), "evidence_too_many")):
        with pytest.raises(Refused) as refused:
            kept(key, people["CT"], tmp_path, *texts)
        assert codes(refused) == {code}
    kept(key, people["CT"], tmp_path, "One")
    with pytest.raises(Refused) as refused:
        kept(key, people["NY"], tmp_path, "One")
    assert codes(refused) == {"evidence_there_already"}


def test_files_by_page(world: World, national: National, reporting: None) -> None:
    """N-704: judged by contents whatever they are called; given out as what they are, unable to act; kept outside."""
    actor = signed_in_person(world, "title_clerk", "jurisdiction", "RI")
    client: Any = client_of(actor)
    vin = new_vin()
    asked = client.post(
        reverse("exchange_propose_change"), {"vin": vin, "owners": ["NY"], "change": "X", "evidence": "Y"}
    )
    page = asked.headers["Location"]
    request_id = UUID(page.rstrip("/").rsplit("/", 1)[1])
    keep = reverse("exchange_keep_evidence", args=["data_change", vin, request_id])
    sent(client, keep, "letter.pdf", b"<html><script>alert(1)</script></html>")
    assert "it is a page or a drawing in text" in client.get(page).content.decode()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    sent(client, keep, "letter.exe", picture.getvalue())
    text = client.get(page).content.decode()
    assert "letter.png" in text
    address = text.split('href="/title-exchange/evidence/')[1].split('"')[0]
    given = client.get(f"/title-exchange/evidence/{address}")
    assert given.headers["Content-Type"] == "image/png"
    assert given.headers["Content-Disposition"] == 'attachment; filename="letter.png"'
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "looked at 1 time" in client.get(page).content.decode()
    assert list((Path(settings.DATA_DIR) / "evidence-files").rglob("*"))


def sent(client: Client, address: str, name: str, content: bytes) -> None:
    file = io.BytesIO(content)
    file.name = name
    assert client.post(address, {"files": [file]}).status_code == 302
