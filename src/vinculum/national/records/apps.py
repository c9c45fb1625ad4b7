"""Django's name for the national files; it brings the migrations with it."""

from django.apps import AppConfig


class NationalRecordsConfig(AppConfig):
    """Migrations of the national database."""

    name = "vinculum.national.records"
    label = "national_records"
