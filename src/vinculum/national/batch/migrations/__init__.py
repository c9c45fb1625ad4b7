"""Migrations of the batch files' tables."""
