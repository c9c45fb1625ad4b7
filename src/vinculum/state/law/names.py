"""Comparing names of owners across papers: capitals, punctuation and spacing are not part of a name."""

import re

_NOT_OF_A_NAME = re.compile(r"[^\w]+")


def same_name(one: str, other: str) -> bool:
    """Whether two papers name the same person or company."""
    return name_key(one) == name_key(other)


def name_key(name: str) -> str:
    """A name as names are compared: `O'Neil, Mary-Ann` and `ONEIL MARY ANN` differ only in writing."""
    return " ".join(_NOT_OF_A_NAME.sub(" ", name.replace("'", "").replace("’", "").casefold()).split())
