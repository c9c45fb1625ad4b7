"""Work that nobody waits for: what goes on beside the pages, in a process of its own."""

import os

# Read by polars when it is first imported, which the jobs do. The columns of a lot are short: shared out among threads
# they cost a tenth more of the processors, which the counter wants too, and are done no sooner.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
