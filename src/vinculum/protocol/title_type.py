"""What a title allows: the road, or only what is left of the vehicle (N-402)."""

from typing import Literal

TitleType = Literal["road", "salvage", "nonrepairable"]
