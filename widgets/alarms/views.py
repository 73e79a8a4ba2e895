"""The views of the list with their counts: one button each, a digit for a key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from console.desk.alarmbook import AlarmBook
from console.desk.alarmlines import VIEWS
from widgets.kit.actions import Actions
from widgets.kit.labels import style
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

FREQUENT = "frequent"
PAGES = (*VIEWS, FREQUENT)


class ViewBar(QWidget):
    """Which view is shown. The counts are of all alarms, whatever the filter hides.

    Signals:
        wanted(str): show this view.
    """

    wanted = Signal(str)

    def __init__(
        self, book: AlarmBook, actions: Actions, tokens: Tokens, owner: QWidget, catalogue: object
    ) -> None:
        super().__init__(owner)
        self._book, self._actions, self._catalogue = book, actions, catalogue
        self.current = PAGES[0]
        self._choosers = [_Choosing(self, name) for name in PAGES]
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, chooser in enumerate(self._choosers, 1):
            name = chooser.name
            act = actions.add(
                f"alarms.view_{name}", f"alarms.view.{name}", str(number), chooser.choose, owner=owner,
                group="alarms.title", checkable=True, only_focused=True,
            )  # fmt: skip
            button = QToolButton(self)
            button.setObjectName(f"button.alarms.view_{name}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            style(button, role="tab")
            button.clicked.connect(act.trigger)
            self._buttons[name] = button
            row.addWidget(button)
        follow(catalogue, self.tell)  # type: ignore[arg-type]

    def show_view(self, name: str) -> None:
        """This view is the one that is shown."""
        self.current = name
        self.tell()

    @Slot()
    def tell(self) -> None:
        """Say the counts anew."""
        say = self._catalogue.say  # type: ignore[attr-defined]
        for number, (name, button) in enumerate(self._buttons.items(), 1):
            word = say(f"alarms.view.{name}")
            count = self._book.counts.get(name)  # type: ignore[call-overload]
            text = word if count is None else f"{word} {count:,}"
            if button.text() != text:
                button.setText(text)
                button.setAccessibleName(text)
                button.setToolTip(f"{say(f'alarms.view.hint.{name}')} ({number})")
            button.setChecked(name == self.current)
            self._actions.act(f"alarms.view_{name}").setChecked(name == self.current)


class _Choosing:
    """One view's choice, as a bound method, so that the act keeps no closure alive."""

    def __init__(self, bar: ViewBar, name: str) -> None:
        self._bar, self.name = bar, name

    def choose(self) -> None:
        self._bar.wanted.emit(self.name)
        self._bar.tell()
