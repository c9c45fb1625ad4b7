"""Both systems as one process: the state's book with the law in force, and the exchange beside it."""

from both_systems import national, world

__all__ = ["national", "world"]
