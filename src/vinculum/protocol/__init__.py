"""The messages between a state and the national title exchange: what is said, field by field. Pure."""
