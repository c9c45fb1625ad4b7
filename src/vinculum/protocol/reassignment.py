"""A reassignment: one dealer hands a vehicle on to the next without titling it, on a document of its own (N-306).

The chain travels beside the title number, so that no reassignment number need stand in its place.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from vinculum.protocol.fields import NationalField

# A printed form has room for three or four; a longer chain is several forms.
MOST_REASSIGNMENTS: Final = 12
DEALER = NationalField(mnemonic="", meaning="dealer", length=60, pattern=r"[\x20-\x7E]+")
LICENCE = NationalField(mnemonic="", meaning="dealer's licence", length=20, shortest=0)
DOCUMENT = NationalField(mnemonic="", meaning="number of the reassignment document", length=20, shortest=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """A dealer, its licence number, the day, and the number of the document; the last two texts may be empty."""

    dealer: Annotated[str, DEALER]
    reassigned_on: date
    licence: Annotated[str, LICENCE] = ""
    document_number: Annotated[str, DOCUMENT] = ""
