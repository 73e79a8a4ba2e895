"""Every kind of picture a camera or a clip may have, in a real pane."""

from __future__ import annotations

import functools
import http.server
import struct
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from console.bench.rtsp_camera import RtspCameras, rtsp_server_is_here
from console.video.condition import PaneState
from console.video.source import Source
from tests.video.certificates import self_made_certificate
from tests.video.clips import FPS, make_clip, number_in, numbered
from tests.video.conftest import Bench
from tests.video.test_opening import with_sound

Start = Callable[..., Bench]
Playing = Callable[..., Source]


def encoded(
    path: Path, pictures: list[np.ndarray], codec: str = "libx264", pix_fmt: str = "yuv420p",
    times_ms: list[int] | None = None, aspect: Fraction | None = None, **options: str,
) -> Path:  # fmt: skip
    """Write pictures as they are, at the times given or 25 a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=FPS)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.gop_size, stream.options = pix_fmt, FPS, options
        stream.codec_context.time_base = Fraction(1, 1000)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pix_fmt)
            frame.pts = times_ms[number] if times_ms is not None else number * 40
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def shown(
    start_engine: Start, source: Source, width: int = 480, height: int = 270
) -> tuple[Bench, PaneState]:
    bench = start_engine()
    bench.show("A", source, width, height)
    bench.until_state("A", "live")
    bench.until_moving("A", pictures=5)
    told = bench.engine.pane_state("A")
    assert told is not None
    assert told.corrupt == 0
    return bench, told


@pytest.mark.parametrize(
    ("name", "codec", "told_codec"),
    [
        ("h264.mp4", "libx264", "h264"),
        ("hevc.mp4", "libx265", "hevc"),
        ("jpeg.avi", "mjpeg", "mjpeg"),
        ("four.avi", "mpeg4", "mpeg4"),
        ("stream.ts", "libx264", "h264"),
        ("nine.webm", "libvpx-vp9", "vp9"),
    ],
)
def test_a_clip_of_each_codec_moves(
    start_engine: Start, clips: Path, playing: Playing, name: str, codec: str, told_codec: str
) -> None:
    make_clip(clips / name, 2.0, codec=codec)
    bench, told = shown(start_engine, playing(name), 160, 120)
    assert (told.codec, told.width, told.height) == (told_codec, 160, 120)
    assert number_in(bench.picture("A")) < 50


@pytest.mark.parametrize(
    ("width", "height", "codec", "pix_fmt"),
    [(161, 121, "mjpeg", "yuvj420p"), (161, 121, "libx264", "yuv444p"), (34, 18, "libx264", "yuv420p"),
     (1366, 770, "libx264", "yuv420p"), (120, 480, "libx264", "yuv420p")],
)  # fmt: skip
def test_odd_narrow_and_portrait_sizes_keep_their_shape(
    start_engine: Start, clips: Path, playing: Playing, width: int, height: int, codec: str, pix_fmt: str
) -> None:
    name = f"{width}x{height}-{codec}.avi"
    if not (clips / name).exists():
        encoded(clips / name, [numbered(number, width, height) for number in range(25)], codec, pix_fmt)
    bench, told = shown(start_engine, playing(name))
    assert (told.width, told.height) == (width, height)
    high, wide = bench.picture("A").shape[:2]
    assert wide / high == pytest.approx(width / height, rel=0.06)
    assert wide >= 476 or high >= 254, "as large as fits"
    assert number_in(bench.picture("A")) < 25


def test_pixels_that_are_not_square_are_shown_in_their_shape(
    start_engine: Start, clips: Path, playing: Playing
) -> None:
    """PAL, 720x576 for a picture of 4:3."""
    pictures = [numbered(number, 720, 576) for number in range(25)]
    encoded(clips / "pal.mp4", pictures, aspect=Fraction(16, 15))
    bench, told = shown(start_engine, playing("pal.mp4"))
    assert (told.width, told.height) == (720, 576)
    high, wide = bench.picture("A").shape[:2]
    assert wide / high == pytest.approx(4 / 3, rel=0.02)


def test_a_picture_whose_rate_varies_is_shown_at_its_own_times(
    start_engine: Start, clips: Path, playing: Playing
) -> None:
    """5 pictures a second, then 25, as cameras do that save bits at night."""
    times_ms = [*range(0, 2000, 200), *range(2000, 4000, 40)]
    pictures = [numbered(number, 160, 120) for number in range(len(times_ms))]
    encoded(clips / "varying.mp4", pictures, times_ms=times_ms)
    source = playing("varying.mp4")
    bench, _ = shown(start_engine, source, 160, 120)
    seen: dict[int, int] = {}

    def all_of_it() -> bool:
        picture = bench.engine.newest("A")
        assert picture is not None
        seen[number_in(bench.picture("A"))] = (picture.taken_at_ns - source.epoch_ns) // 1_000_000 % 4000
        assert bench.state("A") == "live"
        return len(seen) >= 40 and min(seen) < 10

    bench.until(all_of_it, "slow and fast pictures")
    for number, at_ms in seen.items():
        assert times_ms[number] == pytest.approx(at_ms, abs=2)


def turned_clip(path: Path, quarter_turns: int) -> Path:
    """A clip whose head says that it lies on its side: clockwise quarter turns put it upright."""
    make_clip(path, 2.0, 160, 120, faststart=True)
    data = bytearray(path.read_bytes())
    cos, sin = [(1, 0), (0, 1), (-1, 0), (0, -1)][quarter_turns]
    at = data.index(b"tkhd") + 4 + 40
    one = 1 << 16
    data[at : at + 36] = struct.pack(">9i", cos * one, sin * one, 0, -sin * one, cos * one, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_camera_hung_sideways_or_upside_down_is_shown_upright(
    start_engine: Start, clips: Path, playing: Playing, quarter_turns: int
) -> None:
    turned_clip(clips / f"turned{quarter_turns}.mp4", quarter_turns)
    bench, told = shown(start_engine, playing(f"turned{quarter_turns}.mp4"), 240, 240)
    picture = bench.picture("A")
    back = np.rot90(picture, quarter_turns)  # lay it down again, against the clock
    assert (told.width, told.height) == ((120, 160) if quarter_turns % 2 else (160, 120))
    assert back.shape[1] > back.shape[0]
    light = back[back.shape[0] // 2, :, 1].max()
    assert light > 200 or number_in(back) == 0, "the bars stand upright in it"
    assert back[2, 2, 1] < 100


def combed(number: int) -> np.ndarray:
    """A light box that moves to the right: the odd lines show it a fiftieth of a second later."""
    picture = np.full((240, 320, 3), 40, np.uint8)
    for line in range(2):
        left = (number * 2 + line) * 8 % 240
        picture[60 + line : 180 : 2, left : left + 60] = 220
    return picture


def combing(luma: np.ndarray) -> float:
    """How much neighbouring lines differ more than lines two apart do, inside the box."""
    middle = luma[luma.shape[0] * 3 // 8 : luma.shape[0] * 5 // 8].astype(int)
    return float(np.abs(middle[1:-1] - middle[:-2]).mean() - np.abs(middle[2:] - middle[:-2]).mean())


@pytest.mark.parametrize("pane_height", [120, 240])
def test_interlaced_pictures_have_no_combs(
    start_engine: Start, clips: Path, playing: Playing, pane_height: int
) -> None:
    """In a small pane, for which half the lines are enough, and in one that shows them all."""
    if not (clips / "interlaced.mp4").exists():
        pictures = [combed(number) for number in range(50)]
        encoded(clips / "interlaced.mp4", pictures, **{"x264-params": "tff=1:bframes=0", "crf": "10"})
    assert combing(combed(7)[:, :, 1]) > 5
    bench, _ = shown(start_engine, playing("interlaced.mp4"), pane_height * 4 // 3, pane_height)
    for _ in range(5):
        bench.until_moving("A", pictures=1)
        assert combing(bench.picture("A")[:, :, 1]) < 1


# from the network


@pytest.fixture
def cameras(clips: Path) -> Iterator[Callable[..., RtspCameras]]:
    if not rtsp_server_is_here():
        pytest.skip("GStreamer's RTSP server for the system's python3 is not on this machine")
    running: list[RtspCameras] = []

    def start(clip: str, **fields: object) -> RtspCameras:
        security = {key: fields.pop(key) for key in ("certificate", "key") if key in fields}
        served = RtspCameras({"/camera": {"clip": str(clips / clip), **fields}}, **security)  # type: ignore[arg-type]
        running.append(served)
        served.start()
        return served

    yield start
    for one in running:
        one.stop()


def rtsp(url: str, transport: str = "tcp", **fields: object) -> Source:
    return Source(kind="rtsp", locator=url, transport=transport, **fields)  # type: ignore[arg-type]


@pytest.mark.needs_rtsp
@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(
    ("name", "codec", "told_codec"),
    [("r264.mp4", "libx264", "h264"), ("r265.mp4", "libx265", "hevc"), ("rjpeg.avi", "mjpeg", "mjpeg")],
)
def test_a_camera_of_each_codec_moves_over_tcp_and_udp(
    start_engine: Start, clips: Path, cameras: Callable[..., RtspCameras], name: str, codec: str,
    told_codec: str, transport: str,
) -> None:  # fmt: skip
    if not (clips / name).exists():
        make_clip(clips / name, 2.0, codec=codec)
    bench, told = shown(start_engine, rtsp(cameras(name).url(), transport), 160, 120)
    assert (told.codec, told.width, told.height) == (told_codec, 160, 120)
    assert number_in(bench.picture("A")) < 50


@pytest.mark.needs_rtsp
def test_an_encrypted_camera_with_a_known_certificate_moves_and_a_strangers_does_not(
    start_engine: Start, cameras: Callable[..., RtspCameras], tmp_path: Path, clips: Path
) -> None:
    certificate, key = self_made_certificate(tmp_path)
    served = cameras("moving.mp4", certificate=str(certificate), key=str(key))
    assert served.url().startswith("rtsps://")
    bench = start_engine()
    bench.show("known", rtsp(served.url(), certificate=str(certificate)))
    bench.show("stranger", rtsp(served.url()))
    bench.until_state("known", "live")
    bench.until_state("stranger", "refused")
    told = bench.engine.pane_state("stranger")
    assert told is not None
    assert told.reason == "not_trusted"


@pytest.mark.needs_rtsp
@pytest.mark.parametrize("ahead_s", [-3600.0, 0.0, 37.0])
def test_the_cameras_own_clock_is_told(
    start_engine: Start, cameras: Callable[..., RtspCameras], ahead_s: float
) -> None:
    """Behind the truth by what a picture takes to get here, which is not known; never far ahead of it."""
    fields = {"clock_ahead_s": ahead_s} if ahead_s else {}
    bench, _ = shown(start_engine, rtsp(cameras("moving.mp4", **fields).url()), 160, 120)

    def told() -> int | None:
        state = bench.engine.pane_state("A")
        assert state is not None
        return state.clock_offset_ms

    bench.until(lambda: told() is not None, "the camera to tell its time (RTCP)")
    assert ahead_s * 1000 - 500 < told() <= ahead_s * 1000 + 20  # type: ignore[operator]


@pytest.mark.needs_rtsp
def test_the_sound_of_a_camera_is_never_asked_for(
    start_engine: Start, cameras: Callable[..., RtspCameras]
) -> None:
    served = cameras("moving.mp4", sound=True)
    with av.open(served.url(), options={"rtsp_transport": "tcp"}, timeout=10) as plain:
        assert {stream.type for stream in plain.streams} == {"video", "audio"}, "the camera has a microphone"
    from console.video.camera import options_for
    from console.video.opening import open_video

    opened = open_video(served.url(), options_for(rtsp(served.url())), 5.0)
    with opened.container:
        assert [stream.type for stream in opened.container.streams] == ["video"]
    shown(start_engine, rtsp(served.url()), 160, 120)


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web(clips: Path) -> Iterator[str]:
    """A small web server with the folder of clips."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Files, directory=str(clips))
    )
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, name="web")
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("name", ["web.mp4", "web.mkv", "web.ts"])
def test_a_file_behind_http_plays_video_only(start_engine: Start, clips: Path, web: str, name: str) -> None:
    """Sound in it is not decoded: no decoder of sound may be opened (test_opening.py)."""
    with_sound(clips / name)
    bench = start_engine()
    bench.show("A", Source(kind="http", locator=f"{web}/{name}"), 160, 120)
    bench.until_moving("A", pictures=20)
    told = bench.engine.pane_state("A")
    assert told is not None
    assert told.codec == "h264"
