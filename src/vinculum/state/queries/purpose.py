"""Why personal data is looked at: a purpose of the law, written and committed before anything is shown."""

from datetime import datetime
from uuid import UUID

from vinculum.access import disclosure
from vinculum.access.database import Actor, acting
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.law.catalogue import refuse
from vinculum.state.reference.publication import tables_in_force


def record_purpose(
    actor: Actor, *, act: str, purpose: str, case_reference: str, subject: str, at: datetime
) -> UUID:
    """Commit the purpose record and answer its ticket; Refused when the law knows no such purpose of this actor's."""
    with acting(actor, act=act) as connection:
        purposes = tables_in_force(connection, local_date(at)).purposes
    found: list[Refusal] = []
    known = purposes.get(purpose)
    if known is None or actor.organisation_kind not in known.organisation_kinds:
        found.append(refuse("purpose_not_permitted", field="purpose", purpose=purpose))
    if not 1 <= len(case_reference) <= 80:
        found.append(refuse("case_reference_missing", field="case_reference"))
    if found:
        raise Refused(found)
    return disclosure.record(
        actor, act=act, purpose=purpose, case_reference=case_reference, subject=subject[:120]
    )
