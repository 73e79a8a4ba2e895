"""What a day of nine cameras and thousands of events costs the window to paint: `bongsu bench timeline`."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from PySide6.QtWidgets import QApplication

from console.clock import SECOND_NS, SteppedClock
from console.language import load_catalogue
from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.profile import load_profile
from console.report.describe import Teller
from widgets.kit.moments import Moments
from widgets.kit.replaydata import replay_bounds
from widgets.kit.tokens import Tokens, load_fonts
from widgets.replay.coverage import Coverage
from widgets.replay.events import EventBook
from widgets.replay.rows import Lock, Row
from widgets.replay.timeline import Timeline

DAY_S = 86_400
CAMERAS = 9


def measure(events: int, spans: int, width_px: int) -> dict[str, Any]:
    """The figures of `bongsu bench timeline`, in ms. Makes a QApplication where there is none."""
    app = QApplication.instance() or QApplication(["bongsu"])
    profile, catalogue, clock = load_profile("suwon"), load_catalogue("en"), SteppedClock()
    load_fonts()
    tokens, moments = Tokens(), Moments(catalogue, profile.time_zone)
    cameras, types = tuple(profile.cameras)[:CAMERAS], tuple(profile.incident_types)
    begin_ns = clock.now_ns() - DAY_S * SECOND_NS
    opened = ev.IncidentOpened(
        incident_id="", type=types[0], priority=1, reason=same_words(""),
        place=Place(name=same_words(""), position=Position(lat=0.0, lon=0.0)),
    )  # fmt: skip

    def entry(number: int) -> ev.Entry:
        event = msgspec.structs.replace(
            opened, incident_id=f"INC-{number}", type=types[number % len(types)], priority=1 + number % 4,
            camera_ids=(cameras[number % CAMERAS],),
        )  # fmt: skip
        at_ns = begin_ns + number * DAY_S * SECOND_NS // events
        return ev.Entry(run="r", seq=number + 1, at_ns=at_ns, cause=ev.Cause(actor="hub"), event=event)

    book = EventBook(frozenset(cameras))
    pages = [[entry(number) for number in range(at, min(at + 1000, events))] for at in range(0, events, 1000)]
    load_ms = [_ms(book.add, page) for page in pages]
    timeline = Timeline(
        book, Teller(catalogue, profile), clock, catalogue, tokens, moments, replay_bounds().timeline
    )
    stretch_ns = DAY_S * SECOND_NS // spans
    rows = tuple(
        Row(
            camera_id=camera, name=camera, known=True, newest_ns=clock.now_ns(),
            coverage=Coverage(
                [(begin_ns + n * stretch_ns, begin_ns + n * stretch_ns + stretch_ns * 9 // 10)
                 for n in range(spans)]
            ),
            locks=tuple(
                Lock(f"L{n}", begin_ns + n * 2000 * SECOND_NS, begin_ns + (n * 2000 + 600) * SECOND_NS)
                for n in range(40)
            ),
        )
        for camera in cameras
    )  # fmt: skip
    timeline.resize(width_px, 400)
    timeline.set_rows(rows)
    timeline.zoom(1 / 1000)
    timeline.set_position(begin_ns + DAY_S * SECOND_NS // 2, False)
    timeline.show()
    whole = []
    for number in range(30):
        timeline.choose_row(cameras[number % CAMERAS])
        whole.append(_ms(timeline.grab))
    cursor = []
    for number in range(60):
        timeline.set_position(begin_ns + DAY_S * SECOND_NS // 2 + number * SECOND_NS, False)
        cursor.append(_ms(timeline.grab))
    news = [_ms(book.add, [entry(events + number)]) for number in range(30)]
    timeline.release()
    timeline.close()
    del app
    return {
        "paint_all_ms": _median(whole), "paint_all_max_ms": round(max(whole), 2),
        "paint_cursor_ms": _median(cursor), "add_event_ms": _median(news),
        "load_page_ms": _median(load_ms), "events": events, "spans": spans, "width_px": width_px,
    }  # fmt: skip


def _ms(call: Any, *arguments: Any) -> float:
    began_ns = time.perf_counter_ns()
    call(*arguments)
    return (time.perf_counter_ns() - began_ns) / 1e6


def _median(values: list[float]) -> float:
    return round(sorted(values)[len(values) // 2], 2)
