"""Django's name for this part; it brings the migrations with it."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Migrations of `vinculum.state.inventory`."""

    name = "vinculum.state.inventory"
    label = "state_inventory"
