"""Whatever a camera sends: the pane says what is wrong, and nobody else notices."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from console.bench.badinput import damage
from console.bench.rtsp_camera import RtspCameras, rtsp_server_is_here
from console.paths import shipped
from console.video.source import Source
from tests.video.clips import make_clip
from tests.video.conftest import Bench

Start = Callable[..., Bench]
Playing = Callable[..., Source]
FEEDS = sorted((shipped("assets") / "feeds").glob("*.mp4"))
PATIENCE_S = 30.0


def test_bit_flipped_clips_crash_nobody_and_the_pane_beside_moves_on(
    start_engine: Start, clips: Path, playing: Playing
) -> None:
    """Sixteen of the thousand: `make soak` and `bongsu bench badinput` have them all."""
    chance = random.Random(11)
    bench = start_engine(workers=2)
    bench.show("good", playing())
    bench.until_moving("good")
    for number in range(16):
        data = bytearray(FEEDS[number % len(FEEDS)].read_bytes())
        damage(data, chance)
        (clips / f"flipped-{number}.mp4").write_bytes(data)
        bench.show(str(number), playing(f"flipped-{number}.mp4"), 320, 180)
    told: set[str] = set()

    def most_are_told() -> bool:
        told.update(str(n) for n in range(16) if bench.state(str(n)) in ("damaged", "no_signal"))
        assert bench.state("good") not in ("stalled", "no_signal", "damaged")
        return len(told) >= 13

    bench.until(most_are_told, "the damage to be told")
    bench.until_moving("good", pictures=20)
    assert bench.engine.health().restarts == 0


@pytest.mark.parametrize("name", ["empty.mp4", "zeros.mp4", "text.mp4", "sound.mp4", "head.mp4"])
def test_what_is_no_video_is_told_and_asked_again(
    start_engine: Start, clips: Path, playing: Playing, name: str
) -> None:
    path = clips / name
    if name == "sound.mp4":
        with av.open(str(path), "w") as container:
            tone = container.add_stream("aac", rate=48_000)
            for number in range(100):
                samples = av.AudioFrame.from_ndarray(
                    np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
                )
                samples.sample_rate, samples.pts = 48_000, number * 1024
                container.mux(tone.encode(samples))
            container.mux(tone.encode(None))
    elif name == "head.mp4":
        path.write_bytes((clips / "moving.mp4").read_bytes()[:500])
    else:
        path.write_bytes({"empty.mp4": b"", "zeros.mp4": bytes(100_000), "text.mp4": b"hello " * 999}[name])
    bench = start_engine()
    bench.show("bad", playing(name))
    bench.show("good", playing())
    bench.until_state("bad", "no_signal")
    told = bench.engine.pane_state("bad")
    assert told is not None
    assert told.reason in ("unreadable", "no_video")
    bench.until_moving("good", pictures=10)
    if name == "empty.mp4":  # somebody copies the clip there at last
        path.write_bytes((clips / "moving.mp4").read_bytes())
        bench.until_state("bad", "live")


class Stream:
    """A camera over HTTP that sends MPEG-TS as it is told, in real time, for ever."""

    def __init__(self, parts: list[bytes], pause_s: float) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._parts, self._pause_s = parts, pause_s
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept, name="stream")]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}/live.ts"

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                line = self._server.accept()[0]
            except OSError:
                return
            thread = threading.Thread(target=self._send, args=(line,), name="stream-client")
            self._threads.append(thread)
            thread.start()

    def _send(self, line: socket.socket) -> None:
        with line:
            try:
                line.recv(2000)
                line.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
                while True:
                    for part in self._parts:
                        for at in range(0, len(part), 188 * 7):
                            line.sendall(part[at : at + 188 * 7])
                            if self._ended.wait(self._pause_s):
                                return
            except OSError:
                return  # the viewer went

    def close(self) -> None:
        self._ended.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def streams() -> Iterator[Callable[[list[bytes], float], Stream]]:
    running: list[Stream] = []

    def start(parts: list[bytes], pause_s: float) -> Stream:
        running.append(Stream(parts, pause_s))
        return running[-1]

    yield start
    for one in running:
        one.close()


def transport_stream(path: Path, first_s: int, seconds: float = 2.0) -> bytes:
    """A piece of MPEG-TS whose time stamps begin at `first_s`."""
    whole = make_clip(path.with_suffix(".mp4"), seconds)
    with av.open(str(whole)) as given, av.open(str(path), "w", options={"mpegts_copyts": "1"}) as kept:
        stream = given.streams.video[0]
        copy = kept.add_stream_from_template(stream)
        for packet in given.demux(stream):
            if packet.size:
                packet.pts += int(first_s / stream.time_base)
                packet.dts += int(first_s / stream.time_base)
                packet.stream = copy
                kept.mux(packet)
    return path.read_bytes()


@pytest.mark.parametrize("starts_s", [(0, 0), (0, 7200), (7200, 0)], ids=["restart", "ahead", "back"])
def test_time_stamps_that_jump_or_begin_again_do_not_stop_the_picture(
    start_engine: Start, tmp_path: Path, streams: Callable[[list[bytes], float], Stream],
    starts_s: tuple[int, int],
) -> None:  # fmt: skip
    pieces = [transport_stream(tmp_path / f"{n}.ts", start_s) for n, start_s in enumerate(starts_s)]
    packets = sum(len(piece) // (188 * 7) for piece in pieces)
    served = streams(pieces, 4.0 / packets)
    bench = start_engine()
    bench.show("A", Source(kind="http", locator=served.url))
    bench.until_state("A", "live", "damaged")
    seen: set[str] = set()
    began_s = time.monotonic()

    def several_rounds() -> bool:
        seen.add(bench.state("A"))
        return time.monotonic() - began_s > 10

    bench.until(several_rounds, "ten seconds of it")
    assert seen <= {"live", "damaged", "delayed"}, "never stalled, never without a signal"
    bench.until_moving("A", pictures=20)


@pytest.mark.needs_rtsp
def test_a_camera_that_sends_sixty_a_second_and_claims_twenty_five_is_shown_as_it_comes(
    start_engine: Start, clips: Path
) -> None:
    if not rtsp_server_is_here():
        pytest.skip("GStreamer's RTSP server for the system's python3 is not on this machine")
    # The stream itself (its parameter sets) says 25; its time stamps, and the pace at which it comes, say 60.
    slow = make_clip(clips / "claims25.mp4", 8.0)
    with av.open(str(slow)) as given, av.open(str(clips / "sixty.mp4"), "w") as kept:
        stream = given.streams.video[0]
        copy = kept.add_stream_from_template(stream)
        for number, packet in enumerate(one for one in given.demux(stream) if one.size):
            packet.pts = packet.dts = round(number / 60 / stream.time_base)
            packet.stream = copy
            kept.mux(packet)
    bench = start_engine()
    with RtspCameras({"/camera": {"clip": str(clips / "sixty.mp4")}}) as served:
        bench.show("A", Source(kind="rtsp", locator=served.url()))
        bench.until_state("A", "live")
        seen: list[float] = []

        def fast() -> bool:
            told = bench.engine.pane_state("A")
            assert told is not None
            seen.append(told.fps)
            assert told.state in ("live", "delayed")
            return max(seen) > 40 and told.age_ms < 500

        bench.until(fast, "more than forty pictures a second")


@pytest.mark.soak
def test_a_thousand_damaged_clips_harm_nobody() -> None:
    """The whole figure, as the bench measures it."""
    told = subprocess.run(
        [sys.executable, "-m", "console.cli", "bench", "badinput", "--count", "1000", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    figures = msgspec.json.decode(told.stdout.strip().splitlines()[-1])
    assert figures["crashes"] == figures["worker_restarts"] == 0
    assert figures["told_share"] >= 0.95
    assert figures["damaged_seconds_badged_share"] >= 0.95


@pytest.mark.soak
@pytest.mark.parametrize("feed", FEEDS, ids=[feed.stem for feed in FEEDS])
def test_no_clean_feed_is_ever_called_frozen_or_damaged(start_engine: Start, feed: Path) -> None:
    """A whole round of it and the join."""
    bench = start_engine()
    bench.show("A", Source(kind="file", locator=str(feed), epoch_ns=time.time_ns()), 480, 270)
    bench.until_moving("A")
    seen: set[str] = set()
    until_s = time.monotonic() + 25

    def a_round() -> bool:
        seen.add(bench.state("A"))
        return time.monotonic() > until_s

    bench.until(a_round, "a round")
    assert not seen & {"frozen", "damaged", "no_signal"}
    assert ("covered" in seen) == (feed.stem == "lens_covered")
