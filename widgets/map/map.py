"""The map: all devices, incidents and warnings of the city; cameras are chosen on it and dragged, or sent, to
the wall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QCursor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.base import Position
from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.map.canvas import PAN_PX, STEP
from widgets.map.figures import map_figures
from widgets.map.listing import ENTER, ListingMap

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

STEPS = {
    Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip
OWN = (*STEPS, *ENTER, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal, Qt.Key.Key_Space)
ACTS = (
    ("find", "Ctrl+F"), ("sight", "C"), ("picture", "V"), ("measure", "M"), ("draw", "D"), ("heat", "H"),
    ("layers", "L"), ("systems", "Y"), ("cones", "F"), ("legend", "K"), ("incident", "G"), ("all", "Home"),
    ("city", "1"), ("district", "2"), ("street", "3"), ("next", "N"), ("previous", "Shift+N"), ("open", "O"),
    ("new", "I"),
    ("back", "Ctrl+Z"), ("again", "Ctrl+Y"), ("remove", "Delete"), ("reload", "Shift+L"), ("wall", ""),
)  # fmt: skip
BUTTONS = ("sight", "measure", "draw", "heat", "layers", "systems", "legend", "all")


class MapWidget(ListingMap):
    """Never moves by itself under a hand. Wheel or + and - zoom, a drag on free ground or the arrows pan,
    Home shows all. A click chooses a device (Ctrl adds), Shift and a drag all cameras in a rectangle, C the
    cameras that could see the last click (else the middle). Enter or a drag brings what is chosen to the
    wall. N steps through what is seen, Space chooses it. UI thread only.

    Signals:
        cameras_wanted(tuple): these are to be shown on the wall.
        incident_chosen(str): an incident was clicked. report_chosen(str): a citizen's report was.
        incident_wanted(Position): somebody wants to open an incident there (I, right click).
        device_chosen(str): a device was opened (double click, O): for its values, controls, upkeep.
    """

    def __init__(
        self, board: Board, pulse: Pulse, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        port: DeskPort | None = None, moments: Moments | None = None, home: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(board, pulse, actions, catalogue, tokens, port, moments, home, parent)
        self._keys: dict[QKeySequence, str] = {}
        self._build(actions, tokens)
        self._forget_words = follow(catalogue, self._retext)
        self._look()

    def _build(self, actions: Actions, tokens: Tokens) -> None:
        for name, key in ACTS:
            actions.add(
                f"map.{name}", f"map.act.{name}", key, getattr(self, f"do_{name}"), owner=self.canvas,
                group="map.title", only_focused=True,
            )  # fmt: skip
            if key:
                self._keys[QKeySequence(key)] = f"map.{name}"
        actions.tell_keys("map.title", "map.act.wall", "Enter")
        actions.tell_keys("map.title", "map.act.move", "map.keys.move")
        actions.tell_keys("map.title", "map.act.corner", "map.keys.space")
        self.field.installEventFilter(self)
        self.canvas.installEventFilter(self)
        self.canvas.menu_wanted.connect(self._new_at)
        row = QHBoxLayout()
        row.setContentsMargins(tokens.space(2), tokens.space(1), tokens.space(2), tokens.space(1))
        row.setSpacing(tokens.space(1))
        row.addWidget(self.field, 1, Qt.AlignmentFlag.AlignTop)
        acts = QWidget(self)
        flow = FlowLayout(tokens.space(1), acts)
        flow.setContentsMargins(0, 0, 0, 0)
        for name in BUTTONS:
            flow.addWidget(actions.button(f"map.{name}", acts, role="quiet"))
        row.addWidget(acts, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.canvas, 1)

    @Slot()
    def _retext(self) -> None:
        self.canvas.setAccessibleName(self._catalogue.say("map.title"))
        self.setAccessibleName(self._catalogue.say("map.title"))
        self.side.close_button.setAccessibleName(self._catalogue.say("map.act.close"))
        self.canvas.reword()
        self.things.look()
        if self.side.mode in ("layers", "systems"):
            self._fill_side(self.side.mode)
        else:
            self.side.close_panel()
        self._tell()

    @Slot()
    def do_all(self) -> None:
        """The whole city."""
        self._touched()
        self.canvas.show_all()

    @Slot()
    def do_new(self) -> None:
        """Open an incident where the pointer is, else at the last click, else in the middle."""
        at = QPointF(self.canvas.mapFromGlobal(QCursor.pos()))
        if self.canvas.underMouse() and self.canvas.rect().contains(at.toPoint()):
            self._new_at(at)
        else:
            middle = self.canvas.position(self.canvas.middle)
            self.incident_wanted.emit(self._point or middle)

    @Slot(QPointF)
    def _new_at(self, at: QPointF) -> None:
        self.incident_wanted.emit(self.canvas.position(at))

    @Slot()
    def do_find(self) -> None:
        """Go to the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @Slot()
    def do_picture(self) -> None:
        """Show the live picture of the camera under the hand or chosen; again: put it away."""
        if self.card.camera_id:
            self.card.show_camera("")
            return
        row = self._row_in_hand()
        if row >= 0:
            self._show_card_of_row(row)
            self._show_picture(row)

    @Slot()
    def do_measure(self) -> None:
        """Measure, or stop measuring."""
        draft = self.drawing.draft
        if draft is not None and draft.form == "measure":
            self.drawing.put_down()
        else:
            self.drawing.begin("measure")
        self.canvas.setFocus()

    @Slot()
    def do_draw(self) -> None:
        """Draw for all desks; again: another form."""
        self.drawing.next_form()
        self.canvas.setFocus()

    @Slot()
    def do_back(self) -> None:
        """Take the last corner, or what was shared last, back."""
        self.drawing.back()

    @Slot()
    def do_again(self) -> None:
        """Set it again."""
        self.drawing.again()

    @Slot()
    def do_remove(self) -> None:
        """Take the chosen sketch off the map."""
        self.drawing.remove_chosen()

    @Slot()
    def do_heat(self) -> None:
        """The heat of alarms of the next longer span, then none."""
        self.heat.next_window()

    @Slot()
    def do_layers(self) -> None:
        """List the layers, with what is wrong in their files."""
        self._toggle_side("layers")

    @Slot()
    def do_systems(self) -> None:
        """List the systems, to show some alone."""
        self._toggle_side("systems")

    @Slot()
    def do_reload(self) -> None:
        """Read the folder of layers again."""
        self.layers.read_again()

    @Slot()
    def do_cones(self) -> None:
        """Show or hide where cameras look."""
        self.canvas.basemap.cones = not self.canvas.basemap.cones
        self.canvas.redraw()

    @Slot()
    def do_legend(self) -> None:
        """What the signs mean."""
        self.canvas.legend = not self.canvas.legend
        self.canvas.update()

    @Slot()
    def do_incident(self) -> None:
        """Go to the incident that is told of, else to the newest one."""
        open_ = self.things.incidents()
        wanted = self._incident_hint or (
            max(open_, key=lambda one: one.opened_at_ns).id if open_ else ""
        )
        incident = self._board.state.incidents.get(wanted)
        if incident is not None:
            self._go(incident.place.position, "street")
        self._incident_hint = ""

    @Slot()
    def do_city(self) -> None:
        self._zoom_to(map_figures().zoom.city)

    @Slot()
    def do_district(self) -> None:
        self._zoom_to(map_figures().zoom.district)

    @Slot()
    def do_street(self) -> None:
        self._zoom_to(map_figures().zoom.street)

    @Slot()
    def do_next(self) -> None:
        """The next mark from the left, line by line."""
        self._step(1)

    @Slot()
    def do_previous(self) -> None:
        self._step(-1)

    @Slot()
    def do_open(self) -> None:
        """Open the device under the hand or chosen."""
        row = self._row_in_hand()
        if row >= 0:
            self.device_chosen.emit(self._board.profile.columns.ids[row])

    def go_to(self, where: str | Position) -> None:
        """Asked from elsewhere: bring a device (by id) into the middle and choose it, or a place."""
        if isinstance(where, Position):
            self._go(where, "street")
            self._point = where
            return
        device_id = where
        row = self._board.profile.columns.row_of.get(device_id)
        if row is not None:
            self._go(self._board.profile.devices.place(row).position, "street")
            self.choose((device_id,))

    @Slot(str)
    def follow_incident(self, incident_id: str) -> None:
        """Another incident is open. The map goes there only when no hand was on it for a while; else it says
        how to."""
        incident = self._board.state.incidents.get(incident_id)
        if incident is None:
            self._incident_hint = ""
            return
        at = self.canvas.pixel(incident.place.position)
        inside = self.canvas.rect().adjusted(40, 40, -40, -40).contains(at.toPoint())
        idle_ns = map_figures().hand.idle_s * 1e9
        touched = self._touched_ns
        idle = touched is None or self._board.clock.mono_ns() - touched > idle_ns
        if inside and self.canvas.view is not None:
            self._incident_hint = ""
        elif idle and self.canvas.view is not None:
            self.canvas.go_to(incident.place.position)
            self._incident_hint = ""
        elif self.canvas.view is not None:
            self._incident_hint = incident_id
        self.canvas.update()

    def show_moment(self, at_ns: int | None) -> None:
        """The shared cursor stands at another time (None: nowhere). What the map shows stays live, and it
        says so."""
        if at_ns != self._moment_ns:
            self._moment_ns = at_ns
            self.canvas.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if watched is self.field:
            return self._field_key(event)
        if event.type() == QEvent.Type.ShortcutOverride:
            # With the keyboard on the map a letter is the map's, whatever act of another part has that key.
            if QKeySequence(event.keyCombination()) in self._keys or self._is_own(event):
                event.accept()
            return False
        return event.type() == QEvent.Type.KeyPress and self._canvas_key(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        return key in OWN or (key == Qt.Key.Key_Escape and self._has_something())

    def _has_something(self) -> bool:
        return bool(
            self.chosen or self._point or self.drawing.draft is not None or self.drawing.chosen
            or self.side.isVisible() or self._focus is not None or self.card.isVisible()
        )  # fmt: skip

    def _canvas_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        act = self._keys.get(QKeySequence(event.keyCombination()))
        if act is not None:
            self._actions.trigger(act)
        elif key in STEPS:
            dx, dy = STEPS[key]
            focus = self._focus
            self._touched()
            self._focus = focus
            self.canvas.pan(dx * PAN_PX, dy * PAN_PX)
            self.drawing.move(self.canvas.position(self.canvas.middle) if self.drawing.draft else None)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._touched()
            self.canvas.zoom(STEP)
        elif key == Qt.Key.Key_Minus:
            self._touched()
            self.canvas.zoom(1 / STEP)
        elif key in ENTER:
            self._enter()
        elif key == Qt.Key.Key_Space:
            self._space()
        elif key == Qt.Key.Key_Escape and self._has_something():
            self._escape()
        else:
            return False
        return True

    def _enter(self) -> None:
        draft = self.drawing.draft
        if draft is None:
            self.do_wall()
        elif draft.form == "measure":
            self.drawing.close_area()
        elif draft.form == "text" and draft.points:
            self._ask_text()
        else:
            self._ask_text() if draft.complete and draft.form == "area" else self.drawing.finish("")

    def _space(self) -> None:
        """A corner in the middle while drawing; else the mark in focus is chosen, or opened."""
        if self.drawing.draft is not None:
            self.drawing.point(self.canvas.position(self.canvas.middle))
            return
        number = self._focused()
        if number < 0:
            self._point = self.canvas.position(self.canvas.middle)
            self.canvas.update()
        elif self.canvas.seen().row[number] >= 0:
            self.choose(self._ids(number))
        else:
            seen = self.canvas.seen()
            self.canvas.zoom(STEP**3, QPointF(float(seen.x[number]), float(seen.y[number])))

    def _escape(self) -> None:
        """The nearest thing ends: the tool, the list, the card, what is chosen."""
        if self.drawing.put_down():
            self._end_text()
        elif self.side.isVisible():
            self.side.close_panel()
        elif self.card.isVisible():
            self._focus = None
            self.card.put_away()
        else:
            self._point = None
            self.sight.forget()
            self.choose(())
        self.canvas.update()

    def _zoom_to(self, m_per_px: float) -> None:
        self._touched()
        self.canvas.zoom(self.canvas.now().m_per_px / m_per_px)
