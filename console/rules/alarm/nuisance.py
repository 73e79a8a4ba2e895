"""Alarms that wear people out: those that chatter, and those that are over before anybody can act."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from console.clock import SECOND_NS
from console.model.events import AlarmMoved
from console.rules.alarm.figures import Nuisance
from console.rules.alarm.transition import AlarmTransition


class NuisanceWatch:
    """Follows moves in their order. One thread; what is over is forgotten with `look`.

    Chattering is a matter of the condition: a shelved alarm that goes on chattering is still said to, so that
    nobody takes it off the shelf unawares. The standing ones ("stale") are `AlarmBank.standing_longer`.
    """

    def __init__(self, figures: Nuisance) -> None:
        self._count = figures.chattering_count
        self._window_ns = int(figures.chattering_window_s * SECOND_NS)
        self._fleeting_ns = int(figures.fleeting_s * SECOND_NS)
        self._began: dict[str, deque[int]] = {}
        self._unseen: dict[str, int] = {}
        self.fleeting: dict[str, int] = {}
        """How often each alarm was over before anybody can have acted, since the start or `forget`."""

    def met(self, moves: Iterable[AlarmTransition | AlarmMoved]) -> None:
        """Take moves in."""
        for move in moves:
            if move.stimulus == "began":
                last = self._began.setdefault(move.alarm_id, deque(maxlen=self._count))
                last.append(move.at_ns)
            if move.after == "B":
                if move.before != "B":
                    self._unseen[move.alarm_id] = move.at_ns
                continue
            shown_ns = self._unseen.pop(move.alarm_id, None)
            if shown_ns is not None and move.after in "DE" and move.at_ns - shown_ns < self._fleeting_ns:
                self.fleeting[move.alarm_id] = self.fleeting.get(move.alarm_id, 0) + 1

    def chattering(self, now_ns: int) -> list[str]:
        """The alarms that began so often within the window that ends now; the most recent first."""
        since_ns = now_ns - self._window_ns
        found = [
            (times[-1], alarm_id)
            for alarm_id, times in self._began.items()
            if len(times) == self._count and times[0] > since_ns
        ]
        return [alarm_id for _, alarm_id in sorted(found, reverse=True)]

    def look(self, now_ns: int) -> None:
        """Forget what can no longer matter."""
        since_ns = now_ns - self._window_ns
        for alarm_id in [one for one, times in self._began.items() if times[-1] <= since_ns]:
            del self._began[alarm_id]

    def forget(self) -> None:
        """Begin counting fleeting ones anew."""
        self.fleeting.clear()
