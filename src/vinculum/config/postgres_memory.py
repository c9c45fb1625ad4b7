"""What the embedded server may take of the machine's memory: a quarter, as PostgreSQL advises, within bounds."""

import os
from pathlib import Path
from typing import Final

_MIB: Final = 1024 * 1024
_LEAST: Final = 128 * _MIB
_MOST: Final = 8192 * _MIB
# Test servers stand beside each other, and their databases are small.
_PASSING: Final = 256 * _MIB
_LIMIT_OF_GROUP: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def memory_settings(*, durable: bool) -> dict[str, str]:
    """The server's settings that go by the memory there is."""
    shared = min(max(machine_memory() // 4, _LEAST), _MOST) if durable else _PASSING
    return {
        "shared_buffers": _megabytes(shared),
        "effective_cache_size": _megabytes(shared * 2),
        # A batch file writes faster than its log can be made durable; here the difference waits.
        "wal_buffers": _megabytes(min(max(shared // 32, 8 * _MIB), 128 * _MIB)),
    }


def machine_memory() -> int:
    """Bytes of memory that this process may count on: the machine's, or less in a container."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limits = [int(text) for path in _LIMIT_OF_GROUP if (text := _read(path)).isdigit()]
    return min([physical, *limits])


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:  # not Linux, or another kind of control groups
        return ""


def _megabytes(size: int) -> str:
    return f"{size // _MIB}MB"
