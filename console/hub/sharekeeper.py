"""The files of the grants, kept as the record has the shares, in a thread: no disk holds the hub up.

A share's token is worked out from a secret of this installation and the share itself, so the hub can say it
again after any restart and it lies nowhere: not on the log, not in the outbox, not in the grant's file.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import queue
import secrets
import stat
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from console.clock import Clock
from console.footage.layout import FOLDER as FOOTAGE
from console.footage.layout import camera_folder, cameras_in, day_of
from console.model.picturerequest import Share
from console.model.share import ShareGrant
from console.paths import one_at_a_time, private_folder, write_private
from console.share.grants import (
    forget_others,
    renew_grant,
    revoked_in_file,
    token_digest,
)

SECRET = ("keys", "share", "tokens.key")
SECRET_BYTES = 32
AGAIN_S = 1.0
LOOK_S = 1.0
LOOK_AT_FOOTAGE_NS = 3_000_000_000
DAY_TURNS_NS = 600_000_000_000
RUN_FILE = ("run", "share.json")
_log = logging.getLogger("bongsu.hub.shares")

TakenBack = Callable[[str, str], None]
"""(share id, by whom): found in a file, told in the keeper's thread."""


class ShareSecretError(Exception):
    """The secret of the tokens cannot be used; says which file and what to do."""


class ShareTokens:
    """Tokens of shares. Any thread. Raises ShareSecretError, OSError."""

    def __init__(self, home: Path) -> None:
        path = home.joinpath(*SECRET)
        private_folder(path.parent)
        with one_at_a_time(path):
            if not path.exists():
                write_private(path, secrets.token_bytes(SECRET_BYTES))
            if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise ShareSecretError(f"{path.name} can be read by others: run chmod 600, or remove it")
            self._secret = path.read_bytes()
        if len(self._secret) != SECRET_BYTES:
            raise ShareSecretError(f"{path.name} is damaged: remove it, and all links of now are void")

    def token(self, share: Share) -> str:
        """43 characters that fit a URL, 256 bits that nobody can work out without the secret."""
        of = f"bongsu-share:1\n{share.id}\n{share.granted_ns}\n{share.agency}".encode()
        made = hmac.new(self._secret, of, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")


def grant_of(share: Share, token: str) -> ShareGrant:
    """The file of a share. One that is over before its time is written as taken back."""
    ended = share.over_ns if share.over_why in ("revoked", "withdrawn") else None
    return ShareGrant(
        id=share.id, token_sha256=token_digest(token), recipient=share.recipient, viewer=share.viewer,
        officer=share.officer, purpose=share.purpose, legal_basis=share.legal_basis, cameras=share.cameras,
        from_ns=share.from_ns, until_ns=share.until_ns, granted_ns=share.granted_ns, live=share.live,
        recorded=share.recorded, mark=share.mark, masks=share.masks, request_id=share.request_id,
        incident_id=share.incident_id, networks=share.networks,
        certificate_sha256=share.certificate_sha256, most_views=share.most_views, revoked_ns=ended,
        revoked_by=share.over_by if ended is not None else "",
    )  # fmt: skip


class GrantKeeper:
    """`put`, `only` and `close` from any thread; what is put is written in order, again until it is kept."""

    def __init__(self, home: Path, taken_back: TakenBack, clock: Clock) -> None:
        self._home, self._taken_back, self._clock = home, taken_back, clock
        self._recorded: frozenset[str] = frozenset()
        self._looked_ns = 0
        self._queue: queue.Queue[tuple[Share, ShareGrant] | frozenset[str] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._written: dict[str, ShareGrant] = {}
        self._in_force: frozenset[str] = frozenset()
        self._told: set[str] = set()
        self._url = ""
        self.problem = ""
        """What the disk says where a grant could not be written, "" while all are."""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="grants", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, share: Share, token: str) -> None:
        """The share is so now."""
        self._queue.put((share, grant_of(share, token)))

    def only(self, known: Iterable[str]) -> None:
        """Remove the files of all others."""
        self._queue.put(frozenset(known))

    def close(self) -> None:
        self._ending.set()
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def is_written(self, share: Share) -> bool:
        """Whether the share can be seen by as it was granted, so that its links may be told. Any thread."""
        with self._lock:
            return share.id in self._written

    @property
    def url(self) -> str:
        """Where shares are served now, "" where nobody serves. Any thread."""
        with self._lock:
            return self._url

    def is_recorded(self, camera_id: str) -> bool:
        """Whether pictures of a camera were written today, as of some seconds ago. Any thread."""
        with self._lock:
            return camera_id in self._recorded

    def _run(self) -> None:
        try:
            self._look()
            while True:
                try:
                    job = self._queue.get(timeout=LOOK_S)
                except queue.Empty:
                    self._look()
                    continue
                self._look_recorded()
                if job is None:
                    return
                self._do(job)
        except Exception:
            _log.exception("The keeper of the grants stopped by an error of the console itself.")

    def _do(self, job: tuple[Share, ShareGrant] | frozenset[str]) -> None:
        while True:
            try:
                if isinstance(job, frozenset):
                    for removed in forget_others(self._home, job):
                        _log.warning("Grant %s is not on the record and was removed.", removed)
                else:
                    self._write(*job)
            except (OSError, ValueError) as problem:
                said = getattr(problem, "strerror", None) or str(problem)
                if said != self.problem:
                    _log.error("A grant cannot be written: %s", said)
                self.problem = said
                if isinstance(problem, ValueError) or self._ending.wait(AGAIN_S):
                    return
                continue
            self.problem = ""
            return

    def _write(self, share: Share, grant: ShareGrant) -> None:
        kept = renew_grant(self._home, grant)
        if not self._url:
            self._look_where()
        with self._lock:
            self._written[share.id] = kept
            if share.in_force:
                self._in_force |= {share.id}
            else:
                self._in_force -= {share.id}
        if kept.revoked_ns is not None and grant.revoked_ns is None:
            self._tell(share.id, kept.revoked_by)

    def _look(self) -> None:
        """Shares that were taken back in their files, where shares are served, what is recorded."""
        self._look_where()
        self._look_recorded()
        for share_id in self._in_force - self._told:
            by = revoked_in_file(self._home, share_id)
            if by is not None:
                self._tell(share_id, by)

    def _look_recorded(self) -> None:
        """Here and not in the hub's loop: the disk of the footage may hang."""
        mono = self._clock.mono_ns()
        if self._looked_ns and mono - self._looked_ns < LOOK_AT_FOOTAGE_NS:
            return
        self._looked_ns = mono
        # Around midnight (UTC) a segment of yesterday may still be written.
        days = {day_of(self._clock.now_ns()), day_of(self._clock.now_ns() - DAY_TURNS_NS)}
        footage = self._home / FOOTAGE
        found = frozenset(
            one for one in cameras_in(footage)
            if any((camera_folder(footage, one) / day).is_dir() for day in days)
        )
        with self._lock:
            self._recorded = found

    def _tell(self, share_id: str, by: str) -> None:
        if share_id not in self._told:
            self._told.add(share_id)
            self._taken_back(share_id, by)

    def _look_where(self) -> None:
        try:
            told = msgspec.json.decode(self._home.joinpath(*RUN_FILE).read_bytes())
            url = str(told["url"])
        except (OSError, msgspec.DecodeError, KeyError, TypeError):
            url = ""
        with self._lock:
            self._url = url if url.startswith("https://") else ""
