"""How long a key takes in the bar: lines are typed letter by letter into the real widget, over many incidents
and alarms, each timed until its list is painted."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from console.bar.answers import Answers
from console.bar.figures import bar_figures
from console.bar.history import History
from console.bar.situation import ActLine, Situation
from console.clock import SystemClock
from console.desk.board import Board
from console.geo.gazetteer import Gazetteer
from console.language import load_catalogue
from console.model.alarm import Alarm
from console.model.base import Place, Words, same_words
from console.model.incident import Incident
from console.model.state import CityState
from console.profile import Profile
from widgets.bar.bar import CommandBar
from widgets.kit.actions import Actions
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts

LINES = (
    "cam 123", "카메라 공원 123", "go city hall", "이동 ㅍㄷㅁ", "팔달문에서", "new fire at city hall",
    "새상황 시청에서 화재", "chart UND-0001 depth", "inc SU-2999", "alarm water 12", "park camera",
    "full screen", "수원시청역", "device speaker",
)  # fmt: skip


def measure(profile: Profile, turns: int, incidents: int, alarms: int) -> dict[str, Any]:
    """The figures of `bongsu bench bar`."""
    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    clock, catalogue = SystemClock(), load_catalogue()
    load_fonts()
    tokens = Tokens()
    tokens.dress(app)
    over = QWidget()
    over.resize(1920, 1080)
    pulse, actions = Pulse(Board(profile, clock), clock), Actions(catalogue)
    now = _situation(profile, incidents, alarms)
    bar = CommandBar(profile, lambda: now, bar_figures(), pulse, actions, catalogue, tokens, over)
    began = time.perf_counter()
    gazetteer = Gazetteer(profile)
    names_s = time.perf_counter() - began
    over.show()
    bar.open()
    bar.names.close()
    bar.names.came.emit(gazetteer)
    keys: list[float] = []
    cpu: list[float] = []
    for _ in range(turns):
        gazetteer.forget()
        for line in LINES:
            bar.field.put("")
            for end in range(1, len(line) + 1):
                began, worked = time.perf_counter(), time.thread_time()
                bar.field.setText(line[:end])
                bar.grab()
                keys.append((time.perf_counter() - began) * 1e3)
                cpu.append((time.thread_time() - worked) * 1e3)
    over.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    times, busy = np.sort(np.array(keys)), np.sort(np.array(_answers(profile, gazetteer, now)))
    return {
        "devices": len(profile.columns.ids), "incidents": incidents, "alarms": alarms, "keys": len(times),
        "key_p50_ms": _share(times, 0.5), "key_p95_ms": _share(times, 0.95),
        "key_max_ms": round(float(times[-1]), 1),
        "key_cpu_p95_ms": _share(np.sort(np.array(cpu)), 0.95), "answer_cpu_p95_ms": _share(busy, 0.95),
        "names_s": round(names_s, 2),
    }  # fmt: skip


def _answers(profile: Profile, gazetteer: Gazetteer, now: Situation) -> list[float]:
    """Milliseconds of processor time for each key, without the window."""
    answers = Answers(profile, load_catalogue(), bar_figures(), History(1))
    answers.take_names(gazetteer)
    found = []
    for line in LINES:
        for end in range(1, len(line) + 1):
            began = time.thread_time()
            answers.offers(line[:end], now)
            found.append((time.thread_time() - began) * 1e3)
    return found


def _situation(profile: Profile, many: int, alarmed: int) -> Situation:
    """A day far beyond any: incidents and alarms at the city's own devices."""
    ids, types = profile.columns.ids, list(profile.incident_types)
    places: list[Place] = [profile.devices.place(at * 3 % len(ids)) for at in range(max(many, alarmed))]
    incidents = {
        f"SU-{at}": Incident(
            id=f"SU-{at}", type=types[at % len(types)], priority=1 + at % 4, place=place, opened_at_ns=at,
            changed_at_ns=at,
        )
        for at, place in enumerate(places[:many])
    }  # fmt: skip
    alarms = {
        f"{ids[at]}/high": Alarm(
            id=f"{ids[at]}/high", priority=1 + at % 4, place=places[at], text=same_words(f"Water {at} cm"),
            raised_at_ns=at, changed_at_ns=at,
        )
        for at in range(alarmed)
    }  # fmt: skip
    acts = tuple(
        ActLine(f"act.{at}", Words(en=f"Full act {at}", ko=f"전체 기능 {at}"), same_words("Console"), "")
        for at in range(250)
    )
    return Situation(
        state=CityState(incidents=incidents, alarms=alarms), person="kim", near=places[0].position, acts=acts
    )


def _share(times: np.ndarray, share: float) -> float:
    return round(float(times[min(len(times) - 1, int(len(times) * share))]), 1)
