"""The exchange as a state sees it: a counter where one asks and reports, whatever the wire between."""

from typing import Protocol

from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.case_inquiry import CaseAnswer, CaseInquiry
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.correct_brand import CorrectBrand, RemoveBrand
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.inquiry import InquiryAnswer, NewVehicleInquiry, UsedVehicleInquiry
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.theft import ClearTheft, ReportTheft
from vinculum.protocol.undercover import LiftUndercover, MarkUndercover
from vinculum.protocol.undo_title import UndoTitle
from vinculum.protocol.update_answer import UpdateAnswer

UpdateMessage = (
    ChangeOfStateOfTitle
    | InStateChange
    | AddTitle
    | ModifyTitle
    | RemoveTitle
    | UndoTitle
    | AddBrand
    | CorrectBrand
    | RemoveBrand
    | ReportTheft
    | ClearTheft
    | MarkUndercover
    | LiftUndercover
    | OpenDiscrepancy
)
Inquiry = UsedVehicleInquiry | NewVehicleInquiry
Message = Inquiry | CaseInquiry | UpdateMessage


class ExchangeUnavailable(Exception):
    """The exchange gave no usable answer: nothing is known, and what was sent may or may not have arrived.

    Sending the same message again is always safe (N-309).
    """


class Exchange(Protocol):
    """All calls raise `ExchangeUnavailable` when no answer came; a refusal is an answer."""

    def inquire(self, message: UsedVehicleInquiry) -> InquiryAnswer:
        """Ask what is known of a VIN."""
        ...

    def cases(self, message: CaseInquiry) -> CaseAnswer:
        """Ask how it stands with one's own cases about a VIN."""
        ...

    def send(self, message: UpdateMessage) -> UpdateAnswer:
        """Report an update; repeating it with the same message id answers the same and changes nothing."""
        ...
