"""Chooses any point of the city: what is typed is looked for in a thread, the lines follow."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.language import Catalogue
from console.profile import Profile
from widgets.charts.finding import MOST, PointFinder
from widgets.kit.choosing import Choice, Chooser
from widgets.kit.tokens import Tokens

LOOK_MS = 30


class PointChooser(QWidget):
    """The panel over its parent, and the thread behind it. UI thread only.

    Signals:
        chosen(str): the id of a point.
    """

    chosen = Signal(str)

    def __init__(self, profile: Profile, catalogue: Catalogue, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._catalogue = catalogue
        self.finder = PointFinder(profile, catalogue)
        self.panel = _Panel(tokens, parent)
        self.panel.chosen.connect(self.chosen)
        self.panel.closed.connect(self._closed)
        self.panel.typed.connect(self._typed)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._text = ""

    def open(self, title: str) -> None:
        """Ask for a point."""
        say = self._catalogue.say
        self.panel.offer(title, say("charts.find.words"), say("charts.find.looking"), ())
        self._typed("")

    def close_finder(self) -> None:
        """The desk is left."""
        self._timer.stop()
        self.finder.close()

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._text = text
        self.finder.look(text)
        self._timer.start()

    @Slot()
    def _closed(self) -> None:
        self._timer.stop()

    @Slot()
    def _look(self) -> None:
        answer = self.finder.take()
        if answer is None or answer[0] != self._text:
            return
        self._timer.stop()
        _, found, count = answer
        say = self._catalogue.say
        self.panel.show_lines([Choice(one.point_id, 0, one.text, one.detail) for one in found])
        key = "charts.find.none" if not count else "charts.find.more" if count > MOST else "charts.find.count"
        self.panel.hint.setText(say(key, n=f"{count:,}", most=MOST))


class _Panel(Chooser):
    """A chooser whose lines are found elsewhere.

    Signals:
        typed(str): other lines are wanted.
    """

    typed = Signal(str)

    def __init__(self, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(tokens, parent, "charts-points")

    def show_lines(self, choices: list[Choice]) -> None:
        self._choices = choices
        self._fill(choices)
        self._place()

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.typed.emit(text)
