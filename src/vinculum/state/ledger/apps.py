"""Django's name for this part; it brings the migrations with it."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Migrations of `vinculum.state.ledger`."""

    name = "vinculum.state.ledger"
    label = "state_ledger"
