"""A camera's clock against ours: how far apart they are where the camera tells its time, how fast they drift
where it does not.

RTSP cameras say in RTCP sender reports which moment of their wall clock belongs to which time stamp; FFmpeg
hands it on with each packet (`producer_time_us`). What is compared is that moment with the packet's arrival
here, and the packet that was least on its way is believed: the offset said is never ahead of the truth, and
behind it by what encoding and network take at least, usually some tens of milliseconds.
"""

from __future__ import annotations

import struct
from collections import deque
from typing import Any

_US_PER_S = 1_000_000
#: The best packet of this and of the last window counts: a clock that is set right shows within two of them.
WINDOW_NS = 5_000_000_000
#: Times further apart within a window come from no clock: a server that stamps all pictures alike.
STEADY_MS = 2_000
#: A camera says so when its clock was never set: it counts from 1900, 1970 or its start. 2000-01-01, us.
SET_AFTER_US = 946_684_800 * _US_PER_S
#: Time stamps alone tell how fast a clock runs, and that only after a while: 1 ms of jitter in this time is
#: 17 parts in a million.
DRIFT_AFTER_NS = 60_000_000_000
#: A time stamp that moves so far against its arrival has jumped: what was known of the drift is forgotten.
JUMP_S = 1.0
FEWEST = 5


def producer_time_us(packet: Any) -> int | None:
    """The wall time the camera gave a packet (us since 1970), None where it gave none."""
    if not packet.has_sidedata("prft"):
        return None
    data = bytes(packet.get_sidedata("prft"))
    return int(struct.unpack_from("=q", data)[0]) if len(data) >= 8 else None


class CameraClock:
    """Told of each packet of one camera. One thread writes, others may read the two answers."""

    def __init__(self) -> None:
        #: The camera's clock minus ours, ms; None where the camera does not tell its time.
        self.offset_ms: int | None = None
        #: How much faster than ours its clock runs, parts in a million; None until it is known.
        self.drift_ppm: int | None = None
        self._drift = _Drift()
        self.restart()

    def restart(self) -> None:
        """The camera was opened anew."""
        self.offset_ms = None
        self._since_ns: int | None = None
        self._best: int | None = None
        self._worst = self._count = 0
        self._best_before: int | None = None
        self._drift = _Drift()
        self.drift_ppm = None

    def saw(self, arrived_ns: int, arrived_wall_ns: int, told_us: int | None, stamp_s: float | None) -> None:
        """A packet came at `arrived_ns` (monotonic) and `arrived_wall_ns`; the camera says it is of `told_us`
        by its own wall clock and of `stamp_s` by its time stamps, where it says so."""
        if stamp_s is not None:
            self.drift_ppm = self._drift.saw(arrived_ns, stamp_s)
        if told_us is None or told_us < SET_AFTER_US:
            return
        apart_ms = told_us // 1000 - arrived_wall_ns // 1_000_000
        if self._since_ns is None or self._best is None:
            self._since_ns, self._best, self._worst, self._count = arrived_ns, apart_ms, apart_ms, 0
        self._best, self._worst = max(self._best, apart_ms), min(self._worst, apart_ms)
        self._count += 1
        if self._best - self._worst > STEADY_MS:
            self.offset_ms = self._best_before = None
        elif self._count >= FEWEST:
            before = self._best_before
            self.offset_ms = self._best if before is None or abs(before - self._best) > STEADY_MS \
                else max(self._best, before)  # fmt: skip
        if arrived_ns - self._since_ns >= WINDOW_NS:
            steady = self._best - self._worst <= STEADY_MS
            self._best_before = self._best if steady else None
            self._since_ns = self._best = None


class _Drift:
    """The delay of the quickest packet of each window, from which the difference in speed follows."""

    def __init__(self) -> None:
        self._quickest: deque[tuple[int, float]] = deque(maxlen=64)
        self._since_ns: int | None = None
        self._delay_s = 0.0
        self._ppm: int | None = None

    def saw(self, arrived_ns: int, stamp_s: float) -> int | None:
        delay_s = arrived_ns / 1e9 - stamp_s
        if self._since_ns is None:
            self._since_ns, self._delay_s = arrived_ns, delay_s
        if abs(delay_s - self._delay_s) > JUMP_S:
            self.__init__()  # type: ignore[misc]
            return None
        self._delay_s = min(self._delay_s, delay_s)
        if arrived_ns - self._since_ns >= WINDOW_NS:
            self._quickest.append((arrived_ns, self._delay_s))
            self._since_ns = None
            first_ns, first_s = self._quickest[0]
            if arrived_ns - first_ns >= DRIFT_AFTER_NS:
                # The delay shrinks while the camera's clock runs ahead.
                self._ppm = round((first_s - self._delay_s) / ((arrived_ns - first_ns) / 1e9) * 1e6)
        return self._ppm
