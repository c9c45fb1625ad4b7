"""The questions of the registration form, in the order of the paper in the clerk's hand."""

from functools import lru_cache
from typing import Final, get_args

from vinculum.entrypoints.web.fields import Choices, Field
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.entrypoints.web.labels import say
from vinculum.state.law import deal
from vinculum.state.queries.desk_lists import DeskLists
from vinculum.state.queries.find_customer import NUMBER_KINDS

MOST_ITEMS: Final = 20
MOST_TRADE_INS: Final = 5
MOST_REASSIGNMENTS: Final = 5
MOST_LIENS: Final = 2
OWNERS: Final = 2


def _choices(literal: object, *, empty: str | None = None) -> Choices:
    codes = tuple((code, say(code)) for code in get_args(literal))
    return codes if empty is None else (("", empty), *codes)


VEHICLE: Final = (
    Field(
        path="vehicle.vin",
        label="VIN",
        kind="code",
        span=5,
        longest=40,
        access_key="v",
        presses="decode-vin",
        hint="Scan or type, then Enter.",
    ),
    Field(path="vehicle.model_year", label="Model year", kind="number", span=2, longest=4),
    Field(path="vehicle.make", label="Make code", kind="code", span=2, longest=4, suggestions="makes"),
    Field(path="vehicle.model", label="Model", span=4, longest=40),
    Field(
        path="vehicle.vehicle_type", label="Type", kind="select", span=3, choices=_choices(deal.VehicleType)
    ),
    Field(path="vehicle.body_style", label="Body style", span=3, longest=30),
    Field(path="vehicle.fuel", label="Fuel", kind="select", span=3, choices=_choices(deal.Fuel)),
    Field(path="vehicle.colour", label="Colour", span=4, longest=20, suggestions="colours"),
    Field(path="vehicle.gvwr_pounds", label="GVWR, pounds", kind="number", span=3, longest=6),
    Field(path="vehicle.light_weight_pounds", label="Light weight, pounds", kind="number", longest=6),
    Field(path="vehicle.declared_weight_pounds", label="Declared weight, pounds", kind="number", longest=6),
)

OWNER: Final = (
    *(
        Field(path=f"owners.{n}", label="DMV customer number", kind="code", span=4, longest=20)
        for n in range(OWNERS)
    ),
    *(
        Field(
            path=f"lookup.{n}.kind",
            label="Identification shown",
            kind="select",
            span=4,
            choices=tuple(NUMBER_KINDS.items()),
        )
        for n in range(OWNERS)
    ),
    *(
        Field(
            path=f"lookup.{n}.number",
            label="Number on it",
            kind="code",
            span=4,
            longest=25,
            access_key="o" if n == 0 else "",
            presses=f"find-owner-{n}",
        )
        for n in range(OWNERS)
    ),
    Field(
        path="conjunction",
        label="Two owners hold by",
        kind="select",
        span=4,
        choices=(("", "One owner"), ("and", say("and")), ("or", say("or"))),
    ),
)


def _ownership(lists: DeskLists) -> tuple[Field, ...]:
    return (
        Field(
            path="ownership.kind",
            label="Document",
            kind="select",
            span=4,
            access_key="d",
            choices=_choices(deal.OwnershipKind),
        ),
        Field(path="ownership.number", label="Document number", kind="code", span=4, longest=20),
        Field(path="ownership.issue_date", label="Issued on", kind="date", span=4),
        Field(
            path="ownership.jurisdiction",
            label="Issued by",
            kind="select",
            span=4,
            choices=(("", "Manufacturer"), *((code, f"{name} ({code})") for code, name in JURISDICTIONS)),
        ),
        *(
            Field(
                path=f"ownership.assigned_to.{n}",
                label="Assigned to (name)" if n == 0 else "And to (second name)",
                span=4,
                suggestions=f"owner-name-{n}",
            )
            for n in range(OWNERS)
        ),
        Field(
            path="ownership.lienholder_code",
            label="Lienholder on the assignment",
            kind="code",
            span=4,
            longest=20,
            suggestions="lienholders",
            hint="Empty when none is written on it.",
        ),
        Field(
            path="ownership.control_number",
            label="Control number of the form",
            kind="code",
            span=4,
            longest=24,
            hint="Printed on the blank form of a title, apart from the title number.",
        ),
        Field(
            path="ownership.certificate_marks",
            label="Marks on a certificate of origin",
            kind="checks",
            span=12,
            choices=_choices(deal.CertificateMark),
        ),
        Field(
            path="ownership.legends",
            label="Legends printed on the title",
            kind="checks",
            span=12,
            choices=tuple((text, text.capitalize()) for text in lists.legends),
        ),
        *(
            field
            for n in range(MOST_REASSIGNMENTS)
            for field in (
                Field(path=f"ownership.reassignments.{n}.dealer_name", label="Dealer", span=5),
                Field(path=f"ownership.reassignments.{n}.assigned_on", label="On", kind="date"),
                Field(
                    path=f"ownership.reassignments.{n}.document_number",
                    label="Document number",
                    kind="code",
                    span=4,
                    longest=30,
                ),
            )
        ),
    )


LIEN: Final = tuple(
    field
    for n in range(MOST_LIENS)
    for field in (
        Field(
            path=f"liens.{n}.lienholder_code",
            label=f"{'First' if n == 0 else 'Second'} lienholder code",
            kind="code",
            longest=20,
            suggestions="lienholders",
        ),
        Field(path=f"liens.{n}.lien_date", label="Date of lien", kind="date"),
    )
)

INSURANCE: Final = (
    Field(path="insurance.insurer", label="Insurer", span=4, access_key="i"),
    Field(path="insurance.policy_number", label="Policy number", span=4, longest=40),
    Field(path="insurance.effective_date", label="Effective from", kind="date", span=4),
    Field(path="insurance.in_name_of", label="In the name of", span=4, suggestions="owner-name-0"),
    Field(
        path="insurance.relationship",
        label="Who is",
        kind="select",
        span=4,
        choices=tuple(
            (code, "The registrant" if code == "registrant" else f"The registrant's {say(code).lower()}")
            if code != "other"
            else (code, "Somebody else")
            for code in get_args(deal.Relationship)
        ),
    ),
    Field(
        path="insurance.kind",
        label="Card",
        kind="select",
        span=4,
        choices=(("permanent", "Permanent, one year"), ("temporary", "Temporary, 60 days")),
    ),
    Field(
        path="insurance.issued_pursuant_to_connecticut_law",
        label="The card says “issued pursuant to Connecticut law”",
        kind="check",
        span=12,
    ),
)

ODOMETER: Final = (
    Field(path="odometer.reading", label="Reading, whole miles", kind="number", span=4, longest=9),
    Field(
        path="odometer.brand",
        label="The reading is",
        kind="select",
        span=4,
        choices=(
            ("actual", "Actual mileage"),
            ("not_actual", "Not actual mileage"),
            ("exceeds_mechanical_limits", "Over mechanical limits"),
            ("exempt", "Exempt"),
        ),
    ),
)


def _sale(lists: DeskLists) -> tuple[Field, ...]:
    kinds = (("", "–"), *((item.code, item.words) for item in lists.sale_items))
    return (
        Field(
            path="sale.price", label="Price of the vehicle", kind="money", span=4, longest=14, access_key="s"
        ),
        Field(
            path="sale.tax_treatment",
            label="Sales tax",
            kind="select",
            span=8,
            choices=tuple((rule.code, rule.words) for rule in lists.tax_treatments),
        ),
        *(
            field
            for n in range(MOST_TRADE_INS)
            for field in (
                Field(
                    path=f"sale.trade_ins.{n}.vin",
                    label="VIN of the trade-in",
                    kind="code",
                    span=5,
                    longest=40,
                ),
                Field(path=f"sale.trade_ins.{n}.allowance", label="Allowance", kind="money", longest=14),
                Field(
                    path=f"sale.trade_ins.{n}.titled_to_purchaser",
                    label="Titled to the purchaser",
                    kind="check",
                    span=4,
                ),
            )
        ),
        *(
            field
            for n in range(MOST_ITEMS)
            for field in (
                Field(path=f"sale.items.{n}.kind", label="Extra", kind="select", span=8, choices=kinds),
                Field(path=f"sale.items.{n}.amount", label="Amount", kind="money", span=4, longest=14),
            )
        ),
    )


def _registration(lists: DeskLists) -> tuple[Field, ...]:
    return (
        Field(
            path="registration.plate_class",
            label="Plate class",
            kind="select",
            access_key="c",
            choices=tuple((rule.code, rule.words) for rule in lists.plate_classes),
        ),
        Field(path="registration.usage", label="Usage", kind="select", choices=_choices(deal.Usage)),
        Field(
            path="registration.garaging_town",
            label="Town where it is garaged",
            suggestions="towns",
            longest=40,
        ),
        Field(path="issue_date", label="Date of issue", kind="date"),
        Field(
            path="registration.circumstances",
            label="Anything special about this registration",
            kind="checks",
            span=12,
            choices=_choices(deal.Circumstance),
        ),
    )


@lru_cache(maxsize=4)
def fields_of(lists: DeskLists) -> dict[str, Field]:
    """All questions by path, with the choices of the day."""
    groups = (
        VEHICLE,
        OWNER,
        _ownership(lists),
        LIEN,
        INSURANCE,
        ODOMETER,
        _sale(lists),
        _registration(lists),
    )
    return {field.path: field for group in groups for field in group}
