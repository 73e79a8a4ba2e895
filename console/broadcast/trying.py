"""One try to give a message to an outlet, and what came of it. Never raises for the outlet's sake."""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import re
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from console.broadcast.outlets import Outlet
from console.handoff.cap import CapError, parse
from console.language import load_catalogue
from console.model.base import Words

CONTENT_TYPE = "application/cap+xml; charset=utf-8"
MOST_ANSWER = 256 * 1024
Kind = Literal[
    "received", "up", "absent", "unreachable", "certificate", "silent", "broken", "busy", "garbage",
    "refused", "disk", "other_file",
]  # fmt: skip
FINAL: frozenset[Kind] = frozenset({"refused", "certificate", "other_file", "absent", "garbage"})
"""What waiting alone does not mend: a person is told at once, and it is tried on."""


class Tried(NamedTuple):
    """`receipt`: what the other side calls it. `detail` is short, of ours or made harmless."""

    kind: Kind
    receipt: str = ""
    detail: str = ""

    def words(self, outlet: str) -> Words:
        """What happened and what to do."""
        key = f"messages.way.{self.kind}"
        return load_catalogue().both(key, outlet=outlet, detail=self.detail or "-")


class Parcel(NamedTuple):
    """What is owed: `reference` as CAP names it ("sender,identifier,sent"), `data` the exact bytes."""

    identifier: str
    reference: str
    data: bytes


Opened = Callable[[http.client.HTTPSConnection], None]
"""Told the connection that is made, so that a stop can end it."""


def give(outlet: Outlet, parcel: Parcel, connect_s: float, answer_s: float, opened: Opened) -> Tried:
    """Give it once. The same bytes given twice are one message at the other side: the identifier says so."""
    if outlet.folder is not None:
        return _write(outlet.folder, parcel)
    return _post(outlet, parcel, connect_s, answer_s, opened)


def look(outlet: Outlet, connect_s: float, opened: Opened) -> Tried:
    """Whether the outlet is there, without giving it anything: the folder, or a handshake."""
    if outlet.folder is not None:
        try:
            outlet.folder.mkdir(parents=True, exist_ok=True)
            os.statvfs(outlet.folder)
        except OSError as error:
            return Tried("disk", detail=_errno(error))
        return Tried("up") if os.access(outlet.folder, os.W_OK | os.X_OK) else Tried("disk", detail="EACCES")
    return _ask(outlet, connect_s, connect_s, opened, None)


def _write(folder: Path, parcel: Parcel) -> Tried:
    """Whole or not at all, and never over another message of the same name."""
    path = folder / f"{_safe(parcel.identifier)}.xml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(parcel.data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)
            try:
                os.link(name, path)
            except FileExistsError:
                if path.read_bytes() != parcel.data:
                    return Tried("other_file", detail=path.name)
        finally:
            os.unlink(name)
        at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(at)
        finally:
            os.close(at)
    except OSError as error:
        return Tried("disk", detail=_errno(error))
    return Tried("received", receipt=path.name)


def _post(
    outlet: Outlet, parcel: Parcel, connect_s: float, answer_s: float, opened: Opened
) -> Tried:
    return _ask(outlet, connect_s, answer_s, opened, parcel)


def _ask(
    outlet: Outlet, connect_s: float, answer_s: float, opened: Opened, parcel: Parcel | None
) -> Tried:
    parts = urlsplit(outlet.url)
    connection: http.client.HTTPSConnection | None = None
    try:
        headers = {"Content-Type": CONTENT_TYPE, "Accept-Encoding": "identity", "Connection": "close"}
        if outlet.token_file is not None:
            headers["Authorization"] = f"Bearer {outlet.token_file.read_text('ascii').strip()}"
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port or 443, timeout=connect_s, context=outlet.context()
        )
        opened(connection)
        connection.connect()
        if parcel is None:
            return Tried("up")
        if connection.sock is not None:
            connection.sock.settimeout(answer_s)
        headers["Idempotency-Key"] = parcel.reference
        target = parts.path or "/"
        connection.request("POST", f"{target}?{parts.query}" if parts.query else target, parcel.data, headers)
        answer = connection.getresponse()
        body = answer.read(MOST_ANSWER + 1)
        return _receipt(outlet, parcel, answer.status, answer.getheader("Location") or "", body)
    except ssl.SSLError as error:
        return Tried("certificate", detail=_ssl_reason(error))
    except TimeoutError:
        return Tried("silent")
    except http.client.HTTPException as error:
        return Tried("garbage", detail=type(error).__name__)
    except UnicodeError:
        return Tried("refused", detail="token_file")
    except OSError as error:
        unreachable = (ConnectionRefusedError,)
        kind: Kind = "unreachable" if isinstance(error, unreachable) or error.errno in _AWAY else "broken"
        return Tried(kind, detail=_errno(error))
    finally:
        if connection is not None:
            connection.close()


_AWAY = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ECONNREFUSED, -2, -3, -5)
"""The negative ones are getaddrinfo's: the name is not known."""


def _receipt(outlet: Outlet, parcel: Parcel, status: int, location: str, body: bytes) -> Tried:
    if len(body) > MOST_ANSWER:
        return Tried("garbage", detail="the answer is too large")
    if status in (408, 425, 429, 500, 502, 503, 504):
        return Tried("busy", detail=f"HTTP {status}")
    # 409: it has this identifier already. That is what a try after a lost receipt wants to hear.
    if not (200 <= status < 300 or status == 409):
        return Tried("refused", detail=f"HTTP {status}")
    if outlet.receipt == "cap":
        return _acknowledged(parcel, body)
    name = location or _first_line(body)
    return Tried("received", receipt=name or f"HTTP {status}")


def _acknowledged(parcel: Parcel, body: bytes) -> Tried:
    try:
        answer = parse(body)
    except CapError as error:
        return Tried("garbage", detail=str(error)[:160])
    if answer.msg_type == "Error":
        return Tried("refused", detail=_harmless(answer.note)[:160])
    if answer.msg_type != "Ack" or parcel.reference not in answer.references.split():
        return Tried("garbage", detail="no Ack of this message")
    return Tried("received", receipt=answer.identifier[:120])


def _first_line(body: bytes) -> str:
    lines = body[:400].decode("utf-8", "replace").strip().splitlines()
    return _harmless(lines[0])[:120] if lines and not lines[0].startswith("<") else ""


def _harmless(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text).strip()


def _safe(identifier: str) -> str:
    """A name for a file: what is no letter, digit, dot or hyphen is told apart by a digest."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "_", identifier)[:120]
    if plain == identifier and not plain.startswith("."):
        return plain
    return f"{plain.lstrip('.')}-{hashlib.sha256(identifier.encode()).hexdigest()[:12]}"


def _errno(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


def _ssl_reason(error: ssl.SSLError) -> str:
    return str(getattr(error, "verify_message", "") or error.reason or type(error).__name__)[:120]
