"""Discrepancy cases about a paper: which refusals a closed case lifts, which wait for an open one (N-401).

A case is opened with the state that has the title on record. Closed because the paper was confirmed, it lifts just
what it was about: the same paper against the same record.
"""

import dataclasses
from collections.abc import Sequence

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.deal import Deal, OwnershipDocument
from vinculum.state.law.on_file import ExchangeCase, ExchangeFindings

# What is settled with another state, by the exchange's word for it; those without one are never lifted by a case.
_SETTLED: dict[str, str] = {
    "title_state_mismatch": "state_differs",
    "title_number_mismatch": "title_number_differs",
    "title_date_mismatch": "issue_date_differs",
    "several_titles_in_exchange": "several_current_titles",
    "brand_missing_on_paper": "brand_missing_on_paper",
    "certificate_with_existing_title": "",
    "vehicle_reported_stolen": "",
    "title_stock_missing": "",
    "title_taken_back": "",
}
_SILENT = frozenset({"00", "68"})


def title_number_key(number: str) -> str:
    """A title number as numbers are compared: capitals, letters and digits only."""
    return "".join(character for character in number.upper() if character.isalnum())


def issuer_of(paper: OwnershipDocument, *, home: str) -> str:
    """The jurisdiction that issued the paper; empty for a certificate of origin."""
    return home if paper.kind == "connecticut_title" else paper.jurisdiction


def state_to_ask(paper: OwnershipDocument, *, exchange: ExchangeFindings, home: str) -> str:
    """Who can settle it: the one state of title, else the paper's; empty when that is this state itself."""
    current = sorted({pointer.jurisdiction for pointer in exchange.pointers})
    asked = current[0] if len(current) == 1 else issuer_of(paper, home=home) or next(iter(current), "")
    return "" if asked == home else asked


def may_disagree(deal: Deal, *, exchange: ExchangeFindings, home: str) -> bool:
    """Whether anything could have led to a case, so that it is worth asking how the cases stand."""
    paper = deal.ownership
    shown = (issuer_of(paper, home=home), title_number_key(paper.number), paper.issue_date)
    held = [
        (pointer.jurisdiction, title_number_key(pointer.title_number), pointer.issue_date)
        for pointer in exchange.pointers
    ]
    agrees = not held if paper.kind == "certificate_of_origin" else held in ([], [shown])
    spoken_against = exchange.stolen or exchange.missing_stock or exchange.taken_back
    return bool(not agrees or spoken_against or any(brand.code not in _SILENT for brand in exchange.brands))


def paper_confirmed(deal: Deal, *, exchange: ExchangeFindings, home: str) -> bool:
    """Whether the states have settled that this paper is good as it stands."""
    return any(_confirms(case, deal, home=home) for case in exchange.cases)


def after_cases(
    refusals: Sequence[Refusal], deal: Deal, *, exchange: ExchangeFindings, home: str
) -> tuple[Refusal, ...]:
    """The refusals that still stand, each with the case it waits for, if there is one."""
    waiting = open_case(deal, exchange=exchange, home=home)
    refused = _paper_refused(deal, exchange=exchange, home=home)
    standing = []
    for refusal in refusals:
        if any(_lifts(case, refusal, deal, exchange=exchange, home=home) for case in exchange.cases):
            continue
        if refusal.code not in _SETTLED:
            standing.append(refusal)
        elif waiting is not None:
            standing.append(naming_case(refusal, number=waiting.number, exchange=exchange))
        elif refused is not None:
            words = f"Case {refused.number} was closed: the paper is refused, and no title is issued on it."
            standing.append(_with_words(refusal, words, number=refused.number))
        else:
            standing.append(refusal)
    return tuple(standing)


def wants_case(refusals: Sequence[Refusal], deal: Deal, *, exchange: ExchangeFindings, home: str) -> bool:
    """Whether a case has to be opened: something to settle with another state, and nothing said about it yet."""
    return (
        exchange.answered
        and any(refusal.code in _SETTLED for refusal in refusals)
        and bool(state_to_ask(deal.ownership, exchange=exchange, home=home))
        and open_case(deal, exchange=exchange, home=home) is None
        and _paper_refused(deal, exchange=exchange, home=home) is None
    )


def settled_with_a_state(refusal: Refusal) -> bool:
    """Whether it is another state with which this is settled."""
    return refusal.code in _SETTLED


def open_case(deal: Deal, *, exchange: ExchangeFindings, home: str) -> ExchangeCase | None:
    """The case with that state that is not closed yet, whichever paper it began with."""
    asked = state_to_ask(deal.ownership, exchange=exchange, home=home)
    return next((case for case in exchange.cases if not case.closed_because and case.holding == asked), None)


def naming_case(refusal: Refusal, *, number: str, exchange: ExchangeFindings) -> Refusal:
    """The same refusal with the number of the case it waits for, and whom to call about it."""
    if refusal.code not in _SETTLED:
        return refusal
    desk = f" Help desk: {exchange.help_desk}." if exchange.help_desk else ""
    return _with_words(refusal, f"It is case {number}.{desk}", number=number)


def _with_words(refusal: Refusal, words: str, *, number: str) -> Refusal:
    return dataclasses.replace(
        refusal, remedy=f"{refusal.remedy} {words}", detail={**refusal.detail, "case": number}
    )


def _same_paper(case: ExchangeCase, paper: OwnershipDocument, *, home: str) -> bool:
    return (case.paper_jurisdiction, title_number_key(case.paper_number), case.paper_date) == (
        issuer_of(paper, home=home),
        title_number_key(paper.number),
        paper.issue_date,
    )


def _confirms(case: ExchangeCase, deal: Deal, *, home: str) -> bool:
    return case.closed_because == "paper_confirmed" and _same_paper(case, deal.ownership, home=home)


def _paper_refused(deal: Deal, *, exchange: ExchangeFindings, home: str) -> ExchangeCase | None:
    """The latest case about this paper, when it ended with the paper refused."""
    latest = next((case for case in exchange.cases if _same_paper(case, deal.ownership, home=home)), None)
    return latest if latest is not None and latest.closed_because == "paper_refused" else None


def _lifts(
    case: ExchangeCase, refusal: Refusal, deal: Deal, *, exchange: ExchangeFindings, home: str
) -> bool:
    word = _SETTLED.get(refusal.code, "")
    if not word or not _confirms(case, deal, home=home):
        return False
    findings = [finding for finding in case.findings if finding.code == word]
    if refusal.code == "brand_missing_on_paper":
        return any(finding.about == refusal.detail["brand_code"] for finding in findings)
    if refusal.code == "several_titles_in_exchange":
        # Which of them the new title replaces must be certain, or the exchange cannot take it in.
        return bool(findings) and any(
            (held.jurisdiction, title_number_key(held.title_number), held.issue_date)
            == (case.paper_jurisdiction, title_number_key(case.paper_number), case.paper_date)
            for held in exchange.pointers
        )
    recorded = title_number_key(refusal.detail["exchange"])
    return any(title_number_key(finding.on_record) == recorded for finding in findings)
