"""The scrolled body of the incident's detail: a place for each part, in the order an operator needs them.

Below the cameras the ladder (one line while nothing was handed over), the procedure, the scene, shares; then
what is measured, why it is here, and the steps.
"""

from __future__ import annotations

from typing import Literal, get_args

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from widgets.kit.labels import style
from widgets.kit.tokens import Tokens

SectionName = Literal["ladder", "procedure", "scene", "shares"]
SECTIONS: tuple[SectionName, ...] = get_args(SectionName)


class DetailPlaces(QScrollArea):
    """Holds the parts one under the other. A place that nothing was put into, or whose part is hidden, takes
    no room. What is read stays where it is while a part above it grows or shrinks.
    """

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 2 * tokens.space(1), 0)
        self._column.setSpacing(2 * tokens.space(1))
        self._placed: dict[str, QWidget] = {}
        self._anchor: tuple[QWidget, int] | None = None
        self._holders: dict[str, QVBoxLayout] = {}
        for name in SECTIONS:
            self._holders[name] = holder = QVBoxLayout()
            holder.setContentsMargins(0, 0, 0, 0)
            self._column.addLayout(holder)
        self._column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWidget(inside)
        style(inside, role="panel")
        self.verticalScrollBar().valueChanged.connect(self._remember_what_is_read)

    def place_section(self, name: SectionName, widget: QWidget) -> None:
        """Put a feature's part into its place; it belongs to this panel then. One put there before goes.
        Raises KeyError for a name that is none of `SECTIONS`.
        """
        holder = self._holders[name]
        old = self._placed.pop(name, None)
        if old is not None:
            self._let_go(old)
        holder.addWidget(widget)
        self._placed[name] = widget
        widget.installEventFilter(self)

    def section(self, name: SectionName) -> QWidget | None:
        """What was put there."""
        return self._placed.get(name)

    def put_first(self, widget: QWidget) -> None:
        """Put a part above all places: the cameras."""
        self._column.insertWidget(0, widget)
        widget.installEventFilter(self)

    def put_last(self, widget: QWidget) -> None:
        """Put a part below all that are there."""
        self._column.insertWidget(self._column.count() - 1, widget)
        widget.installEventFilter(self)

    def to_top(self) -> None:
        """Begin at the top: another incident is shown."""
        self._anchor = None
        self.verticalScrollBar().setValue(0)

    @Slot(object)
    def bring(self, widget: QWidget) -> None:
        """Scroll so that a part is in sight, its top first."""
        if self.widget().isAncestorOf(widget):
            self.ensureWidgetVisible(widget, 0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A part above what is read grew or moved: follow, so that the line under the eye stays."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and self._anchor is not None:
            part, at_px = self._anchor
            if part is watched:
                bar = self.verticalScrollBar()
                moved_px = part.mapTo(self.viewport(), QPoint(0, 0)).y() - at_px
                if moved_px and bar.value():
                    bar.setMaximum(max(bar.maximum(), bar.value() + moved_px))
                    bar.setValue(bar.value() + moved_px)
        return super().eventFilter(watched, event)

    @Slot()
    def _remember_what_is_read(self) -> None:
        """The first part whose top is in sight; where one part fills the sight, none has to be kept."""
        self._anchor = None
        if not self.verticalScrollBar().value():
            return
        sight = QRect(QPoint(0, 0), self.viewport().size())
        for place in range(self._column.count()):
            item = self._column.itemAt(place)
            inner = item.layout()
            widget = item.widget()
            if widget is None and inner is not None and inner.count():
                widget = inner.itemAt(0).widget()
            if widget is None or not widget.isVisible():
                continue
            top = widget.mapTo(self.viewport(), QPoint(0, 0))
            if sight.contains(0, top.y()):
                self._anchor = widget, top.y()
                return

    @staticmethod
    def _let_go(widget: QWidget) -> None:
        widget.setParent(None)
        widget.deleteLater()
