"""Work that nobody waits for lets those who stand at a counter have the processor first."""

import os
from typing import Final

# The scheduler gives such a thread about a ninth of what one of the counter gets when both want it.
_NICENESS: Final = 10


def give_way() -> None:
    """From now on the calling thread comes after others, and so do the threads that it starts (Linux, `nice`)."""
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
