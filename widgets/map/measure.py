"""Measures the map as it is painted: frames while it is panned and zoomed, hits, searches."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from console.clock import SystemClock
from console.desk.board import Board
from console.geo.gazetteer import Gazetteer
from console.language import load_catalogue
from console.model.base import Position, same_words
from console.model.state import DeviceState
from console.profile import Profile
from widgets.kit.actions import Actions
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts
from widgets.map.canvas import FRAME_BUDGET_MS, MapCanvas
from widgets.map.map import MapWidget

SIZE = 1920, 1080
TROUBLED = 400
"""Devices that are down or degraded while it is measured."""
SEARCHES = (
    "팔달문", "ㅍㄷㅁ", "수원시청에서", "창룡대로 123", "CAM-PARK-0123", "cam park 123", "lamp 12",
    "영통 카메라", "영통구 광교호수로 214", "Paldalmun gate", "ㄱㄱ 공원", "emergency bell Ji-dong",
    "37.27, 127.01",
    "37°15'49\"N 127°01'43\"E", "다사 5821 1840", "street lamp yeongtong", "수원천", "구", "a", "1",
    "water level", "ㅅㅇㅅㅊ",
)  # fmt: skip


def measure(profile: Profile, seconds: float) -> dict[str, Any]:
    """See `console.bench.map`."""
    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    clock = SystemClock()
    board = Board(profile, clock, "desk-1", "bench")
    catalogue = load_catalogue("ko")
    load_fonts()
    tokens = Tokens()
    tokens.dress(app)
    pulse = Pulse(board, clock)
    actions = Actions(catalogue)
    shown = MapWidget(board, pulse, actions, catalogue, tokens)
    ids = profile.columns.ids
    for at in range(TROUBLED):
        device_id = ids[at * len(ids) // TROUBLED]
        condition = "down" if at % 3 else "degraded"
        board.state.devices[device_id] = DeviceState(condition=condition, since_ns=0, why=same_words("x"))  # type: ignore[arg-type]
    shown.standings.look()
    shown.canvas.look()
    canvas = shown.canvas
    canvas.resize(*SIZE)
    try:
        return {**_frames(canvas, seconds), **_hits(canvas), **_searches(profile)}
    finally:
        shown.release()
        shown.deleteLater()


def _frames(canvas: MapCanvas, seconds: float) -> dict[str, Any]:
    """Pan and zoom over the city and down to the street and back, one frame after the other."""
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    frames: list[float] = []
    sharp: list[float] = []
    cpu: list[float] = []
    until = time.perf_counter() + seconds
    places = [Position(lat=37.2775, lon=127.017), Position(lat=37.286, lon=127.052)]
    canvas.go_to(places[0], 16.0)
    step = 0
    waited = 0.0
    while time.perf_counter() < until:
        # A hand: some frames of dragging, then a step of the wheel.
        at = step % 12
        if at == 0:
            way = 1.42 if (step // 120) % 2 == 0 else 1 / 1.42
            canvas.zoom(way, QPointF(900 + step % 100, 500))
        else:
            canvas.pan(14 if (step // 60) % 2 else -14, 9 if (step // 90) % 2 else -9)
        if step % 720 == 719:
            canvas.go_to(places[(step // 720) % 2], 16.0)
        began, worked = time.perf_counter(), time.thread_time()
        with QPainter(image) as painter:
            complete = canvas.paint(painter, FRAME_BUDGET_MS)
        took = (time.perf_counter() - began) * 1e3
        cpu.append((time.thread_time() - worked) * 1e3)
        frames.append(took)
        waited = 0.0 if complete else waited + took
        if waited:
            sharp.append(waited)
        step += 1
    times, busy = np.sort(np.array(frames)), np.sort(np.array(cpu))
    return {
        "frame_cpu_p95_ms": _share(busy, 0.95), "frame_cpu_max_ms": round(float(busy[-1]), 2),
        "frames": len(times), "frame_p50_ms": _share(times, 0.5), "frame_p95_ms": _share(times, 0.95),
        "frame_p99_ms": _share(times, 0.99), "frame_max_ms": round(float(times[-1]), 2),
        "complete_ms": round(max(sharp, default=0.0), 1),
    }  # fmt: skip


def _hits(canvas: MapCanvas) -> dict[str, Any]:
    canvas.go_to(Position(lat=37.2775, lon=127.017), 1.0)
    canvas.seen()
    rng = np.random.default_rng(1)
    took = []
    for x, y in rng.uniform(0, 1080, (3000, 2)):
        began = time.perf_counter()
        canvas.mark_at(QPointF(float(x), float(y)))
        took.append((time.perf_counter() - began) * 1e3)
    return {"hit_p99_ms": _share(np.sort(np.array(took)), 0.99)}


def _searches(profile: Profile) -> dict[str, Any]:
    began = time.perf_counter()
    gazetteer = Gazetteer(profile)
    built = time.perf_counter() - began
    near = Position(lat=37.2775, lon=127.017)
    took: list[float] = []
    cpu: list[float] = []
    for turn in range(6):
        for text in SEARCHES:
            # A typed word letter by letter, as the field asks; the words kept from before are forgotten.
            gazetteer.forget()
            for end in range(1, len(text) + 1) if turn % 2 else (len(text),):
                began, worked = time.perf_counter(), time.thread_time()
                gazetteer.search(text[:end], near)
                took.append((time.perf_counter() - began) * 1e3)
                cpu.append((time.thread_time() - worked) * 1e3)
    times, busy = np.sort(np.array(took)), np.sort(np.array(cpu))
    return {
        "searches": len(times), "search_p50_ms": _share(times, 0.5), "search_p95_ms": _share(times, 0.95),
        "search_max_ms": round(float(times[-1]), 2), "search_cpu_p95_ms": _share(busy, 0.95),
        "names_s": round(built, 2),
    }  # fmt: skip


def _share(times: np.ndarray, share: float) -> float:
    return round(float(times[min(len(times) - 1, int(len(times) * share))]), 2)
