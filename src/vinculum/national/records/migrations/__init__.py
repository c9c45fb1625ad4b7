"""Migrations of the national database, as SQL beside each file."""
