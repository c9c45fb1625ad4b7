"""Log first, durably, then show: the purpose record that personal data is released against."""

from uuid import UUID, uuid4

from vinculum.access.database import Actor, acting


def record(actor: Actor, *, act: str, purpose: str, case_reference: str, subject: str) -> UUID:
    """Commit a purpose record and answer its ticket, good for five minutes and for this actor only.

    `purpose` is a code of 18 U.S.C. 2721(b) as in `jurisdictions/<st>/purposes.yaml`; `subject` says what was
    asked for (a number or a VIN, never a name).
    """
    ticket = uuid4()
    with acting(actor, act=act) as connection:
        connection.execute(
            "SELECT access.record_disclosure(%s, %s, %s, %s, %s)",
            (ticket, act, purpose, case_reference, subject),
        )
    return ticket
