"""What is written in a band: title, last values, limits' words, the state. The plot itself is `plot`'s."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from console.model.device import Limit
from widgets.charts.content import Reading
from widgets.charts.frame import ROW_H, Frame, frame_for
from widgets.charts.marks import AlarmMark
from widgets.charts.scale import Scale, level_text
from widgets.charts.strokes import stroke
from widgets.kit.labels import elided
from widgets.kit.marks import paint_priority
from widgets.kit.moments import number, unit

if TYPE_CHECKING:
    from widgets.charts.band import BandWidget, Prepared

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
WORD_GROUND_ALPHA = 190
MARK_PX = 11


def paint_band(painter: QPainter, band: BandWidget, wanted: QRect) -> None:
    """Paint what stands beside the plot, as far as it is wanted; where there is no plot yet, that too, with
    the word for it.
    """
    tokens = band.tokens
    frame = frame_for(band.width(), band.height(), band.view.second_axis)
    painter.fillRect(band.rect(), tokens.ground("bg1"))
    if wanted.intersects(frame.title):
        _title(painter, band, frame)
    if band.prepared is not None:
        _readings(painter, band, frame, band.prepared)
    if band.plot is None:
        painter.fillRect(frame.plot, tokens.ground("bg0"))
        word = "charts.broken" if band.broken else "charts.loading"
        _boxed(painter, band, frame.plot, CENTRE, band.catalogue.say(word), "text" if band.broken else "dim")
    painter.setPen(QPen(tokens.mark("line"), 1))
    painter.drawLine(0, band.height() - 1, band.width(), band.height() - 1)
    if band.hasFocus():
        painter.setPen(QPen(tokens.mark("focus"), 1))
        painter.drawRect(band.rect().adjusted(0, 0, -1, -1))


def paint_words(painter: QPainter, band: BandWidget, plot: QRect) -> None:
    """Paint what is to be read over the plot: its limits' shapes and words, and what state it is in."""
    if band.prepared is not None:
        _limit_words(painter, band, plot, band.prepared)
        _marks(painter, band, plot, band.prepared)
    words = state_words(band)
    if not words:
        return
    if band.board.link == "live" or not band.view.live:  # at the right, where no limit's word stands
        _boxed(painter, band, plot, RIGHT, words, "dim")
        return
    painter.setPen(QPen(band.tokens.ink("dim"), 1, Qt.PenStyle.DashLine))
    painter.drawRect(plot.adjusted(0, 0, -1, -1))
    _boxed(painter, band, plot, CENTRE, words, "text")


def state_words(band: BandWidget) -> str:
    """What the whole band has to say about itself: it waits, or the hub is not there; empty when neither."""
    board = band.board
    if board.link == "live" or not band.view.live:
        if band.prepared is not None and any(band.prepared.runs):
            return ""
        return band.catalogue.say("charts.reading" if band.sources.is_loading() else "charts.waiting")
    word = band.catalogue.say(f"kit.link.{board.link}")
    return f"{word} · {band.moments.age(board.link_since_ns, board.clock.now_ns())}"


def _y(value: float, plot: QRect, scale: Scale) -> int:
    return round(plot.top() + scale.y(value, plot.height() - 1))


def _title(painter: QPainter, band: BandWidget, frame: Frame) -> None:
    tokens, area = band.tokens, frame.title
    title = band.catalogue.words(band.band.title)
    if not area.width():
        return
    painter.setFont(tokens.font("body", bold=True))
    painter.setPen(tokens.ink("text"))
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
    box = area.adjusted(4, 0, -8, 0)
    used = painter.boundingRect(box, flags, title)
    if used.height() > box.height():
        painter.setFont(tokens.font("small", bold=True))
    painter.drawText(box, flags, title)
    if used.height() + ROW_H <= box.height():  # the readings say the units too
        painter.setFont(tokens.font("small"))
        painter.setPen(tokens.ink("dim"))
        units = ", ".join(unit(one, band.catalogue) for one in band.band.units)
        painter.drawText(QRect(box.left(), used.bottom() + 2, box.width(), ROW_H), LEFT, units)


def _limit_words(painter: QPainter, band: BandWidget, plot: QRect, prepared: Prepared) -> None:
    """The limits' shapes and words, over the lines, on a ground that lets the lines shine through."""
    painter.setFont(band.tokens.font("small"))
    metrics = QFontMetrics(painter.font())
    height = metrics.height()
    taken: list[int] = []
    # What was passed first, then the most urgent: where two levels are so close that their words would cover
    # each other, its word stays.
    for unit_name, limit in sorted(
        _shown_limits(band, prepared), key=lambda one: (one[1].id not in prepared.active, one[1].priority)
    ):
        y = _y(limit.set_at, plot, prepared.scales[unit_name])
        top = y - height if y - height >= plot.top() else y + 1
        if all(abs(top - other) >= height for other in taken):
            taken.append(top)
            _limit_word(
                painter, band, limit, unit_name, QRect(plot.left(), top, plot.width(), height), prepared
            )


def _limit_word(
    painter: QPainter, band: BandWidget, limit: Limit, unit_name: str, row: QRect, prepared: Prepared
) -> None:  # fmt: skip
    metrics, active = QFontMetrics(painter.font()), limit.id in prepared.active
    words, level = band.catalogue.words(limit.text), level_text(limit.set_at)
    # Most limits say their level themselves; those that do not get it in front.
    text = words if level in words else f"{level} {unit(unit_name, band.catalogue)}  {words}"
    text = elided(text, metrics, row.width() * 2 // 3)
    ground = QColor(band.tokens.ground("bg0"))
    ground.setAlpha(WORD_GROUND_ALPHA)
    width = metrics.horizontalAdvance(text)
    painter.fillRect(QRect(row.left() + 1, row.top(), width + 20, row.height()), ground)
    paint_priority(
        painter, QRectF(row.left() + 4, row.top() + 3, 9, 9), limit.priority, band.tokens, lit=active
    )
    painter.setPen(band.tokens.priority_ink(limit.priority) if active else band.tokens.ink("dim"))
    painter.drawText(QRect(row.left() + 18, row.top(), width, row.height()), LEFT, text)


def _marks(painter: QPainter, band: BandWidget, plot: QRect, prepared: Prepared) -> None:
    """When alarms began (filled shapes) and ended (outlines), along the upper edge; of those that stand in
    each
    other's place the most urgent beginning."""
    places: dict[int, AlarmMark] = {}
    for mark in prepared.marks:
        place = int(float(band.view.window.x(mark.at_ns))) // MARK_PX
        known = places.get(place)
        if known is None or (not mark.began, mark.priority) < (not known.began, known.priority):
            places[place] = mark
    for mark in places.values():
        x = plot.left() + round(float(band.view.window.x(mark.at_ns)))
        colour = band.tokens.priority_mark(mark.priority)
        if mark.began:
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
            painter.drawLine(x, plot.top() + MARK_PX, x, plot.bottom())
        box = QRectF(x - MARK_PX / 2, plot.top() + 1, MARK_PX - 1, MARK_PX - 1)
        paint_priority(painter, box, mark.priority, band.tokens, lit=mark.began)


def _shown_limits(band: BandWidget, prepared: Prepared) -> list[tuple[str, Limit]]:
    """(unit, limit) of those inside their scale."""
    return [
        (unit_name, limit)
        for unit_name in band.band.units
        for limit in band.band.limits(unit_name)
        if prepared.scales[unit_name].low <= limit.set_at <= prepared.scales[unit_name].high
    ]


def _readings(painter: QPainter, band: BandWidget, frame: Frame, prepared: Prepared) -> None:
    """One row a line: stroke, name, shape, value and unit, the value right-aligned; at the cursor while
    there is one.
    """
    area = frame.readings
    shown = prepared.at_cursor or prepared.readings
    rows = max(1, area.height() // ROW_H)
    count = len(shown) if len(shown) <= rows else rows - 1
    top = area.top() + max(0, (area.height() - min(rows, len(shown)) * ROW_H) // 2)
    for index in range(count):
        row = QRect(area.left(), top + index * ROW_H, area.width(), ROW_H)
        _reading_row(painter, band, row, index, shown[index], bool(prepared.at_cursor))
    if count < len(shown):
        painter.setPen(band.tokens.ink("dim"))
        row = QRect(area.left(), top + count * ROW_H, area.width(), ROW_H)
        painter.drawText(row, RIGHT, band.catalogue.say("charts.more", n=len(shown) - count))


def _reading_row(
    painter: QPainter, band: BandWidget, row: QRect, index: int, now: Reading, at_cursor: bool
) -> None:  # fmt: skip
    tokens, line = band.tokens, band.band.lines[index]
    painter.setPen(stroke(band.tokens, index))
    painter.drawLine(row.left(), row.center().y(), row.left() + 16, row.center().y())
    looks_back = not at_cursor and not band.view.live
    if looks_back:
        text, ink = _range_text(band, index), tokens.ink("text")
        now = Reading(now.value, 0.0, None)
    else:
        text, ink = _value_text(band, index, now, at_cursor)
    painter.setFont(tokens.font("body", bold=now.limit is not None and now.holds))
    width = QFontMetrics(painter.font()).horizontalAdvance(text) + 2
    painter.setPen(ink)
    painter.drawText(row, RIGHT, text)
    name_width = row.width() - 22 - width - 18
    if now.limit is not None and now.holds:
        box = QRectF(row.right() - width - 14, row.center().y() - 5, 10, 10)
        paint_priority(painter, box, now.limit.priority, tokens)
    painter.setFont(tokens.font("small"))
    painter.setPen(tokens.ink("dim"))
    name = elided(band.catalogue.words(line.name), QFontMetrics(painter.font()), name_width)
    painter.drawText(QRect(row.left() + 22, row.top(), name_width, row.height()), LEFT, name)


def _value_text(band: BandWidget, index: int, now: Reading, at_cursor: bool) -> tuple[str, QColor]:
    tokens, shown_unit = band.tokens, unit(band.band.lines[index].point.unit, band.catalogue)
    if math.isnan(now.stale_s):
        return band.catalogue.say("charts.gap" if at_cursor else "charts.never"), tokens.ink("dim")
    if not now.holds:
        return band.catalogue.say("charts.stale", age=band.moments.span(now.stale_s)), tokens.ink("dim")
    value = f"{number(now.value)} {shown_unit}"
    if now.spread is not None:
        low, high = (number(one, now.value) for one in now.spread)
        value = f"{number(now.value)} ({low} – {high}) {shown_unit}"
    return value, tokens.priority_ink(now.limit.priority) if now.limit is not None else tokens.ink("text")


def _range_text(band: BandWidget, index: int) -> str:
    """Least and greatest of the shown time."""
    assert band.prepared is not None
    low, high = band.prepared.ranges[index]
    if low != low:
        return band.catalogue.say("charts.gap")
    shown_unit = unit(band.band.lines[index].point.unit, band.catalogue)
    if low == high:
        return f"{number(low)} {shown_unit}"
    return f"{number(low, high)} – {number(high)} {shown_unit}"


def _boxed(painter: QPainter, band: BandWidget, area: QRect, where: int, text: str, ink: str) -> None:
    """A word over the plot on a ground of its own."""
    painter.setFont(band.tokens.font("body", bold=ink == "text"))
    metrics = QFontMetrics(painter.font())
    text = elided(text, metrics, area.width() - 24)
    box = QRect(0, 0, metrics.horizontalAdvance(text) + 16, metrics.height() + 4)
    box.moveCenter(area.center())
    if where == RIGHT:
        box.moveRight(area.right() - 4)
    painter.fillRect(box, band.tokens.ground("bg1"))
    painter.setPen(band.tokens.ink(ink))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
