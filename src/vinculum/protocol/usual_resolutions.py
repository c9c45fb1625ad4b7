"""What a code of the exchange usually means and what usually settles it, for those who work a SEW report (N-503).

The texts are ours, also those of the published codes; the codes and their sentences stand in `problem`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualResolution:
    """Why a code is said, and what whoever gets it usually does."""

    cause: str
    resolution: str


_WAIT_FOR_OWNER = "Ask the state of title to correct its own record, by a case if it is needed."
_LOOK_AT_FIELD = "Correct the field that is named and send the record in a new file."
_PROGRAM_FAULT = "The program that writes the file is at fault: have it write the layout in docs/formats."

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "20B": (
        "A VIN of fewer than 17 characters. Vehicles made before 1981 have such VINs; later ones do not.",
        "For a vehicle of 1981 or later read the VIN off the vehicle and send VINMOD. For older ones the warning is"
        " expected: set it aside.",
    ),
    "21A": (
        "The VIN describes a known model, but its check digit does not fit: most often one character is mistyped.",
        "Compare the VIN with the paper; 1 and I, 0 and O, 5 and S, 8 and B are mixed up most. Send VINMOD when it was"
        " wrong. Some vehicles were made with a wrong digit: note that in your file.",
    ),
    "21C": (
        "Neither the description nor the check digit fits: several characters are mistyped, or it is no standard VIN.",
        "Read the VIN off the vehicle or its paper and send VINMOD. Home-built vehicles and those of foreign markets"
        " may be right as they are.",
    ),
    "21D": (
        "The check digit fits, but no manufacturer's data describe the VIN: a rare, new or foreign vehicle.",
        "Look at manufacturer and year on the paper. When they agree nothing has to be done.",
    ),
    "222": (
        "The make began with a blank. It was taken off and the record applied.",
        "Have the program write the make from the first position of its column.",
    ),
    "401": (
        "This very title, by VIN, state and title number, is on record: it was sent before.",
        "Take the record out of the next file. When title number or date should differ, send VINMOD.",
    ),
    "V01": ("The record names another state than the one that sends.", _PROGRAM_FAULT),
    "V02": ("A field holds what may not stand there.", _LOOK_AT_FIELD),
    "V03": (
        "An id was used for two different messages.",
        "Give each message an id of its own and send it again.",
    ),
    "V04": (
        "The mode in which the jurisdiction takes part does not allow this message this way.",
        "Send it the way the mode allows; have the help desk change the mode when it is no longer right.",
    ),
    "V05": (
        "Nothing was accepted from the jurisdiction for longer than its days of grace.",
        "Send an update that is accepted: inquiries open again with it.",
    ),
    "V06": (
        "The code is not a D20 jurisdiction code.",
        "Use the D20 code; it differs from the postal one for some.",
    ),
    "V07": ("The jurisdiction is not admitted.", "Ask the help desk to admit it."),
    "V10": (
        "The exchange knows no current title of this VIN.",
        "Check the VIN. When it is right, the title was never reported: send VINADD first.",
    ),
    "V11": (
        "Another state holds the current title than the one named.",
        "Check which title was surrendered; open a case with the state on record when the paper says otherwise.",
    ),
    "V12": (
        "The state is right, the title number is not that of its current title.",
        "Compare with the paper: an earlier or a duplicate title may have been presented.",
    ),
    "V13": (
        "Two or more current titles match, so the exchange cannot tell which one is meant.",
        "Have the states concerned settle the duplicate; then send the record again.",
    ),
    "V14": ("The sender is the state of title already.", "Send an in-state change instead."),
    "V15": ("The sender is not the state of title.", "Send a change of state of title instead."),
    "V16": (
        "A duplicate title with the date and the number of the one on record cannot be told from it.",
        "Send it with its own issue date or number; a mere reprint is not sent.",
    ),
    "V17": (
        "The issue date lies in the future.",
        "Send the day on which the title was generated, not the day on which it takes effect.",
    ),
    "V18": (
        "The number is that of a reassignment document.",
        "Send the number of the title itself; reassignments are carried beside it.",
    ),
    "V19": (
        "The VIN has a current title already.",
        "Send a change of that title, or VINADD when it is yours.",
    ),
    "V20": (
        "No title of the jurisdiction with this number is on record for the VIN.",
        "Check VIN and number. A title that was never reported is added with VINADD.",
    ),
    "V21": ("There is no accepted update with that id to undo.", "Check id and VIN."),
    "V22": ("Something later rests on the update to be undone.", "Ask for a data change."),
    "V23": ("It was undone before, or cannot be.", "Ask for a data change when the record is wrong."),
    "V24": (
        "The corrected VIN has a current title of its own: two vehicles, or one vehicle entered twice.",
        "Do not issue. Open a case with the state that holds that title.",
    ),
    "V25": ("The record says nothing that is not on record.", "Take it out of the next file."),
    "V26": (
        "A VIN is corrected only after somebody has read it off the vehicle.",
        "Enter the day of the physical verification.",
    ),
    "V30": ("The brand is not a standard brand.", "Map your legend to one of the national brand codes."),
    "V31": ("The brand code is retired.", "Use its successor, which the message names."),
    "V32": ("The brand date lies in the future.", "Send the day on which the vehicle was branded."),
    "V33": (
        "No open theft report of the jurisdiction is on record.",
        "Check the VIN; it may be cleared already.",
    ),
    "V34": ("The day lies in the future.", _LOOK_AT_FIELD),
    "V35": ("No such brand of the jurisdiction stands on the VIN.", "Check code, date and VIN of the brand."),
    "V36": ("The brand is another state's.", _WAIT_FOR_OWNER),
    "V37": (
        "The correction changes nothing, or the percentage of damage alone.",
        "Take it out of the next file; for a wrong percentage write to the help desk.",
    ),
    "V40": (
        "A brand says that the vehicle shall never be on the road again.",
        "Do not issue a title for the road. Send title type salvage or nonrepairable if that is what was issued.",
    ),
    "V41": (
        "The control number lies in a range of stolen or missing title stock.",
        "Do not accept the paper.",
    ),
    "V42": ("Some state has titled the vehicle already.", "Ask as for a used vehicle and look at the title."),
    "V43": ("Only the state of title may mark a record.", _WAIT_FOR_OWNER),
    "V44": ("There is no mark of the jurisdiction to lift.", "Check the VIN."),
    "V45": (
        "The title that was presented was taken back by its state: recalled, or found to be fraudulent.",
        "Do not accept the paper; open a case with the state that took it back.",
    ),
    "V50": ("Paper and record agree.", "Nothing has to be settled."),
    "V51": ("The current title is the asking state's own.", "Settle it in your own book."),
    "V60": (
        "The make was not the NCIC code; the right one was put in its place and the record applied.",
        "Correct the make in your own system, so that it is not sent again.",
    ),
    "V61": (
        "The VIN has another current title, which differs in make or year: one of them is probably a typing error.",
        "Compare make and year with the paper. Send VINMOD when yours is wrong, else ask the other state.",
    ),
    "V62": ("The brand was on record.", "Nothing has to be done; take it out of the next file."),
    "V63": (
        "A state recorded a brand that a later title does not show.",
        "Carry the brand forward on the new title, or ask the state that left it out.",
    ),
    "V64": (
        "A later odometer reading is lower than an earlier one.",
        "Check reading and unit. When the paper says so, brand the odometer as not actual.",
    ),
    "V65": (
        "Several current titles are on record.",
        "Ask again with state and number of the title presented.",
    ),
    "V66": (
        "Inquiries are about to close for want of updates.",
        "Send the next file before the day that is named.",
    ),
    "V67": (
        "The title is older than the one on record: it joined the history and did not take the pointer.",
        "Nothing has to be done unless the issue date is wrong; send files sooner after issuing.",
    ),
    "V68": ("The vehicle is reported stolen.", "Do not issue; tell the law enforcement agency."),
    "V69": ("The title asked about is not a current one.", "Ask its holder for the title that replaced it."),
    "V70": ("A column holds something else than it may.", _LOOK_AT_FIELD),
    "V71": ("The line is longer or shorter than the layout says.", _PROGRAM_FAULT),
    "V72": ("A required column is blank.", "Fill it in and send the record in a new file."),
    "V73": ("A character stands there that a file may not hold.", _PROGRAM_FAULT),
    "V74": ("The line begins with a letter that no record has.", _PROGRAM_FAULT),
    "V75": ("The line has more or fewer columns than the layout.", _PROGRAM_FAULT),
    "V76": ("A quotation mark is missing or too many.", _PROGRAM_FAULT),
    "V77": (
        "One VIN stands in the file more often than any vehicle is titled.",
        "Look for a placeholder VIN; send what is genuine in several files.",
    ),
    "V80": (
        "The file is compressed, in another encoding, or no text.",
        "Send plain US-ASCII text, not compressed.",
    ),
    "V81": ("The first line is not a header as the layout says.", _PROGRAM_FAULT),
    "V82": ("A line never ends: line ends are missing, or it is no text file.", _PROGRAM_FAULT),
    "V83": ("The file was cut off on its way.", "Send the whole file again."),
    "V84": (
        "The trailer counts other records than there are: lines were lost or added.",
        "Write the file again and send it; do not correct the count by hand.",
    ),
    "V85": ("The file belongs to another jurisdiction.", "Send it with that jurisdiction's own key."),
    "V86": (
        "Something follows the trailer: two files were joined, or the trailer stands too early.",
        _PROGRAM_FAULT,
    ),
    "V56": ("A yard's or an insurer's report says what cannot be.", _LOOK_AT_FIELD),
    "V57": (
        "The same vehicle was reported for the same day before, by the same reporter.",
        "Nothing is to be done, unless something has changed: then send a supplement that names the report.",
    ),
    "V58": ("A report is supplemented once.", "Name the latest report of the chain."),
    "V59": (
        "The number is not that of a report of one's own for this VIN.",
        "Take it from the list of reports.",
    ),
    "V87": ("The name was used for another file.", "Give each file a name of its own."),
    "V88": ("The file is too large.", "Split it; records of one VIN stay in one file."),
    "V89": (
        "Whoever sent the file may not send files of this kind.",
        "Send it with a key that has the scope for it, or have the scope added to the key.",
    ),
    "V90": (
        "The exchange lost a disk, or restored its database without the files; the sender did nothing wrong.",
        "Send the same file again; its name is free.",
    ),
    "V91": ("The manufacturer's data differ from what was typed.", "Read make and year off the certificate."),
    "V92": ("The VIN breaks a rule of VINs.", "Read it off the vehicle."),
    "V94": (
        "A junk or salvage yard or an insurer reported that it obtained the vehicle.",
        "Find out what became of the vehicle before a title is issued; the reporter is named.",
    ),
    "V93": ("The state of title did not answer in time.", "Ask again later, or call its help desk."),
}
USUAL_RESOLUTIONS: Final[Mapping[str, UsualResolution]] = MappingProxyType(
    {code: UsualResolution(cause=said[0], resolution=said[1]) for code, said in _TEXTS.items()}
)
