"""``seeds/share.toml``: where the shares are served, what strangers may do, how long things wait."""

from __future__ import annotations

import ipaddress
import ssl
import stat
from pathlib import Path
from typing import Any

import msgspec

from console.clock import Clock
from console.handoff.tls import CONSOLE, ensure_authority, server_context
from console.model.base import Record
from console.paths import shipped

FILE = "share.toml"
KEYS = ("keys", "handoff")
"""Below the home: the certificates partners have already, made at the first start."""


class Listen(Record, frozen=True, kw_only=True):
    """The file explains each figure."""

    host: str
    port: int
    public_url: str
    certificate: str
    private_key: str


class Limits(Record, frozen=True, kw_only=True):
    connections: int
    connections_per_address: int
    request_within_s: float
    wrong_tokens_per_address_per_minute: float
    wrong_tokens_at_once: float
    addresses_remembered: int
    views_per_share_per_minute: float
    views_at_once: float
    refusals_told_every_s: float
    refusals_told_per_minute: float
    feeds: int
    encodes: int


class Live(Record, frozen=True, kw_only=True):
    look_every_ms: int
    fresh_s: float
    silent_s: float
    group_mib: float


class Recorded(Record, frozen=True, kw_only=True):
    lead_s: float


class Viewer(Record, frozen=True, kw_only=True):
    grants_every_ms: int
    waiting_mib: float
    send_kib: int
    waiting_s: float


class Burnt(Record, frozen=True, kw_only=True):
    encoder: str
    preset: str
    crf: int
    group: int
    letter_part: float


class ShareFigures(Record, frozen=True, kw_only=True):
    """All of the file; `folder` is where it lies."""

    listen: Listen
    limits: Limits
    live: Live
    recorded: Recorded
    viewer: Viewer
    burnt: Burnt
    folder: str = ""


class FiguresError(Exception):
    """The file of figures, or a certificate it names, cannot be used; the text names file and field."""


def load_figures(site: Path | None = None, port: int | None = None, host: str = "") -> ShareFigures:
    """The shipped figures, with those of `site` in their places. Raises FiguresError."""
    path = shipped("seeds") / FILE
    told = _read(path)
    if site is not None:
        for table, values in _read(site).items():
            if not isinstance(values, dict) or table not in told:
                raise FiguresError(f"{site.name}: [{table}] is not one of {', '.join(told)}")
            told[table] = {**told[table], **values}
    if port is not None:
        told["listen"]["port"] = port
    if host:
        told["listen"]["host"] = host
    name = (site or path).name
    try:
        figures = msgspec.convert({**told, "folder": str((site or path).parent)}, ShareFigures)
    except msgspec.ValidationError as error:
        raise FiguresError(f"{name}: {error}") from None
    _check(figures, name)
    return figures


def tls_context(figures: ShareFigures, home: Path, clock: Clock) -> ssl.SSLContext:
    """TLS 1.2 or newer. A client certificate is taken where one is shown, and must be of the hand-off's
    authority then; which shares require one, their grants say. Raises FiguresError, handoff's TlsError.
    """
    keys = home.joinpath(*KEYS)
    ensure_authority(keys, (), clock)
    context = server_context(keys, CONSOLE, clock)
    context.verify_mode = ssl.CERT_OPTIONAL
    listen = figures.listen
    if listen.certificate:
        folder = Path(figures.folder)
        certificate, key = folder / listen.certificate, folder / listen.private_key
        try:
            if key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise FiguresError(f"listen.private_key: {key.name} can be read by others: run chmod 600.")
            context.load_cert_chain(str(certificate), str(key))
        except FileNotFoundError:
            raise FiguresError("listen.certificate, listen.private_key: a file is not there.") from None
        except (OSError, ssl.SSLError):
            raise FiguresError(
                "listen.certificate, listen.private_key: they do not belong together, or one is damaged."
            ) from None
    return context


def _read(path: Path) -> dict[str, Any]:
    try:
        found = msgspec.toml.decode(path.read_bytes())
    except OSError as error:
        raise FiguresError(f"{path.name}: cannot be read ({error.strerror})") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FiguresError(f"{path.name}: {error}") from None
    return dict(found) if isinstance(found, dict) else {}


def _check(figures: ShareFigures, name: str) -> None:
    listen = figures.listen
    if listen.public_url and not listen.public_url.startswith("https://"):
        raise FiguresError(f"{name}: listen.public_url: expected https://..., found {listen.public_url!r}")
    if bool(listen.certificate) != bool(listen.private_key):
        raise FiguresError(f"{name}: listen.certificate, listen.private_key: both are given or none")
    try:
        ipaddress.ip_address(listen.host)
    except ValueError:
        raise FiguresError(f"{name}: listen.host: expected an address, found {listen.host!r}") from None
    if figures.viewer.waiting_mib < figures.live.group_mib:
        raise FiguresError(f"{name}: viewer.waiting_mib: expected at least live.group_mib")
    for table in ("limits", "live", "recorded", "viewer"):
        for field, value in msgspec.structs.asdict(getattr(figures, table)).items():
            if not value > 0:
                raise FiguresError(f"{name}: {table}.{field}: expected more than 0, found {value}")
