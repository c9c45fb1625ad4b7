"""Where a request comes from and what it is called: the address as trusted proxies tell it, and an id."""

import ipaddress
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_MOST_HOPS = 20
_log = logging.getLogger("vinculum.request")


class ForwardingRefused(ValueError):
    """A forwarding header that is no list of addresses."""


def parse_address(text: str) -> Address:
    """An IP address, with IPv4 that was mapped into IPv6 read as IPv4; anything else is refused."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        raise ForwardingRefused("This is not an IP address.") from None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            raise ForwardingRefused("An address with a scope is only good on its own machine.")
        return address.ipv4_mapped or address
    return address


def client_address(*, peer: str, forwarded: str, trusted: Iterable[Network]) -> Address:
    """The right-most address that is no proxy of ours; what lies left of it, anyone could have written."""
    networks = tuple(trusted)

    def is_proxy(address: Address) -> bool:
        return any(address.version == network.version and address in network for network in networks)

    address = parse_address(peer)
    if not forwarded.strip() or not is_proxy(address):
        return address
    hops = forwarded.split(",")
    if len(hops) > _MOST_HOPS:
        raise ForwardingRefused("More forwarding hops than any route of ours has.")
    for hop in reversed(hops):
        address = parse_address(hop)
        if not is_proxy(address):
            return address
    return address


@lru_cache(maxsize=1024)
def _place_of(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> tuple[str, bool]:
    """The caller's address, and whether a proxy of ours says so; a program comes from one place again and again."""
    address = client_address(peer=peer, forwarded=forwarded, trusted=trusted)
    nearest = parse_address(peer)
    from_proxy = any(nearest.version == network.version and nearest in network for network in trusted)
    return str(address), from_proxy


class RequestIdentity:
    """Middleware: sets `request.client_address` and `request.request_id`, and logs one line per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        meta = request.META
        peer = meta.get("REMOTE_ADDR") or "127.0.0.1"
        given = meta.get("HTTP_X_REQUEST_ID", "")
        try:
            address, from_proxy = _place_of(
                peer, meta.get("HTTP_X_FORWARDED_FOR", ""), tuple(settings.TRUSTED_PROXIES)
            )
        except ForwardingRefused:
            return HttpResponse("Bad forwarding header.\n", status=400, content_type="text/plain")
        if not from_proxy:
            for header in ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_FOR"):
                meta.pop(header, None)
        # A name from outside is only kept from a proxy of ours: it goes into the audit trail.
        known = from_proxy and _REQUEST_ID.fullmatch(given)
        request_id = given if known else secrets.token_hex(16)
        request.client_address = address  # type: ignore[attr-defined]
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        _log_request(request, response, seconds=time.perf_counter() - began)
        return response


def _log_request(request: HttpRequest, response: HttpResponseBase, *, seconds: float) -> None:
    """One line per request: the route's pattern, never the address with what was typed into it."""
    from vinculum.entrypoints.metrics import observe_request

    match = request.resolver_match
    if match is not None:
        route = f"/{match.route}"
    else:
        route = settings.STATIC_URL if request.path.startswith(settings.STATIC_URL) else "none"
    observe_request(method=request.method or "", route=route, status=response.status_code, seconds=seconds)
    if not _log.isEnabledFor(logging.INFO):
        return
    _log.info(
        "request",
        extra={
            "request_id": getattr(request, "request_id", ""),
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        },
    )
