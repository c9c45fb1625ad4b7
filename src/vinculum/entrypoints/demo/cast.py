"""Who signs in to the demonstration: three dealers, the agency, two towns, the association, the title exchange's desk.

Nobody here exists; the addresses end in `.example`, which belongs to nobody. One password serves all: it opens
a made-up world on one's own machine and nothing else.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

PASSWORD: Final = "lantern-orchard-mosaic-42"  # noqa: S105 - printed for whoever tries the demonstration


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A person of the demonstration with a role; `certified` clerks may process (D-104)."""

    email: str
    name: str
    role: str
    kind: str
    code: str
    certified: bool = True

    @property
    def totp_secret(self) -> str:
        """The fixed secret of this person's authenticator, in base32."""
        return base64.b32encode(hashlib.sha256(f"demonstration {self.email}".encode()).digest()[:20]).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation of the demonstration."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealer:
    """A dealer with its first plates of each class and the funds paid in."""

    code: str
    name: str
    passenger_from: str
    combination_from: str
    deposit: str


DEALERS: Final = (
    Dealer(
        code="D1001",
        name="Lakeside Sample Motors",
        passenger_from="ZA10001",
        combination_from="9ZA100",
        deposit="25000.00",
    ),
    Dealer(
        code="D1002",
        name="Hillside Placeholder Cars",
        passenger_from="ZA20001",
        combination_from="9ZB100",
        deposit="8000.00",
    ),
    Dealer(
        code="D1003",
        name="Harbor Example Auto",
        passenger_from="ZA30001",
        combination_from="9ZC100",
        deposit="90.00",
    ),
)
ORGANISATIONS: Final = (
    *(Organisation(kind="dealer", code=dealer.code, name=dealer.name) for dealer in DEALERS),
    Organisation(kind="town", code="064", name="Town of Hartford, tax collector"),
    Organisation(kind="town", code="093", name="Town of New Haven, tax collector"),
    Organisation(kind="association", code="CARA", name="Dealers' association"),
    Organisation(kind="association", code="XCHG", name="Title exchange, help desk"),
    Organisation(kind="jurisdiction", code="NY", name="New York"),
    Organisation(kind="jurisdiction", code="NJ", name="New Jersey"),
    Organisation(kind="jurisdiction", code="RI", name="Rhode Island"),
    Organisation(kind="reporter", code="SALV1", name="Placeholder Salvage Yard"),
)
SIGN_INS: Final = (
    SignIn(
        email="clerk@lakeside.example",
        name="Robin Samplewright",
        role="dealer_clerk",
        kind="dealer",
        code="D1001",
    ),
    SignIn(
        email="second@lakeside.example",
        name="Morgan Twinley",
        role="dealer_clerk",
        kind="dealer",
        code="D1001",
    ),
    SignIn(
        email="manager@lakeside.example",
        name="Devon Bossington",
        role="dealer_manager",
        kind="dealer",
        code="D1001",
    ),
    SignIn(
        email="clerk@hillside.example",
        name="Jesse Otherfield",
        role="dealer_clerk",
        kind="dealer",
        code="D1002",
    ),
    SignIn(
        email="newcomer@hillside.example",
        name="Alex Newcomer",
        role="dealer_clerk",
        kind="dealer",
        code="D1002",
        certified=False,
    ),
    SignIn(
        email="clerk@harbor.example", name="Terry Quayside", role="dealer_clerk", kind="dealer", code="D1003"
    ),
    SignIn(email="examiner@dmv.example", name="Pat Examinerton", role="dmv_examiner", kind="dmv", code="CT"),
    SignIn(email="titles@dmv.example", name="Lee Titleworth", role="title_clerk", kind="dmv", code="CT"),
    SignIn(
        email="investigator@dmv.example",
        name="Charlie Cluewright",
        role="investigator",
        kind="dmv",
        code="CT",
    ),
    SignIn(email="admin@dmv.example", name="Sam Firstkey", role="dmv_administrator", kind="dmv", code="CT"),
    SignIn(
        email="admin2@dmv.example", name="Chris Secondkey", role="dmv_administrator", kind="dmv", code="CT"
    ),
    SignIn(
        email="collector@hartford.example", name="Kim Taxwell", role="tax_collector", kind="town", code="064"
    ),
    SignIn(
        email="collector@newhaven.example", name="Jo Levyman", role="tax_collector", kind="town", code="093"
    ),
    SignIn(
        email="accounts@association.example",
        name="Ali Ledgerly",
        role="association_accountant",
        kind="association",
        code="CARA",
    ),
    SignIn(
        email="desk@exchange.example",
        name="Frankie Helpwell",
        role="help_desk",
        kind="association",
        code="XCHG",
    ),
    SignIn(
        email="second@exchange.example",
        name="Riley Twohands",
        role="help_desk",
        kind="association",
        code="XCHG",
    ),
    SignIn(
        email="admin@exchange.example",
        name="Kit Overseerly",
        role="exchange_administrator",
        kind="association",
        code="XCHG",
    ),
    SignIn(
        email="admin@newyork.example",
        name="Sasha Approverton",
        role="exchange_administrator",
        kind="jurisdiction",
        code="NY",
    ),
    SignIn(
        email="titles@newyork.example",
        name="Billie Empirefield",
        role="title_clerk",
        kind="jurisdiction",
        code="NY",
    ),
    SignIn(
        email="second@newyork.example",
        name="Dana Countersign",
        role="title_clerk",
        kind="jurisdiction",
        code="NY",
    ),
    SignIn(
        email="investigator@newyork.example",
        name="Toby Lookcloser",
        role="investigator",
        kind="jurisdiction",
        code="NY",
    ),
    SignIn(
        email="titles@newjersey.example",
        name="Marlo Gardenfield",
        role="title_clerk",
        kind="jurisdiction",
        code="NJ",
    ),
    SignIn(
        email="titles@rhodeisland.example",
        name="Quinn Oceanway",
        role="title_clerk",
        kind="jurisdiction",
        code="RI",
    ),
    SignIn(
        email="reports@salvage.example",
        name="Casey Scrapham",
        role="jsi_reporter",
        kind="reporter",
        code="SALV1",
    ),
)
LIENHOLDERS: Final = (
    ("SBANK", "Sample Savings Bank", "1 Example Plaza, Hartford CT 06103"),
    ("PCU", "Placeholder Credit Union", "22 Specimen Square, New Haven CT 06510"),
    ("DEMOFIN", "Demonstration Auto Finance", "PO Box 1, Stamford CT 06901"),
)
