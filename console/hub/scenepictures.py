"""Stills and a clip for each hand-off, cut out of the recording by a process, off the hub's loop.

They lie under DIR/handoff/pictures/TOKEN, where the partner's certificate opens them (`handoff.handed`), and
are gone when the thread is forgotten.
"""

from __future__ import annotations

import logging
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from console.clock import SECOND_NS
from console.footage.layout import FOLDER as FOOTAGE
from console.handoff.handed import FOLDER, HANDED, Handed, token_of
from console.model.base import Words
from console.model.handoffdraft import Evidence
from console.model.incident import Incident
from console.model.ladder import PartnerThread
from console.model.scenepictures import SceneCamera, SceneFile, SceneFound, SceneJob
from console.model.state import CityState
from console.paths import private_folder, write_private
from console.profile import Profile

_log = logging.getLogger("bongsu.hub.ladder")
CAMERAS = 3
BEFORE_S = 10.0
"""The clip begins so long before the incident was opened (seeds/rules/ladder.toml, clip_s)."""
WITHIN_S = 60.0
"""A process that is not done by then is ended; the draft is used without its pictures."""

Came = Callable[[str, SceneFound], None]
"""(thread id, what was found), in the hub's loop."""


class ScenePictures:
    """`wanted`, `of` and `small` belong to the hub's loop; the cutting has a thread and processes."""

    def __init__(
        self, home: Path, profile: Profile, clip_s: float, call: Callable[[Callable[[], None]], None],
        came: Came,
    ) -> None:  # fmt: skip
        self._home, self._profile, self._clip_s = home, profile, clip_s
        self._folder = home.joinpath(*FOLDER)
        self._call, self._came = call, came
        self._found: dict[str, SceneFound | None] = {}
        self.building: set[str] = set()
        self._queue: queue.Queue[tuple[PartnerThread, SceneJob] | str | None] = queue.Queue()
        self._running: subprocess.Popen[bytes] | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="scene pictures")
        self._thread.start()

    def wanted(self, state: CityState, thread: PartnerThread, incident: Incident, now_ns: int) -> None:
        """Look for pictures of this thread's scene, once; nothing where nothing is recorded in this city."""
        cameras = [one for one in incident.camera_ids if one in self._profile.cameras][:CAMERAS]
        if thread.id in self.building or not cameras or not (self._home / FOOTAGE).is_dir():
            return
        self.building.add(thread.id)
        whole = int(self._clip_s * SECOND_NS)
        to_ns = min(incident.opened_at_ns - int(BEFORE_S * SECOND_NS) + whole, now_ns)
        job = SceneJob(
            footage=str(self._home / FOOTAGE), folder=str(self._folder / token_of(thread.id)),
            cameras=tuple(SceneCamera(id=one, zones=state.masks.get(one, ())) for one in cameras),
            at_ns=(incident.opened_at_ns, now_ns), from_ns=to_ns - whole, to_ns=to_ns,
        )  # fmt: skip
        self._queue.put((thread, job))

    def of(self, thread_id: str) -> SceneFound | None:
        """What was found; None while it is looked for, and where nothing was."""
        if thread_id not in self._found:
            self._found[thread_id] = self._read(thread_id)
        return self._found[thread_id]

    def evidence(self, thread_id: str, base_url: str) -> tuple[tuple[Evidence, ...], Evidence | None, float]:
        """(stills, clip, its seconds) as a draft holds them."""
        found = self.of(thread_id)
        if found is None:
            return (), None, 0.0
        url = f"{base_url}/evidence/{token_of(thread_id)}"
        stills = tuple(self._evidence(one, url) for one in found.stills)
        clip = self._evidence(found.clip, url) if found.clip is not None else None
        return stills, clip, found.clip.seconds if found.clip is not None else 0.0

    def small(self, thread_id: str, file: SceneFile) -> bytes:
        """The little picture of a still; empty where it is gone."""
        try:
            return (self._folder / token_of(thread_id) / file.small).read_bytes()
        except OSError:
            return b""

    def forget_all_but(self, thread_ids: Iterable[str]) -> None:
        """Threads that the state has forgotten have no pictures either."""
        for gone in self._found.keys() - set(thread_ids):
            del self._found[gone]
            self._queue.put(gone)

    def close(self) -> None:
        self._closing = True
        running = self._running
        if running is not None:
            running.kill()
        self._queue.put(None)
        self._thread.join()

    def _evidence(self, file: SceneFile, url: str) -> Evidence:
        device = self._profile.devices.get(file.camera_id)
        name = device.name if device is not None else Words(en=file.camera_id, ko=file.camera_id)
        return Evidence(
            description=name, mime_type=file.mime_type, uri=f"{url}/{file.name}", size=file.size,
            sha1=file.sha1, sha256=file.sha256,
        )  # fmt: skip

    def _run(self) -> None:
        while (job := self._queue.get()) is not None and not self._closing:
            if isinstance(job, str):
                shutil.rmtree(self._folder / token_of(job), ignore_errors=True)
                continue
            thread, wanted = job
            found = self._cut(thread, wanted)
            self._call(lambda thread_id=thread.id, found=found: self._done(thread_id, found))  # type: ignore[misc]

    def _done(self, thread_id: str, found: SceneFound) -> None:
        self.building.discard(thread_id)
        self._found[thread_id] = found if found.stills or found.clip is not None else None
        self._came(thread_id, found)

    def _cut(self, thread: PartnerThread, job: SceneJob) -> SceneFound:
        """A new process each time: a decoder that fails takes nothing of the hub with it."""
        try:
            folder = private_folder(Path(job.folder))
            self._running = subprocess.Popen(
                [sys.executable, "-m", "console.evidence.scene"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ),
            )
            out, problem = self._running.communicate(msgspec.json.encode(job), timeout=WITHIN_S)
            if self._running.returncode != 0:
                if not self._closing:
                    _log.error("No pictures for %s: %s", thread.id, problem.decode(errors="replace")[-300:])
                return SceneFound()
            found = msgspec.json.decode(out, type=SceneFound)
            handed = Handed(thread_id=thread.id, key=thread.key, agency=thread.agency, found=found)
            write_private(folder / HANDED, msgspec.json.encode(handed))
            return found
        except subprocess.TimeoutExpired:
            assert self._running is not None
            self._running.kill()
            self._running.communicate()
            _log.error("No pictures for %s: not found within %g s.", thread.id, WITHIN_S)
        except (OSError, msgspec.MsgspecError) as error:
            _log.error("No pictures for %s: %s", thread.id, error)
        finally:
            self._running = None
        return SceneFound()

    def _read(self, thread_id: str) -> SceneFound | None:
        try:
            data = (self._folder / token_of(thread_id) / HANDED).read_bytes()
            found = msgspec.json.decode(data, type=Handed).found
        except (OSError, msgspec.MsgspecError):
            return None
        return found if found.stills or found.clip is not None else None


def digests(found: SceneFound) -> tuple[str, ...]:
    """SHA-256 of all files, stills first."""
    files = (*found.stills, *((found.clip,) if found.clip is not None else ()))
    return tuple(one.sha256 for one in files)


