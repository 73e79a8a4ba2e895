"""Where privacy zones are drawn, changed and saved with a reason, in place of the wall meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.footage import MaskZone
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens
from widgets.wall.maskcanvas import MaskCanvas
from widgets.wall.maskdraft import MaskDraft

LONGEST_REASON = 10_000
"""What the hub takes (console.rules.walls)."""


class Cover(QWidget):
    """Lies over another widget, as large as it, or along its bottom. Goes when that one does."""

    def __init__(self, host: QWidget, whole: bool) -> None:
        super().__init__(host)
        self._whole = whole
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "panel")
        host.installEventFilter(self)

    def lay(self) -> None:
        """Take the place."""
        host = self.parentWidget()
        if self._whole:
            self.setGeometry(host.rect())
        else:
            height = self.sizeHint().height()
            self.setGeometry(0, host.height() - height, host.width(), height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is typed here is not for what lies below."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self.lay()
        return super().eventFilter(watched, event)


class MaskEditor(Cover):
    """Draws the zones of one camera. UI thread only.

    Signals:
        saved(zones, reason): save these.
        left: closed without saving.
    """

    saved = Signal(object, str)
    left = Signal()

    def __init__(
        self, host: QWidget, name: str, zones: tuple[MaskZone, ...], may_change: bool,
        paint_picture: Callable[[QPainter, QRect], QRect], catalogue: Catalogue, tokens: Tokens,
    ) -> None:  # fmt: skip
        super().__init__(host, whole=True)
        self.setObjectName("wall.mask.editor")
        self._catalogue = catalogue
        self._name = name
        self._waits = False
        self.draft = MaskDraft(zones, may_change)
        self._texts = Texts(catalogue)
        self.title = ElidedLabel(self, size="strong", weight="bold")
        self.hint = label(self, ink="dim", size="small")
        self.hint.setWordWrap(True)
        self._texts.put(self.hint, "wall.mask.keys")
        self.canvas = MaskCanvas(self.draft, paint_picture, catalogue, tokens, self)
        self.problem = ElidedLabel(self, ink="p2")
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(LONGEST_REASON)
        self._texts.put(
            self.reason, accessibleName="wall.mask.reason", placeholderText="wall.mask.reason_hint"
        )
        self.buttons: dict[str, QPushButton] = {}
        bottom = QHBoxLayout()
        bottom.setSpacing(tokens.space(2))
        for button_name, do in (("new", self._new), ("delete", self._delete)):
            bottom.addWidget(self._button(button_name, do))
        bottom.addWidget(self.reason, 1)
        for button_name, do in (("save", self.save), ("leave", self.leave)):
            bottom.addWidget(self._button(button_name, do))
        column = QVBoxLayout(self)
        column.setContentsMargins(*(tokens.space(2),) * 4)
        column.setSpacing(tokens.space(1))
        for part in (self.title, self.hint, self.canvas, self.problem):
            column.addWidget(part, 1 if part is self.canvas else 0)
        column.addLayout(bottom)
        self.canvas.changed.connect(self._changed)
        self.canvas.save_wanted.connect(self._ask_reason)
        self.canvas.leave_wanted.connect(self.leave)
        self.canvas.locked.connect(self._say_locked)
        self.reason.returnPressed.connect(self.save)
        self._retitle()
        self._changed()

    def _button(self, name: str, do: Callable[[], None]) -> QPushButton:
        made = QPushButton(self)
        made.setObjectName(f"wall.mask.{name}")
        self._texts.put(made, f"wall.mask.act_{name}")
        made.clicked.connect(do)
        self.buttons[name] = made
        return made

    def open(self) -> None:
        """Show it, with the keyboard."""
        self.lay()
        self.show()
        self.raise_()
        self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _retitle(self) -> None:
        rights = "all" if self.draft.may_change else "add"
        title = self._catalogue.say(f"wall.mask.title_{rights}", camera=self._name)
        self.title.setText(title)
        self.setAccessibleName(title)

    def retext(self) -> None:
        """Say everything in the present language."""
        self._retitle()
        self._changed()

    @Slot()
    def _changed(self) -> None:
        words = self.canvas.words()
        self.canvas.setAccessibleName(words)
        self.canvas.setAccessibleDescription(self._catalogue.say("wall.mask.keys"))
        self.buttons["delete"].setEnabled(self.draft.zone >= 0)
        self.buttons["save"].setEnabled(self.draft.is_changed and not self._waits)
        if not self._waits:
            self.problem.setText("")

    @Slot()
    def _new(self) -> None:
        self.draft.add_rectangle()
        self._changed()
        self.canvas.update()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _delete(self) -> None:
        if not self.draft.delete():
            self._say_locked()
            return
        self._changed()
        self.canvas.update()

    @Slot()
    def _ask_reason(self) -> None:
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _say_locked(self) -> None:
        self.say_problem(self._catalogue.say("wall.mask.locked"))

    def say_problem(self, text: str) -> None:
        """Say why it was not done; what was drawn stays."""
        self._waits = False
        self.buttons["save"].setEnabled(self.draft.is_changed)
        self.problem.setText(text)
        self.problem.setAccessibleName(text)

    def wait(self) -> None:
        """The hub was asked."""
        self._waits = True
        self.buttons["save"].setEnabled(False)
        self.problem.setText(self._catalogue.say("wall.mask.sent"))

    @Slot()
    def save(self) -> None:
        """Save what is drawn, if there is a reason for it."""
        if self._waits:
            return
        self.draft.close()
        if not self.draft.is_changed:
            self.say_problem(self._catalogue.say("wall.mask.unchanged"))
        elif not self.reason.text().strip():
            self.say_problem(self._catalogue.say("wall.mask.no_reason"))
            self._ask_reason()
        else:
            self.saved.emit(self.draft.result(), self.reason.text().strip())

    @Slot()
    def leave(self) -> None:
        """Close; what was not saved is gone."""
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # From the reason's line, Esc leads back into the picture first.
        if event.key() == Qt.Key.Key_Escape:
            if self.canvas.hasFocus():
                self.leave()
            else:
                self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)


class LiftBar(Cover):
    """Asks a supervisor how long and why masks are lifted, along the bottom of the wall.

    Signals:
        wanted(seconds, reason): lift them.
        left: closed without it.
    """

    wanted = Signal(int, str)
    left = Signal()

    def __init__(
        self, host: QWidget, name: str, minutes: tuple[int, ...], catalogue: Catalogue, tokens: Tokens
    ) -> None:
        super().__init__(host, whole=False)
        self.setObjectName("wall.mask.lift")
        self.setProperty("role", "header")
        self._catalogue, self._name = catalogue, name
        self._texts = Texts(catalogue)
        self._minutes = minutes
        self._chosen = 0
        self.title = ElidedLabel(self, weight="bold")
        self.choices = [QPushButton(self) for _ in minutes]
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(LONGEST_REASON)
        self._texts.put(
            self.reason, accessibleName="wall.mask.reason", placeholderText="wall.mask.lift_hint"
        )
        self.lift = QPushButton(self)
        self._texts.put(self.lift, "wall.mask.act_lift")
        self.lift.clicked.connect(self.take)
        cancel = QPushButton(self)
        self._texts.put(cancel, "wall.mask.act_leave")
        cancel.clicked.connect(self.left)
        self.problem = label(self, ink="p2")
        row = QHBoxLayout()
        row.setSpacing(tokens.space(2))
        for number, choice in enumerate(self.choices):
            choice.setCheckable(True)
            choice.setAutoExclusive(True)
            choice.setChecked(number == 0)
            choice.toggled.connect(self._choose)
            row.addWidget(choice)
        row.addWidget(self.reason, 1)
        row.addWidget(self.lift)
        row.addWidget(cancel)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.problem)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(tokens.space(2),) * 4)
        column.setSpacing(tokens.space(1))
        column.addLayout(head)
        column.addLayout(row)
        self.reason.returnPressed.connect(self.take)
        self.retext()

    def retext(self) -> None:
        """Say everything in the present language."""
        title = self._catalogue.say("wall.mask.lift_title", camera=self._name)
        self.title.setText(title)
        self.setAccessibleName(title)
        for minutes, choice in zip(self._minutes, self.choices, strict=True):
            text = self._catalogue.say("kit.age.minutes", n=minutes)
            choice.setText(text)
            choice.setAccessibleName(text)

    def open(self) -> None:
        """Show it, with the keyboard."""
        self.lay()
        self.show()
        self.raise_()
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _choose(self) -> None:
        for number, choice in enumerate(self.choices):
            if choice.isChecked():
                self._chosen = number

    @Slot()
    def take(self) -> None:
        """Ask for it, if there is a reason."""
        if self.reason.text().strip():
            self.wanted.emit(self._minutes[self._chosen] * 60, self.reason.text().strip())
        else:
            self.say_problem(self._catalogue.say("wall.mask.no_reason"))

    def say_problem(self, text: str) -> None:
        """Say why it was not done."""
        self.problem.setText(text)
        self.problem.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
