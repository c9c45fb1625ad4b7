"""Connecticut answers for its own titles: what the exchange's program is told, what is kept, who is not let in."""

import dataclasses
import json
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from both_systems import National
from desk import deliver, process, seen
from lot import LIENHOLDER, NOON, Lot, new_vin
from people import World
from program import Program, issue_key
from vinculum.entrypoints.exchange.state_detail import AnswersOverHttps, with_state_detail
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.json_codec import encode_answer
from vinculum.protocol.state_detail import StateDetailRequest
from vinculum.state.law.deal import DeclaredLien
from vinculum.state.transactions.register_vehicle import Receipt

pytestmark = pytest.mark.database


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Nothing to the terminal of the tests."""


@pytest.fixture(scope="module")
def exchange_key(world: World) -> str:
    """The key that the state's administrator gave the exchange's program."""
    organisation = world._the("association", "EXCH", "Test Exchange")
    return issue_key(world.administrator(), organisation_id=organisation[0], role="exchange_program")


@pytest.fixture
def address() -> Iterator[str]:
    """The state's own API on a port of this machine."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v1/title-details"
    server.shutdown()
    thread.join(10)
    server.server_close()


def titled_here(lot: Lot, national: National) -> Receipt:
    """A low-speed vehicle with a lien, titled in Connecticut and reported."""
    deal = lot.new_car()
    deal = dataclasses.replace(
        deal,
        vehicle=dataclasses.replace(deal.vehicle, body_style="lsv", colour="Green"),
        liens=(DeclaredLien(lienholder_code=LIENHOLDER, lien_date=lot.today),),
        ownership=dataclasses.replace(deal.ownership, lienholder_code=LIENHOLDER),
    )
    receipt = process(lot, deal, national)
    deliver(lot, national)
    return receipt


def question(vin: str, number: str, **other: Any) -> StateDetailRequest:
    return StateDetailRequest(
        message_id=uuid4(), origin="NY", sent_at=NOON, vin=vin, title_number=number, **other
    )


def told(asked: InquiryAnswer, message: UsedVehicleInquiry, address: str, key: str) -> InquiryAnswer:
    states = {"CT": AnswersOverHttps(address, key=key, seconds=20)}
    return with_state_detail(asked, message, at=NOON, states=states, seconds=20)


def test_exchange_is_told_by_this_state(
    lot: Lot, national: National, exchange_key: str, address: str
) -> None:
    """N-202: asked over the wire with its key, Connecticut tells status, odometer, body, colour, weight, lien."""
    receipt = titled_here(lot, national)
    message = UsedVehicleInquiry(
        message_id=uuid4(), origin="NY", sent_at=NOON, vin=receipt.vin, with_state_detail=True
    )
    asked = dataclasses.replace(national.port, jurisdiction="NY").inquire(message)
    asked = dataclasses.replace(asked, problems=())
    answer = told(asked, message, address, exchange_key)
    detail = answer.state_detail
    assert detail is not None, answer.problems
    assert (detail.title_status, detail.odometer, detail.odometer_unit) == ("active", 12, "M")
    assert (detail.body_style, detail.color, detail.gross_weight) == ("LSV", "GREEN", 4300)
    assert detail.lien_holder == "FICTIONAL TEST BANK"
    assert "SAMPLE" not in encode_answer(detail).decode(), "no owner is told"
    kept = seen(
        lot,
        "SELECT message_id, origin, title_number, told FROM outbox.detail_told WHERE vin = %s",
        receipt.vin,
    )
    assert kept == [(message.message_id, "NY", receipt.title_number, True)]
    for wrong in ("", "vk_test_" + "x" * 43):
        without = told(asked, message, address, wrong)
        assert [problem.code for problem in without.problems] == ["V93"]
        assert without.state_detail is None


def test_other_titles_are_told_as_they_are(lot: Lot, national: National, exchange_key: str) -> None:
    """N-202: a title that was replaced is inactive, one that is not ours is not told, and each question is kept."""
    vin, number = new_vin(), f"25{uuid4().int % 10**6:06d}"
    lot.convert_title(vin=vin, number=number, owner=lot.new_customer("FORMER OWNER"))
    national.title(jurisdiction="CT", vin=vin, number=number)
    process(lot, lot.used_car(jurisdiction="CT", title_number=number, vin=vin), national)
    program = Program(exchange_key)

    def ask(number: str) -> Any:
        return program.post("/title-details", encode_answer(question(vin, number)).decode())

    assert json.loads(ask(number).content)["title_status"] == "inactive"
    assert ask("26000000").status_code == 404
    kept = seen(
        lot, "SELECT title_number, told FROM outbox.detail_told WHERE vin = %s ORDER BY title_number", vin
    )
    assert kept == [(number, True), ("26000000", False)]


def test_only_questions_of_the_exchange(lot: Lot, world: World, exchange_key: str) -> None:
    """N-202: another role's key is refused, and what is no question is not answered."""
    sound = encode_answer(question("1HGCM82633A004352", "1")).decode()
    clerk = issue_key(lot.dealer.manager, organisation_id=lot.dealer.organisation_id)
    assert Program(clerk).post("/title-details", sound).status_code == 403
    assert Program("").post("/title-details", sound).status_code == 401
    program = Program(exchange_key)
    assert program.post("/title-details", "{}").status_code == 400
    assert program.post("/title-details", sound.replace("1HGCM82633A004352", "O" * 40)).status_code == 400
    assert program.get("/customers", {"kind": "ct_licence", "number": "1"}).status_code == 403
