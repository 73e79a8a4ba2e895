"""Who may talk on the bus, and about what: one CURVE key pair and one peer record each.

`DIR/keys/NAME.key.json` is a process's own pair, readable by its owner only. `DIR/keys/peers/NAME.json` is
what the hub knows of it: its public key and what it may publish. Deleting a peer record revokes the key.
"""

from __future__ import annotations

import fnmatch
import stat
from pathlib import Path

import msgspec
import zmq

from console.model.base import Record
from console.paths import one_at_a_time, private_folder, write_private

MAY_PUBLISH = {
    "hub": (),
    "desk": ("commands", "queries", "listen"),
    "gateway": ("readings", "signals", "conditions", "controls"),
    "sensor": ("readings",),
    "warner": ("warnings",),
    "recorder": ("recording", "queries", "listen"),
    "intake": ("reports", "readings", "queries", "listen"),
    "share": ("shares",),
    "replay": ("readings", "replay"),
    "listener": ("queries", "listen"),
}
"""What a peer of each role may do unless its record says otherwise."""


class KeyPair(Record, frozen=True, kw_only=True):
    """A process's own name, role and CURVE pair (Z85 text), with the hub's public key."""

    name: str
    role: str
    public: str
    secret: str
    hub_public: str

    def __repr__(self) -> str:
        return f"KeyPair({self.name}, {self.role})"


class Peer(Record, frozen=True, kw_only=True):
    """What the hub knows of a process. `devices` are patterns of the device ids it may speak for."""

    name: str
    role: str
    public: str
    may: tuple[str, ...]
    devices: tuple[str, ...] = ("*",)

    def speaks_for(self, device_id: str) -> bool:
        """Whether this peer may report about the device."""
        return any(one == "*" or fnmatch.fnmatchcase(device_id, one) for one in self.devices)


class KeyFileError(Exception):
    """A key file is missing, damaged, or open to others; says which and what to do."""


def load_key(path: Path) -> KeyPair:
    """Read a key pair. Raises KeyFileError when it is missing, damaged, or readable by others."""
    try:
        mode = path.stat().st_mode
        data = path.read_bytes()
    except OSError as error:
        raise KeyFileError(
            f"Key {path.name} cannot be read ({error.strerror}): make it with `bongsu key`."
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(
            f"Key {path.name} can be read by others: it is not used. Run chmod 600, or make a new one."
        )
    try:
        return msgspec.json.decode(data, type=KeyPair)
    except msgspec.DecodeError as error:
        raise KeyFileError(f"Key {path.name} is damaged ({error}): make a new one.") from None


def ensure_hub_key(home: Path) -> KeyPair:
    """The hub's own pair, made at the first start."""
    path = private_folder(private_folder(home) / "keys") / "hub.key.json"
    with one_at_a_time(path):
        return load_key(path) if path.exists() else _make_hub_key(home, path)


def _make_hub_key(home: Path, path: Path) -> KeyPair:
    public, secret = (one.decode() for one in zmq.curve_keypair())
    pair = KeyPair(name="hub", role="hub", public=public, secret=secret, hub_public=public)
    write_private(path, msgspec.json.encode(pair))
    private_folder(home / "keys" / "peers")
    return pair


def ensure_peer_key(
    home: Path, name: str, role: str, devices: tuple[str, ...] = ("*",), may: tuple[str, ...] | None = None
) -> KeyPair:
    """The pair of a process of this installation; made and made known to the hub where it was missing."""
    hub = ensure_hub_key(home)
    path = home / "keys" / f"{name}.key.json"
    with one_at_a_time(path):
        if path.exists():
            pair = load_key(path)
            if pair.hub_public == hub.public:
                return pair
        return _make_peer_key(home, path, hub, name, role, devices, may)


def _make_peer_key(
    home: Path, path: Path, hub: KeyPair, name: str, role: str, devices: tuple[str, ...],
    may: tuple[str, ...] | None,
) -> KeyPair:
    public, secret = (one.decode() for one in zmq.curve_keypair())
    pair = KeyPair(name=name, role=role, public=public, secret=secret, hub_public=hub.public)
    peer = Peer(
        name=name, role=role, public=public, may=MAY_PUBLISH[role] if may is None else may, devices=devices
    )
    write_private(home / "keys" / "peers" / f"{name}.json", msgspec.json.encode(peer))
    write_private(path, msgspec.json.encode(pair))
    return pair


def revoke(home: Path, name: str) -> bool:
    """Forget a peer; the hub ends its sessions within a second. False when it was not known."""
    path = home / "keys" / "peers" / f"{name}.json"
    known = path.exists()
    path.unlink(missing_ok=True)
    return known


class PeerBook:
    """The peers as the folder has them, read again when it changed. Any thread: it is swapped in whole."""

    def __init__(self, home: Path) -> None:
        self._folder = private_folder(home / "keys" / "peers")
        self._stamp = -1
        self._by_key: dict[str, Peer] = {}
        self.problems: tuple[str, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Read the folder again if a file came, went or changed."""
        files = sorted(self._folder.glob("*.json"))
        stamp = hash(tuple((one.name, one.stat().st_mtime_ns) for one in files if one.exists()))
        if stamp == self._stamp:
            return
        found: dict[str, Peer] = {}
        problems = []
        for path in files:
            try:
                peer = msgspec.json.decode(path.read_bytes(), type=Peer)
            except (msgspec.DecodeError, OSError) as error:
                problems.append(f"{path.name}: {error}")
                continue
            found[peer.public] = peer
        self._by_key, self._stamp, self.problems = found, stamp, tuple(problems)

    @property
    def keys(self) -> frozenset[str]:
        """The public keys that are known."""
        return frozenset(self._by_key)

    def by_key(self, public: str) -> Peer | None:
        """The peer with this public key (Z85), or None."""
        return self._by_key.get(public)
