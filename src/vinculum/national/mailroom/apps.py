"""Django's name for the mailroom; it brings the migrations with it."""

from django.apps import AppConfig


class NationalMailroomConfig(AppConfig):
    """Migrations of the national database: what is owed by e-mail and webhook."""

    name = "vinculum.national.mailroom"
    label = "national_mailroom"
