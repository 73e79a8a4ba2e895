"""Times as devices write them."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from console.clock import SECOND_NS

MILLISECOND_NS = 1_000_000
_EPOCH_LIMIT_S = 1e11


def moment_ns(said: Any, form: str, pattern: str, zone: ZoneInfo | None) -> int | None:
    """Nanoseconds since 1970, None where `said` is not a time of that form.

    A local time that a change of the clocks has twice is the first of the two.
    """
    if form in ("unix_s", "unix_ms"):
        if isinstance(said, str):
            try:
                said = float(said)
            except ValueError:
                return None
        if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
            return None
        seconds = said / 1000 if form == "unix_ms" else said
        if abs(seconds) >= _EPOCH_LIMIT_S:
            return None
        if isinstance(said, int):
            return said * (MILLISECOND_NS if form == "unix_ms" else SECOND_NS)
        return round(seconds * 1e6) * 1000
    if not isinstance(said, str) or len(said) > 64:
        return None
    try:
        if form == "iso8601":
            moment = datetime.fromisoformat(said)
        else:
            moment = datetime.strptime(said, pattern)  # noqa: DTZ007 - the zone comes next
        if moment.tzinfo is None:
            if zone is None:
                return None
            moment = moment.replace(tzinfo=zone)
        return round(moment.timestamp() * 1e6) * 1000
    except (ValueError, OverflowError, OSError):
        return None
