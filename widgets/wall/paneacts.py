"""What can be done with a pane, by key and by menu, on whichever surface the operator's hand is.

Acts of other features join the menu by their id: whoever adds an act of `MENU`, or names one with `also`,
has it there.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from widgets.kit.actions import Act, Actions
from widgets.wall.selecting import SelectingSurface

#: The menu's entries by act, in groups. An act that is not there is left out.
MENU: tuple[tuple[str, ...], ...] = (
    ("wall.full", "wall.info", "wall.info_all"),
    ("wall.zoom_in", "wall.zoom_out", "wall.zoom_reset"),
    ("replay.back_10", "replay.back_30", "replay.at", "replay.live"),
    ("evidence.snapshot", "evidence.export"),
    ("wall.masks", "wall.lift"),
)
#: (act, key, repeats while the key is held, only while a surface has the keyboard)
ACTS = (
    ("info", "I", False, False),
    ("info_all", "Shift+I", False, False),
    ("zoom_in", "PgUp", True, True),
    ("zoom_out", "PgDown", True, True),
    ("zoom_reset", "Backspace", False, True),
    ("pan_left", "Shift+Left", True, True),
    ("pan_right", "Shift+Right", True, True),
    ("pan_up", "Shift+Up", True, True),
    ("pan_down", "Shift+Down", True, True),
    ("menu", "M", False, False),
)


class PaneActs(QObject):
    """Adds the acts, and does them on the surface that has the keyboard or was clicked last. UI thread."""

    def __init__(self, actions: Actions, owner: QWidget, parent: QObject | None = None) -> None:
        """The letter keys work while `owner` is visible in the active window."""
        super().__init__(parent)
        self._actions = actions
        self._surfaces: list[weakref.ref[SelectingSurface]] = []
        self._touched: weakref.ref[SelectingSurface] | None = None
        self._more: list[tuple[str, ...]] = []
        self._everywhere = [f"wall.{name}" for name, *_ in ACTS]
        for name, key, repeat, only_focused in ACTS:
            actions.add(
                f"wall.{name}", f"wall.act.{name}", key, getattr(self, f"_{name}"), owner=owner,
                group="wall.group.pane", only_focused=only_focused, repeat=repeat,
            )  # fmt: skip

    def serve(self, surface: SelectingSurface) -> None:
        """Do the acts on this surface too while the hand is on it, and open its menu."""
        self._surfaces.append(weakref.ref(surface))
        joined = _Served(self, surface)
        surface.touched.connect(joined.touched)
        surface.menu_wanted.connect(joined.menu)
        self._share(surface)

    def everywhere(self, act_ids: Sequence[str]) -> None:
        """These acts too are done on whichever surface the hand is (they ask `camera_id` or `surface`)."""
        self._everywhere += act_ids
        for surface in self._served():
            self._share(surface)

    def _share(self, surface: SelectingSurface) -> None:
        there = surface.actions()
        for act_id in self._everywhere:
            act = self._actions.act(act_id)
            if act not in there:
                surface.addAction(act)

    def _served(self) -> list[SelectingSurface]:
        return [surface for one in self._surfaces if (surface := one()) is not None]

    def also(self, act_ids: Sequence[str]) -> None:
        """Put these acts at the end of the menu, as a group of their own."""
        self._more.append(tuple(act_ids))

    @property
    def surface(self) -> SelectingSurface | None:
        """Where the operator's hand is: the surface with the keyboard, else the one clicked last, else the
        first that is visible."""
        served = self._served()
        focused = QApplication.focusWidget()
        for surface in served:
            if surface is focused:
                return surface
        touched = self._touched() if self._touched is not None else None
        if touched is not None and touched.isVisible():
            return touched
        return next((surface for surface in served if surface.isVisible()), None)

    @property
    def surfaces(self) -> list[SelectingSurface]:
        """All that are served, the one under the operator's hand first."""
        hand = self.surface
        return sorted(self._served(), key=lambda one: one is not hand)

    @property
    def camera_id(self) -> str:
        """The camera that acts on a pane are meant for; empty where there is none."""
        surface = self.surface
        return surface.selected_camera if surface is not None else ""

    def touch(self, surface: SelectingSurface) -> None:
        """The operator's hand is there now."""
        self._touched = weakref.ref(surface)

    def open_menu(self, surface: SelectingSurface, at: QPoint) -> QMenu:
        """Show what can be done with the surface's selected pane, at a place of the screen."""
        self.touch(surface)
        menu = QMenu(surface)
        menu.setObjectName("wall.menu")
        menu.setAccessibleName(surface.name_of_pane(surface.camera_ids.index(surface.selected_camera)))
        menu.setToolTipsVisible(True)
        for group in (*MENU, *self._more):
            acts = [self._actions.act(act_id) for act_id in group if self._actions.has(act_id)]
            acts = [act for act in acts if self._is_for(act, surface)]
            if acts and not menu.isEmpty():
                menu.addSeparator()
            for act in acts:
                menu.addAction(act)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
        return menu

    def _is_for(self, act: Act, surface: SelectingSurface) -> bool:
        """An act that belongs to another surface alone would be done there."""
        return act in surface.actions() or not any(act in other.actions() for other in self._served())

    # the acts

    def _on(self, do: Callable[[SelectingSurface], None]) -> None:
        surface = self.surface
        if surface is not None:
            do(surface)

    def _info(self) -> None:
        self._on(SelectingSurface.toggle_info)

    def _info_all(self) -> None:
        self._on(SelectingSurface.toggle_info_all)

    def _zoom_in(self) -> None:
        self._on(SelectingSurface.zoom_in)

    def _zoom_out(self) -> None:
        self._on(SelectingSurface.zoom_out)

    def _zoom_reset(self) -> None:
        self._on(SelectingSurface.zoom_reset)

    def _pan_left(self) -> None:
        self._on(SelectingSurface.pan_left)

    def _pan_right(self) -> None:
        self._on(SelectingSurface.pan_right)

    def _pan_up(self) -> None:
        self._on(SelectingSurface.pan_up)

    def _pan_down(self) -> None:
        self._on(SelectingSurface.pan_down)

    def _menu(self) -> None:
        self._on(SelectingSurface.ask_menu)


class _Served(QObject):
    """Joins one surface to the acts; lives as long as the surface, and holds neither."""

    def __init__(self, acts: PaneActs, surface: SelectingSurface) -> None:
        super().__init__(surface)
        self._acts, self._surface = weakref.ref(acts), weakref.ref(surface)

    @Slot()
    def touched(self) -> None:
        acts, surface = self._acts(), self._surface()
        if acts is not None and surface is not None:
            acts.touch(surface)

    @Slot(QPoint)
    def menu(self, at: QPoint) -> None:
        acts, surface = self._acts(), self._surface()
        if acts is not None and surface is not None and surface.selected_camera:
            acts.open_menu(surface, at)
