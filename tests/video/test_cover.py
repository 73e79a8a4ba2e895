"""A covered lens is found on the recorded feeds, and an open one never taken for covered."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from console.video.cover import COVERED_AFTER_NS, HEIGHT, WIDTH, CoverDetector, featureless, shrunk

FEEDS = Path(__file__).resolve().parents[2] / "assets" / "feeds"
HALF_NS = 500_000_000


def blind_seconds(clip: Path, every: int = 8) -> list[float]:
    """At which times of a clip nothing can be made out."""
    shrink = VideoReformatter()
    with av.open(str(clip)) as container:
        return [
            float(frame.time or 0)
            for number, frame in enumerate(container.decode(video=0))
            if number % every == 0 and featureless(shrunk(frame, shrink))
        ]


def picture(luma: np.ndarray) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(luma), format="gray")


DARK = picture(np.full((360, 640), 20, np.uint8))
SCENE = picture(np.tile(np.arange(0, 200, 10, dtype=np.uint8), (360, 32)))


@pytest.mark.parametrize("clip", sorted(FEEDS.glob("*.mp4")), ids=lambda one: one.stem)
def test_only_the_covered_seconds_of_the_covered_clip_are_featureless(clip: Path) -> None:
    blind = blind_seconds(clip)
    if clip.stem == "lens_covered":
        assert min(blind) >= 8.5
        assert max(blind) <= 18.5
        assert max(blind) - min(blind) > 6
    else:
        assert blind == []


@pytest.mark.needs_shared_data
def test_a_real_camera_is_not_taken_for_covered(shared_data: Path) -> None:
    assert blind_seconds(shared_data / "video" / "pets2009_s2l1" / "vtest.avi", every=40) == []


def test_it_is_said_after_three_seconds_and_taken_back_at_once() -> None:
    detector = CoverDetector()
    now = 10**12
    for _ in range(COVERED_AFTER_NS // HALF_NS):
        detector.see(DARK, now)
        assert not detector.covered
        now += HALF_NS
    detector.see(DARK, now)
    assert detector.covered
    detector.see(SCENE, now + HALF_NS)
    assert not detector.covered


def test_a_pause_between_two_dark_pictures_proves_nothing() -> None:
    detector = CoverDetector()
    detector.see(DARK, 10**12)
    detector.see(DARK, 10**12 + 60 * 10**9)
    assert not detector.covered


def test_faint_noise_is_not_a_scene_and_a_faint_checkerboard_is() -> None:
    """Edges count where contrast is low: fog over a street still has its kerbs."""
    noise = np.random.default_rng(1).integers(95, 106, (HEIGHT, WIDTH)).astype(np.uint8)
    board = (np.indices((HEIGHT, WIDTH)).sum(axis=0) % 2 * 8 + 96).astype(np.uint8)
    assert featureless((noise // 4 + 70).astype(np.uint8).tobytes())
    assert not featureless(board.tobytes())
