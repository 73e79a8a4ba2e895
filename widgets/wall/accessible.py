"""What a screen reader finds on a surface: each pane is a part of its own, with a name, a description and a
state, although one widget paints them all.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QColor
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from widgets.wall.selecting import SelectingSurface


class PanePart(QAccessibleInterface):
    """The pane at a place in a surface's order. Says what is true when it is asked."""

    def __init__(self, surface: SelectingSurface, number: int) -> None:
        super().__init__()
        self._known, self.number = weakref.ref(surface), number

    @property
    def surface(self) -> SelectingSurface | None:
        """The surface, while it lives and has this pane."""
        surface = self._known()
        if surface is None or not isValid(surface) or self.number >= len(surface.camera_ids):
            return None
        return surface

    def isValid(self) -> bool:
        return self.surface is not None

    def object(self) -> Any:
        return None

    def window(self) -> Any:
        return None

    def relations(self, match: Any = None) -> list[Any]:
        return []

    def parent(self) -> Any:
        surface = self._known()
        alive = surface is not None and isValid(surface)
        return QAccessible.queryAccessibleInterface(surface) if alive else None

    def child(self, index: int) -> Any:
        return None

    def childAt(self, x: int, y: int) -> Any:
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        surface = self.surface
        if surface is None:
            return ""
        if kind == QAccessible.Text.Name:
            return surface.name_of_pane(self.number)
        if kind in (QAccessible.Text.Description, QAccessible.Text.Value):
            return surface.words_of(surface.camera_ids[self.number])
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Panes say what is; nothing can be written into them."""

    def rect(self) -> QRect:
        surface = self.surface
        if surface is None:
            return QRect()
        place = surface.rect_of_pane(self.number)
        return QRect(surface.mapToGlobal(place.topLeft()), place.size())

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        surface = self.surface
        if surface is None:
            state.invalid = True  # type: ignore[assignment]
            return state
        selected = surface.selected_camera == surface.camera_ids[self.number]
        state.focusable = state.selectable = state.readOnly = True  # type: ignore[assignment]
        state.selected = selected  # type: ignore[assignment]
        state.focused = selected and surface.hasFocus()  # type: ignore[assignment]
        state.invisible = surface.rect_of_pane(self.number).isEmpty()  # type: ignore[assignment]
        return state

    def foregroundColor(self) -> QColor:
        return QColor()

    def backgroundColor(self) -> QColor:
        return QColor()


class SurfacePart(QAccessibleWidget):
    """A surface as a list of panes."""

    def __init__(self, surface: SelectingSurface) -> None:
        super().__init__(surface, QAccessible.Role.List)
        self._known = weakref.ref(surface)
        self._parts: list[PanePart] = []

    @property
    def surface(self) -> SelectingSurface | None:
        """The surface, while it lives."""
        surface = self._known()
        return surface if surface is not None and isValid(surface) else None

    def childCount(self) -> int:
        surface = self.surface
        return len(surface.camera_ids) if surface is not None else 0

    def child(self, index: int) -> Any:
        surface = self.surface
        if surface is None or not 0 <= index < len(surface.camera_ids):
            return None
        while len(self._parts) <= index:
            part = PanePart(surface, len(self._parts))
            surface.accessible_parts.append(QAccessible.registerAccessibleInterface(part))
            self._parts.append(part)
        return self._parts[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.number if isinstance(child, PanePart) else -1

    def childAt(self, x: int, y: int) -> Any:
        surface = self.surface
        number = surface.pane_at(surface.mapFromGlobal(QPoint(x, y))) if surface is not None else -1
        return self.child(number) if number >= 0 else None

    def focusChild(self) -> Any:
        surface = self.surface
        if surface is None or not surface.hasFocus() or not surface.camera_ids:
            return None
        return self.child(surface.camera_ids.index(surface.selected_camera))


def _part_of(kind: str, thing: QObject) -> QAccessibleInterface | None:
    from widgets.wall.selecting import SelectingSurface

    return SurfacePart(thing) if isinstance(thing, SelectingSurface) else None


_installed = False


def install() -> None:
    """Let surfaces be read pane by pane from now on. Safe to call again."""
    global _installed
    if not _installed:
        QAccessible.installFactory(_part_of)
        _installed = True


def forget(parts: list[int]) -> None:
    """Let go of the parts of a surface that ends."""
    for number in parts:
        QAccessible.deleteAccessibleInterface(number)
    parts.clear()


def tell(surface: QObject, number: int, what: QAccessible.Event) -> None:
    """Tell a screen reader, if there is one, that something about a pane changed."""
    if QAccessible.isActive() and number >= 0:
        event = QAccessibleEvent(surface, what)
        event.setChild(number)
        QAccessible.updateAccessibility(event)
