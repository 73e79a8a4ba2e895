"""Where official warnings come from: the sources of a configuration file or of the command line.

The file is TOML with a table [[sources]] for each; every key is in docs/guide/warnings.md. An address may
hold a key of the service, so the file is read only by its owner, and no text of ours shows more than host and
path.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from cryptography import x509

from console.gateways.cap.figures import cap_figures
from console.model.base import Record

Interval = Annotated[float, msgspec.Meta(ge=1.0, le=86_400.0)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]


class SourceError(Exception):
    """A source cannot be used; says which, the key, and what was expected."""


class _Table(Record, frozen=True, kw_only=True):
    id: Name
    files: str = ""
    url: str = ""
    interval_s: Interval = 0.0
    hosts: tuple[str, ...] = ()
    ca: str = ""
    trusted: tuple[str, ...] = ()
    require_signature: bool = False
    weak_signatures: bool = False


class _File(Record, frozen=True, kw_only=True):
    sources: tuple[_Table, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One source. Either `files` or `url`. `hosts`: whom else a feed may name; `ca`: for its HTTPS alone."""

    id: str
    files: Path | None = None
    url: str = field(default="", repr=False)
    interval_s: float = 60.0
    hosts: frozenset[str] = frozenset()
    ca: Path | None = None
    trusted: tuple[x509.Certificate, ...] = ()
    require_signature: bool = False
    weak_signatures: bool = False

    @property
    def shown(self) -> str:
        """Where it is, without what may be a key."""
        return str(self.files) if self.files is not None else shown_url(self.url)


def shown_url(url: str) -> str:
    """Scheme, host and path of an address: what is in front of or behind them may be a key."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"[:300]


def sources_of(files: Iterable[Path], urls: Iterable[str], config: Path | None) -> tuple[Source, ...]:
    """All sources. Raises SourceError for the first that cannot be used, or when there is none."""
    found = [Source(id=f"files-{n}", files=one) for n, one in enumerate(files, 1)]
    wait_s = cap_figures().ask.interval_s
    for number, url in enumerate(urls, 1):
        found.append(Source(id=f"feed-{number}", url=_url(url, f"--feed {number}"), interval_s=wait_s))
    if config is not None:
        found += _read(config)
    names = [one.id for one in found]
    if len(set(names)) != len(names):
        raise SourceError(f"two sources have the same id: {', '.join(sorted(names))}")
    if not found:
        raise SourceError("there is no source: give --files DIR, --feed URL or --config FILE")
    for one in found:
        if one.files is not None and not one.files.is_dir():
            raise SourceError(f"{one.id}: {one.files} is no folder")
    return tuple(found)


def _read(path: Path) -> list[Source]:
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read ({error.strerror})") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SourceError(f"{path.name} can be read by others, and may hold keys: run chmod 600")
    try:
        told = msgspec.toml.decode(data, type=_File)
    except msgspec.DecodeError as error:
        raise SourceError(f"{path.name}: {error}") from None
    return [_source(one, path) for one in told.sources]


def _source(told: _Table, path: Path) -> Source:
    where = f"{path.name}: sources ({told.id})"
    if bool(told.files) == bool(told.url):
        raise SourceError(f"{where}: expected either files or url")
    base = path.parent
    trusted = tuple(one for name in told.trusted for one in _certificates(base / name, where))
    if told.require_signature and not trusted:
        raise SourceError(f"{where}: require_signature needs trusted certificates")
    if told.ca and not (base / told.ca).is_file():
        raise SourceError(f"{where}: ca: {told.ca} is no file")
    return Source(
        id=told.id, files=base / told.files if told.files else None,
        url=_url(told.url, where) if told.url else "",
        interval_s=told.interval_s or cap_figures().ask.interval_s,
        hosts=frozenset(one.lower() for one in told.hosts), ca=base / told.ca if told.ca else None,
        trusted=trusted, require_signature=told.require_signature, weak_signatures=told.weak_signatures,
    )  # fmt: skip


def _url(url: str, where: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise SourceError(f"{where}: url: expected an address of http or https")
    return url


def _certificates(path: Path, where: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise SourceError(f"{where}: trusted: {path.name} cannot be read ({error.strerror})") from None
    except ValueError:
        raise SourceError(f"{where}: trusted: {path.name} holds no certificate in PEM") from None
