"""Looks at a decoding process and its feeds once a second and says at which level each source is decoded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from console.video import frames
from console.video.frames import PaneReader
from console.video.load import Decoding, Importance, Level, LoadLimits, LoadPolicy, Pressure
from console.video.source import Source


class LoadFigures(Protocol):
    """What a worker says of itself: time it was busy since its start (ns), and how late it is (ns)."""

    @property
    def busy_ns(self) -> int: ...

    @property
    def late_ns(self) -> int: ...


class LoadFeed(Protocol):
    """What is read of a feed."""

    @property
    def load_key(self) -> Source: ...
    @property
    def has_sub(self) -> bool: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def reader(self) -> PaneReader: ...
    @property
    def importance(self) -> Importance: ...


class LoadWatch:
    """One place where a worker runs. The keeper's thread only."""

    def __init__(self, limits: LoadLimits) -> None:
        self._limits = limits
        self._policy = LoadPolicy(limits)
        self._looked_ns = self._busy_ns = 0

    def restart(self) -> None:
        """Another worker runs here: its count begins again. What was cut stays cut until it is calm."""
        self._looked_ns = 0

    def look(
        self, now_ns: int, figures: LoadFigures, feeds: Iterable[LoadFeed]
    ) -> dict[Source, Level] | None:
        """The level of each source from now on; None when it is not yet time to look again."""
        passed_ns = now_ns - self._looked_ns
        if passed_ns < self._limits.look_every_ms * 1_000_000:
            return None
        first, before_ns = not self._looked_ns, self._busy_ns
        self._looked_ns, self._busy_ns = now_ns, figures.busy_ns
        if first:
            return None
        busy = min(1.0, max(0.0, (self._busy_ns - before_ns) / passed_ns))
        decodings: dict[Source, Decoding] = {}
        for feed in feeds:
            decodings[feed.load_key] = _merged(decodings.get(feed.load_key), feed)
        told = self._policy.decide(now_ns, Pressure(busy, figures.late_ns), tuple(decodings.values()))
        return {source: told[source] for source in decodings}


def _merged(known: Decoding | None, feed: LoadFeed) -> Decoding:
    """One source may be in several panes: the largest and the most important one count."""
    head = feed.reader.head
    # Written by a process that eats foreign data: kept within what can be.
    share = min(1.0, max(0.0, head[frames.SHARE_PPM] / 1e6))
    traits = head[frames.TRAITS]
    pixels, importance = feed.width * feed.height, feed.importance
    if known is not None:
        pixels, importance = max(pixels, known.pixels), max(importance, known.importance)
        share = max(share, known.share)
    return Decoding(
        feed.load_key, pixels, share, importance, bool(traits & frames.IS_QUICK), feed.has_sub
    )
