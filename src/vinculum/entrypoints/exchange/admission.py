"""Admitting a jurisdiction to the exchange and giving its program a key: what the exchange's operator does."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from vinculum.access import keys
from vinculum.access.database import Actor, connected, one
from vinculum.access.permissions import require
from vinculum.access.vouching import find_or_enter
from vinculum.national.transactions import admit_jurisdiction

CLIENT_ACTS = ("ask_exchange", "report_to_exchange")
DESK_ACTS = ("work_exchange_case", "work_clone_case", "work_vin_correction", "rescind_brand")
REPORTER_ACTS = ("report_jsi",)
REPORTER_KEY_ACT = "issue_reporter_key"


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


def issue_client_key(
    actor: Actor,
    *,
    organisation_id: UUID,
    client: str,
    expires_at: datetime,
    live: bool,
    addresses: Sequence[str] = (),
) -> keys.IssuedKey:
    """Give a program of the jurisdiction a bearer key for the exchange; the secret is shown this once."""
    return keys.issue(
        actor,
        client=client,
        organisation_id=organisation_id,
        role="exchange_client",
        scopes=CLIENT_ACTS,
        expires_at=expires_at,
        live=live,
        addresses=addresses,
        database="national",
    )


def issue_desk_key(
    actor: Actor,
    *,
    organisation_id: UUID,
    client: str,
    expires_at: datetime,
    live: bool,
    acts: Sequence[str] = DESK_ACTS,
    addresses: Sequence[str] = (),
) -> keys.IssuedKey:
    """Give a program of the jurisdiction a key for the desks of data changes; shown this once.

    Where two people decide, all programs of a jurisdiction count as one.
    """
    return keys.issue(
        actor,
        client=client,
        organisation_id=organisation_id,
        role="exchange_desk_program",
        scopes=acts,
        expires_at=expires_at,
        live=live,
        addresses=addresses,
        database="national",
    )


def issue_reporter_key(
    actor: Actor, *, organisation_id: UUID, client: str, expires_at: datetime, live: bool
) -> keys.IssuedKey:
    """Give a program of a junk or salvage yard or an insurer a key for its reports (N-801); shown this once."""
    return keys.issue(
        actor,
        client=client,
        organisation_id=organisation_id,
        role="jsi_reporter",
        scopes=REPORTER_ACTS,
        expires_at=expires_at,
        live=live,
        database="national",
        act=REPORTER_KEY_ACT,
    )
