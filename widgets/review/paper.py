"""Draws a printed record: A4, the head with who and why, the table, on every page its number and the foot.

Used by the printing process; needs a QGuiApplication and `load_typefaces`, no window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from console.report.printed import Printed
from widgets.review.typeface import FAMILY

RESOLUTION_DPI = 300
MARGIN_MM = 14.0
TITLE_PT, HEAD_PT, BODY_PT, FOOT_PT = 16.0, 9.0, 8.0, 7.5
INK, DIM, LINE = QColor("#101418"), QColor("#4E5863"), QColor("#AEB6BF")
TOP_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop

Told = Callable[[str, int, int], None]
"""(what, done, of all): "rows" while measuring, "pages" while drawing."""


@dataclass(slots=True)
class _Row:
    cells: tuple[str, ...]
    height: float


class Paper:
    """One document onto one file. Raises OSError when the file cannot be written."""

    def __init__(self, document: Printed, path: Path, told: Told) -> None:
        self._document, self._path, self._told = document, path, told
        self._writer = QPdfWriter(str(path))
        self._writer.setResolution(RESOLUTION_DPI)
        margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self._writer.setPageLayout(
            QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins,
                        QPageLayout.Unit.Millimeter)
        )  # fmt: skip
        self._writer.setTitle(document.title)
        self._writer.setCreator("bongsu")
        self._width = float(self._writer.width())
        self._height = float(self._writer.height())
        self._pad = self._px(1.0)
        self._fonts = {points: _font(points) for points in (HEAD_PT, BODY_PT, FOOT_PT)}
        self._bold = {points: _font(points, bold=True) for points in (TITLE_PT, HEAD_PT, BODY_PT)}
        self._metrics = QFontMetricsF(self._fonts[BODY_PT], self._writer)
        self._foot_height = QFontMetricsF(self._fonts[FOOT_PT], self._writer).height() + self._px(2.0)

    def draw(self) -> int:
        """Draw everything; returns the number of pages."""
        rows = self._measured()
        painter = QPainter()
        if not painter.begin(self._writer):
            raise OSError(0, "the file cannot be opened for writing", str(self._path))
        try:
            top = self._draw_head(painter)
            pages = self._pages(rows, top)
            for number, page in enumerate(pages, 1):
                if number > 1:
                    self._writer.newPage()
                    top = 0.0
                self._draw_rows(painter, page, top)
                self._draw_foot(painter, number, len(pages))
                self._told("pages", number, len(pages))
        finally:
            painter.end()
        return len(pages)

    def _px(self, millimetres: float) -> float:
        return millimetres / 25.4 * RESOLUTION_DPI

    def _measured(self) -> list[_Row]:
        """Every row with the height its tallest cell needs."""
        found: list[_Row] = []
        for number, cells in enumerate(self._document.rows, 1):
            found.append(_Row(cells, self._row_height(cells)))
            if number % 200 == 0:
                self._told("rows", number, len(self._document.rows))
        return found

    def _row_height(self, cells: tuple[str, ...]) -> float:
        height = self._metrics.height()
        for text, column in zip(cells, self._document.columns, strict=True):
            width = column.share * self._width - 2 * self._pad
            if self._metrics.horizontalAdvance(text) > width:
                height = max(height, _wrapped(self._metrics, text, width))
        return height + self._pad

    def _pages(self, rows: list[_Row], first_top: float) -> list[list[_Row]]:
        """Rows by page. A row taller than a page is cut into pieces that are as tall as one."""
        head = self._metrics.height() + 2 * self._pad
        bottom = self._height - self._foot_height
        pages: list[list[_Row]] = [[]]
        room = bottom - first_top - head
        for row in rows:
            if row.height > room and pages[-1]:
                pages.append([])
                room = bottom - head
            if row.height > room and len(pages) == 1 and not pages[-1]:
                pages.append([])
                room = bottom - head
            for piece in self._pieces(row, bottom - head):
                if piece.height > room:
                    pages.append([])
                    room = bottom - head
                pages[-1].append(piece)
                room -= piece.height
        return pages

    def _pieces(self, row: _Row, most: float) -> list[_Row]:
        """A row that fits a page is itself; one that does not is halved, between words, until all do."""
        if row.height <= most:
            return [row]
        longest = max(range(len(row.cells)), key=lambda place: len(row.cells[place]))
        text = row.cells[longest]
        if len(text) < 2:
            return [row]  # nothing left to divide: wider than any column, higher than any page
        middle = len(text) // 2
        space = text.rfind(" ", 1, middle)
        cut = space + 1 if space > 0 else middle
        halves = (text[:cut], text[cut:])
        found: list[_Row] = []
        for number, half in enumerate(halves):
            rest = row.cells if number == 0 else ("",) * len(row.cells)
            cells = (*rest[:longest], half, *rest[longest + 1 :])
            found += self._pieces(_Row(cells, self._row_height(cells)), most)
        return found

    def _draw_head(self, painter: QPainter) -> float:
        """Title, facts, response times; returns where the table begins."""
        painter.setPen(INK)
        painter.setFont(self._bold[TITLE_PT])
        height = QFontMetricsF(self._bold[TITLE_PT], self._writer).height()
        painter.drawText(QRectF(0, 0, self._width, height), int(Qt.AlignmentFlag.AlignLeft),
                         self._document.title)  # fmt: skip
        y = self._draw_pairs(painter, self._document.facts, height + self._px(1.5))
        told = self._document
        for title, pairs in ((told.times_title, told.times), (told.summary_title, told.summary)):
            if not pairs:
                continue
            painter.setFont(self._bold[HEAD_PT])
            line = QFontMetricsF(self._bold[HEAD_PT], self._writer).height()
            y += self._px(1.5)
            painter.drawText(QRectF(0, y, self._width, line), int(Qt.AlignmentFlag.AlignLeft), title)
            y = self._draw_pairs(painter, pairs, y + line)
        return y + self._px(3.0)

    def _draw_pairs(self, painter: QPainter, pairs: tuple[tuple[str, str], ...], y: float) -> float:
        """Labels and values, two pairs a line; a value that needs more lines gets them."""
        metrics = QFontMetricsF(self._fonts[HEAD_PT], self._writer)
        half, name = self._width / 2, self._width * 0.13
        for start in range(0, len(pairs), 2):
            height = metrics.height()
            for side, (label, value) in enumerate(pairs[start : start + 2]):
                x = side * half
                room = half - name - self._px(3)
                needed = _wrapped(metrics, value, room)
                painter.setFont(self._fonts[HEAD_PT])
                painter.setPen(DIM)
                painter.drawText(QRectF(x, y, name, height), int(Qt.AlignmentFlag.AlignLeft), label)
                painter.setPen(INK)
                box = QRectF(x + name, y, room, needed + 1)
                painter.drawText(box, _wrap(metrics, value, room), value)
                height = max(height, needed)
            y += height + self._px(0.5)
        return y

    def _draw_rows(self, painter: QPainter, rows: list[_Row], y: float) -> None:
        """The column titles and these rows."""
        line = self._metrics.height()
        painter.setFont(self._bold[BODY_PT])
        painter.setPen(DIM)
        x = 0.0
        for column in self._document.columns:
            width = column.share * self._width
            painter.drawText(QRectF(x, y, width - self._pad, line), int(Qt.AlignmentFlag.AlignLeft),
                             column.title)  # fmt: skip
            x += width
        y += line + self._pad
        self._rule(painter, y)
        y += self._pad
        painter.setFont(self._fonts[BODY_PT])
        if not self._document.rows:
            painter.setPen(INK)
            painter.drawText(QRectF(0, y, self._width, line), int(Qt.AlignmentFlag.AlignLeft),
                             self._document.nothing)  # fmt: skip
        for row in rows:
            x = 0.0
            painter.setPen(INK)
            for text, column in zip(row.cells, self._document.columns, strict=True):
                width = column.share * self._width
                if text:
                    room = width - 2 * self._pad
                    box = QRectF(x, y, room, row.height)
                    painter.drawText(box, _wrap(self._metrics, text, room), text)
                x += width
            y += row.height
            self._rule(painter, y - self._pad / 2)

    def _draw_foot(self, painter: QPainter, number: int, of_all: int) -> None:
        y = self._height - self._foot_height + self._px(1.0)
        box = QRectF(0, y, self._width, self._foot_height)
        painter.setFont(self._fonts[FOOT_PT])
        painter.setPen(DIM)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft), self._document.foot)
        page = self._document.page.format(page=number, pages=of_all)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight), page)

    def _rule(self, painter: QPainter, y: float) -> None:
        painter.setPen(QPen(LINE, self._px(0.1)))
        painter.drawLine(0, int(y), int(self._width), int(y))


def _wrap(metrics: QFontMetricsF, text: str, width: float) -> int:
    """How a text is broken: between words, or anywhere where a word alone is wider than its column."""
    if metrics.horizontalAdvance(text) <= width:
        return int(TOP_LEFT)
    fits = all(metrics.horizontalAdvance(word) <= width for word in text.split())
    return int(TOP_LEFT | (Qt.TextFlag.TextWordWrap if fits else Qt.TextFlag.TextWrapAnywhere))


def _wrapped(metrics: QFontMetricsF, text: str, width: float) -> float:
    """The height of a text broken at this width."""
    return metrics.boundingRect(QRectF(0, 0, width, 1e7), _wrap(metrics, text, width), text).height()


def _font(points: float, bold: bool = False) -> QFont:
    font = QFont(FAMILY)
    font.setPointSizeF(points)
    font.setBold(bold)
    return font
