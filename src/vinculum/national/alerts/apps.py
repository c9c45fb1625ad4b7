"""Django's name for the alert site; it brings the migrations with it."""

from django.apps import AppConfig


class NationalAlertsConfig(AppConfig):
    """Migrations of the national database: alerts, their files and numbers, their users."""

    name = "vinculum.national.alerts"
    label = "national_alerts"
