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
    if ensure_databases:
        _lend_owner_urls()


def _lend_owner_urls() -> None:
    """The migration logins, for commands that publish law or load a world; the server never has them."""
    from vinculum.config.addresses import addresses
    from vinculum.entrypoints import wired

    where = addresses()
    wired.set_owner_urls(state=where.state.migrate_url, national=where.national.migrate_url)


def connect() -> None:
    """Wire the process: database pools, the program's own credential, the way to the exchange."""
    from django.conf import settings

    from vinculum.access import database, service
    from vinculum.config import bootstrap, environment, wiring
    from vinculum.entrypoints import wired
    from vinculum.entrypoints.exchange import state_detail

    urls = settings.DATABASE_URLS
    database.configure(state_url=urls["state"], national_url=urls["national"])
    secret = bootstrap.system_secret()
    if secret:
        service.configure(secret)
    if "national" in settings.SYSTEMS:
        state_detail.configure(
            environment.read_list("VINCULUM_ANSWERING_STATES"),
            keys=environment.read_list("VINCULUM_ANSWERING_KEYS"),
        )
    if "state" in settings.SYSTEMS:
        wired.set_exchange(wiring.exchange())
