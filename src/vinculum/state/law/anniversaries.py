"""Whether so many years have passed between two days, without leaving the calendar for odd dates."""

from datetime import date


def years_reached(since: date, on: date, *, years: int) -> bool:
    """Whether the anniversary has come: somebody born on the 20th is eighteen on the 20th, not before.

    Who is born on 29 February comes of age on 1 March of a common year.
    """
    return (on.year - years, on.month, on.day) >= (since.year, since.month, since.day)


def years_exceeded(since: date, on: date, *, years: int) -> bool:
    """Whether more than so many years have passed: not yet on the anniversary itself."""
    return (on.year - years, on.month, on.day) > (since.year, since.month, since.day)
