"""A partner's door for tests, with named ways to be wrong that a real agency process does not have."""

from __future__ import annotations

import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec

from console.handoff import tls
from console.handoff.cap import build, parse, reference_to
from tests.handoff.samples import answer


class Partner:
    """Listens until `close`. `mode` may be changed at any time; `taken` are the bodies that came."""

    def __init__(self, keys: Path, agency: str = "KR-112", mode: str = "good", certificate: str = "") -> None:
        self.mode = mode
        self.taken: list[bytes] = []
        self.agency = agency
        partner = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._say(200, b"alive")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                partner.taken.append(body)
                self.close_connection = True
                answers = {
                    "good": lambda: self._say(200, partner.receipt(body)),
                    "busy": lambda: self._say(503, b""),
                    "html": lambda: self._say(200, b"<html>Welcome to nginx</html>"),
                    "empty": lambda: self._say(200, b""),
                    "too_large": lambda: self._say(200, b" " * 2_000_000),
                    "status_201": lambda: self._say(201, partner.receipt(body)),
                    "redirect": lambda: self._redirect(),
                    "another_sender": lambda: self._say(200, partner.receipt(body, sender="KR-119")),
                    "another_message": lambda: self._say(
                        200, partner.receipt(body, references="console,other,2026-03-20T18:46:40+09:00")
                    ),
                    "accepts_at_once": lambda: self._say(
                        200, partner.receipt(body, code=("handoff:v1", "handoff:accepted"))
                    ),
                    "error": lambda: self._say(
                        409, partner.receipt(body, msg_type="Error", code=("handoff:v1",), note="no")
                    ),
                    "entities": lambda: self._say(
                        200, b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"
                    ),
                    "hangs_up": lambda: self.connection.shutdown(socket.SHUT_RDWR),
                    "not_http": lambda: self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n"),
                }  # fmt: skip
                answers[partner.mode]()

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _redirect(self) -> None:
                self.send_response(307)
                self.send_header("Location", partner.url.replace("/handoff", "/elsewhere"))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.handle_error = lambda *args: None  # type: ignore[method-assign]
        context: ssl.SSLContext = tls.server_context(keys, certificate or agency)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}/handoff"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="partner")
        self._thread.start()

    def receipt(self, body: bytes, **changes: object) -> bytes:
        request = parse(body)
        said = {"sender": self.agency, "references": str(reference_to(request)), **changes}
        return build(msgspec.structs.replace(answer("received"), **said))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
