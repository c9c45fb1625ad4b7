"""Admitting a jurisdiction to the exchange and giving its program a key: what the exchange's operator does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from vinculum.access import keys
from vinculum.access.database import Actor, connected, one
from vinculum.access.permissions import require
from vinculum.access.vouching import find_or_enter
from vinculum.national.transactions import admit_jurisdiction

DESK_ACTS = ("work_exchange_case", "work_clone_case", "work_vin_correction", "rescind_brand")
REPORTER_KEY_ACT = "issue_reporter_key"
Door = Literal["messages", "desks", "reports"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTo:
    """What a key to one door of the exchange is: whose programs have it, their role, and what they may do there."""

    organisation_kind: str
    role: str
    acts: tuple[str, ...]
    issued_by_act: str = "issue_api_key"


# Where two people decide at the desks, all programs of a jurisdiction count as one.
KEYS: Final[dict[Door, KeyTo]] = {
    "messages": KeyTo(
        organisation_kind="jurisdiction", role="exchange_client", acts=("ask_exchange", "report_to_exchange")
    ),
    "desks": KeyTo(organisation_kind="jurisdiction", role="exchange_desk_program", acts=DESK_ACTS),
    "reports": KeyTo(
        organisation_kind="reporter",
        role="jsi_reporter",
        acts=("report_jsi",),
        issued_by_act=REPORTER_KEY_ACT,
    ),
}


def admit(actor: Actor, *, code: str, mode: int, at: datetime, grace_days: int = 7) -> UUID:
    """Admit the jurisdiction of this D20 code in a mode (N-106), and enter it as an organisation of the exchange.

    Doing it again changes the mode and the days of grace. Raises UnknownJurisdiction.
    """
    require(actor, "create_organisation")
    with connected("national") as connection:
        admit_jurisdiction.run(code, mode=mode, at=at, connection=connection, grace_days=grace_days)
        row = one(connection, "SELECT name FROM exchange.jurisdiction WHERE code = %s", (code,))
    assert row is not None, "An admitted jurisdiction is on the roster."
    return find_or_enter(actor, kind="jurisdiction", code=code, name=row[0])


def issue_key(
    actor: Actor,
    *,
    door: Door,
    organisation_id: UUID,
    client: str,
    expires_at: datetime,
    live: bool,
    acts: Sequence[str] = (),
    addresses: Sequence[str] = (),
) -> keys.IssuedKey:
    """Give a program a bearer key to a door of the exchange, for all its acts or some; shown this once."""
    key = KEYS[door]
    return keys.issue(
        actor,
        client=client,
        organisation_id=organisation_id,
        role=key.role,
        scopes=tuple(acts) or key.acts,
        expires_at=expires_at,
        live=live,
        addresses=addresses,
        database="national",
        act=key.issued_by_act,
    )
