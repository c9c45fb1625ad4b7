"""A customer as found at the desk by the identification shown, or why there is none (D-208)."""

from dataclasses import dataclass

from vinculum.access.database import Actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.queries import find_customer
from vinculum.state.queries.find_customer import NUMBER_KINDS, Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerCard:
    """Exactly one of the two is set."""

    customer: Customer | None = None
    refusals: tuple[Refusal, ...] = ()


def find_owner(*, kind: str, number: str, reference: str, actor: Actor) -> OwnerCard:
    """Look the customer up; the purpose record is committed before anything is shown."""
    chosen = next((known for known in NUMBER_KINDS if known == kind), None)
    if chosen is None or not number:
        nothing = Refusal(
            code="missing_field",
            message="No number was entered to look the customer up by.",
            remedy="Enter the number on the identification that the customer shows.",
            field="number",
            rule="D-208",
        )
        return OwnerCard(refusals=(nothing,))
    wanted = find_customer.Request(kind=chosen, number=number, case_reference=reference)
    try:
        return OwnerCard(customer=find_customer.run(wanted, actor=actor))
    except Refused as refused:
        return OwnerCard(refusals=refused.refusals)


def known_owner(number: str, *, reference: str, actor: Actor) -> OwnerCard:
    """The card of a customer whose DMV number is on the deal already."""
    return find_owner(kind="customer_number", number=number, reference=reference, actor=actor)
