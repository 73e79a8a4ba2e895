"""Writes a clip (H.264, no B-frames, two-second groups) and its truth file."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

from .plate_view import H, W

LICENCE = "Apache-2.0"


class Reel:
    """An open clip; `add` takes 8-bit BGR frames."""

    def __init__(self, path: Path, fps: int, crf: int, maxrate_kbps: int = 950) -> None:
        self._process = subprocess.Popen(
            [
                "ffmpeg",
                "-y",
                "-loglevel",
                "error",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "bgr24",
                "-s",
                f"{W}x{H}",
                "-r",
                str(fps),
                "-i",
                "-",
                "-an",
                "-c:v",
                "libx264",
                "-preset",
                "slow",
                "-crf",
                str(crf),
                "-pix_fmt",
                "yuv420p",
                "-bf",
                "0",
                "-g",
                str(2 * fps),
                "-keyint_min",
                str(fps),
                "-sc_threshold",
                "0",
                "-maxrate",
                f"{maxrate_kbps}k",
                "-bufsize",
                f"{2 * maxrate_kbps}k",
                "-threads",
                "1",
                "-map_metadata",
                "-1",
                "-fflags",
                "+bitexact",
                "-flags:v",
                "+bitexact",
                "-movflags",
                "+faststart",
                str(path),
            ],
            stdin=subprocess.PIPE,
        )

    def add(self, frame) -> None:
        self._process.stdin.write(frame.tobytes())

    def close(self) -> None:
        self._process.stdin.close()
        if self._process.wait() != 0:
            raise RuntimeError("ffmpeg ended with an error; its message is above")


class Truth:
    """Collects boxes and events and writes them beside the clip."""

    def __init__(self, facts: dict) -> None:
        self._facts, self._boxes, self._kinds = facts, {}, {}

    def see(self, frame: int, kind_of, boxes) -> None:
        for number, x, y, w, h in boxes:
            self._kinds[number] = kind_of(number)
            self._boxes.setdefault(number, []).append(
                [frame, round(x, 1), round(y, 1), round(w, 1), round(h, 1)]
            )

    def write(self, path: Path, events: list[dict]) -> None:
        for event in events:  # only those that can be seen meanwhile
            first, last = event["start_s"] * self._facts["fps"], event["end_s"] * self._facts["fps"]
            event["object_ids"] = [
                n
                for n in event["object_ids"]
                if any(first <= box[0] <= last for box in self._boxes.get(n, ()))
            ]
        objects = [{"id": n, "kind": self._kinds[n], "boxes": self._boxes[n]} for n in sorted(self._boxes)]
        facts = {**self._facts, "licence": LICENCE, "objects": objects, "events": events}
        path.write_text(json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
