"""What an operator does to alarms: acts by key, a form where a reason is needed, what became of each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.desk.alarmbook import AlarmBook
from console.desk.port import DeskPort
from widgets.alarms.acting import Acting, command_of
from widgets.alarms.form import HideForm
from widgets.alarms.permitted import ACTS, Permit, permit
from widgets.alarms.rows import Row
from widgets.alarms.table import AlarmTable
from widgets.alarms.words import RowWords
from widgets.kit.actions import Actions
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens

KEYS = {
    "acknowledge": "A", "group": "Shift+A", "shelve": "S", "unshelve": "Shift+S", "remove": "O",
    "return": "Shift+O", "reset": "R",
}  # fmt: skip
ASKED = ("shelve", "remove", "return")
"""Acts that need a reason first."""


class Doing(QObject):
    """Acts: alarms.acknowledge (A), group (Shift+A), shelve (S), unshelve (Shift+S), remove (O), return
    (Shift+O), reset (R). UI thread only.

    Signals:
        changed: an act was asked, answered or refused here.
        asking(bool): the form is open, or no longer.
    """

    changed = Signal()
    asking = Signal(bool)

    def __init__(
        self, book: AlarmBook, port: DeskPort, table: AlarmTable, words: RowWords, actions: Actions,
        moments: Moments, tokens: Tokens, owner: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(owner)
        self._book, self._port, self._table, self._words = book, port, table, words
        self._moments, self._catalogue = moments, moments.catalogue
        self._why_not = Permit()
        self.acting = Acting(book.board)
        self.rows_shown = True
        """Whether the view is one of rows, which can be chosen."""
        handlers: dict[str, Callable[[], object]] = {
            "acknowledge": self.acknowledge, "group": self.acknowledge_group, "shelve": self.shelve,
            "unshelve": self.unshelve, "remove": self.remove, "return": self.give_back, "reset": self.reset,
        }  # fmt: skip
        for name in ACTS:
            actions.add(
                f"alarms.{name}", f"alarms.act.{name}", KEYS[name], handlers[name], owner=owner,
                group="alarms.title", only_focused=True,
            )  # fmt: skip
        self.form = HideForm(actions, moments, tokens)
        self.form.sent.connect(self._send_form)
        self.form.left.connect(self._form_left)

    def permit(self, act: str) -> Permit:
        """Whether and for which alarms an act can be done now."""
        if self._book.replaying:
            return Permit(why_not="replaying")
        if not self.rows_shown:
            return Permit(why_not="none_chosen")
        chosen: list[Row] = self._table.chosen_rows()
        if act == "group":
            current = self._table.current_row()
            chosen = [current] if current is not None else []
        return permit(act, chosen, self._table.seen_rows(), self._book)

    def why(self, permit: Permit) -> str:
        """Why not, in words."""
        return self._catalogue.say(f"alarms.why_not.{permit.why_not}", **dict(permit.fields))

    def words(self) -> tuple[str, bool]:
        """(one line about the newest act, whether it is bad news)."""
        if self._why_not.why_not:
            return self.why(self._why_not), True
        return self.acting.words(self._catalogue, self._moments)

    def forget(self) -> None:
        """Something else is chosen: why an act could not be done is no more of interest."""
        self._why_not = Permit()

    @Slot(str)
    def refuse(self, why_not: str) -> None:
        """Say why something cannot be done."""
        self._why_not = Permit(why_not=why_not)
        self.changed.emit()

    @Slot()
    def acknowledge(self) -> None:
        """The chosen alarms that are on the screen."""
        self._act("acknowledge")

    @Slot()
    def acknowledge_group(self) -> None:
        """Those of an open group that are on the screen."""
        self._act("group")

    @Slot()
    def shelve(self) -> None:
        """Hide for a time."""
        self._act("shelve")

    @Slot()
    def unshelve(self) -> None:
        """Show again before the time."""
        self._act("unshelve")

    @Slot()
    def remove(self) -> None:
        """Take out of service."""
        self._act("remove")

    @Slot()
    def give_back(self) -> None:
        """Return to service."""
        self._act("return")

    @Slot()
    def reset(self) -> None:
        """End what latches."""
        self._act("reset")

    def _act(self, act: str) -> None:
        permit = self.permit(act)
        self._why_not = Permit() if permit.given else permit
        if permit.given and act in ASKED:
            right = self._book.shelving
            longest_s = right.longest_s if act == "shelve" and right is not None else 0.0
            self.form.open(act, permit.alarm_ids, self._named(permit.alarm_ids), longest_s)
            self.asking.emit(True)
        elif permit.given:
            self._send(act, permit.alarm_ids, 0, "")
        self.changed.emit()

    @Slot(str, object, int, str)
    def _send_form(self, act: str, alarm_ids: tuple[str, ...], seconds: int, reason: str) -> None:
        self._send(act, alarm_ids, seconds, reason)
        self.changed.emit()

    def _send(self, act: str, alarm_ids: tuple[str, ...], seconds: int, reason: str) -> None:
        request_id = self._port.request(command_of(act, alarm_ids, seconds, reason))
        self.acting.asked(request_id, act, alarm_ids)

    @Slot()
    def _form_left(self) -> None:
        self.asking.emit(False)

    @Slot(object)
    def answered(self, pairs: object) -> None:
        """Answers came."""
        self.acting.answered(pairs)  # type: ignore[arg-type]
        self.changed.emit()

    def _named(self, alarm_ids: tuple[str, ...]) -> str:
        if len(alarm_ids) == 1:
            return self._words.name(alarm_ids[0])
        return self._catalogue.say("alarms.many", count=len(alarm_ids))
