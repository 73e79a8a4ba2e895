"""The panel beside the list: what the chosen alarm is, what to do in both languages, and its moves."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QTextBrowser, QVBoxLayout, QWidget

from console.desk.alarmbook import AlarmBook
from console.desk.port import DeskPort
from console.model.alarm import Alarm
from console.model.events import AlarmMoved, Entry
from console.model.query import AskLog, LogFilter, LogPage
from console.report.describe import Teller
from widgets.alarms.guidance import Guidance, Part
from widgets.alarms.verdicts import verdicts_of
from widgets.alarms.words import RowWords
from widgets.kit.actions import Actions
from widgets.kit.labels import style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.kit.worth import RuleWorth

MOVES = 40
"""So many of an alarm's moves are shown, the newest first."""


class AlarmPanel(QWidget):
    """One alarm in words. Moves that this desk heard are there at once; earlier ones are looked up in the
    record when asked for, because every look at the record is itself on record.

    Acts: alarms.earlier (L).
    """

    def __init__(
        self, book: AlarmBook, words: RowWords, port: DeskPort, pulse: Pulse, actions: Actions,
        moments: Moments, tokens: Tokens, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._book, self._port, self._moments, self._tokens = book, port, moments, tokens
        self._words = words
        self._catalogue = moments.catalogue
        self._worth: RuleWorth | None = None
        self._guidance = Guidance(book, words, moments)
        self._teller = Teller(self._catalogue, book.board.profile)
        self._alarm: Alarm | None = None
        self._asked = ""
        self._found: dict[int, Entry] = {}
        self._all = False
        self._problem = ""
        self._html = ""
        self.text = QTextBrowser(self)
        self.text.setObjectName("alarms-panel")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        style(self, role="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.earlier = actions.button("alarms.earlier", self, role="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.space(1), 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addWidget(self.earlier)
        self.setMinimumWidth(240)
        pulse.looked_up.connect(self._take_page)
        tokens.changed.connect(self._redraw)
        follow(self._catalogue, self._redraw)

    @property
    def alarm_id(self) -> str:
        return self._alarm.id if self._alarm is not None else ""

    def show_alarm(self, alarm: Alarm | None) -> None:
        """Say another alarm, or the same as it is now; None: nothing is chosen."""
        if alarm is not None and self._alarm is not None and alarm.id == self._alarm.id:
            self._alarm = alarm
            self.hear()
            return
        self._alarm, self._asked, self._problem, self._all = alarm, "", "", False
        self._found = {}
        if alarm is not None:
            self._hear(self._book.board.news)
        self.earlier.setVisible(alarm is not None)
        self._redraw()
        self.text.verticalScrollBar().setValue(0)

    def show_worth(self, worth: RuleWorth) -> None:
        """Say what the alarm's rule, and those of cameras in its incident, were worth by the verdicts."""
        self._worth = worth
        worth.changed.connect(self._redraw)
        self._redraw()

    def hear(self) -> None:
        """Take what this desk has heard since."""
        self._hear(self._book.board.news)
        self._redraw()

    @Slot()
    def look_up(self) -> None:
        """Ask the record for earlier moves of this alarm."""
        if self._alarm is None or self._asked or self._all:
            return
        wanted = LogFilter(kinds=("alarm.moved",), text=self._alarm.id)
        self._asked = self._port.ask(AskLog(filter=wanted, limit=MOVES))
        self._redraw()

    @Slot(object)
    def _take_page(self, ids: tuple[str, ...]) -> None:
        if not self._asked or self._asked not in ids:
            return
        came = self._book.board.take_page(self._asked)
        self._asked = ""
        if came is None:
            return
        if isinstance(came.page, LogPage):
            self._all = True
            self._hear(came.page.entries)
        else:
            self._problem = self._catalogue.words(came.problem)
        self._redraw()

    def _hear(self, entries: object) -> None:
        assert self._alarm is not None
        for entry in entries:  # type: ignore[attr-defined]
            if isinstance(entry.event, AlarmMoved) and entry.event.alarm_id == self._alarm.id:
                self._found[entry.seq] = entry

    def _moves(self) -> list[str]:
        moments = self._moments
        newest = sorted(self._found.values(), key=lambda entry: -entry.seq)[:MOVES]
        self._teller.learn_state(self._book.board.state)
        self._teller.learn(reversed(newest))
        today = moments.moment(self._book.board.clock.now_ns())[:10]
        told = []
        for entry in newest:
            when = moments.moment(entry.at_ns)
            when = when[11:] if when.startswith(today) else when
            told.append(f"{when} {self._teller.sentence(entry)}")
        return told

    @Slot()
    def _redraw(self) -> None:
        say = self._catalogue.say
        html = self._made() if self._alarm is not None else f"<p>{escape(say('alarms.panel.none'))}</p>"
        self.text.setAccessibleName(say("alarms.panel.title"))
        self.earlier.setVisible(self._alarm is not None and not self._all)
        if html == self._html:
            return
        self._html = html
        at = self.text.verticalScrollBar().value()
        self.text.setHtml(html)
        self.text.verticalScrollBar().setValue(at)

    def _made(self) -> str:
        alarm, say = self._alarm, self._catalogue.say
        assert alarm is not None
        ink, dim = self._tokens.priority_ink(alarm.priority).name(), self._tokens.ink("dim").name()
        text, place = self._words.what(alarm), self._catalogue.words(alarm.place.name)
        address = self._catalogue.words(alarm.place.address)
        priority = say(f"kit.priority.{min(4, max(1, alarm.priority))}")
        state, strong = say(f"alarms.state.{alarm.state}"), self._tokens.size("strong")
        lines = [
            f'<p style="margin:2px 0"><b style="font-size:{strong}px">{escape(text)}</b><br>'
            f'<b style="color:{ink}">{escape(priority)}</b> · {escape(state)}<br>'
            f"{escape(place)}"
            + (f'<br><span style="color:{dim}">{escape(address)}</span>' if address else "")
            + "</p>"
        ]
        verdicts = verdicts_of(alarm, self._book.board, self._worth, self._catalogue)
        if verdicts:
            told = "<br>".join(escape(one) for one in verdicts)
            lines.append(_heading(say("alarms.panel.verdicts"), dim) + told + "</p>")
        lines += [_paragraph(part, dim) for part in self._guidance.parts(alarm)]
        moves = self._moves()
        told = "<br>".join(escape(one) for one in moves) or escape(say("alarms.panel.no_moves"))
        if self._asked:
            told += f"<br>{escape(say('alarms.panel.asking'))}"
        if self._problem:
            told += f"<br>{escape(self._problem)}"
        lines.append(_heading(say("alarms.panel.moves"), dim) + told + "</p>")
        return "".join(lines)


def _heading(text: str, dim: str) -> str:
    return f'<p style="margin:6px 0 0 0"><span style="color:{dim}">{escape(text)}</span><br>'


def _paragraph(part: Part, dim: str) -> str:
    other = f'<br><span style="color:{dim}">{escape(part.other)}</span>' if part.other else ""
    return f"{_heading(part.heading, dim)}{escape(part.text)}{other}</p>"
