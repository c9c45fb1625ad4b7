"""Each message to the transaction that answers it."""

from datetime import datetime
from typing import assert_never

from vinculum.access.database import Connection
from vinculum.national.law.standing import Channel
from vinculum.national.transactions import (
    add_brand,
    add_title,
    answer_case_inquiry,
    answer_inquiry,
    change_title,
    clear_theft,
    correct_brand,
    mark_undercover,
    open_discrepancy,
    record_theft,
    remove_title,
    undo_title,
)
from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.case_inquiry import CaseAnswer, CaseInquiry
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.correct_brand import CorrectBrand, RemoveBrand
from vinculum.protocol.exchange import Inquiry, Message, UpdateMessage
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.inquiry import InquiryAnswer, NewVehicleInquiry, UsedVehicleInquiry
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.theft import ClearTheft, ReportTheft
from vinculum.protocol.undercover import LiftUndercover, MarkUndercover
from vinculum.protocol.undo_title import UndoTitle
from vinculum.protocol.update_answer import UpdateAnswer


def act_of(message: Message) -> str:
    """The act of the permission table that sending this message is."""
    return "ask_exchange" if isinstance(message, Inquiry | CaseInquiry) else "report_to_exchange"


def answer_message(
    message: Message, *, sender: str, at: datetime, connection: Connection, channel: Channel = "online"
) -> InquiryAnswer | CaseAnswer | UpdateAnswer:
    """Answer in the connection's transaction; `sender` is the jurisdiction that was recognised."""
    if isinstance(message, UsedVehicleInquiry | NewVehicleInquiry):
        return answer_inquiry.run(message, sender=sender, at=at, connection=connection, channel=channel)
    if isinstance(message, CaseInquiry):
        return answer_case_inquiry.run(message, sender=sender, at=at, connection=connection, channel=channel)
    return apply_message(message, sender=sender, at=at, connection=connection, channel=channel)


def apply_message(
    message: UpdateMessage, *, sender: str, at: datetime, connection: Connection, channel: Channel = "online"
) -> UpdateAnswer:
    """Apply an update in the connection's transaction."""
    match message:
        case ChangeOfStateOfTitle() | InStateChange() | ModifyTitle():
            return change_title.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case AddTitle():
            return add_title.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case CorrectBrand() | RemoveBrand():
            return correct_brand.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case RemoveTitle():
            return remove_title.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case UndoTitle():
            return undo_title.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case AddBrand():
            return add_brand.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case ReportTheft():
            return record_theft.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case ClearTheft():
            return clear_theft.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case MarkUndercover() | LiftUndercover():
            return mark_undercover.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case OpenDiscrepancy():
            return open_discrepancy.run(message, sender=sender, at=at, connection=connection, channel=channel)
        case _:
            assert_never(message)
