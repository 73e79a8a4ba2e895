"""Which sound is due: a new alarm once, a standing priority 1 again and again until somebody acknowledges it.

Qt-free and without a clock of its own. Silence takes the sound away and nothing else, for a shown time.
"""

from __future__ import annotations

from collections.abc import Mapping

from console.clock import SECOND_NS
from console.desk.speaker import SoundFigures
from console.model.alarm import Alarm

BACK = "back"


class Annunciator:
    """Follows alarms; `due` says what to play now. One thread; both times are the clock's."""

    def __init__(self, figures: SoundFigures) -> None:
        self._figures = figures
        self._raised: dict[str, int] = {}
        self._waiting: dict[int, set[str]] = {}
        self._fresh: set[int] = set()
        self._back = False
        self._sounded_ns: dict[int, int] = {}
        self.silent_until_ns = 0
        """Wall time; 0: not silenced."""

    def met(self, changed: Mapping[str, Alarm | None], news: bool) -> None:
        """Alarms changed. What stood before this desk came (`news` is false) is not new: of it only what
        repeats is heard."""
        for alarm_id, alarm in changed.items():
            for waiting in self._waiting.values():
                waiting.discard(alarm_id)
            if alarm is None or alarm.state != "B":
                self._raised.pop(alarm_id, None)
                continue
            self._waiting.setdefault(alarm.priority, set()).add(alarm_id)
            if news and self._raised.get(alarm_id) != alarm.raised_at_ns:
                self._fresh.add(alarm.priority)
            self._raised[alarm_id] = alarm.raised_at_ns

    def over(self) -> None:
        """An alarm whose row rings back is over."""
        self._back = True

    def silence(self, now_ns: int) -> int:
        """Take the sound away; returns until when. Doing it again begins the time anew."""
        self.silent_until_ns = now_ns + int(self._figures.silence.lasts_s * SECOND_NS)
        return self.silent_until_ns

    def speak(self) -> None:
        """End the silence early."""
        self.silent_until_ns = 0

    def silenced(self, now_ns: int) -> bool:
        """Whether sound is taken away now. A wall clock that jumped back does not make it longer."""
        left_ns = self.silent_until_ns - now_ns
        if not 0 < left_ns <= int(self._figures.silence.lasts_s * SECOND_NS):
            self.silent_until_ns = 0
        return self.silent_until_ns > 0

    def due(self, mono_ns: int, now_ns: int) -> str:
        """The name of the sound to play now, the most urgent; empty for none."""
        silenced = self.silenced(now_ns)
        fresh, back = sorted(self._fresh), self._back
        self._fresh.clear()
        self._back = False
        for priority in fresh:
            if silenced and priority not in self._figures.silence.sounds_through:
                continue
            if self._figures.repeat_of(priority) is not None:
                self._sounded_ns[priority] = mono_ns
                return f"priority{priority}"
        if silenced:
            return ""
        for priority in sorted(self._waiting):
            repeat_s = self._figures.repeat_of(priority)
            if not repeat_s or not self._waiting[priority]:
                continue
            last_ns = self._sounded_ns.get(priority)
            if last_ns is None or mono_ns - last_ns >= int(repeat_s * SECOND_NS):
                self._sounded_ns[priority] = mono_ns
                return f"priority{priority}"
        return BACK if back else ""
