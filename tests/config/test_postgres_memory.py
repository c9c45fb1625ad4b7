"""What the embedded server takes of the machine's memory."""

from pathlib import Path

import pytest

from vinculum.config import postgres_memory
from vinculum.config.postgres_memory import machine_memory, memory_settings

GIB = 1024**3


@pytest.mark.parametrize(
    ("memory", "shared", "log"),
    [
        (256 * 1024**2, "128MB", "8MB"),
        (4 * GIB, "1024MB", "32MB"),
        (24 * GIB, "6144MB", "128MB"),
        (512 * GIB, "8192MB", "128MB"),
    ],
)
def test_server_takes_a_quarter_within_bounds(
    monkeypatch: pytest.MonkeyPatch, memory: int, shared: str, log: str
) -> None:
    """P-1: buffers go by the memory there is; a passing server for tests takes little of any machine."""
    monkeypatch.setattr(postgres_memory, "machine_memory", lambda: memory)
    settings = memory_settings(durable=True)
    assert (settings["shared_buffers"], settings["wal_buffers"]) == (shared, log)
    assert memory_settings(durable=False)["shared_buffers"] == "256MB"


def test_limit_of_a_container_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """P-1: a container's memory is its limit; without one, or where it cannot be read, it is the machine's."""
    limit, none = tmp_path / "limit", tmp_path / "none"
    limit.write_text(f"{GIB // 2}\n")
    none.write_text("max\n")
    monkeypatch.setattr(postgres_memory, "_LIMIT_OF_GROUP", (none, tmp_path / "missing"))
    physical = machine_memory()
    assert physical > GIB // 2
    monkeypatch.setattr(postgres_memory, "_LIMIT_OF_GROUP", (limit,))
    assert machine_memory() == GIB // 2
