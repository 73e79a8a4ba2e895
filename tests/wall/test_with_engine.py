"""The wall with the real engine: from a file to pixels, and the measurement of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from console.desk.board import Board
from console.language import Catalogue
from console.video.book import SourceBook
from console.video.engine import VideoEngine
from console.video.source import Source
from tests.video.clips import make_clip
from tests.wall.conftest import Shot
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.wall import WallWidget

PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("wall") / "moving.mp4", width=320, height=180)


@pytest.fixture
def living(
    clip: Path, cameras: tuple[str, ...], catalogue: Catalogue, board: Board, tokens: Tokens, pulse: Pulse
) -> Iterator[tuple[WallWidget, VideoEngine]]:
    """A wall of four cameras on a real engine with two workers."""
    sources = {
        camera: Source(kind="file", locator=str(clip), offset_s=number * 0.7)
        for number, camera in enumerate(cameras[:4])
    }
    engine = VideoEngine(SourceBook(sources, roots=[clip.parent]))
    engine.start()
    wall = WallWidget(engine, catalogue, board, tokens)
    wall.resize(642, 398)
    wall.set_grid(2)
    wall.follow(pulse)
    wall.show()
    yield wall, engine
    wall.release()
    wall.close()
    wall.deleteLater()
    engine.stop()


def test_a_clip_comes_all_the_way_to_the_pixels_and_goes_on_after_its_decoder_died(
    living: tuple[WallWidget, VideoEngine], cameras: tuple[str, ...], pulse: Pulse, shot: type[Shot],
    qt_wait_until: Callable[..., None], expected_logs: Callable[..., None],
) -> None:  # fmt: skip
    expected_logs("WARNING console.video.keeper: video worker", count=2)
    wall, engine = living
    painted: dict[str, int] = {}

    class Meter:
        def painted(self, camera_id: str, due_mono_ns: int) -> None:
            painted[camera_id] = painted.get(camera_id, 0) + 1

    def all_moving() -> bool:
        pulse.tick()
        return len(painted) == 4 and min(painted.values()) >= 5

    wall.meter = Meter()
    wall.set_layout(cameras[:4])
    wall.allow(cameras[:4])
    qt_wait_until(all_moving, lambda: f"all panes to move; painted {painted}", PATIENCE_S)
    place = wall.places()[0]
    assert place is not None
    x, y, width, height = place.picture
    assert (width, height) == (320, 180), "the picture is painted at its own size"
    image = shot(wall).image.copy(x, y, width, height)
    bars = [image.pixelColor(int((bit + 0.5) * width / 8), height // 2).green() for bit in range(8)]
    assert all(bar > 200 or bar < 50 for bar in bars), "one of the clip's pictures, not a mixture"
    assert sum((bar > 128) << bit for bit, bar in enumerate(bars)) < 100, "the clip has a hundred"
    for pid in engine.health().pids:
        os.kill(pid, signal.SIGKILL)
    qt_wait_until(lambda: engine.health().restarts == 2, "both deaths to be noticed", PATIENCE_S)
    painted.clear()
    qt_wait_until(all_moving, lambda: f"all panes to move again; painted {painted}", PATIENCE_S)


def test_a_zoomed_pane_is_decoded_in_the_camera_s_own_size_and_back(
    living: tuple[WallWidget, VideoEngine], cameras: tuple[str, ...], pulse: Pulse, shot: type[Shot],
    qt_wait_until: Callable[..., None],
) -> None:  # fmt: skip
    wall, engine = living
    wall.resize(322, 238)
    wall.set_layout(cameras[:4])
    wall.allow(cameras[:4])
    key = "wall", cameras[0]

    def size() -> tuple[int, int]:
        pulse.tick()
        picture = engine.newest(key)
        return (picture.width, picture.height) if picture is not None else (0, 0)

    qt_wait_until(lambda: 0 < size()[0] <= 160, lambda: f"a small picture; it is {size()}", PATIENCE_S)
    shot(wall)
    for _ in range(8):
        wall.zoom_in()
    qt_wait_until(lambda: size()[0] == 320, lambda: f"the camera's pixels; it is {size()}", PATIENCE_S)
    shot(wall)
    assert wall.zoom_of(cameras[0]).factor > 5
    wall.zoom_reset()
    qt_wait_until(lambda: 0 < size()[0] <= 160, lambda: f"the small size again; it is {size()}", PATIENCE_S)


def test_the_measurement_of_a_wall_gives_all_its_figures(clip: Path) -> None:
    program = (
        "import sys, json; from console.bench.wall import run;"
        "print(json.dumps(run(['--clip', sys.argv[1], '--panes', '4', '--seconds', '1'])))"
    )
    words = [sys.executable, "-c", program, str(clip)]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    figures = msgspec.json.decode(told.splitlines()[-1])
    assert figures["panes"] == 4
    assert figures["platform"] == "offscreen"
    assert 0 < figures["fps_per_pane_min"] <= figures["fps_per_pane_mean"] < 40
    for key in ("ui_gap_p99_ms", "ui_gap_max_ms", "cpu_seconds", "pss_mb", "latency_p99_ms"):
        assert figures[key] > 0
