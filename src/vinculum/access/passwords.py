"""What a password must be (NIST SP 800-63B): long enough, not a known one, no rules on its composition."""

import gzip
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

SHORTEST = 12
LONGEST = 256
# Words that anybody would try first at a motor-vehicle agency.
_OUR_WORDS = ("vinculum", "connecticut", "motorvehicle", "registration", "dealership", "licenseplate")


class LengthIsReasonable:
    """At least 12 characters, at most 256: a sentence fits, a denial of service by hashing does not."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is too short or too long."""
        length = len(unicodedata.normalize("NFKC", password))
        if length < SHORTEST:
            raise ValidationError(f"Use at least {SHORTEST} characters; a sentence is easy to remember.")
        if length > LONGEST:
            raise ValidationError(f"Use at most {LONGEST} characters.")

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return f"At least {SHORTEST} characters. Any characters, blanks included; no others are required."


class NotAKnownPassword:
    """Refuses the passwords that attackers try first, also repeated, numbered or decorated."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when what is left of the password is a common one or a word of this service."""
        plain = unicodedata.normalize("NFKC", password).casefold()
        for candidate in (plain, *_undecorated(plain)):
            if candidate in _common() or candidate in _OUR_WORDS:
                raise ValidationError("This password is among those that are tried first. Choose another.")

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return "Not one that is on lists of common passwords."


def _undecorated(plain: str) -> set[str]:
    letters = re.sub(r"[^a-z]+", "", plain)
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    found = {letters, core}
    for text in (plain, core):
        repeated = re.fullmatch(r"(.+?)\1+", text)
        if repeated:
            found.add(repeated[1])
    return {text for text in found if len(text) >= 1}


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The 20,000 most common passwords, from the file that Django brings; nothing is asked over the network."""
    path = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)
