"""The time line: footage, gaps, locks and events of up to nine cameras, and the cursor they share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from console.language import Catalogue
from console.report.describe import Teller
from widgets.kit.moments import Moments
from widgets.kit.permits import Stretch
from widgets.kit.replaydata import TimelineBounds, ns
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.replay.events import EventBook, Mark, at_of
from widgets.replay.painter import CURSOR_PX, MARK_PX, TimelinePainter
from widgets.replay.rows import Content, Layout, Row, least_height
from widgets.replay.stretch import Shown
from widgets.replay.telling import Telling

if TYPE_CHECKING:
    from console.clock import Clock

KEYS_S = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}
OURS = frozenset(
    {
        Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Plus, Qt.Key.Key_Minus,
        Qt.Key.Key_Equal, Qt.Key.Key_Escape,
    }
)  # fmt: skip
GRASP_PX = 4
"""A mouse that moved less was not dragged."""


class Timeline(QWidget):
    """Left and right: a second (with Shift ten). Up and down: another camera. Page keys: a page of time. Home
    and End: the beginning and the end of the footage. + and -: zoom. Esc: no selection. The mouse: a click or
    a drag scrubs, with Shift it selects, the right button pans; the wheel zooms, with Shift it pans.
    UI thread only.

    Signals:
        seek_wanted(object): this moment (an int of ns) is to be shown.
        scrubbing(bool): the cursor is in the hand, or no longer.
        edge_wanted(int): -1 the oldest footage, 1 the newest.
        shown_changed(object): another `Stretch` of time is seen.
        selection_changed: `selection` is another one.
        row_chosen(str): this camera's row.
    """

    seek_wanted = Signal(object)
    scrubbing = Signal(bool)
    edge_wanted = Signal(int)
    shown_changed = Signal(object)
    selection_changed = Signal()
    row_chosen = Signal(str)

    def __init__(
        self, book: EventBook, teller: Teller, clock: Clock, catalogue: Catalogue, tokens: Tokens,
        moments: Moments, bounds: TimelineBounds, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("replay.timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._book, self._clock, self._catalogue, self._tokens = book, clock, catalogue, tokens
        self._moments, self._bounds = moments, bounds
        self.painter = TimelinePainter(book, teller, catalogue, tokens, moments)
        self._telling = Telling(book, teller, catalogue, moments)
        span = ns(bounds.first_s)
        self._content = Content(Shown(clock.now_ns() - span, span, 1), now_ns=clock.now_ns())
        self._offered: tuple[Row, ...] = ()
        self.position_ns = 0
        self.waits = False
        self._backdrop: QPixmap | None = None
        self._painted: tuple[object, ...] = ()
        self._pressed: QPointF | None = None
        self._drag = ""
        self._drag_from_ns = 0
        tokens.changed.connect(self.update)
        self._forget_words = follow(catalogue, self._retext)

    def sizeHint(self) -> QSize:
        return QSize(640, self.minimumSizeHint().height() + 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, least_height(len(self._content.rows)))

    @property
    def shown(self) -> Shown:
        """The stretch of time that is seen."""
        return self._content.shown

    @property
    def selection(self) -> Stretch | None:
        """What is chosen to be locked, exported or looped."""
        return self._content.selection

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._content.rows

    @property
    def chosen_camera(self) -> str:
        """The camera whose row is chosen; empty without rows."""
        rows = self._content.rows
        return rows[min(self._content.chosen_row, len(rows) - 1)].camera_id if rows else ""

    # what is shown

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these cameras."""
        known = self._content.rows
        if rows is self._offered:
            return
        self._offered = rows
        grown = len(rows) != len(known)
        by_ns = self.shown.span_ns / self.shown.width_px
        if not grown and all(one.looks_like(other, by_ns) for one, other in zip(rows, known, strict=True)):
            return
        chosen = min(self._content.chosen_row, max(0, len(rows) - 1))
        self._change(rows=rows, chosen_row=chosen)
        if grown:
            self.updateGeometry()

    def set_notice(self, notice: str) -> None:
        """A word about the events: being loaded, or not to be had."""
        self._change(notice=notice)

    def set_position(self, position_ns: int, waits: bool) -> None:
        """Put the cursor there; the window turns its page when the cursor leaves it."""
        if (position_ns, waits) == (self.position_ns, self.waits):
            return
        old = self._cursor_rect()
        self.position_ns, self.waits = position_ns, waits
        if self._drag != "pan" and position_ns:
            self.show_stretch(self.shown.following(position_ns))
        self.update(old.united(self._cursor_rect()))

    def note_present(self) -> None:
        """Time went on: what is not recorded by now is a gap."""
        shown, now_ns = self.shown, self._clock.now_ns() - ns(3)
        column_ns = max(1, shown.span_ns // shown.width_px)
        seen_ns = min(now_ns // column_ns * column_ns, shown.to_ns)
        self._change(now_ns=seen_ns)

    @Slot(str)
    def choose_row(self, camera_id: str) -> None:
        """Choose a camera's row; nothing happens for another camera."""
        for number, row in enumerate(self._content.rows):
            if row.camera_id == camera_id:
                self._change(chosen_row=number)
                self.tell()

    def select(self, stretch: Stretch | None) -> None:
        """Choose a stretch, or none."""
        if stretch != self.selection:
            self._change(selection=stretch)
            self.selection_changed.emit()
            self.tell()

    def show_stretch(self, shown: Shown) -> None:
        """See another stretch of time."""
        latest = self._clock.now_ns() + shown.span_ns // 10
        shown = shown.kept_within(1, latest)
        if shown != self.shown:
            if shown.span_ns != self.shown.span_ns:
                self._offered = ()  # what was too small to be seen may be seen now
            self._change(shown=shown)
            self.shown_changed.emit(Stretch(shown.from_ns, shown.to_ns))

    def zoom(self, factor: float, around_ns: int | None = None) -> None:
        """So many times closer, around the cursor unless told otherwise."""
        if around_ns is None:
            seen = self.shown.holds(self.position_ns)
            around_ns = self.position_ns if seen else self.shown.from_ns + self.shown.span_ns // 2
        self.show_stretch(self.shown.zoomed(factor, around_ns, self._bounds))

    @Slot()
    def zoom_in(self) -> None:
        self.zoom(self._bounds.zoom_step)

    @Slot()
    def zoom_out(self) -> None:
        self.zoom(1 / self._bounds.zoom_step)

    def _change(self, **fields: object) -> None:
        changed = replace(self._content, **fields)  # type: ignore[arg-type]
        if changed != self._content:
            self._content = changed
            self.update()

    # words

    def tell(self) -> None:
        """Say where the cursor stands; setting the name lets a screen reader speak at once."""
        rows, chosen = self._content.rows, self._content.chosen_row
        row = rows[chosen] if rows else None
        said = self._telling.place(self.position_ns, row, len(rows), self.selection)
        if said != self.accessibleName():
            self.setAccessibleName(said)
        around = self._telling.around(self.position_ns)
        if around != self.accessibleDescription():
            self.setAccessibleDescription(around)

    def words_of_selection(self) -> str:
        """What is chosen, in words; empty when nothing is."""
        return self._telling.selected(self.selection) if self.selection is not None else ""

    def _retext(self) -> None:
        self.tell()
        self.update()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    # painting

    def _layout(self) -> Layout:
        return Layout(self.width(), self.height(), len(self._content.rows))

    def _cursor_rect(self) -> QRect:
        x = self._layout().left + self.shown.x(self.position_ns)
        if not -CURSOR_PX <= x <= self.width() + CURSOR_PX:
            return QRect()
        return QRect(round(x) - CURSOR_PX, 0, 2 * CURSOR_PX, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        layout, ratio = self._layout(), self.devicePixelRatioF()
        key = (self._content, self._book.version, self._tokens.theme, self._catalogue.language, layout, ratio)
        if self._backdrop is None or key != self._painted:
            backdrop = QPixmap(round(layout.width * ratio), round(layout.height * ratio))
            backdrop.setDevicePixelRatio(ratio)
            with QPainter(backdrop) as inner:
                self.painter.paint(inner, layout, self._content)
            self._backdrop, self._painted = backdrop, key
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._backdrop)
            x = layout.left + self.shown.x(self.position_ns)
            if self.position_ns and layout.left <= x <= layout.width:
                clock = self._moments.clock(self.position_ns)
                self.painter.cursor(painter, layout, x, clock, self.waits)
            if self.hasFocus():
                painter.setPen(self._tokens.mark("focus"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._change(shown=self.shown.resized(self._layout().plot_px))

    # by hand

    def _at(self, x: float) -> int:
        return self.shown.at(x - self._layout().left)

    def mark_at(self, at: QPointF) -> Mark | None:
        """The event under a pixel."""
        layout = self._layout()
        row = layout.row_at(at.y())
        if at.y() < layout.AXIS_PX or (row < 0 and at.y() >= layout.row_top(0)):
            return None
        camera_id = self._content.rows[row].camera_id if row >= 0 else ""
        x = at.x() - layout.left
        marks = self._book.marks(self.shown, MARK_PX, camera_id)
        near = [(abs(one.x - x), one) for one in marks if abs(one.x - x) <= MARK_PX / 2]
        return min(near)[1] if near else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._drag = event.position(), ""
        row = self._layout().row_at(event.position().y())
        if row >= 0:
            self._change(chosen_row=row)
            self.row_chosen.emit(self.chosen_camera)
        if event.button() == Qt.MouseButton.RightButton:
            self._drag, self._drag_from_ns = "pan", self.shown.from_ns
        elif event.position().x() < self._layout().left:
            self._pressed = None
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag, self._drag_from_ns = "select", self._at(event.position().x())
        else:
            self._drag = "scrub"
            mark = self.mark_at(event.position())
            self.scrubbing.emit(True)
            at_ns = at_of(self._book.entry(mark.seq)) if mark is not None else self._at(event.position().x())
            self.seek_wanted.emit(at_ns)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        x = event.position().x()
        moved = abs(x - self._pressed.x())
        if self._drag == "scrub" and moved >= GRASP_PX:
            self.seek_wanted.emit(self._at(max(x, self._layout().left)))
        elif self._drag == "select" and moved >= GRASP_PX:
            here = self._at(max(x, self._layout().left))
            self.select(Stretch(min(here, self._drag_from_ns), max(here, self._drag_from_ns)))
        elif self._drag == "pan":
            way = self.shown.at(self._pressed.x()) - self.shown.at(x)
            self.show_stretch(self.shown._replace(from_ns=self._drag_from_ns + way))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag == "scrub":
            self.scrubbing.emit(False)
        elif self._drag == "select" and self._pressed is not None and (
            abs(event.position().x() - self._pressed.x()) < GRASP_PX
        ):
            self.select(None)
        self._pressed, self._drag = None, ""
        self.tell()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-notches * self._bounds.pan_share)
        else:
            self.zoom(self._bounds.zoom_step**notches, self._at(event.position().x()))
        event.accept()

    def pan(self, share: float) -> None:
        """Move by a share of what is seen; later when it is positive."""
        self.show_stretch(self.shown.panned(round(share * self.shown.span_ns)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in KEYS_S and self.position_ns:
            tenfold = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.seek_wanted.emit(self.position_ns + ns(KEYS_S[key] * (10 if tenfold else 1)))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.rows:
            by = 1 if key == Qt.Key.Key_Down else -1
            self._change(chosen_row=min(max(self._content.chosen_row + by, 0), len(self.rows) - 1))
            self.row_chosen.emit(self.chosen_camera)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.pan(-1.0 if key == Qt.Key.Key_PageUp else 1.0)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.edge_wanted.emit(-1 if key == Qt.Key.Key_Home else 1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_Escape and self.selection is not None:
            self.select(None)
        else:
            super().keyPressEvent(event)
            return
        self.tell()

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.tell()
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~(
                Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
            )
            if Qt.Key(event.key()) in OURS and plain == Qt.KeyboardModifier.NoModifier:
                event.accept()  # before any act of the window that has the same key
                return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self.mark_at(QPointF(event.pos()))
            here = self._moments.moment(self._at(event.pos().x()))
            text = self._telling.mark(mark) if mark is not None else here
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
