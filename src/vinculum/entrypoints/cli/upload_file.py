"""`vinculum exchange file upload`: a file sent to a distant exchange piece by piece, gone on with after any break."""

import argparse
import base64
import hashlib
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vinculum.entrypoints.cli.station import Misused, Station, say

if TYPE_CHECKING:
    import httpx

_PIECE: Final = 8 * 1024**2
_TRIES: Final = 8
_LONGEST_PAUSE: Final = 60.0
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Worth asking again: the server is busy, another request still holds the file, a piece was garbled on its way.
_PASSING: Final = frozenset({409, 423, 429, 460, 500, 502, 503, 504})


class _Broken(Exception):
    """It went wrong in a way that may pass."""


def add_to(steps: Any) -> None:
    """Add `upload` to the steps of a file."""
    upload = steps.add_parser(
        "upload",
        help="send a file to a distant exchange, going on where a connection broke",
        description="Send a file to a distant exchange in pieces, each with its checksum (tus 1.0.0). What has"
        " arrived is remembered in FILE.upload beside the file: given again after a break, the command goes on.",
    )
    upload.add_argument("path", type=Path, metavar="FILE", help="the file, as docs/formats tells")
    upload.add_argument(
        "--to", required=True, metavar="URL", help="the exchange, as https://exchange.example"
    )
    upload.set_defaults(run=run_upload, databases=False)


def run_upload(options: argparse.Namespace, station: Station) -> int:
    """Send what is missing, then say what became of the file; exit code 1 when it is refused or cannot be sent."""
    import httpx

    key = station.key()
    if not key:
        raise Misused("VINCULUM_KEY is not set: it holds the key of the jurisdiction's program.")
    address = httpx.URL(options.to)
    if address.scheme != "https" and address.host not in _LOCAL:
        raise Misused("--to must begin with https://, for the key goes with every request.")
    headers = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}
    try:
        with options.path.open("rb") as file, httpx.Client(headers=headers, timeout=60.0) as client:
            sender = _Sender(client=client, address=address, path=options.path, file=file, pause=time.sleep)
            told = sender.send()
    except OSError as fault:
        raise Misused(f"{options.path} cannot be read: {fault.strerror}.") from None
    except (_Broken, httpx.TransportError) as fault:
        sys.stderr.write(f"vinculum: not sent to the end ({fault}); give the command again to go on.\n")
        return 1
    except _Refused as refused:
        sys.stderr.write(f"vinculum: {refused}\n")
        return 1
    say(told, as_json=options.json)
    if told["fault"]:
        sys.stderr.write("[{code}] line {line}: {text}\n".format(**told["fault"]))
        return 1
    return 0


class _Refused(Exception):
    """The exchange does not take it, and asking again would not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sender:
    """One file on its way."""

    client: "httpx.Client"
    address: "httpx.URL"
    path: Path
    file: BufferedReader
    pause: Callable[[float], None]

    def send(self) -> dict[str, Any]:
        """Send what is missing; answers what became of the file. Raises _Broken and _Refused."""
        length = self.path.stat().st_size
        place = self._remembered(length) or self._begin(length)
        offset = self._ask(place)
        while offset < length:
            offset = self._send_piece(place, offset)
        told: dict[str, Any] = self._try(lambda: self.client.get(place)).json()
        self._memory.unlink(missing_ok=True)
        return told

    @property
    def _memory(self) -> Path:
        return self.path.with_name(f"{self.path.name}.upload")

    def _begin(self, length: int) -> str:
        answer = self._try(
            lambda: self.client.post(
                self.address.join("/exchange/v1/uploads"), headers={"Upload-Length": str(length)}
            )
        )
        place = str(self.address.join(answer.headers["Location"]))
        self._memory.write_text(json.dumps({"place": place} | self._mark(length)), encoding="utf-8")
        return place

    def _remembered(self, length: int) -> str:
        """Where this very file is on its way already; nothing when it changed, or the exchange has ended it."""
        with suppress(OSError, ValueError):
            known = json.loads(self._memory.read_text(encoding="utf-8"))
            if isinstance(known, dict) and {
                name: known.get(name) for name in ("length", "sha256")
            } == self._mark(length):
                place = str(known["place"])
                if place.startswith(str(self.address.join("/exchange/v1/uploads/"))) and self._stands(place):
                    return place
        return ""

    def _mark(self, length: int) -> dict[str, Any]:
        self.file.seek(0)
        return {"length": length, "sha256": hashlib.file_digest(self.file, "sha256").hexdigest()}

    def _stands(self, place: str) -> bool:
        return self._try(lambda: self.client.head(place), fine=(404, 410)).status_code < 400

    def _ask(self, place: str) -> int:
        return int(self._try(lambda: self.client.head(place)).headers["Upload-Offset"])

    def _send_piece(self, place: str, offset: int) -> int:
        """Send the next piece; when it does not arrive, ask where to go on."""
        self.file.seek(offset)
        piece = self.file.read(_PIECE)
        digest = base64.b64encode(hashlib.sha256(piece).digest()).decode("ascii")
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {digest}",
        }
        try:
            answer = self._once(lambda: self.client.patch(place, content=piece, headers=headers))
        except _Broken:
            self.pause(1.0)
            reached = self._ask(place)
            return reached if reached > offset else self._again(place, offset, piece, headers)
        return int(answer.headers["Upload-Offset"])

    def _again(self, place: str, offset: int, piece: bytes, headers: dict[str, str]) -> int:
        # 409 says where the file goes on: the piece had arrived, only the answer was lost.
        answer = self._try(lambda: self.client.patch(place, content=piece, headers=headers), fine=(409,))
        return int(answer.headers["Upload-Offset"])

    def _try(
        self,
        ask: "Callable[[], httpx.Response]",
        *,
        fine: tuple[int, ...] = (),
    ) -> "httpx.Response":
        """Ask until it is answered, with pauses that grow."""
        for tried in range(_TRIES):
            try:
                return self._once(ask, fine=fine)
            except _Broken as fault:
                if tried == _TRIES - 1:
                    raise
                seconds = min(2.0**tried, _LONGEST_PAUSE)
                sys.stderr.write(f"vinculum: {fault}; trying again in {seconds:.0f} s.\n")
                self.pause(seconds)
        raise AssertionError("the last try answers or raises")

    def _once(self, ask: "Callable[[], httpx.Response]", *, fine: tuple[int, ...] = ()) -> "httpx.Response":
        import httpx

        try:
            answer = ask()
        except httpx.TransportError as fault:
            raise _Broken(str(fault) or type(fault).__name__) from fault
        if answer.status_code < 400 or answer.status_code in fine:
            return answer
        said = f"{answer.status_code} {_detail(answer)}".strip()
        raise (_Broken if answer.status_code in _PASSING else _Refused)(said)


def _detail(answer: "httpx.Response") -> str:
    with suppress(ValueError):
        document = answer.json()
        if isinstance(document, dict):
            return str(document.get("detail", ""))
    return ""
