"""The work of a kill test: the deals that the clerks are to register, and what is to happen to each."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from vinculum.access.database import Actor
from vinculum.state.law.deal import Deal

# When a desk is to die of itself: just before its commit, or between the commit and the answer.
Death = Literal["", "before_commit", "after_commit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrder:
    """One deal of one clerk: whether it is voided afterwards, asked for twice, and where the desk dies at it."""

    actor: Actor
    deal: Deal
    voided: bool
    asked_twice: bool
    dies: Death


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was prepared: each clerk's orders, each dealer's money and key, and the program's own secret."""

    orders: tuple[tuple[WorkOrder, ...], ...]
    deposited_cents: dict[UUID, int]
    keys: dict[UUID, str]
    service_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How much work, for how many clerks, from which seed; how many of a hundred deals meet a dying desk."""

    seed: int
    registrations: int
    clerks: int
    dying_percent: int
