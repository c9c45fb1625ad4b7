"""Configuration: where the settings, the databases and the wiring between the two systems come together."""
