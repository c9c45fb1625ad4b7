"""A real browser against a real server: both systems in this process, pages over HTTP, Chromium of the system."""

import os
import shutil
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, sync_playwright

from both_systems import National, national, world
from front_office import FrontOffice
from people import World
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints import wired
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess

__all__ = ["national", "world"]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the program has its own log."""


@pytest.fixture(scope="session")
def site(databases: ScratchDatabases, world: World, national: National) -> Iterator[str]:
    """The address of the running site."""
    from datetime import UTC, datetime

    from django.core.wsgi import get_wsgi_application

    wired.set_exchange(ExchangeInProcess(jurisdiction="CT", clock=lambda: datetime.now(UTC)))
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the distribution ships it."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("no Chromium on this machine: run bin/set-up --browser")
    # Playwright keeps a loop in this thread; Django then refuses the database although nothing here is async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def office(site: str, browser: Browser, world: World, national: National) -> Iterator[FrontOffice]:
    """A dealer, an agency and a town with people who can sign in, and the browser in front of them."""
    cache.clear()
    made = FrontOffice(site=site, browser=browser, world=world, national=national)
    yield made
    made.close()
