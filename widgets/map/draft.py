"""What a person draws on the map just now: corners one by one, each can be taken back. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from console.geo.measuring import area_m2, length_m
from console.model.base import Position
from console.model.sketch import FEWEST, MOST_CORNERS, SketchForm

DraftForm = Literal["measure", "line", "area", "arrow", "text"]
ORDER: tuple[DraftForm, ...] = ("line", "area", "arrow", "text")


@dataclass
class Draft:
    """Corners in the order they were set; `undone` are those that were taken back, the newest last."""

    form: DraftForm
    points: list[Position] = field(default_factory=list)
    undone: list[Position] = field(default_factory=list)
    closed: bool = False
    """A measure that came back to its first corner: an area."""

    def add(self, point: Position) -> None:
        """Set a corner; an arrow has two, a text one."""
        if self.closed or len(self.points) >= MOST_CORNERS:
            return
        if self.form in ("arrow", "text"):
            most = 2 if self.form == "arrow" else 1
            del self.points[most - 1 :]
        self.points.append(point)
        self.undone.clear()

    def back(self) -> bool:
        """Take the last corner back. False when there is none."""
        if self.closed:
            self.closed = False
            return True
        if not self.points:
            return False
        self.undone.append(self.points.pop())
        return True

    def again(self) -> bool:
        """Set the corner again that was taken back last. False when there is none."""
        if not self.undone:
            return False
        self.points.append(self.undone.pop())
        return True

    def close(self) -> bool:
        """Make an area of a measure of three corners or more."""
        self.closed = self.form == "measure" and len(self.points) >= 3
        return self.closed

    @property
    def complete(self) -> bool:
        """Whether it can be shared."""
        return self.form != "measure" and len(self.points) >= FEWEST[self.form]

    @property
    def sketch_form(self) -> SketchForm:
        """Its form as a sketch. Raises ValueError for a measure, which is nobody else's."""
        if self.form == "measure":
            raise ValueError("a measure is not shared")
        return self.form

    def length(self, upto: Position | None = None) -> float:
        """Metres along the corners, on to `upto` (the pointer), and back to the first for an area."""
        points = [*self.points, *([upto] if upto is not None and not self.closed else [])]
        if self.closed or self.form == "area":
            points = points + points[:1]
        return length_m(points)

    def area(self, upto: Position | None = None) -> float:
        """Square metres within the corners; 0 for what is no area."""
        if not (self.closed or self.form == "area"):
            return 0.0
        return area_m2([*self.points, *([upto] if upto is not None and not self.closed else [])])


def said_length(metres: float) -> str:
    """As people say it: "85 m", "1.24 km"."""
    return f"{metres:,.0f} m" if metres < 1000 else f"{metres / 1000:,.2f} km"


def said_area(square_metres: float) -> str:
    """As people say it: "850 m²", "3.2 ha", "1.24 km²"."""
    if square_metres < 10_000:
        return f"{square_metres:,.0f} m²"
    if square_metres < 1_000_000:
        return f"{square_metres / 10_000:,.1f} ha"
    return f"{square_metres / 1e6:,.2f} km²"
