"""What a time line paints: rows of cameras with their footage and locks. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from widgets.kit.permits import Stretch
from widgets.replay.coverage import Coverage
from widgets.replay.stretch import Shown


class Lock(NamedTuple):
    """A locked stretch; `why` and `who` are empty where the record is not at hand."""

    id: str
    from_ns: int
    to_ns: int
    who: str = ""
    why: str = ""


@dataclass(frozen=True)
class Row:
    """One camera. `known`: whether its footage was looked at; `newest_ns`: its newest picture (0: none)."""

    camera_id: str
    name: str
    coverage: Coverage = field(default_factory=lambda: Coverage(()))
    locks: tuple[Lock, ...] = ()
    known: bool = False
    newest_ns: int = 0

    def looks_like(self, other: Row, by_ns: float) -> bool:
        """Whether both are painted alike where less than `by_ns` cannot be seen: a recording grows each
        second, a day's picture of it hardly ever."""
        alike = (self.camera_id, self.name, self.locks, self.known) == (
            other.camera_id, other.name, other.locks, other.known
        )  # fmt: skip
        return (
            alike and abs(self.newest_ns - other.newest_ns) < by_ns
            and self.coverage.is_within(other.coverage, by_ns)
        )  # fmt: skip


@dataclass(frozen=True)
class Content:
    """All of a time line but the cursor. Equal contents are painted once."""

    shown: Shown
    rows: tuple[Row, ...] = ()
    chosen_row: int = 0
    selection: Stretch | None = None
    loops: bool = False
    now_ns: int = 0
    notice: str = ""


class Layout(NamedTuple):
    """Where the parts stand, in pixels."""

    width: int
    height: int
    rows: int

    LABEL_PX, WIDEST_LABEL_PX = 128, 220
    AXIS_PX = 20
    LANE_PX = 20
    LEAST_ROW_PX, MOST_ROW_PX = 16, 34

    @property
    def left(self) -> int:
        """Where time begins."""
        return min(max(self.LABEL_PX, self.width // 6), self.WIDEST_LABEL_PX, self.width // 4)

    @property
    def plot_px(self) -> int:
        return max(1, self.width - self.left)

    @property
    def row_px(self) -> int:
        room = self.height - self.AXIS_PX - self.LANE_PX
        return min(self.MOST_ROW_PX, max(self.LEAST_ROW_PX, room // max(1, self.rows)))

    def row_top(self, number: int) -> int:
        return self.AXIS_PX + self.LANE_PX + number * self.row_px

    def row_at(self, y: float) -> int:
        """The row under a pixel, -1 above all of them and for none."""
        number = int(y - self.row_top(0)) // self.row_px if y >= self.row_top(0) else -1
        return number if number < self.rows else -1


def least_height(rows: int) -> int:
    """What a time line of so many cameras needs."""
    return Layout.AXIS_PX + Layout.LANE_PX + max(1, rows) * Layout.LEAST_ROW_PX
