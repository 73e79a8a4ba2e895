"""A stream joined in the middle of a group goes on from what the recorder has of it, and only from that."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.bench.rtsp_camera import RtspCameras, rtsp_server_is_here
from console.clock import SECOND_NS
from console.footage.layout import FOLDER
from console.footage.store import FootageStore
from console.footage.writer import write_clip
from console.video.book import SourceBook
from console.video.engine import VideoEngine
from console.video.head_start import LEAST_BYTES, beginning_of_group
from console.video.source import Source
from tests.video.clips import FPS, make_clip
from tests.video.conftest import Bench

BEGIN_NS = 1_700_000_000 * SECOND_NS
GROUP = 40


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FootageStore:
    folder = tmp_path_factory.mktemp("footage")
    clip = make_clip(folder / "numbers.mp4", seconds=4.0, gop=GROUP, noise=40)
    write_clip(folder, "A", clip, BEGIN_NS)
    write_clip(folder, "B", make_clip(folder / "others.mp4", seconds=4.0, gop=GROUP, noise=50), BEGIN_NS)
    return FootageStore(folder)


def sent(store: FootageStore) -> tuple[list[bytes], str, bytes]:
    packets = tuple(store.packets("A", BEGIN_NS))
    return [one.data for one in packets], packets[0].stream.codec, packets[0].stream.extradata


@given(joined=st.integers(1, GROUP // 2 - 1), came=st.integers(1, 30))
def test_wherever_a_stream_is_joined_the_group_goes_on_without_a_hole(
    store: FootageStore, joined: int, came: int
) -> None:
    """The clip's last group has 20 pictures: 100 pictures in groups of 40."""
    data, codec, extradata = sent(store)
    group = data[2 * GROUP :]
    live = group[joined : joined + came]
    assert min(map(len, live)) >= LEAST_BYTES
    found = beginning_of_group(store, "A", live, codec, extradata)
    assert found is not None
    assert [one.data for one in found.packets] + live[found.number :] == group[: joined + came]
    assert found.packets[0].is_key


@pytest.mark.parametrize("camera", ["B", "NEVER"])
def test_what_is_not_recorded_byte_by_byte_is_no_beginning(store: FootageStore, camera: str) -> None:
    data, codec, extradata = sent(store)
    assert beginning_of_group(store, camera, data[-5:], codec, extradata) is None


def test_another_codec_or_another_description_of_the_stream_is_no_beginning(store: FootageStore) -> None:
    data, codec, extradata = sent(store)
    assert beginning_of_group(store, "A", data[-5:], "hevc", extradata) is None
    assert beginning_of_group(store, "A", data[-5:], codec, extradata + b"x") is None


def test_short_packets_prove_nothing(store: FootageStore) -> None:
    _, codec, extradata = sent(store)
    assert beginning_of_group(store, "A", [b"\0\0\0\2\x09\x10"], codec, extradata) is None


@pytest.fixture
def lasting_group(tmp_path: Path) -> Iterator[RtspCameras]:
    """A camera for all clients alike, whose key pictures are a minute apart."""
    if not rtsp_server_is_here():
        pytest.skip("GStreamer's RTSP server for the system's python3 is not on this machine")
    clip = make_clip(tmp_path / "minute.mp4", seconds=60.0, gop=60 * FPS, noise=40)
    with RtspCameras({"/camera": {"clip": str(clip)}}) as camera:
        yield camera


@pytest.mark.needs_rtsp
def test_a_recorded_camera_shows_at_once_what_would_come_a_minute_later(
    lasting_group: RtspCameras, tmp_path: Path, wait_until: Callable[..., object]
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    source = Source(kind="rtsp", locator=lasting_group.url())
    SourceBook({"A": source}).save(home)
    recorder = subprocess.Popen([sys.executable, "-m", "console.cli", "recorder", "--home", str(home)])
    engine = VideoEngine(SourceBook({"A": source}), 1, home)
    try:
        store = FootageStore(home / FOLDER)

        def recorded() -> bool:
            store.refresh()
            edges = store.edges("A")
            return edges is not None and edges[1] - edges[0] > 2 * SECOND_NS

        wait_until(recorded, "two seconds on disk", 40.0)
        engine.start()
        bench = Bench(engine, wait_until)
        engine.show("A", "A", source, 160, 120)
        bench.until_state("A", "live")
        bench.until_moving("A", pictures=10)
        state = engine.pane_state("A")
        assert state is not None
        assert state.corrupt == 0
    finally:
        engine.stop()
        recorder.terminate()
        recorder.wait(20)
