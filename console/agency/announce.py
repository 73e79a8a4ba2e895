"""Telling where the agency's door is: a ready file, and the console's partners.toml on the same machine."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

import msgspec

from console.paths import private_folder, write_private


class AnnounceError(Exception):
    """The address cannot be written down; the text names the file."""


def write_ready_file(path: Path, agency: str, url: str) -> None:
    """`{"agency", "url", "pid"}` as JSON, whole or not at all."""
    write_private(path, msgspec.json.encode({"agency": agency, "url": url, "pid": os.getpid()}) + b"\n")


def register(path: Path, agency: str, url: str, sender: str) -> None:
    """Enter the address under [partners.AGENCY] of a partners.toml and keep what else it says.

    Several agencies may do so at once. Raises AnnounceError when the file is no such file.
    """
    private_folder(path.parent)
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _register(path, agency, url, sender)
    finally:
        os.close(lock)


def _register(path: Path, agency: str, url: str, sender: str) -> None:
    try:
        tree: Any = msgspec.toml.decode(path.read_bytes()) if path.exists() else {}
    except (OSError, msgspec.DecodeError) as error:
        raise AnnounceError(f"{path.name}: {error}") from None
    partners = tree.get("partners", {})
    if not isinstance(partners, dict) or not all(isinstance(one, dict) for one in partners.values()):
        raise AnnounceError(f"{path.name}: partners: expected one table for each agency")
    partners[agency] = {**partners.get(agency, {}), "url": url, "sender": sender}
    lines = []
    for name, entry in sorted(partners.items()):
        lines.append(f"[partners.{name}]")
        # A JSON string is a TOML basic string.
        lines += [f"{key} = {msgspec.json.encode(str(value)).decode()}" for key, value in entry.items()]
    write_private(path, ("\n".join(lines) + "\n").encode())
