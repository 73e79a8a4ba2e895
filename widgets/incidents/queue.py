"""The incident queue: what needs somebody, the first line always in view, never re-sorted under a hand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from console.clock import SECOND_NS
from console.desk.board import Board
from console.language import Catalogue
from widgets.incidents.model import QueueModel
from widgets.incidents.order import in_queue
from widgets.incidents.table import FirstLine, Rest
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

HAND_OFF_LIST_NS = 3 * SECOND_NS
"""So long after the last key or mouse movement in the list the order is left alone."""


class QueuePanel(QWidget):
    """The queue with its counts, filter and empty state. Pulls from the board on the pulse; holds no truth.

    Acts: queue.focus (Q), queue.next (U: the next nobody has acknowledged), queue.filter (Ctrl+F).

    Signals:
        chosen(str): the operator selected this incident.
        opened(str): Enter or a double click; the detail should get the keyboard.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(
        self, board: Board, pulse: Pulse, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._pulse, self._catalogue = board, pulse, catalogue
        self._moments = Moments(catalogue, board.profile.time_zone)
        self._touched_ns = -HAND_OFF_LIST_NS
        self._last_chosen = ""
        self.setObjectName("queue")
        style(self, role="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts = Texts(catalogue)
        self.model = QueueModel(board, catalogue, self)
        self.first = FirstLine(self.model, tokens)
        self.rest = Rest(self.model, self.first, tokens)
        self._title = label(size="strong", weight="bold")
        self._counts = label(ink="dim")
        self._link = label(ink="p2")
        self._link.setWordWrap(True)
        self._filter = QLineEdit()
        self._filter.hide()
        self._filter.setClearButtonEnabled(True)
        self._empty = label(ink="dim", size="strong")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._lay_out(tokens)
        self._say_parts()
        self._add_acts(actions)
        for view in (self.first, self.rest):
            view.chosen.connect(self._choose)
            view.opened.connect(self.opened)
            view.touched.connect(self._touch)
        self._filter.textChanged.connect(self._narrow)
        self._filter.installEventFilter(self)
        pulse.incidents_changed.connect(self.refresh)
        pulse.answered.connect(self.refresh)
        pulse.health_changed.connect(self._tell_link)
        pulse.blinked.connect(self._blink)
        pulse.second_passed.connect(self._each_second)
        follow(catalogue, self._retext)
        self.refresh()

    def current_incident(self) -> str:
        """The incident the operator has chosen, "" for none.

        One that is resolved has left the list but is still his until it is closed: nobody else's may be
        put under his hand meanwhile.
        """
        selected = self.rest.current_incident()
        if selected:
            return selected
        last = self._board.state.incidents.get(self._last_chosen)
        return last.id if last is not None and last.stage == "resolved" else ""

    @Slot(str)
    def select(self, incident_id: str) -> bool:
        """Select an incident (from the map, the wall, a command); False where it is not in the queue."""
        row = self.model.row_of(incident_id)
        if row < 0:
            return False
        before = self.rest.current_incident()
        index = self.model.index(row, 0)
        self.rest.setCurrentIndex(index)
        self.rest.scrollTo(index)
        if before != incident_id:
            self._choose(incident_id)
        return True

    @Slot()
    def refresh(self) -> None:
        """Take what changed from the board."""
        held = self._held()
        scrolled = self.rest.verticalScrollBar().value() > 0
        heights = self.rest.heights() if held or scrolled else []
        self.model.refresh(keep_places=held)
        if not held:
            self.model.arrange()
        self.rest.keep_heights(heights)
        self._tell_counts()

    @Slot()
    def focus_list(self) -> None:
        """Give the list the keyboard; select the first line where nothing is selected."""
        self.rest.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.rest.current_incident() and self.model.rowCount():
            self.select(self.model.lines()[0].incident.id)

    @Slot()
    def choose_next(self) -> None:
        """Select the most urgent that nobody has acknowledged, after the selected one if that is one."""
        waiting = sorted(one.rank for one in self.model.lines() if one.incident.stage == "new")
        if not waiting:
            return
        names = [one[3] for one in waiting]
        current = self.rest.current_incident()
        place = (names.index(current) + 1) % len(names) if current in names else 0
        self.select(names[place])

    @Slot()
    def open_filter(self) -> None:
        """Show the filter line and give it the keyboard."""
        self._filter.show()
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def close_filter(self) -> None:
        """Show all again and hide the filter line."""
        self._filter.clear()
        self._filter.hide()
        self.rest.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._filter and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.close_filter()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.focus_list()
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self, tokens: Tokens) -> None:
        unit = tokens.space(1)
        head = QHBoxLayout()
        head.setContentsMargins(2 * unit, unit, 2 * unit, unit)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._counts)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.rest)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._link)
        column.addWidget(self._filter)
        column.addWidget(self.first)
        column.addWidget(body, 1)
        self._link.setContentsMargins(2 * unit, 0, 2 * unit, unit)

    def _say_parts(self) -> None:
        put = self._texts.put
        put(self._title, "incidents.queue.title")
        put(self, accessibleName="incidents.queue.title")
        put(self.rest, accessibleName="incidents.queue.list", accessibleDescription="incidents.queue.keys")
        put(self.first, accessibleName="incidents.queue.first")
        put(self._filter, accessibleName="incidents.filter.name", placeholderText="incidents.filter.hint")

    def _add_acts(self, actions: Actions) -> None:
        for name, key, handler in (
            ("queue.focus", "Q", self.focus_list), ("queue.next", "U", self.choose_next),
            ("queue.filter", "Ctrl+F", self.open_filter),
        ):  # fmt: skip
            actions.add(
                name, f"incidents.act.{name}", key, handler, owner=self, group="incidents.group.queue"
            )

    @Slot(str)
    def _choose(self, incident_id: str) -> None:
        self._last_chosen = incident_id
        self.chosen.emit(incident_id)

    def _held(self) -> bool:
        return self._board.clock.mono_ns() - self._touched_ns < HAND_OFF_LIST_NS

    @Slot()
    def _touch(self) -> None:
        self._touched_ns = self._board.clock.mono_ns()

    @Slot(bool)
    def _blink(self, lit: bool) -> None:
        self.first.blink(lit)
        self.rest.blink(lit)

    @Slot()
    def _each_second(self) -> None:
        self.model.grow_older()
        if not self._held():
            self.refresh()

    @Slot(str)
    def _narrow(self, text: str) -> None:
        self.model.narrow(text)
        self._tell_counts()

    def _tell_counts(self) -> None:
        lines = self.model.lines()
        new = sum(1 for one in lines if one.incident.stage == "new")
        say = self._catalogue.say
        parts = [say("incidents.counts.open", new=new, open=len(lines))]
        if self.model.hidden:
            parts.append(say("incidents.counts.hidden", hidden=self.model.hidden))
        text = " · ".join(parts)
        if self._counts.text() != text:
            self._counts.setText(text)
        self._stack.setCurrentIndex(0 if lines else 1)
        if not lines:
            self._tell_empty()

    def _tell_empty(self) -> None:
        say, board = self._catalogue.say, self._board
        if self.model.hidden:
            text = say("incidents.empty.filtered", hidden=self.model.hidden)
        elif not board.state.run:
            text = say("incidents.empty.waiting")
        else:
            text = say("incidents.empty.calm", since=self._moments.minute(self._quiet_since_ns()))
        if self._empty.text() != text:
            self._empty.setText(text)

    def _quiet_since_ns(self) -> int:
        """When the last incident left the queue; where none ever did, the hub's start or the link's."""
        left = [one.changed_at_ns for one in self._board.state.incidents.values() if not in_queue(one)]
        if left:
            return max(left)
        health = self._board.health
        return health.started_at_ns if health is not None else self._board.link_since_ns

    @Slot()
    def _tell_link(self) -> None:
        broken = self._board.link != "live" and bool(self._board.state.run)
        if broken:
            since = self._moments.clock(self._board.link_since_ns)
            self._link.setText(self._catalogue.say("incidents.stale", since=since))
        self._link.setVisible(broken)

    def _retext(self) -> None:
        self._tell_counts()
        self._tell_link()

    def filter_field(self) -> QLineEdit:
        """The filter line, for the one who lays out the tab order."""
        return self._filter

    def counts(self) -> QLabel:
        """The label with the counts."""
        return self._counts
