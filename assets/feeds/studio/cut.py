"""Cuts a stretch of a clip into a clip of its own, with its truth: studio.cut FOLDER OLD NEW FROM_S TO_S"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def cut(folder: Path, old: str, new: str, from_s: float, to_s: float) -> None:
    """Encode frames FROM_S .. TO_S of OLD as NEW; events outside the stretch are dropped, others shifted."""
    truth = json.loads((folder / f"{old}.truth.json").read_text(encoding="utf-8"))
    fps = truth["fps"]
    first, last = round(from_s * fps), round(to_s * fps)
    frames = last - first
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-i", str(folder / f"{old}.mp4"),
         "-vf", f"trim=start_frame={first}:end_frame={last},setpts=PTS-STARTPTS", "-an",
         "-c:v", "libx264", "-preset", "slow", "-crf", "23", "-g", str(2 * fps), "-bf", "0",
         "-pix_fmt", "yuv420p", "-r", str(fps), "-movflags", "+faststart", str(folder / f"{new}.mp4")],
        check=True,
    )
    objects = []
    for told in truth["objects"]:
        boxes = [[box[0] - first, *box[1:]] for box in told["boxes"] if first <= box[0] < last]
        if boxes:
            objects.append({**told, "boxes": boxes})
    kept = {one["id"] for one in objects}
    events = [
        {**event, "start_s": round(event["start_s"] - from_s, 2), "end_s": round(event["end_s"] - from_s, 2)}
        for event in truth["events"]
        if event["start_s"] >= from_s and event["end_s"] <= to_s and set(event["object_ids"]) <= kept
    ]
    truth |= {"clip": f"{new}.mp4", "frames": frames, "objects": objects, "events": events}
    (folder / f"{new}.truth.json").write_text(
        json.dumps(truth, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )


if __name__ == "__main__":
    cut(Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5]))
