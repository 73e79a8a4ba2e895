"""What a system's people look at together: some quantities of some devices of one kind."""

from __future__ import annotations

from collections.abc import Mapping

from console.model.base import Record, Words
from console.profile.problems import Problems
from console.profile.tables import SystemFile


class Dashboard(Record, frozen=True, kw_only=True):
    """`quantities` of up to `devices` devices of a kind, a chart for each quantity."""

    id: str
    name: Words
    system: str
    kind: str
    quantities: tuple[str, ...]
    devices: int


def dashboards_of(systems: Mapping[str, SystemFile]) -> dict[str, Dashboard]:
    """In the order of the files."""
    return {
        one.id: Dashboard(
            id=one.id, name=one.name, system=name, kind=one.kind, quantities=one.quantities,
            devices=one.devices,
        )
        for name, file in systems.items() for one in file.dashboards
    }  # fmt: skip


def check_dashboards(systems: Mapping[str, SystemFile], problems: Problems) -> None:
    """Ids only once; a kind of the same file; quantities that the kind measures."""
    seen: set[str] = set()
    for name, file in systems.items():
        kinds = {kind.id: {point.quantity for point in kind.points} for kind in file.kinds}
        for number, one in enumerate(file.dashboards):
            table = f"dashboards[{number}] ({one.id})"
            if one.id in seen:
                problems.add(f"systems/{name}.toml", table, "id", "each only once", one.id)
            seen.add(one.id)
            if one.kind not in kinds:
                problems.add(f"systems/{name}.toml", table, "kind", "a kind of this file", one.kind)
                continue
            if not one.quantities:
                problems.say(f"systems/{name}.toml", table, "quantities", "at least one", "none")
            for quantity in one.quantities:
                if quantity not in kinds[one.kind]:
                    problems.add(
                        f"systems/{name}.toml", table, "quantities", f"quantities of {one.kind}", quantity
                    )
