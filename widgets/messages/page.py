"""The page of disaster messages: all of them, the one under the hand, and the one that is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.desk.port import DeskPort
from console.language import Catalogue
from console.model import commands as do
from console.model.message import DisasterMessage, MessageKind
from console.profile.messages import MessageBook
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import quieten
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.messages.detail import MessageDetail
from widgets.messages.form import MessageForm
from widgets.messages.model import COLUMNS, MessageModel

if TYPE_CHECKING:
    from console.desk.board import Board

GROUP = "messages.title"
WIDTHS_PX = {"level": 116, "area": 120, "standing": 236}
LIST_PX, RIGHT_PX = 620, 520
WRITING_LIST_PX = 300
"""While somebody writes, the form has the room."""


class MessagesPage(QWidget):
    """UI thread only."""

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, book: MessageBook, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("messages")
        self._board, self._port, self._actions, self._catalogue = board, port, actions, catalogue
        self._sending = ""
        self.model = MessageModel(board, book, catalogue, tokens, moments, self)
        self.table = QTableView(self)
        self.table.setObjectName("messages-table")
        self.empty = label(self, ink="dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.outlets = ElidedLabel(self, size="small", ink="dim")
        for name, key, handler in (
            ("new", "Ctrl+Shift+Return", self.begin), ("send", "Ctrl+Return", self.send),
            ("leave", "Esc", self.leave), ("approve", "Alt+Return", self.approve),
            ("edit", "E", self.edit), ("update", "U", self.update_it), ("cancel", "X", self.cancel_it),
            ("discard", "", self.discard),
        ):  # fmt: skip
            actions.add(
                f"messages.{name}", f"messages.act.{name}", key, handler, owner=self, group=GROUP,
                only_focused=True,
            )
        self.form = MessageForm(board, book, catalogue, tokens, moments)
        self.detail = MessageDetail(board, book, actions, catalogue, tokens, moments)
        self.writing = QWidget(self)
        self._lay_out(actions, tokens)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.table)
        self.table.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.form.changed.connect(self._tell)
        self.detail.changed.connect(self._tell)
        pulse.incidents_changed.connect(self._look)
        pulse.answered.connect(self._answered)
        pulse.second_passed.connect(self._second)
        tokens.changed.connect(self.table.viewport().update)
        self._forget_words = follow(catalogue, self._retext)
        self._look()

    @property
    def chosen(self) -> DisasterMessage | None:
        """The message under the hand."""
        rows = self.table.selectionModel().selectedRows()
        number = rows[0].row() if rows else -1
        return self.model.rows[number] if 0 <= number < len(self.model.rows) else None

    # what can be done

    @Slot()
    def begin(self) -> None:
        """Write a new one that belongs to no incident."""
        self._write("")

    def begin_for(self, incident_id: str) -> None:
        """Write a new one about this incident."""
        self._write(incident_id)

    def _write(self, incident_id: str, kind: MessageKind = "alert", replaces: str = "") -> None:
        self.form.begin(incident_id, kind, replaces)
        self._show_form()

    @Slot()
    def edit(self) -> None:
        """Write the chosen draft anew; whoever does so cannot approve it."""
        if self.chosen is not None and self.chosen.is_draft:
            self.form.edit(self.chosen)
            self._show_form()

    @Slot()
    def update_it(self) -> None:
        """Write an update of the chosen message."""
        if self._may_replace():
            self._write("", "update", self.chosen.id)  # type: ignore[union-attr]

    @Slot()
    def cancel_it(self) -> None:
        """Write the cancellation of the chosen message; a second person lets that go too."""
        if self._may_replace():
            self._write("", "cancel", self.chosen.id)  # type: ignore[union-attr]

    @Slot()
    def send(self) -> None:
        """Put what is written before whoever may approve it. It stays here until the hub took it."""
        if self._writes() and self.form.ready and not self._sending:
            command = do.DraftMessage(content=self.form.content, message_id=self.form.message_id)
            self._sending = self._port.request(command)
            self._tell()

    @Slot()
    def leave(self) -> None:
        """Leave the form; nothing is asked for."""
        self.stack.setCurrentIndex(0)
        self.halves.setSizes([LIST_PX, RIGHT_PX])
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    @Slot()
    def approve(self) -> None:
        """Let the chosen draft go, exactly as it stands here."""
        message = self.detail.message
        if message is None or not self.detail.may_approve:
            return
        by_code = self.detail.needs_code
        self._port.request(
            do.ApproveMessage(
                message_id=message.id, digest=message.digest,
                approver=self.detail.approver.text().strip() if by_code else "",
                code=self.detail.code.text() if by_code else "",
            )
        )
        self.detail.code.clear()

    @Slot()
    def discard(self) -> None:
        """Put the chosen draft away."""
        message, reason = self.detail.message, self.detail.reason.text().strip()
        if message is not None and message.is_draft and reason:
            self._port.request(do.DiscardMessage(message_id=message.id, reason=reason))

    def show_message(self, message_id: str) -> None:
        """Show this one."""
        names = [one.id for one in self.model.rows]
        if message_id in names:
            self.table.selectRow(names.index(message_id))

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        self.form.release()
        self.detail.release()

    # how it follows

    def _writes(self) -> bool:
        return self.stack.currentIndex() == 1

    def _may_replace(self) -> bool:
        message = self.chosen
        return (
            message is not None and bool(message.approved_at_ns) and not message.replaced_by
            and message.content.kind != "cancel"
        )  # fmt: skip

    def _show_form(self) -> None:
        self.stack.setCurrentIndex(1)
        self.halves.setSizes([WRITING_LIST_PX, LIST_PX + RIGHT_PX - WRITING_LIST_PX])
        self.form.texts[self.form.languages[0]].setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    @Slot(object)
    def _answered(self, pairs: tuple[tuple[do.Command | None, do.Answer], ...]) -> None:
        for _, answer in pairs:
            if answer.id == self._sending and self._sending:
                taken, self._sending = answer.id, ""
                if isinstance(answer, do.Accepted):
                    shown = self.form.message_id or taken
                    self.leave()
                    self._look()
                    self.show_message(shown)
                self._tell()

    @Slot()
    def _look(self) -> None:
        kept = self.chosen
        self.model.look()
        names = [one.id for one in self.model.rows]
        if names and self.chosen is None:
            self.table.selectRow(names.index(kept.id) if kept is not None and kept.id in names else 0)
        self.form.look()
        self.detail.show_message(self.chosen)
        self._tell()

    @Slot()
    def _second(self) -> None:
        if self.isVisible():
            self.model.repaint()
            self.detail.tell()
            self._tell()

    @Slot(QItemSelection, QItemSelection)
    def _chosen_changed(self, *_: object) -> None:
        self.detail.show_message(self.chosen)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        say, state = self._catalogue.say, self._board.state
        some = bool(self.model.rows)
        self.table.setVisible(some)
        self.empty.setVisible(not some)
        names = ", ".join(f"{'✓' if one.up else '◆'} {name}" for name, one in state.outlets.items())
        self.outlets.setText(say("messages.outlets", names=names) if names else say("messages.no_outlet"))
        writes, message = self._writes(), self.chosen
        draft = message is not None and message.is_draft
        for name, able in (
            ("send", writes and self.form.ready and not self._sending), ("leave", writes),
            ("approve", not writes and self.detail.may_approve),
            ("edit", not writes and draft), ("update", not writes and self._may_replace()),
            ("cancel", not writes and self._may_replace()),
            ("discard", not writes and draft and bool(self.detail.reason.text().strip())),
        ):  # fmt: skip
            self._actions.enable(f"messages.{name}", able)

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("messages.title"))
        self.table.setAccessibleName(say("messages.title"))
        self.empty.setText(say("messages.empty"))
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self.model.repaint()
        self._tell()

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        self.table.setModel(self.model)
        quieten(self.table, tokens, COLUMNS.index("text"))
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name, wide in WIDTHS_PX.items():
            self.table.setColumnWidth(COLUMNS.index(name), wide)
        left = QWidget(self)
        listed = QVBoxLayout(left)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(tokens.space(1))
        listed.addWidget(self.table, 1)
        listed.addWidget(self.empty, 1)
        foot = QHBoxLayout()
        foot.addWidget(actions.button("messages.new", left))
        foot.addWidget(self.outlets, 1)
        listed.addLayout(foot)
        writing = QVBoxLayout(self.writing)
        writing.setContentsMargins(tokens.space(2), 0, 0, 0)
        writing.setSpacing(tokens.space(1))
        area = QScrollArea(self.writing)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.form)
        writing.addWidget(area, 1)
        acts = QHBoxLayout()
        acts.addWidget(actions.button("messages.send", self.writing, role="act"))
        acts.addWidget(actions.button("messages.leave", self.writing))
        acts.addStretch(1)
        writing.addLayout(acts)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.detail)
        self.stack.addWidget(self.writing)
        self.halves = QSplitter(Qt.Orientation.Horizontal, self)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(left)
        self.halves.addWidget(self.stack)
        self.halves.setSizes([LIST_PX, RIGHT_PX])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(tokens.space(2),) * 4)
        layout.addWidget(self.halves)
