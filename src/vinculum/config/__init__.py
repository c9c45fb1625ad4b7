"""Configuration: where the settings, the databases and the wiring between the two systems come together."""

import os

# Read by numpy when it is first imported: no thread is wanted for each processor, for algebra that nobody does here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
