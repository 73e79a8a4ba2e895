"""A desk at Suwon with the alarms of the city in the test's hand."""

from __future__ import annotations

from functools import cache

from PySide6.QtWidgets import QWidget

from console.desk.alarmbook import AlarmBook
from console.desk.annunciator import Annunciator
from console.desk.inbound import HealthCame
from console.desk.speaker import SoundState, load_sound_figures
from console.model import events as ev
from console.model.alarm import AlarmHealth, DeskAlarms, Grade, occurrence_of
from console.model.base import Words
from console.model.device import Limit
from console.rules.alarm.figures import load_alarm_figures
from tests.kit.sitting import Sitting, health, suwon
from widgets.alarms.load import LoadFigures
from widgets.alarms.meter import LoadMeter
from widgets.alarms.news import AlarmNews
from widgets.alarms.page import AlarmPage
from widgets.alarms.sound import AlarmSound
from widgets.alarms.words import RowWords


@cache
def limits(priority: int, count: int = 400) -> tuple[Limit, ...]:
    """The first limits of the city with this priority, each of another device."""
    profile = suwon()
    found: dict[str, Limit] = {}
    for limit in profile.limits:
        if limit.priority == priority:
            found.setdefault(profile.points[limit.point_index].device_id, limit)
        if len(found) >= count:
            break
    return tuple(found.values())


def ordered() -> Limit:
    """A limit of a device that takes orders."""
    profile = suwon()
    return next(
        limit for limit in profile.limits
        if profile.controls_of_kind.get(profile.devices[profile.points[limit.point_index].device_id].kind)
    )  # fmt: skip


def moved(
    limit: Limit, before: str, after: str, stimulus: str, at_ns: int, who: str = "rule:limit", **other: object
) -> ev.AlarmMoved:
    """One move of a limit's alarm."""
    profile = suwon()
    device = profile.devices[profile.points[limit.point_index].device_id]
    fields: dict[str, object] = {
        "alarm_id": limit.id, "occurrence": occurrence_of(limit.id, at_ns), "at_ns": at_ns, "before": before,
        "after": after, "stimulus": stimulus, "active": after in "BC", "who": who, "priority": limit.priority,
        "limit_id": limit.id, "point_index": limit.point_index, "device_id": device.id,
        "group": device.circuit or device.id, "place": device.place, "text": limit.text,
        "value": limit.set_at,
    }  # fmt: skip
    return ev.AlarmMoved(**{**fields, **other})  # type: ignore[arg-type]


def silent(
    device_id: str, after: str, stimulus: str, at_ns: int, before: str = "A", **other: object
) -> ev.AlarmMoved:
    """A device's own silence, or a line's."""
    profile = suwon()
    device = profile.devices[device_id]
    fields: dict[str, object] = {
        "alarm_id": f"{device_id}/silent", "occurrence": occurrence_of(f"{device_id}/silent", at_ns),
        "at_ns": at_ns, "before": before, "after": after, "stimulus": stimulus, "active": True,
        "who": "rule:silence", "priority": 4, "device_id": device_id, "group": device.circuit or device_id,
        "place": device.place, "text": Words(en=f"{device.name.en} silent", ko=f"{device.name.ko} 무응답"),
    }  # fmt: skip
    return ev.AlarmMoved(**{**fields, **other})  # type: ignore[arg-type]


class Mute:
    """A speaker that remembers."""

    def __init__(self) -> None:
        self.state = SoundState("heard", "pw-play")
        self.played: list[str] = []

    def play(self, name: str) -> None:
        self.played.append(name)


class Room(Sitting):
    """The page, the meter and the sound of one desk; desk-1 is an operator's."""

    def __init__(self, language: str = "en", desk: str = "desk-1") -> None:
        super().__init__(language)
        self.board.desk = desk
        self.figures = load_alarm_figures()
        self.book = AlarmBook(self.board, self.figures)
        self.news = AlarmNews(self.book, self.pulse)
        self.load = LoadFigures(self.book, self.port, self.pulse, self.moments)
        self.window = QWidget()
        self.window.resize(1180, 420)
        words = RowWords(self.book, self.moments)
        self.meter = LoadMeter(
            self.book, self.load, words, self.pulse, self.actions, self.moments, self.tokens, self.window,
            self.window,
        )  # fmt: skip
        self.speaker = Mute()
        self.sound = AlarmSound(
            self.book, Annunciator(load_sound_figures()), self.speaker, self.pulse, self.actions, self.moments
        )
        self.news.changed.connect(self.sound.met)
        self.page = AlarmPage(
            self.book, self.port, self.pulse, self.actions, self.load, self.moments, self.tokens,
            self.sound.sentence, self.window,
        )  # fmt: skip
        self.news.changed.connect(self.page.take)
        self.meter.setGeometry(0, 0, 300, 30)
        self.page.setGeometry(0, 36, 1180, 384)
        self.connect()
        self.say_health()
        self.actions.attach(self.window)
        self.window.show()

    def say_health(self, per_period: int = 0, grade: Grade = "on_target", **marks: tuple[str, ...]) -> None:
        """The hub tells how it is."""
        desks = {self.board.desk: DeskAlarms(per_period=per_period, grade=grade)}
        alarms = AlarmHealth(desks=desks, shown=0, hidden=0, **marks)
        self.board.inbox.append(HealthCame(health(alarms=alarms)))
        self.pulse.tick()

    def tell(self, *events: ev.AnyEvent, run: str = "r1") -> None:
        """The hub committed these, and the list has had the time to show them."""
        self.clock.step(0.2)
        super().tell(*events, run=run)

    def begin(self, *chosen: Limit) -> None:
        """These limits are passed now."""
        self.tell(*(moved(one, "A", "B", "began", self.clock.now_ns()) for one in chosen))

    def flood(self, flooded: bool = True, alarms: int = 12) -> None:
        self.tell(ev.AlarmFloodChanged(desk=self.board.desk, flooded=flooded, alarms=alarms))

    def shown(self) -> list[str]:
        """The keys of the rows from the top."""
        return [row.key for row in self.page.model.rows()]

    def choose(self, key: str) -> None:
        assert self.page.table.choose(key), key
        self.page.table.chosen.emit()

    def last(self) -> object:
        """The newest command that was sent."""
        return list(self.port.commands.values())[-1]

    def close(self) -> None:
        self.page.release()
        self.window.close()
        self.window.deleteLater()
        for part in (self.news, self.load, self.sound):
            part.deleteLater()
        del self.page, self.meter, self.window, self.news, self.load, self.sound
        self.leave()
