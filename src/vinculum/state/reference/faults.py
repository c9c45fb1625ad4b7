"""What is wrong with a jurisdiction's files: every fault found, each with its file, key and remedy."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFault:
    """One fault: the file, the key within it (fees.title.values.1), and what is wrong."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.message}"


class ReferenceInvalid(Exception):
    """A jurisdiction's files cannot be used; carries every fault that was found, never only the first."""

    def __init__(self, faults: Iterable[ReferenceFault]) -> None:
        self.faults: tuple[ReferenceFault, ...] = tuple(faults)
        if not self.faults:
            raise ValueError("ReferenceInvalid needs at least one fault.")
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class NoScheduleInForce(LookupError):
    """The jurisdiction has no tables for the day asked: it lies before its first schedule."""
