"""Configuration: where the settings, the databases and the wiring between the two systems come together."""

import os

# Read by polars when it is first imported. The columns of a lot of a file are short: shared out among threads they cost
# a tenth more of the processors, which the counter wants too, and are done no sooner.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
