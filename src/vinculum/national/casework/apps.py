"""Django's name for the casework of the exchange; it brings the migrations with it."""

from django.apps import AppConfig


class NationalCaseworkConfig(AppConfig):
    """Migrations of the national database: reporters, contacts, discrepancies."""

    name = "vinculum.national.casework"
    label = "national_casework"
