"""What a dealer's desk can choose from: towns, legends, lienholders, extras, classes, as published for a day."""

from dataclasses import dataclass
from datetime import date

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.state.reference.publication import tables_in_force

ACT = "quote_registration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One code and its words."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLists:
    """Everything a clerk picks from a list; nothing in it is personal."""

    address_towns: tuple[str, ...]
    legends: tuple[str, ...]
    lienholders: tuple[Choice, ...]
    plate_classes: tuple[Choice, ...]
    sale_items: tuple[Choice, ...]
    tax_treatments: tuple[Choice, ...]


def run(day: date, *, actor: Actor) -> DeskLists:
    """The lists of a day."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        tables = tables_in_force(connection, day)
        lienholders = connection.execute(
            "SELECT code, name FROM book.lienholder WHERE closed_by IS NULL ORDER BY name, code"
        ).fetchall()
    return DeskLists(
        address_towns=tuple(sorted(tables.address_towns)),
        legends=tuple(legend.text for legend in tables.legends.values()),
        lienholders=tuple(Choice(code=code, words=name) for code, name in lienholders),
        plate_classes=tuple(
            Choice(code=rule.code, words=rule.name) for rule in tables.plate_classes.values()
        ),
        sale_items=tuple(
            Choice(code=item.kind, words=item.description) for item in tables.sale_items.values()
        ),
        tax_treatments=tuple(
            Choice(code=rule.code, words=rule.description) for rule in tables.tax_treatments.values()
        ),
    )
