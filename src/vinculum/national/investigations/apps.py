"""Django's name for the investigations of the exchange; it brings the migrations with it."""

from django.apps import AppConfig


class NationalInvestigationsConfig(AppConfig):
    """Migrations of the national database: findings and what finding them quickly needs."""

    name = "vinculum.national.investigations"
    label = "national_investigations"
