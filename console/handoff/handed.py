"""Pictures that go with a hand-off, at our own door: GET /evidence/TOKEN/FILE, for the partner it was given
to and no other, only once it was sent, and only after the provision is on the record.

The hub is asked before the first byte: where it cannot write the entry down, nothing leaves.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
from aiohttp import web

from console.clock import SECOND_NS, Clock
from console.handoff.pace import Bucket
from console.handoff.partners import PartnerLink
from console.handoff.profile import DoorLimits
from console.handoff.reports import Reporter
from console.model.base import Record
from console.model.fact import EvidenceAsked, PartnerMessageBad
from console.model.scenepictures import SceneFile, SceneFound

FOLDER = ("handoff", "pictures")
HANDED = "handed.json"
_TOKEN = re.compile(r"[0-9a-f]{32}")


class Handed(Record, frozen=True, kw_only=True):
    """Beside the pictures: whose they are."""

    thread_id: str
    key: str
    agency: str
    found: SceneFound


def token_of(thread_id: str) -> str:
    """The folder of a thread. Not secret: the certificate opens the door, not the name."""
    return hashlib.sha256(thread_id.encode()).hexdigest()[:32]


class HandedDoor:
    """On the courier's loop. `partner` answers who asks, by the certificate; `known(agency, key)` whether we
    gave it that case; `may_have(agency)` whether it is agreed for what it has pictures."""

    def __init__(
        self, home: Path, partner: Callable[[web.Request], PartnerLink | None],
        known: Callable[[str, str], bool], may_have: Callable[[str], bool], reporter: Reporter, clock: Clock,
        limits: DoorLimits, counts: Counter[str],
    ) -> None:  # fmt: skip
        self._folder = home.joinpath(*FOLDER)
        self._partner, self._known, self._may_have = partner, known, may_have
        self._reporter, self._clock, self._limits, self._counts = reporter, clock, limits, counts
        self._buckets: dict[str, Bucket] = {}
        self._said: set[str] = set()

    def join(self, application: web.Application) -> None:
        # A HEAD would be a provision without a picture.
        application.router.add_get("/evidence/{token}/{name}", self.give, allow_head=False)

    async def give(self, request: web.Request) -> web.StreamResponse:
        """404 for whatever is not this partner's: who asks learns nothing of others' cases."""
        link, token, name = self._partner(request), request.match_info["token"], request.match_info["name"]
        if link is None:
            return web.Response(status=403)
        bucket = self._buckets.setdefault(
            link.agency, Bucket(self._limits.per_second, self._limits.burst)
        )
        if not bucket.take(self._clock.mono_ns()):
            self._counts["door_too_fast"] += 1
            return web.Response(status=429, headers={"Retry-After": "1"}, text="too many requests\n")
        handed = self._handed(token) if _TOKEN.fullmatch(token) else None
        if handed is None or handed.agency != link.agency or not self._known(link.agency, handed.key):
            self._counts["evidence_refused"] += 1
            return web.Response(status=404)
        files = (*handed.found.stills, *((handed.found.clip,) if handed.found.clip is not None else ()))
        file = next((one for one in files if one.name == name), None)
        path = self._folder / token / file.name if file is not None else None
        if file is None or path is None or not path.is_file():
            self._counts["evidence_refused"] += 1
            return web.Response(status=404)
        if not self._may_have(link.agency):
            return self._without_basis(link.agency)
        if await asyncio.to_thread(_sha256, path) != file.sha256:
            self._counts["evidence_damaged"] += 1
            return web.Response(status=404)
        if not await self._on_record(request, handed, file):
            self._counts["evidence_not_kept"] += 1
            return web.Response(
                status=503, headers={"Retry-After": "1"}, text="cannot be put on record now; ask again\n"
            )
        self._counts["evidence_given"] += 1
        return web.FileResponse(path, headers={"Content-Type": file.mime_type, "Cache-Control": "no-store"})

    async def _on_record(self, request: web.Request, handed: Handed, file: SceneFile) -> bool:
        """Whether the provision is on disk."""
        asked = EvidenceAsked(
            agency=handed.agency, thread_id=handed.thread_id, at_ns=self._clock.now_ns(), name=file.name,
            camera_id=file.camera_id, form="clip" if file == handed.found.clip else "still",
            from_ns=file.at_ns, to_ns=file.at_ns + int(file.seconds * SECOND_NS), sha256=file.sha256,
            size=file.size, address=request.remote or "",
        )  # fmt: skip
        return await self._reporter.kept(self._reporter.tell(asked))

    def _without_basis(self, agency: str) -> web.Response:
        """Told to the room once: a person must write it down."""
        self._counts["evidence_without_basis"] += 1
        if agency not in self._said:
            self._said.add(agency)
            problem = "it asks for pictures of a hand-off: no purpose and legal basis (services, handoffs)"
            self._reporter.tell(
                PartnerMessageBad(agency=agency, at_ns=self._clock.now_ns(), problem=problem)
            )
        return web.Response(status=403, text="no purpose and legal basis is agreed for this partner\n")

    def _handed(self, token: str) -> Handed | None:
        try:
            return msgspec.json.decode((self._folder / token / HANDED).read_bytes(), type=Handed)
        except (OSError, msgspec.MsgspecError):
            return None


def _sha256(path: Path) -> str:
    """Of a file; "" where it cannot be read. Blocks."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
