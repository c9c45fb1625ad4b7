"""The pages as a Django application: it brings template tags, templates and static files, no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Server-rendered portals for dealers, DMV, towns and the public."""

    name = "vinculum.entrypoints.web"
    label = "web"
