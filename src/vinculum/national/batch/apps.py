"""Django's name for the batch files; it brings the migrations with it."""

from django.apps import AppConfig


class NationalBatchConfig(AppConfig):
    """Migrations of the batch files' tables in the national database."""

    name = "vinculum.national.batch"
    label = "national_batch"
