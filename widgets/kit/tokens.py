"""Roles to colours, fonts and sizes, dark and light. The values are data: assets/style/tokens.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from console.paths import shipped

THEMES = ("dark", "light")
FONT_FILES = ("NanumGothic.ttf", "NanumGothicBold.ttf")


class TokensError(Exception):
    """The style data or a font file is missing or wrong; the text names file, table and key."""


class Tokens(QObject):
    """The look. UI thread only.

    Signals:
        changed: another theme is in force; widgets that paint by themselves repaint.
    """

    changed = Signal()

    def __init__(self, theme: str = "dark", path: Path | None = None) -> None:
        """Read the style data. Raises TokensError when it cannot be used, ValueError for an unknown theme."""
        super().__init__()
        self._path = path or shipped("assets") / "style" / "tokens.toml"
        self._data = _read(self._path)
        self._fonts: dict[tuple[str, bool], QFont] = {}
        self._theme = ""
        self._take(theme)

    @property
    def theme(self) -> str:
        return self._theme

    def switch(self, theme: str) -> None:
        """Put `theme` ("dark" or "light") in force, in the whole application where `dress` was called."""
        if theme == self._theme:
            return
        self._take(theme)
        app = QApplication.instance()
        if isinstance(app, QApplication) and app.property("dressed"):
            self.dress(app)
        self.changed.emit()

    def ink(self, role: str) -> QColor:
        """The colour of text in this role: text, dim, focus, p1..p4, series1..series4."""
        return self._inks[role]

    def ground(self, role: str) -> QColor:
        """The colour behind things: bg0, bg1, bg2, select."""
        return self._grounds[role]

    def mark(self, role: str) -> QColor:
        """The colour of a shape, line or frame: line, grid, focus, pressed, p1..p4."""
        return self._marks[role]

    def priority_ink(self, priority: int) -> QColor:
        """Text colour of priority 1..4."""
        return self._inks[f"p{min(4, max(1, priority))}"]

    def priority_mark(self, priority: int) -> QColor:
        """Shape colour of priority 1..4."""
        return self._marks[f"p{min(4, max(1, priority))}"]

    def size(self, role: str) -> int:
        """Pixels of a type (small, body, strong, large, huge) or space (unit, radius, strip, row, act)."""
        type_sizes, spaces = self._data["type"], self._data["space"]
        return int(type_sizes[role] if role in type_sizes else spaces[role])

    def space(self, steps: int) -> int:
        """`steps` of the spacing unit, in pixels."""
        return steps * int(self._data["space"]["unit"])

    def motion_ms(self, role: str) -> int:
        """Durations of what moves: longest_ms, blink_ms."""
        return int(self._data["motion"][role])

    def font(self, role: str = "body", bold: bool = False) -> QFont:
        """The family in the size of `role`. All its digits have one width."""
        key = (role, bold)
        if key not in self._fonts:
            font = QFont(self._data["type"]["family"])
            font.setPixelSize(self.size(role))
            font.setBold(bold)
            self._fonts[key] = font
        return self._fonts[key]

    def palette(self) -> QPalette:
        """The theme for Qt's own controls."""
        roles = QPalette.ColorRole
        palette = QPalette()
        for role, colour in (
            (roles.Window, self.ground("bg0")), (roles.Base, self.ground("bg1")),
            (roles.AlternateBase, self.ground("bg2")), (roles.Button, self.ground("bg2")),
            (roles.ToolTipBase, self.ground("bg2")), (roles.Highlight, self.ground("select")),
            (roles.WindowText, self.ink("text")), (roles.Text, self.ink("text")),
            (roles.ButtonText, self.ink("text")), (roles.ToolTipText, self.ink("text")),
            (roles.HighlightedText, self.ink("text")), (roles.BrightText, self.ink("p1")),
            (roles.Link, self.ink("focus")), (roles.LinkVisited, self.ink("focus")),
            (roles.PlaceholderText, self.ink("dim")), (roles.Mid, self.mark("line")),
            (roles.Dark, self.mark("line")), (roles.Light, self.ground("bg2")),
            (roles.Shadow, self.ground("bg0")), (roles.Accent, self.mark("focus")),
        ):  # fmt: skip
            palette.setColor(role, colour)
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.ink("dim"))
        return palette

    def dress(self, app: QApplication) -> None:
        """Give the whole application this look: Fusion, palette, font, sheet."""
        from widgets.kit.sheet import sheet

        if not app.property("dressed"):
            app.setStyle("Fusion")
            app.setProperty("dressed", True)
        app.setPalette(self.palette())
        app.setFont(self.font())
        app.setStyleSheet(sheet(self))

    def pairs(self) -> list[tuple[str, QColor, str, QColor]]:
        """Every ink with every ground it may stand on, for the contrast test."""
        return [
            (ink, colour, ground, behind)
            for ink, colour in self._inks.items()
            for ground, behind in self._grounds.items()
        ]

    def _take(self, theme: str) -> None:
        if theme not in THEMES:
            raise ValueError(f"theme {theme!r} is not one of {', '.join(THEMES)}")
        self._theme = theme
        tables = self._data[theme]
        self._inks, self._grounds, self._marks = (
            {role: QColor(value) for role, value in tables[table].items()}
            for table in ("ink", "ground", "mark")
        )


def load_fonts(folder: Path | None = None) -> list[str]:
    """Load the shipped fonts into this process, so that no machine's own fonts decide how the console looks.

    Returns the families. Raises TokensError naming the file that is missing or no font.
    """
    folder = folder or shipped("assets") / "fonts"
    if folder in _loaded:
        return _loaded[folder]
    families: list[str] = []
    for name in FONT_FILES:
        number = QFontDatabase.addApplicationFont(str(folder / name))
        if number < 0:
            raise TokensError(f"{folder / name}: missing or not a font; install the console again")
        families += QFontDatabase.applicationFontFamilies(number)
    _loaded[folder] = families
    return families


_loaded: dict[Path, list[str]] = {}
"""Families by folder: Qt would load a file given twice a second time."""


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two colours, 1..21 (WCAG 2.2, definition of contrast ratio)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _read(path: Path) -> dict[str, Any]:
    try:
        data = msgspec.toml.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise TokensError(f"{path.name}: {error}") from None
    for table in ("type", "space", "motion", *THEMES):
        if not isinstance(data.get(table), dict):
            raise TokensError(f"{path.name}: [{table}] is missing")
    for part in ("ink", "ground", "mark"):
        dark, light = (set(data[theme].get(part, {})) for theme in THEMES)
        if dark != light:
            raise TokensError(f"{path.name}: {part}: only one theme has {', '.join(sorted(dark ^ light))}")
        for theme in THEMES:
            for role, value in data[theme][part].items():
                if not (isinstance(value, str) and QColor.isValidColorName(value)):
                    raise TokensError(f"{path.name}: [{theme}.{part}] {role}: {value!r} is not a colour")
    return data
