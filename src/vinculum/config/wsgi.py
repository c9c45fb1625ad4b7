"""What the server process runs: `granian --interface wsgi vinculum.config.wsgi:application`."""

import gc
import os
from typing import Any

from django.core.wsgi import get_wsgi_application

from vinculum.config.start import connect

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")


def _application() -> Any:
    """Everything that is served here; messages to the exchange have a short way of their own."""
    from django.conf import settings

    ordinary = get_wsgi_application()
    if "national" not in settings.SYSTEMS:
        return ordinary
    from vinculum.entrypoints.exchange.wire import messages_first

    return messages_first(ordinary)


application = _application()
connect()
# What is loaded by now stays until the end: to look through it for garbage again and again would cost each request
# its share, and some of them a visible pause.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
