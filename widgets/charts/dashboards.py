"""The dashboards of the city's systems: which points one shows now. Qt-free."""

from __future__ import annotations

from console.model.citystate import CityState
from console.profile import Profile
from console.profile.dashboards import Dashboard
from widgets.charts.arrangement import MOST_BANDS, MOST_LINES, PinnedBand


def bands_for(profile: Profile, state: CityState, dashboard: Dashboard) -> tuple[PinnedBand, ...]:
    """A band for each quantity with the same devices in each: those that are in alarm first, then those of
    which a rule says something, then by their number."""
    columns = profile.columns
    if dashboard.kind not in columns.kinds:
        return ()
    rows = columns.of_kind(dashboard.kind).tolist()
    alarmed = {one.device_id: one.priority for one in state.alarms.values() if one.active}

    def order(row: int) -> tuple[int, int, int]:
        device_id = columns.ids[row]
        return alarmed.get(device_id, 9), device_id not in state.field_states, row

    chosen = [columns.ids[row] for row in sorted(rows, key=order)[: min(dashboard.devices, MOST_LINES)]]
    bands = []
    for quantity in dashboard.quantities[:MOST_BANDS]:
        points = tuple(f"{one}/{quantity}" for one in chosen)
        name = next(
            (profile.points.name(point.index) for one in points
             if (point := profile.point_by_id[one]) is not None), dashboard.name,
        )  # fmt: skip
        bands.append(
            PinnedBand(
                points, f"{dashboard.name.en}: {name.en}", f"{dashboard.name.ko}: {name.ko}"
            )
        )
    return tuple(bands)
