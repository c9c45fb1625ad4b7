"""Django's name for this part; it brings the migrations with it."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Migrations of `vinculum.state.outbox`."""

    name = "vinculum.state.outbox"
    label = "state_outbox"
