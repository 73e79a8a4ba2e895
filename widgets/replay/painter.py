"""Paints a time line from prepared columns: what it costs depends on its pixels, not on what happened."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPen

from console.language import Catalogue
from console.report.describe import Teller
from widgets.kit.labels import elided
from widgets.kit.moments import Moments
from widgets.kit.permits import Stretch
from widgets.kit.timeticks import time_ticks
from widgets.kit.tokens import Tokens
from widgets.replay.coverage import GAP, PARTLY, RECORDED
from widgets.replay.events import EventBook, Mark
from widgets.replay.rows import Content, Layout, Row
from widgets.replay.stamps import STAMP_PX, Stamps, paint_lock

TICK_PX = 92
MARK_PX = 14
WORD_ROOM_PX = 64
PAD = 6
LEFT_MIDDLE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
CURSOR_PX = 68
SECONDS_BELOW_S = 1800
LOCK_PX = 18
PARTLY_LESS_PX = 5
"""How much lower a bar is where a gap is too short to be drawn."""


class TimelinePainter:
    """Paints with the words and tokens in force. UI thread only. `drawn` counts the shapes and words of the
    last painting: a test holds it against the pixels."""

    def __init__(
        self, book: EventBook, teller: Teller, catalogue: Catalogue, tokens: Tokens, moments: Moments
    ) -> None:
        self._book, self._teller = book, teller
        self._catalogue, self._tokens, self._moments = catalogue, tokens, moments
        self.stamps = Stamps(tokens)
        self.drawn = 0

    def paint(self, painter: QPainter, layout: Layout, content: Content) -> None:
        """All but the cursor."""
        self.drawn = 0
        tokens = self._tokens
        painter.fillRect(0, 0, layout.width, layout.height, tokens.ground("bg1"))
        self._ticks(painter, layout, content)
        painter.setFont(tokens.font("small"))
        self._selection(painter, layout, content)
        painter.setPen(tokens.ink("dim"))
        lane = QRect(PAD, layout.AXIS_PX, layout.left - 2 * PAD, layout.LANE_PX)
        # What is to be said of the events stands where their name stands: it covers none of them.
        said = content.notice or self._catalogue.say("replay.events.lane")
        metrics = QFontMetrics(tokens.font("small"))
        painter.drawText(lane, LEFT_MIDDLE, elided(said, metrics, lane.width()))
        marks = self._book.marks(content.shown, MARK_PX)
        self._marks(painter, layout, marks, layout.AXIS_PX, layout.LANE_PX, words=True)
        for number, row in enumerate(content.rows):
            self._row(painter, layout, content, number, row)

    def _ticks(self, painter: QPainter, layout: Layout, content: Content) -> None:
        tokens, shown = self._tokens, content.shown
        painter.fillRect(0, 0, layout.width, layout.AXIS_PX, tokens.ground("bg2"))
        painter.setFont(tokens.font("small"))
        seconds = shown.span_ns < SECONDS_BELOW_S * 1_000_000_000
        most = max(2, layout.plot_px // TICK_PX)
        painter.setPen(tokens.ink("dim"))
        day = self._moments.date(shown.from_ns)
        metrics = QFontMetrics(tokens.font("small"))
        painter.drawText(
            QRect(PAD, 0, layout.left - PAD, layout.AXIS_PX), LEFT_MIDDLE,
            elided(day, metrics, layout.left - 2 * PAD),
        )  # fmt: skip
        for at_ns in time_ticks(shown.from_ns, shown.to_ns, self._moments.zone, most):
            x = layout.left + shown.x(at_ns)
            painter.setPen(tokens.mark("grid"))
            painter.drawLine(QPointF(x, layout.AXIS_PX), QPointF(x, layout.height))
            text = self._moments.clock(at_ns) if seconds else self._moments.minute(at_ns)
            width = metrics.horizontalAdvance(text)
            if layout.left <= x - width / 2 and x + width / 2 <= layout.width:
                painter.setPen(tokens.ink("dim"))
                painter.drawText(QPointF(x - width / 2, layout.AXIS_PX - 6), text)
            self.drawn += 1

    def _selection(self, painter: QPainter, layout: Layout, content: Content) -> None:
        chosen = content.selection
        if chosen is None:
            return
        left, right = self._pixels(layout, content, chosen)
        box = QRectF(left, layout.AXIS_PX, right - left, layout.height - layout.AXIS_PX)
        painter.fillRect(box, self._tokens.ground("select"))
        painter.setPen(QPen(self._tokens.mark("focus"), 2))
        for x, way in ((left, 1), (right, -1)):  # brackets: seen without colour
            painter.drawLine(QPointF(x, layout.AXIS_PX), QPointF(x, layout.height))
            for y in (layout.AXIS_PX + 1, layout.height - 1):
                painter.drawLine(QPointF(x, y), QPointF(x + 5 * way, y))

    def _pixels(self, layout: Layout, content: Content, stretch: Stretch) -> tuple[float, float]:
        left = max(0.0, content.shown.x(stretch.from_ns))
        right = min(float(layout.plot_px), content.shown.x(stretch.to_ns))
        return layout.left + left, layout.left + max(left + 1, right)

    def _row(self, painter: QPainter, layout: Layout, content: Content, number: int, row: Row) -> None:
        tokens, top, high = self._tokens, layout.row_top(number), layout.row_px
        if number == content.chosen_row:
            painter.fillRect(0, top, layout.left - 2, high, tokens.ground("select"))
            painter.fillRect(0, top, 3, high, tokens.mark("focus"))
        painter.setPen(tokens.mark("grid"))
        painter.drawLine(0, top, layout.width, top)
        painter.setFont(tokens.font("small"))
        metrics = QFontMetrics(tokens.font("small"))
        painter.setPen(tokens.ink("text"))
        name = f"{number + 1}  {row.name}"
        painter.drawText(
            QRect(PAD + 2, top, layout.left - 2 * PAD, high), LEFT_MIDDLE,
            elided(name, metrics, layout.left - 3 * PAD),
        )  # fmt: skip
        bar = QRectF(layout.left, top + high / 2 - 4, layout.plot_px, 8)
        self._footage(painter, layout, content, row, bar, metrics)
        for lock in row.locks:
            self._lock(painter, layout, content, Stretch(lock.from_ns, lock.to_ns), bar)
        marks = self._book.marks(content.shown, MARK_PX, row.camera_id)
        self._marks(painter, layout, marks, top, high, words=False)

    def _footage(
        self, painter: QPainter, layout: Layout, content: Content, row: Row, bar: QRectF,
        metrics: QFontMetrics,
    ) -> None:  # fmt: skip
        tokens, say = self._tokens, self._catalogue.say
        if not row.known:
            painter.setPen(tokens.ink("dim"))
            painter.drawText(bar.adjusted(PAD, -6, 0, 6), LEFT_MIDDLE, say("replay.footage.looking"))
            return
        # What has not been yet is neither recorded nor a gap.
        present_px = content.shown.x(max(row.newest_ns, content.now_ns))
        rects: dict[int, list[QRectF]] = {GAP: [], PARTLY: [], RECORDED: []}
        start, top, high = layout.left, bar.top(), bar.height()
        for left, right, kind in row.coverage.runs(content.shown):
            if kind == PARTLY:
                thin = high - PARTLY_LESS_PX
                rects[kind].append(QRectF(start + left, top + PARTLY_LESS_PX, right - left, thin))
            elif kind == RECORDED or left < present_px:
                end = right if kind == RECORDED or right < present_px else present_px
                rects[kind].append(QRectF(start + left, top, end - left, high))
        # All of a kind at once: a call for each would be most of the cost.
        ink = tokens.ink("dim")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRects(rects[RECORDED] + rects[PARTLY])
        painter.setBrush(QBrush(ink, Qt.BrushStyle.BDiagPattern))
        painter.drawRects(rects[GAP])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self.drawn += sum(map(len, rects.values()))
        word = say("replay.footage.gap")
        wide = metrics.horizontalAdvance(word) + PAD
        locks = [self._pixels(layout, content, Stretch(one.from_ns, one.to_ns))[0] for one in row.locks]
        for box in rects[GAP]:
            if box.width() >= wide + PAD:
                x = _beside(box.center().x() - wide / 2, wide, locks, box.right())
                plate = QRectF(x, box.center().y() - 7, wide, 14)
                painter.fillRect(plate, tokens.ground("bg1"))
                painter.setPen(tokens.ink("text"))
                painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), word)

    def _lock(
        self, painter: QPainter, layout: Layout, content: Content, stretch: Stretch, bar: QRectF
    ) -> None:
        if stretch.to_ns < content.shown.from_ns or stretch.from_ns > content.shown.to_ns:
            return
        tokens = self._tokens
        left, right = self._pixels(layout, content, stretch)
        painter.setPen(QPen(tokens.ink("text"), 2))
        y = bar.bottom() + 2
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        for x in (left, right):
            painter.drawLine(QPointF(x, y), QPointF(x, y - 4))
        box = QRectF(left + 3, bar.top() - 1, 10, 10)
        if right - left > 16:
            painter.fillRect(box.adjusted(-2, -1, 2, 1), tokens.ground("bg1"))
            paint_lock(painter, box, tokens)
        self.drawn += 1

    def _marks(
        self, painter: QPainter, layout: Layout, marks: list[Mark], top: int, high: int, words: bool
    ) -> None:
        """Shapes, and their words where there is room until the next one."""
        tokens = self._tokens
        metrics = QFontMetrics(tokens.font("small"))
        painter.setPen(tokens.ink("text"))
        ratio = painter.device().devicePixelRatioF()
        y = top + (high - STAMP_PX) / 2 if words else top + 1.0
        for number, mark in enumerate(marks):
            x = layout.left + mark.x - STAMP_PX / 2
            painter.drawPixmap(QPointF(x, y), self.stamps.of(mark.sort, mark.rank, ratio))
            self.drawn += 1
            if not words:
                continue
            following = marks[number + 1].x if number + 1 < len(marks) else float(layout.plot_px)
            room = following - mark.x - STAMP_PX - 4
            if room >= WORD_ROOM_PX:
                text = self.word(mark)
                box = QRectF(x + STAMP_PX + 2, top, room, high)
                painter.drawText(box, LEFT_MIDDLE, elided(text, metrics, int(room)))
                self.drawn += 1

    def word(self, mark: Mark) -> str:
        """What a mark is, in a word or two; how many it stands for."""
        entry = self._book.entry(mark.seq)
        event_type = getattr(entry.event, "type", "")
        kind = type(entry.event).__struct_config__.tag
        word = self._teller.type(event_type) if event_type else self._teller.kind(str(kind))
        if mark.count > 1:
            return self._catalogue.say("replay.events.more", word=word, count=mark.count - 1)
        return word

    def cursor(self, painter: QPainter, layout: Layout, x: float, clock: str, waits: bool) -> None:
        """Where the pictures stand; dashed while the record is waited for."""
        tokens = self._tokens
        pen = QPen(tokens.mark("focus"), 2)
        if waits:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, layout.AXIS_PX), QPointF(x, layout.height))
        left = min(max(float(layout.left), x - CURSOR_PX / 2), layout.width - CURSOR_PX)
        box = QRectF(left, 1, CURSOR_PX - 1, layout.AXIS_PX - 2)
        painter.fillRect(box, tokens.ground("bg1"))
        painter.setPen(QPen(tokens.mark("focus"), 1))
        painter.drawRect(box)
        painter.setPen(tokens.ink("text"))
        painter.setFont(tokens.font("small"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), clock)


def _beside(x: float, wide: float, locks: list[float], most: float) -> float:
    """Where a word stands so that no padlock (at the left end of a lock) lies on it; `x` where it must."""
    for left in sorted(locks):
        if x < left + LOCK_PX and left < x + wide and left + LOCK_PX + wide <= most:
            x = left + LOCK_PX
    return x
