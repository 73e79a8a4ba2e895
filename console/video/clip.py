"""A video file: how long it really is, and where in it the wall clock stands."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from console.video.opening import open_video
from console.video.source import FORMATS, PROTOCOLS, Source
from console.video.thinning import GroupHeads

SECOND_NS = 1_000_000_000
#: A clip that ends this much before the length it declares was cut short. Two pictures of a slow camera.
CUT_SHORT_S = 0.5
#: Reading all of a clip to find its end must not take longer; what was found until then is its length.
SCAN_S = 10.0
FALLBACK_FPS = 25.0
#: How far before a position a key frame is looked for, one after the other.
SEEK_BACK_S = (0.0, 1.0, 3.0, 10.0, 1e9)
#: Of small pictures several are decoded in a row: the decoder's memory is then found in the processor's cache
#: (a tenth less work with 32 clips in turn). Large ones would take memory and their neighbours' time.
PACKETS_AT_ONCE = 3
SMALL_PICTURE_PIXELS = 640 * 480


class ClipFacts(NamedTuple):
    """`start` in the stream's time base; `length_s` is what can really be played."""

    start: int
    length_s: float
    interval_s: float
    cut_short: bool


class OpenClip(NamedTuple):
    container: InputContainer
    stream: VideoStream
    facts: ClipFacts


def open_clip(source: Source, timeout_s: float) -> OpenClip:
    """Open a file for playing. Raises what PyAV raises, or IndexError when there is no video in it."""
    options = {"protocol_whitelist": PROTOCOLS["file"], "format_whitelist": FORMATS["file"]}
    container, stream = open_video(source.locator, options, timeout_s)
    try:
        return OpenClip(container, stream, _facts(source.locator, container, stream))
    except BaseException:
        container.close()
        raise


_known: dict[tuple[str, int, int], ClipFacts] = {}
_measuring = threading.Lock()


def _facts(path: str, container: InputContainer, stream: VideoStream) -> ClipFacts:
    about = os.stat(path)
    key = (path, about.st_mtime_ns, about.st_size)
    # One at a time: when sixteen panes open the same clip together, it is measured once.
    with _measuring:
        if key not in _known:
            facts = measure(container, stream)
            _known[key] = facts._replace(cut_short=facts.cut_short or _riff_is_cut(path, about.st_size))
        return _known[key]


def _riff_is_cut(path: str, size: int) -> bool:
    """Whether an AVI file is smaller than its head says. FFmpeg mends the length of such a file silently."""
    with open(path, "rb") as file:
        head = file.read(12)
    declared = int.from_bytes(head[4:8], "little") + 8
    return head[:4] == b"RIFF" and head[8:] == b"AVI " and 8 < size < declared


def measure(container: InputContainer, stream: VideoStream) -> ClipFacts:
    """Find where the clip really ends. Every process that measures the same file finds the same."""
    base = float(stream.time_base or 0) or 1e-6
    rate = stream.average_rate or stream.guessed_rate
    interval_s = 1 / float(rate) if rate else 1 / FALLBACK_FPS
    start = stream.start_time or 0
    declared_s = 0.0
    if stream.duration:
        declared_s = stream.duration * base
    elif container.duration:
        declared_s = container.duration / av.time_base
    end_s = 0.0
    if declared_s > 0:
        container.seek(start + int(declared_s / base), stream=stream)
        end_s = _last_end_s(container, stream, start, base, interval_s)
    if end_s < declared_s - CUT_SHORT_S or end_s <= 0:
        container.seek(start, stream=stream)
        end_s = max(end_s, _last_end_s(container, stream, start, base, interval_s))
    if end_s <= 0:
        raise av.InvalidDataError(0, "no picture in it")
    cut_short = end_s < declared_s - max(CUT_SHORT_S, 2 * interval_s)
    return ClipFacts(start, end_s, interval_s, cut_short)


def _last_end_s(
    container: InputContainer, stream: VideoStream, start: int, base: float, interval_s: float
) -> float:
    """The end of the last whole packet from here on, in seconds from the clip's start."""
    until = time.monotonic() + SCAN_S
    end_s = 0.0
    try:
        for packet in container.demux(stream):
            at = packet.pts if packet.pts is not None else packet.dts
            if at is None or packet.is_corrupt or not packet.size:
                continue
            length_s = packet.duration * base if packet.duration else interval_s
            end_s = max(end_s, (at - start) * base + length_s)
            if time.monotonic() > until:
                break
    except (av.FFmpegError, OSError):
        pass  # a cut file may end in an error; what came before it counts
    return end_s


class Position(NamedTuple):
    """Where a clip stands: `at_s` from its start, `played_ns` on the source's own endless time line,
    `held` when the camera repeats a picture."""

    played_ns: int
    at_s: float
    held: bool


def position(source: Source, length_s: float, wall_ns: int) -> Position:
    """Where `source` stands at `wall_ns`; the same answer in every process."""
    since_ns = wall_ns - source.epoch_ns
    held = False
    if source.hold is not None:
        from_ns, to_ns = (int(seconds * SECOND_NS) for seconds in source.hold)
        if from_ns <= since_ns < to_ns:
            since_ns, held = from_ns, True
    played_ns = since_ns + int(source.offset_s * SECOND_NS)
    length_ns = max(1, int(length_s * SECOND_NS))
    at_ns = played_ns % length_ns if source.loop else max(0, played_ns)
    return Position(played_ns, at_ns / SECOND_NS, held)


def wall_of(source: Source, played_ns: int) -> int:
    """The wall time at which `played_ns` of the source's time line is (or would be) shown."""
    return played_ns + source.epoch_ns - int(source.offset_s * SECOND_NS)


class ClipReader:
    """Decodes a clip from a position on, again and again. One thread at a time.

    `pass_start_ns` is where on the source's time line the present pass through the clip began.
    """

    def __init__(self, clip: OpenClip, quick: bool, loop: bool) -> None:
        self.clip = clip
        self.quick = quick
        self._loop = loop
        context = clip.stream.codec_context
        # One thread: a small picture is decoded faster than threads can be woken, and 64 panes would have
        # 128.
        context.thread_count = 1
        if quick:
            context.options = {"skip_loop_filter": "all"}
        self.pass_start_ns = 0
        self.errors = 0
        #: Decode only the beginning of each group of pictures.
        self.thin = False
        self._hurries = False
        self._heads = GroupHeads()
        small = context.width * context.height <= SMALL_PICTURE_PIXELS
        self._packets_at_once = PACKETS_AT_ONCE if small else 1
        self._packets: Iterator[Any] = iter(())
        self._frames: list[av.VideoFrame] = []
        self._base = float(clip.stream.time_base or 0) or 1e-6
        self._last_s = 0.0
        self._in_pass = self._empty_passes = 0

    @property
    def length_s(self) -> float:
        return self.clip.facts.length_s

    @property
    def interval_s(self) -> float:
        """From one picture to the next, usually."""
        return self.clip.facts.interval_s

    @property
    def stream(self) -> VideoStream:
        return self.clip.stream

    @property
    def flaw(self) -> str:
        """What is wrong with the clip although it plays, as a reason."""
        return "clip_cut_short" if self.clip.facts.cut_short else ""

    def seek(self, at: Position) -> None:
        """Continue from the key frame at or before a position."""
        facts = self.clip.facts
        for back_s in SEEK_BACK_S:
            target_s = max(0.0, at.at_s - back_s)
            self.clip.container.seek(facts.start + int(target_s / self._base), stream=self.clip.stream)
            self._begin(at.played_ns - int(at.at_s * SECOND_NS))
            self._last_s = target_s - facts.interval_s
            if self._key_before(at.at_s) or target_s <= 0:
                return

    def _key_before(self, at_s: float) -> bool:
        """Drop what comes before the first key frame; False when there is none before `at_s`. Some containers
        (MPEG-TS) take no heed of key frames when they seek."""
        for packet in self._packets:
            if packet.is_keyframe:
                self._packets = chain((packet,), self._packets)
                return True
            when = packet.pts if packet.pts is not None else packet.dts
            if when is None or (when - self.clip.facts.start) * self._base > at_s:
                return False
        return False

    def _begin(self, pass_start_ns: int) -> None:
        self.pass_start_ns = pass_start_ns
        self._packets = iter(self.clip.container.demux(self.clip.stream))
        self._frames = []
        self._in_pass = 0
        self._heads.restart()

    def key_ahead(self, at: Position) -> bool:
        """Whether a key frame lies between the last decoded picture and a position, so that seeking there
        leaves pictures out instead of decoding them twice. False where the container has no index."""
        entries = self.clip.stream.index_entries
        number = entries.search_timestamp(self.clip.facts.start + int(at.at_s / self._base))
        if number < 0 or number >= len(entries):
            return False
        key_ns = int((entries[number].timestamp - self.clip.facts.start) * self._base * SECOND_NS)
        reached_ns = self.pass_start_ns + int(self._last_s * SECOND_NS)
        return at.played_ns - int(at.at_s * SECOND_NS) + key_ns > reached_ns

    def hurry(self, hurry: bool) -> None:
        """Leave out pictures nothing else is built on, to catch up."""
        if hurry is not self._hurries:
            self._hurries = hurry
            self.clip.stream.codec_context.skip_frame = "NONREF" if hurry else "DEFAULT"

    def next(self) -> tuple[av.VideoFrame, int]:
        """The next picture and where it is on the source's time line (ns). Goes round at the end.

        Raises EOFError at the end of a clip that does not loop, and what PyAV raises for a clip without a
        single picture that can be decoded.
        """
        while not self._frames:
            self._decode_more()
            for packet in islice(self._packets, self._packets_at_once - 1):
                self._decode(packet)
        frame = self._frames.pop(0)
        self._in_pass += 1
        facts = self.clip.facts
        if frame.pts is not None:
            self._last_s = (frame.pts - facts.start) * self._base
        else:
            self._last_s += facts.interval_s
        return frame, self.pass_start_ns + int(self._last_s * SECOND_NS)

    def _decode_more(self) -> None:
        packet = next(self._packets, None)
        if packet is not None:
            self._decode(packet)
            return
        if not self._loop:
            raise EOFError("the clip has ended")
        self._empty_passes = 0 if self._in_pass else self._empty_passes + 1
        if self._empty_passes > 1:
            raise av.InvalidDataError(0, "no picture of it can be decoded")
        self._go_round()

    def _decode(self, packet: Any) -> None:
        when = packet.dts if packet.dts is not None else packet.pts
        if when is not None and not self._heads.takes(
            packet.is_keyframe, int(when * self._base * SECOND_NS), self.thin
        ):
            return
        try:
            # In a clip that was cut, the last packet is incomplete; FFmpeg marks it.
            self.errors += packet.is_corrupt
            self._frames += packet.decode()
        except EOFError:
            pass  # asked again after its end
        except (av.FFmpegError, IndexError):
            self.errors += 1

    def _go_round(self) -> None:
        facts = self.clip.facts
        self.clip.container.seek(facts.start, stream=self.clip.stream)
        self._begin(self.pass_start_ns + int(facts.length_s * SECOND_NS))
        self._last_s = -facts.interval_s
