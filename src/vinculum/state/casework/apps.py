"""Django's name for this part; it brings the migrations with it."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Migrations of `vinculum.state.casework`."""

    name = "vinculum.state.casework"
    label = "state_casework"
