"""Tests talk to this machine only: a socket to or on another address is refused and fails the test.

Python's own sockets are seen through the interpreter's audit events and ZeroMQ's through ``Socket.connect``
and ``Socket.bind``.  What Qt or FFmpeg open by themselves is not seen here.
"""

from __future__ import annotations

import ipaddress
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

from tests.guards.verdict import FAILED, stack_here, where


class ElsewhereRefused(RuntimeError):
    """A test tried to reach another machine.  Not an OSError, so that no retry swallows it."""


_active = False
_refused: list[str] = []


def is_here(host: str | bytes | None) -> bool:
    """Whether a host name or address is this machine's loopback."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in ("localhost", "localhost.localdomain", "ip6-localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(what: str) -> None:
    _refused.append(f"{what}\n{where(stack_here(3))}")
    raise ElsewhereRefused(f"{what}: tests may only use the loopback interface")


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if not _active or not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.bind", "socket.sendto"):
        address = args[1]
        # Only internet addresses are (host, port, ...); a Unix socket's is a path.
        if isinstance(address, tuple) and isinstance(address[0], str) and not is_here(address[0]):
            _refuse(f"{event.removeprefix('socket.')} on {address[0]}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not is_here(args[0]):
        _refuse(f"looking up {args[0]}")


def _watched(real: Callable[..., Any], verb: str) -> Callable[..., Any]:
    @wraps(real)
    def call(self: Any, address: str, *args: Any, **options: Any) -> Any:
        named = re.fullmatch(r"(?:tcp|udp|ws)://(?:[^;]*;)?(.+):[^:]+", str(address))
        if _active and named and not is_here(named[1]):
            _refuse(f"ZeroMQ {verb} {address}")
        return real(self, address, *args, **options)

    return call


def _watch_zmq() -> None:
    zmq = sys.modules.get("zmq")
    if zmq is not None and not hasattr(zmq.Socket.connect, "__wrapped__"):
        zmq.Socket.connect = _watched(zmq.Socket.connect, "connects to")
        zmq.Socket.bind = _watched(zmq.Socket.bind, "binds")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(sys, "_bongsu_audit"):  # an audit hook cannot be taken away again: add it once
        sys.addaudithook(_audit)
        sys._bongsu_audit = True  # type: ignore[attr-defined]


def pytest_guard_begin(item: pytest.Item) -> None:
    global _active
    _watch_zmq()
    _refused.clear()
    _active = True


def pytest_guard_complaints(item: pytest.Item, when: str) -> list[str]:
    global _active
    _active = when != "teardown"
    complaints, _refused[:] = list(_refused), []
    if item.stash.get(FAILED, False):
        return []  # the refusal itself was the failure
    return [f"a socket left this machine: {complaint}" for complaint in complaints]
