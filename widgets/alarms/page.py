"""The page of alarms: views with counts, the flood's banner, the list, the panel beside it, the acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from console.clock import SECOND_NS
from console.desk.alarmbook import AlarmBook
from console.desk.alarmlines import View
from console.desk.port import DeskPort
from console.model.alarm import Alarm
from widgets.alarms.doing import Doing
from widgets.alarms.flood import FloodBanner
from widgets.alarms.going import KEYS as GO
from widgets.alarms.going import Going
from widgets.alarms.keys import PageKeys
from widgets.alarms.load import LoadFigures, LoadPanel
from widgets.alarms.model import AlarmModel
from widgets.alarms.panel import AlarmPanel
from widgets.alarms.permitted import ACTS, Permit
from widgets.alarms.shown import ShownMeter
from widgets.alarms.table import AlarmTable
from widgets.alarms.views import FREQUENT, PAGES, ViewBar
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

HELD_NS = 3 * SECOND_NS
"""So long after the last key or movement in the list rows keep their places."""
BATCH_NS = SECOND_NS // 10
REST = 6
"""After a taking the list rests so many times as long as it took, `BATCH_NS` at most: a flood costs a seventh
of the window's time, and a short list shows each change with the next beat (ours)."""
GROUP = "alarms.title"
OFFERED: dict[str, tuple[str, ...]] = {
    "active": ("acknowledge", "shelve", "remove"), "shelved": ("unshelve", "remove"),
    "suppressed": ("remove",), "out_of_service": ("return",),
    "latched": ("acknowledge", "reset", "shelve", "remove"), FREQUENT: (),
}  # fmt: skip
"""Buttons of each view; the keys are heard in all, and say why where they can do nothing."""


class AlarmPage(QWidget):
    """Pulls from the book on the pulse; holds no truth. UI thread only.

    Acts, with the keyboard in the page: those of `doing` and `going`, alarms.next (U), find (/), earlier (L),
    view_* (1 to 6); Right and Left open and close a group.

    `going` has the signals to other features.
    """

    def __init__(
        self, book: AlarmBook, port: DeskPort, pulse: Pulse, actions: Actions, figures: LoadFigures,
        moments: Moments, tokens: Tokens, sound: Callable[[], str], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._book, self._port, self._moments = book, port, moments
        self._actions, self._figures, self._sound = actions, figures, sound
        self._catalogue = moments.catalogue
        self._touched_ns = -HELD_NS
        self._rest_ns = 0
        self._taken_ns = -BATCH_NS
        self._waiting: dict[str, Alarm | None] = {}
        self.setObjectName("alarms")
        style(self, role="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = AlarmModel(book, moments, self)
        self.table = AlarmTable(self.model, tokens)
        self.shown = ShownMeter(self.table.viewport(), book.board.clock, self)
        self.doing = Doing(book, port, self.table, self.model.words, actions, moments, tokens, self)
        self._add_acts()
        self.going = Going(book, actions, self._alarm, self)
        self.views = ViewBar(book, actions, tokens, self, self._catalogue)
        self.field = QLineEdit(self)
        self.field.setObjectName("alarms-field")
        self.field.setClearButtonEnabled(True)
        self.banner = FloodBanner(book, moments, tokens, self)
        self.panel = AlarmPanel(book, self.model.words, port, pulse, actions, moments, tokens)
        self.load = LoadPanel(figures, self.model.words, moments, tokens)
        self.told = ElidedLabel(self, size="small", ink="dim")
        self.empty = label(self, size="strong", ink="dim")
        self._lay_out(tokens)
        self._listen(pulse, tokens)
        self._forget_words = follow(self._catalogue, self._retext)
        book.look()
        self.show_view("active")

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    # the parts

    def _add_acts(self) -> None:
        rest: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("next", "U", self.choose_next), ("find", "Ctrl+F", self.find), ("earlier", "L", self.look_up),
        )  # fmt: skip
        for name, key, handler in rest:
            self._actions.add(
                f"alarms.{name}", f"alarms.act.{name}", key, handler, owner=self, group=GROUP,
                only_focused=True,
            )  # fmt: skip
        self._actions.tell_keys(GROUP, "alarms.act.open", "Enter, →")
        self._actions.tell_keys(GROUP, "alarms.act.close", "←")

    def _lay_out(self, tokens: Tokens) -> None:
        unit = tokens.space(1)
        head = QHBoxLayout()
        head.setContentsMargins(unit, 0, 2 * unit, 0)
        head.setSpacing(2 * unit)
        head.addWidget(self.views)
        head.addWidget(self.told, 1)
        head.addWidget(self.field)
        self.field.setFixedWidth(210)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.stack = QStackedWidget()
        for part in (self.table, self.empty, self.load):
            self.stack.addWidget(part)
        self.halves = QSplitter(Qt.Orientation.Horizontal)
        self.halves.setHandleWidth(4)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(self.stack)
        self.halves.addWidget(self.panel)
        self.halves.setStretchFactor(0, 1)
        self.halves.setStretchFactor(1, 0)
        self.halves.setSizes([860, 280])
        self.buttons = QWidget()
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(2 * unit, unit, 2 * unit, unit)
        row.setSpacing(unit)
        self._act_buttons = {
            name: self._actions.button(f"alarms.{name}", self.buttons) for name in (*ACTS, *GO)
        }
        for name, button in self._act_buttons.items():
            if name == next(iter(GO)):
                row.addStretch(1)
            if name in GO:
                style(button, role="quiet")
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.halves, 1)
        column.addWidget(self.doing.form)
        column.addWidget(self.buttons)
        self.setFocusProxy(self.table)
        names = (*ACTS, *GO, "next", "find", "earlier", *(f"view_{one}" for one in PAGES))
        act_ids = tuple(f"alarms.{name}" for name in names)
        self.keys = PageKeys(self, self.table, self.field, self.doing.form, self._actions, act_ids)

    def _listen(self, pulse: Pulse, tokens: Tokens) -> None:
        self.views.wanted.connect(self.show_view)
        self.going.refused.connect(self.doing.refuse)
        self.keys.turned.connect(self._turn_line)
        self.keys.pressed.connect(self._touch)
        self.keys.field_left.connect(self._leave_field)
        self.field.textChanged.connect(self._search)
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._open)
        self.table.touched.connect(self._touch)
        self.doing.asking.connect(self._asking)
        self.doing.changed.connect(self._acted)
        self.load.table.itemSelectionChanged.connect(self._frequent_chosen)
        pulse.answered.connect(self.doing.answered)
        pulse.second_passed.connect(self._each_second)
        pulse.ticked.connect(self._take_what_waits)
        pulse.blinked.connect(self.table.blink)
        pulse.health_changed.connect(self._health)
        self._figures.changed.connect(self._tell)

    # what is shown

    @Slot(str)
    def show_view(self, name: str) -> None:
        """Show another view."""
        self.views.show_view(name)
        self.doing.rows_shown = name != FREQUENT
        if name == FREQUENT:
            self._figures.want()
            self.load.tell()
        else:
            self.model.show(name, tuple(self.field.text().casefold().split()))  # type: ignore[arg-type]
            self.table.share_width()
            self.table.scrollToTop()
        self._tell()

    @property
    def view(self) -> View | str:
        return self.views.current

    @Slot(object)
    def take(self, changed: dict[str, Alarm | None]) -> None:
        """Alarms changed; called by whoever looks at the book. Told to the list at the next beat, later where
        that costs much (`REST`), and not while nobody sees it; the most urgent do not wait."""
        self._waiting |= changed
        if any(one is not None and one.priority == 1 for one in changed.values()):
            self._taken_ns = -BATCH_NS
        self._take_what_waits()

    @Slot()
    def _take_what_waits(self) -> None:
        now_ns = self._book.board.clock.mono_ns()
        if now_ns - self._taken_ns < self._rest_ns or not self.isVisible():
            return
        changed, self._waiting = self._waiting, {}
        if not changed and not self.model.lines.must_begin():
            return
        self._taken_ns = now_ns
        if self.view != FREQUENT:
            anchor = self.table.anchor()
            self.model.take(changed, self._held())
            self.table.restore(anchor)
            self.shown.taken(changed)
        self.doing.acting.settle()
        self.model.mark_pending(self.doing.acting.pending())
        self._tell()
        took_ns = self._book.board.clock.mono_ns() - now_ns
        self._rest_ns = min(REST * took_ns, BATCH_NS)

    def measured(self) -> dict[str, Any]:
        """How fast the list shows, for the desk's figures."""
        first = self.model.row(0)
        return self.shown.figures(first.alarm.priority if first is not None else 0, self.model.lines.shown)

    def choose(self, alarm_id: str) -> bool:
        """Choose an alarm (from a map, a chart); opens the view and the group that it is in. False where no
        view has it."""
        alarm = self._book.alarms.get(alarm_id)
        if alarm is None:
            return False
        hidden = {"G": "shelved", "H": "suppressed", "I": "out_of_service"}
        wanted = hidden.get(alarm.state, "active")
        self.field.clear()
        if self.view != wanted:
            self.show_view(wanted)
        if self.model.place(alarm_id) < 0:
            for row in self.model.rows():
                if alarm_id in row.members:
                    self.model.turn(row.key, True)
        found = self.table.choose(alarm_id)
        self._chosen()
        return found

    def _held(self) -> bool:
        return self._book.board.clock.mono_ns() - self._touched_ns < HELD_NS

    @Slot()
    def _touch(self) -> None:
        self._touched_ns = self._book.board.clock.mono_ns()

    @Slot()
    def _each_second(self) -> None:
        if not self.isVisible():
            return
        if not self._held() and self.view != FREQUENT:
            anchor = self.table.anchor()
            self.model.settle()
            self.table.restore(anchor)
        self.table.viewport().update()  # the ages
        if self.view == FREQUENT:
            self._figures.want()
        self._tell()

    @Slot()
    def _health(self) -> None:
        if self.isVisible():
            self.model.look_at_marks()
            self._tell()

    @Slot(str)
    def _search(self, text: str) -> None:
        if self.view == FREQUENT:
            self.show_view("active")
        else:
            self.show_view(self.view)

    @Slot()
    def _chosen(self) -> None:
        self.doing.forget()
        self._tell()

    @Slot()
    def _frequent_chosen(self) -> None:
        self._tell()

    # acts

    @Slot(bool)
    def _asking(self, asks: bool) -> None:
        """The form stands in place of the buttons."""
        self.buttons.setVisible(not asks)
        if not asks:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _acted(self) -> None:
        self.model.mark_pending(self.doing.acting.pending())
        self._tell()

    @Slot()
    def choose_next(self) -> None:
        """The next that nobody has acknowledged, after the chosen one."""
        rows = self.model.rows()
        current = self.table.current_row()
        start = self.model.place(current.key) + 1 if current is not None else 0
        for row in (*rows[start:], *rows[:start]):
            if row.alarm.unseen and not row.opened:
                self.table.choose(row.key)
                self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
                break
        self._chosen()

    @Slot()
    def find(self) -> None:
        """Go to the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @Slot()
    def look_up(self) -> None:
        """Earlier moves of the chosen alarm, from the record."""
        self.panel.look_up()

    def _alarm(self) -> Alarm | None:
        """The alarm that is told beside the list."""
        if self.view == FREQUENT:
            return self._book.alarms.get(self.load.chosen_alarm())
        row = self.table.current_row()
        return row.alarm if row is not None else None

    @Slot(str)
    def _open(self, key: str) -> None:
        """Enter: a group opens or closes; an alarm's incident is gone to."""
        row = next((one for one in self.table.chosen_rows() if one.key == key), None)
        if row is not None and row.members:
            self._turn(row.key, None)
        elif row is not None and row.alarm.incident_id:
            self.going.incident()

    def _turn(self, key: str, opened: bool | None) -> None:
        anchor = self.table.anchor()
        self.model.turn(key, opened)
        self.table.restore(anchor)
        row = self.model.row(self.model.place(key))
        if row is not None and row.opened:
            self.table.show_group(key)
        self._tell()

    @Slot(str, bool)
    def _turn_line(self, line: str, opened: bool) -> None:
        """Right or Left: the group's own row has the keyboard once it is closed."""
        if not opened:
            self.table.choose(line)
        self._turn(line, opened)

    @Slot(bool)
    def _leave_field(self, clear: bool) -> None:
        if clear:
            self.field.clear()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        first = self.model.row(0)
        if self.table.current_row() is None and first is not None:
            self.table.choose(first.key)
            self._chosen()

    # words

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("alarms.title"))
        self.table.setAccessibleName(say("alarms.title"))
        self.table.setAccessibleDescription(say("alarms.keys"))
        self.field.setPlaceholderText(say("alarms.find"))
        self.field.setAccessibleName(say("alarms.find"))
        self.model.reword()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        """Everything beside the rows: counts, banner, panel, buttons, what became of the last act."""
        self.views.tell()
        self.banner.tell(self.model.lines)
        if self.view == FREQUENT:
            self.stack.setCurrentWidget(self.load)
        elif self.model.rowCount():
            self.stack.setCurrentWidget(self.table)
        else:
            self.empty.setText(self._catalogue.say(self._empty_key()))
            self.stack.setCurrentWidget(self.empty)
        alarm = self._alarm()
        self.panel.show_alarm(self._book.alarms.get(alarm.id, alarm) if alarm is not None else None)
        offered = OFFERED[self.view]
        for name in ACTS:
            self._act_buttons[name].setVisible(
                name in offered or (name == "group" and self.model.lines.grouped and self.view == "active")
            )
            self._dim(name, self.doing.permit(name))
        for name in GO:
            self._act_buttons[name].setEnabled(alarm is not None)
        self._tell_act()

    def _empty_key(self) -> str:
        board = self._book.board
        if not board.state.run:
            return "alarms.empty.waiting"
        if self.field.text():
            return "alarms.empty.filtered"
        return f"alarms.empty.{self.view}"

    def _dim(self, name: str, permit: Permit) -> None:
        """A button that would do nothing says why; its key says so in the line below."""
        button = self._act_buttons[name]
        button.setEnabled(permit.given)
        tip = self._actions.act(f"alarms.{name}").toolTip()
        button.setToolTip(tip if permit.given else f"{tip}\n{self.doing.why(permit)}")

    def _tell_act(self) -> None:
        text, bad = self.doing.words()
        if not text:
            text, bad = self._sound(), True
        if self._book.board.link == "stale":
            since = self._moments.clock(self._book.board.link_since_ns)
            text, bad = self._catalogue.say("alarms.stale", since=since), True
        self.told.setText(text)
        style(self.told, ink="p2" if bad else "dim")
