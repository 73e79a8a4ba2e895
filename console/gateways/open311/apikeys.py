"""Keys of the apps that may send reports: kept as scrypt hashes, in a file only its owner can read.

scrypt because it is in the standard library (OpenSSL) and costs memory, so that a stolen file is of little
use even where a site gave out a short key of its own. A right key is remembered by a plain digest in memory:
the cost is paid once a start and app, and a stranger cannot make the server pay it often (see the limits).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import stat
from collections import OrderedDict
from pathlib import Path

import msgspec

from console.model.base import Record
from console.paths import one_at_a_time, private_folder, write_private

FILE = ("citizens", "api_keys.json")
COST = {"n": 1 << 14, "r": 8, "p": 1}
"""16 MiB and some 50 ms a guess (RFC 7914's figures for interactive use)."""
_KEY = re.compile(r"([a-z0-9]{8})\.([A-Za-z0-9_-]{16,128})")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,80}")
REMEMBERED = 1_000


class ApiKey(Record, frozen=True, kw_only=True):
    """One app. `salt` and `hash` in hexadecimal."""

    id: str
    name: str
    salt: str
    hash: str
    made_at_ns: int


class ApiKeysFile(Record, frozen=True, kw_only=True):
    keys: tuple[ApiKey, ...] = ()


class ApiKeyError(Exception):
    """The file of keys cannot be used; says why and what to do."""


class ApiKeyBook:
    """Keys as the file has them; read again when it changes. `check` costs 50 ms for a key not yet known:
    call it off the loop.
    """

    def __init__(self, home: Path) -> None:
        self._path = home.joinpath(*FILE)
        self._stamp: tuple[int, int] = (-1, -1)
        self._keys: dict[str, ApiKey] = {}
        self._right: OrderedDict[str, str] = OrderedDict()

    def names(self) -> tuple[ApiKey, ...]:
        """All keys. Raises ApiKeyError."""
        self._refresh()
        return tuple(self._keys.values())

    def known(self, text: str) -> ApiKey | None:
        """The key, if it was found right before: costs nothing."""
        self._refresh()
        key_id = self._right.get(_digest(text))
        return self._keys.get(key_id) if key_id is not None else None

    def check(self, text: str) -> ApiKey | None:
        """The app this key belongs to, None for a wrong one. Raises ApiKeyError."""
        found = self.known(text)
        if found is not None:
            return found
        parts = _KEY.fullmatch(text)
        key = self._keys.get(parts[1]) if parts is not None else None
        if key is None or not hmac.compare_digest(_hash(text, bytes.fromhex(key.salt)), key.hash):
            return None
        self._right[_digest(text)] = key.id
        if len(self._right) > REMEMBERED:
            self._right.popitem(last=False)
        return key

    def make(self, name: str, now_ns: int) -> str:
        """A new key for an app, told once; only its hash is kept. Raises ApiKeyError, OSError."""
        if not _NAME.fullmatch(name):
            raise ApiKeyError("The name of an app is 1 to 80 characters without control characters.")
        private_folder(self._path.parent)
        with one_at_a_time(self._path):
            self._refresh()
            key_id, salt = secrets.token_hex(4), secrets.token_bytes(16)
            text = f"{key_id}.{secrets.token_urlsafe(32)}"
            made = ApiKey(id=key_id, name=name, salt=salt.hex(), hash=_hash(text, salt), made_at_ns=now_ns)
            self._write((*self._keys.values(), made))
        return text

    def revoke(self, key_id: str) -> bool:
        """Take a key away; whether it was there. Raises ApiKeyError, OSError."""
        if not self._path.exists():
            return False
        with one_at_a_time(self._path):
            self._refresh()
            kept = tuple(one for one in self._keys.values() if one.id != key_id)
            gone = len(kept) < len(self._keys)
            if gone:
                self._write(kept)
        return gone

    def _write(self, keys: tuple[ApiKey, ...]) -> None:
        write_private(self._path, msgspec.json.format(msgspec.json.encode(ApiKeysFile(keys=keys))))
        self._refresh()

    def _refresh(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._keys, self._stamp = {}, (-1, -1)
            self._right.clear()
            return
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp == self._stamp:
            return
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ApiKeyError(f"{self._path.name} can be read by others: it is not used. Run chmod 600.")
        try:
            keys = msgspec.json.decode(self._path.read_bytes(), type=ApiKeysFile).keys
        except (OSError, msgspec.DecodeError) as error:
            raise ApiKeyError(f"{self._path.name} is damaged ({error}): make the keys anew.") from None
        self._keys, self._stamp = {one.id: one for one in keys}, stamp
        self._right.clear()


def _hash(text: str, salt: bytes) -> str:
    return hashlib.scrypt(text.encode(), salt=salt, maxmem=64 << 20, dklen=32, **COST).hex()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
