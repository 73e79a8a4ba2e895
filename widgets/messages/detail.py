"""One disaster message: what it says and to whom, who wrote it, who let it go, and how each outlet stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.message import DisasterMessage
from console.profile.messages import MessageBook
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.messages.words import INKS, area_words, mine, standing_of, standing_words, way_words

if TYPE_CHECKING:
    from console.desk.board import Board


class MessageDetail(QWidget):
    """Reading, and letting go. UI thread only.

    Signals:
        changed: something was typed that an act needs.
    """

    changed = Signal()

    def __init__(
        self, board: Board, book: MessageBook, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("messages-detail")
        self._board, self._book, self._catalogue, self._moments = board, book, catalogue, moments
        self.message: DisasterMessage | None = None
        self.title = ElidedLabel(self, weight="bold", size="strong")
        self.standing = ElidedLabel(self, weight="bold")
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setObjectName("messages-read")
        self.why_not = label(self, size="small", ink="dim")
        self.why_not.setWordWrap(True)
        self.approver, self.code = QLineEdit(self), QLineEdit(self)
        self.approver.setObjectName("messages-approver")
        self.code.setObjectName("messages-code")
        self.code.setEchoMode(QLineEdit.EchoMode.Password)
        self.code.setMaxLength(64)
        self.approver.setMaxLength(80)
        self.person = QWidget(self)
        names = QHBoxLayout(self.person)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(tokens.space(1))
        names.addWidget(self.approver, 2)
        names.addWidget(self.code, 1)
        self.reason = QLineEdit(self)
        self.reason.setObjectName("messages-reason")
        self.reason.setMaxLength(500)
        self._for_draft = actions.button("messages.approve", self, role="act")
        acts = QHBoxLayout()
        acts.setSpacing(tokens.space(1))
        acts.addWidget(self._for_draft)
        self._others = [actions.button(f"messages.{name}", self) for name in ("edit", "update", "cancel")]
        for button in self._others:
            acts.addWidget(button)
        acts.addStretch(1)
        away = QHBoxLayout()
        away.setSpacing(tokens.space(1))
        self._discard = actions.button("messages.discard", self)
        away.addWidget(self.reason, 1)
        away.addWidget(self._discard)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.space(2), 0, 0, 0)
        column.setSpacing(tokens.space(1))
        for part in (self.title, self.standing, self.text, self.why_not, self.person):
            column.addWidget(part, 1 if part is self.text else 0)
        column.addLayout(acts)
        column.addLayout(away)
        for field in (self.approver, self.code, self.reason):
            field.textChanged.connect(self.changed)
        self._forget_words = follow(catalogue, self._retext)

    def show_message(self, message: DisasterMessage | None) -> None:
        """Show this one; what was typed for another one is gone."""
        before = self.message
        if before is None or message is None or before.id != message.id or before.digest != message.digest:
            for field in (self.approver, self.code, self.reason):
                field.clear()
        self.message = message
        self.tell()

    @property
    def needs_code(self) -> bool:
        """Whether a second person has to show an own code at this desk."""
        info = self._board.profile.desks.get(self._board.desk)
        message = self.message
        supervisor = info is not None and info.role == "supervisor"
        return message is not None and (not supervisor or self._board.desk in message.desks)

    @property
    def may_approve(self) -> bool:
        """Whether an approval could be asked for."""
        message = self.message
        if message is None or not message.is_draft or not self._board.state.outlets:
            return False
        if self.needs_code:
            name = self.approver.text()
            return bool(name.strip()) and bool(self.code.text()) and not mine(message, name)
        return not mine(message, self._board.person)

    def tell(self) -> None:
        """Say everything again: times go on."""
        message, say = self.message, self._catalogue.say
        draft = message is not None and message.is_draft
        for part in (self._for_draft, self._discard, self.reason):
            part.setVisible(draft)
        self._others[0].setVisible(draft)
        for button in self._others[1:]:
            button.setVisible(message is not None and not draft and not message.discarded_by)
        self.person.setVisible(draft and self.needs_code)
        self.why_not.setText(self._hint())
        self.why_not.setVisible(bool(self.why_not.text()))
        if message is None:
            self.title.setText(say("messages.none_chosen"))
            self.standing.setText("")
            self._show_text("")
            return
        level = self._book.levels.get(message.content.level)
        name = self._catalogue.words(level.name) if level is not None else message.content.level
        kind = say(f"report.message.kind.{message.content.kind}")
        area = area_words(message.content.area, self._board, self._catalogue)
        self.title.setText(f"{name} · {kind} · {area}")
        standing = standing_of(message, self._book, self._board)
        style(self.standing, ink=INKS.get(standing, "text"))
        self.standing.setText(
            standing_words(message, self._book, self._board, self._catalogue, self._moments)
        )
        self._show_text(self._whole(message))

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def _hint(self) -> str:
        message, say = self.message, self._catalogue.say
        if message is None or not message.is_draft:
            return ""
        if not self._board.state.outlets:
            return say("messages.no_outlet")
        if self.needs_code:
            return say("messages.code_needed", people=", ".join(message.drafters))
        if mine(message, self._board.person):
            return say("messages.own")
        return say("messages.read_first", people=", ".join(message.drafters))

    def _whole(self, message: DisasterMessage) -> str:
        say, moments, now_ns = self._catalogue.say, self._moments, self._board.clock.now_ns()
        content = message.content
        main = self._book.language
        texts = [getattr(content.text, one) for one in (main, "ko" if main == "en" else "en")]
        lines = [*filter(None, texts), ""]
        lines.append(
            say(
                "messages.by", people=", ".join(message.drafters), desks=", ".join(message.desks),
                at=moments.clock(message.drafted_at_ns), version=message.revision,
            )
        )  # fmt: skip
        if message.approved_at_ns:
            lines.append(
                say(
                    "messages.approved", person=message.approved_by, desk=message.approved_desk,
                    at=moments.clock(message.approved_at_ns),
                )
            )  # fmt: skip
            until = moments.moment(message.expires_ns)
            lines.append(say("messages.until", at=until, identifier=message.identifier))
        else:
            lines.append(say("messages.for_minutes", n=content.valid_min))
        if content.urgent_reason:
            lines.append(say("messages.urgent_said", reason=content.urgent_reason))
        if content.replaces:
            earlier = self._board.state.messages.get(content.replaces)
            named = earlier.identifier if earlier is not None else content.replaces
            lines.append(say("messages.speaks_of", identifier=named))
        if message.discarded_by:
            why = message.discarded_why
            lines.append(say("messages.discarded", person=message.discarded_by, reason=why))
        for outlet, way in message.ways.items():
            lines.append(f"{outlet}: {way_words(way, self._catalogue, moments, now_ns)}")
        if message.is_draft:
            for outlet, standing in self._board.state.outlets.items():
                up = say("report.message.outlet.up" if standing.up else "report.message.outlet.down")
                why = "" if standing.up else f" {self._catalogue.words(standing.why)}"
                lines.append(f"{outlet}: {up}.{why}")
        return "\n".join(lines)

    def _show_text(self, text: str) -> None:
        if text != self.text.toPlainText():
            at = self.text.verticalScrollBar().value()
            self.text.setPlainText(text)
            self.text.verticalScrollBar().setValue(at)

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.text.setAccessibleName(say("messages.read_name"))
        for field, key in ((self.approver, "approver"), (self.code, "code"), (self.reason, "reason")):
            field.setPlaceholderText(say(f"messages.{key}"))
            field.setAccessibleName(say(f"messages.{key}"))
        self.tell()
