"""Writes index.toml from the clips and truth files in a folder: python -m studio.list_clips FOLDER"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .film.reel import sha256

HEAD = """# The recorded feeds: every clip, what it shows, and which scenes it may stand for.
# Written by studio/list_clips.py; the truth file of each clip has the boxes and the event times.
licence = "Apache-2.0"

"""


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def index(folder: Path) -> str:
    clips, scenes = [], {}
    for truth_path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(truth_path.read_text(encoding="utf-8"))
        clip = folder / truth["clip"]
        stem = clip.stem
        scenes.setdefault(truth["scene"], []).append(stem)
        events = "".join(
            f"  {{ type = {_text(e['type'])}, start_s = {e['start_s']}, end_s = {e['end_s']}, "
            f"note = {_text(e['note'])} }},\n"
            for e in truth["events"]
        )
        lines = {
            "stem": _text(stem),
            "file": _text(clip.name),
            "truth": _text(truth_path.name),
            **{name: _text(truth[name]) for name in ("scene", "light", "weather")},
            **{name: truth[name] for name in ("width", "height", "fps", "frames")},
            "duration_s": truth["frames"] / truth["fps"],
            "bytes": clip.stat().st_size,
            "sha256": _text(sha256(clip)),
            "events": f"[\n{events}]",
        }
        clips.append("[[clip]]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items()))
    table = "[scenes]\n" + "".join(
        f"{scene} = [{', '.join(map(_text, stems))}]\n" for scene, stems in sorted(scenes.items())
    )
    return HEAD + table + "\n" + "\n".join(clips)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    (target / "index.toml").write_text(index(target), encoding="utf-8")
