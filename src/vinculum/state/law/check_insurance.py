"""The insurance card at the counter: Connecticut's, in force, in a name that counts (D-402)."""

from collections.abc import Iterator
from datetime import date, timedelta

from vinculum.kernel.period import Period, add_months_clipped, add_years_clipped
from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.check_owners import known_owners
from vinculum.state.law.deal import Deal, InsuranceCard
from vinculum.state.law.names import same_name
from vinculum.state.law.on_file import OnFile
from vinculum.state.law.tables import Deadline, Tables

_FAMILY = frozenset({"spouse", "parent", "child", "civil_union_partner"})


def check_insurance(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Refusal, ...]:
    """D-402: a card that says it is Connecticut's, complete, in force on the date of issue, in a good name."""
    card = deal.insurance
    if card is None:
        return (refuse("insurance_missing", field="insurance"),)
    return (
        *_check_connecticut(card),
        *_check_complete(card),
        *_check_in_force(card, issue_date=deal.issue_date, tables=tables),
        *_check_name(card, on_file=on_file),
    )


def card_validity(card: InsuranceCard, *, tables: Tables) -> Period:
    """The days on which a card is good.

    Cover starts and ends at one minute past midnight, so sixty days from 1 March are over when 30 April
    begins: the last day is the sixtieth, counting the effective day itself.
    """
    try:
        end = _after(card.effective_date, _length_of(card, tables=tables))
    except (ValueError, OverflowError):
        # A year mistyped as 9999 has no day a year later; the card is then good until further notice.
        end = None
    return Period(card.effective_date, end)


def _check_connecticut(card: InsuranceCard) -> Iterator[Refusal]:
    if not card.issued_pursuant_to_connecticut_law:
        yield refuse("insurance_not_connecticut", field="insurance.issued_pursuant_to_connecticut_law")


def _check_complete(card: InsuranceCard) -> Iterator[Refusal]:
    if not card.policy_number.strip():
        yield refuse("insurance_incomplete", field="insurance.policy_number", what="the policy number")
    if not card.insurer.strip():
        yield refuse("insurance_incomplete", field="insurance.insurer", what="the name of the insurer")


def _check_in_force(card: InsuranceCard, *, issue_date: date, tables: Tables) -> Iterator[Refusal]:
    if card.effective_date > issue_date:
        yield refuse(
            "insurance_not_effective",
            field="insurance.effective_date",
            effective=card.effective_date,
            issue_date=issue_date,
        )
    elif not card_validity(card, tables=tables).contains(issue_date):
        deadline = _length_of(card, tables=tables)
        yield refuse(
            "insurance_card_expired",
            field="insurance.effective_date",
            kind=card.kind,
            effective=card.effective_date,
            length=_spoken_length(deadline),
            issue_date=issue_date,
        )


def _check_name(card: InsuranceCard, *, on_file: OnFile) -> Iterator[Refusal]:
    owners = known_owners(on_file)
    if not owners or any(same_name(card.in_name_of, owner.name) for owner in owners):
        return
    # A relative's card counts for a person only: a business or a trust is insured under its own name.
    all_persons = all(owner.kind == "person" for owner in owners)
    if all_persons and card.relationship in _FAMILY and card.in_name_of.strip():
        return
    yield refuse(
        "insurance_name_mismatch",
        field="insurance.in_name_of",
        named=card.in_name_of.strip() or "nobody",
        relation="" if card.relationship == "registrant" else f" ({card.relationship.replace('_', ' ')})",
        registered=" and ".join(owner.name for owner in owners),
    )


def _length_of(card: InsuranceCard, *, tables: Tables) -> Deadline:
    return tables.deadlines[f"{card.kind}_insurance_card"]


def _after(day: date, deadline: Deadline) -> date:
    if deadline.unit == "years":
        return add_years_clipped(day, deadline.amount)
    if deadline.unit == "months":
        return add_months_clipped(day, deadline.amount)
    assert deadline.unit == "calendar_days", "An insurance card runs for days, months or years."
    return day + timedelta(days=deadline.amount)


def _spoken_length(deadline: Deadline) -> str:
    unit = {"years": "year", "months": "month", "calendar_days": "day"}[deadline.unit]
    return f"{deadline.amount} {unit}{'' if deadline.amount == 1 else 's'}"
