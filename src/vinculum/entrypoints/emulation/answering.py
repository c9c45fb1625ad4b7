"""The answering programs of emulated states: one address each, prompt, slow, silent or wrong (N-202).

They listen on this machine only. A silent one takes the connection and never says a word; a wrong one tells of
another vehicle, or nothing that can be read.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from vinculum.entrypoints.emulation.cast import Part
from vinculum.entrypoints.exchange.emulated_state import EmulatedState
from vinculum.protocol.json_codec import MalformedMessage, decode_answer, encode_answer
from vinculum.protocol.state_detail import StateDetailRequest

_SLOW_SECONDS: Final = 4.0
_LONGEST: Final = 16 * 1024


@contextmanager
def answering(parts: Iterable[Part], *, port: int = 0) -> Iterator[str]:
    """Serve the programs; what VINCULUM_ANSWERING_STATES has to be for an exchange that is to ask them."""
    closing = threading.Event()
    by_code = {part.code: part for part in parts}

    class Program(BaseHTTPRequestHandler):
        """A question at a state's address."""

        def do_POST(self) -> None:
            part = by_code.get(self.path.strip("/"))
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LONGEST))
            if part is None:
                self.send_error(404)
                return
            if part.manner in {"silent", "slow"} and closing.wait(
                None if part.manner == "silent" else _SLOW_SECONDS
            ):
                self.close_connection = True
                return
            try:
                self._tell(self._detail(part, decode_answer(StateDetailRequest, body)))
            except MalformedMessage:
                self.send_error(400)
            except OSError:
                self.close_connection = True  # who asked has hung up

        @staticmethod
        def _detail(part: Part, asked: StateDetailRequest) -> bytes:
            if part.manner == "wrong" and asked.message_id.int % 2:
                return b'{"title_status": "perhaps"}'
            manner = "wrong" if part.manner == "wrong" else "prompt"
            return encode_answer(EmulatedState.of_manner(manner).answer(asked))

        def _tell(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Nothing to the terminal: what matters is in the exchange's answers."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Program)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield ",".join(f"{code}=http://127.0.0.1:{server.server_port}/{code}" for code in by_code)
    finally:
        closing.set()
        server.shutdown()
        thread.join(10)
        server.server_close()
