"""Where disaster messages go: DIR/outlets.toml, read again whenever it changes.

    [outlets.cbs]
    url = "https://cbs.example:8443/cap"   # an HTTPS end point that takes a message by POST
    ca = "keys/cbs-ca.pem"                 # whose certificates it may show; without: the machine's own
    certificate = "keys/cbs.pem"           # ours, where it asks for one
    key = "keys/cbs.key"
    token_file = "keys/cbs.token"          # sent as "Authorization: Bearer", where it asks for one
    receipt = "status"                     # "status": 2xx is a receipt; "cap": only a CAP Ack of this message

    [outlets.archive]
    folder = "cap-out"                     # a file for each message, named by its identifier

Paths are within the data folder unless they begin with "/".
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from console.model.base import Record

FILE_NAME = "outlets.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class OutletsError(Exception):
    """outlets.toml is wrong; the text names the file, the outlet, the key and what was expected."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet: either `folder` or `url`."""

    name: str
    folder: Path | None = None
    url: str = field(default="", repr=False)
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    token_file: Path | None = field(default=None, repr=False)
    receipt: Literal["status", "cap"] = "status"

    @property
    def sort(self) -> Literal["file", "https"]:
        return "file" if self.folder is not None else "https"

    @property
    def shown(self) -> str:
        """Where it is, without what may be a secret."""
        if self.folder is not None:
            return self.folder.name
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or 443}"

    def context(self) -> ssl.SSLContext:
        """The other side proves who it is, by TLS 1.2 or newer. Raises OSError, ssl.SSLError."""
        context = ssl.create_default_context(cafile=str(self.ca) if self.ca is not None else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context


class _Entry(Record, frozen=True, kw_only=True):
    url: str = ""
    folder: str = ""
    ca: str = ""
    certificate: str = ""
    key: str = ""
    token_file: str = ""
    receipt: Literal["status", "cap"] = "status"


class _File(Record, frozen=True, kw_only=True):
    outlets: dict[str, _Entry] = msgspec.field(default_factory=dict)


def read_outlets(home: Path) -> dict[str, Outlet]:
    """By name; empty where there is no file. Raises OutletsError."""
    path = home / FILE_NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OutletsError(f"{path.name}: cannot be read: {error.strerror}") from None
    try:
        entries = msgspec.toml.decode(data, type=_File).outlets
    except (msgspec.DecodeError, UnicodeError) as error:
        raise OutletsError(f"{path.name}: {error}") from None
    return {name: _outlet(home, name, one) for name, one in entries.items()}


def _outlet(home: Path, name: str, told: _Entry) -> Outlet:
    where = f"{FILE_NAME}: outlets.{name[:40]}"
    if not _NAME.fullmatch(name):
        raise OutletsError(f"{where}: a name is small letters, digits and hyphens")
    if bool(told.folder) == bool(told.url):
        raise OutletsError(f"{where}: expected either folder or url")
    if told.folder:
        return Outlet(name=name, folder=home / told.folder)
    try:
        parts = urlsplit(told.url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password or port == 0:
        raise OutletsError(f"{where}: url: expected https://host:port/path without a user name")
    if bool(told.certificate) != bool(told.key):
        raise OutletsError(f"{where}: certificate and key belong together")
    paths: dict[str, Path | None] = {}
    for key in ("ca", "certificate", "key", "token_file"):
        value = getattr(told, key)
        paths[key] = home / value if value else None
        if value and not (home / value).is_file():
            raise OutletsError(f"{where}: {key}: {value} is no file")
    return Outlet(name=name, url=told.url, receipt=told.receipt, **paths)


class OutletBook:
    """The outlets as the file has them now. A file that has become wrong changes nothing: the last good ones
    stay and `problem` says what is wrong. One thread."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen: tuple[int, int, int] | None = None
        self._outlets: dict[str, Outlet] = {}
        self.problem = ""

    def look(self) -> dict[str, Outlet]:
        """Look whether the file changed, and answer what holds."""
        try:
            stat = (self._home / FILE_NAME).stat()
            now = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:
            now = (0, 0, 0)
        if now != self._seen:
            self._seen = now
            try:
                self._outlets, self.problem = read_outlets(self._home), ""
            except OutletsError as error:
                self.problem = str(error)
        return self._outlets
