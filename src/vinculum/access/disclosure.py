"""Log first, durably, then show: the purpose record that personal data is released against."""

from uuid import UUID, uuid4

import psycopg

from vinculum.access.database import Actor, Database, acting


class PurposeRefused(Exception):
    """A purpose that this kind of organisation may not name, or that there is none of (18 U.S.C. 2721(b))."""

    def __init__(self, purpose: str, organisation_kind: str) -> None:
        super().__init__(f"A {organisation_kind} may not look at personal data for the purpose “{purpose}”.")
        self.purpose = purpose


def record(
    actor: Actor,
    *,
    act: str,
    purpose: str,
    case_reference: str,
    subject: str,
    database: Database = "state",
) -> UUID:
    """Commit a purpose record and answer its ticket, good for five minutes and for this actor only.

    `purpose` is a code of 18 U.S.C. 2721(b) as in `jurisdictions/<st>/purposes.yaml`; `subject` says what was
    asked for (a number or a VIN, never a name). Raises PurposeRefused.
    """
    ticket = uuid4()
    try:
        with acting(actor, act=act, database=database) as connection:
            connection.execute(
                "SELECT access.record_disclosure(%s, %s, %s, %s, %s)",
                (ticket, act, purpose, case_reference, subject),
            )
    except psycopg.errors.InsufficientPrivilege as error:
        if error.diag.constraint_name != "purpose_is_open_to_the_kind":
            raise
        raise PurposeRefused(purpose, actor.organisation_kind) from error
    return ticket


def purposes_for(actor: Actor, *, database: Database = "state") -> tuple[tuple[str, str], ...]:
    """The purposes that the actor's kind of organisation may name: code and citation."""
    with acting(actor, act="show_my_sign_in", database=database) as connection:
        rows = connection.execute(
            "SELECT code, citation FROM access.purpose WHERE organisation_kind = %s ORDER BY citation, code",
            (actor.organisation_kind,),
        ).fetchall()
    return tuple((row[0], row[1]) for row in rows)
