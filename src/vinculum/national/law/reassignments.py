"""The chain of reassignments beside a title: in order, before the title, and never its number (N-306)."""

from collections.abc import Iterator

from vinculum.protocol.problem import Problem, problem
from vinculum.protocol.reassignment import MOST_REASSIGNMENTS, Reassignment


def check_reassignments(message: object) -> Iterator[Problem]:
    """What is wrong with the chain of a message that reports a title; messages without one have none."""
    chain: tuple[Reassignment, ...] = getattr(message, "reassignments", ())
    if not chain:
        return
    if len(chain) > MOST_REASSIGNMENTS:
        yield problem("V02", field="reassignments", why=f"there are more than {MOST_REASSIGNMENTS} of them")
    number: str = getattr(message, "title_number", "")
    if any(step.document_number == number for step in chain):
        yield problem("V18", field="title_number", given=number)
    days = [*(step.reassigned_on for step in chain), getattr(message, "issue_date", chain[-1].reassigned_on)]
    if days != sorted(days):
        yield problem("V95", field="reassignments")
