"""What hiding an alarm still needs to know: for how long, and why. Asked in place of the buttons.

Nothing pops up and nothing is covered. Enter sends, Esc leaves; a reason that was typed and not sent is kept.
"""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLineEdit, QWidget

from console.language import Catalogue
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel
from widgets.kit.moments import Moments
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

MINUTES = (5, 10, 15, 30, 60, 120, 240, 480)
"""Times that are offered, as far as the desk's role goes."""
FIRST_MINUTES = 15
MAX_REASON = 1000
"""What the hub takes (console.rules.alarm.orders)."""
REASONS = ("work", "test", "known", "weather", "faulty")


class HideForm(QWidget):
    """One line: what is asked, the time of a shelf, the reason.

    Signals:
        sent(str, object, int, str): act, alarm ids, seconds (0 where none is asked), reason.
        left: closed; the list has the keyboard again.
    """

    sent = Signal(str, object, int, str)
    left = Signal()

    def __init__(
        self, actions: Actions, moments: Moments, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._moments = moments
        self._catalogue: Catalogue = moments.catalogue
        self._act, self._ids, self._longest_s = "", (), 0.0
        self.ask = ElidedLabel(self, weight="bold")
        self.time = QComboBox(self)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(MAX_REASON)
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)  # nothing pops up
        self.reason.setCompleter(completer)
        for name, key, handler in (("send", "Return", self.send), ("leave", "Esc", self.leave)):
            actions.add(
                f"alarms.{name}", f"alarms.act.{name}", key, handler, owner=self, group="alarms.title",
                only_focused=True, listed=False,
            )  # fmt: skip
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.space(2), tokens.space(1), tokens.space(2), tokens.space(1))
        row.setSpacing(tokens.space(2))
        row.addWidget(self.ask)
        row.addWidget(self.time)
        row.addWidget(self.reason, 1)
        row.addWidget(actions.button("alarms.send", self))
        row.addWidget(actions.button("alarms.leave", self, role="quiet"))
        self.hide()
        follow(self._catalogue, self._retext)

    def open(self, act: str, alarm_ids: tuple[str, ...], name: str, longest_s: float = 0.0) -> None:
        """Ask for `act` ("shelve", "remove", "return") of these; `name` says which they are."""
        self._act, self._ids, self._longest_s = act, alarm_ids, longest_s
        self.ask.setText(self._catalogue.say(f"alarms.form.{act}", alarm=name))
        self.time.setVisible(longest_s > 0)
        self._fill_times()
        self.show()
        target = self.time if longest_s > 0 else self.reason
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def act(self) -> str:
        """What is asked now; empty while it is closed."""
        return self._act if not self.isHidden() else ""

    @Slot()
    def send(self) -> None:
        """Send, where a reason was given; else ask for it."""
        reason = self.reason.text().strip()
        if not reason:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        seconds = int(self.time.currentData() or 0) if self._longest_s > 0 else 0
        self.reason.clear()
        self.hide()
        self.sent.emit(self._act, self._ids, seconds, reason)
        self.left.emit()

    @Slot()
    def leave(self) -> None:
        """Close without doing anything."""
        self.hide()
        self.left.emit()

    def _fill_times(self) -> None:
        chosen = self.time.currentData() or FIRST_MINUTES * 60
        self.time.clear()
        for minutes in MINUTES:
            if minutes * 60 <= self._longest_s:
                self.time.addItem(self._moments.span(minutes * 60), minutes * 60)
        self.time.setCurrentIndex(max(0, self.time.findData(chosen)))

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.time.setAccessibleName(say("alarms.form.time"))
        self.reason.setAccessibleName(say("alarms.form.reason"))
        self.reason.setPlaceholderText(say("alarms.form.reason"))
        self._known.setStringList([say(f"alarms.reason.{one}") for one in REASONS])
        self._fill_times()
