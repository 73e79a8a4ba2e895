"""bench faults: how soon a pane says what is wrong with its camera, and how often dead cameras are asked."""

from __future__ import annotations

import argparse
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from console.bench.rtsp_camera import RtspCameras, rtsp_server_is_here
from console.paths import shipped
from console.video.engine import VideoEngine
from console.video.source import Source

SIZE = 320, 180
#: Cameras that lose power together.
DEAD = 48
LOOK_S = 0.01
GIVE_UP_S = 30.0
#: Not said by these words that something is wrong.
UNTOLD = ("live", "connecting")
#: A name nobody may ever have (RFC 2606).
NOBODY = "camera.invalid"


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: told_within_ms (of each fault, from when it begins until the pane says so), told_within_ms_max,
    told (the words), storm_attempts_per_s_max (connections in the worst second after 48 cameras have lost
    power together, the first attempts left out), storm_back_ms_max (from when they answer again until the
    last of them has been asked). Raises SystemExit where GStreamer's RTSP server is missing."""
    parser = argparse.ArgumentParser(prog="bongsu bench faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="the storm is watched for")
    told = parser.parse_args(argv)
    if not rtsp_server_is_here():
        parser.error("GStreamer's RTSP server for the system's python3 is not on this machine")
    engine = VideoEngine(workers=2)
    engine.start()
    within: dict[str, float] = {}
    words: dict[str, str] = {}
    try:
        for kind, measure in (("stopped", _stopped), ("hung", _hung), ("wrong_password", _refusing)):
            within[kind], words[kind] = measure(engine)
        for kind in ("accepts_and_says_nothing", "resets", "stops_in_a_picture"):
            with _host(kind) as port:
                within[kind], words[kind] = _asked(engine, f"http://127.0.0.1:{port}/live")
        within["connection_refused"], words["connection_refused"] = _asked(engine, "rtsp://127.0.0.1:1/x")
        within["name_not_found"], words["name_not_found"] = _asked(engine, f"rtsp://{NOBODY}/x")
        storm = _storm(engine, told.seconds)
    finally:
        engine.stop()
    return {
        "told_within_ms_max": round(max(within.values())),
        "told_within_ms": {kind: round(took) for kind, took in within.items()},
        "told": words,
        **storm,
        "load": round(os.getloadavg()[0], 1),
    }


def _feed() -> dict[str, dict[str, Any]]:
    return {"/camera": {"clip": str(shipped("assets") / "feeds" / "junction.mp4")}}


def _playing(engine: VideoEngine, served: RtspCameras) -> None:
    engine.show("A", "A", Source(kind="rtsp", locator=served.url()), *SIZE)
    _until(lambda: _state(engine) == "live" and engine.counter("A")[1] > 20)


def _stopped(engine: VideoEngine) -> tuple[float, str]:
    with RtspCameras(_feed()) as served:
        _playing(engine, served)
        served.stop()
        return _until_told(engine)


def _hung(engine: VideoEngine) -> tuple[float, str]:
    with RtspCameras(_feed()) as served:
        _playing(engine, served)
        served.hang()
        try:
            return _until_told(engine)
        finally:
            served.resume()


def _refusing(engine: VideoEngine) -> tuple[float, str]:
    with RtspCameras(_feed(), password="asked for") as served:  # noqa: S106 - nobody's password
        return _asked(engine, served.url())


def _asked(engine: VideoEngine, url: str) -> tuple[float, str]:
    engine.show("A", "A", Source(kind="http" if url.startswith("http") else "rtsp", locator=url), *SIZE)
    return _until_told(engine)


def _until_told(engine: VideoEngine) -> tuple[float, str]:
    began_s = time.monotonic()
    _until(lambda: _state(engine) not in UNTOLD)
    took_ms = (time.monotonic() - began_s) * 1000
    state = engine.pane_state("A")
    engine.hide("A")
    return took_ms, f"{state.state}: {state.reason}" if state is not None else ""


def _state(engine: VideoEngine) -> str:
    state = engine.pane_state("A")
    return state.state if state is not None else "connecting"


def _until(true: Callable[[], bool]) -> None:
    began_s = time.monotonic()
    while not true():
        if time.monotonic() - began_s > GIVE_UP_S:
            raise SystemExit("bench faults: a pane said nothing")
        time.sleep(LOOK_S)


@contextmanager
def _host(kind: str) -> Iterator[int]:
    """An HTTP camera with one fault. Ends with its block."""
    head = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
    half = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 40000\r\n\r\n\xff\xd8" + b"J" * 9000
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line = server.accept()[0]
                except OSError:
                    return
                if kind == "resets":
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    line.close()
                    continue
                kept.append(line)
                if kind == "stops_in_a_picture":
                    line.sendall(head + half)

        thread = threading.Thread(target=serve, name="faulty-camera", daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for line in kept:
                line.close()


def _storm(engine: VideoEngine, seconds: float) -> dict[str, Any]:
    """All cameras of a street refuse together; then they answer again, and stay silent."""
    asked_s: list[float] = []
    places: set[str] = set()
    answering = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=256) as server:

        def serve() -> None:
            while True:
                try:
                    line = server.accept()[0]
                except OSError:
                    return
                asked_s.append(time.monotonic())
                if answering.is_set():
                    line.settimeout(1.0)
                    try:
                        places.add(line.recv(200).split(b" ")[1].decode())
                    except (OSError, IndexError):
                        pass
                line.close()

        thread = threading.Thread(target=serve, name="dead-street", daemon=True)
        thread.start()
        port = server.getsockname()[1]
        for number in range(DEAD):
            url = f"rtsp://127.0.0.1:{port}/{number}"
            engine.show(("dead", number), str(number), Source(kind="rtsp", locator=url), *SIZE)
        time.sleep(seconds)
        again = asked_s[DEAD:]
        worst = max((sum(at <= other < at + 1 for other in again) for at in again), default=0)
        answering.set()
        began_s = time.monotonic()
        _until(lambda: len(places) >= DEAD)
        back_ms = (time.monotonic() - began_s) * 1000
        for number in range(DEAD):
            engine.hide(("dead", number))
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    return {"storm_attempts_per_s_max": worst, "storm_back_ms_max": round(back_ms), "storm_cameras": DEAD}
