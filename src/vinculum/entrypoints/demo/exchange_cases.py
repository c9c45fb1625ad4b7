"""The vehicles that the title exchange of the demonstration is busy with, and where each is to be seen.

`docs/demonstration.md` walks through them and `vinculum demo cases` prints them; a test holds both to this file.
"""

from dataclasses import dataclass
from typing import Final

from vinculum.entrypoints.demo.vehicles import Pattern, pattern_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeVehicle:
    """A vehicle with what happened to its record; `seen_at` is the page that tells it."""

    code: str
    words: str
    pattern: Pattern
    serial: int
    seen_at: str

    @property
    def vin(self) -> str:
        """The VIN of the vehicle itself."""
        return self.pattern.vin(self.serial)


# A box trailer, which a surrender report marks as exempt; no dealer of the demonstration registers one.
_TRAILER: Final = Pattern(
    descriptor="1UYVS253",
    year_and_plant="HU",
    model_year=2017,
    make="UTIL",
    model="DRY VAN",
    body_style="VN",
    vehicle_type="semi_trailer",
    fuel="other",
    gvwr_pounds=68_000,
    light_weight_pounds=14_000,
)
RECALLED: Final = "/title-exchange/recalled/"
SURRENDERS: Final = "/title-exchange/surrendered/"
RESCISSIONS: Final = "/title-exchange/brands/"
CORRECTIONS: Final = "/title-exchange/corrections/"
CHANGES: Final = "/title-exchange/changes/"
CLONES: Final = "/title-exchange/clones/"
FINDINGS: Final = "/title-exchange/findings/"


def _vehicle(
    code: str, descriptor: str, year_and_plant: str, serial: int, seen_at: str, words: str
) -> ExchangeVehicle:
    return ExchangeVehicle(
        code=code,
        words=words,
        pattern=pattern_of(descriptor, year_and_plant),
        serial=serial,
        seen_at=seen_at,
    )


VEHICLES: Final = (
    _vehicle(
        *("recalled_stock", "1G1BE5SM", "J7", 2001, RECALLED),
        "New Jersey took its title back, printed on stolen stock; New York's is current again",
    ),
    _vehicle(
        *("recalled_forgery", "1FMSK8DH", "LG", 2002, RECALLED),
        "New Jersey took its title back, issued on a forged certificate; none is current",
    ),
    _vehicle(
        *("surrendered", "1HGCV1F3", "KA", 2003, SURRENDERS), "New York's title was surrendered in Florida"
    ),
    _vehicle(
        *("surrendered_too", "KMHLS4AG", "PU", 2004, SURRENDERS),
        "New York's title was surrendered in New Jersey",
    ),
    _vehicle(
        *("came_back", "4S4BTACC", "P3", 2005, SURRENDERS),
        "surrendered in Pennsylvania, which took its title back: New York's is current again",
    ),
    ExchangeVehicle(
        code="exempt",
        words="a trailer that went to Pennsylvania, marked as exempt",
        pattern=_TRAILER,
        serial=2006,
        seen_at=SURRENDERS,
    ),
    _vehicle(
        *("brand_waits", "5N1AT2MV", "KC", 2007, RESCISSIONS),
        "New York's brand 11 is proposed to be taken back; a second person of New York has to confirm",
    ),
    _vehicle(
        *("brand_gone", "2T1BURHE", "JC", 2008, RESCISSIONS),
        "New York's brand 01 was taken back by two people; New Jersey, the state of title, was told",
    ),
    _vehicle(
        *("corrected", "1C4PJMCB", "JD", 2009, CORRECTIONS),
        "New Jersey typed the VIN wrongly and has corrected it: every step is ticked",
    ),
    _vehicle(
        *("correction_waits", "JM3KFBCL", "R0", 2010, CORRECTIONS),
        "New York typed the VIN wrongly; its data-change request waits for New York's approval",
    ),
    _vehicle(
        *("change_waits", "5XYPG4A5", "KG", 2011, CHANGES),
        "New Jersey asks New York to correct the odometer of its title",
    ),
    _vehicle(
        *("change_done", "YV1A22MK", "H1", 2012, CHANGES),
        "New York asked New Jersey to correct a model year; approved, and carried out by New Jersey's message",
    ),
    _vehicle(
        *("clone_waits", "1FTEW1CP", "KK", 2013, CLONES),
        "New York titled a clone of New Jersey's vehicle; New York has to accept the undo",
    ),
    _vehicle(
        *("clone_accepted", "1C4HJXDN", "LW", 2014, CLONES),
        "accepted by New Jersey and asked for; a second person of the help desk applies it",
    ),
    _vehicle(
        *("clone_apart", "5TFDY5F1", "JX", 2015, CLONES),
        "taken apart: New York's record is as it was, New Jersey's vehicle has a VIN of its own",
    ),
    _vehicle(
        *("number_twice", "3N1AB8CV", "RY", 2016, FINDINGS),
        "New York gave one title number to this vehicle and to the next",
    ),
    _vehicle(
        *("number_twice_too", "5YJSA1E2", "JF", 2017, FINDINGS),
        "the other vehicle with that title number",
    ),
    _vehicle(
        *("before_built", "1FTFW3L5", "RK", 2018, FINDINGS),
        "New York's title bears a day from before vehicles of its model year were made",
    ),
)
# What the vehicles of the three clones are in truth: VINs of their own, to which their titles go.
_OWN_SERIALS: Final = {"clone_waits": 2113, "clone_accepted": 2114, "clone_apart": 2115}


def vehicle(code: str) -> ExchangeVehicle:
    """The vehicle of this name."""
    return next(one for one in VEHICLES if one.code == code)


def own_vin(code: str) -> str:
    """The VIN of the car that bears a copy of this vehicle's."""
    return vehicle(code).pattern.vin(_OWN_SERIALS[code])
