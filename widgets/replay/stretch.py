"""The stretch of time a time line shows: zoom, pan, and where a moment lies. Qt-free."""

from __future__ import annotations

from typing import NamedTuple

from widgets.kit.replaydata import TimelineBounds, ns


class Shown(NamedTuple):
    """From `from_ns`, `span_ns` long, over `width_px` pixels."""

    from_ns: int
    span_ns: int
    width_px: int

    @property
    def to_ns(self) -> int:
        return self.from_ns + self.span_ns

    def x(self, at_ns: int) -> float:
        """Pixels from the left edge; outside for a moment that is not shown."""
        return (at_ns - self.from_ns) * self.width_px / self.span_ns

    def at(self, x_px: float) -> int:
        """The moment under a pixel."""
        return self.from_ns + round(x_px * self.span_ns / self.width_px)

    def holds(self, at_ns: int) -> bool:
        return self.from_ns <= at_ns <= self.to_ns

    def resized(self, width_px: int) -> Shown:
        return self._replace(width_px=max(1, width_px))

    def zoomed(self, factor: float, around_ns: int, bounds: TimelineBounds) -> Shown:
        """So many times closer; the moment `around_ns` stays where it is."""
        span_ns = round(self.span_ns / factor)
        span_ns = min(max(span_ns, ns(bounds.shortest_s)), ns(bounds.longest_s))
        share = (around_ns - self.from_ns) / self.span_ns
        return self._replace(from_ns=around_ns - round(share * span_ns), span_ns=span_ns)

    def panned(self, by_ns: int) -> Shown:
        return self._replace(from_ns=self.from_ns + by_ns)

    def kept_within(self, least_ns: int, most_ns: int) -> Shown:
        """Moved so that it does not run out of what there can be."""
        from_ns = min(self.from_ns, most_ns - self.span_ns)
        return self._replace(from_ns=max(from_ns, least_ns))

    def following(self, at_ns: int) -> Shown:
        """Turned over like a page when a moment has left it; else as it is."""
        if self.holds(at_ns):
            return self
        lead = self.span_ns // 10
        return self._replace(from_ns=at_ns - lead if at_ns > self.to_ns else at_ns + lead - self.span_ns)
