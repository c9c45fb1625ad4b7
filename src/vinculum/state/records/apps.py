"""Django's name for this part; it brings the migrations with it."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Migrations of `vinculum.state.records`."""

    name = "vinculum.state.records"
    label = "state_records"
