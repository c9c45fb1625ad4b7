"""Why personal data is looked at: a purpose of the law, written and committed before anything is shown."""

from uuid import UUID

from vinculum.access import disclosure
from vinculum.access.database import Actor
from vinculum.kernel.refusal import Refused
from vinculum.state.law.catalogue import refuse

LONGEST_CASE_REFERENCE = 80
LONGEST_SUBJECT = 120


def record_purpose(actor: Actor, *, act: str, purpose: str, case_reference: str, subject: str) -> UUID:
    """Commit the purpose record and answer its ticket; Refused when the law gives this actor no such purpose."""
    if not 1 <= len(case_reference.strip()) <= LONGEST_CASE_REFERENCE:
        raise Refused([refuse("case_reference_missing", field="case_reference")])
    try:
        return disclosure.record(
            actor,
            act=act,
            purpose=purpose,
            case_reference=case_reference.strip(),
            subject=subject[:LONGEST_SUBJECT],
        )
    except disclosure.PurposeRefused as error:
        raise Refused([refuse("purpose_not_permitted", field="purpose", purpose=purpose)]) from error
