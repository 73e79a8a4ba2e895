"""The map's field and the list at its side: finding, which cameras could see, layers, systems."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent

from console.geo.gazetteer import FoundPlace
from widgets.map.finding import SCALE_OF
from widgets.map.pointing import PointingMap
from widgets.map.sidelists import layer_rows, system_rows

NEAREST = 4
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ListingMap(PointingMap):
    """UI thread only."""

    def __init__(self, *parts: Any, **told: Any) -> None:
        super().__init__(*parts, **told)
        self._texting = False
        self.field.textChanged.connect(self._typed)
        self.drawing.text_wanted.connect(self._ask_text)
        self.drawing.changed.connect(self._tool_changed)
        self.layers.changed.connect(self._list_layers)
        self.layers.gazetteer_came.connect(self._names_came)
        self.side.activated.connect(self._activated)
        self.side.current_changed.connect(self._current)
        self.side.checked.connect(self._checked)
        self.side.closed.connect(self._side_closed)

    @Slot()
    def do_sight(self) -> None:
        """Which cameras could see the last click, else the middle: chosen, listed, with numbers."""
        at = self._point or self.canvas.position(self.canvas.middle)
        self._point = at
        self.sight.walls = self.layers.walls if len(self.layers.walls.x0) else None
        answer = self.sight.ask(at)
        seeing = [one.camera_id for one in answer if one.how == "sees"]
        rest = [one.camera_id for one in answer if one.how in ("blocked", "elsewhere")]
        self.choose(tuple((seeing or rest)[:NEAREST]))
        title = self._catalogue.say("map.sight.title", count=len(seeing))
        self.side.fill("sight", title, self.sight.rows(), self.sight.note())

    @Slot(str)
    def _typed(self, text: str) -> None:
        if self._texting:
            return
        if not text.strip():
            if self.side.mode == "find":
                self.side.close_panel()
            return
        near = self.canvas.position(self.canvas.middle)
        rows = self.finding.rows(text, near)
        title = self._catalogue.say("map.find.title")
        self.side.fill("find", title, rows, self.finding.note(len(rows)))

    @Slot()
    def _names_came(self) -> None:
        self.finding.gazetteer = self.layers.gazetteer
        if self.side.mode == "find":
            self._typed(self.field.text())

    @Slot()
    def _ask_text(self) -> None:
        """The words of a sketch are typed into the field."""
        self._texting = True
        self.field.clear()
        self.field.setPlaceholderText(self._catalogue.say("map.tool.words"))
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_text(self) -> None:
        if self._texting:
            self._texting = False
            self.field.clear()
            self._words.put(self.field, placeholderText="map.find.hint")

    def _field_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        ours = key in (*ENTER, Qt.Key.Key_Down, Qt.Key.Key_Up) or key == Qt.Key.Key_Escape
        if event.type() == QEvent.Type.ShortcutOverride and ours:
            event.accept()
            return False
        if event.type() != QEvent.Type.KeyPress or not ours:
            return False
        if key == Qt.Key.Key_Escape:
            self._end_text()
            self.field.clear()
            self.side.close_panel()
            self.canvas.setFocus()
        elif key in ENTER and self._texting:
            if self.drawing.finish(self.field.text()):
                self._end_text()
                self.canvas.setFocus()
        elif key in ENTER:
            payload = self.side.payload()
            if payload is not None and self.side.mode == "find":
                self._activated(payload)
        else:
            self.side.step(1 if key == Qt.Key.Key_Down else -1)
        return True

    @Slot(object)
    def _activated(self, payload: tuple[str, Any]) -> None:
        kind, what = payload
        if kind == "found":
            self._go_found(what)
        elif kind == "camera":
            self.choose((what,))
            self.do_wall()

    @Slot(object)
    def _current(self, payload: tuple[str, Any]) -> None:
        kind, what = payload
        if kind == "camera":
            self.choose((what,))

    @Slot(object, bool)
    def _checked(self, payload: tuple[str, Any], checked: bool) -> None:
        kind, what = payload
        if kind == "layer":
            row = next((one for one in self.layers.rows if one.file.id == what), None)
            if row is not None:
                self.layers.show(row, checked)
        elif kind == "system":
            everything = frozenset(self._board.profile.columns.kind_system)
            shown = self._systems if self._systems is not None else everything
            if what == "all":
                shown = everything if checked else frozenset()
            else:
                shown = shown | {what} if checked else shown - {what}
            self._systems = None if shown == everything else shown
            self.canvas.show_systems(self._systems)
            if what == "all":
                self._fill_side("systems")

    @Slot()
    def _side_closed(self) -> None:
        self.sight.forget()
        self.canvas.setFocus()

    def _toggle_side(self, mode: str) -> None:
        if self.side.mode == mode:
            self.side.close_panel()
            return
        self._fill_side(mode)
        self.side.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fill_side(self, mode: str) -> None:
        say = self._catalogue.say
        if mode == "layers":
            rows = layer_rows(self.layers.rows, self._catalogue)
            note = say("map.layers.note" if rows else "map.layers.none")
            self.side.fill("layers", say("map.layers.title"), rows, note)
        else:
            shown = self._systems
            self.side.fill(
                "systems", say("map.systems.title"),
                system_rows(self._board.profile, shown, self._catalogue, self.canvas.painter),
            )  # fmt: skip

    def _go_found(self, found: FoundPlace) -> None:
        self._go(found.position, SCALE_OF[found.kind])
        if found.row >= 0:
            self.choose((found.id,))
        else:
            self.choose(())
        self._point = found.position
        if self.side.mode == "find":
            self.side.close_panel()
        self.canvas.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.side.isVisible():
            self.side.place()

    @Slot()
    def _tool_changed(self) -> None:
        if self.drawing.draft is None:
            self._end_text()

    @Slot()
    def _list_layers(self) -> None:
        self.canvas.labels.show_extra(self.layers.names())
        if self.side.mode == "layers":
            self._fill_side("layers")
