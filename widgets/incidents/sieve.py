"""What narrows the queue: words, whose, type, stage, and what has ended; each with a key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from console.desk.queuerows import Sift
from console.language import Catalogue
from console.model.incident import OPEN_STAGES
from console.profile import Profile
from console.report.names import type_name
from widgets.kit.actions import Actions
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

SWITCHES = (("mine", "Ctrl+Shift+M"), ("nobodys", "Ctrl+Shift+N"), ("ended", "Ctrl+Shift+O"))


class Sieve(QWidget):
    """The line above the queue; hidden until it is asked for, and in sight while anything is narrowed.

    Acts: queue.filter (Ctrl+F), queue.mine, queue.nobodys, queue.ended, queue.type (Ctrl+Shift+Y),
    queue.stage (Ctrl+Shift+X).

    Signals:
        sifted(Sift): show these.
        left: the list should have the keyboard.
    """

    sifted = Signal(object)
    left = Signal()

    def __init__(
        self, profile: Profile, person: str, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        owner: QWidget,
    ) -> None:  # fmt: skip
        """`owner` is the panel whose visibility makes the keys work."""
        super().__init__(owner)
        self._profile, self._person, self._actions, self._catalogue = profile, person, actions, catalogue
        self._texts = Texts(catalogue)
        self.field, self.type, self.stage = QLineEdit(), QComboBox(), QComboBox()
        self.field.setClearButtonEnabled(True)
        put = self._texts.put
        put(self.field, accessibleName="incidents.filter.name", placeholderText="incidents.filter.hint")
        put(self.type, accessibleName="incidents.filter.type")
        put(self.stage, accessibleName="incidents.filter.stage")
        for one in (self.type, self.stage):
            one.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            one.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            one.setMinimumContentsLength(8)
        for name, key, handler in (
            ("filter", "Ctrl+F", self.open), ("type", "Ctrl+Shift+Y", self.ask_type),
            ("stage", "Ctrl+Shift+X", self.ask_stage),
        ):  # fmt: skip
            actions.add(
                f"queue.{name}", f"incidents.act.queue.{name}", key, handler, owner=owner,
                group="incidents.group.queue",
            )  # fmt: skip
        for (name, key), handler in zip(SWITCHES, (self._mine, self._nobodys, self._sift), strict=True):
            actions.add(
                f"queue.{name}", f"incidents.act.queue.{name}", key, handler, owner=owner,
                group="incidents.group.queue", checkable=True,
            )  # fmt: skip
        self._lay_out(tokens)
        self.field.textChanged.connect(self._sift)
        self.type.currentIndexChanged.connect(self._sift)
        self.stage.currentIndexChanged.connect(self._sift)
        for one in (self.field, self.type, self.stage):
            one.installEventFilter(self)
        self.hide()
        follow(catalogue, self._retext)

    def sift(self) -> Sift:
        """What is asked for now."""
        owner = self._person if self._on("mine") else "" if self._on("nobodys") else None
        return Sift(
            words=tuple(self.field.text().casefold().split()), owner=owner,
            type=str(self.type.currentData() or ""), stage=str(self.stage.currentData() or ""),
            ended=self._on("ended"),
        )  # fmt: skip

    @Slot()
    def open(self) -> None:
        """Show the line and give it the keyboard."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @Slot()
    def ask_type(self) -> None:
        """Choose one type of incident."""
        self._ask(self.type)

    @Slot()
    def ask_stage(self) -> None:
        """Choose one stage."""
        self._ask(self.stage)

    @Slot()
    def clear(self) -> None:
        """Show all again and hide the line."""
        with QSignalBlocker(self.field), QSignalBlocker(self.type), QSignalBlocker(self.stage):
            self.field.clear()
            self.type.setCurrentIndex(0)
            self.stage.setCurrentIndex(0)
            for name, _ in SWITCHES:
                self._actions.act(f"queue.{name}").setChecked(False)
        self._sift()
        self.hide()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key == Qt.Key.Key_Escape:
                self.clear()
                return True
            done = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if key in done or (key == Qt.Key.Key_Down and watched is self.field):
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _ask(self, one: QComboBox) -> None:
        self.show()
        one.setFocus(Qt.FocusReason.ShortcutFocusReason)
        one.showPopup()

    def _on(self, name: str) -> bool:
        return self._actions.act(f"queue.{name}").isChecked()

    @Slot()
    def _mine(self) -> None:
        self._one_of("mine", "nobodys")

    @Slot()
    def _nobodys(self) -> None:
        self._one_of("nobodys", "mine")

    def _one_of(self, name: str, other: str) -> None:
        if self._on(name):
            self._actions.act(f"queue.{other}").setChecked(False)
        self._sift()

    @Slot()
    def _sift(self) -> None:
        sift = self.sift()
        if sift.narrows or sift.ended:
            self.show()
        elif not any(one.hasFocus() for one in (self.field, self.type, self.stage)):
            self.hide()
        self.sifted.emit(sift)

    def _lay_out(self, tokens: Tokens) -> None:
        unit = tokens.space(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit, 0, 2 * unit, unit)
        column.setSpacing(unit)
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.field, 3)
        above.addWidget(self.type, 2)
        above.addWidget(self.stage, 2)
        for name, _ in SWITCHES:
            below.addWidget(self._actions.button(f"queue.{name}", self))
        below.addStretch(1)
        for row in (above, below):
            row.setSpacing(2 * unit)
            column.addLayout(row)

    def _retext(self) -> None:
        say = self._catalogue.say
        kinds = sorted(
            (type_name(self._profile, self._catalogue, one), one) for one in self._profile.incident_types
        )  # fmt: skip
        stages = [(say(f"report.stage.{one}"), one) for one in (*OPEN_STAGES, "resolved")]
        for box, first, lines in (
            (self.type, "incidents.filter.all_types", kinds),
            (self.stage, "incidents.filter.all_stages", stages),
        ):
            chosen = box.currentData()
            with QSignalBlocker(box):
                box.clear()
                box.addItem(say(first), "")
                for text, value in lines:
                    box.addItem(text, value)
                box.setCurrentIndex(max(0, box.findData(chosen)))
