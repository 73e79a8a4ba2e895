"""The folder of grants: a file for each share, written by whoever grants, read by the process that serves.

A token is 32 random bytes. It is told once, when it is made; the file has its SHA-256, which nobody can turn
back: there are 2^256 of them, so a slow hash would only help an attacker who wants to keep us busy.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
import stat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from console.model.share import ShareGrant, grant_problem
from console.paths import one_at_a_time, private_folder, write_private

FOLDER = ("share", "grants")
"""Below the console's home."""
ENDING = ".json"
TOKEN_BYTES = 32
LARGEST_FILE_BYTES = 256 << 10
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

_log = logging.getLogger("bongsu.share")
_decode = msgspec.json.Decoder(ShareGrant).decode


def new_token() -> str:
    """A token nobody can guess: 256 bits of the system's own chance, 43 characters that fit a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def looks_like_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def write_grant(home: Path, grant: ShareGrant) -> None:
    """Put a grant into force, or change it. Raises ValueError for one that cannot be served, OSError."""
    problem = grant_problem(grant)
    if problem:
        raise ValueError(problem)
    folder = private_folder(home.joinpath(*FOLDER))
    write_private(folder / f"{grant.id}{ENDING}", msgspec.json.format(msgspec.json.encode(grant)))


def revoke_grant(home: Path, grant_id: str, by: str, now_ns: int) -> ShareGrant | None:
    """Take a share back; what the grant says then, None where there is none. The file stays, so that who
    still asks is told that it was taken back. Raises OSError, ValueError for a file that cannot be read.
    """
    path = home.joinpath(*FOLDER, f"{Path(grant_id).name}{ENDING}")
    if not path.exists():
        return None
    with one_at_a_time(path):
        grant = _read(path)
        if grant.revoked_ns is None:
            grant = msgspec.structs.replace(grant, revoked_ns=now_ns, revoked_by=by)
            write_grant(home, grant)
    return grant


def renew_grant(home: Path, grant: ShareGrant) -> ShareGrant:
    """Put a grant into force, or change it, as `write_grant`; what its file says then. A share that was taken
    back in its file stays so. Raises ValueError, OSError.
    """
    path = home.joinpath(*FOLDER, f"{grant.id}{ENDING}")
    private_folder(path.parent)
    with one_at_a_time(path):
        try:
            before: ShareGrant | None = _read(path)
        except (FileNotFoundError, ValueError):
            before = None  # none, or a damaged one: what is known holds
        if before is not None and before.revoked_ns is not None and grant.revoked_ns is None:
            grant = msgspec.structs.replace(
                grant, revoked_ns=before.revoked_ns, revoked_by=before.revoked_by
            )
        write_grant(home, grant)
    return grant


def revoked_in_file(home: Path, grant_id: str) -> str | None:
    """Who took a share back in its file, None where nobody did or no such file can be read."""
    try:
        grant = _read(home.joinpath(*FOLDER, f"{grant_id}{ENDING}"))
    except (OSError, ValueError):
        return None
    return grant.revoked_by if grant.revoked_ns is not None else None


def forget_others(home: Path, known: frozenset[str]) -> tuple[str, ...]:
    """Remove the grants that are not among these ids; which were removed. Raises OSError."""
    folder = home.joinpath(*FOLDER)
    removed = []
    try:
        with os.scandir(folder) as entries:
            names = [one.name for one in entries if one.name.endswith(ENDING) and one.name[0] != "."]
    except FileNotFoundError:
        return ()
    for name in names:
        if name.removesuffix(ENDING) not in known:
            (folder / name).unlink(missing_ok=True)
            removed.append(name.removesuffix(ENDING))
    return tuple(removed)


def page_path(token: str) -> str:
    """Where the viewing page of a share is."""
    return f"/s/{token}"


def stream_path(token: str, form: str, camera_id: str) -> str:
    """Where the pictures of a camera are, as `ffplay` is told them."""
    return f"/s/{token}/{form}/{quote(camera_id, safe='')}.mp4"


class BrokenGrant(NamedTuple):
    """A file nothing is served by."""

    file: str
    what: str


class GrantBook:
    """The grants as the folder has them. One thread.

    `refresh` raises nothing: a file that cannot be used is no grant, is told once in the log and in
    `problems`, and the others go on. Without a folder there are no grants.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home.joinpath(*FOLDER)
        self._grants: dict[str, ShareGrant] = {}
        self._stamps: dict[str, tuple[int, int, int]] = {}
        self.problems: dict[str, BrokenGrant] = {}

    def all(self) -> tuple[ShareGrant, ...]:
        return tuple(self._grants.values())

    def get(self, grant_id: str) -> ShareGrant | None:
        return self._grants.get(grant_id)

    def find(self, token: str) -> ShareGrant | None:
        """The grant of a token. Compares with every grant in the same time, found or not."""
        digest = token_digest(token)
        found = None
        for grant in self._grants.values():
            if hmac.compare_digest(digest, grant.token_sha256):
                found = grant
        return found

    def refresh(self) -> bool:
        """Look at the folder again; whether anything is different."""
        try:
            with os.scandir(self._folder) as entries:
                seen = {
                    one.name: _stamp(one.stat(follow_symlinks=False))
                    for one in entries
                    if one.name.endswith(ENDING) and not one.name.startswith(".")
                }
        except FileNotFoundError:
            seen = {}
        except OSError as error:
            # Who cannot read what is granted shows nothing.
            self._tell("", f"the folder cannot be read: {error.strerror}")
            seen = {}
        if seen == self._stamps:
            return False
        for name in set(self._stamps) - set(seen):
            self._grants.pop(name.removesuffix(ENDING), None)
            self.problems.pop(name, None)
        for name, stamp in seen.items():
            if self._stamps.get(name) != stamp:
                self._take(name)
        self._stamps = seen
        return True

    def _take(self, name: str) -> None:
        grant_id = name.removesuffix(ENDING)
        try:
            grant = _read(self._folder / name)
            if grant.id != grant_id:
                raise ValueError(f"id: expected {grant_id!r}, as the file is named, found {grant.id!r}")
        except (ValueError, OSError) as problem:
            self._grants.pop(grant_id, None)
            self._tell(name, getattr(problem, "strerror", None) or str(problem))
            return
        self._grants[grant_id] = grant
        self.problems.pop(name, None)

    def _tell(self, name: str, what: str) -> None:
        broken = BrokenGrant(name, what)
        if self.problems.get(name) != broken:
            self.problems[name] = broken
            _log.error("Nothing is served by grant %s: %s", name or "files", what)


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_mtime_ns, found.st_ino, found.st_size


def _read(path: Path) -> ShareGrant:
    """Raises OSError and ValueError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if os.fstat(handle).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ValueError("it can be read by others: run chmod 600")
        data = file.read(LARGEST_FILE_BYTES + 1)
    if len(data) > LARGEST_FILE_BYTES:
        raise ValueError(f"expected at most {LARGEST_FILE_BYTES} bytes")
    try:
        grant = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
    problem = grant_problem(grant)
    if problem:
        raise ValueError(problem)
    return grant
