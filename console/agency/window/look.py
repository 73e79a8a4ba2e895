"""Colours and sizes by role, from assets/style/tokens.toml, and the marks that are painted."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap, QPolygonF
from PySide6.QtWidgets import QApplication

from console.paths import shipped

_SHEET = """
QPushButton { background: $bg2$; border: 1px solid $line$; border-radius: 2px; padding: 6px 10px; }
QPushButton:disabled { border: 1px dashed $line$; background: $bg1$; }
QTableView, QTextEdit, QLineEdit, QComboBox, QSpinBox { border: 1px solid $line$; }
QTextEdit, QTableView { background: $bg0$; }
QPushButton:focus, QComboBox:focus, QLineEdit:focus, QTableView:focus, QTextEdit:focus, QSpinBox:focus {
  border: 1px solid $focus$; }
QHeaderView::section { background: $bg2$; color: $dim$; border: 0; padding: 4px; }
QFrame#banner { background: $bg2$; border: 1px solid $p2$; border-left: 4px solid $p2$; }
"""


class Look:
    """The dark look of the agency's room."""

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
        colour = QColor(self.mark[f"p{priority}"])

        def paint(painter: QPainter) -> None:
            painter.setPen(colour)
            painter.setBrush(colour if priority < 4 else Qt.BrushStyle.NoBrush)
            if priority == 1:
                points = ((8, 1), (15, 8), (8, 15), (1, 8))
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
            elif priority == 2:
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in ((8, 2), (15, 14), (1, 14))]))
            else:
                painter.drawEllipse(QRectF(3, 3, 10, 10))

        return _icon(paint)

    def new(self) -> QIcon:
        """The mark of a case nobody has opened: a bar before its state."""

        def paint(painter: QPainter) -> None:
            painter.fillRect(QRectF(4, 1, 5, 14), QColor(self.mark["focus"]))

        return _icon(paint)


def _icon(paint: Any) -> QIcon:
    pixmap = QPixmap(16, 16)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt tints it, and its colour means something
    return icon
