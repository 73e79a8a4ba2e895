"""The status bar across the top: the city, its clock, and how the console is. Each item has a shape and
words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from console.language import Catalogue
from widgets.kit.actions import Actions
from widgets.kit.excepthook import Mishaps
from widgets.kit.gaps import GapMeter
from widgets.kit.labels import ElidedLabel, elided, label
from widgets.kit.marks import paint_condition
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.shell.health import Health, Item

if TYPE_CHECKING:
    from console.desk.board import Board

HEIGHT = 36
MARK = 12
GAP = 5
LONGEST_PX = 300
NARROWEST_PX = 900
WITH_DATE_PX = 1300
"""A narrower bar leaves the date out; the clock stays."""


class StatusItem(QLabel):
    """One item: shape, dim caption, value. Its text is what a screen reader says."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.item = Item("", "", "", "up", "")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        tokens.changed.connect(self.update)

    def show_item(self, item: Item) -> None:
        """Show another state; asks for room only when the text became wider."""
        if item == self.item:
            return
        self.item = item
        self.setText(f"{item.caption} {item.value}")
        self.setAccessibleName(item.caption)
        self.setAccessibleDescription(f"{item.value}. {item.hint}")
        self.setToolTip(f"{item.caption}: {item.value}\n{item.hint}")
        self.updateGeometry()
        self.update()

    def _widths(self) -> tuple[int, int]:
        small, body = (QFontMetrics(self._tokens.font(role)) for role in ("small", "body"))
        return small.horizontalAdvance(self.item.caption), body.horizontalAdvance(self.item.value)

    def sizeHint(self) -> QSize:
        caption, value = self._widths()
        return QSize(min(LONGEST_PX, MARK + GAP + caption + GAP + value + 2), HEIGHT - 4)

    def minimumSizeHint(self) -> QSize:
        _, value = self._widths()
        return QSize(min(self.sizeHint().width(), MARK + 3 * GAP + 20 + min(value, 80)), HEIGHT - 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            tokens, area = self._tokens, self.rect()
            caption_w, value_w = self._widths()
            room = area.width() - MARK - 2 * GAP - 2
            caption_w = min(caption_w, max(20, room - value_w))
            top = (area.height() - MARK) / 2
            paint_condition(painter, QRectF(0, top, MARK, MARK), self.item.level, tokens)
            left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            painter.setFont(tokens.font("small"))
            painter.setPen(tokens.ink("dim"))
            caption = elided(self.item.caption, QFontMetrics(painter.font()), caption_w)
            painter.drawText(area.adjusted(MARK + GAP, 0, 0, 0), left, caption)
            painter.setFont(tokens.font("body"))
            ink = {"down": "p1", "degraded": "p2"}.get(self.item.level, "text")
            painter.setPen(tokens.ink(ink))
            rest = area.adjusted(MARK + GAP + caption_w + GAP, 0, 0, 0)
            painter.drawText(rest, left, elided(self.item.value, QFontMetrics(painter.font()), rest.width()))


class StatusBar(QWidget):
    """City, clock, items, then desk, person and the language. Looks at the board once a second and when
    told.
    """

    def __init__(
        self, board: Board, health: Health, pulse: Pulse, tokens: Tokens, moments: Moments, actions: Actions,
        gaps: GapMeter, mishaps: Mishaps, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._health, self._tokens, self._moments = board, health, tokens, moments
        self._gaps, self._mishaps = gaps, mishaps
        self.setProperty("role", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.city = label(self, size="strong", weight="bold")
        self.clock = label(self, size="large", weight="bold")
        self.date = label(self, size="small", ink="dim")
        self.seat = ElidedLabel(self, size="small", ink="dim")
        self.seat.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(tokens.space(3), 0, tokens.space(2), 0)
        self._layout.setSpacing(tokens.space(4))
        for part in (self.city, self.clock, self.date):
            self._layout.addWidget(part)
        self._layout.addSpacing(tokens.space(2))
        self._items_at = self._layout.count()
        self._layout.addStretch(1)
        self._layout.addWidget(self.seat)
        self.language = actions.button("shell.language", self, role="quiet")
        self._layout.addWidget(self.language)
        self._items: dict[str, StatusItem] = {}
        self._sources: list[Callable[[], Item | None]] = []
        pulse.second_passed.connect(self.refresh)
        pulse.health_changed.connect(self.refresh)
        follow(moments.catalogue, self.refresh)

    def place(self, widget: QWidget) -> None:
        """Put a feature's own widget before the items."""
        self._layout.insertWidget(self._items_at, widget)
        self._items_at += 1

    def also(self, source: Callable[[], Item | None]) -> None:
        """Show a feature's item behind the others, while it gives one."""
        self._sources.append(source)

    def items(self) -> dict[str, StatusItem]:
        """The items by id."""
        return dict(self._items)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST_PX, HEIGHT)  # the layout's own minimum would count the date, which then goes

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The date goes before an item loses its words."""
        wanted = self._layout.sizeHint().width()
        if self.date.isHidden():
            wanted += self.date.sizeHint().width() + self._layout.spacing()
        self.date.setVisible(self.width() >= WITH_DATE_PX and wanted <= self.width())

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        words = self._moments.catalogue
        now_ns = self._board.clock.now_ns()
        self.city.setText(words.words(self._board.profile.name))
        self.clock.setText(self._moments.clock(now_ns))
        self.date.setText(self._moments.date(now_ns))
        self.seat.setText(seat_text(self._board, words))
        items = self._health.items(self._gaps.recent(), (self._mishaps.count, self._mishaps.last))
        items += [item for item in (source() for source in self._sources) if item is not None]
        for item in items:
            if item.id not in self._items:
                self._items[item.id] = StatusItem(self._tokens, self)
                self._layout.insertWidget(self._items_at + len(self._items) - 1, self._items[item.id])
            self._items[item.id].show_item(item)
        for gone in set(self._items) - {item.id for item in items}:
            self._items.pop(gone).deleteLater()
        self._fit()


def seat_text(board: Board, catalogue: Catalogue) -> str:
    """Who sits where: the desk's and the person's names as the profile has them, else as they were given."""
    desk = board.profile.desks.get(board.desk)
    name = catalogue.words(desk.name) if desk is not None else board.desk
    known = desk is not None and desk.person == board.person
    person = catalogue.words(desk.person_name) if desk is not None and known else board.person
    return f"{name} · {person}" if person else name
