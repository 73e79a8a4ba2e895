"""The supervisor's line: what was left out, waits too long or was said by hand, until it is confirmed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model import events as ev
from console.model.commands import SeeProcedureNotices
from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import label, style
from widgets.kit.marks import paint_priority
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.procedure.pending import PendingOrders
from widgets.procedure.view import Told, untold
from widgets.procedure.words import Words

PRIORITY = 2
TOUCHING = (ev.ProcedureMoved, ev.ProcedureNoticed, ev.IncidentReclassified)
SUPERVISOR = "supervisor"
MARK_PX = 16
SHOWN = 2
"""How many notices of one incident stand in the line; the rest is in its procedure."""


class _Mark(QWidget):
    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.setFixedSize(QSize(MARK_PX, MARK_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_priority(painter, QRectF(self.rect()), PRIORITY, self._tokens)


class NoticeLine(QFrame):
    """Shown while anything is not confirmed; the longest waiting incident first. Every desk sees it, a
    supervisor's confirms.

    Acts: procedure.notice_show (Alt+J), procedure.notice_seen (Alt+K).

    Signals:
        incident_wanted(str): go to this incident.
        news(int): something new has to be told, of this priority, heard while this desk was here.
    """

    incident_wanted = Signal(str)
    news = Signal(int)

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._actions = board, port, actions
        self._words = Words(board.profile, catalogue, moments)
        self._texts = Texts(catalogue)
        desk = board.profile.desks.get(board.desk)
        self.is_supervisor = desk is not None and desk.role == SUPERVISOR
        self.pending = PendingOrders(board)
        self._told: tuple[Told, ...] = ()
        self._read = self._snapshots = 0
        self.setObjectName("procedure-notices")
        style(self, role="header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        for name, key, handler in (
            ("notice_show", "Alt+J", self.show_incident), ("notice_seen", "Alt+K", self.confirm),
        ):  # fmt: skip
            actions.add(
                f"procedure.{name}", f"procedure.act.{name}", key, handler, group="procedure.title",
                enabled=False,
            )  # fmt: skip
        self._lay_out(actions, tokens)
        pulse.incidents_changed.connect(self.look)
        pulse.answered.connect(self._answered)
        follow(catalogue, self._say)

    @property
    def told(self) -> tuple[Told, ...]:
        """What is not confirmed, by incident, the longest waiting first."""
        return self._told

    @Slot()
    def look(self) -> None:
        """Take what the board heard since; a walk over all procedures only where one of them moved."""
        board = self._board
        self.pending.settle()
        fresh = board.snapshots != self._snapshots
        new = min(board.news_count - self._read, len(board.news))
        heard = [board.news[place].event for place in range(len(board.news) - new, len(board.news))]
        touched = any(isinstance(one, TOUCHING) for one in heard)
        lost = board.news_count - self._read > len(board.news)
        first = self._snapshots == 0
        self._read, self._snapshots = board.news_count, board.snapshots
        if not (fresh or touched or lost):
            return
        before = {(one.incident_id, two.at_ns) for one in self._told for two in one.notices}
        self._told = untold(board.state.procedures)
        now = {(one.incident_id, two.at_ns) for one in self._told for two in one.notices}
        if now - before and not first:
            self.news.emit(PRIORITY)
        self._say()

    @Slot()
    def show_incident(self) -> None:
        """Go to the incident that is spoken of."""
        if self._told:
            self.incident_wanted.emit(self._told[0].incident_id)

    @Slot()
    def confirm(self) -> None:
        """Say that this supervisor has seen what stands there of this incident."""
        if self._told and self.is_supervisor and not self._busy():
            first = self._told[0]
            command = SeeProcedureNotices(incident_id=first.incident_id, until_ns=first.until_ns)
            self.pending.asked(self._port.request(command), first.incident_id, first.until_ns)
            self._say()

    def _busy(self) -> bool:
        first = self._told[0]
        return self.pending.busy(first.incident_id, first.until_ns)

    @Slot(object)
    def _answered(self, pairs: object) -> None:
        self.pending.answered(pairs)  # type: ignore[arg-type]
        self._say()

    def _say(self) -> None:
        told, words = self._told, self._words
        self.setVisible(bool(told))
        self._actions.enable("procedure.notice_show", bool(told))
        self._actions.enable(
            "procedure.notice_seen", bool(told) and self.is_supervisor and not self._busy()
        )
        if not told:
            return
        first = told[0]
        incident = self._board.state.incidents.get(first.incident_id)
        place = words.catalogue.words(incident.place.name) if incident is not None else ""
        kind = incident.type if incident is not None else ""
        lines = [words.notice(first.incident_id, kind, place, one) for one in first.notices[:SHOWN]]
        self.text.setText("\n".join(lines))
        where = words.type(kind) if kind else first.incident_id
        where = f"{where}, {place}" if place else where
        clock = words.moments.clock(first.notices[0].at_ns)
        self.where.setText(words.say("notice.where", clock=clock, incident=where))
        more = sum(len(one.notices) for one in told) - len(lines)
        self.more.setText(words.say("notice.more", n=str(more)) if more else "")
        refused = self.pending.refused.get((first.incident_id, first.until_ns))
        hint = words.catalogue.words(refused) if refused is not None else ""
        if not hint and not self.is_supervisor:
            hint = words.say("notice.operator")
        self.hint.setText(hint)
        style(self.hint, ink="p1" if refused is not None else "dim")
        self.hint.setVisible(bool(hint))
        self._seen.setVisible(self.is_supervisor)
        self.setAccessibleDescription(f"{self.text.text()} {self.where.text()}")

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        unit = tokens.space(1)
        self._texts.put(self, accessibleName="procedure.notice.name")
        title = label(weight="bold", ink="p2")
        self._texts.put(title, "procedure.notice.name")
        self.where, self.more = label(ink="dim"), label(ink="p2", weight="bold")
        self.text, self.hint = label(), label(ink="dim", size="small")
        for one in (self.where, self.text, self.hint):
            one.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(2 * unit)
        head.addWidget(_Mark(tokens, self))
        head.addWidget(title)
        head.addWidget(self.where, 1)
        head.addWidget(self.more)
        buttons = QWidget()
        flow = FlowLayout(unit, buttons)
        flow.setContentsMargins(0, 0, 0, 0)
        flow.addWidget(actions.button("procedure.notice_show", buttons))
        self._seen = actions.button("procedure.notice_seen", buttons, role="act")
        flow.addWidget(self._seen)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        column.setSpacing(unit)
        column.addLayout(head)
        for part in (self.text, self.hint, buttons):
            column.addWidget(part)
        self.hide()
