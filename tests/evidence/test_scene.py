"""Stills and a clip for a hand-off: what was recorded, privacy zones hidden, and nothing where nothing is."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np

from console.clock import SECOND_NS
from console.evidence.masking import ZONE_BGR
from console.evidence.scene import SMALL_PX, found_of
from console.footage.layout import FOLDER
from console.model.footage import MaskZone
from console.model.scenepictures import SceneCamera, SceneFound, SceneJob
from tests.evidence.rig import BEGIN_NS, record

WHOLE = MaskZone(name="z", points=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


def job(home: Path, *cameras: SceneCamera, at_s: float = 3.0, to_s: float = 6.0) -> SceneJob:
    return SceneJob(
        footage=str(home / FOLDER), folder=str(home / "out"), cameras=cameras,
        at_ns=(BEGIN_NS + int(at_s * SECOND_NS),), from_ns=BEGIN_NS, to_ns=BEGIN_NS + int(to_s * SECOND_NS),
    )  # fmt: skip


def test_a_still_of_each_camera_and_a_clip_of_the_first(tmp_path: Path) -> None:
    record(tmp_path)
    record(tmp_path, "CAM-2", "car_park")
    found = found_of(job(tmp_path, SceneCamera(id="CAM-1"), SceneCamera(id="CAM-2"), SceneCamera(id="CAM-9")))
    assert [one.camera_id for one in found.stills] == ["CAM-1", "CAM-2"]
    for still in found.stills:
        data = (tmp_path / "out" / still.name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (still.size, still.sha256)
        small = cv2.imread(str(tmp_path / "out" / still.small))
        assert small.shape[1] <= SMALL_PX
        assert abs(still.at_ns - (BEGIN_NS + 3 * SECOND_NS)) < SECOND_NS
    clip = found.clip
    assert clip is not None
    assert (clip.camera_id, clip.mime_type) == ("CAM-1", "video/mp4")
    assert 5.0 < clip.seconds <= 6.5
    with av.open(str(tmp_path / "out" / clip.name)) as opened:
        assert sum(1 for _ in opened.decode(video=0)) > 50


def test_a_privacy_zone_is_hidden_in_the_still_and_there_is_no_clip_of_it(tmp_path: Path) -> None:
    record(tmp_path)
    found = found_of(job(tmp_path, SceneCamera(id="CAM-1", zones=(WHOLE,))))
    assert found.clip is None
    pixels = cv2.imread(str(tmp_path / "out" / found.stills[0].name))
    assert np.abs(pixels.astype(int) - np.array(ZONE_BGR)).max() < 12


def test_where_nothing_was_recorded_nothing_is_found(tmp_path: Path) -> None:
    assert found_of(job(tmp_path, SceneCamera(id="CAM-1"))) == SceneFound()
    record(tmp_path)
    assert found_of(job(tmp_path, SceneCamera(id="CAM-1"), at_s=3600, to_s=-10)).stills == ()


def test_it_is_a_process_that_says_what_it_found_or_why_not(tmp_path: Path) -> None:
    record(tmp_path)
    asked = msgspec.json.encode(job(tmp_path, SceneCamera(id="CAM-1")))
    done = subprocess.run(
        [sys.executable, "-m", "console.evidence.scene"], input=asked, capture_output=True, check=True
    )
    assert len(msgspec.json.decode(done.stdout, type=SceneFound).stills) == 1
    broken = subprocess.run(
        [sys.executable, "-m", "console.evidence.scene"], input=b"{", capture_output=True, check=False
    )
    assert (broken.returncode, broken.stdout) == (1, b"")
