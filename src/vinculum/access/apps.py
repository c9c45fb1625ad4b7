"""Django's name for this part; it brings the migrations with it."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Migrations of `vinculum.access`."""

    name = "vinculum.access"
    label = "access"
