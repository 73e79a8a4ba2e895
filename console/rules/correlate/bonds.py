"""How strongly a clue and an incident belong together, and why."""

from __future__ import annotations

import math
from typing import NamedTuple

from console.clock import SECOND_NS
from console.model.casework import Clue, Reason
from console.rules.correlate.figures import Matrix, Pair, Partners
from console.rules.correlate.gathered import Gathered
from console.rules.correlate.ground import AT_ITS_FOOT_M, Ground, View


class Bond(NamedTuple):
    """`weight` 0..1; `tie` is what makes it near: near, in_view, road, river or circuit; `by` its name.
    `apart_m` is as the crow flies, or along the street. `guarded`: no clue of another type is beyond the
    guard; where one is, it is only offered."""

    weight: float
    pair: Pair
    other_type: str
    tie: str
    by: str
    apart_m: float
    apart_ns: int
    guarded: bool = True

    def reason(self) -> Reason:
        """`same` or `other` for the type, then what ties the places."""
        sort = "same" if self.pair.same else "other"
        fields = {"metres": f"{self.apart_m:.0f}", "seconds": f"{self.apart_ns / SECOND_NS:.0f}"}
        if self.by:
            fields["by"] = self.by
        if not self.pair.same:
            fields["type"] = self.other_type
        return Reason(code=f"{sort}_{self.tie}", fields=fields)


class Bonds:
    """Weighs. One thread."""

    def __init__(self, matrix: Matrix, ground: Ground) -> None:
        self._matrix, self._ground = matrix, ground
        guard = matrix.figures.guard
        self._guard_m, self._guard_ns = guard.apart_m, round(guard.apart_s * SECOND_NS)

    def weigh(
        self, incident: Gathered, clue: Clue, x: float, y: float, view: View | None, partners: Partners
    ) -> Bond | None:
        """The strongest bond between a clue at (x, y) metres and the types of an incident; None for none.
        `partners` are those of the clue's type."""
        best: Bond | None = None
        apart_ns, apart_m = -1, 0.0
        for other in incident.spans:
            pair = partners[other]
            if pair is None:
                continue
            if apart_ns < 0:  # most of what is open has nothing to do with it: nothing is measured for those
                apart_ns = max(clue.at_ns - incident.last_ns, incident.first_ns - clue.at_ns, 0)
                dx, dy = incident.x - x, incident.y - y
                apart_m = math.sqrt(dx * dx + dy * dy)
            if apart_ns > pair.window_ns:
                continue
            if apart_m <= pair.radius_m:
                near, tie, by, far = 1.0 - apart_m / (2.0 * pair.radius_m), "near", "", apart_m
            else:
                tied = self._tied(incident, clue, x, y, view, pair, apart_m)
                if tied is None:
                    continue
                near, tie, by, far = tied
            weight = pair.strength * near * (1.0 - apart_ns / (2.0 * pair.window_ns))
            if best is None or weight > best.weight:
                best = Bond(weight, pair, other, tie, by, far, apart_ns)
        if best is None or best.pair.relation == "child" or self.guarded(incident, clue, x, y):
            return best
        return best._replace(guarded=False)

    def guarded(self, incident: Gathered, clue: Clue, x: float, y: float) -> bool:
        """Whether every clue of another type in the incident is within the guard, as seen from this one."""
        if len(incident.spans) == 1 and clue.type in incident.spans:
            return True
        for other, span in incident.spans.items():
            if other != clue.type and (
                span.apart_ns(clue.at_ns) > self._guard_ns or span.apart_m(x, y) > self._guard_m
            ):
                return False
        return True

    def _tied(
        self, incident: Gathered, clue: Clue, x: float, y: float, view: View | None, pair: Pair,
        apart_m: float,
    ) -> tuple[float, str, str, float] | None:  # fmt: skip
        """(nearness, tie, name, metres) for what is farther than the radius and near all the same."""
        if view is not None and sees(view, incident.x, incident.y):
            return 1.0, "in_view", clue.camera_id, apart_m
        if apart_m <= self._ground.longest_view_m:
            for member in reversed(incident.members[-8:]):
                seen_by = self._ground.view(member.clue.camera_id) if member.clue.camera_id else None
                if seen_by is not None and sees(seen_by, x, y):
                    return 1.0, "in_view", member.clue.camera_id, apart_m
        if pair.circuit and clue.device_id and apart_m <= self._guard_m:
            mine = self._ground.circuit(clue.device_id)
            if mine and any(self._ground.circuit(one) == mine for one in incident.devices):
                return 1.0, "circuit", mine, apart_m
        longest = max(pair.road_m, pair.river_m)
        if longest and apart_m <= longest:
            return self._along(incident, x, y, pair)
        return None

    def _along(
        self, incident: Gathered, x: float, y: float, pair: Pair
    ) -> tuple[float, str, str, float] | None:  # fmt: skip
        there = {one.street: one for one in self._ground.stretches(incident.x, incident.y)}
        for one in self._ground.stretches(x, y) if there else ():
            other = there.get(one.street)
            most = pair.river_m if one.river else pair.road_m
            if other is not None and abs(one.along_m - other.along_m) <= most:
                apart_m = abs(one.along_m - other.along_m)
                tie = "river" if one.river else "road"
                name = "|".join(self._ground.street_name(one.street))
                return 1.0 - apart_m / (2.0 * most), tie, name, apart_m
        return None


def sees(view: View, x: float, y: float) -> bool:
    """Whether a point (metres) lies in the field of view and reach, or at the camera's foot."""
    dx, dy = x - view.x, y - view.y
    apart = math.sqrt(dx * dx + dy * dy)
    if apart <= AT_ITS_FOOT_M:
        return True
    if apart > view.reach_m:
        return False
    turned = abs((math.degrees(math.atan2(dx, dy)) - view.direction_deg + 180.0) % 360.0 - 180.0)
    return turned <= view.fov_deg / 2
