"""The same pictures through ffmpeg's own `xstack`: what a wall in C costs that shows nothing."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from math import ceil
from pathlib import Path
from typing import NamedTuple


class Stacked(NamedTuple):
    """`cpu_s` for `pane_s` pane-seconds; `realtime` is how many times faster than the pictures' own time."""

    cpu_s: float
    pane_s: float
    realtime: float


class XstackError(Exception):
    """ffmpeg is not there, or refused; the text says which."""


def xstack(
    clip: Path, panes: int, columns: int, width: int, height: int, seconds: float, *, tuned: bool
) -> Stacked:
    """Decode `clip` `panes` times, scale each to width x height and put them side by side, at full speed.

    There is no encoder, no output and nothing on a screen. ffmpeg runs as it comes; `tuned`, with what makes
    it cheapest: one thread a decoder, the fastest scaler, and the decoders' loop filter left out as the wall
    does it in small panes. Raises XstackError.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        raise XstackError("ffmpeg is not installed (Debian, Ubuntu: apt-get install ffmpeg)")
    width, height = width - width % 2, height - height % 2
    words = [program, "-nostdin", "-v", "error", *(["-filter_complex_threads", "1"] if tuned else [])]
    decoder = ["-threads", "1", "-skip_loop_filter", "all"] if tuned else []
    for number in range(panes):
        words += [*decoder, "-stream_loop", "-1", "-ss", f"{number * 0.37 % 5:.2f}", "-i", str(clip)]
    scale = f"scale={width}:{height}" + (":flags=fast_bilinear" if tuned else "")
    scaled = [f"[{number}:v]setpts=PTS-STARTPTS,{scale}[p{number}]" for number in range(panes)]
    spots = [f"{width * (number % columns)}_{height * (number // columns)}" for number in range(panes)]
    names = "".join(f"[p{number}]" for number in range(panes))
    stack = f"{names}xstack=inputs={panes}:layout={'|'.join(spots)}[out]" if panes > 1 else "[p0]null[out]"
    words += ["-filter_complex", ";".join([*scaled, stack]), "-map", "[out]", "-t", str(ceil(seconds))]
    words += ["-f", "null", "-"]
    before, began_s = _children_s(), time.monotonic()
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          env={**os.environ, "AV_LOG_FORCE_NOCOLOR": "1"})  # fmt: skip
    took_s, cpu_s = time.monotonic() - began_s, _children_s() - before
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace")[-500:]
        raise XstackError(f"ffmpeg ended with {done.returncode}: {said}")
    return Stacked(cpu_s, panes * ceil(seconds), ceil(seconds) / took_s)


def _children_s() -> float:
    """Processor seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
