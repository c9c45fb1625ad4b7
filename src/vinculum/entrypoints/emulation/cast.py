"""Who is played, and how: the mode in which a state takes part, how its program answers, what its clerks are like."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from vinculum.entrypoints.exchange.emulated_state import Manner

Habit = Literal["late", "typos", "clone", "washed", "garbled"]


class NotPlayed(ValueError):
    """A state, mode, manner or habit that is not played; the message says which and what is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One emulated state.

    `manner` is how its program answers when the exchange asks for the detail of a title. Habits: titles that come
    late, typing errors, a clone of another state's vehicle, a brand that is left off, messages that are none.
    """

    code: str
    mode: int = 1
    manner: Manner = "prompt"
    habits: frozenset[Habit] = frozenset()

    @classmethod
    def read(cls, text: str) -> "Part":
        """As on the command line: `NJ:2:slow,typos`; mode 1 and a prompt program unless said."""
        code, _, rest = text.partition(":")
        mode, _, said = rest.partition(":")
        manners, habits = get_args(Manner), get_args(Habit)
        words = [word for word in said.split(",") if word]
        unknown = [word for word in words if word not in {*manners, *habits}]
        if len(code) != 2 or not code.isalpha() or mode not in {"", "1", "2", "3", "4"} or unknown:
            raise NotPlayed(
                f"{text} is no part: write CODE, CODE:MODE or CODE:MODE:WORD,WORD with mode 1 to 4 and words of"
                f" {', '.join((*manners, *habits))}."
            )
        return cls(
            code=code.upper(),
            mode=int(mode or 1),
            manner=next((word for word in manners if word in words), "prompt"),
            habits=frozenset(habit for habit in habits if habit in words),
        )


# Every mode, manner and habit is there when eight are played.
COMPANY: Final = tuple(
    map(
        Part.read,
        (
            "PA:1:prompt",
            "OH:1:slow,typos",
            "VT:1:silent,late",
            "NH:2:wrong,late",
            "ME:3:prompt,typos",
            "DE:4:prompt",
            "MD:1:prompt,clone,garbled",
            "VA:1:prompt,washed",
        ),
    )
)


def company(count: int) -> tuple[Part, ...]:
    """The first so many of the company."""
    if not 1 <= count <= len(COMPANY):
        raise NotPlayed(f"1 to {len(COMPANY)} states are played by number; name more of them one by one.")
    return COMPANY[:count]
