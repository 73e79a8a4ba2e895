"""What a pane shows now, what will replace it, and which of a camera's streams it should be."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from console.video import frames
from console.video.condition import STALLED_AFTER_NS
from console.video.keeper import Feed
from console.video.load import Importance, Level
from console.video.source import Credential, Source
from console.video.streams import MAIN, SUB, ChoiceLimits, StreamChoice, picture_height_px

LOOK_EVERY_NS = 250_000_000
#: A changed source that gives no picture for so long is shown all the same: the pane says what is wrong with
#: what is configured now.
CHANGE_AFTER_NS = 4_000_000_000



class Feeds(NamedTuple):
    """What a pane does with feeds: `new` makes one, `begin` has it filled, `end` forgets it. And the password
    of a source as it is known now."""

    new: Callable[[Source, int, int], Feed]
    begin: Callable[[Feed], None]
    end: Callable[[Feed], None]
    credential: Callable[[Source], Credential | None]


class Shown:
    """A pane: the feed that is painted, and the one that will replace it when it has its first picture. The
    window's thread only."""

    def __init__(self, camera_id: str, source: Source, limits: ChoiceLimits, feeds: Feeds) -> None:
        self.camera_id = camera_id
        self.source = source
        self.feed: Feed | None = None
        self.coming: Feed | None = None
        self.importance = Importance.NORMAL
        self._feeds = feeds
        self._choice = StreamChoice(limits)
        self._size = (0, 0)
        self._looked_ns = 0
        self._changed_ns = 0
        self._sub_px = source.sub.height_px if source.sub is not None else 0

    @property
    def watched(self) -> bool:
        """Whether something about it may have to change by itself: a second stream, a password."""
        return self.source.sub is not None or bool(self.source.credential)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return tuple(feed for feed in (self.feed, self.coming) if feed is not None)

    def sized(self, width: int, height: int) -> None:
        """Show it in this size from the first picture of this size on."""
        self._size = (width, height)
        present = self.feed
        if present is not None and present.stream in (MAIN, SUB):
            self._ask(self._wanted(present, time.monotonic_ns()))
        else:
            self._ask(self._first_stream())

    def _first_stream(self) -> str:
        if self.source.sub is None:
            return ""
        return self._choice.first(picture_height_px(*self._size), self._sub_px)

    def _ask(self, stream: str) -> None:
        """Make `stream` in the present size what comes, unless it is what is there."""
        for feed in self.feeds:
            if (feed.width, feed.height, feed.stream) == (*self._size, stream):
                if feed is self.feed and self.coming is not None:
                    self._feeds.end(self.coming)
                    self.coming = None
                return
        by_load = stream == SUB and self.feed is not None and self.feed.level is Level.SUB
        source = self.source.sub_source if stream == SUB else self.source
        assert source is not None
        feed = self._feeds.new(source, *self._size)
        feed.stream, feed.importance, feed.camera_id = stream, self.importance, self.camera_id
        if by_load:
            feed.key, feed.level = self.source, Level.SUB
        feed.has_sub = self.source.sub is not None and (stream == MAIN or by_load)
        if self.coming is not None:
            self._feeds.end(self.coming)
            self.coming = None
        if self.feed is None:
            self.feed = feed
        else:
            self.coming = feed
        self._feeds.begin(feed)

    def changed(self, source: Source) -> None:
        """The camera's source, or its password, is another one now. What moves stays until the new one
        does."""
        now_ns = time.monotonic_ns()
        self.source = source
        self._sub_px = source.sub.height_px if source.sub is not None else 0
        for feed in self.feeds:
            if feed is not self.feed or now_ns - feed.reader.shown_mono_ns > STALLED_AFTER_NS:
                self._feeds.end(feed)
        self.coming = None
        if self.feed is not None and now_ns - self.feed.reader.shown_mono_ns > STALLED_AFTER_NS:
            self.feed = None
        if self.feed is not None:
            self.feed.stream = "changed"
            self._changed_ns = now_ns
        self._ask(self._first_stream())

    def present(self) -> Feed | None:
        """The feed to paint; the coming one takes over with its first picture."""
        coming = self.coming
        if coming is not None and (coming.reader.counter > 0 or self._change_is_due()):
            if self.feed is not None:
                self._feeds.end(self.feed)
            self.feed, self.coming = coming, None
        return self.feed

    def _change_is_due(self) -> bool:
        feed = self.feed
        changing = feed is not None and feed.stream == "changed"
        return changing and time.monotonic_ns() - self._changed_ns > CHANGE_AFTER_NS

    def look(self, now_ns: int) -> None:
        """Now and then: is this still the right stream, with the right password?"""
        feed = self.feed
        if feed is None or now_ns - self._looked_ns < LOOK_EVERY_NS:
            return
        self._looked_ns = now_ns
        newest = self.coming or feed
        if newest.source.credential and self._feeds.credential(newest.source) != newest.credential:
            self.changed(self.source)
        elif self.source.sub is not None and feed.stream in (MAIN, SUB):
            self._ask(self._wanted(feed, now_ns))

    def _wanted(self, feed: Feed, now_ns: int) -> str:
        head = feed.reader.head
        width_px, height_px = head[frames.SOURCE_WIDTH], head[frames.SOURCE_HEIGHT]
        if feed.stream == SUB and 0 < height_px <= 8192:
            self._sub_px = height_px
        shape = width_px / height_px if 0 < width_px <= 8192 and 0 < height_px <= 8192 else 16 / 9
        silent_ns = now_ns - max(feed.began_ns, head[frames.SHOWN_MONO_NS])
        load_asks = feed.level is Level.SUB
        wanted = self._choice.wanted(
            now_ns, feed.stream, picture_height_px(*self._size, shape), self._sub_px, load_asks, silent_ns
        )
        if feed.stream == MAIN:
            feed.has_sub = not self._choice.left_out(SUB, now_ns)
        return wanted
