"""The exporting process: one job from its input, JSON lines to its output, and its end.

Started as `python -m console.evidence.process`. Input: one JSON `ExportJob` or, with the word `still`, a
`StillJob`. Output: a line for each step; the last one is `done` or `failed`. A still is answered with one
line of JSON (`width`, `height`, `wall_ns`) and the raw picture, BGR. SIGTERM ends it and leaves nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import msgspec

from console.evidence.job import ExportFailed, ExportJob, Failed, Progress, StillJob, Told

NICENESS = 10
"""Pictures and alarms come first."""


def main(words: list[str]) -> int:
    """0 when it is done."""
    signal.signal(signal.SIGTERM, _stop)
    os.nice(NICENESS)
    told = sys.stdin.buffer.read()
    if words == ["still"]:
        return _still(msgspec.json.decode(told, type=StillJob))
    from console.evidence.export import export

    try:
        _tell(export(msgspec.json.decode(told, type=ExportJob), _tell))
    except ExportFailed as failed:
        _tell(Failed(code=failed.code, detail=failed.detail))
        return 1
    except (SystemExit, BrokenPipeError):
        return 2
    return 0


def _stop(*_: object) -> None:
    # Once: the second of two signals must not break the cleaning up.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(2)


def _tell(told: Told | Progress) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


def _still(job: StillJob) -> int:
    from console.evidence.masking import hide_zones
    from console.evidence.pictures import at_most, group_at, picture_at
    from console.footage.layout import FOLDER
    from console.footage.store import FootageStore

    store = FootageStore(Path(job.home) / FOLDER)
    found = picture_at(group_at(store, job.camera_id, job.at_ns), job.at_ns)
    if found is None:
        _tell(Failed(code="no_footage"))
        return 1
    pixels = at_most(hide_zones(found.pixels, job.zones)[0], job.width_px)
    head = {"width": pixels.shape[1], "height": pixels.shape[0], "wall_ns": found.wall_ns}
    sys.stdout.buffer.write(msgspec.json.encode(head) + b"\n" + pixels.tobytes())
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
