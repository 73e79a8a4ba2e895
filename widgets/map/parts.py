"""The parts of the map and what is true of them: what is chosen, what is said, what is painted over all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from console.language import Catalogue
from console.model.base import Position
from console.profile.ground import Plane
from console.report.names import device_name
from widgets.kit.actions import Actions
from widgets.kit.labels import label
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens
from widgets.map.canvas import MapCanvas
from widgets.map.card import MapCard
from widgets.map.cardtext import CardTexts
from widgets.map.drawing import DrawingTool
from widgets.map.figures import map_figures
from widgets.map.finding import Finding
from widgets.map.heatlayer import HeatLayer
from widgets.map.layers import MapLayers
from widgets.map.overlay import OverlayPainter
from widgets.map.side import SidePanel
from widgets.map.sight import SightQuestion
from widgets.map.standings import Standings
from widgets.map.things import Things
from widgets.map.view import Extent, View, level_of

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

NAMED = 8
MOST_RINGED = 200


class MapParts(QWidget):
    """Makes the parts and knows what is chosen. UI thread only.

    Signals: see `MapWidget`.
    """

    cameras_wanted = Signal(object)
    incident_chosen = Signal(str)
    incident_wanted = Signal(object)
    report_chosen = Signal(str)
    device_chosen = Signal(str)

    def __init__(
        self, board: Board, pulse: Pulse, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        port: DeskPort | None = None, moments: Moments | None = None, home: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("map")
        self._board, self._catalogue, self._tokens, self._actions = board, catalogue, tokens, actions
        profile = board.profile
        bounds = profile.bounds
        plane = Plane((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2)
        moments = moments or Moments(catalogue, profile.time_zone)
        self._moments = moments
        self.standings = Standings(board)
        self.canvas = MapCanvas(board, self.standings, plane, catalogue, tokens, self)
        canvas = self.canvas
        self.setFocusProxy(canvas)
        self.texts = CardTexts(board, self.standings, catalogue, moments)
        self.heat = HeatLayer(board, port, pulse, plane, canvas.extent, tokens, self)
        canvas.under.append(self._paint_heat)
        self.things = Things(canvas, board, catalogue, tokens)
        self.sight = SightQuestion(canvas, board, catalogue, tokens)
        self.drawing = DrawingTool(canvas, board, port, pulse, self.texts, catalogue, tokens, self)
        canvas.over.append(self._paint_hand)
        self.layers = MapLayers(board, home, plane, pulse, tokens, self)
        canvas.basemap.above.append(_Shapes(self.layers))
        self._rasters = _Rasters(self.layers)
        self.finding = Finding(board, catalogue)
        self.card = MapCard(tokens, canvas)
        self.side = SidePanel(tokens, canvas)
        self.pointer = label(canvas, size="small", ink="dim")
        self.pointer.setAutoFillBackground(True)
        self.pointer.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.pointer.hide()
        self.chosen: tuple[str, ...] = ()
        self._stale = True
        self._systems: frozenset[str] | None = None
        self._painter = OverlayPainter(tokens)
        self._point: Position | None = None
        self._focus: tuple[int, int] | None = None
        self._incident_hint = ""
        self._moment_ns: int | None = None
        self._touched_ns: int | None = None
        self._hovered = -1
        self._words = Texts(catalogue)
        self.field = QLineEdit(self)
        self.field.setObjectName("map-field")
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(180)
        self._words.put(self.field, placeholderText="map.find.hint", accessibleName="map.act.find")
        self.heat.changed.connect(canvas.update)
        self.layers.changed.connect(self._layers_changed)
        self.layers.tiles_came.connect(canvas.update)
        canvas.touched.connect(self._touched)
        pulse.incidents_changed.connect(self._look)
        pulse.blinked.connect(self._blink)

    def sizeHint(self) -> QSize:
        return QSize(900, 300)

    def start(self) -> None:
        """Begin to read layers and names. `close_threads` ends it."""
        self.layers.start()

    def close_threads(self) -> None:
        """Before the window goes: ends the thread that reads layers."""
        self.layers.close()

    def release(self) -> None:
        """Before the widget goes."""
        self._forget_words()

    def set_picture(self, surface: Any) -> None:
        """The surface that the card shows live pictures on; its views go on the record as any pane's."""
        self.card.set_picture(surface)

    @Slot()
    def do_wall(self) -> None:
        """Bring the chosen cameras to the wall."""
        cameras = self._cameras(self.chosen)
        if cameras:
            self.cameras_wanted.emit(cameras)

    def choose(self, device_ids: tuple[str, ...]) -> None:
        """Mark these devices; the map stays where it is."""
        row_of = self._board.profile.columns.row_of
        self.chosen = tuple(one for one in dict.fromkeys(device_ids) if one in row_of)
        self.sight.shown_cameras = self._cameras(self.chosen)
        self._tell()
        self.canvas.update()

    @Slot()
    def _touched(self) -> None:
        self._touched_ns = self._board.clock.mono_ns()
        self._focus = None

    @Slot()
    def _look(self) -> None:
        """The state changed. A map that nobody sees looks when it is shown again."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        others = self.things.look()
        if self.standings.look():
            self.canvas.look()
        elif not others:
            return
        self._tell()
        self.canvas.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._look()

    @Slot(bool)
    def _blink(self, lit: bool) -> None:
        self.things.lit = lit
        if self.isVisible() and any(one.stage == "new" for one in self.things.incidents()):
            self.canvas.update()

    @Slot()
    def _layers_changed(self) -> None:
        below = self.canvas.basemap.below
        below[:] = [self._rasters] if self.layers.rasters else []
        self.canvas.sources = self.layers.attributions()
        self.canvas.redraw()

    def _tell(self) -> None:
        """The same for a screen reader."""
        say = self._catalogue.say
        codes = self.standings.codes
        said = say(
            "map.told", devices=f"{len(codes):,}", abnormal=f"{int((codes > 0).sum()):,}",
            incidents=len(self.things.incidents()),
        )  # fmt: skip
        if self.chosen:
            said += " " + say("map.chosen", cameras=self._named(self.chosen))
        if self.card.isVisible():
            said += " " + self.card.said()
        if said != self.canvas.accessibleDescription():
            self.canvas.setAccessibleDescription(said)

    def _named(self, ids: tuple[str, ...]) -> str:
        names = [device_name(self._board.profile, self._catalogue, one) for one in ids[:NAMED]]
        more = len(ids) - NAMED
        return ", ".join(names) + (" " + self._catalogue.say("report.more", count=more) if more > 0 else "")

    def _cameras(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in ids if one in self._board.profile.cameras)

    def _ids(self, number: int) -> tuple[str, ...]:
        ids = self._board.profile.columns.ids
        return tuple(ids[row] for row in self._rows(number))

    def _rows(self, number: int) -> list[int]:
        seen = self.canvas.seen()
        row = int(seen.row[number])
        if row >= 0:
            return [row]
        groups = self.canvas.marks.groups(level_of(self.canvas.now().m_per_px))
        found: list[int] = groups.members(int(seen.group[number])).tolist()
        return found

    def _focused(self) -> int:
        """The mark that has the keyboard, as a number of `seen()`; -1 for none."""
        if self._focus is None:
            return -1
        return self.canvas.number_of(self._focus)

    def _row_in_hand(self) -> int:
        """The device row that is under the pointer, in focus, or the first chosen; -1 for none."""
        seen = self.canvas.seen()
        for number in (self._hovered, self._focused()):
            if 0 <= number < len(seen.row) and seen.row[number] >= 0:
                return int(seen.row[number])
        if self.chosen:
            return self._board.profile.columns.row_of[self.chosen[0]]
        return -1

    def _go(self, position: Position, zoom: str) -> None:
        """Asked for: the place in the middle, at least at this zoom."""
        self._touched()
        scale = float(getattr(map_figures().zoom, zoom))
        self.canvas.go_to(position, min(scale, self.canvas.now().m_per_px))

    def _paint_heat(self, painter: QPainter, view: View) -> None:
        self.heat.paint(painter, view, self.canvas.width(), self.canvas.height())

    def _paint_hand(self, painter: QPainter, view: View) -> None:
        """What is chosen, in focus, pointed at; and what the map has to say."""
        canvas = self.canvas
        seen = canvas.seen()
        ids = self._board.profile.columns.ids
        if self.chosen:
            chosen = set(self.chosen)
            groups = canvas.marks.groups(level_of(view.m_per_px))
            for number, row in enumerate(seen.row.tolist()):
                if row >= 0:
                    hit = ids[row] in chosen
                else:
                    members = groups.members(int(seen.group[number])).tolist()
                    hit = len(chosen) < MOST_RINGED and any(ids[one] in chosen for one in members)
                if hit:
                    canvas.painter.ring(
                        painter, float(seen.x[number]), float(seen.y[number]), int(seen.width[number]),
                        int(seen.height[number]),
                    )  # fmt: skip
        focused = self._focused()
        if focused >= 0:
            canvas.painter.ring(
                painter, float(seen.x[focused]), float(seen.y[focused]), int(seen.width[focused]),
                int(seen.height[focused]), dashed=True,
            )  # fmt: skip
        if self._point is not None:
            self._painter.cross(painter, canvas.pixel(self._point))
        elif self.drawing.draft is not None and canvas.hasFocus():
            self._painter.cross(painter, canvas.middle)
        if canvas.band is not None:
            self._painter.band(painter, QRectF(canvas.band))
        top = 8.0
        for text, strong in self._messages():
            top = canvas.furniture.message(painter, canvas.width(), top, text, strong)

    def _messages(self) -> list[tuple[str, bool]]:
        say = self._catalogue.say
        found: list[tuple[str, bool]] = []
        if self.drawing.draft is not None:
            found.append((self.drawing.said(), True))
        if self._incident_hint:
            card = self.texts.incident(self._incident_hint)
            if card is not None:
                found.append((say("map.hint.incident", incident=f"{card.title}, {card.lines[0]}"), True))
        if self._moment_ns is not None:
            found.append((say("map.hint.moment", at=self._moments.moment(self._moment_ns)), False))
        if self.heat.window_s:
            span = self._moments.span(self.heat.window_s)
            key = "asking" if not self.heat.complete else self.heat.problem or "shown"
            found.append((say(f"map.heat.{key}", span=span, count=f"{self.heat.events:,}"), False))
        if self._systems is not None:
            names = [
                self._catalogue.words(self._board.profile.systems[one].name) for one in sorted(self._systems)
            ]
            more = f" +{len(names) - 3}" if len(names) > 3 else ""
            found.append((say("map.hint.systems", systems=", ".join(names[:3]) + more), False))
        return found


class _Shapes:
    """The shapes of layers as the ground wants them."""

    def __init__(self, layers: MapLayers) -> None:
        self._layers = layers

    def paint(self, painter: QPainter, extent: Extent, m_per_px: float) -> bool:
        return self._layers.paint_shapes(painter, extent, m_per_px)


class _Rasters:
    """The raster layers as the ground wants them."""

    def __init__(self, layers: MapLayers) -> None:
        self._layers = layers

    def paint(self, painter: QPainter, extent: Extent, m_per_px: float) -> bool:
        return self._layers.paint_rasters(painter, extent, m_per_px)
