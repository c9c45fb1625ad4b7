"""The JSON API at /api/v1: the same acts as the desk and the office, for programs with a bearer key."""
