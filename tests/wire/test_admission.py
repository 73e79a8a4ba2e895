"""Who is let onto the bus: known keys only, also while and after the authenticator is dead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq
from zmq.utils.monitor import recv_monitor_message

from console.wire.keys import (
    KeyFileError,
    KeyPair,
    PeerBook,
    ensure_hub_key,
    ensure_peer_key,
    load_key,
    revoke,
)
from console.wire.sockets import Gatekeeper, bind, connect, peer_key_of


class Door:
    """One hub door with its gatekeeper, and what happened at it."""

    def __init__(self, home: Path, kind: int = zmq.ROUTER) -> None:
        self.home = home
        self.context: zmq.Context[Any] = zmq.Context()
        self.clients: zmq.Context[Any] = zmq.Context()
        self.hub = ensure_hub_key(home)
        self.gate = Gatekeeper(self.context, PeerBook(home))
        self.socket, self.at = bind(self.context, kind, "tcp://127.0.0.1:*", self.hub)
        self.monitor = self.socket.get_monitor_socket()
        self._opened: list[zmq.Socket[Any]] = []

    def verdict(self, client: zmq.Socket[Any]) -> str:
        """"admitted" or how the handshake ended, for the next connection."""
        ends = {
            zmq.EVENT_HANDSHAKE_SUCCEEDED: "admitted", zmq.EVENT_HANDSHAKE_FAILED_AUTH: "refused",
            zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "refused", zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "refused",
        }
        while self.monitor.poll(8000):
            event = recv_monitor_message(self.monitor)["event"]
            if event in ends:
                return ends[event]
        return "silence"

    def try_key(self, pair: KeyPair) -> str:
        return self.verdict(self.client(pair))

    def client(self, pair: KeyPair | None = None) -> zmq.Socket[Any]:
        """A client with this key; without one, a plain socket that is not connected yet."""
        if pair is not None:
            client = connect(self.clients, zmq.DEALER, self.at, pair)
        else:
            client = self.clients.socket(zmq.DEALER)
            client.linger = 0
        self._opened.append(client)
        return client

    def close(self) -> None:
        if self.gate.alive():
            self.gate.stop()
        self.socket.disable_monitor()
        for socket in (*self._opened, self.monitor, self.socket):
            socket.close(linger=0)
        self.context.destroy(linger=0)
        self.clients.destroy(linger=0)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    opened = Door(tmp_path)
    yield opened
    opened.close()


def stranger(door: Door) -> KeyPair:
    public, secret = (one.decode() for one in zmq.curve_keypair())
    return KeyPair(name="x", role="desk", public=public, secret=secret, hub_public=door.hub.public)


def test_a_known_key_is_admitted_and_named_on_every_message(door: Door):
    pair = ensure_peer_key(door.home, "desk-1", "desk")
    client = door.client(pair)
    assert door.verdict(client) == "admitted"
    client.send(b"hello")
    assert door.socket.poll(5000)
    frames = door.socket.recv_multipart(copy=False)
    assert peer_key_of(frames[0]) == pair.public


def test_an_unknown_key_is_refused_and_counted(door: Door):
    assert door.try_key(stranger(door)) == "refused"
    assert door.gate.refused == 1


def test_no_key_at_all_is_refused(door: Door):
    client = door.client()
    client.connect(door.at)
    assert door.verdict(client) == "refused"


def test_a_user_name_and_password_instead_of_a_key_are_refused(door: Door):
    client = door.client()
    client.plain_username, client.plain_password = b"desk-1", b"letmein"
    client.connect(door.at)
    assert door.verdict(client) == "refused"


def test_a_dead_authenticator_lets_nobody_in_not_even_with_a_good_key(door: Door):
    pair = ensure_peer_key(door.home, "desk-1", "desk")
    door.gate.stop()
    assert not door.gate.alive()
    assert door.try_key(pair) in ("refused", "silence")
    assert door.try_key(stranger(door)) in ("refused", "silence")


def test_a_revived_authenticator_admits_good_keys_again(door: Door, expected_logs):
    expected_logs("The authenticator stopped", count=1)
    pair = ensure_peer_key(door.home, "desk-1", "desk")
    door.gate.stop()
    assert door.gate.revive()
    assert door.try_key(pair) == "admitted"
    assert door.try_key(stranger(door)) == "refused"


def test_a_key_made_after_the_start_is_known_at_its_first_try(door: Door):
    assert door.try_key(ensure_peer_key(door.home, "late", "gateway")) == "admitted"


def test_a_revoked_key_is_refused(door: Door):
    pair = ensure_peer_key(door.home, "desk-1", "desk")
    assert door.try_key(pair) == "admitted"
    assert revoke(door.home, "desk-1")
    assert door.try_key(pair) == "refused"


def test_keys_are_readable_by_their_owner_only_and_not_used_otherwise(tmp_path: Path):
    ensure_peer_key(tmp_path, "desk-1", "desk")
    for path in (tmp_path / "keys").rglob("*.json"):
        assert path.stat().st_mode & 0o077 == 0, path
    opened = tmp_path / "keys" / "desk-1.key.json"
    opened.chmod(0o644)
    with pytest.raises(KeyFileError, match=r"desk-1\.key\.json can be read by others"):
        load_key(opened)


def test_a_secret_is_in_no_text_of_a_key(tmp_path: Path):
    pair = ensure_peer_key(tmp_path, "desk-1", "desk")
    assert pair.secret not in f"{pair} {pair!r}"
    path = tmp_path / "keys" / "desk-1.key.json"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(KeyFileError) as told:
        load_key(path)
    assert pair.secret not in str(told.value)


def test_a_damaged_peer_record_is_named_and_the_others_go_on(tmp_path: Path):
    pair = ensure_peer_key(tmp_path, "desk-1", "desk")
    (tmp_path / "keys" / "peers" / "bad.json").write_text("{")
    book = PeerBook(tmp_path)
    assert book.by_key(pair.public) is not None
    assert book.problems[0].startswith("bad.json")
