"""What states of the demonstration put right: recalled titles, brands taken back, corrected VINs, data changes.

Made by the acts of the product, in the names of those who sign in and by the messages of the states' systems.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection
from vinculum.entrypoints.demo.at_work import Desks
from vinculum.entrypoints.demo.exchange_cases import vehicle
from vinculum.entrypoints.demo.load_state_files import number_of
from vinculum.entrypoints.demo.state_systems import first_title, say, take_over
from vinculum.entrypoints.demo.vehicles import look_alike
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.national.casework import data_changes, rescind_brand, vin_corrections
from vinculum.national.law.standing import Channel
from vinculum.protocol.correct_brand import RemoveBrand
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.update_answer import UpdateAnswer

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_FIRST, _SECOND = "titles@newyork.example", "second@newyork.example"
_JERSEY = "titles@newjersey.example"


def load_recalled_titles(*, month_start: datetime) -> None:
    """Two titles that New Jersey took back; before one of them New York's had been surrendered."""
    stock, forged = vehicle("recalled_stock"), vehicle("recalled_forgery")
    taken_over = month_start + 3 * _DAY
    new = ("NJ", number_of(stock, "NJ"))
    say(
        take_over(stock.vin, old=("NY", number_of(stock)), new=new, odometer=31_000, at=taken_over),
        at=taken_over,
    )
    issued = month_start - 60 * _DAY
    number = number_of(forged, "NJ")
    say(
        first_title(
            forged.vin,
            pattern=forged.pattern,
            state="NJ",
            number=number,
            issued=issued.date(),
            odometer=12_400,
            at=issued,
        ),
        at=issued,
    )
    for case, why in (
        (stock, "Invented example: printed on blank stock that was stolen from the printer"),
        (forged, "Invented example: issued on a forged certificate of origin"),
    ):
        at = month_start + 15 * _DAY
        say(
            RemoveTitle(
                message_id=uuid4(),
                origin="NJ",
                sent_at=at,
                vin=case.vin,
                title_number=number_of(case, "NJ"),
                reason=why,
            ),
            at=at,
        )


def load_rescissions(desks: Desks, *, at: datetime, brands_of: datetime) -> None:
    """Two of New York's brands should not stand: one is taken back by two people, one waits for the second."""
    gone, waits = vehicle("brand_gone"), vehicle("brand_waits")
    done = rescind_brand.propose(
        vin=gone.vin,
        brand_code="01",
        brand_date=brands_of.date(),
        reason="Invented example: the insurer's photographs show another vehicle",
        actor=desks(_FIRST),
        at=at - 9 * _DAY,
    )
    colleague, confirmed = desks(_SECOND), at - 8 * _DAY

    def apply(connection: Connection, message: RemoveBrand, channel: Channel) -> UpdateAnswer:
        return apply_message(message, sender="NY", at=confirmed, connection=connection, channel=channel)

    rescind_brand.decide(
        vin=gone.vin, rescission_id=done, confirm=True, apply=apply, actor=colleague, at=confirmed
    )
    rescind_brand.propose(
        vin=waits.vin,
        brand_code="11",
        brand_date=brands_of.date(),
        reason="Invented example: the claim was withdrawn, the vehicle was never a total loss",
        actor=colleague,
        at=at - _DAY,
    )


def load_corrections(desks: Desks, *, at: datetime) -> None:
    """Two VINs that were typed wrongly: New Jersey's is corrected, New York's waits for the change of its data."""
    corrected, waits = vehicle("corrected"), vehicle("correction_waits")
    wrong, began = look_alike(corrected.vin), at - 6 * _DAY
    issued = at - 70 * _DAY
    number = number_of(corrected, "NJ")
    say(
        first_title(
            wrong,
            pattern=corrected.pattern,
            state="NJ",
            number=number,
            issued=issued.date(),
            odometer=22_150,
            at=issued,
        ),
        at=issued,
    )
    _inspected(wrong, corrected.vin, by=desks(_JERSEY), at=began)
    mended = began + _DAY
    say(
        ModifyTitle(
            message_id=uuid4(),
            origin="NJ",
            sent_at=mended,
            vin=wrong,
            old_title_number=number,
            title_number=f"{number}C",
            issue_date=mended.date(),
            odometer=22_300,
            new_vin=corrected.vin,
            vin_verified_on=began.date(),
        ),
        at=mended,
    )
    wrong, began = look_alike(waits.vin), at - 3 * _DAY
    _inspected(wrong, waits.vin, by=desks(_SECOND), at=began)
    data_changes.propose(
        vin=wrong,
        owners=("NY",),
        change=f"Move the history of our title {number_of(waits)} to {waits.vin}: two digits were swapped when it"
        " was typed.",
        evidence="The plate at the dashboard and the label in the door were read in lane 4; both agree.",
        actor=desks(_SECOND),
        at=began + _HOUR,
    )


def _inspected(wrong: str, right: str, *, by: Actor, at: datetime) -> UUID:
    """A correction that the state has begun, with the vehicle looked at."""
    correction = vin_corrections.begin(
        vin=wrong, right_vin=right, origin=by.organisation_code, enters_both_vins=False, actor=by, at=at
    )
    vin_corrections.verify(
        vin=wrong,
        correction_id=correction,
        inspected_on=at.date(),
        inspected_by="Example inspection lane 4, badge 000",
        place="dash_plate",
        read_vin=right,
        actor=by,
        at=at + timedelta(minutes=20),
    )
    return correction


def load_data_changes(desks: Desks, *, at: datetime) -> None:
    """New Jersey asks New York, which has to decide; New York asked New Jersey, which approved and did it."""
    waits, done = vehicle("change_waits"), vehicle("change_done")
    data_changes.propose(
        vin=waits.vin,
        owners=("NY",),
        change=f"Correct the odometer of your title {number_of(waits)} to 11,400 miles.",
        evidence="The paper that was presented to us shows 11,400, and so does the vehicle.",
        actor=desks(_JERSEY),
        at=at - 2 * _DAY,
    )
    issued = at - 90 * _DAY
    number = number_of(done, "NJ")
    say(
        first_title(
            done.vin,
            pattern=done.pattern,
            state="NJ",
            number=number,
            issued=issued.date(),
            odometer=48_200,
            at=issued,
            years_off=-1,
        ),
        at=issued,
    )
    asked = at - 10 * _DAY
    request_id = data_changes.propose(
        vin=done.vin,
        owners=("NJ",),
        change=f"Correct the model year of your title {number} to {done.pattern.model_year}.",
        evidence="The tenth character of the VIN, and the label in the door that we have read.",
        actor=desks(_FIRST),
        at=asked,
    )
    approved = asked + _DAY
    data_changes.decide(
        vin=done.vin,
        request_id=request_id,
        approve=True,
        words="Our file has the certificate of origin, which says so, too.",
        actor=desks(_JERSEY),
        at=approved,
    )
    effect = ModifyTitle(
        message_id=uuid4(),
        origin="NJ",
        sent_at=approved + _HOUR,
        vin=done.vin,
        old_title_number=number,
        title_number=f"{number}C",
        issue_date=approved.date(),
        odometer=48_200,
        model_year=done.pattern.model_year,
    )
    say(effect, at=approved + _HOUR)
    data_changes.carry_out(
        vin=done.vin,
        request_id=request_id,
        origin="NJ",
        message_id=effect.message_id,
        actor=desks(_JERSEY),
        at=approved + 2 * _HOUR,
    )
