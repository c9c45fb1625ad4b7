"""The dealer's desk by API: the three ownership documents end to end, refusals, holding, terminals, repeats."""

import dataclasses
import io
import json
from decimal import Decimal
from uuid import uuid4

import pypdf
import pytest

from both_systems import National
from desk import deliver
from lot import Lot, key
from papers import deal_from
from people import World
from program import Program, codes, program_of, wire

pytestmark = pytest.mark.database


@pytest.mark.parametrize("paper", ["certificate_of_origin", "connecticut_title", "out_of_state_title"])
def test_end_to_end(lot: Lot, national: National, program: Program, paper: str) -> None:
    """D-203, D-206, D-601: quoted, registered, printed, told to the exchange and voided, by API alone."""
    deal = deal_from(lot, national, paper)
    quoted = json.loads(program.post("/quotes", wire(deal)).content)
    assert quoted["processable"], quoted["refusals"]
    registered = program.post("/registrations", wire(deal))
    assert registered.status_code == 201, registered.content
    receipt = json.loads(registered.content)
    assert receipt["plate_number"] == quoted["next_plate"]
    assert receipt["quote"]["total"] == quoted["quote"]["total"]
    assert Decimal(receipt["charged"]) == Decimal(quoted["quote"]["payable_to_dmv"])
    application = f"/registrations/{receipt['application_id']}"

    printed = program.get(f"{application}/certificate")
    assert (printed.status_code, printed["Content-Type"]) == (200, "application/pdf")
    words = pypdf.PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    assert receipt["plate_number"] in words
    assert deal.vehicle.vin in words

    deliver(lot, national)
    assert [state for state, _ in national.pointers(deal.vehicle.vin)] == ["CT"]
    told = json.loads(program.get(application).content)["told"]
    assert [message["state"] for message in told] == ["answered"] or told[0]["state"] != "due"

    voided = program.post(f"{application}/void", {"reason": "customer withdrew", "not_left_lot": True})
    assert voided.status_code == 200, voided.content
    assert json.loads(voided.content)["refunded"] == receipt["charged"]
    assert json.loads(program.get(application).content)["state"] == "voided"


def test_all_refusals_at_once(lot: Lot, program: Program) -> None:
    """D-401: what is wrong with owner, insurance and money is said at once, each with remedy and rule."""
    deal = dataclasses.replace(lot.new_car(), owners=("000000",), insurance=None, documents=())
    response = program.post("/registrations", wire(deal))
    assert response.status_code == 422
    assert {"customer_not_on_file", "document_missing"} <= codes(response)
    problem = json.loads(response.content)
    assert problem["type"] == "urn:vinculum:problem:refused"
    assert all(refusal["message"] and refusal["remedy"] for refusal in problem["refusals"])
    assert len(problem["refusals"]) >= 3
    assert codes(program.post("/registrations", wire(deal))) == codes(response)


def test_missing_and_misspelt_fields(program: Program, lot: Lot) -> None:
    """D-203: every missing, invalid or unknown field is named with its path; nothing is processed."""
    document = wire(lot.new_car())
    del document["odometer"]
    document["vehicle"]["model_year"] = "soon"
    document["colour_of_seats"] = "red"
    response = program.post("/registrations", document)
    assert response.status_code == 422
    fields = {refusal["field"] for refusal in json.loads(response.content)["refusals"]}
    assert {"odometer", "vehicle.model_year", "colour_of_seats"} <= fields


def test_quote_of_a_draft(program: Program) -> None:
    """D-203: a quote is shown from the first fields on, with what is missing among the refusals."""
    response = program.post("/quotes", {"sale": {"price": "25000.00"}})
    assert response.status_code == 200
    answer = json.loads(response.content)
    assert not answer["processable"]
    assert Decimal(answer["quote"]["total"]) > 0
    assert {"missing_field"} <= {refusal["code"] for refusal in answer["refusals"]}


def test_repeated_key(lot: Lot, program: Program) -> None:
    """D-206: the same key answers the same receipt and takes the money once; for another deal it is refused."""
    deal, repeated = lot.new_car(), key()
    before = Decimal(json.loads(program.get("/funds").content)["balance"])
    first = program.post("/registrations", wire(deal), idempotency_key=repeated)
    again = program.post("/registrations", wire(deal), idempotency_key=repeated)
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert json.loads(first.content) == json.loads(again.content)
    after = Decimal(json.loads(program.get("/funds").content)["balance"])
    assert before - after == Decimal(json.loads(first.content)["charged"])
    other = program.post("/registrations", wire(lot.new_car()), idempotency_key=repeated)
    assert other.status_code == 409
    assert codes(other) == {"idempotency_key_reused"}
    assert program.post("/registrations", wire(deal), idempotency_key="short").status_code == 400


def test_hold_and_release(lot: Lot) -> None:
    """D-204, D-205: a deal waits without charge, is taken up at one terminal and finished there only."""
    front, back = program_of(lot, terminal="front desk"), program_of(lot, terminal="back office")
    deal = lot.new_car()
    incomplete = wire(deal)
    del incomplete["insurance"]
    held = front.post("/applications", {"deal": incomplete})
    assert held.status_code == 201, held.content
    application = json.loads(held.content)["application_id"]
    listed = json.loads(back.get("/applications", {"state": "held"}).content)
    assert application in {line["application_id"] for line in listed["applications"]}
    taken = back.post(f"/applications/{application}/release")
    assert json.loads(taken.content)["terminal"] == "back office"
    order = {**wire(deal), "application_id": application}
    elsewhere = front.post("/registrations", order)
    assert elsewhere.status_code == 409
    assert codes(elsewhere) == {"terminal_mismatch"}
    done = back.post("/registrations", order)
    assert done.status_code == 201, done.content
    assert json.loads(done.content)["application_id"] == application
    assert codes(back.post(f"/applications/{application}/abandon")) == {"application_finished"}


def test_abandon(lot: Lot, program: Program) -> None:
    """D-204: a deal that is given up leaves the worklist and stays on record."""
    application = json.loads(program.post("/applications", {"deal": {}}).content)["application_id"]
    given_up = program.post(f"/applications/{application}/abandon")
    assert json.loads(given_up.content)["state"] == "abandoned"
    moves = json.loads(program.get(f"/applications/{application}").content)["moves"]
    assert [move["to_state"] for move in moves] == ["held", "abandoned"]


def test_pages(lot: Lot, world: World) -> None:
    """D-105: the list is complete, each application once, however small the pages."""
    program = program_of(Lot(world, plates=1, funds="0"))
    made = {
        json.loads(program.post("/applications", {"deal": {}}).content)["application_id"] for _ in range(5)
    }
    seen: list[str] = []
    after = ""
    while True:
        page = json.loads(program.get("/applications", {"limit": 2, "after": after}).content)
        seen += [line["application_id"] for line in page["applications"]]
        after = page["next"]
        if not after:
            break
    assert sorted(seen) == sorted(made)
    assert program.get("/applications", {"after": "nonsense"}).status_code == 400


def test_another_dealers(lot: Lot, world: World, program: Program) -> None:
    """D-105: another dealer's application and one that never was answer alike: 404, whatever is asked."""
    application = json.loads(program.post("/applications", {"deal": {}}).content)["application_id"]
    stranger = program_of(Lot(world, plates=1, funds="0"))
    absent = str(uuid4())
    for path in ("/applications/{}", "/registrations/{}", "/registrations/{}/certificate"):
        others, none = stranger.get(path.format(application)), stranger.get(path.format(absent))
        assert (others.status_code, none.status_code) == (404, 404)
        assert _without_instance(others.content) == _without_instance(none.content)
    void = {"reason": "not mine", "not_left_lot": True}
    for path, document in (
        ("/applications/{}/release", None),
        ("/applications/{}/abandon", None),
        ("/registrations/{}/void", void),
    ):
        others, none = (stranger.post(path.format(one), document) for one in (application, absent))
        assert (others.status_code, none.status_code) == (404, 404)
        assert codes(others) == codes(none) == {"application_not_found"}


def _without_instance(content: bytes) -> dict[str, object]:
    document = json.loads(content)
    del document["instance"]
    return document
