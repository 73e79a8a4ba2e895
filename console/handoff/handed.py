"""Pictures that go with a hand-off, at our own door: GET /evidence/TOKEN/FILE, for the partner it was given
to and no other, and only once it was sent."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
from aiohttp import web

from console.handoff.partners import PartnerLink
from console.model.base import Record
from console.model.scenepictures import SceneFound

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
    gave it that case."""

    def __init__(
        self, home: Path, partner: Callable[[web.Request], PartnerLink | None],
        known: Callable[[str, str], bool], counts: Counter[str],
    ) -> None:  # fmt: skip
        self._folder = home.joinpath(*FOLDER)
        self._partner, self._known, self._counts = partner, known, counts

    def join(self, application: web.Application) -> None:
        application.router.add_get("/evidence/{token}/{name}", self.give)

    async def give(self, request: web.Request) -> web.StreamResponse:
        """404 for whatever is not this partner's: who asks learns nothing of others' cases."""
        link, token, name = self._partner(request), request.match_info["token"], request.match_info["name"]
        if link is None:
            return web.Response(status=403)
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
        self._counts["evidence_given"] += 1
        return web.FileResponse(path, headers={"Content-Type": file.mime_type, "Cache-Control": "no-store"})

    def _handed(self, token: str) -> Handed | None:
        try:
            return msgspec.json.decode((self._folder / token / HANDED).read_bytes(), type=Handed)
        except (OSError, msgspec.MsgspecError):
            return None
