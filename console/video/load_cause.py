"""Why fewer pictures come than should: the camera sends fewer, or the network loses and delays them."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

#: Looked at over so long.
WINDOW_NS = 4_000_000_000
#: A camera's own spacing of pictures this much wider than nominal: it sends fewer (at night, many do).
CAMERA_SLOW = 1.3
#: So many pictures missing between the others, or spoilt, as a share: the network loses them.
LOST_SHARE = 0.02
#: Pictures that arrive so much later than the quickest of the same window: the network holds them up.
LATE_NS = 300_000_000
FEWEST = 4


class Arrivals:
    """Watches the packets of one camera: when they came (monotonic ns) and which time the camera gave them
    (s; None where it gave none). One thread writes; `cause` may be read by another.

    A loss tears a hole of whole pictures into an even spacing; a camera that slows down spaces all of them
    wider; a network that holds pictures up delivers them late against the camera's own time.
    """

    def __init__(self) -> None:
        self.cause = ""
        self._since_ns = self._windows = 0
        self._times: list[float] = []
        self._delays: list[float] = []
        self._spoilt = 0

    def restart(self) -> None:
        """The camera was opened anew."""
        self.cause = ""
        self._windows = 0
        self._forget(0)

    def saw(self, arrived_ns: int, camera_s: float | None, spoilt: bool, nominal_fps: float) -> None:
        """A packet came."""
        if not self._since_ns:
            self._since_ns = arrived_ns
        self._spoilt += spoilt
        if camera_s is not None:
            self._times.append(camera_s)
            self._delays.append(arrived_ns / 1e9 - camera_s)
        if arrived_ns - self._since_ns >= WINDOW_NS:
            # In the first window a camera's time may still be set right (RTCP).
            self._windows += 1
            self.cause = self._judge(nominal_fps) if self._windows > 1 else ""
            self._forget(arrived_ns)

    def _forget(self, now_ns: int) -> None:
        self._since_ns, self._times, self._delays, self._spoilt = now_ns, [], [], 0

    def _judge(self, nominal_fps: float) -> str:
        count = len(self._times)
        if count < FEWEST:
            return "network" if self._spoilt else ""
        ordered = sorted(self._times)
        gaps = [later - earlier for earlier, later in pairwise(ordered)]
        usual = median(gaps)
        # A clock that jumped says nothing about losses: only holes of a few pictures are counted.
        missing = sum(round(gap / usual) - 1 for gap in gaps if usual > 0 and 1.5 < gap / usual < 50)
        if (missing + self._spoilt) / count > LOST_SHARE:
            return "network"
        middle = sorted(self._delays)
        if (middle[-1 - count // 20] - middle[0]) * 1e9 > LATE_NS and self._clock_is_steady(usual, gaps):
            return "network"
        if nominal_fps > 0 and usual > CAMERA_SLOW / nominal_fps:
            return "camera"
        return ""

    @staticmethod
    def _clock_is_steady(usual: float, gaps: list[float]) -> bool:
        return all(gap < max(1.0, 3 * usual) for gap in gaps)
