"""Keeps the decoding processes running: hands out feeds, replaces who dies or hangs, tells who is to
blame.
"""

from __future__ import annotations

import logging
import os
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from console.model.base import Record
from console.video import messages as msg
from console.video.book import SourceBook, SourceBookError
from console.video.bookwatch import BookWatch
from console.video.frames import PaneReader
from console.video.gate import new_gate
from console.video.load import Importance, Level, LoadLimits, load_limits
from console.video.load_watch import LoadWatch
from console.video.redact import Redactor
from console.video.source import Credential, Source
from console.video.supervisor import OwnPauses, WorkerProcess
from console.video.transport import Transport

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
WATCH_EVERY_NS = 1_000_000_000
#: A worker that ended sooner than this after its start waits before it is started again.
STEADY_AFTER_NS = 5_000_000_000
PAUSES_S = (0.0, 0.2, 1.0, 5.0)
#: A source whose picture was being decoded each time so many workers ended is left out for a while.
SUSPECT_AFTER = 2
#: A stream that ends its decoder does so again as soon as it is decoded again; whoever is in turn when a
#: worker is killed from outside is not to blame for what happens later.
AGAIN_WITHIN_NS = 10_000_000_000
LEFT_OUT_NS = 30_000_000_000


class Step(Record, frozen=True):
    """The picture `count` pictures after (below 0: before) the one recorded at `from_ns` was taken at
    `wall_ns`; None: there is none."""

    from_ns: int
    count: int
    wall_ns: int | None


@dataclass(eq=False)
class Feed:
    """One pane memory being filled. `problem` and `detail` are written by the keeper's thread, read by the
    window's; everything else stays as it is."""

    number: int
    source: Source
    credential: Credential | None
    width: int
    height: int
    reader: PaneReader
    handle: int
    problem: str = ""
    detail: str = ""
    place: int = -1
    crashes: int = 0
    camera_id: str = ""
    #: Where a recorder of this machine may keep it; empty where that is not known.
    footage: str = ""
    #: The last answer to a step, of a recorded feed; written by the keeper's thread.
    stepped: Step | None = None
    #: What was asked last: from which picture, how many on. Written by the window's thread.
    asked_step: tuple[int, int] | None = None
    crashed_ns: int = -(1 << 60)
    left_out_until_ns: int = 0
    #: Written by the window's thread, read by the keeper's: load control cuts the important ones last.
    importance: Importance = Importance.NORMAL
    level: Level = Level.FULL
    #: Which of the camera's streams this is, "" where it has one; and what load control knows it by: a sub
    #: stream that is shown because load control asked for it stands for its camera's main one.
    stream: str = ""
    key: Source | None = None
    has_sub: bool = False
    began_ns: int = field(default_factory=time.monotonic_ns)

    @property
    def load_key(self) -> Source:
        return self.key or self.source

    @property
    def stands_for_main(self) -> bool:
        return self.key is not None and self.key != self.source

    @property
    def decoded_level(self) -> Level:
        """The level at which this very stream is decoded: the sub stream in full, the main one, until its
        pane shows the other, as little as it can."""
        return Level.FULL if self.stands_for_main else min(self.level, Level.GROUP_HEADS)

    def shown(self) -> msg.Show:
        return msg.Show(feed=self.number, source=self.source, credential=self.credential, width=self.width,
                        height=self.height, level=self.decoded_level, footage=self.footage,
                        camera_id=self.camera_id)  # fmt: skip


class _Place:
    """Where a worker runs, one after the other."""

    def __init__(self, number: int, limits: LoadLimits) -> None:
        self.number = number
        self.load = LoadWatch(limits)
        self.worker: WorkerProcess | None = None
        self.failures = 0
        self.start_at_ns = 0


class Keeper:
    """`start`, `show`, `hide`, `stop` and `health` from the window's thread; everything else in its own."""

    def __init__(
        self,
        workers: int,
        redact: Redactor,
        watch: BookWatch | None = None,
        take_book: Callable[[SourceBook], None] | None = None,
    ) -> None:
        self._redact = redact
        self._watch, self._take_book = watch, take_book
        self._watched_ns = 0
        self._pauses = OwnPauses()
        limits = load_limits()
        self._places = [_Place(number, limits) for number in range(workers)]
        self._feeds: dict[int, Feed] = {}
        self._transports: dict[str, Transport] = {}
        self._new_transports: dict[str, Transport] = {}
        self._moving = threading.Lock()
        self._todo: deque[Callable[[], None]] = deque()
        self._selector = selectors.DefaultSelector()
        self._bell_out, self._bell_in = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._selector.register(self._bell_out, selectors.EVENT_READ)
        self._gate = new_gate()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._restarts = 0

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="video-keeper", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._stopping = True
            self._ring()
            self._thread.join()
            self._thread = None
        if self._bell_out >= 0:
            self._selector.close()
            os.close(self._bell_out)
            os.close(self._bell_in)
            os.close(self._gate)
            self._bell_out = -1
        while self._todo:  # feeds that were asked for and never begun
            self._todo.popleft()()
        for feed in tuple(self._feeds.values()):
            self._drop(feed)

    def show(self, feed: Feed) -> None:
        self._ask(lambda: self._show(feed))

    def hide(self, feed: Feed) -> None:
        self._ask(lambda: self._hide(feed))

    def set_transport(self, transport: Transport) -> None:
        """All panes of its group follow it. Of several set in a row the last one counts."""
        with self._moving:
            first = not self._new_transports
            self._new_transports[transport.group] = transport
        if first:
            self._ask(self._send_transports)

    def step(self, feed: Feed) -> None:
        """Find what `asked_step` asks for."""
        self._ask(lambda: self._send_step(feed))

    def health(self) -> tuple[int, int, int, tuple[int, ...]]:
        pids = tuple(place.worker.pid for place in self._places if place.worker is not None)
        return len(pids), len(self._places), self._restarts, pids

    def _ask(self, what: Callable[[], None]) -> None:
        self._todo.append(what)
        self._ring()

    def _ring(self) -> None:
        try:
            os.write(self._bell_in, b"!")
        except OSError:
            pass  # it has rung and was not heard yet

    def _run(self) -> None:
        for place in self._places:
            self._start_worker(place)
        while not self._stopping:
            self._look()
            while self._todo:
                self._todo.popleft()()
            now_ns = time.monotonic_ns()
            self._watch_book(now_ns)
            may_judge = self._pauses.may_judge(now_ns)
            for place in self._places:
                if place.worker is None:
                    if now_ns >= place.start_at_ns:
                        self._start_worker(place)
                elif may_judge and place.worker.hangs(now_ns):
                    self._lost(place, "does not answer")
                else:
                    self._watch_load(place, place.worker, now_ns)
            for feed in tuple(self._feeds.values()):
                if feed.left_out_until_ns and now_ns >= feed.left_out_until_ns:
                    feed.left_out_until_ns = 0
                    self._give(feed)
        for place in self._places:
            if place.worker is not None:
                self._forget_doors(place.worker)
                place.worker.close(kill=False)
                place.worker = None

    def _send_transports(self) -> None:
        with self._moving:
            changed, self._new_transports = self._new_transports, {}
        self._transports |= changed
        for worker in (place.worker for place in self._places if place.worker is not None):
            for transport in changed.values():
                worker.send(msg.SetTransport(transport=transport))

    def _send_step(self, feed: Feed) -> None:
        worker = self._places[feed.place].worker if feed.place >= 0 else None
        asked = feed.asked_step
        if worker is not None and asked is not None and feed.stepped is None:
            worker.send(msg.Step(feed=feed.number, from_ns=asked[0], count=asked[1]))

    def _watch_book(self, now_ns: int) -> None:
        if self._watch is None or self._take_book is None or now_ns - self._watched_ns < WATCH_EVERY_NS:
            return
        self._watched_ns = now_ns
        try:
            book = self._watch.look()
        except SourceBookError as error:
            log.warning("the changed sources are not taken over: %s", error)
            return
        if book is not None:
            self._redact = book.redactor()
            self._take_book(book)
            log.info("the changed sources are taken over: %d cameras", len(book.camera_ids))

    def _watch_load(self, place: _Place, worker: WorkerProcess, now_ns: int) -> None:
        """Cut and give back quality, so that what is decoded here can be decoded here."""
        feeds = [feed for feed in self._feeds.values() if feed.place == place.number]
        told = place.load.look(now_ns, worker, feeds)
        for feed in feeds if told is not None else ():
            level = told[feed.load_key] if told is not None else Level.FULL
            if feed.level is not level:
                log.debug("video source of feed %d: level %s", feed.number, level.name)
                before, feed.level = feed.decoded_level, level
                if feed.decoded_level is not before:
                    worker.send(msg.Quality(feed=feed.number, level=feed.decoded_level))

    def _look(self) -> None:
        """Wait a little for whatever a worker or the window has to say."""
        for key, _ in self._selector.select(LOOK_EVERY_S):
            if key.fd == self._bell_out:
                try:
                    os.read(self._bell_out, 4096)
                except BlockingIOError:
                    pass
                continue
            place, is_stderr = key.data
            if place.worker is None:
                continue
            if is_stderr:
                if not place.worker.read_stderr():
                    self._selector.unregister(key.fileobj)
            else:
                self._hear(place)

    def _hear(self, place: _Place) -> None:
        worker = place.worker
        assert worker is not None
        try:
            said = worker.received()
        except msgspec.DecodeError:
            self._lost(place, "speaks nonsense")
            return
        if said is None:
            self._lost(place, "ended")
            return
        for message in said:
            match message:
                case msg.Trouble(feed=number, reason=_, detail=detail):
                    feed = self._feeds.get(number)
                    if feed is not None:
                        feed.detail = self._redact(detail)
                case msg.Stepped(feed=number, from_ns=from_ns, count=count, wall_ns=wall_ns):
                    feed = self._feeds.get(number)
                    if feed is not None and feed.asked_step == (from_ns, count):
                        feed.stepped = Step(from_ns, count, wall_ns)
                case msg.Failed(text=text):
                    log.error("video worker %d failed: %s", place.number, self._redact(text))

    def _start_worker(self, place: _Place) -> None:
        try:
            worker = place.worker = WorkerProcess(place.number, self._gate)
        except OSError as error:
            place.failures += 1
            place.start_at_ns = time.monotonic_ns() + int(PAUSES_S[-1] * 1e9)
            log.error("video worker %d cannot be started: %s", place.number, error)
            return
        place.load.restart()
        self._selector.register(worker.door, selectors.EVENT_READ, (place, False))
        assert worker.process.stderr is not None
        self._selector.register(worker.process.stderr, selectors.EVENT_READ, (place, True))
        for transport in self._transports.values():
            worker.send(msg.SetTransport(transport=transport))
        for feed in self._feeds.values():
            if feed.place == place.number and not feed.left_out_until_ns:
                worker.send(feed.shown(), feed.handle)
                feed.problem = ""
                self._send_step(feed)

    def _forget_doors(self, worker: WorkerProcess) -> None:
        for door in (worker.door, worker.process.stderr):
            try:
                self._selector.unregister(door)  # type: ignore[arg-type]
            except (KeyError, ValueError):
                pass  # its stderr had ended before

    def _lost(self, place: _Place, how: str) -> None:
        """A worker is gone, or as good as gone: end it, and see to its panes."""
        worker = place.worker
        assert worker is not None
        self._forget_doors(worker)
        place.worker = None
        suspect = self._feeds.get(worker.busy_feed)
        worker.close(kill=True)
        self._restarts += 1
        now_ns = time.monotonic_ns()
        steady = now_ns - worker.started_ns > STEADY_AFTER_NS
        place.failures = 0 if steady else place.failures + 1
        place.start_at_ns = now_ns + int(PAUSES_S[min(place.failures, len(PAUSES_S) - 1)] * 1e9)
        told = self._redact(worker.stderr_tail.decode(errors="replace")).strip()
        log.warning("video worker %d (pid %d) %s and is replaced%s", place.number, worker.pid, how,
                    f":\n{told}" if told else "")  # fmt: skip
        for feed in self._feeds.values():
            if feed.place == place.number:
                feed.problem = "decoder_restarted"
        if suspect is not None:
            self._suspect(suspect, now_ns)

    def _suspect(self, feed: Feed, now_ns: int) -> None:
        """Its picture was being decoded when the worker ended. Once is chance, now and then too."""
        same = [one for one in self._feeds.values() if one.source == feed.source]
        for one in same:
            one.crashes = one.crashes + 1 if now_ns - one.crashed_ns < AGAIN_WITHIN_NS else 1
            one.crashed_ns = now_ns
            if one.crashes >= SUSPECT_AFTER:
                one.left_out_until_ns = now_ns + LEFT_OUT_NS
                one.problem = "decoder_crashes"
        if feed.crashes == SUSPECT_AFTER:
            log.warning("a video source ended its decoder %d times and is left out for %d s", feed.crashes,
                        LEFT_OUT_NS // 1_000_000_000)  # fmt: skip

    def _show(self, feed: Feed) -> None:
        self._feeds[feed.number] = feed
        # Beside its equals: one source is read and decoded once, however many panes show it, and a camera's
        # two streams are weighed together.
        placed = [one for one in self._feeds.values() if one.place >= 0]
        same = [one for one in placed if one.load_key == feed.load_key]
        same = same or [one for one in placed if one.source == feed.source]
        feed.place, feed.level = (same[0].place, same[0].level) if same else (self._emptiest(), Level.FULL)
        self._give(feed)

    def _emptiest(self) -> int:
        load = [0] * len(self._places)
        for place, _ in {(one.place, one.source) for one in self._feeds.values() if one.place >= 0}:
            load[place] += 1
        return load.index(min(load))

    def _give(self, feed: Feed) -> None:
        worker = self._places[feed.place].worker
        feed.problem = ""
        if worker is not None:
            worker.send(feed.shown(), feed.handle)

    def _hide(self, feed: Feed) -> None:
        if self._feeds.pop(feed.number, None) is None:
            return
        worker = self._places[feed.place].worker
        if worker is not None:
            worker.send(msg.Hide(feed=feed.number))
        self._drop(feed)

    def _drop(self, feed: Feed) -> None:
        self._feeds.pop(feed.number, None)
        if feed.handle >= 0:
            os.close(feed.handle)
            feed.handle = -1
