"""The incident queue: what needs somebody, the first line always in view, never re-sorted under a hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.casequeue import CaseQueue
from console.desk.queuerows import Sift
from console.language import Catalogue
from widgets.incidents.model import QueueModel
from widgets.incidents.sieve import Sieve
from widgets.incidents.table import FirstLine, Rest
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

HAND_OFF_LIST_NS = 3 * SECOND_NS
"""So long after the last key or mouse movement in the list the order is left alone."""
SHARE_MS = 3.0
"""So much of a turn of the loop a search or a large change may take; the rest comes with the next turn."""


class QueuePanel(QWidget):
    """The queue with its counts, filter and empty state. Pulls from the board on the pulse; holds no truth.

    Acts: queue.focus (Q), queue.next (U: the next nobody has acknowledged), those of the `Sieve`; in the list
    Left and Right fold and unfold the parts of a whole.

    Signals:
        chosen(str): the operator selected this incident.
        opened(str): Enter or a double click; the detail should get the keyboard.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(
        self, board: Board, cases: CaseQueue, pulse: Pulse, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._cases, self._pulse, self._catalogue = board, cases, pulse, catalogue
        self._moments = Moments(catalogue, board.profile.time_zone)
        self._touched_ns = -HAND_OFF_LIST_NS
        self._last_chosen = ""
        self._refreshed = False
        """In this beat: a second share would make the same turn of the loop longer."""
        self.setObjectName("queue")
        style(self, role="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts = Texts(catalogue)
        self.model = QueueModel(board, cases, catalogue, self)
        self.first = FirstLine(self.model, tokens)
        self.rest = Rest(self.model, self.first, tokens)
        self._title = label(size="strong", weight="bold")
        self._counts = label(ink="dim")
        self._link = label(ink="p2")
        self._link.setWordWrap(True)
        self.sieve = Sieve(board.profile, board.person, actions, catalogue, tokens, self)
        self._searching = QTimer(self)
        self._searching.setInterval(0)
        self._searching.timeout.connect(self._search_on)
        self._reading = QTimer(self)
        self._reading.setInterval(0)
        self._reading.timeout.connect(self._read_on)
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
            view.turned.connect(self.model.turn)
        self.sieve.sifted.connect(self._narrow)
        self.sieve.left.connect(self.focus_list)
        pulse.incidents_changed.connect(self.refresh)
        pulse.answered.connect(self.refresh)
        pulse.health_changed.connect(self._tell_link)
        pulse.blinked.connect(self._blink)
        pulse.second_passed.connect(self._each_second)
        pulse.ticked.connect(self._go_on)
        follow(catalogue, self._retext)
        self.refresh()

    def current_incident(self) -> str:
        """The incident the operator has chosen, "" for none.

        One that is resolved, or hidden by a filter, has left the list but is still his until it is closed:
        nobody else's may be put under his hand meanwhile.
        """
        selected = self.rest.current_incident()
        if selected:
            return selected
        last = self._board.state.cases.get(self._last_chosen)
        return last.id if last is not None and last.is_open else ""

    @Slot(str)
    def select(self, incident_id: str) -> bool:
        """Select an incident (from the map, the wall, a command); False where it is not in the queue. A part
        that is folded away is unfolded.
        """
        whole = self._cases.whole(incident_id)
        if whole != incident_id and incident_id not in self.model.rows and self.model.rows.folded(whole):
            self.model.turn(whole, fold=False)
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
        """Take what changed from the board; what takes longer than a share comes with the next pulses."""
        self._refreshed = True
        self._cases.follow(SHARE_MS)
        if self._cases.reading:
            self._reading.start()
        held = self._held()
        scrolled = self.rest.verticalScrollBar().value() > 0
        heights = self.rest.heights() if held or scrolled else []
        self.model.refresh(keep_places=held)
        self.rest.keep_heights(heights)
        if self.model.searching and not self._searching.isActive():
            self._begin_search()
        self._tell_counts()

    @Slot()
    def focus_list(self) -> None:
        """Give the list the keyboard; select the first line where nothing is selected."""
        self.rest.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.rest.current_incident() and self.model.rowCount():
            self.select(self.model.rows.keys[0][-1])

    @Slot()
    def choose_next(self) -> None:
        """Select the most urgent that nobody has acknowledged, after the selected one if that is one."""
        cases = self._cases
        waiting = cases.new_from(cases.key(self.rest.current_incident()))
        key = next((one for one in waiting if one[-1] in self.model.rows or one[3]), None)
        if key is None:
            return
        if key[-1] not in self.model.rows:
            self.model.turn(key[2], fold=False)
        self.select(key[-1])

    def place_head(self, widget: QWidget) -> None:
        """Give a part a fixed place between the title and the first line; hidden it takes no room."""
        self._heads.addWidget(widget)

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
        self._heads = QVBoxLayout()
        column.addLayout(self._heads)
        column.addWidget(self._link)
        column.addWidget(self.sieve)
        column.addWidget(self.first)
        column.addWidget(body, 1)
        self._link.setContentsMargins(2 * unit, 0, 2 * unit, unit)

    def _say_parts(self) -> None:
        put = self._texts.put
        put(self._title, "incidents.queue.title")
        put(self, accessibleName="incidents.queue.title")
        put(self.rest, accessibleName="incidents.queue.list", accessibleDescription="incidents.queue.keys")
        put(self.first, accessibleName="incidents.queue.first")

    def _add_acts(self, actions: Actions) -> None:
        for name, key, handler in (
            ("queue.focus", "Q", self.focus_list), ("queue.next", "U", self.choose_next),
        ):  # fmt: skip
            actions.add(
                name, f"incidents.act.{name}", key, handler, owner=self, group="incidents.group.queue"
            )
        group = "incidents.group.queue"
        actions.tell_keys(group, "incidents.queue.fold", "incidents.queue.fold_keys")

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
        self._cases.look_around()
        self.model.grow_older()
        self.refresh()

    @Slot()
    def _go_on(self) -> None:
        """What a share had no time for."""
        if self._cases.unfinished and not self._refreshed:
            self.refresh()
        self._refreshed = False

    @Slot()
    def _read_on(self) -> None:
        """A share of a snapshot with each turn of the loop that has nothing else to do."""
        self._cases.follow(SHARE_MS)
        if not self._cases.reading:
            self._reading.stop()
            self.refresh()

    @Slot(object)
    def _narrow(self, sift: Sift) -> None:
        self.model.begin_search(sift)
        self._begin_search()

    def _begin_search(self) -> None:
        self._search_on()
        if self.model.searching:
            self._searching.start()

    @Slot()
    def _search_on(self) -> None:
        if self.model.search_on(SHARE_MS):
            self._searching.stop()
            self._tell_counts()

    def _tell_counts(self) -> None:
        rows = self.model.rows
        say = self._catalogue.say
        parts = [say("incidents.counts.open", new=rows.new, open=rows.worked)]
        if rows.hidden:
            parts.append(say("incidents.counts.hidden", hidden=rows.hidden))
        if self._cases.behind > 0:
            parts.append(say("incidents.counts.behind", behind=self._cases.behind))
        text = " · ".join(parts)
        if self._counts.text() != text:
            self._counts.setText(text)
        self._stack.setCurrentIndex(0 if len(rows) else 1)
        if not len(rows):
            self._tell_empty()

    def _tell_empty(self) -> None:
        say, board = self._catalogue.say, self._board
        if self.model.rows.hidden:
            text = say("incidents.empty.filtered", hidden=self.model.rows.hidden)
        elif not board.state.run:
            text = say("incidents.empty.waiting")
        else:
            text = say("incidents.empty.calm", since=self._moments.minute(self._quiet_since_ns()))
        if self._empty.text() != text:
            self._empty.setText(text)

    def _quiet_since_ns(self) -> int:
        """When the last incident left the queue; where none ever did, the hub's start or the link's."""
        last_ns = self._cases.ended_last_ns()
        if last_ns:
            return last_ns
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
        return self.sieve.field

    def counts(self) -> QLabel:
        """The label with the counts."""
        return self._counts
