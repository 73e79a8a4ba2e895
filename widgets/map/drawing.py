"""Measuring, and drawing for everybody: what is under way, what was shared, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, QPointF, Signal, Slot
from PySide6.QtGui import QPainter

from console.language import Catalogue
from console.model.base import Position
from console.model.commands import RemoveSketch, ShareSketch
from console.model.sketch import Sketch
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.map.canvas import MapCanvas
from widgets.map.cardtext import CardTexts
from widgets.map.draft import ORDER, Draft, DraftForm, said_area, said_length
from widgets.map.overlay import OverlayPainter
from widgets.map.view import View

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

HIT_PX = 9.0


class DrawingTool(QObject):
    """One draft at a time; sketches on everybody's map come from the board. UI thread only.

    Signals:
        changed: something is drawn otherwise, or another tool is in hand.
        text_wanted: a text's place is set; its words are wanted (`finish(words)`).
    """

    changed = Signal()
    text_wanted = Signal()

    def __init__(
        self, canvas: MapCanvas, board: Board, port: DeskPort | None, pulse: Pulse, texts: CardTexts,
        catalogue: Catalogue, tokens: Tokens, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._canvas, self._board, self._port, self._texts = canvas, board, port, texts
        self._catalogue = catalogue
        self._painter = OverlayPainter(tokens)
        self.draft: Draft | None = None
        self.incident_id: Callable[[], str] = lambda: ""
        """Which incident a sketch belongs to: the one that is open."""
        self.chosen = ""
        """The sketch that is chosen, by id."""
        self._pointer: Position | None = None
        self._shared: list[Sketch] = []
        self._removed: list[Sketch] = []
        canvas.over.append(self.paint)
        pulse.incidents_changed.connect(self._look)

    # in hand

    def begin(self, form: DraftForm) -> None:
        """Take a tool; what was not finished is gone."""
        self.draft = Draft(form)
        self.chosen = ""
        self._pointer = None
        self.changed.emit()

    def next_form(self) -> None:
        """The next form of sketch: line, area, arrow, text."""
        at = ORDER.index(self.draft.form) if self.draft is not None and self.draft.form in ORDER else -1
        self.begin(ORDER[(at + 1) % len(ORDER)])

    def put_down(self) -> bool:
        """No tool any more. False when there was none."""
        had = self.draft is not None or bool(self.chosen)
        self.draft, self.chosen = None, ""
        if had:
            self.changed.emit()
        return had

    def point(self, at: Position) -> None:
        """Set a corner. An arrow of two and a text of one are complete and shared, a measure that comes back
        to its first corner is an area."""
        draft = self.draft
        if draft is None:
            return
        if draft.form == "measure" and len(draft.points) >= 3 and self._is_first(at):
            draft.close()
        else:
            draft.add(at)
        if draft.form == "arrow" and draft.complete:
            self.finish("")
        elif draft.form == "text":
            self.text_wanted.emit()
        self.changed.emit()

    def move(self, at: Position | None) -> None:
        """The pointer, or the keyboard's cross, is here."""
        self._pointer = at
        if self.draft is not None:
            self._canvas.update()

    def back(self) -> bool:
        """Take back: the last corner of what is drawn, else what this desk shared last. False for nothing."""
        if self.draft is not None:
            done = self.draft.back()
            self.changed.emit()
            return done
        while self._shared:
            sketch = self._shared.pop()
            if sketch.id in self._board.state.sketches:
                self._removed.append(sketch)
                self._request(RemoveSketch(sketch_id=sketch.id))
                return True
        return False

    def again(self) -> bool:
        """The opposite of `back`."""
        if self.draft is not None:
            done = self.draft.again()
            self.changed.emit()
            return done
        if not self._removed:
            return False
        sketch = self._removed.pop()
        self._shared.append(sketch)
        self._request(ShareSketch(sketch=sketch))
        return True

    def close_area(self) -> None:
        """Make an area of what is measured."""
        if self.draft is not None and self.draft.close():
            self.changed.emit()

    def finish(self, words: str) -> bool:
        """Share what is drawn. False when it is not complete, or a measure, which stays on this desk."""
        draft = self.draft
        if draft is None or not draft.complete or (draft.form == "text" and not words.strip()):
            return False
        sketch = Sketch(
            id=uuid4().hex, form=draft.sketch_form, points=tuple(draft.points), text=words.strip(),
            incident_id=self._open_incident(),
        )  # fmt: skip
        self._shared.append(sketch)
        self._removed.clear()
        self.draft = None
        self._request(ShareSketch(sketch=sketch))
        self.changed.emit()
        return True

    def remove_chosen(self) -> None:
        """Take the chosen sketch off the map; the hub refuses it for another desk's."""
        sketch = self._board.state.sketches.get(self.chosen)
        if sketch is not None:
            self._removed.append(sketch)
            self._shared = [one for one in self._shared if one.id != sketch.id]
            self._request(RemoveSketch(sketch_id=sketch.id))

    def _request(self, command: ShareSketch | RemoveSketch) -> None:
        if self._port is not None:
            self._port.request(command)

    def _open_incident(self) -> str:
        incident = self._board.state.incidents.get(self.incident_id())
        return incident.id if incident is not None and incident.stage != "closed" else ""

    def _is_first(self, at: Position) -> bool:
        assert self.draft is not None
        first, now = self._canvas.pixel(self.draft.points[0]), self._canvas.pixel(at)
        return (first - now).manhattanLength() <= 2 * HIT_PX

    # on everybody's map

    def sketches(self) -> list[Sketch]:
        """Those that are shown: not of an incident that is over."""
        incidents = self._board.state.incidents
        return [
            one for one in self._board.state.sketches.values()
            if not one.incident_id
            or ((known := incidents.get(one.incident_id)) is not None and known.stage != "closed")
        ]  # fmt: skip

    def sketch_at(self, at: QPointF) -> Sketch | None:
        """The sketch under a pixel, the newest of several."""
        for sketch in reversed(self.sketches()):
            points = [self._canvas.pixel(one) for one in sketch.points]
            if sketch.form == "area" and len(points) > 2:
                points.append(points[0])
            if len(points) == 1 and (points[0] - at).manhattanLength() <= 2 * HIT_PX:
                return sketch
            for one, other in pairwise(points):
                if _apart(at, one, other) <= HIT_PX:
                    return sketch
        return None

    def said(self) -> str:
        """What the tool in hand says of what is drawn: how long, how large, what to do next."""
        draft = self.draft
        if draft is None:
            return ""
        say = self._catalogue.say
        parts = [say(f"map.tool.{draft.form}")]
        if draft.points and draft.form in ("measure", "line", "area", "arrow"):
            parts.append(said_length(draft.length(self._pointer)))
        square = draft.area(self._pointer)
        if square:
            parts.append(said_area(square))
        parts.append(say(f"map.tool.{draft.form}_next"))
        return " · ".join(parts)

    def paint(self, painter: QPainter, view: View) -> None:
        """All sketches, and what is drawn now."""
        canvas = self._canvas
        for sketch in self.sketches():
            points = [canvas.pixel(one) for one in sketch.points]
            said = self._texts.drawn_by(sketch)
            self._painter.sketch(painter, sketch, points, said, sketch.id == self.chosen)
        draft = self.draft
        if draft is None:
            return
        points = [canvas.pixel(one) for one in draft.points]
        to = canvas.pixel(self._pointer) if self._pointer is not None and points else None
        self._painter.draft(painter, draft.form, points, to, draft.closed)
        if draft.form == "measure" and len(draft.points) >= 1:
            at = to if to is not None and not draft.closed else points[-1]
            text = said_length(draft.length(self._pointer))
            if draft.closed:
                text += " · " + said_area(draft.area())
            if len(draft.points) + (to is not None) > 1:
                self._painter.tag(painter, at, text, True)

    @Slot()
    def _look(self) -> None:
        if self.chosen and self.chosen not in self._board.state.sketches:
            self.chosen = ""


def _apart(at: QPointF, one: QPointF, other: QPointF) -> float:
    """Pixels between a point and a straight piece."""
    dx, dy = other.x() - one.x(), other.y() - one.y()
    length2 = dx * dx + dy * dy
    share = 0.0
    if length2:
        share = ((at.x() - one.x()) * dx + (at.y() - one.y()) * dy) / length2
        share = min(1.0, max(0.0, share))
    x, y = one.x() + dx * share - at.x(), one.y() + dy * share - at.y()
    return float((x * x + y * y) ** 0.5)
