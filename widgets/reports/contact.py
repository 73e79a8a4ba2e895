"""Who reported: asked for with a purpose, on the record first, shown for two minutes, written nowhere."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.citizenreport import CitizenReport, ReportContact
from console.model.query import AskReportContact
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

SHOWN_NS = 120 * SECOND_NS
MOST_PURPOSE = 400
"""As the hub takes it."""


class ContactPanel(QWidget):
    """Hidden until it is wanted. UI thread only.

    Signals:
        left: closed; the list should have the keyboard.
    """

    left = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._catalogue = board, port, catalogue
        self._texts = Texts(catalogue)
        self._report_id = self._query_id = ""
        self._until_ns = 0
        self.purpose = QLineEdit(self)
        self.purpose.setMaxLength(MOST_PURPOSE)
        self.shown = label(self)
        self.shown.setWordWrap(True)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._texts.put(
            self.purpose, accessibleName="reports.contact.purpose",
            placeholderText="reports.contact.purpose",
        )  # fmt: skip
        self._texts.put(self.shown, accessibleName="reports.contact.title")
        for name, key, handler in (("read", "Return", self.ask), ("hide", "Esc", self.leave)):
            actions.add(
                f"reports.contact_{name}", f"reports.act.contact_{name}", key, handler, owner=self,
                group="reports.title", only_focused=True,
            )  # fmt: skip
        row = QHBoxLayout()
        row.setSpacing(tokens.space(1))
        row.addWidget(self.purpose, 1)
        row.addWidget(actions.button("reports.contact_read", self))
        row.addWidget(actions.button("reports.contact_hide", self, role="quiet"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.space(1), 0, tokens.space(1))
        column.setSpacing(tokens.space(1))
        column.addLayout(row)
        column.addWidget(self.shown)
        self.purpose.returnPressed.connect(self.ask)
        pulse.looked_up.connect(self._came)
        pulse.second_passed.connect(self._second)
        self.hide()

    def begin(self, report: CitizenReport) -> None:
        """Ask what for."""
        self._report_id, self._query_id = report.id, ""
        self._tell("")
        self.show()
        self.purpose.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.purpose.selectAll()

    @Slot()
    def ask(self) -> None:
        """Ask the hub, once there is a purpose."""
        purpose = " ".join(self.purpose.text().split())
        if not purpose:
            self._tell(self._catalogue.say("reports.contact.no_purpose"), bad=True)
            return
        self._query_id = self._port.ask(AskReportContact(report_id=self._report_id, purpose=purpose))
        self._tell(self._catalogue.say("reports.contact.asked"))

    @Slot()
    def leave(self) -> None:
        """Hide it, with what it showed."""
        self.forget()
        self.left.emit()

    def forget(self) -> None:
        """Nothing of it stays on the screen."""
        self._query_id, self._until_ns = "", 0
        self._tell("")
        self.hide()

    @Slot(object)
    def _came(self, query_ids: tuple[str, ...]) -> None:
        if not self._query_id or self._query_id not in query_ids:
            return
        page = self._board.take_page(self._query_id)
        self._query_id = ""
        if page is None:
            return
        if isinstance(page.page, ReportContact):
            self._until_ns = self._board.clock.mono_ns() + SHOWN_NS
            self._tell(self._words(page.page), bad=bool(page.page.problem))
        elif page.problem is not None:
            self._tell(self._catalogue.words(page.problem), bad=True)

    def _words(self, contact: ReportContact) -> str:
        say = self._catalogue.say
        if contact.problem:
            return say(f"reports.contact.{contact.problem}")
        parts = [
            say(f"reports.contact.{name}", value=value)
            for name in ("name", "phone", "email", "account_id", "device_id")
            if (value := getattr(contact, name))
        ]
        return "\n".join(parts)

    @Slot()
    def _second(self) -> None:
        if self._until_ns and self._board.clock.mono_ns() > self._until_ns:
            self.forget()

    def _tell(self, text: str, bad: bool = False) -> None:
        self.shown.setText(text)
        self.shown.setVisible(bool(text))
        style(self.shown, ink="p2" if bad else "")
