"""The style sheet for Qt's own controls, made from the tokens: flat, no gradients, one radius.

Labels and buttons say what they are by a property, not by a sheet of their own:
`ink` (dim, focus, p1..p4), `textSize` (small, strong, large, huge), `weight` (bold), `role` (panel, header,
act, quiet) — see `widgets.kit.labels`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgets.kit.tokens import Tokens

INKS = ("dim", "focus", "p1", "p2", "p3", "p4")
SIZES = ("small", "strong", "large", "huge")


def sheet(tokens: Tokens) -> str:
    """The whole application's style sheet for the theme in force."""
    colours = {
        **{role: tokens.ground(role).name() for role in ("bg0", "bg1", "bg2", "select")},
        **{role: tokens.ink(role).name() for role in ("text", "focus", "dim")},
        **{role: tokens.mark(role).name() for role in ("line", "pressed")},
        "radius": f"{tokens.size('radius')}px", "act": f"{tokens.size('act')}px",
        "small": f"{tokens.size('small')}px", "strong": f"{tokens.size('strong')}px",
    }  # fmt: skip
    text = _CONTROLS
    for name, value in colours.items():
        text = text.replace(f"${name}$", value)
    for ink in INKS:
        text += f'\n*[ink="{ink}"] {{ color: {tokens.ink(ink).name()}; }}'
    for size in SIZES:
        text += f'\n*[textSize="{size}"] {{ font-size: {tokens.size(size)}px; }}'
    return text


_CONTROLS = """
QToolTip { background: $bg2$; color: $text$; border: 1px solid $line$; padding: 4px; }
*[weight="bold"] { font-weight: bold; }
*[role="panel"] { background: $bg1$; }
*[role="header"] { background: $bg2$; }
QFrame[role="overlay"] { background: $bg2$; border: 1px solid $focus$; }
QPushButton, QToolButton { background: $bg2$; color: $text$; border: 1px solid $line$;
  border-radius: $radius$;
  padding: 4px 12px; min-height: 20px; }
QPushButton:hover, QToolButton:hover { border-color: $dim$; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked { background: $pressed$; }
QPushButton:focus, QToolButton:focus { border: 1px solid $focus$; }
QPushButton:disabled, QToolButton:disabled { color: $dim$; border: 1px dashed $line$; background: $bg1$; }
QPushButton[role="act"] { min-height: 30px; font-size: $strong$; font-weight: bold;
  border: 1px solid $focus$; }
QPushButton[role="act"]:disabled { border: 1px dashed $line$; }
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border: 1px solid transparent;
  padding: 2px 8px; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { border-color: $line$; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border-color: $focus$; }
QToolButton[role="tab"] { background: transparent; color: $dim$; border: 0;
  border-bottom: 2px solid transparent; border-radius: 0; padding: 2px 10px; }
QToolButton[role="tab"]:hover { color: $text$; }
QToolButton[role="tab"]:checked { color: $text$; background: $bg1$; border-bottom: 2px solid $focus$; }
QToolButton[role="tab"]:focus { border: 1px solid $focus$; }
QToolButton[role="rail"] { background: transparent; border: 0; border-left: 3px solid transparent;
  border-radius: 0; padding: 8px 2px; font-size: $small$; color: $dim$; }
QToolButton[role="rail"]:hover { color: $text$; }
QToolButton[role="rail"]:checked { color: $text$; background: $bg2$; border-left: 3px solid $focus$; }
QToolButton[role="rail"]:focus { border: 1px solid $focus$; }
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateTimeEdit, QSpinBox { background: $bg1$; color: $text$;
  border: 1px solid $line$; border-radius: $radius$; padding: 3px 6px; selection-background-color: $focus$;
  selection-color: $bg0$; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QDateTimeEdit:focus, QSpinBox:focus {
  border: 1px solid $focus$; }
QComboBox QAbstractItemView { background: $bg2$; color: $text$; border: 1px solid $line$;
  selection-background-color: $select$; selection-color: $text$; }
QAbstractItemView { background: $bg1$; alternate-background-color: $bg1$; color: $text$; border: 0;
  gridline-color: $line$; selection-background-color: $select$; selection-color: $text$; outline: 0; }
QAbstractItemView:focus { border: 1px solid $focus$; }
QHeaderView { background: $bg2$; }
QHeaderView::section { background: $bg2$; color: $dim$; border: 0; border-right: 1px solid $bg1$;
  padding: 4px 6px; font-size: $small$; }
QTableCornerButton::section { background: $bg2$; border: 0; }
QScrollBar:vertical { background: $bg1$; width: 12px; margin: 0; }
QScrollBar:horizontal { background: $bg1$; height: 12px; margin: 0; }
QScrollBar::handle { background: $line$; border-radius: $radius$; min-height: 28px; min-width: 28px;
  margin: 2px; }
QScrollBar::handle:hover { background: $dim$; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $bg0$; }
QSplitter::handle:hover { background: $line$; }
QMenu { background: $bg2$; color: $text$; border: 1px solid $line$; }
QMenu::item { padding: 4px 16px; }
QMenu::item:selected { background: $select$; }
QCheckBox, QRadioButton { spacing: 8px; color: $text$; }
QGroupBox { border: 1px solid $line$; border-radius: $radius$; margin-top: 12px; padding-top: 8px;
  color: $dim$; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 0 4px; }
QTabBar::tab { background: $bg1$; color: $dim$; padding: 6px 12px; border: 0;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text$; border-bottom: 2px solid $focus$; }
QTabWidget::pane { border: 0; }
QProgressBar { background: $bg1$; border: 1px solid $line$; border-radius: $radius$; text-align: center; }
QProgressBar::chunk { background: $line$; }
"""
