"""Webhooks over a real wire: signed, to public addresses only, never redirected, never waited for."""

import hashlib
import hmac
import http.server
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vinculum.national.mailroom.public_address import is_public
from vinculum.national.mailroom.webhook import AddressRefused, NotDelivered, WebhookCaller, check_address

AT = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
HOST = "hooks.example"
BODY = b'{"event":"alert.posted"}'


@dataclass
class Receiver:
    """A program of a jurisdiction, on this machine."""

    port: int
    trusts: ssl.SSLContext
    answers: list[int] = field(default_factory=lambda: [204])
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    drips: bool = False

    def caller(self, *, checked: bool = False, seconds: float = 5.0) -> WebhookCaller:
        """A caller that finds it under its name; `checked`: with the check of addresses as it is outside tests."""
        return WebhookCaller(
            resolved=lambda host, port: ["127.0.0.1"],
            allowed=is_public if checked else lambda address: True,
            port=self.port,
            all_seconds=seconds,
            trusts=self.trusts,
        )

    def send(self, **how: object) -> None:
        self.caller(**how).send(  # type: ignore[arg-type]
            f"https://{HOST}:{self.port}/in?x=1", secret="vw_secret", delivery_id="d-1", body=BODY, at=AT
        )


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    certificate, key = _certificate(tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    found: list[Receiver] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found[0].got.append((self.path, dict(self.headers), body))
            if found[0].drips:
                self._drip()
                return
            status = found[0].answers[0]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"https://{HOST}:{found[0].port}/elsewhere")
            self.end_headers()

        def _drip(self) -> None:
            try:
                for _ in range(60):
                    self.wfile.write(b"H")
                    time.sleep(0.1)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = serving.wrap_socket(server.socket, server_side=True)
    found.append(Receiver(server.server_port, ssl.create_default_context(cafile=str(certificate))))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found[0]
    server.shutdown()
    server.server_close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, secret


def test_receiver_can_verify(receiver: Receiver) -> None:
    """N-703: the signature is HMAC-SHA-256 of time and body; docs/alerts.md tells how to verify it."""
    receiver.send()
    ((path, headers, body),) = receiver.got
    assert (path, body) == ("/in?x=1", BODY)
    assert headers["Vinculum-Delivery"] == "d-1"
    timestamp = headers["Vinculum-Timestamp"]
    assert timestamp == str(int(AT.timestamp()))
    expected = hmac.new(b"vw_secret", timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Vinculum-Signature"] == f"v1={expected}"


def test_nothing_goes_within_our_walls(receiver: Receiver) -> None:
    """N-703: a name that leads to a private address gets nothing; with the check off it would have arrived."""
    with pytest.raises(AddressRefused, match="not public"):
        receiver.send(checked=True)
    assert receiver.got == []
    receiver.send(checked=False)
    assert len(receiver.got) == 1


def test_one_private_address_is_enough() -> None:
    """N-703: of several addresses all must be public; the connection goes to the one that was checked."""
    caller = WebhookCaller(resolved=lambda host, port: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        caller.send("https://two.example/", secret="s", delivery_id="d", body=b"{}", at=AT)


def test_name_is_asked_once_per_delivery(receiver: Receiver) -> None:
    """N-703: no second look at the name after the check, so that it cannot mean something else by then."""
    asked: list[str] = []

    def resolved(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    caller = WebhookCaller(
        resolved=resolved, allowed=lambda _: True, port=receiver.port, trusts=receiver.trusts
    )
    caller.send(f"https://{HOST}:{receiver.port}/", secret="s", delivery_id="d", body=b"{}", at=AT)
    assert asked == [HOST]
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 400, 500])
def test_redirects_and_errors_are_failures(receiver: Receiver, status: int) -> None:
    """N-703: a redirect is not followed; what is not 2xx is not delivered."""
    receiver.answers[0] = status
    with pytest.raises(NotDelivered, match=str(status)):
        receiver.send()
    assert len(receiver.got) == 1


def test_certificate_must_be_of_the_name(receiver: Receiver) -> None:
    """N-703: whoever cannot prove the name gets nothing."""
    caller = WebhookCaller(
        resolved=lambda host, port: ["127.0.0.1"],
        allowed=lambda _: True,
        port=receiver.port,
        trusts=receiver.trusts,
    )
    with pytest.raises(NotDelivered, match="SSL"):
        caller.send(f"https://other.example:{receiver.port}/", secret="s", delivery_id="d", body=b"{}", at=AT)
    assert receiver.got == []


def test_slow_receivers_are_cut_off(receiver: Receiver) -> None:
    """N-703: a receiver that drips its answer byte by byte holds nobody up."""
    receiver.drips = True
    begun = time.monotonic()
    with pytest.raises(NotDelivered):
        receiver.send(seconds=0.5)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *(
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1%eth0",
        ),
        *("fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::"),
        *("2001:db8::1", "not an address", ""),
    ],
)
def test_addresses_within_walls(address: str) -> None:
    """N-703: loopback, private, link-local with the clouds' metadata, reserved, and all of them wrapped."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses(address: str) -> None:
    """N-703: what everybody reaches is allowed."""
    assert ipaddress.ip_address(address)
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://x.example/", "https:///x", "https://x.example:22/", "https://a:b@x.example/", "ftp://x"),
        *("https://x.example/#f", "https://x.example/\r\nX: y", "https://x.example/ü", "https://[::1", "x"),
        "https://x.example/" + "x" * 400,
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    """N-703: https to a plain host at port 443, nothing hidden in it."""
    with pytest.raises(AddressRefused):
        check_address(url)


def test_nobody_at_home() -> None:
    """N-703: no listener, no name: said, and tried again later."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    caller = WebhookCaller(resolved=lambda host, port: ["127.0.0.1"], allowed=lambda _: True, port=port)
    with pytest.raises(NotDelivered, match="No answer"):
        caller.send(f"https://x.example:{port}/", secret="s", delivery_id="d", body=b"{}", at=AT)

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(NotDelivered, match="not known"):
        WebhookCaller(resolved=unknown).send(
            "https://x.example/", secret="s", delivery_id="d", body=b"{}", at=AT
        )
