"""Making a process ready: settings read, Django set up, the pools of `access.database` addressed."""

import os

import django


def ready(*, ensure_databases: bool = False) -> None:
    """Set this process up; `ensure_databases` first starts the embedded server and brings it up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")
    if ensure_databases:
        from vinculum.config import bootstrap

        bootstrap.prepare()
    django.setup()
    configure_pools()


def configure_pools() -> None:
    """Tell `access.database` where the databases of the systems that run here are."""
    from django.conf import settings

    from vinculum.access import database

    urls = settings.DATABASE_URLS
    database.configure(state_url=urls["state"], national_url=urls["national"])
