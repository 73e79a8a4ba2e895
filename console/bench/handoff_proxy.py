"""A line that is bad: a TCP proxy of ours between the two doors that loses, holds back, cuts and resets.

It passes bytes it cannot read (TLS). A message comes twice because its answer is lost after it has passed.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

_RESET = struct.pack("ii", 1, 0)
_PIECE = 16384


class BadLine:
    """Listens on a port of its own; `target` answers the URL it leads to now, "" for nowhere. `bad` is the
    share of connections to which something happens. Threads of its own; `close` ends them."""

    def __init__(self, target: Callable[[], str], rng: random.Random, bad: float) -> None:
        self._target, self._rng, self.bad = target, rng, bad
        self.did: Counter[str] = Counter()
        self._server = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._closing = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._listen, name="bad line", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._server.getsockname()[1]}/handoff"

    def close(self) -> None:
        self._closing = True
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while not self._closing:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            with self._lock:
                what = self._what()
                self.did[what] += 1
            threading.Thread(target=self._carry, args=(caller, what), daemon=True).start()

    def _what(self) -> str:
        if self._rng.random() >= self.bad:
            return "passed"
        return self._rng.choice(["dropped", "held_back", "reset", "answer_lost", "cut"])

    def _carry(self, caller: socket.socket, what: str) -> None:
        with self._lock:
            self._open.add(caller)
        other: socket.socket | None = None
        try:
            if what == "dropped":
                return
            if what == "held_back":
                time.sleep(self._rng.uniform(0.1, 2.0))
            parts = urlsplit(self._target())
            if not parts.port:
                return
            other = socket.create_connection((parts.hostname or "127.0.0.1", parts.port), timeout=5)
            other.settimeout(None)
            with self._lock:
                self._open.add(other)
            # A handshake of TLS is some kilobytes either way; what comes after it is cut somewhere.
            most = {"reset": self._rng.randrange(200, 6000), "cut": self._rng.randrange(200, 6000)}.get(what)
            back = threading.Thread(
                target=self._pass, args=(other, caller, self._rng.randrange(2500, 3200)
                                         if what == "answer_lost" else None), daemon=True,
            )  # fmt: skip
            back.start()
            self._pass(caller, other, most)
            if what == "answer_lost":
                time.sleep(0.3)
            if what == "reset":
                for each in (caller, other):
                    with suppress(OSError):
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                        each.close()
            back.join(12)
        except OSError:
            pass  # the other side is not there: a line that is down
        finally:
            for one in (caller, other):
                if one is not None:
                    with suppress(OSError):
                        one.close()
                    with self._lock:
                        self._open.discard(one)

    def _pass(self, here: socket.socket, there: socket.socket, most: int | None) -> None:
        """Bytes one way, at most so many; then that way is shut."""
        passed = 0
        with suppress(OSError):
            while piece := here.recv(_PIECE):
                if most is not None and passed + len(piece) > most:
                    there.sendall(piece[: max(0, most - passed)])
                    break
                there.sendall(piece)
                passed += len(piece)
        with suppress(OSError):
            there.shutdown(socket.SHUT_WR)
