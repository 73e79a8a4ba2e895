"""Every ZeroMQ socket of the console is made here, with all its options.

The hub binds, everybody connects. CURVE on every socket. The ZAP domain is named and enforced: without that
libzmq admits any key when no authenticator answers (measured: no handler, or one whose thread died).
"""

from __future__ import annotations

import logging
from typing import Any

import zmq
from zmq.auth.base import Authenticator
from zmq.auth.thread import ThreadAuthenticator

from console.wire.codec import MAX_FRAME_BYTES
from console.wire.keys import KeyPair, PeerBook

ZAP_DOMAIN = b"bongsu"
HEARTBEAT_IVL_MS = 1000
HEARTBEAT_TIMEOUT_MS = 2000
HANDSHAKE_IVL_MS = 1000
RECONNECT_IVL_MS = 100
RECONNECT_IVL_MAX_MS = 2000
HARD_FRAME_BYTES = 8 * MAX_FRAME_BYTES
SNAPSHOT_FRAME_BYTES = 64 * MAX_FRAME_BYTES
DECISION_HWM = 20_000
TELEMETRY_HWM = 256
QUEUE_HWM = 5_000
REVIVE_TRIES = 200

_log = logging.getLogger("bongsu.wire")


class Gatekeeper:
    """The ZAP authenticator of a context: admits the keys of a PeerBook and nobody else.

    Counts refusals by key in `refused`. When its thread dies the doors stay shut (ZAP_ENFORCE_DOMAIN).
    """

    def __init__(self, context: zmq.Context[Any], peers: PeerBook) -> None:
        self._peers = peers
        self._context = context
        self.refused = 0
        self.admitted: set[str] = set()
        """Every key that was let in; whoever ends sessions takes revoked ones out."""
        self._thread = self._start()

    def _start(self) -> ThreadAuthenticator:
        quiet = logging.getLogger("bongsu.wire.zap")
        quiet.setLevel(logging.CRITICAL)
        thread = ThreadAuthenticator(self._context, log=quiet)
        thread.start()
        thread.configure_curve_callback(domain=ZAP_DOMAIN.decode(), credentials_provider=self)
        return thread

    def callback(self, domain: str, key: bytes) -> bool:
        """Whether the key may connect. Called in the authenticator's thread."""
        self._peers.refresh()  # made known, or revoked, a moment ago
        public = key.decode()
        if self._peers.by_key(public) is not None:
            self.admitted.add(public)
            return True
        self.refused += 1
        return False

    def alive(self) -> bool:
        """Whether the authenticator still answers."""
        return self._thread.is_alive()

    def revive(self) -> bool:
        """Start the authenticator again when it died; True when it had to be."""
        if self.alive():
            return False
        _log.error("The authenticator stopped: nobody was admitted meanwhile. It is started again.")
        self._thread.stop()
        Authenticator.stop(self._thread)  # a thread that died did not close its socket, and with it the name
        for attempt in range(REVIVE_TRIES):
            try:
                self._thread = self._start()
            except zmq.ZMQError as error:
                if error.errno != zmq.EADDRINUSE or attempt == REVIVE_TRIES - 1:
                    raise
                zmq.Poller().poll(10)
            else:
                break
        return True

    def stop(self) -> None:
        """End the thread. Before the context is closed."""
        self._thread.stop()


def _common(socket: zmq.Socket[Any], hwm: int, frame_bytes: int) -> zmq.Socket[Any]:
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.SNDHWM, hwm)
    socket.setsockopt(zmq.RCVHWM, hwm)
    socket.setsockopt(zmq.MAXMSGSIZE, frame_bytes)
    socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_IVL_MS)
    socket.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_IVL_MS)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS)
    socket.setsockopt(zmq.TCP_KEEPALIVE, 1)
    return socket


def bind(
    context: zmq.Context[Any], kind: int, endpoint: str, key: KeyPair, hwm: int = QUEUE_HWM
) -> tuple[zmq.Socket[Any], str]:
    """A server socket of the hub and the endpoint it really got ("tcp://127.0.0.1:*" picks a free port)."""
    socket = _common(context.socket(kind), hwm, HARD_FRAME_BYTES)
    socket.setsockopt(zmq.CURVE_SERVER, 1)
    socket.setsockopt(zmq.CURVE_SECRETKEY, key.secret.encode())
    socket.setsockopt(zmq.ZAP_DOMAIN, ZAP_DOMAIN)
    socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
    if kind == zmq.ROUTER:
        socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        socket.setsockopt(zmq.ROUTER_HANDOVER, 1)
        socket.setsockopt(zmq.SNDTIMEO, 0)
    try:
        socket.bind(endpoint)
    except zmq.ZMQError:
        socket.close(linger=0)
        raise
    return socket, socket.getsockopt_string(zmq.LAST_ENDPOINT)


def connect(
    context: zmq.Context[Any], kind: int, endpoint: str, key: KeyPair, hwm: int = QUEUE_HWM
) -> zmq.Socket[Any]:
    """A client socket to one door of the hub."""
    socket = _common(context.socket(kind), hwm, SNAPSHOT_FRAME_BYTES)
    socket.setsockopt(zmq.CURVE_SECRETKEY, key.secret.encode())
    socket.setsockopt(zmq.CURVE_PUBLICKEY, key.public.encode())
    socket.setsockopt(zmq.CURVE_SERVERKEY, key.hub_public.encode())
    socket.setsockopt(zmq.RECONNECT_IVL, RECONNECT_IVL_MS)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, RECONNECT_IVL_MAX_MS)
    if kind == zmq.DEALER:
        socket.setsockopt(zmq.IMMEDIATE, 1)
    socket.connect(endpoint)
    return socket


def peer_key_of(frame: zmq.Frame) -> str:
    """The public key (Z85) of who sent the frame, as the authenticator saw it; empty when unknown."""
    try:
        return str(frame.get("User-Id"))
    except (zmq.ZMQError, KeyError):
        return ""

