"""What damage can be seen in a clip: second by second, against the same clip without it.

For measuring whether the badge tells the truth; nothing that runs in a console needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from console.video.clip import measure
from console.video.opening import open_video
from console.video.source import FORMATS, PROTOCOLS

Luma = npt.NDArray[np.uint8]
#: A pixel so different is seen to be different,
SEEN_GREY_LEVELS = 24
#: and a picture with such a share of them looks damaged: a block of 16x16 in one of 640x360 is 0.1 %.
SEEN_SHARE = 0.002


def pictures(path: Path, until_s: float) -> Iterator[tuple[float, Luma]]:
    """Time (s) and luma of what can be decoded of a clip's first `until_s`; ends where it cannot go on.
    Raises what opening raises."""
    options = {"protocol_whitelist": PROTOCOLS["file"], "format_whitelist": FORMATS["file"]}
    container, stream = open_video(str(path), options, 5.0)
    with container:
        facts = measure(container, stream)
        base = float(stream.time_base or 1)
        container.seek(facts.start, stream=stream)
        try:
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except (av.FFmpegError, IndexError):
                    continue
                for frame in frames:
                    if frame.pts is None:
                        continue
                    at_s = (frame.pts - facts.start) * base
                    if at_s >= until_s:
                        return
                    yield at_s, np.asarray(frame.reformat(format="gray").to_ndarray(), np.uint8)
        except (av.FFmpegError, OSError):
            return


def damaged_seconds(whole: dict[int, Luma], path: Path, until_s: float) -> set[int] | None:
    """The seconds of a clip in which damage can be seen or pictures are missing; None when it cannot be
    opened. `whole`: the pictures of the clip without damage, by time in ms."""
    bad: set[int] = set()
    seen: set[int] = set()
    try:
        for at_s, luma in pictures(path, until_s):
            at_ms = round(at_s * 1000)
            seen.add(at_ms)
            right = whole.get(at_ms)
            if right is None or right.shape != luma.shape or _differ(right, luma):
                bad.add(int(at_s))
    except (av.FFmpegError, IndexError, OSError, ValueError):
        return None
    return bad | {at_ms // 1000 for at_ms in whole if at_ms not in seen}


def _differ(right: Luma, luma: Luma) -> bool:
    apart = np.abs(right.astype(np.int16) - luma.astype(np.int16)) > SEEN_GREY_LEVELS
    return float(apart.mean()) > SEEN_SHARE
