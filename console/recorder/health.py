"""How the recorder is: which cameras it records, which not and why, and whether the disk takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from console.clock import SECOND_NS
from console.model.recording import MOST_TOLD, CameraMissing, RecorderReport
from console.recorder.figures import CameraFigures
from console.recorder.writing import DiskSeen

NO_SOURCE, REFUSED, DISK, SILENT = "no_source", "not_allowed", "disk", "timeout"


class CameraSeen(NamedTuple):
    """`wrote_mono_ns`: when something of it was last written (0: never); `newest_ns`: its newest picture."""

    wrote_mono_ns: int
    newest_ns: int
    reason: str


class Judge:
    """Says a report at each look. A camera is missing when nothing of it was written for a while, and
    recorded again when it held for a while, so that one that comes and goes does not fill the log. One
    thread.
    """

    def __init__(self, figures: CameraFigures) -> None:
        self._missing_ns = int(figures.missing_after_s * SECOND_NS)
        self._back_ns = int(figures.back_after_s * SECOND_NS)
        self._asked_ns: dict[str, int] = {}
        self._missing: dict[str, CameraMissing] = {}
        self._good_ns: dict[str, int] = {}

    def look(self, cameras: Mapping[str, CameraSeen], disk: DiskSeen, mono_ns: int) -> RecorderReport:
        """The report as of now."""
        for camera_id in self._asked_ns.keys() - cameras.keys():
            del self._asked_ns[camera_id]
            self._missing.pop(camera_id, None)
            self._good_ns.pop(camera_id, None)
        for camera_id, seen in cameras.items():
            self._look_at(camera_id, seen, mono_ns)
        missing = sorted(self._missing.values(), key=lambda one: one.camera_id)
        return RecorderReport(
            state="recording", cameras=len(cameras), recorded=len(cameras) - len(missing),
            missing=tuple(missing[:MOST_TOLD]), disk=disk.state, problem=disk.problem[:200],
            free_bytes=disk.free_bytes, kept_bytes=disk.kept_bytes, locked_bytes=disk.locked_bytes,
            oldest_ns=disk.oldest_ns,
        )  # fmt: skip

    def is_settled(self, mono_ns: int) -> bool:
        """Whether every camera had its time to come."""
        return all(mono_ns - asked_ns >= self._missing_ns for asked_ns in self._asked_ns.values())

    def _look_at(self, camera_id: str, seen: CameraSeen, mono_ns: int) -> None:
        asked_ns = self._asked_ns.setdefault(camera_id, mono_ns)
        is_good = seen.wrote_mono_ns > 0 and mono_ns - seen.wrote_mono_ns < self._missing_ns
        if seen.reason in (NO_SOURCE, REFUSED) or (not is_good and mono_ns - asked_ns >= self._missing_ns):
            self._good_ns.pop(camera_id, None)
            before = self._missing.get(camera_id)
            if before is None or before.reason != (seen.reason or SILENT):
                self._missing[camera_id] = CameraMissing(
                    camera_id=camera_id, since_ns=seen.newest_ns, reason=seen.reason or SILENT
                )
        elif is_good and camera_id in self._missing:
            since_ns = self._good_ns.setdefault(camera_id, mono_ns)
            if mono_ns - since_ns >= self._back_ns:
                del self._missing[camera_id]
