"""The hub's four doors: every message in is checked for who sent it before it is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import zmq

from console.hub.counters import Counters
from console.wire.codec import MAX_FRAME_BYTES
from console.wire.keys import Peer, PeerBook, ensure_hub_key
from console.wire.sockets import DECISION_HWM, QUEUE_HWM, TELEMETRY_HWM, Gatekeeper, bind, peer_key_of

Take = Callable[[Peer, bytes, list[bytes]], None]
"""(who, the connection's identity to answer to, frames)"""

MESSAGES_PER_TURN = 300
DEFAULT_ENDPOINT = "tcp://127.0.0.1:*"


class HubDoors:
    """Binds on construction. One thread, except that the authenticator has its own."""

    def __init__(self, home: Path, counters: Counters, endpoint: str = DEFAULT_ENDPOINT) -> None:
        self._counters = counters
        self.peers = PeerBook(home)
        self._key = ensure_hub_key(home)
        self._context: zmq.Context[Any] = zmq.Context(io_threads=1)
        self.gatekeeper = Gatekeeper(self._context, self.peers)
        try:
            self.ingest, self.ingest_at = bind(self._context, zmq.ROUTER, endpoint, self._key, QUEUE_HWM)
            self.desk, self.desk_at = bind(self._context, zmq.ROUTER, endpoint, self._key, QUEUE_HWM)
            self.decisions, self.decisions_at = bind(
                self._context, zmq.PUB, endpoint, self._key, DECISION_HWM
            )
            self.telemetry, self.telemetry_at = bind(
                self._context, zmq.PUB, endpoint, self._key, TELEMETRY_HWM
            )
        except zmq.ZMQError:
            self.close()
            raise
        self._poller = zmq.Poller()
        self._poller.register(self.ingest, zmq.POLLIN)
        self._poller.register(self.desk, zmq.POLLIN)

    def watch(self, descriptor: int) -> None:
        """Wake the poll when this descriptor is readable."""
        self._poller.register(descriptor, zmq.POLLIN)

    def poll(self, timeout_ms: int) -> set[Any]:
        """What is ready: the sockets `ingest` and `desk`, or a watched descriptor."""
        return {ready for ready, _ in self._poller.poll(timeout_ms)}

    def drain(self, socket: zmq.Socket[Any], take: Take) -> None:
        """Hand over what waits at a door, a bounded number of messages a turn."""
        for _ in range(MESSAGES_PER_TURN):
            try:
                frames = socket.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            identity, *rest = frames
            peer = self.peers.by_key(peer_key_of(identity))
            if peer is None:
                self._counters.refuse("unknown_peer", "a key that is not, or no longer, in the peers folder")
                continue
            if not rest:
                self._counters.refuse("malformed", f"{peer.name}: an empty message")
                continue
            too_long = next((one for one in rest if len(one) > MAX_FRAME_BYTES), None)
            if too_long is not None:
                self._counters.refuse(
                    "oversized", f"{peer.name}: a frame of {len(too_long)} bytes (at most {MAX_FRAME_BYTES})"
                )
                continue
            take(peer, identity.bytes, [one.bytes for one in rest])

    def answer(self, socket: zmq.Socket[Any], identity: bytes, frames: list[bytes]) -> bool:
        """Answer one connection; False (and counted) when it is gone or does not read."""
        try:
            socket.send_multipart([identity, *frames], zmq.NOBLOCK)
        except zmq.ZMQError:
            self._counters.drop("answer")
            return False
        return True

    def end_revoked(self) -> None:
        """Look at the peers folder again; when a key went, end its sessions on the feeds.

        At the other two doors every message is checked by itself.
        """
        self.peers.refresh()
        gone = set(self.gatekeeper.admitted) - self.peers.keys
        if gone:
            self.gatekeeper.admitted -= gone
            self._reopen_feeds()

    def _reopen_feeds(self) -> None:
        """Close and open both feeds at the same addresses; everyone has to be admitted anew."""
        for name, hwm in (("decisions", DECISION_HWM), ("telemetry", TELEMETRY_HWM)):
            endpoint = getattr(self, f"{name}_at")
            getattr(self, name).close(linger=0)
            socket, _ = _bind_again(self._context, endpoint, self._key, hwm)
            setattr(self, name, socket)

    def close(self) -> None:
        """Close everything; the context goes with it."""
        self.gatekeeper.stop()
        self._context.destroy(linger=0)


def _bind_again(
    context: zmq.Context[Any], endpoint: str, key: Any, hwm: int
) -> tuple[zmq.Socket[Any], str]:
    """The old socket gives its address up in libzmq's own thread, a moment after close()."""
    for attempt in range(200):
        try:
            return bind(context, zmq.PUB, endpoint, key, hwm)
        except zmq.ZMQError as error:
            if error.errno != zmq.EADDRINUSE or attempt == 199:
                raise
            zmq.Poller().poll(10)
    raise AssertionError("unreachable")
