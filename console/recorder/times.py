"""When a camera's pictures were: its own time stamps as far as they agree with our clock, else our clock."""

from __future__ import annotations

from fractions import Fraction

from console.clock import SECOND_NS

FURTHEST_NS = SECOND_NS // 2
"""A told time further ahead of ours is not followed: the camera's stamps jumped or run wrong."""
LATEST_NS = 5 * SECOND_NS
"""Nor one further behind: it began anew. Less is a network that held pictures up: they were when they say."""
LONGEST_REORDER_NS = SECOND_NS
TRUSTED_NS = SECOND_NS // 10
"""Stamps that are further beside the arrivals than this on average do not run at the pictures' pace."""
_GAIN = 8


class WallTimes:
    """Wall times of one connection's packets, in the order in which they come. One thread.

    Between two packets time passes as the stream says; each arrival that is known exactly pulls an eighth
    of what is wrong. So jitter of the network does not show, a stream of 60 pictures a second that claims 25
    stays a fifth of a second beside the truth, and one whose stamps jump goes on at the time of arrival.
    In the order of decoding, times never go back.
    """

    def __init__(self, time_base: Fraction) -> None:
        self._base_ns = int(time_base.numerator * SECOND_NS), time_base.denominator
        self._wall_ns = 0
        self._stamp: int | None = None
        self._beside_ns = 0

    def at(self, arrived_ns: int, pts: int | None, dts: int | None, is_exact: bool = True) -> int:
        """The time of the picture that arrived at or before `arrived_ns`; `is_exact` when it came just
        then.
        """
        stamp = dts if dts is not None else pts
        before, self._stamp = self._stamp, stamp
        expected = arrived_ns
        told = arrived_ns
        if stamp is not None and before is not None:
            told = self._wall_ns + self._ns(stamp - before)
            if -LATEST_NS <= told - arrived_ns <= FURTHEST_NS:
                expected = told + (arrived_ns - told) // _GAIN if is_exact else told
        if is_exact:
            beside_ns = min(abs(told - arrived_ns), FURTHEST_NS)
            self._beside_ns += (beside_ns - self._beside_ns) // _GAIN
        self._wall_ns = max(self._wall_ns, expected)
        if pts is None or dts is None or pts <= dts:
            return self._wall_ns
        shown_later_ns = self._ns(pts - dts)
        return self._wall_ns + (shown_later_ns if shown_later_ns <= LONGEST_REORDER_NS else 0)

    @property
    def is_trusted(self) -> bool:
        """Whether the stamps say when a picture was that came together with others."""
        return self._beside_ns < TRUSTED_NS

    def _ns(self, stamps: int) -> int:
        return stamps * self._base_ns[0] // self._base_ns[1]
