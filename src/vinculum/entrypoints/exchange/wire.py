"""The short way from the server to the counter: messages pass the pages' machinery by.

A program with a key has no session, cookie, form or person, so of the middleware it meets only what concerns it:
who calls from where, the request's name and line in the log. The headers that every answer carries are the same
each time and are made once. What is not a message, not for a host of ours, or not by HTTPS where HTTPS is asked
for, goes the ordinary way.
"""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import ResolverMatch

from vinculum.entrypoints.exchange.views import messages
from vinculum.entrypoints.request_identity import RequestIdentity
from vinculum.entrypoints.web.security_headers import SecurityHeaders

ADDRESS: Final = "/exchange/v1/messages"
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def messages_first(ordinary: Application) -> Application:
    """The application, with messages taken out before it."""
    answer = convert_exception_to_response(RequestIdentity(messages))
    here = ResolverMatch(messages, (), {}, url_name="exchange-messages", route=ADDRESS.lstrip("/"))

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != ADDRESS or not _is_ours(
            environ.get("HTTP_HOST", ""), tuple(settings.ALLOWED_HOSTS)
        ):
            return ordinary(environ, start)
        request = WSGIRequest(environ)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return ordinary(environ, start)
        request.resolver_match = here
        response = answer(request)
        assert isinstance(response, HttpResponse), "A message is answered whole, at once."
        headers = [*response.items(), *_headers_of_every_answer(secure=request.is_secure())]
        start(f"{response.status_code} {response.reason_phrase}", headers)
        # Not handed over itself: closing it would tell the pages' connections that a request of theirs ended.
        return [response.content]

    return application


@cache
def _headers_of_every_answer(*, secure: bool) -> tuple[tuple[str, str], ...]:
    """What the middleware of the ordinary way puts on an empty answer."""
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": ADDRESS,
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "https" if secure else "http",
            "wsgi.input": BytesIO(),
        }
    )

    def empty(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def secured(asked: HttpRequest) -> HttpResponseBase:
        response = SecurityMiddleware(empty)(asked)
        assert isinstance(response, HttpResponseBase), "Nothing here is answered asynchronously."
        return response

    response = SecurityHeaders(secured)(request)
    return tuple((name, value) for name, value in response.items() if name != "Content-Type")


@lru_cache(maxsize=256)
def _is_ours(host: str, ours: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, ours)
