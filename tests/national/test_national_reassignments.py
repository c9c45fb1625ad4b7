"""The chain of reassignments travels beside a title, and a reassignment's number never in its place."""

from datetime import date
from typing import Any

import pytest
from counter import NOW, Counter, change_of_state, codes, first_title, in_state, new_vin

from vinculum.national.queries import vehicle_history
from vinculum.protocol.inquiry import InquiryAnswer
from vinculum.protocol.json_codec import decode_message, encode_message
from vinculum.protocol.reassignment import MOST_REASSIGNMENTS, Reassignment

pytestmark = pytest.mark.database
CHAIN = (
    Reassignment(
        dealer="Shore Motors", licence="NY-7001", reassigned_on=date(2024, 5, 2), document_number="RD1"
    ),
    Reassignment(dealer="Lakeside Autos", reassigned_on=date(2024, 5, 20)),
)


def moved(vin: str, **more: Any) -> Any:
    return change_of_state(vin, ("NY", "1"), ("CT", "C1"), date(2024, 6, 3), **more)


def chains(answer: InquiryAnswer) -> dict[str, tuple[Reassignment, ...]]:
    return {title.title_number: title.reassignments for title in answer.history}


def test_chain_stands_beside_its_title(counter: Counter) -> None:
    """N-306: kept with the title it led to, in order, and shown to states with that title only."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    message = decode_message(encode_message(moved(vin, reassignments=CHAIN)))
    answer = counter.send(message)  # type: ignore[arg-type]
    assert (answer.accepted, answer.problems) == (True, ())
    assert chains(counter.ask(vin, "NY")) == {"1": (), "C1": CHAIN}
    assert counter.send(in_state(vin, "CT", "C1", "C2", date(2025, 1, 7), reassignments=CHAIN[1:])).accepted
    assert chains(counter.ask(vin, "NY")) == {"1": (), "C1": CHAIN, "C2": CHAIN[1:]}
    repeated = counter.send(message)  # type: ignore[arg-type]
    assert repeated == answer
    with counter.transaction() as connection:
        report = vehicle_history.run(vin, asker="198.51.100.7", at=NOW, connection=connection)
    assert "Shore Motors" not in repr(report)


def test_chain_follows_a_corrected_vin(counter: Counter) -> None:
    """N-306, N-307: the chain stands under the VIN that the title is issued under."""
    wrong, right = new_vin(), new_vin()
    counter.titled(wrong, "NY", "1")
    sent = moved(wrong, new_vin=right, vin_verified_on=date(2024, 6, 1), reassignments=CHAIN)
    assert counter.send(sent).accepted
    assert chains(counter.ask(right, "NY"))["C1"] == CHAIN


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        (CHAIN[::-1], ("V95", "reassignments", True)),
        ((Reassignment(dealer="Late", reassigned_on=date(2024, 6, 4)),), ("V95", "reassignments", True)),
        (
            (Reassignment(dealer="One", reassigned_on=date(2024, 5, 1), document_number="C1"),),
            ("V18", "title_number", False),
        ),
        (
            (CHAIN[0], Reassignment(dealer="Two", reassigned_on=date(2024, 5, 20), document_number="C1")),
            ("V18", "title_number", False),
        ),
        (
            (Reassignment(dealer="", reassigned_on=date(2024, 5, 1)),),
            ("V02", "reassignments.1.dealer", False),
        ),
        (
            (CHAIN[0], Reassignment(dealer="Übersee", reassigned_on=date(2024, 5, 3))),
            ("V02", "reassignments.2.dealer", False),
        ),
        (CHAIN[:1] * (MOST_REASSIGNMENTS + 1), ("V02", "reassignments", False)),
    ],
)
def test_chain_is_held_against_its_rules(
    counter: Counter, chain: tuple[Reassignment, ...], said: tuple[str, str, bool]
) -> None:
    """N-306: a chain out of order is kept with a warning; its number as a title's, or unreadable, is refused."""
    vin, code, field, accepted = new_vin(), *said
    counter.titled(vin, "NY", "1")
    answer = counter.send(moved(vin, reassignments=chain))
    assert answer.accepted is accepted
    assert (code, field) in codes(answer)
    first = counter.send(first_title(new_vin(), "CT", "C1", date(2024, 6, 3), reassignments=chain))
    assert first.accepted is accepted
