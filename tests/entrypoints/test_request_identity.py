"""Whose address counts: only named proxies are believed, and only as far as they go."""

import ipaddress

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from vinculum.entrypoints.request_identity import ForwardingRefused, RequestIdentity, client_address

PROXIES = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("2001:db8:1::/48"))


def seen(peer: str, forwarded: str = "") -> str:
    """The address that counts."""
    return str(client_address(peer=peer, forwarded=forwarded, trusted=PROXIES))


@pytest.mark.parametrize(
    ("peer", "forwarded", "counts"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),  # a stranger's header is worth nothing
        ("10.1.0.9", "203.0.113.1", "203.0.113.1"),
        ("10.1.0.9", "192.0.2.66, 203.0.113.1", "203.0.113.1"),  # the left part was written by the client
        ("10.1.0.9", "203.0.113.1, 10.1.0.8", "203.0.113.1"),  # two proxies of ours in a row
        ("::ffff:10.1.0.9", "::ffff:203.0.113.1", "203.0.113.1"),
        ("2001:db8:1::5", "2001:db8:2::1", "2001:db8:2::1"),
        ("10.1.0.9", "10.1.0.7, 10.1.0.8", "10.1.0.7"),
    ],
)
def test_right_most_untrusted_address_counts(peer: str, forwarded: str, counts: str) -> None:
    """The right-most address that is no proxy of ours; IPv4 mapped into IPv6 is IPv4."""
    assert seen(peer, forwarded) == counts


@pytest.mark.parametrize(
    "forwarded",
    [
        "unknown",
        "203.0.113.1:443",
        "203.0.113.1,,",
        "<script>",
        "fe80::1%eth0",
        "010.1.1.1",
        ", ".join(["10.1.0.1"] * 21),
    ],
)
def test_garbage_is_refused(forwarded: str) -> None:
    """A header that is no list of addresses is refused, not guessed at."""
    with pytest.raises(ForwardingRefused):
        seen("10.1.0.9", forwarded)


@override_settings(TRUSTED_PROXIES=PROXIES)
def test_forwarding_headers_of_strangers_are_removed() -> None:
    """Nobody but a proxy of ours can say that a request came by HTTPS, or name it."""

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{request.META.get('HTTP_X_FORWARDED_PROTO')} {request.request_id}")  # type: ignore[attr-defined]

    headers = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_REQUEST_ID": "forged-request-id"}
    stranger = RequestIdentity(answer)(RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", **headers))
    proxy = RequestIdentity(answer)(RequestFactory().get("/", REMOTE_ADDR="10.1.0.9", **headers))
    assert b"None" in stranger.content  # type: ignore[attr-defined]
    assert b"forged" not in stranger.content  # type: ignore[attr-defined]
    assert proxy.content == b"https forged-request-id"  # type: ignore[attr-defined]


@override_settings(TRUSTED_PROXIES=PROXIES)
def test_garbage_is_answered_with_400() -> None:
    """The request is not served under an address that nobody can tell."""
    request = RequestFactory().get("/", REMOTE_ADDR="10.1.0.9", HTTP_X_FORWARDED_FOR="nonsense")
    assert RequestIdentity(lambda _request: HttpResponse())(request).status_code == 400
