"""Whether a dealer may transact: the papers on file and the clerk's certificate (D-101 to D-104)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from vinculum.access.database import Actor, Connection
from vinculum.kernel.money import from_cents
from vinculum.state.law.on_file import DealerStanding

_PAPERS = """
SELECT kind, max(amount_cents), max(valid_from), max(coalesce(valid_until, date '9999-12-31'))
  FROM book.dealer_paper
 WHERE organisation_id = %s AND closed_by IS NULL AND valid_from <= %s AND (person_id IS NULL OR person_id = %s)
 GROUP BY kind
"""
_LIENHOLDERS = "SELECT code, name FROM book.lienholder WHERE code = ANY (%s) AND closed_by IS NULL"


def load_standing(
    connection: Connection, *, actor: Actor, day: date, funds_account_open: bool
) -> DealerStanding:
    """The dealer's papers in force on that day, and those of the person at the keyboard."""
    rows = connection.execute(_PAPERS, (actor.organisation_id, day, actor.person_id)).fetchall()
    papers = {kind: (amount, since, until) for kind, amount, since, until in rows}

    def until(kind: str) -> date | None:
        return papers[kind][2] if kind in papers else None

    def since(kind: str) -> date | None:
        return papers[kind][1] if kind in papers else None

    bond = papers.get("issuance_bond")
    return DealerStanding(
        dealer_number=actor.organisation_code,
        licence_expires_on=until("dealer_licence"),
        bond_expires_on=until("issuance_bond"),
        bond_amount=from_cents(bond[0]) if bond and bond[0] is not None else Decimal("0.00"),
        agreement_signed_on=since("program_agreement"),
        letter_of_intent_on=since("letter_of_intent"),
        funds_account_open=funds_account_open,
        clerk_certified_until=until("training_certificate"),
        suspended_since=since("suspension"),
    )


def load_lienholders(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Names of those lienholders that are on the approved list (D-410)."""
    if not codes:
        return {}
    return dict(connection.execute(_LIENHOLDERS, (list(codes),)).fetchall())
