"""A file that stands for a camera, recorded as the wall shows it: by the wall clock, round and round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from console.clock import SECOND_NS, WALL_CLOCK
from console.footage.record import StreamInfo
from console.footage.writer import stream_info
from console.recorder.tap import ENDED, Taken, Tap
from console.video.clip import OpenClip, open_clip, position, wall_of

LOOK_EVERY_S = 0.25
#: Further behind (the machine slept, its clock was set), the clip is taken up again at the present.
FURTHEST_NS = 5 * SECOND_NS
HELD_EVERY_NS = SECOND_NS


class _Due(NamedTuple):
    due_ns: int
    taken: Taken


class ClipTap(Tap):
    """Every process that plays the same source is at the same place of it; so is what is recorded.

    While the source holds its picture, its newest key picture is recorded once a second.
    """

    def _read(self) -> None:
        with self._around.opening:
            clip = open_clip(self.source, self._around.figures.camera.timeout_s)
        with clip.container:
            info = stream_info(clip.stream)
            while not self._ended.is_set():
                last = self._play(clip, info)
                self._hold(clip, last)

    def _play(self, clip: OpenClip, info: StreamInfo) -> Taken | None:
        """Put what is due until the source holds, or the clock was set; the newest key picture."""
        last_key: Taken | None = None
        packets = self._from_now(clip, info)
        waiting = next(packets, None)
        while waiting is not None:
            now_ns = WALL_CLOCK.now_ns()
            while waiting is not None and waiting.due_ns <= now_ns:
                if waiting.taken.wall_ns > self.not_before_ns:
                    self.put(waiting.taken)
                if waiting.taken.is_key:
                    last_key = waiting.taken
                waiting = next(packets, None)
            if waiting is not None and abs(waiting.due_ns - now_ns) > FURTHEST_NS + self._gap_ns(clip):
                self._again()
                return last_key
            if self._is_held(clip) or self._ended.wait(LOOK_EVERY_S):
                self._again()
                return last_key
        self.reason = ENDED
        while not self._ended.wait(LOOK_EVERY_S):
            pass
        return last_key

    def _again(self) -> None:
        self.not_before_ns = max(self.not_before_ns, self._last_ns)
        self._waits_for_key = True

    _last_ns = 0

    def put(self, taken: Taken) -> None:
        self._last_ns = max(self._last_ns, taken.wall_ns)
        super().put(taken)

    def _gap_ns(self, clip: OpenClip) -> int:
        """A clip of one picture in ten seconds is not far behind because of that."""
        return int(2 * clip.facts.interval_s * SECOND_NS)

    def _hold(self, clip: OpenClip, key: Taken | None) -> None:
        while key is not None and self._is_held(clip) and not self._ended.is_set():
            now_ns = WALL_CLOCK.now_ns()
            if now_ns - self._last_ns >= HELD_EVERY_NS:
                self.put(key._replace(wall_ns=now_ns, pts=None, dts=None))
                self.not_before_ns = now_ns
            self._ended.wait(LOOK_EVERY_S)

    def _is_held(self, clip: OpenClip) -> bool:
        return position(self.source, clip.facts.length_s, WALL_CLOCK.now_ns()).held

    def _from_now(self, clip: OpenClip, info: StreamInfo) -> Iterator[_Due]:
        """Packets with the time at which each is due, from the key picture before the present on."""
        container, stream, facts = clip
        base_ns = float(stream.time_base or 0) * SECOND_NS or 1000.0
        at = position(self.source, facts.length_s, WALL_CLOCK.now_ns())
        begin_ns = wall_of(self.source, at.played_ns - int(at.at_s * SECOND_NS))
        container.seek(facts.start + int(at.at_s * SECOND_NS / base_ns), stream=stream)
        while True:
            is_empty = True
            for packet in container.demux(stream):
                told = _told(packet, facts.start, base_ns, begin_ns, info)
                if told is not None:
                    is_empty = False
                    yield told
            if not self.source.loop or is_empty:
                return
            container.seek(facts.start, stream=stream)
            begin_ns += int(facts.length_s * SECOND_NS)


def _told(packet: Any, start: int, base_ns: float, begin_ns: int, info: StreamInfo) -> _Due | None:
    pts, dts, size = packet.pts, packet.dts, packet.size
    shown = pts if pts is not None else dts
    if shown is None or not size or packet.is_corrupt:
        return None
    wall_ns = begin_ns + int((shown - start) * base_ns)
    due_ns = wall_ns if dts is None else begin_ns + int((dts - start) * base_ns)
    return _Due(due_ns, Taken(wall_ns, pts, dts, packet.is_keyframe, packet, size, info))
