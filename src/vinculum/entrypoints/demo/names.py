"""Names and streets of the demonstration: put together from words that no real register would hold together."""

from random import Random
from typing import Final

GIVEN: Final = (
    "Avery", "Blake", "Casey", "Dakota", "Emerson", "Finley", "Gray", "Harper", "Indigo", "Jordan", "Kendall",
    "Logan", "Marlowe", "Noel", "Oakley", "Parker", "Quinn", "Riley", "Sage", "Taylor", "Umber", "Vesper",
    "Winter", "Xen", "Yarrow", "Zephyr",
)  # fmt: skip
FAMILY: Final = (
    "Sample", "Placeholder", "Specimen", "Example", "Testcase", "Mockingham", "Demoray", "Fictus", "Pretend",
    "Imaginary", "Notreal", "Makebelieve", "Inventson", "Figment", "Pseudonym", "Dummyfield", "Exemplar",
    "Madeup", "Nobodyson", "Whatsit", "Standin", "Trialrun", "Mannequin", "Phantasm", "Anyperson", "Lorem",
)  # fmt: skip
STREETS: Final = (
    "Example", "Sample", "Specimen", "Placeholder", "Fiction", "Storybook", "Pretend", "Model", "Pattern", "Practice",
)  # fmt: skip
STREET_KINDS: Final = ("Street", "Avenue", "Road", "Lane", "Drive")
COLOURS: Final = ("BLK", "WHI", "SIL", "GRY", "BLU", "RED", "GRN", "BRO")


def person_name(random: Random) -> tuple[str, str]:
    """A full name and its last name."""
    last = random.choice(FAMILY)
    return f"{random.choice(GIVEN)} {random.choice('ABCDEFGHJKLMNPRSTW')} {last}", last


def street(random: Random) -> str:
    """A street address."""
    return f"{random.randrange(1, 999)} {random.choice(STREETS)} {random.choice(STREET_KINDS)}"
