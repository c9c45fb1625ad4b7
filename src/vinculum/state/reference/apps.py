"""The reference app, so that its migrations are found; it has no models."""

from django.apps import AppConfig


class StateReferenceConfig(AppConfig):
    """Published jurisdictions in the state database."""

    name = "vinculum.state.reference"
    label = "state_reference"
