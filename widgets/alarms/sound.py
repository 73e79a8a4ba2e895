"""Alarms that are heard: joins alarms, the rules of sound and the speaker; silence by key."""

from __future__ import annotations

from typing import Literal, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from console.desk.alarmbook import AlarmBook
from console.desk.annunciator import Annunciator
from console.desk.speaker import SoundState
from console.model.alarm import Alarm
from widgets.kit.actions import Actions
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse


class Plays(Protocol):
    """The speaker, as far as it concerns us here."""

    state: SoundState

    def play(self, name: str) -> None: ...


class AlarmSound(QObject):
    """Sounds what is due. A recording that is followed is not the city as it is now, and makes no sound.

    Acts: alarms.silence (Ctrl+H), which takes sound away for a time, and gives it back.

    Signals:
        changed: silenced, or no longer; heard, or no longer.
    """

    changed = Signal()

    def __init__(
        self, book: AlarmBook, annunciator: Annunciator, speaker: Plays, pulse: Pulse, actions: Actions,
        moments: Moments, parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._book, self.rules, self._speaker, self._moments = book, annunciator, speaker, moments
        self._snapshots = -1
        self._told: object = None
        actions.add(
            "alarms.silence", "alarms.act.silence", "Ctrl+H", self.silence, group="alarms.title",
            checkable=True,
        )  # fmt: skip
        self._actions = actions
        pulse.second_passed.connect(self.look)
        pulse.blinked.connect(self.look)

    @Slot(object)
    def met(self, changed: dict[str, Alarm | None]) -> None:
        """Alarms changed. What stood when the first picture of the city came is not news; what a later one
        brings happened while the line was down, and is."""
        before = self._book.before
        news = self._snapshots > 0
        self._snapshots = self._book.board.snapshots
        self.rules.met(changed, news)
        if news and any(self._rings_back(before.get(name), now) for name, now in changed.items()):
            self.rules.over()
        self.look()

    @Slot(int)
    def news(self, priority: int) -> None:
        """Something other than an alarm, as urgent as one of this priority, is new."""
        self.rules.news(priority)
        self.look()

    def _rings_back(self, before: Alarm | None, now: Alarm | None) -> bool:
        """Whether an alarm whose row asks for it is over, and stood before the operator."""
        if before is None or not before.shown or not before.active or (now is not None and now.active):
            return False
        limit = self._book.limit(before)
        return limit is not None and limit.ring_back

    @Slot()
    def look(self) -> None:
        """Play what is due."""
        board = self._book.board
        if not self._book.replaying:
            name = self.rules.due(board.clock.mono_ns(), board.clock.now_ns())
            if name:
                self._speaker.play(name)
        told = (self.rules.silenced(board.clock.now_ns()), self._speaker.state, self._book.replaying)
        if told != self._told:
            self._told = told
            self._actions.act("alarms.silence").setChecked(told[0])
            self.changed.emit()

    @Slot()
    def silence(self) -> None:
        """Take the sound away for a time; when it is away, give it back."""
        now_ns = self._book.board.clock.now_ns()
        if self.rules.silenced(now_ns):
            self.rules.speak()
        else:
            self.rules.silence(now_ns)
        self.look()

    def item(self) -> tuple[str, str, Literal["degraded"], str] | None:
        """(caption, value, level, hint) for the status bar; None while sounds are heard as they should be."""
        say = self._moments.catalogue.say
        until_ns = self.rules.silent_until_ns
        state = self._speaker.state
        if state.audible in ("no_player", "failed"):
            value = say(f"alarms.sound.{state.audible}")
            return say("alarms.sound.name"), value, "degraded", say("alarms.sound.hint_failed", why=state.why)
        if until_ns:
            value = say("alarms.sound.silenced", until=self._moments.clock(until_ns))
            return say("alarms.sound.name"), value, "degraded", say("alarms.sound.hint_silenced")
        return None

    def sentence(self) -> str:
        """The same in a sentence, for the page; empty while nothing is to be said."""
        say, state = self._moments.catalogue.say, self._speaker.state
        if state.audible in ("no_player", "failed"):
            return say(f"alarms.sound.said_{state.audible}")
        until_ns = self.rules.silent_until_ns
        return say("alarms.sound.said_silenced", until=self._moments.clock(until_ns)) if until_ns else ""
