"""The live values of the points an incident is about, beside their limits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.model.device import Limit
from console.model.incident import Incident
from console.profile import Profile
from console.telemetry.table import GOOD, NEVER
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments, number, unit
from widgets.kit.tokens import Tokens

MOST = 4
"""Facts shown at once; an incident of forty lamps is told by its reasons."""
STALE_PERIODS = 3

FactState = Literal["over", "within", "stale", "doubtful", "none"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A point to show, with the limit that raised the alarm (None where it is only a device's value)."""

    point_index: int
    limit: Limit | None


def watched(incident: Incident, profile: Profile) -> tuple[Watched, ...]:
    """The points whose alarms are part of the incident, each once, oldest alarm first.

    An alarm's id begins with its limit's, and that with its point's ("UND-0003/water_depth_cm/close@..."), so
    the point is known also after the alarm went.
    """
    found: dict[int, Watched] = {}
    for alarm_id in incident.alarm_ids:
        limit_id = alarm_id.rpartition("@")[0]
        point = profile.point_by_id.get(limit_id.rpartition("/")[0])
        if point is not None and point.index not in found:
            found[point.index] = Watched(point.index, _limit(profile, point.index, limit_id))
    return tuple(found.values())[:MOST]


def _limit(profile: Profile, point_index: int, limit_id: str) -> Limit | None:
    """Limits are ordered by point, so two searches find those of one."""
    limits = profile.limits
    first = bisect_left(limits, point_index, key=lambda one: one.point_index)
    last = bisect_right(limits, point_index, lo=first, key=lambda one: one.point_index)
    return next((one for one in limits[first:last] if one.id == limit_id), None)


def state_of(one: Watched, board: Board) -> FactState:
    """What can be said about the value now."""
    index = one.point_index
    if board.quality[index] == NEVER:
        return "none"
    age_s = (board.clock.now_ns() - int(board.taken_at_ns[index])) / 1e9
    if age_s > STALE_PERIODS * board.profile.points[index].period_s:
        return "stale"
    if board.quality[index] != GOOD:
        return "doubtful"
    if one.limit is None:
        return "within"
    value = float(board.values[index])
    over = value >= one.limit.set_at if one.limit.above else value <= one.limit.set_at
    return "over" if over else "within"


class Facts(QWidget):
    """A row a point: what is measured, the value with its unit, the limit, and what that means in words."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue = board, catalogue
        self._moments = Moments(catalogue, board.profile.time_zone)
        self._watched: tuple[Watched, ...] = ()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.space(4))
        grid.setVerticalSpacing(tokens.space(1))
        grid.setColumnStretch(0, 1)
        self._rows: list[tuple[QLabel, QLabel, QLabel, QLabel]] = []
        for row in range(MOST):
            name, value = ElidedLabel(ink="dim"), label(size="strong", weight="bold")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            parts = (name, value, label(ink="dim"), label())
            for column, part in enumerate(parts):
                grid.addWidget(part, row, column)
            self._rows.append(parts)

    def show_incident(self, incident: Incident) -> None:
        """Watch the points of this incident."""
        self._watched = watched(incident, self._board.profile)
        self.refresh()

    def points(self) -> tuple[Watched, ...]:
        """What is watched."""
        return self._watched

    def refresh(self) -> None:
        """Say the values of now."""
        self.setVisible(bool(self._watched))
        for row, parts in enumerate(self._rows):
            present = row < len(self._watched)
            for part in parts:
                part.setVisible(present)
            if present:
                self._say(self._watched[row], parts)

    def _say(self, one: Watched, parts: tuple[QLabel, QLabel, QLabel, QLabel]) -> None:
        name, value, limit, meaning = parts
        say, board, index = self._catalogue.say, self._board, one.point_index
        point = board.profile.points[index]
        state = state_of(one, board)
        words = one.limit.text if one.limit is not None else board.profile.points.name(index)
        name.setText(self._catalogue.words(words))
        shown = "–" if state == "none" else number(float(board.values[index]))
        value.setText(f"{shown} {unit(point.unit)}")
        side = "above" if one.limit is None or one.limit.above else "below"
        limit.setText(
            say(f"incidents.fact.limit_{side}", level=number(one.limit.set_at), unit=unit(point.unit))
            if one.limit is not None else ""
        )  # fmt: skip
        clock = self._moments.clock(int(board.taken_at_ns[index]))
        meaning.setText(say(f"incidents.fact.{state}", **({"clock": clock} if state == "stale" else {})))
        style(meaning, ink={"over": "p2", "within": "dim"}.get(state, "p3"))
        style(value, ink="dim" if state in ("stale", "none") else "p2" if state == "over" else "")
