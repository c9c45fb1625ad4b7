"""Are the dates of the deal possible: date of issue against today, date of the paper against both (D-202)."""

from datetime import date, timedelta

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.agency_calendar import calendar_of
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Deal
from vinculum.state.law.tables import Tables

_DAY = timedelta(days=1)


def check_issue_date(deal: Deal, *, today: date, tables: Tables) -> tuple[Refusal, ...]:
    """D-202: the date of issue is today or a day whose work may still be submitted.

    A registration issued to the vehicle ten business days ago has its papers due at DMV today (D-504); one
    issued before that would be late the moment it is processed, so it is not processed at all.
    """
    issued = deal.issue_date
    if issued > today:
        return (refuse("issue_date_in_future", field="issue_date", issue_date=issued, today=today),)
    days = tables.deadlines["document_submission"].amount
    earliest = earliest_issue_date(today, days=days, jurisdiction=tables.jurisdiction)
    if issued < earliest:
        return (
            refuse("issue_date_too_old", field="issue_date", issue_date=issued, earliest=earliest, days=days),
        )
    if not tables.covers(issued):
        return (refuse("schedule_not_in_force", field="issue_date", issue_date=issued),)
    return ()


def earliest_issue_date(today: date, *, days: int, jurisdiction: str) -> date:
    """The first day whose work, submitted today, is still within its business days."""
    calendar = calendar_of(jurisdiction)
    day = today
    while calendar.add_business_days(day - _DAY, days) >= today:
        day -= _DAY
    return day


def check_paper_date(deal: Deal) -> tuple[Refusal, ...]:
    """N-305: a paper dated after the registration cannot have been assigned for it."""
    if deal.ownership.issue_date <= deal.issue_date:
        return ()
    return (
        refuse(
            "title_date_in_future",
            field="ownership.issue_date",
            paper_date=deal.ownership.issue_date,
            issue_date=deal.issue_date,
        ),
    )
