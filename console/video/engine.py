"""The engine of a wall: which camera is decoded for which pane, in processes that may hang or die.

    engine = VideoEngine(SourceBook.load(home))
    engine.start()                       # before the window is built; takes milliseconds
    engine.show(pane, "CCTV-0001", engine.book.source("CCTV-0001"), 480, 270)
    engine.counter(pane)                 # changes with each new picture
    engine.newest(pane)                  # the picture, in shared memory, without a copy
    engine.pane_state(pane)              # the truth about it
    engine.stop()

`start`, `show`, `hide`, `set_importance`, `set_transport`, `step`, `stepped`, `counter`, `newest`,
`pane_state`, `health` and `stop` belong to one thread (the window's); none of them but `stop` waits for
anything. The processes are watched by a thread of the engine's own.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Hashable
from pathlib import Path
from typing import NamedTuple

from console.footage.layout import FOLDER
from console.video import condition, frames
from console.video.book import SourceBook
from console.video.bookwatch import BookWatch
from console.video.condition import PaneState, judged
from console.video.frames import PaneReader, Picture, buffer_bytes, new_memory
from console.video.keeper import Feed, Keeper, Step
from console.video.load import CAUSES, CUTS, Importance
from console.video.shown import Feeds, Shown
from console.video.source import Source
from console.video.streams import MAIN, SUB, stream_limits
from console.video.transport import Transport

log = logging.getLogger(__name__)

Pane = Hashable


class EngineHealth(NamedTuple):
    """`workers` are running of `wanted`; `restarts` counts those that had to be replaced."""

    workers: int
    wanted: int
    restarts: int
    pids: tuple[int, ...]


class VideoEngine:
    """See the module's text."""

    def __init__(self, book: SourceBook | None = None, workers: int = 2, home: Path | None = None) -> None:
        """With `home`, changes of ``home/video/*.json`` are taken over while running; `book` is then replaced
        by another one, and a surface that shows a changed source shows the new one."""
        if workers < 1:
            raise ValueError("an engine has at least one decoding process")
        self.book = book or SourceBook({})
        watch = BookWatch(home) if home is not None else None
        self._footage = str(home / FOLDER) if home is not None else ""
        self._panes: dict[Pane, Shown] = {}
        self._limits = stream_limits().choice
        self._feed_count = 0
        self._transports: dict[str, Transport] = {}
        self._keeper = Keeper(workers, self.book.redactor(), watch, self._take_book)
        self._feeds = Feeds(
            self._new_feed, self._keeper.show, self._keeper.hide, lambda source: self.book.credential(source)
        )

    def _take_book(self, book: SourceBook) -> None:
        # In the keeper's thread: one assignment, and a book never changes.
        self.book = book

    def start(self) -> None:
        """Start the decoding processes. Returns at once; panes may be shown right away."""
        self._keeper.start()

    def stop(self) -> None:
        """End all processes and forget all panes. Waits about two seconds at most. Safe to call twice."""
        self._panes.clear()
        self._keeper.stop()

    def show(self, pane: Pane, camera_id: str, source: Source, width: int, height: int) -> None:
        """Decode `source` for a pane of width x height pixels.

        Asked again with another size or a changed source, the present picture stays until the first new one
        is there. Where the camera has a smaller stream, the pane's size and load control choose between the
        two (`console.video.streams`).
        The picture keeps its proportions and may therefore be narrower or lower than the pane.
        Raises ValueError for an impossible size.
        """
        buffer_bytes(width, height)
        shown = self._panes.get(pane)
        if shown is not None and (shown.camera_id != camera_id or _other_kind(shown.source, source)):
            self.hide(pane)
            shown = None
        if shown is None:
            shown = self._panes[pane] = Shown(camera_id, source, self._limits, self._feeds)
        elif shown.source != source:
            shown.changed(source)
        shown.sized(width, height)

    def hide(self, pane: Pane) -> None:
        """Stop decoding for a pane. Nothing happens when it shows nothing."""
        shown = self._panes.pop(pane, None)
        for feed in shown.feeds if shown is not None else ():
            self._keeper.hide(feed)

    def _new_feed(self, source: Source, width: int, height: int) -> Feed:
        self._feed_count += 1
        handle = new_memory(buffer_bytes(width, height))
        try:
            reader = PaneReader(handle, width, height)
        except BaseException:
            os.close(handle)
            raise
        feed = Feed(self._feed_count, source, self.book.credential(source), width, height, reader, handle)
        feed.footage = self._footage
        return feed

    @property
    def panes(self) -> tuple[Pane, ...]:
        """The panes that are shown."""
        return tuple(self._panes)

    def set_importance(self, pane: Pane, importance: Importance) -> None:
        """What a pane is to the operator. On a machine that cannot decode everything in full quality, panes
        that are not NORMAL are cut last. Kept until it is told anew or the pane is hidden."""
        shown = self._panes.get(pane)
        if shown is None:
            return
        shown.importance = importance
        for feed in shown.feeds:
            feed.importance = importance

    def set_transport(self, transport: Transport) -> None:
        """All recorded panes of its group (`console.video.source.footage_source`) follow it from now on. May
        be called at each move of a slider: the newest one counts, none waits in a queue."""
        self._transports[transport.group] = transport
        self._keeper.set_transport(transport)

    def transport(self, group: str) -> Transport | None:
        """The last one that was set."""
        return self._transports.get(group)

    def step(self, pane: Pane, from_ns: int, count: int) -> None:
        """Ask when the picture `count` pictures after (below 0: before) the one at `from_ns` was taken; see
        `stepped`."""
        feed = self._present(pane)
        if feed is not None:
            feed.stepped, feed.asked_step = None, (from_ns, count)
            self._keeper.step(feed)

    def stepped(self, pane: Pane) -> Step | None:
        """The answer to the last `step` of a pane; None while it is looked for."""
        feed = self._present(pane)
        return feed.stepped if feed is not None else None

    def counter(self, pane: Pane) -> tuple[int, int]:
        """(feed, pictures so far): equal as long as there is no new picture; (0, 0) for a pane that is
        hidden.
        """
        feed = self._present(pane)
        return (feed.number, feed.reader.counter) if feed is not None else (0, 0)

    def newest(self, pane: Pane) -> Picture | None:
        """The pane's newest picture (BGRA, wrapped, not copied), or None before the first.

        Its buffer is not written again until `newest` is called for the same pane.
        """
        feed = self._present(pane)
        return feed.reader.newest() if feed is not None else None

    def _present(self, pane: Pane) -> Feed | None:
        shown = self._panes.get(pane)
        if shown is None:
            return None
        if shown.watched:
            shown.look(time.monotonic_ns())
        return shown.present()

    def pane_state(self, pane: Pane) -> PaneState | None:
        """What is true of a pane now; None for one that is hidden."""
        feed = self._present(pane)
        if feed is None:
            return None
        head = feed.reader.head
        pictures = head[frames.COUNTER]
        age_ns = time.monotonic_ns() - head[frames.SHOWN_MONO_NS] if pictures else -1
        told = _named(condition.STATES, head[frames.STATE])
        state, reason = judged(told, _named(condition.REASONS, head[frames.REASON]), age_ns)
        if feed.problem:
            state, reason = judged("live", feed.problem, age_ns) if pictures else ("connecting", feed.problem)
            state = "no_signal" if feed.problem == "decoder_crashes" else state
        return PaneState(
            state=state,
            reason=reason,
            fps=head[frames.FPS_MILLI] / 1000 if state in condition.HAVE_RATE else 0.0,
            age_ms=age_ns // 1_000_000 if pictures else -1,
            lag_ms=head[frames.LAG_US] // 1000,
            same_for_ms=head[frames.SAME_FOR_MS],
            width=head[frames.SOURCE_WIDTH],
            height=head[frames.SOURCE_HEIGHT],
            nominal_fps=head[frames.NOMINAL_FPS_MILLI] / 1000,
            codec=_named(condition.CODECS, head[frames.CODEC]),
            pictures=pictures,
            skipped=head[frames.SKIPPED],
            corrupt=head[frames.CORRUPT],
            detail=feed.detail if state not in ("live", "connecting") else "",
            cut="sub" if feed.stands_for_main else _named(CUTS, head[frames.CUT]),
            cut_cause="this_machine" if feed.stands_for_main else _named(CAUSES, head[frames.CUT_CAUSE]),
            shown_wall_ns=feed.reader.taken_at_ns if state == "recorded" else 0,
            stream=feed.stream if feed.stream in (MAIN, SUB) else "",
            clock_offset_ms=head[frames.CLOCK_OFFSET_MS]
            if head[frames.CLOCK_TOLD] & frames.OFFSET_TOLD
            else None,
            clock_drift_ppm=head[frames.CLOCK_DRIFT_PPM]
            if head[frames.CLOCK_TOLD] & frames.DRIFT_TOLD
            else None,
        )

    def health(self) -> EngineHealth:
        """How the decoding processes are."""
        return EngineHealth(*self._keeper.health())


def _other_kind(one: Source, other: Source) -> bool:
    """Recorded pictures never stand in for live ones, nor the other way round, nor those of one group for
    those of another."""
    return one != other and "footage" in (one.kind, other.kind)


def _named(names: tuple[str, ...], number: int) -> str:
    # Written by another process: a number out of range is no reason to fail here.
    return names[number] if 0 <= number < len(names) else names[-1]
