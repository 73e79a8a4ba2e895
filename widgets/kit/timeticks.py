"""Round moments of a city's clock for time axes. Qt-free."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAY_S = 86400
STEPS_S = (
    5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, DAY_S, 2 * DAY_S, 7 * DAY_S,
    14 * DAY_S, 28 * DAY_S, 91 * DAY_S, 182 * DAY_S, 364 * DAY_S,
)  # fmt: skip


def time_ticks(since_ns: int, until_ns: int, zone: ZoneInfo, most: int) -> list[int]:
    """Round moments of the city's clock between the two, at most about `most` of them, in ns since 1970."""
    span_s = (until_ns - since_ns) / 1e9
    step_s = next((step for step in STEPS_S if span_s / step <= most), STEPS_S[-1])
    # Aligned to the city's clock, counted in UTC: a change of the clocks neither repeats nor skips a tick.
    offset = datetime.fromtimestamp(since_ns / 1e9, zone).utcoffset() or timedelta(0)
    offset_s = int(offset.total_seconds())
    first_s = -((-since_ns // 1_000_000_000 - offset_s) // step_s) * step_s - offset_s
    last_s = until_ns // 1_000_000_000
    return [at_s * 1_000_000_000 for at_s in range(first_s, last_s + 1, step_s)]
