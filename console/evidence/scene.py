"""Stills and a short clip of a scene, for a hand-off: cut out of the recording by a process of its own.

Reads one `SceneJob` as JSON from its input, writes files into the job's folder, says a `SceneFound` as JSON
on its output. Privacy zones are hidden in stills; of a camera with zones there is no clip.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import cv2
import msgspec

from console.evidence.masking import hide_zones
from console.evidence.pictures import Pixels, at_most, group_at, picture_at
from console.evidence.remux import ClipFile, ending_for, parts
from console.footage.layout import GAP_NS
from console.footage.store import FootageStore
from console.model.scenepictures import SceneCamera, SceneFile, SceneFound, SceneJob
from console.paths import private_folder, write_private

WIDTH_PX, SMALL_PX = 1280, 320
"""What a partner is sent, and what fits into a draft (ours)."""
QUALITY = 85


def found_of(job: SceneJob) -> SceneFound:
    """Cut it out. What is not recorded or cannot be read is left out. Raises OSError for the folder."""
    folder = private_folder(Path(job.folder))
    store = FootageStore(Path(job.footage))
    stills = []
    for camera in job.cameras:
        # Where there is none of that very moment (a recorder is a little behind), the newest before it.
        newest = tuple(span.to_ns for span in store.spans(camera.id, job.from_ns, job.to_ns)[-1:])
        made = _still(store, folder, camera, (*job.at_ns, *newest))
        if made is not None:
            stills.append(made)
    clips = (_clip(store, folder, one, job) for one in job.cameras if not one.zones)
    return SceneFound(stills=tuple(stills), clip=next((one for one in clips if one is not None), None))


def _still(
    store: FootageStore, folder: Path, camera: SceneCamera, moments: tuple[int, ...]
) -> SceneFile | None:
    for at_ns in moments:
        group = group_at(store, camera.id, at_ns)
        if not group or at_ns - group[-1].wall_ns > GAP_NS or group[0].wall_ns - at_ns > GAP_NS:
            continue
        picture = picture_at(group, at_ns)
        if picture is None:
            continue
        pixels, _ = hide_zones(picture.pixels, camera.zones) if camera.zones else (picture.pixels, None)
        name = f"{camera.id}-{picture.wall_ns // 1_000_000}"
        data, small = _jpeg(at_most(pixels, WIDTH_PX)), _jpeg(at_most(pixels, SMALL_PX))
        write_private(folder / f"{name}.jpg", data)
        write_private(folder / f"{name}.small.jpg", small)
        return SceneFile(
            camera_id=camera.id, at_ns=picture.wall_ns, name=f"{name}.jpg", mime_type="image/jpeg",
            size=len(data), sha1=_sha1(data), sha256=hashlib.sha256(data).hexdigest(),
            small=f"{name}.small.jpg",
        )  # fmt: skip
    return None


def _clip(store: FootageStore, folder: Path, camera: SceneCamera, job: SceneJob) -> SceneFile | None:
    """The first stretch without a gap; most of it, where there is one."""
    file: ClipFile | None = None
    for begins, packet in parts(store, camera.id, job.from_ns, job.to_ns):
        if file is None:
            name = f"{camera.id}-{packet.wall_ns // 1_000_000}{ending_for(packet.stream.codec)}"
            file = ClipFile(folder / name, packet.stream)
        elif begins:
            break
        file.add(packet)
    if file is None:
        return None
    figures = file.close()
    file.path.chmod(0o600)
    data = file.path.read_bytes()
    mime = "video/mp4" if file.path.suffix == ".mp4" else "video/x-matroska"
    return SceneFile(
        camera_id=camera.id, at_ns=file.first_ns, name=file.path.name, mime_type=mime, size=len(data),
        sha1=_sha1(data), sha256=hashlib.sha256(data).hexdigest(), seconds=round(figures.seconds, 1),
    )  # fmt: skip


def _jpeg(pixels: Pixels) -> bytes:
    good, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not good:
        raise ValueError("the picture cannot be written as JPEG")
    made: Any = data
    return bytes(made)


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def main() -> int:
    """0, or 1 with the reason on stderr."""
    os.nice(5)  # the room's own work goes first
    try:
        found = found_of(msgspec.json.decode(sys.stdin.buffer.read(), type=SceneJob))
    except (OSError, ValueError, msgspec.MsgspecError) as problem:
        sys.stderr.write(f"{type(problem).__name__}: {problem}\n")
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
