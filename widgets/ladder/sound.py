"""Red hand-offs are heard: again and again until somebody looks at them, and anew when one gets worse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from widgets.ladder.watching import LadderWatch

NAME = "handoff"


class Sounds(Protocol):
    """The annunciator, as far as it concerns us here."""

    def stands(self, name: str, keys: frozenset[object], seen: frozenset[object]) -> None: ...


class LadderSound(QObject):
    """Tells the annunciator what is red; the speaker and the silence are those of the alarms."""

    def __init__(
        self, watch: LadderWatch, sounds: Sounds, look: Callable[[], None], parent: QObject | None = None
    ) -> None:
        """`look` plays at once what is due."""
        super().__init__(parent)
        self._watch, self._sounds, self._look = watch, sounds, look
        self._told: object = None
        watch.changed.connect(self.look)

    @Slot()
    def look(self) -> None:
        """What is red now, and what of it somebody has looked at."""
        told = (self._watch.reds(), self._watch.seen_reds())
        if told != self._told:
            self._told = told
            self._sounds.stands(NAME, frozenset(told[0]), frozenset(told[1]))
            self._look()
