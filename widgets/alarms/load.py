"""How this desk fares against EEMUA 191: mean, peak, flood, the most frequent alarms. Asked of the hub."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from console.clock import SECOND_NS
from console.desk.alarmbook import AlarmBook
from console.desk.port import DeskPort
from console.model.query import AlarmFiguresPage, AskAlarmFigures
from widgets.alarms.words import RowWords
from widgets.kit.labels import label
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

FRESH_NS = 30 * SECOND_NS
"""A figure of ten minutes does not change faster than it is worth asking for."""
DAY_S = 86_400


class LoadFigures(QObject):
    """Today's figures of this desk, from the city's midnight on, or since the hub knows.

    Signals:
        changed: `page` or `problem` is new.
    """

    changed = Signal()

    def __init__(
        self, book: AlarmBook, port: DeskPort, pulse: Pulse, moments: Moments, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._book, self._port, self._moments = book, port, moments
        self._asked, self._asked_ns = "", -FRESH_NS
        self.page: AlarmFiguresPage | None = None
        self.problem = ""
        pulse.looked_up.connect(self._take)

    def want(self) -> None:
        """Ask, unless the answer is fresh or on its way."""
        board = self._book.board
        now_ns = board.clock.mono_ns()
        if board.link != "live" or now_ns - self._asked_ns < FRESH_NS:
            return
        self._asked_ns = now_ns
        wall_ns = board.clock.now_ns()
        local = self._moments.local(wall_ns)
        since_s = local.hour * 3600 + local.minute * 60 + local.second
        self._asked = self._port.ask(
            AskAlarmFigures(about_desk=board.desk, from_ns=wall_ns - since_s * SECOND_NS)
        )

    @Slot(object)
    def _take(self, ids: tuple[str, ...]) -> None:
        if not self._asked or self._asked not in ids:
            return
        came = self._book.board.take_page(self._asked)
        self._asked = ""
        if came is None:
            return
        self.problem = self._moments.catalogue.words(came.problem)
        if isinstance(came.page, AlarmFiguresPage):
            self.page = came.page
        self.changed.emit()

    def sentences(self) -> list[str]:
        """The figures in words, one line each."""
        say = self._moments.catalogue.say
        now = self._book.load
        said = []
        if now is not None:
            grade = say(f"alarms.load.grade.{now.grade}")
            said.append(say("alarms.load.now", n=now.per_period, grade=grade))
        return said + self._of_today()

    def _of_today(self) -> list[str]:
        say, page, load = self._moments.catalogue.say, self.page, self._book.figures.load
        if page is None:
            return [self.problem or say("alarms.load.asking")]
        if not page.periods:
            return [say("alarms.load.no_period")]
        return [
            say("alarms.load.mean", mean=f"{page.mean_per_period:.1f}", target=f"{load.target:g}",
                manageable=f"{load.manageable:g}"),
            say("alarms.load.peak", peak=page.peak, limit=load.peak, share=f"{page.peak_share:.1%}"),
            say("alarms.load.flood", share=f"{page.flood_share:.1%}", most=f"{load.flood_share:.0%}"),
            say("alarms.load.all", alarms=f"{page.alarms:,}", periods=page.periods,
                top=f"{page.top_share:.0%}", count=load.top_count),
            say("alarms.load.nuisance", chattering=len(page.chattering), fleeting=len(page.fleeting),
                stale=len(page.stale), most=load.standing_stale),
        ]  # fmt: skip


class LoadPanel(QWidget):
    """The figures in words above the most frequent alarms, how often each came."""

    def __init__(
        self, figures: LoadFigures, words: RowWords, moments: Moments, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._figures, self._words = figures, words
        self._catalogue = moments.catalogue
        self.said = label(self, ink="text")
        self.said.setWordWrap(True)
        self.note = label(self, size="small", ink="dim")
        self.note.setWordWrap(True)
        self.table = QTableWidget(0, 3, self)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(tokens.size("row") - 4)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(0, 84)
        self.table.setColumnWidth(2, 150)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.space(2), tokens.space(1), tokens.space(2), tokens.space(1))
        column.setSpacing(tokens.space(1))
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        column.addWidget(self.note)
        figures.changed.connect(self.tell)
        follow(self._catalogue, self.tell)

    @Slot()
    def tell(self) -> None:
        """Say the figures anew."""
        say = self._catalogue.say
        self.said.setText("\n".join(self._figures.sentences()))
        self.note.setText(say("alarms.load.note"))
        self.table.setHorizontalHeaderLabels(
            [say("alarms.load.times"), say("alarms.column.what"), say("alarms.column.note")]
        )
        self.table.setAccessibleName(say("alarms.view.frequent"))
        page = self._figures.page
        top = page.top if page is not None else ()
        self.table.setRowCount(len(top))
        self.table.setVisible(bool(top))
        for row, (alarm_id, count) in enumerate(top):
            marks = [
                say(f"alarms.mark.{name}") for name in ("chattering", "fleeting", "stale")
                if page is not None and alarm_id in getattr(page, name)
            ]  # fmt: skip
            for column, text in enumerate((f"{count:,} ×", self._words.name(alarm_id), " · ".join(marks))):
                item = QTableWidgetItem(text)
                item.setToolTip(f"{text}\n{alarm_id}")
                self.table.setItem(row, column, item)

    def chosen_alarm(self) -> str:
        """The id of the row that is chosen; empty for none."""
        page, row = self._figures.page, self.table.currentRow()
        return page.top[row][0] if page is not None and 0 <= row < len(page.top) else ""
