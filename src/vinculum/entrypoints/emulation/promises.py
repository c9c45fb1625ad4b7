"""What must hold of each vehicle's record when the states have done, as the exchange itself tells it (N-103, N-309)."""

from collections import Counter
from collections.abc import Iterator, Set

from vinculum.protocol.inquiry import InquiryAnswer


def broken_promises(told: InquiryAnswer, *, accepted: Set[tuple[str, str]]) -> Iterator[str]:
    """Each promise that this record breaks, in words; `accepted` are the titles that were, by state and number."""
    vin = told.vin
    known = Counter((title.jurisdiction, title.title_number) for title in told.history)
    for state, title in sorted(accepted - known.keys()):
        yield f"title {state} {title} of {vin} was accepted and is lost"
    for (state, title), times in sorted(known.items()):
        if times > 1:
            yield f"title {state} {title} of {vin} was accepted once and stands {times} times"
    shown = Counter((pointer.jurisdiction, pointer.title_number) for pointer in told.pointers)
    current = Counter(
        (title.jurisdiction, title.title_number) for title in told.history if title.standing == "current"
    )
    if shown != current:
        yield f"{vin} shows other current titles than its history"
    standing = [title.issue_date for title in told.history if title.standing != "withdrawn"]
    if standing and not told.pointers:
        yield f"{vin} has titles and shows none"
    if len(told.pointers) == 1 and told.pointers[0].issue_date != max(standing, default=None):
        yield f"{vin} does not show its latest title"
