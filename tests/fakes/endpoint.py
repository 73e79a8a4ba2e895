"""The other side of an outlet: a real HTTPS server that takes CAP messages, and can be told to misbehave."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from console.handoff.cap import CapAlert, build


def certificate(folder: Path, name: str = "cbs") -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    crt, pem = folder / f"{name}.pem", folder / f"{name}.key"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return crt, pem


def acknowledgement(reference: str) -> bytes:
    """A CAP Ack of the message with this reference."""
    return build(
        CapAlert(
            identifier="A-1", sender="cbs", sent="2026-03-20T12:00:01+09:00", status="Actual", msg_type="Ack",
            scope="Private", addresses="ops@suwon", references=reference,
        )
    )


class EndPoint:
    """Takes messages. `behave` is what it does with the next ones: "ok" (also when nothing is left), "busy",
    "refuse", "lose" (takes it, and ends the connection without an answer), "garbage", "ack" (a CAP Ack of the
    message), "ack_other" (one of another), "silent" (no answer until `released`)."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, key = certificate(folder)
        self.behave: deque[str] = deque()
        self.released = threading.Event()
        """Set, "silent" is over."""
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.taken: dict[str, bytes] = {}
        """By Idempotency-Key: what it would tell the people, once each."""
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/cap"

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(end: EndPoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def setup(self) -> None:
            self.request.do_handshake()
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            key = self.headers.get("Idempotency-Key", "")
            end.bodies.append(body)
            end.headers.append(dict(self.headers))
            act = end.behave.popleft() if end.behave else "ok"
            if act == "silent":
                end.released.wait(10)
            elif act == "busy":
                self._say(503, b"")
            elif act == "refuse":
                self._say(422, b"no such area\n")
            elif act in ("ack", "ack_other"):
                end.taken.setdefault(key, body)
                self._say(200, acknowledgement(key if act == "ack" else f"{key[:-1]}9"))
            elif act == "garbage":
                self.wfile.write(b"\x00\x01 nothing of HTTP\r\n\r\n")
            elif act == "lose":
                end.taken.setdefault(key, body)
                self.connection.close()
            else:
                before = end.taken.setdefault(key, body)
                known = len(end.taken)
                assert before == body, "another message under the same key"
                self._say(201, f"R-{known}\n".encode())

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            pass

    return Handler
