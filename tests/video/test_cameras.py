"""Cameras on the network: a real RTSP server (GStreamer's) and a real HTTP one."""

from __future__ import annotations

import http.server
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

import av
import numpy as np
import pytest

from console.bench.rtsp_camera import RtspCameras, rtsp_server_is_here
from console.paths import shipped
from console.video.source import Credential, Source, split_credentials
from tests.video.certificates import self_made_certificate
from tests.video.clips import numbered
from tests.video.conftest import Bench

FEED = shipped("assets") / "feeds" / "junction.mp4"
PASSWORD = "c4nary/p@ss word"
WRONG = "wr0ng/c4nary@x"
Start = Callable[..., Bench]


class Camera(RtspCameras):
    """A shipped feed as a camera sends it, at a port that stays, with a password that may change."""

    def __init__(self, **mount: object) -> None:
        super().__init__({"/camera": {"clip": str(FEED), **mount}}, PASSWORD)


@pytest.fixture
def camera() -> Iterator[Camera]:
    if not rtsp_server_is_here():
        pytest.skip("GStreamer's RTSP server for the system's python3 is not on this machine")
    with Camera() as camera:
        yield camera


def from_url(start_engine: Start, url: str, transport: str = "tcp") -> tuple[Bench, Source]:
    """What `--camera URL` amounts to: credentials apart, an engine that knows them."""
    locator, credential = split_credentials(url)
    bench = start_engine(credentials={"given": credential} if credential else {})
    return bench, Source(
        kind="rtsp", locator=locator, credential="given" if credential else "", transport=transport
    )


def with_password(url: str, password: str) -> str:
    return url.replace("rtsp://", f"rtsp://operator:{quote(password, safe='')}@")


@pytest.mark.needs_rtsp
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_real_camera_moves_in_a_pane(start_engine: Start, camera: Camera, transport: str) -> None:
    bench, source = from_url(start_engine, with_password(camera.url(), PASSWORD), transport)
    bench.show("A", source, 640, 360)
    bench.until_state("A", "live")
    pictures = []
    for _ in range(3):
        bench.until_moving("A", pictures=5)
        pictures.append(bench.picture("A"))
    assert pictures[0].std() > 20, "a street, not a grey field"
    assert any((one != pictures[0]).any() for one in pictures[1:]), "people walk"
    told = bench.engine.pane_state("A")
    assert told is not None
    assert (told.width, told.height, told.codec, told.corrupt) == (640, 360, "h264", 0)


@pytest.mark.needs_rtsp
def test_a_wrong_password_is_said_and_shown_nowhere(
    start_engine: Start, camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bench, source = from_url(start_engine, with_password(camera.url(), WRONG))
    bench.show("A", source)
    bench.until_state("A", "refused")
    bench.until(lambda: bench.engine.pane_state("A").detail, "the decoder's own words")  # type: ignore[union-attr]
    told = bench.engine.pane_state("A")
    assert told is not None
    assert told.reason == "wrong_password"
    assert "401" in told.detail
    (worker,) = bench.engine.health().pids
    said = [str(told), caplog.text, repr(bench.engine.book.credential(source)), source.locator]
    said += [Path(f"/proc/{worker}/{name}").read_text(errors="replace") for name in ("cmdline", "environ")]
    for text in said:
        for secret in (WRONG, "wr0ng", "c4nary"):
            assert secret not in text


@pytest.mark.needs_rtsp
def test_a_camera_that_goes_away_is_said_to_be_gone_and_comes_back(
    start_engine: Start, camera: Camera
) -> None:
    bench, source = from_url(start_engine, with_password(camera.url(), PASSWORD))
    bench.show("A", source, 640, 360)
    bench.until_state("A", "live")
    camera.stop()
    bench.until_state("A", "no_signal", "stalled")
    last = bench.picture("A")
    assert last.std() > 20, "the last picture stays, for the pane to grey"
    camera.start()
    bench.until_state("A", "live")
    bench.until_moving("A", pictures=10)


@pytest.mark.needs_rtsp
def test_a_camera_that_hangs_is_stalled_and_comes_back(start_engine: Start, camera: Camera) -> None:
    """It keeps the connection and says nothing more, as an overheated one does."""
    bench, source = from_url(start_engine, with_password(camera.url(), PASSWORD))
    bench.show("A", source, 640, 360)
    bench.until_state("A", "live")
    camera.hang()
    bench.until_state("A", "stalled", "no_signal")
    told = bench.engine.pane_state("A")
    assert told is not None
    assert told.reason == "timeout"
    camera.resume()
    bench.until_state("A", "live")


@pytest.mark.needs_rtsp
def test_a_camera_whose_password_was_changed_refuses(start_engine: Start, camera: Camera) -> None:
    bench, source = from_url(start_engine, with_password(camera.url(), PASSWORD))
    bench.show("A", source, 640, 360)
    bench.until_state("A", "live")
    camera.stop()
    camera.password = "another one"
    camera.start()
    bench.until_state("A", "refused")


class Mjpeg(http.server.BaseHTTPRequestHandler):
    """A camera that sends one JPEG after the other; asks for a password below /private."""

    def do_GET(self) -> None:
        if self.path.startswith("/private") and self.headers.get("Authorization") != "Basic bWU6YzRuYXJ5":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        stopped: threading.Event = self.server.stopped  # type: ignore[attr-defined]
        number = 0
        while not stopped.wait(0.04):
            jpeg = jpeg_of(number)
            number += 1
            try:
                self.wfile.write(
                    b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n"
                    % (len(jpeg), jpeg)
                )
            except OSError:
                return

    def log_message(self, *_: object) -> None:
        pass


def jpeg_of(number: int) -> bytes:
    encoder = av.VideoCodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 160, 120, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    frame = av.VideoFrame.from_ndarray(numbered(number % 256, 160, 120).astype(np.uint8), format="rgb24")
    return b"".join(
        bytes(packet) for packet in [*encoder.encode(frame.reformat(format="yuvj420p")), *encoder.encode()]
    )


@pytest.fixture
def web_camera() -> Iterator[int]:
    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = False
        stopped = threading.Event()

    Server.stopped.clear()
    server = Server(("127.0.0.1", 0), Mjpeg)
    thread = threading.Thread(target=server.serve_forever, name="web-camera")
    thread.start()
    yield server.server_address[1]
    Server.stopped.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_http_camera_with_motion_jpeg_moves_in_a_pane(start_engine: Start, web_camera: int) -> None:
    bench = start_engine(credentials={"me": Credential(user="me", password="c4nary")})
    bench.show("open", Source(kind="http", locator=f"http://127.0.0.1:{web_camera}/"))
    private = f"http://127.0.0.1:{web_camera}/private"
    bench.show("private", Source(kind="http", locator=private, credential="me"))
    bench.show("unasked", Source(kind="http", locator=private))
    bench.until_state("open", "live")
    bench.until_state("private", "live")
    bench.until_state("unasked", "refused")
    bench.until_moving("open", "private", pictures=10)


@pytest.fixture
def secure_camera(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The web camera behind TLS, with a certificate of its own making."""
    certificate, key = self_made_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = False
        stopped = threading.Event()

        def handle_error(self, *_: object) -> None:
            """A refused handshake is what the test is about."""

    server = Server(("127.0.0.1", 0), Mjpeg)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, name="secure-camera")
    thread.start()
    yield server.server_address[1], certificate
    Server.stopped.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_camera_whose_certificate_nobody_vouches_for_is_refused_until_it_is_named(
    start_engine: Start, secure_camera: tuple[int, Path]
) -> None:
    """Or anybody on the network could take its place, and its password."""
    port, certificate = secure_camera
    url = f"https://127.0.0.1:{port}/"
    bench = start_engine()
    bench.show("stranger", Source(kind="http", locator=url))
    bench.show("known", Source(kind="http", locator=url, certificate=str(certificate)))
    bench.show("secure rtsp", Source(kind="rtsp", locator=f"rtsps://127.0.0.1:{port}/"))
    bench.until_state("stranger", "refused")
    bench.until_state("secure rtsp", "refused")
    for pane in ("stranger", "secure rtsp"):
        told = bench.engine.pane_state(pane)
        assert told is not None
        assert told.reason == "not_trusted"
    bench.until_state("known", "live")


def test_an_http_camera_cannot_lead_the_decoder_to_a_file(start_engine: Start, clips: Path) -> None:
    """A redirect to a local file, or to another protocol, is not followed."""

    class Redirect(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"file://{clips}/moving.mp4")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Redirect)
    thread = threading.Thread(target=server.serve_forever, name="redirect")
    thread.start()
    try:
        bench = start_engine()
        bench.show("A", Source(kind="http", locator=f"http://127.0.0.1:{server.server_address[1]}/"))
        bench.until_state("A", "no_signal", "refused")
        assert bench.engine.counter("A")[1] == 0
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_camera_that_says_nonsense_is_unreadable(start_engine: Start) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def babble() -> None:
        try:
            while True:
                with server.accept()[0] as line:
                    line.sendall(b"\x00\xff nonsense \r\n\r\n" * 400)
        except OSError:
            pass  # closed at the end of the test

    thread = threading.Thread(target=babble, name="babble")
    thread.start()
    try:
        bench = start_engine()
        bench.show("A", Source(kind="rtsp", locator=f"rtsp://127.0.0.1:{server.getsockname()[1]}/x"))
        bench.until_state("A", "no_signal")
        told = bench.engine.pane_state("A")
        assert told is not None
        assert told.reason in ("unreadable", "connection_closed")
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
