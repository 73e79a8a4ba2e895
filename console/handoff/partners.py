"""Where the partners are: DIR/partners.toml, read again whenever it changes.

    [partners.KR-112]
    url = "https://127.0.0.1:40112/handoff"

`server_name` is the name its certificate must bear (by default the party name of `tls`), `sender` how it
calls itself in messages (by default its id).
"""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from console.handoff.profile import party_name
from console.model.base import Record
from console.paths import private_folder, write_private

_AGENCY = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")


class PartnersError(Exception):
    """partners.toml is wrong; the text names the file, the key and what was expected."""


class PartnerLink(Record, frozen=True, kw_only=True):
    """One partner: its agency id, where its door is, the name its certificate must bear, its CAP sender."""

    agency: str
    url: str
    server_name: str
    sender: str

    @property
    def alive_url(self) -> str:
        """Where a heartbeat asks: the same door, /alive."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/alive"


def partner_link(agency: str, url: str, server_name: str = "", sender: str = "") -> PartnerLink:
    """A checked link. Raises PartnersError for an id or address that cannot be one."""
    if not _AGENCY.fullmatch(agency):
        raise PartnersError(f"{agency!r}: an agency id is capital letters, digits and hyphens, as KR-112")
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password or port == -1:
        raise PartnersError(f"{agency}: url: expected https://host:port/path without a user name")
    return PartnerLink(
        agency=agency, url=url, server_name=server_name or party_name(agency), sender=sender or agency
    )


class _Entry(Record, frozen=True, kw_only=True):
    url: str
    server_name: str = ""
    sender: str = ""


class _File(Record, frozen=True, kw_only=True):
    partners: dict[str, _Entry] = msgspec.field(default_factory=dict)


def read_partners(path: Path) -> dict[str, PartnerLink]:
    """Agency id to link; empty where there is no file yet. Raises PartnersError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PartnersError(f"{path.name}: cannot be read: {error.strerror}") from None
    try:
        entries = msgspec.toml.decode(data, type=_File).partners
    except msgspec.DecodeError as error:
        raise PartnersError(f"{path.name}: {error}") from None
    try:
        return {
            agency: partner_link(agency, one.url, one.server_name, one.sender)
            for agency, one in entries.items()
        }
    except PartnersError as error:
        raise PartnersError(f"{path.name}: {error}") from None


def write_partners(path: Path, urls: dict[str, str]) -> None:
    """Enter these addresses and keep the others of the file. Raises PartnersError when the file is wrong.

    Agencies that register themselves take the same lock, so no entry is lost between them.
    """
    private_folder(path.parent)
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _write(path, urls)
    finally:
        os.close(lock)


def _write(path: Path, urls: dict[str, str]) -> None:
    links = read_partners(path) | {agency: partner_link(agency, url) for agency, url in urls.items()}
    lines = ["# Where the partners' doors are. Read again whenever this file changes."]
    for one in sorted(links.values(), key=lambda link: link.agency):
        lines += [f"[partners.{one.agency}]", f"url = {_quoted(one.url)}"]
        lines += [f"server_name = {_quoted(one.server_name)}", f"sender = {_quoted(one.sender)}"]
    write_private(path, ("\n".join(lines) + "\n").encode())


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's strings are a part of those."""
    return msgspec.json.encode(text).decode()


class PartnerBook:
    """The partners as the file has them now. One thread.

    A file that has become wrong changes nothing: the last good links stay and `problem` says what is wrong.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._links: dict[str, PartnerLink] = {}
        self.problem = ""

    def links(self) -> dict[str, PartnerLink]:
        """Look whether the file changed, and answer what holds."""
        try:
            stat = self._path.stat()
            now = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:
            now = (0, 0, 0)
        if now != self._seen:
            self._seen = now
            try:
                self._links, self.problem = read_partners(self._path), ""
            except PartnersError as error:
                self.problem = str(error)
        return self._links
