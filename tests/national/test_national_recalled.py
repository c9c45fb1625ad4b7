"""Recalled and fraudulent titles: their papers are known again by state and number, with whatever vehicle."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from counter import NOW, Counter, codes, first_title, inquiry, new_vin, removal
from django.test import Client

from people import World
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.admission import admit, issue_key
from vinculum.national.records.recalled_titles import page_of_recalled, recalled_titles
from vinculum.protocol.undercover import MarkUndercover

pytestmark = pytest.mark.database
LATER = NOW + timedelta(minutes=5)


def number() -> str:
    return f"R{uuid4().int % 10**9:09d}"


def recalled(counter: Counter, title_number: str) -> str:
    """A vehicle whose title of New Jersey was taken back."""
    vin = new_vin()
    counter.titled(vin, "NY", number())
    counter.titled(vin, "NJ", title_number)
    assert counter.send(removal(vin, "NJ", title_number)).accepted
    return vin


def told(counter: Counter, title_number: str, *, asker: str = "CT") -> list[str]:
    with counter.transaction() as connection:
        found = recalled_titles(connection, jurisdiction="NJ", title_number=title_number, asker=asker)
    return [title.reason for title in found]


def test_recalled_paper_is_known_with_any_vehicle(counter: Counter) -> None:
    """N-303: the removal keeps state, number, day and reason; an inquiry that names them says so, of any VIN."""
    forged = number()
    vin, other = recalled(counter, forged), new_vin()
    counter.titled(other, "MA", number())
    for asked in (vin, other, new_vin()):
        answer = counter.say(inquiry(asked, title_jurisdiction="NJ", title_number=forged))
        said = [problem for problem in answer.problems if problem.code == "V45"]
        assert [problem.field for problem in said] == ["title_number"]
        assert "2026-03-02 (Recalled: forged papers)" in said[0].text
    for more in ({"title_jurisdiction": "NY", "title_number": forged}, {"title_number": forged}, {}):
        assert "V45" not in dict(codes(counter.say(inquiry(vin, **more))))


def test_title_reported_anew_is_not_recalled(counter: Counter) -> None:
    """N-303: a removal by mistake, put right by reporting the title again, says nothing against the paper."""
    mistaken = number()
    vin = recalled(counter, mistaken)
    assert told(counter, mistaken) == ["Recalled: forged papers"]
    assert counter.send(first_title(vin, "NJ", mistaken), at=LATER).accepted
    assert told(counter, mistaken) == []
    assert counter.send(removal(vin, "NJ", mistaken), at=LATER + timedelta(minutes=5)).accepted
    assert len(told(counter, mistaken)) == 2


def test_undercover_vehicle_is_not_told(counter: Counter) -> None:
    """N-206: the register is silent about a vehicle that the asker may not see."""
    forged = number()
    vin = recalled(counter, forged)
    mark = MarkUndercover(
        message_id=uuid4(), origin="NY", sent_at=NOW, vin=vin, agency="Bureau", visible_to=("RI",)
    )
    assert counter.send(mark).accepted
    assert [len(told(counter, forged, asker=asker)) for asker in ("NY", "RI", "NJ", "CT")] == [1, 1, 0, 0]


def test_state_s_recalled_titles_in_order(counter: Counter) -> None:
    """N-303: a state's register comes in the order of numbers, each once, page after page."""
    for _ in range(2):
        recalled(counter, number())
    with counter.transaction() as connection:
        found, more = page_of_recalled(connection, jurisdiction="NJ", asker="CT")
        numbers = [title.title_number for title in found]
        assert (numbers, more) == (sorted(numbers), None)
        plan = connection.execute(
            "EXPLAIN SELECT 1 FROM exchange.title_history AS h WHERE h.transaction_type = 'RM'"
            " AND h.jurisdiction = 'OH' AND h.title_number = 'X'"
        ).fetchall()
    assert "title_history_taken_back" in str(plan)


def test_register_over_the_wire(counter: Counter, databases: ScratchDatabases) -> None:
    """N-303: programs look a number up or read a state's register; what cannot be asked is named."""
    forged = number()
    recalled(counter, forged)
    operator = World(databases).system()
    key = issue_key(
        operator,
        door="messages",
        organisation_id=admit(operator, code="CT", mode=1, at=NOW),
        client=f"title system {uuid4()}",
        expires_at=datetime.now(UTC) + timedelta(days=1),
        live=False,
    )
    asked = partial(
        Client().get, "/exchange/v1/recalled-titles", headers={"Authorization": f"Bearer {key.secret}"}
    )
    answer = asked({"jurisdiction": "NJ", "title_number": forged.lower()}).json()
    assert [title["title_number"] for title in answer["recalled_titles"]] == [forged]
    assert "vin" not in str(answer["recalled_titles"]).lower()
    whole = asked({"jurisdiction": "NJ"}).json()
    assert forged in [title["title_number"] for title in whole["recalled_titles"]]
    place = {"after_number": forged, "after_vin": "ZZ", "after_id": str(uuid4())}
    behind = asked({"jurisdiction": "NJ"} | place).json()["recalled_titles"]
    assert all(title["title_number"] > forged for title in behind)
    for wrong in (
        {},
        {"jurisdiction": "OHIO"},
        {"jurisdiction": "NJ", "title_number": "\0"},
        {"jurisdiction": "NJ", "after_vin": "A"},
        {"jurisdiction": "NJ"} | place | {"after_id": "1"},
        {"jurisdiction": "NJ", "vin": "A"},
    ):
        assert asked(wrong).status_code == 400, wrong
    assert Client().get("/exchange/v1/recalled-titles").status_code == 401
