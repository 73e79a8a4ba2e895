"""Which sound is due: a new alarm once, a standing priority 1 again and again until somebody acknowledges it;
a hand-off nobody takes again and again until somebody looks at it.

Qt-free and without a clock of its own. Silence takes the sound away and nothing else, for a shown time.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

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
        self._sounded_ns: dict[str, int] = {}
        self._stands: dict[str, frozenset[Hashable]] = {}
        self._unseen: dict[str, frozenset[Hashable]] = {}
        self._fresh_stands: set[str] = set()
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

    def stands(self, name: str, keys: frozenset[Hashable], seen: frozenset[Hashable] = frozenset()) -> None:
        """Besides alarms: what waits under the sound `name` (one of `repeat_s`). A key that was not there at
        the last call is news; what somebody has `seen` is not heard again."""
        before = self._stands.get(name, frozenset())
        if keys - before - seen:
            self._fresh_stands.add(name)
        elif not keys - seen:
            self._fresh_stands.discard(name)
        self._stands[name] = keys
        self._unseen[name] = keys - seen

    def over(self) -> None:
        """An alarm whose row rings back is over."""
        self._back = True

    def news(self, priority: int) -> None:
        """Something other than an alarm, as urgent as one of this priority, is new."""
        self._fresh.add(priority)

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
        fresh = [f"priority{one}" for one in sorted(self._fresh)]
        fresh[sum(one == "priority1" for one in fresh) :] = [
            *sorted(self._fresh_stands), *(one for one in fresh if one != "priority1")
        ]  # fmt: skip
        back = self._back
        self._fresh.clear()
        self._fresh_stands.clear()
        self._back = False
        for name in fresh:
            if silenced and not self._figures.sounds_through(name):
                continue
            if self._figures.repeat_of(name) is not None:
                self._sounded_ns[name] = mono_ns
                return name
        if silenced:
            return ""
        for name in self._standing():
            repeat_s = self._figures.repeat_of(name)
            if not repeat_s:
                continue
            last_ns = self._sounded_ns.get(name)
            if last_ns is None or mono_ns - last_ns >= int(repeat_s * SECOND_NS):
                self._sounded_ns[name] = mono_ns
                return name
        return BACK if back else ""

    def _standing(self) -> list[str]:
        """Sounds of what waits, the most urgent first; what is not an alarm comes behind priority 1."""
        alarms = [f"priority{one}" for one in sorted(self._waiting) if self._waiting[one]]
        others = [name for name in sorted(self._unseen) if self._unseen[name]]
        first = [one for one in alarms if one == "priority1"]
        return [*first, *others, *(one for one in alarms if one != "priority1")]
