"""One camera for all who see it: a thread reads, draws where it must, wraps; viewers get the same bytes.

What is drawn for one viewer (his name burnt in) and what is recorded has a feed of its own. No viewer, no
feed.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import av

from console.clock import SECOND_NS, Clock
from console.evidence.remux import parts
from console.footage.layout import FOLDER, GAP_NS
from console.footage.record import StoredPacket, StreamInfo
from console.footage.store import FootageStore
from console.footage.tail import FootageTail
from console.model.footage import MaskZone
from console.model.share import EndedWhy, ShareForm
from console.share.figures import ShareFigures
from console.share.fragments import BETWEEN_NS, CodecError, FragmentMuxer, Piece
from console.share.lettering import LetteringError, letters
from console.share.redrawing import Redrawing

_log = logging.getLogger("bongsu.share")
BATCH_NS = SECOND_NS // 5
"""Recorded pictures are sent in bits of so long."""
DRAWN_TOGETHER = 4
"""Drawing takes its time: the first of a group are shown while the others are being drawn."""


class FeedKey(NamedTuple):
    """Feeds that are alike are one. `own` is a view's uid where nobody else may have the same pictures.

    Recorded pictures begin with the key picture at or before `from_ns`, but never before `least_ns`: what
    was not granted is not sent, even where the first granted picture needs it.
    """

    camera_id: str
    form: ShareForm
    from_ns: int
    to_ns: int
    least_ns: int
    zones: tuple[MaskZone, ...]
    lines: tuple[str, ...]
    own: str

    @property
    def is_drawn(self) -> bool:
        return bool(self.zones or self.lines)


class Bundle(NamedTuple):
    """Pictures that came together, joined for the wire."""

    data: bytes
    pictures: int
    first_ns: int
    last_ns: int
    is_key: bool


class Subscriber:
    """A viewer's end of a feed: what waits for him. On the loop."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._waiting: deque[Bundle] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self._begun = False
        self.head = b""
        self.ended: EndedWhy | None = None

    def put(self, bundle: Bundle) -> None:
        """Let it wait for him; a viewer who takes too little is let go."""
        self._begun = self._begun or bundle.is_key
        if self.ended is not None or not self._begun:
            return
        self._bytes += len(bundle.data)
        if self._bytes > self._most:
            self._waiting.clear()
            self.end("slow")
            return
        self._waiting.append(bundle)
        self._news.set()

    def end(self, why: EndedWhy) -> None:
        """Nothing comes any more; what waits is still given out."""
        self.ended = self.ended or why
        self._news.set()

    async def next(self) -> Bundle | None:
        """What comes next, None at the end."""
        while not self._waiting:
            if self.ended is not None:
                return None
            self._news.clear()
            await self._news.wait()
        bundle = self._waiting.popleft()
        self._bytes -= len(bundle.data)
        return bundle


class Feed:
    """Made on the loop; `join` and `leave` there. The thread begins with `start` and ends by itself when the
    pictures do, or when `stop` is called.
    """

    def __init__(self, key: FeedKey, home: Path, figures: ShareFigures, clock: Clock) -> None:
        self.key = key
        self._folder, self._figures, self._clock = home / FOLDER, figures, clock
        self._loop = asyncio.get_running_loop()
        self._subscribers: list[Subscriber] = []
        self._group: list[Bundle] = []
        self._group_bytes = 0
        self.head = b""
        self._why: EndedWhy | None = None
        #: What it means when the source has no more.
        self._end: EndedWhy = "end"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="share-feed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end; does not wait."""
        self._stopping.set()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_over(self) -> bool:
        return self._why is not None

    @property
    def viewers(self) -> int:
        return len(self._subscribers)

    # on the loop

    def join(self, subscriber: Subscriber) -> None:
        """Give him everything from the last key picture on, and what comes."""
        self._subscribers.append(subscriber)
        subscriber.head = self.head
        for bundle in self._group:
            subscriber.put(bundle)
        if self._why is not None:
            subscriber.end(self._why)

    def leave(self, subscriber: Subscriber) -> None:
        if subscriber in self._subscribers:
            self._subscribers.remove(subscriber)

    def _deliver(self, head: bytes, pieces: list[Piece]) -> None:
        self.head = self.head or head
        for one in self._subscribers:
            one.head = self.head
        for run in _runs(pieces):
            bundle = Bundle(
                b"".join(piece.data for piece in run), len(run), run[0].wall_ns, run[-1].wall_ns,
                run[0].is_key,
            )  # fmt: skip
            self._keep(bundle)
            for one in self._subscribers:
                one.put(bundle)

    def _keep(self, bundle: Bundle) -> None:
        if self.key.form != "live":
            return
        if bundle.is_key:
            self._group, self._group_bytes = [], 0
        elif not self._group:
            return  # it was given up: who comes now waits for the next key picture
        self._group.append(bundle)
        self._group_bytes += len(bundle.data)
        if self._group_bytes > self._figures.live.group_mib * (1 << 20):
            self._group, self._group_bytes = [], 0

    def _over(self, why: EndedWhy) -> None:
        self._why = why
        for one in self._subscribers:
            one.end(why)

    # in the thread

    def _run(self) -> None:
        try:
            why = self._serve()
        except (CodecError, av.FFmpegError, LetteringError) as problem:
            _log.warning("Camera %s cannot be shared: %s", self.key.camera_id, problem)
            why = "codec"
        except OSError as problem:
            _log.error("Footage of %s cannot be read: %s", self.key.camera_id, problem.strerror)
            why = "no_pictures"
        except Exception:
            _log.exception("A shared camera ended by an error of the console.")
            why = "stopped"
        self._tell(self._over, why)

    def _serve(self) -> EndedWhy:
        drawing: Redrawing | None = None
        muxer: FragmentMuxer | None = None
        stream: StreamInfo | None = None
        batches = self._live() if self.key.form == "live" else self._recorded()
        why: EndedWhy = "end"
        for batch in batches:
            pieces: list[Piece] = []
            changed = False
            for packet in batch:
                if stream is None:
                    stream = packet.stream
                    drawing = self._drawing(stream)
                elif packet.stream != stream:
                    changed = True
                    break
                for each in drawing.add(packet) if drawing is not None else (packet,):
                    if muxer is None:
                        muxer = FragmentMuxer(each.stream)
                    elif each.stream != muxer.stream:
                        changed = True
                        break
                    piece = muxer.add(each)
                    pieces += [piece] if piece is not None else []
                if changed:
                    break
                if drawing is not None and muxer is not None and len(pieces) >= DRAWN_TOGETHER:
                    self._tell(self._deliver, muxer.head, pieces)
                    pieces = []
            if muxer is not None:
                self._tell(self._deliver, muxer.head, pieces)
            if changed:
                why = "stream_changed"
                break
        else:
            why = "stopped" if self._stopping.is_set() else self._end
        if muxer is not None:
            last = muxer.end()
            if last is not None and why in ("end", "stream_changed"):
                self._tell(self._deliver, muxer.head, [last])
        return why

    def _drawing(self, stream: StreamInfo) -> Redrawing | None:
        if not self.key.is_drawn:
            return None
        burnt = self._figures.burnt
        lines = self.key.lines
        painted = letters(lines, stream.width, stream.height, burnt.letter_part) if lines else None
        return Redrawing(self.key.zones, painted, burnt)

    def _live(self) -> Iterator[list[StoredPacket]]:
        """What the recorder writes, as it writes; ends when nothing new came for long."""
        live = self._figures.live
        tail = FootageTail(self._folder, self.key.camera_id)
        newest_mono_ns = self._clock.mono_ns()
        begun = False
        self._end = "no_pictures"
        while not self._stopping.is_set():
            found = tail.new()
            if found and not begun and self._clock.now_ns() - found[-1].wall_ns > live.fresh_s * SECOND_NS:
                return  # these are old ones
            if found:
                begun = True
                newest_mono_ns = self._clock.mono_ns()
                yield found
            elif not begun or self._clock.mono_ns() - newest_mono_ns > live.silent_s * SECOND_NS:
                return
            self._stopping.wait(live.look_every_ms / 1000)

    def _recorded(self) -> Iterator[list[StoredPacket]]:
        """The stretch in real time, a little ahead; gaps are passed over."""
        lead_ns = int(self._figures.recorded.lead_s * SECOND_NS)
        begun_ns = self._clock.mono_ns()
        skipped_ns = last_ns = 0
        first_ns: int | None = None
        batch: list[StoredPacket] = []
        wanted = self.key.from_ns, self.key.to_ns
        for _, packet in parts(FootageStore(self._folder), self.key.camera_id, *wanted):
            if first_ns is None:
                if not packet.is_key or packet.wall_ns < self.key.least_ns:
                    continue
                first_ns = last_ns = packet.wall_ns
            if packet.wall_ns < self.key.least_ns:
                continue  # shown before the key picture it comes after
            if packet.wall_ns - last_ns > GAP_NS:
                skipped_ns += packet.wall_ns - last_ns - BETWEEN_NS
            last_ns = max(last_ns, packet.wall_ns)
            shown_ns = packet.wall_ns - skipped_ns - first_ns
            batch.append(packet)
            if last_ns - batch[0].wall_ns < BATCH_NS:
                continue
            yield batch
            batch = []
            ahead_ns = shown_ns - lead_ns - (self._clock.mono_ns() - begun_ns)
            if ahead_ns > 0:
                self._stopping.wait(ahead_ns / SECOND_NS)
            if self._stopping.is_set():
                return
        if batch:
            yield batch
        elif first_ns is None:
            self._end = "no_pictures"

    def _tell(self, what: Callable[..., None], *told: object) -> None:
        try:
            self._loop.call_soon_threadsafe(what, *told)
        except RuntimeError:
            pass  # the loop has ended, and so does this thread


def _runs(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Pictures in the order they came, a run for each key picture among them."""
    run: list[Piece] = []
    for piece in pieces:
        if piece.is_key and run:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


