"""Does the sale meet what its tax treatment asks for (D-801, D-803)."""

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.check_owners import known_owners
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import OnFile


def check_tax_treatment(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-803: a transfer to a trust is exempt only without lien and without consideration."""
    field = "sale.tax_treatment"
    owners = known_owners(on_file)
    kinds = {owner.kind for owner in owners}
    if deal.sale.tax_treatment == "trust_transfer" and owners:
        faults = []
        if "trust" not in kinds:
            faults.append("the registrant is no trust")
        if deal.liens:
            faults.append("there is a lien")
        if deal.sale.price > 0:
            faults.append("a price is paid")
        if faults:
            what = f"a transfer to a trust is exempt without lien and consideration, but {', '.join(faults)}"
            return (refuse("tax_treatment_not_met", field=field, what=what),)
    if deal.sale.tax_treatment == "government" and owners and "government" not in kinds:
        what = "the government exemption is for a vehicle bought by a government in its own name"
        return (refuse("tax_treatment_not_met", field=field, what=what),)
    return ()
