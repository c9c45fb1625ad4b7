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
    connect()


def connect() -> None:
    """Wire the process: database pools, the program's own credential, the way to the exchange."""
    from django.conf import settings

    from vinculum.access import database, service
    from vinculum.config import bootstrap, wiring
    from vinculum.config.addresses import addresses
    from vinculum.entrypoints import wired

    urls = settings.DATABASE_URLS
    database.configure(state_url=urls["state"], national_url=urls["national"])
    secret = bootstrap.system_secret()
    if secret:
        service.configure(secret)
    where = addresses()
    wired.set_owner_urls(state=where.state.migrate_url, national=where.national.migrate_url)
    if "state" in settings.SYSTEMS:
        wired.set_exchange(wiring.exchange())
