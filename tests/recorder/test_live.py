"""Cameras on the network, recorded: a real RTSP server (GStreamer's) and servers that misbehave."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import av
import pytest

from console.bench.rtsp_camera import RtspCameras
from console.clock import SECOND_NS
from console.footage.record import StoredPacket
from console.video.source import Credential, Source
from tests.recorder.conftest import Room, quick
from tests.video.clips import FPS, make_clip

PASSWORD, OTHER = "c4nary/p@ss", "s3cond/p@ss"
pytestmark = [pytest.mark.needs_rtsp, pytest.mark.usefixtures("rtsp_server")]
QUICK = quick(camera={"missing_after_s": 2.0, "back_after_s": 1.0, "timeout_s": 2.0})


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("live") / "moving.mp4")


@contextmanager
def serving(clip: Path, password: str = "", **mount: object) -> Iterator[RtspCameras]:
    with RtspCameras({"/camera": {"clip": str(clip), **mount}}, password) as cameras:
        yield cameras


def camera(cameras: RtspCameras, **fields: object) -> Source:
    return Source(kind="rtsp", locator=cameras.url(), **fields)  # type: ignore[arg-type]


def decoded(packets: list[StoredPacket]) -> int:
    """How many pictures a decoder makes of them, without a single error."""
    decoder = av.CodecContext.create(packets[0].stream.codec, "r")
    decoder.extradata = packets[0].stream.extradata
    frames = [frame for one in packets for frame in decoder.decode(av.Packet(one.data))]
    frames += decoder.decode(None)
    assert not any(frame.is_corrupt for frame in frames)
    return len(frames)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_every_picture_of_a_camera_is_on_disk_at_its_time(room: Room, clip: Path, transport: str) -> None:
    with serving(clip, shared=False) as cameras:
        room.sources({"A": camera(cameras, transport=transport)})
        room.record()
        room.pictures("A", 8 * FPS)
        room.stop()
    packets = room.packets("A")
    # FFmpeg does not know the time of the very first packet yet.
    stamps = [packet.pts for packet in packets if packet.pts is not None]
    assert len(stamps) >= len(packets) - 1
    steps = {after - before for before, after in pairwise(stamps)}
    assert max(steps) - min(steps) <= 2, "none is missing: 40 ms of 90,000 a second apart"
    assert decoded(packets) == len(packets)
    walls = [packet.wall_ns for packet in packets]
    assert walls == sorted(walls)
    late = walls[3 * FPS :]
    assert abs((late[-1] - late[0]) / (len(late) - 1) - SECOND_NS / FPS) < 0.1 * SECOND_NS / FPS
    assert abs(walls[-1] - time.time_ns()) < 10 * SECOND_NS
    assert (packets[0].stream.width, packets[0].stream.height) == (160, 120)


def test_sound_is_never_asked_for(room: Room, clip: Path) -> None:
    with serving(clip, sound=True) as cameras:
        room.sources({"A": camera(cameras)})
        recorder = room.record()
        room.pictures("A", 3 * FPS)
        tap = recorder._taps["A"]
        room.stop()
    packets = room.packets("A")
    assert {packet.stream.codec for packet in packets} == {"h264"}
    assert tap.packets - len(packets) < FPS, "beside its pictures nothing came out of the demuxer"


def test_a_restarted_camera_in_another_size_goes_on_in_another_segment(room: Room, clip: Path) -> None:
    larger = make_clip(clip.with_name("larger.mp4"), 4.0, 320, 240)
    with serving(clip) as cameras:
        room.sources({"A": camera(cameras)})
        room.record(QUICK)
        room.pictures("A", 2 * FPS)
        cameras.stop()
        room.until(lambda: room.reports and room.reports[-1].missing, "the camera to be told as missing")
        (missing,) = room.reports[-1].missing
        assert missing.reason in ("connection_refused", "connection_closed")
        assert abs(missing.since_ns - room.packets("A")[-1].wall_ns) < 2 * SECOND_NS
        cameras.mounts["/camera"]["clip"] = str(larger)
        cameras.start()
        room.until(
            lambda: {one.stream.width for one in room.packets("A")} == {160, 320}, "pictures of both sizes"
        )
        room.until(lambda: not room.reports[-1].missing, "the camera to be told as recorded again")
        room.stop()
    first, second = room.spans("A")
    assert second.from_ns - first.to_ns > SECOND_NS, "the gap is shown as a gap"
    assert len(room.segments("A")) == 2


def test_a_hung_camera_is_left_and_taken_up_again(room: Room, clip: Path) -> None:
    with serving(clip) as cameras:
        room.sources({"A": camera(cameras)})
        room.record(QUICK)
        room.pictures("A", 2 * FPS)
        cameras.hang()
        room.until(lambda: room.reports and room.reports[-1].missing, "the camera to be told as missing")
        assert room.reports[-1].missing[0].reason == "timeout"
        hung_ns = room.packets("A")[-1].wall_ns
        cameras.resume()
        # First it sends in one go what it owes.
        until_ns = time.time_ns() + 6 * SECOND_NS
        room.until(lambda: room.packets("A")[-1].wall_ns > until_ns, "pictures again")
        room.until(lambda: not room.reports[-1].missing, "the camera to be told as recorded again")
    first, *_, last = room.spans("A")
    assert first.to_ns <= hung_ns < last.from_ns, "the gap is shown as a gap"
    assert last.to_ns > until_ns


def test_a_changed_password_is_told_nowhere_and_taken_over_from_the_book(
    room: Room, clip: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with serving(clip, PASSWORD) as cameras:
        source = camera(cameras, credential="gate")
        room.sources({"A": source}, {"gate": Credential(user="operator", password=PASSWORD)})
        room.record(QUICK)
        room.pictures("A", 2 * FPS)
        cameras.stop()
        cameras.password = OTHER
        cameras.start()
        room.until(
            lambda: room.reports and [one.reason for one in room.reports[-1].missing] == ["wrong_password"],
            "the wrong password to be told",
        )
        count = len(room.packets("A"))
        room.sources({"A": source}, {"gate": Credential(user="operator", password=OTHER)})
        room.pictures("A", count + 2 * FPS)
        room.stop()
    assert len(room.segments("A")) == 2, "another password begins another segment"
    for secret in (PASSWORD, OTHER, "c4nary", "s3cond"):
        assert secret not in caplog.text
        assert secret not in (room.home / "run" / "recorder.json").read_text()


class Sixty(http.server.BaseHTTPRequestHandler):
    """Sends sixty JPEGs a second; FFmpeg, which is told no rate, stamps them as twenty-five."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        due_s = time.monotonic()
        while not self.server.stopped.wait(max(0.0, due_s - time.monotonic())):  # type: ignore[attr-defined]
            due_s += 1 / 60
            picture: bytes = self.server.picture  # type: ignore[attr-defined]
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + picture + b"\r\n")
            except OSError:
                return

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def sixty(picture: bytes) -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sixty) as server:
        server.daemon_threads = False
        server.picture, server.stopped = picture, threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.stopped.set()  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def jpeg(path: Path, width: int, height: int) -> bytes:
    with av.open(str(make_clip(path, 0.2, width, height, codec="mjpeg"))) as container:
        return bytes(next(container.demux(video=0)))


def address_of(server: http.server.ThreadingHTTPServer) -> Source:
    return Source(kind="http", locator=f"http://127.0.0.1:{server.server_address[1]}/video")


def test_a_camera_that_changes_its_size_without_a_word_begins_a_segment(room: Room, tmp_path: Path) -> None:
    with sixty(jpeg(tmp_path / "one.avi", 160, 120)) as server:
        room.sources({"A": address_of(server)})
        room.record()
        room.pictures("A", 60)
        server.picture = jpeg(tmp_path / "two.avi", 320, 240)  # type: ignore[attr-defined]
        room.until(
            lambda: {(one.stream.width, one.stream.height) for one in room.packets("A")}
            == {(160, 120), (320, 240)},
            "pictures of both sizes",
        )  # fmt: skip
        room.stop()
    assert len(room.segments("A")) == 2
    assert len(room.spans("A")) == 1, "not one picture is missing between them"


def test_a_camera_of_sixty_pictures_that_claims_twenty_five_keeps_the_time(
    room: Room, tmp_path: Path
) -> None:
    with sixty(jpeg(tmp_path / "one.avi", 160, 120)) as server:
        room.sources({"A": address_of(server)})
        room.record()
        room.pictures("A", 10 * 60)
        room.stop()
    packets = room.packets("A")
    stamps = [packet.pts for packet in packets]
    assert stamps[-1] is not None
    assert float(stamps[-1] * packets[-1].stream.time_base) > 20, "the stamps claim twice the time"
    walls = [packet.wall_ns for packet in packets][5 * 60 :]
    assert walls == sorted(walls)
    # A machine with other work sends fewer, never more.
    rate = (len(walls) - 1) * SECOND_NS / (walls[-1] - walls[0])
    assert 40 < rate < 65
    assert len(set(walls)) > 0.5 * len(walls), "most at a time of their own, on a busy machine too"


def test_a_stream_without_key_pictures_is_told_and_takes_no_room(room: Room, tmp_path: Path) -> None:
    """The one key picture at its beginning was sent before anybody asked."""
    long = make_clip(tmp_path / "one-key.mp4", 60.0, gop=100_000)
    with serving(long) as cameras, av.open(cameras.url(), options={"rtsp_transport": "tcp"}) as first:
        next(first.demux(video=0))
        room.sources({"A": camera(cameras)})
        room.record(QUICK)
        room.until(lambda: room.reports and room.reports[-1].missing, "the camera to be told as missing")
        assert room.reports[-1].missing[0].reason == "no_key"
        room.stop()
    assert room.segments("A") == []


@contextmanager
def silent_server() -> Iterator[str]:
    """Accepts everybody and says nothing."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            try:
                while True:
                    held.append(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"rtsp://127.0.0.1:{server.getsockname()[1]}/camera"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for one in held:
                one.close()


def test_servers_that_say_nothing_hold_up_nobody(room: Room, clip: Path) -> None:
    with silent_server() as url, serving(clip) as cameras:
        dead = {f"DEAD-{n}": Source(kind="rtsp", locator=url) for n in range(12)}
        room.sources({**dead, "A": camera(cameras)})
        room.record(QUICK)
        room.pictures("A", 3 * FPS)
        room.until(lambda: room.reports and room.reports[-1].missing, "the silent ones to be told")
        assert room.reports[-1].recorded == 1
        room.until(
            lambda: {one.reason for one in room.reports[-1].missing} == {"timeout"}, "the reason to be told"
        )
        room.stop()
