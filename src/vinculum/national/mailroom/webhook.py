"""Webhooks: a signed POST to an address outside, never to one within our walls, and never longer than seconds.

The name is resolved anew for each delivery, every address it has must be public, and the connection goes to the
address that was checked: a name that means something else a moment later leads nowhere. Redirects are not followed.
"""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

from vinculum.national.mailroom.public_address import is_public

LONGEST_ADDRESS: Final = 400
_PORT: Final = 443
_STEP_SECONDS: Final = 4.0
_ALL_SECONDS: Final = 10.0


class NotDelivered(Exception):
    """A piece that did not arrive; the message says why."""


class AddressRefused(NotDelivered):
    """An address to which nothing is sent; the message says why."""


def sign(secret: str, *, timestamp: int, body: bytes) -> str:
    """The signature of a body at a time: `v1=` and HMAC-SHA-256 of `timestamp.body` in hexadecimal."""
    digest = hmac.new(secret.encode(), str(timestamp).encode() + b"." + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"


def check_address(url: str, *, port: int = _PORT) -> SplitResult:
    """An https address with a plain host and nothing hidden in it. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        named_port = parts.port
    except ValueError:
        raise AddressRefused("This is no address.") from None
    if parts.scheme != "https":
        raise AddressRefused("A webhook begins with https://.")
    if len(url) > LONGEST_ADDRESS or any(ord(character) <= 32 or ord(character) > 126 for character in url):
        raise AddressRefused("The address is too long or has characters that are not written in one.")
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise AddressRefused("The address has a host, and neither a name, a password nor a fragment.")
    if (named_port or _PORT) != port:
        raise AddressRefused(f"A webhook listens at port {port}.")
    return parts


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCaller:
    """Sends webhooks. The fields are for tests, which have a receiver of their own on this machine."""

    allowed: Callable[[str], bool] = is_public
    resolved: Callable[[str, int], Sequence[str]] = resolve
    port: int = _PORT
    all_seconds: float = _ALL_SECONDS
    trusts: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def send(self, url: str, *, secret: str, delivery_id: str, body: bytes, at: datetime) -> None:
        """POST a JSON body; any answer but 2xx is a failure. Raises NotDelivered."""
        parts = check_address(url, port=self.port)
        host = str(parts.hostname)
        address = self._address_of(host)
        timestamp = int(at.timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Vinculum-Webhook/1",
            "Vinculum-Delivery": delivery_id,
            "Vinculum-Timestamp": str(timestamp),
            "Vinculum-Signature": sign(secret, timestamp=timestamp, body=body),
        }
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = _Pinned(host, self.port, address=address, trusts=self.trusts)
        # A receiver that drips its answer is cut off, however patient each single read is.
        end = threading.Timer(self.all_seconds, connection.cut)
        end.daemon = True
        end.start()
        try:
            connection.request("POST", target, body=body, headers=headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise NotDelivered(f"No answer: {type(fault).__name__}.") from fault
        finally:
            end.cancel()
            connection.close()
        if not 200 <= status < 300:
            raise NotDelivered(f"The receiver answered {status}.")

    def _address_of(self, host: str) -> str:
        try:
            addresses = self.resolved(host, self.port)
        except (OSError, UnicodeError) as fault:
            raise NotDelivered("The name of the receiver is not known.") from fault
        if not addresses or not all(self.allowed(address) for address in addresses):
            raise AddressRefused("The name leads to an address that is not public.")
        return addresses[0]


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was checked, which must show the certificate of the name."""

    def __init__(self, host: str, port: int, *, address: str, trusts: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=_STEP_SECONDS, context=trusts)
        self._address = address
        self._trusts = trusts

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), timeout=_STEP_SECONDS)
        try:
            self.sock = self._trusts.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def cut(self) -> None:
        """End it from another thread."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
