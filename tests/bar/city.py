"""A situation of the real city, and answers in it."""

from __future__ import annotations

from functools import cache
from typing import Any

from console.bar.answers import Answers
from console.bar.figures import bar_figures
from console.bar.history import History
from console.bar.offer import Offer
from console.bar.situation import ActLine, Situation
from console.geo.gazetteer import Gazetteer
from console.language import load_catalogue
from console.model.alarm import Alarm
from console.model.base import Position, Words, same_words
from console.model.incident import Incident
from console.model.ladder import Essence, PartnerThread, Statement
from console.model.layout import WallLayout
from console.model.state import CityState
from tests.kit.sitting import PLACE, suwon

NEAR = Position(lat=37.2775, lon=127.017)
CONSOLE = Words(en="Console", ko="콘솔")
ACTS = (
    ActLine("shell.lower_alarms", Words(en="Alarms", ko="경보"), CONSOLE, "F9", page=True),
    ActLine("shell.full_screen", Words(en="Full screen", ko="전체 화면"), CONSOLE, "F11"),
    ActLine("wall.masks", Words(en="Full masks", ko="전체 마스크"), CONSOLE, "K", refused="no right"),
    ActLine("shell.quit", Words(en="Close the desk", ko="좌석 종료"), CONSOLE, "Ctrl+Q"),
)


catalogue = cache(load_catalogue)


@cache
def names() -> Gazetteer:
    return Gazetteer(suwon())


def incident(name: str, **other: Any) -> Incident:
    fields: dict[str, Any] = {
        "id": name, "type": "market_fire", "priority": 1, "place": PLACE, "opened_at_ns": 1,
        "changed_at_ns": 1,
    }  # fmt: skip
    return Incident(**{**fields, **other})


def alarm(name: str, priority: int, text: str) -> Alarm:
    return Alarm(
        id=name, priority=priority, place=PLACE, text=same_words(text), raised_at_ns=1, changed_at_ns=1,
    )  # fmt: skip


def situation(**other: Any) -> Situation:
    first, second = incident("SU-1"), incident("SU-2", type="violence", stage="acknowledged", owner="kim")
    state = CityState(
        incidents={"SU-1": first, "SU-2": second, "SU-3": incident("SU-3", stage="closed")},
        alarms={
            "UND-0001/deep": alarm("UND-0001/deep", 2, "Water 6 cm"),
            "X/y": alarm("X/y", 1, "Water 20 cm"),
        },
    )
    layout = WallLayout(id="l1", name="Palace", number=3, shape="2x2", camera_ids=())
    fields: dict[str, Any] = {
        "state": state, "person": "kim", "near": NEAR, "acts": ACTS, "layouts": (layout,),
    }  # fmt: skip
    return Situation(**{**fields, **other})


def answers(language: str = "en", history: History | None = None) -> Answers:
    made = Answers(suwon(), catalogue(language), bar_figures(), history or History(5))
    made.take_names(names())
    return made


def offers(text: str, language: str = "en", **other: Any) -> list[Offer]:
    return answers(language).offers(text, situation(**other))


def thread(name: str, incident_id: str, agency: str, said: Any = "", **other: Any) -> PartnerThread:
    """A hand-off that was sent, and the partner's answer."""
    statements = (Statement(message_id="m", said=said, said_at_ns=5, heard_ns=5),) if said else ()
    essence = Essence(type="market_fire", code="1", position=NEAR)
    fields: dict[str, Any] = {
        "id": name, "key": name, "incident_id": incident_id, "agency": agency, "revision": 1,
        "person": "kim", "essence": essence, "drafted_ns": 1, "queued_ns": 2, "statements": statements,
    }  # fmt: skip
    return PartnerThread(**{**fields, **other})
