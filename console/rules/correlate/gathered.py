"""An incident as the correlation sees it: what was gathered into it, where and when."""

from __future__ import annotations

from dataclasses import dataclass, field

from console.model.casework import Clue


@dataclass(slots=True)
class Member:
    """A clue of an incident, placed on the plane (metres)."""

    clue: Clue
    x: float
    y: float


@dataclass(slots=True)
class Span:
    """Where and when the clues of one type lie: a rectangle in metres and two moments."""

    first_ns: int
    last_ns: int
    west: float
    south: float
    east: float
    north: float

    def take(self, member: Member) -> None:
        at = member.clue.at_ns
        self.first_ns, self.last_ns = min(self.first_ns, at), max(self.last_ns, at)
        self.west, self.east = min(self.west, member.x), max(self.east, member.x)
        self.south, self.north = min(self.south, member.y), max(self.north, member.y)

    def apart_ns(self, at_ns: int) -> int:
        """To the clue of it that is farthest in time."""
        return max(at_ns - self.first_ns, self.last_ns - at_ns)

    def apart_m(self, x: float, y: float) -> float:
        """Not less than to the clue of it that is farthest away: to the farthest corner."""
        dx = max(x - self.west, self.east - x)
        dy = max(y - self.south, self.north - y)
        return float((dx * dx + dy * dy) ** 0.5)


@dataclass(slots=True, eq=False)
class Gathered:
    """An open incident. `x`, `y` is where it is looked for: its first place, or its last where it moves.

    `rests_ns`: it was resolved then, 0 for one that is worked on. Nothing new joins what rests.
    """

    id: str
    type: str
    order: int
    x: float
    y: float
    first_ns: int
    last_ns: int
    members: list[Member] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    devices: set[str] = field(default_factory=set)
    parent: str = ""
    children: set[str] = field(default_factory=set)
    rests_ns: int = 0
    level: int = -1
    cell: tuple[int, int] = (0, 0)

    def take(self, member: Member, moves: bool) -> None:
        """Add a clue. The place follows it where the incident moves and nothing newer is known."""
        clue = member.clue
        if not self.members:
            self.x, self.y, self.first_ns, self.last_ns = member.x, member.y, clue.at_ns, clue.at_ns
        if moves and clue.at_ns >= self.last_ns:
            self.x, self.y = member.x, member.y
        self.first_ns, self.last_ns = min(self.first_ns, clue.at_ns), max(self.last_ns, clue.at_ns)
        self.members.append(member)
        if clue.device_id:
            self.devices.add(clue.device_id)
        span = self.spans.get(clue.type)
        if span is None:
            self.spans[clue.type] = Span(clue.at_ns, clue.at_ns, member.x, member.y, member.x, member.y)
        else:
            span.take(member)
