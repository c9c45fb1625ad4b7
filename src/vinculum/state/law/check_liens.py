"""Security interests: released before, and named alike on paper and application (D-410)."""

from collections import Counter

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import OnFile

LIEN_RELEASE = "lien_release"


def check_lienholders_listed(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-410: every lienholder entered is on the approved list, once."""
    counted = Counter(lien.lienholder_code for lien in deal.liens)
    unlisted = [
        refuse("lienholder_not_listed", field=f"liens.{index}.lienholder_code", code=code)
        for index, code in enumerate(counted)
        if code not in on_file.lienholders
    ]
    repeated = [
        refuse("lienholder_repeated", field="liens", code=code)
        for code, times in counted.items()
        if times > 1
    ]
    return (*unlisted, *repeated)


def check_lienholder_on_paper(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-410: the lienholder on the back of the certificate is one that is entered, and the other way round."""
    on_paper = deal.ownership.lienholder_code
    entered = [lien.lienholder_code for lien in deal.liens]
    if on_paper in entered or (on_paper is None and not entered):
        return ()
    return (
        refuse(
            "lienholder_mismatch",
            field="ownership.lienholder_code",
            on_paper=_named(on_paper, on_file=on_file),
            entered=" and ".join(_named(code, on_file=on_file) for code in entered) or "nobody",
        ),
    )


def check_earlier_liens(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-410: a lien open on the book's title is released before the title moves on."""
    title = on_file.vehicle.title
    if title is None or LIEN_RELEASE in deal.documents:
        return ()
    return tuple(
        refuse(
            "lien_release_needed",
            field="documents",
            number=title.number,
            holder=lien.lienholder_name,
            lien_date=lien.lien_date,
        )
        for lien in title.liens
    )


def _named(code: str | None, *, on_file: OnFile) -> str:
    if code is None:
        return "nobody"
    name = on_file.lienholders.get(code)
    return f"{name} ({code})" if name else code
