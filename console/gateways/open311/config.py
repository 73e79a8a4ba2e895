"""How the Open311 server listens and guards itself: seeds/open311/server.toml under a site's own file."""

from __future__ import annotations

import ipaddress
import ssl
import stat
from pathlib import Path
from typing import Annotated, Any

import msgspec

from console.model.base import Record
from console.paths import shipped

Rate = Annotated[float, msgspec.Meta(gt=0.0, le=1_000_000.0)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
Seconds = Annotated[float, msgspec.Meta(gt=0.0, le=600.0)]


class ConfigError(Exception):
    """The server cannot be set up as the file says; the text names file and key, and what to do."""


class Listen(Record, frozen=True, kw_only=True):
    host: str
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)]
    """0: any free one."""
    certificate: str
    private_key: str
    public_url: str


class Limits(Record, frozen=True, kw_only=True):
    """See the comments of the shipped file."""

    reports_per_key_per_minute: Rate
    reports_per_key_at_once: Rate
    reports_per_address_per_minute: Rate
    reports_per_address_at_once: Rate
    reads_per_address_per_minute: Rate
    reads_per_address_at_once: Rate
    wrong_keys_per_address_per_minute: Rate
    wrong_keys_per_address_at_once: Rate
    addresses_remembered: Count
    connections: Count
    connections_per_address: Count
    request_within_s: Seconds
    body_bytes: Count
    description_characters: Annotated[int, msgspec.Meta(ge=1, le=4000)]
    field_characters: Annotated[int, msgspec.Meta(ge=1, le=4000)]
    wait_for_hub_s: Seconds
    waiting_reports: Count


class Answers(Record, frozen=True, kw_only=True):
    most_requests: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    page_size: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    longest_span_days: Annotated[float, msgspec.Meta(gt=0.0, le=90.0)]


class ServerConfig(Record, frozen=True, kw_only=True):
    listen: Listen
    limits: Limits
    answers: Answers
    folder: str
    """Where relative names of certificate files begin."""

    @property
    def secure(self) -> bool:
        """Whether the door speaks HTTPS."""
        return bool(self.listen.certificate)


def load_config(site: Path | None = None, port: int | None = None) -> ServerConfig:
    """The shipped figures with a site's own over them. Raises ConfigError."""
    path = shipped("seeds") / "open311" / "server.toml"
    told = _read(path)
    if site is not None:
        for table, values in _read(site).items():
            if not isinstance(values, dict) or table not in told:
                raise ConfigError(f"{site.name}: [{table}] is not one of {', '.join(told)}")
            told[table] = {**told[table], **values}
    if port is not None:
        told["listen"]["port"] = port
    name = (site or path).name
    try:
        config = msgspec.convert({**told, "folder": str((site or path).parent)}, ServerConfig)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{name}: {error}") from None
    _check(config, name)
    return config


def tls_context(config: ServerConfig) -> ssl.SSLContext | None:
    """TLS 1.2 or newer with the site's certificate; None where none is named. Raises ConfigError."""
    if not config.secure:
        return None
    folder = Path(config.folder)
    certificate, key = folder / config.listen.certificate, folder / config.listen.private_key
    try:
        if key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigError(f"listen.private_key: {key.name} can be read by others: run chmod 600.")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(str(certificate), str(key))
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name if error.filename else "a file"
        raise ConfigError(f"listen.certificate, listen.private_key: {missing} is not there.") from None
    except (OSError, ssl.SSLError):
        raise ConfigError(
            "listen.certificate, listen.private_key: they do not belong together, or one is damaged."
        ) from None
    return context


def _read(path: Path) -> dict[str, Any]:
    try:
        found = msgspec.toml.decode(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path.name}: cannot be read ({error.strerror})") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: {error}") from None
    return dict(found) if isinstance(found, dict) else {}


def _check(config: ServerConfig, name: str) -> None:
    listen = config.listen
    if bool(listen.certificate) != bool(listen.private_key):
        raise ConfigError(f"{name}: listen.certificate, listen.private_key: both are given or none")
    try:
        local = ipaddress.ip_address(listen.host).is_loopback
    except ValueError:
        raise ConfigError(
            f"{name}: listen.host: expected an address as 0.0.0.0, found {listen.host!r}"
        ) from None
    if not local and not config.secure:
        raise ConfigError(
            f"{name}: listen.host: beyond this machine only with listen.certificate: reports name persons"
        )
