"""The theft file: a jurisdiction reports a theft and closes its report when the vehicle is found (N-102)."""

from vinculum.national.law.change import Change, Decision, Declined
from vinculum.national.law.title import VehicleRecord
from vinculum.protocol.problem import problem
from vinculum.protocol.theft import ClearTheft, ReportTheft


def decide_report(message: ReportTheft, *, record: VehicleRecord, future: bool) -> Decision:
    """A second report of the same theft changes nothing."""
    if future:
        given = message.stolen_on.isoformat()
        return Declined(problems=(problem("V34", field="stolen_on", given=given),))
    if any(theft.reported_by == message.origin for theft in record.thefts):
        return Change(effect="nothing_changed")
    return Change(effect="theft_reported", stolen_on=message.stolen_on)


def decide_clearing(message: ClearTheft, *, record: VehicleRecord, future: bool) -> Decision:
    """Only the jurisdiction that reported the theft closes the report."""
    if future:
        given = message.recovered_on.isoformat()
        return Declined(problems=(problem("V34", field="recovered_on", given=given),))
    report = next((theft for theft in record.thefts if theft.reported_by == message.origin), None)
    if report is None:
        return Declined(problems=(problem("V33", field="vin", jurisdiction=message.origin),))
    return Change(effect="theft_cleared", theft_cleared=report.report_id, recovered_on=message.recovered_on)
