"""The agency's window: cases on the left, the chosen one on the right, what can be done with it below.

Everything slow (network, store, XML) is in the office's thread. The window looks at `Office.view` ten
times a second and asks the office for acts; it holds no truth about cases.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from typing import Any

import msgspec
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QKeySequence,
    QPainter,
    QPalette,
    QPixmap,
    QPolygonF,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from console.agency.case import ACTS, Act
from console.agency.facts import OPEN, CaseFacts
from console.agency.office import Office, Plan, View
from console.clock import Clock
from console.handoff.profile import handoff_profile
from console.language import Catalogue, load_catalogue
from console.paths import shipped

KEYS: dict[Act, str] = {"accept": "A", "refuse": "R", "dispatch": "D", "arrive": "N", "close": "C"}
_LOOK_MS = 100
_COLUMNS = ("priority", "clock", "event", "place", "stage", "number")
_WIDTHS = (56, 76, 130, 250, 106, 120)
Index = QModelIndex | QPersistentModelIndex


_SHEET = """
QPushButton { background: $bg2$; border: 1px solid $line$; border-radius: 2px; padding: 7px 12px; }
QPushButton:disabled { border: 1px dashed $line$; background: $bg1$; }
QTableView, QPlainTextEdit, QLineEdit, QComboBox { border: 1px solid $line$; }
QPushButton:focus, QComboBox:focus, QLineEdit:focus, QTableView:focus, QPlainTextEdit:focus {
  border: 1px solid $focus$; }
QHeaderView::section { background: $bg2$; color: $dim$; border: 0; padding: 4px; }
"""


class Look:
    """Colours and sizes by role, from assets/style/tokens.toml."""

    def __init__(self) -> None:
        data = msgspec.toml.decode((shipped("assets") / "style" / "tokens.toml").read_bytes())
        self.ink: dict[str, str] = data["dark"]["ink"]
        self.ground: dict[str, str] = data["dark"]["ground"]
        self.mark: dict[str, str] = data["dark"]["mark"]
        self.type: dict[str, Any] = data["type"]

    def dress(self, app: QApplication) -> None:
        """One font for Hangul and Latin, dark grounds, the focus visible."""
        for name in ("NanumGothic.ttf", "NanumGothicBold.ttf"):
            QFontDatabase.addApplicationFont(str(shipped("assets") / "fonts" / name))
        font = QFont(self.type["family"])
        font.setPixelSize(self.type["body"])
        app.setStyle("Fusion")
        app.setFont(font)
        palette, role = QPalette(), QPalette.ColorRole
        for place, colour in (
            (role.Window, self.ground["bg1"]), (role.Base, self.ground["bg0"]),
            (role.AlternateBase, self.ground["bg1"]), (role.Button, self.ground["bg2"]),
            (role.WindowText, self.ink["text"]), (role.Text, self.ink["text"]),
            (role.ButtonText, self.ink["text"]), (role.PlaceholderText, self.ink["dim"]),
            (role.Highlight, self.ground["select"]), (role.HighlightedText, self.ink["text"]),
        ):  # fmt: skip
            palette.setColor(place, QColor(colour))
        for place in (role.ButtonText, role.Text, role.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, place, QColor(self.ink["dim"]))
        app.setPalette(palette)
        sheet = _SHEET
        for name, colour in (*self.ground.items(), *self.ink.items(), *self.mark.items()):
            sheet = sheet.replace(f"${name}$", colour)
        app.setStyleSheet(sheet)

    def shape(self, priority: int) -> QIcon:
        """The mark of a priority: diamond, triangle, disc, ring. Painted, because fonts lack such signs."""
        size = 16
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self.mark[f"p{priority}"])
        painter.setPen(colour)
        painter.setBrush(colour if priority < 4 else Qt.BrushStyle.NoBrush)
        if priority == 1:
            painter.drawPolygon(QPolygonF([QPointF(8, 1), QPointF(15, 8), QPointF(8, 15), QPointF(1, 8)]))
        elif priority == 2:
            painter.drawPolygon(QPolygonF([QPointF(8, 2), QPointF(15, 14), QPointF(1, 14)]))
        else:
            painter.drawEllipse(QRectF(3, 3, 10, 10))
        painter.end()
        icon = QIcon(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt tints it, and its colour means something
        return icon


class CaseList(QAbstractTableModel):
    """The cases, newest first. New ones are inserted, so that selection and scrolling stay."""

    def __init__(self, catalogue: Catalogue, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._look = look
        self._shapes = {priority: look.shape(priority) for priority in (1, 2, 3, 4)}
        self._bold = QApplication.font()
        self._bold.setBold(True)
        self.cases: tuple[CaseFacts, ...] = ()

    def take(self, cases: tuple[CaseFacts, ...]) -> None:
        """Show these. Cases only ever come at the top or change in place; anything else starts anew."""
        keys, before = [one.key for one in cases], self.cases
        new = keys.index(before[0].key) if before and before[0].key in keys else len(cases)
        stay = len(cases) - new
        if keys[new:] != [one.key for one in before[:stay]]:
            self.beginResetModel()
            self.cases = cases
            self.endResetModel()
            return
        if stay < len(before):
            self.beginRemoveRows(QModelIndex(), stay, len(before) - 1)
            self.cases = before[:stay]
            self.endRemoveRows()
        if new:
            self.beginInsertRows(QModelIndex(), 0, new - 1)
            self.cases = cases[:new] + before[:stay]
            self.endInsertRows()
        self.cases = cases
        for row, old in enumerate(before[:stay], new):
            if old != cases[row]:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(_COLUMNS) - 1))

    def retranslate(self) -> None:
        if self.cases:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.cases) - 1, len(_COLUMNS) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(_COLUMNS) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self.cases)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if role == Qt.ItemDataRole.DisplayRole and way == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"agency.list.{_COLUMNS[section]}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        case, column = self.cases[index.row()], _COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(case, column)
        if role == Qt.ItemDataRole.DecorationRole and column == "priority":
            return self._shapes[case.priority]
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._look.ink["text" if case.stage in OPEN else "dim"])
        if role == Qt.ItemDataRole.FontRole and case.stage == "received":
            return self._bold
        return None

    def _text(self, case: CaseFacts, column: str) -> str:
        told = case.told(self._catalogue.language)
        if column == "stage":
            return self._catalogue.say(f"agency.stage.{case.stage}")
        return {
            "priority": f"P{case.priority}", "clock": case.clock, "event": told.event, "place": told.place,
            "number": case.number,
        }[column]  # fmt: skip


class AgencyWindow(QWidget):
    """One control room. `tick` shows what is new; a timer calls it, and tests do."""

    def __init__(
        self, office: Office, number: str, units: tuple[str, ...], catalogue: Catalogue, look: Look
    ) -> None:
        super().__init__()
        self._office = office
        self._number = number
        self._catalogue = catalogue
        self._look = look
        self._view = View(version=-1)
        self._chosen = ""
        self._build(units)
        self._retranslate()
        self.tick()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @Slot()
    def tick(self) -> None:
        """Take over what the office shows now."""
        view = self._office.view
        if view.version == self._view.version:
            return
        self._view = view
        self.model.take(view.cases)
        if not self._chosen and view.cases:
            self.table.selectRow(0)
        self._show()

    def _build(self, units: tuple[str, ...]) -> None:
        self.heading, self.line, self.door = QLabel(), QLabel(), QLabel()
        self.count, self.exercise, self.problem = QLabel(), QLabel(), QLabel()
        self.heading.setStyleSheet(f"font-size: {self._look.type['large']}px; font-weight: bold;")
        self.exercise.setStyleSheet(f"color: {self._look.ink['p2']}; font-weight: bold;")
        self.problem.setStyleSheet(f"color: {self._look.ink['p1']};")
        self.door.setStyleSheet(f"color: {self._look.ink['dim']};")
        self.problem.setWordWrap(True)
        self.language = QPushButton()
        self.language.clicked.connect(self._switch_language)
        self.model = CaseList(self._catalogue, self._look, self)
        self.table = self._make_table()
        self.empty, self.title, self.facts = QLabel(), QLabel(), QLabel()
        for label in (self.empty, self.title, self.facts):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setStyleSheet(f"font-size: {self._look.type['strong']}px; font-weight: bold;")
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.reason, self.unit, self.words = QComboBox(), QComboBox(), QLineEdit()
        self.unit.setEditable(True)
        self.unit.addItems(list(units))
        self.words.setMaxLength(500)
        self.acts: dict[Act, QPushButton] = {}
        for act, key in KEYS.items():
            self.acts[act] = button = QPushButton()
            button.clicked.connect(getattr(self, f"_{act}"))
            QShortcut(QKeySequence(key), self).activated.connect(button.click)
        QShortcut(QKeySequence("F2"), self).activated.connect(self.language.click)
        self._lay_out()
        self.resize(1220, 660)
        self.table.setFocus()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_COLUMNS.index("place"), QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(_WIDTHS):
            table.setColumnWidth(column, width)
        table.selectionModel().selectionChanged.connect(self._choose)
        return table

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for label in (self.heading, self.exercise, self.count, self.line):
            top.addWidget(label)
            top.addSpacing(12)
        top.addStretch(1)
        top.addWidget(self.language)
        left, right = QWidget(), QWidget()
        cases = QVBoxLayout(left)
        cases.setContentsMargins(0, 0, 0, 0)
        cases.addWidget(self.empty)
        cases.addWidget(self.table, 1)
        detail = QVBoxLayout(right)
        detail.setContentsMargins(8, 0, 0, 0)
        for widget in (self.title, self.facts):
            detail.addWidget(widget)
        detail.addWidget(self.text, 1)
        form = QFormLayout()
        self.labels = {name: QLabel() for name in ("unit", "reason", "words")}
        for name, field in (("unit", self.unit), ("reason", self.reason), ("words", self.words)):
            self.labels[name].setBuddy(field)
            form.addRow(self.labels[name], field)
        detail.addLayout(form)
        buttons = QHBoxLayout()
        for button in self.acts.values():
            buttons.addWidget(button)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([760, 440])
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.addLayout(top)
        whole.addWidget(self.problem)
        whole.addWidget(split, 1)
        whole.addLayout(buttons)
        whole.addWidget(self.door)

    def _retranslate(self) -> None:
        say = self._catalogue.say
        self.setWindowTitle(say(f"agency.title.{self._number}"))
        self.heading.setText(say(f"agency.title.{self._number}"))
        self.exercise.setText(say("agency.exercise"))
        self.empty.setText(say("agency.list.empty"))
        self.language.setText(say("agency.act.language"))
        self.language.setAccessibleName(say("agency.act.language_name"))
        self.table.setAccessibleName(say("agency.list.name"))
        self.text.setAccessibleName(say("agency.detail.name"))
        for name, field in (("unit", self.unit), ("reason", self.reason), ("words", self.words)):
            self.labels[name].setText(say(f"agency.field.{name}"))
            field.setAccessibleName(say(f"agency.field.{name}"))
        self.words.setPlaceholderText(say("agency.field.words_hint"))
        for act, button in self.acts.items():
            button.setText(say("agency.act.with_key", act=say(f"agency.act.{act}"), key=KEYS[act]))
            button.setAccessibleName(say(f"agency.act.{act}"))
        chosen = max(0, self.reason.currentIndex())
        self.reason.clear()
        for reason in handoff_profile().reasons.known:
            self.reason.addItem(say(f"handoff.reason.{reason}"), reason)
        self.reason.setCurrentIndex(chosen)
        self.model.retranslate()
        self._show()

    def _show(self) -> None:
        """Put the view's texts and the possible acts on the screen."""
        say, view = self._catalogue.say, self._view
        self.empty.setVisible(not view.cases)
        self.exercise.setVisible(any(one.exercise for one in view.cases))
        self.count.setText(say("agency.open_cases", count=sum(one.stage in OPEN for one in view.cases)))
        self.line.setText(say(f"agency.line.{view.console}"))
        colour = self._look.ink["p2" if view.console == "down" else "text"]
        self.line.setStyleSheet(f"color: {colour};")
        self.door.setText(say("agency.door.open", url=view.url) if view.url else say("agency.door.shut"))
        if view.ended:
            self.problem.setText(say("agency.line.ended", problem=view.problem))
        else:
            self.problem.setText(say("agency.problem", problem=view.problem) if view.problem else "")
        self.problem.setVisible(bool(self.problem.text()))
        case = next((one for one in view.cases if one.key == self._chosen), None)
        may = ACTS[case.stage] if case is not None and not view.ended else ()
        for act, button in self.acts.items():
            button.setEnabled(act in may)
        if case is None:
            self.title.setText(say("agency.detail.none"))
            self.facts.clear()
            self._show_text("")
            return
        self.title.setText(case.told(self._catalogue.language).headline)
        self.facts.setText("\n".join(self._facts_of(case)))
        self._show_text(case.told(self._catalogue.language).description)

    def _facts_of(self, case: CaseFacts) -> list[str]:
        say, told = self._catalogue.say, case.told(self._catalogue.language)
        key = "agency.detail.grade" if case.grade else "agency.detail.priority"
        lines = [
            f"{case.number} · {case.clock} · {say(f'agency.stage.{case.stage}')}",
            say(key, priority=case.priority, grade=case.grade),
            f"{say('agency.detail.place')}: {told.place} · {told.position}",
            f"{say('agency.detail.from')}: {told.contact or told.from_whom}",
            f"{say('agency.detail.cameras')}: {', '.join(told.cameras) or say('agency.detail.no_cameras')}",
        ]
        if case.unit:
            lines.append(f"{say('agency.detail.unit')}: {case.unit}")
        if case.reason:
            lines.append(f"{say('agency.detail.reason')}: {say(f'handoff.reason.{case.reason}')}")
        return lines

    def _show_text(self, text: str) -> None:
        if self.text.toPlainText() != text:  # else a reader's place in a long text would be lost
            self.text.setPlainText(text)

    @Slot()
    def _choose(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        self._chosen = self.model.cases[rows[0].row()].key if rows else ""
        self._show()

    @Slot()
    def _switch_language(self) -> None:
        self._catalogue.switch("en" if self._catalogue.language == "ko" else "ko")
        self._retranslate()

    @Slot()
    def _accept(self) -> None:
        self._ask("accept")

    @Slot()
    def _refuse(self) -> None:
        self._ask("refuse", reason=str(self.reason.currentData()))

    @Slot()
    def _dispatch(self) -> None:
        self._ask("dispatch", unit=self.unit.currentText().strip())

    @Slot()
    def _arrive(self) -> None:
        self._ask("arrive")

    @Slot()
    def _close(self) -> None:
        self._ask("close")

    def _ask(self, act: Act, reason: str = "", unit: str = "") -> None:
        if self._chosen:
            self._office.ask(self._chosen, act, reason=reason, unit=unit, words=self.words.text().strip())
            self.words.clear()


def run_window(plan: Plan, clock: Clock, language: str) -> int:
    """Show the window until it is closed or a signal comes. 1 when the control room could not run."""
    app = QApplication(sys.argv[:1])
    look = Look()
    look.dress(app)
    units = plan.script.units_of(plan.agency)
    for number in (signal.SIGTERM, signal.SIGINT):  # before the office answers anyone
        signal.signal(number, lambda *_: QTimer.singleShot(0, app.quit))
    office = Office(msgspec.structs.replace(plan, shown=True), clock)
    thread = threading.Thread(target=_run_office, args=(office,), name="agency")
    thread.start()
    window = AgencyWindow(office, plan.number, units, load_catalogue(language), look)
    window.show()
    app.exec()
    office.stop()
    thread.join()
    failed = office.view.ended and bool(office.view.problem)
    if failed:
        sys.stderr.write(f"bongsu agency: {office.view.problem}\n")
    return 1 if failed else 0


def _run_office(office: Office) -> None:
    try:
        asyncio.run(office.run())
        office.ended("")
    except Exception as error:  # whatever it is, the window must say so and stay
        office.ended(str(error))
