"""Both systems in the test databases, for server processes of their own."""

from both_systems import national, world

__all__ = ["national", "world"]
