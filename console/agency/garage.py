"""Where the units are: sent, arrived, on the way back. In the store: a restart finds them on the road."""

from __future__ import annotations

from console.agency.base import Base
from console.agency.fleet import Duty, Fleet, Unit, ordered
from console.clock import Clock
from console.model.base import Position

_ALL = (
    "SELECT unit, number, from_lat, from_lon, to_lat, to_lon, left_ns, arrives_ns FROM duty ORDER BY unit"
)
_PUT = (
    "INSERT OR REPLACE INTO duty (unit, number, from_lat, from_lon, to_lat, to_lon, left_ns, arrives_ns) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Garage:
    """Used by the store's thread."""

    def __init__(self, base: Base, fleet: Fleet, clock: Clock) -> None:
        self._base = base
        self._clock = clock
        self.fleet = fleet

    def duties(self) -> dict[str, Duty]:
        """By unit, those that are not at home."""
        now_ns = self._clock.now_ns()
        found = (_duty(*row) for row in self._base.rows(_ALL))
        return {one.unit: one for one in found if one.state(now_ns) != "home"}

    def free(self) -> tuple[str, ...]:
        """Units without a case: at home or on the way back."""
        busy = {name for name, one in self.duties().items() if one.number}
        return tuple(one.id for one in self.fleet.units if one.id not in busy)

    def nearest(self, scene: Position) -> str:
        """The free unit that is there soonest, or ""."""
        units = [self.fleet.unit(name) for name in self.free()]
        known = [one for one in units if one is not None]
        best = min(known, key=lambda one: self._total_s(one, scene), default=None)
        return "" if best is None else best.id

    def seconds_to(self, name: str, scene: Position) -> float | None:
        """How long a free unit would take; None for one we do not have."""
        unit = self.fleet.unit(name)
        return None if unit is None else self._total_s(unit, scene)

    def send(self, name: str, number: str, scene: Position, within_s: float | None = None) -> Duty | None:
        """Order a unit to a scene. None for a unit that is not ours to move (a name a person typed)."""
        unit = self.fleet.unit(name)
        if unit is None:
            return None
        return self._order(unit, number, scene, within_s)

    def release(self, number: str) -> None:
        """The case is over: its units drive home."""
        for one in self.duties().values():
            unit = self.fleet.unit(one.unit)
            if one.number == number and unit is not None:
                self._order(unit, "", self.fleet.home(unit), None)

    def there_ns(self, number: str) -> int | None:
        """When the first unit of a case arrives, or arrived; None where none is on its way."""
        return min((one.arrives_ns for one in self.duties().values() if one.number == number), default=None)

    def _order(self, unit: Unit, number: str, end: Position, within_s: float | None) -> Duty:
        now_ns = self._clock.now_ns()
        duty = ordered(self.fleet, unit, self._where(unit, now_ns), end, now_ns, number, within_s)
        with self._base.transaction():
            self._base.write(
                _PUT,
                (duty.unit, number, duty.start.lat, duty.start.lon, end.lat, end.lon, duty.left_ns,
                 duty.arrives_ns),
            )  # fmt: skip
        return duty

    def _where(self, unit: Unit, now_ns: int) -> Position:
        duty = self.duties().get(unit.id)
        return self.fleet.home(unit) if duty is None else duty.at(now_ns)

    def _total_s(self, unit: Unit, scene: Position) -> float:
        start = self._where(unit, self._clock.now_ns())
        turnout_s = self.fleet.turnout_s(unit) if start == self.fleet.home(unit) else 0.0
        return turnout_s + self.fleet.travel_s(unit, start, scene)


def _duty(
    unit: str, number: str, from_lat: float, from_lon: float, to_lat: float, to_lon: float, left_ns: int,
    arrives_ns: int,
) -> Duty:  # fmt: skip
    return Duty(
        unit=unit, number=number, start=Position(lat=from_lat, lon=from_lon),
        end=Position(lat=to_lat, lon=to_lon), left_ns=left_ns, arrives_ns=arrives_ns,
    )  # fmt: skip
