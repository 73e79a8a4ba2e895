"""Recorded pictures from the later to the earlier: decoded group by group, shown from each group's end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from av.video.reformatter import Interpolation, VideoReformatter

from console.footage.layout import GAP_NS
from console.video.flow import Flow
from console.video.footage_decoding import PacketDecoder, Taken
from console.video.footage_finding import USUAL_INTERVAL_NS, Found, lasts_ns
from console.video.footage_reading import LEAST_GROUP_NS, FootageReading, Group
from console.video.output import PLANAR, fitted

#: What the decoded pictures of one group may take; of more, fewer are kept.
MOST_GROUP_BYTES = 64 << 20


class _Kept(NamedTuple):
    """A decoded picture, and until when it is the one to show (wall time, ns)."""

    taken: Taken
    until_ns: int


class _Decoded:
    """The pictures of one group, in order: those of positions from `begin_ns` up to `before_ns`."""

    def __init__(self, group: Group) -> None:
        self.begin_ns = min(one.wall_ns for one in group.packets)
        self.before_ns, self.goes_on = group.before_ns, group.goes_on
        self.packets = deque(group.packets)
        self.pictures: list[_Kept] = []
        self.last: Taken | None = None
        self.size = (0, 0)
        self.interval_ns = USUAL_INTERVAL_NS
        self.bytes = 0

    def at(self, position_ns: int) -> _Kept | None:
        return next((one for one in reversed(self.pictures) if one.taken.wall_ns <= position_ns), None)


class Backwards:
    """See `Line`. `is_met(from_ns, until_ns)` says whether a picture of that time will be asked for: at a
    fast rate most are not, and are not kept."""

    def __init__(self, reading: FootageReading, decoder: PacketDecoder, flow: Flow) -> None:
        self._reading, self._decoder, self._flow = reading, decoder, flow
        self._small = VideoReformatter()
        self.is_met: Callable[[int, int], bool] = lambda from_ns, until_ns: True
        #: Groups are over soon: more of them are read ahead.
        self.is_fast = False
        self.is_busy = False
        #: The later first; what is being decoded is not among them yet.
        self._groups: deque[_Decoded] = deque()
        self._filling: _Decoded | None = None
        self._asked_ns: int | None = None
        self._nothing_before_ns = -1

    def forget(self) -> None:
        self._groups.clear()
        self._filling, self._asked_ns, self._nothing_before_ns = None, None, -1
        self.is_busy = False
        self._decoder.begin()

    def find(self, position_ns: int, until_mono_ns: int, hurry: bool) -> Found | None:
        self._drop(position_ns)
        while True:
            self._receive()
            self._ask(position_ns)
            if self._filling is not None:
                self._fill(self._filling, until_mono_ns, hurry)
            present = next((one for one in self._groups if one.begin_ns <= position_ns), None)
            self.is_busy = self._filling is not None
            if present is not None:
                return self._found(present, position_ns)
            if position_ns < self._nothing_before_ns:
                return Found(None, self._reading.why_nothing(position_ns))
            if not self._reading_has_more() or time.monotonic_ns() > until_mono_ns:
                return None

    def _reading_has_more(self) -> bool:
        return self._filling is not None

    def _drop(self, position_ns: int) -> None:
        """Groups that are over; all of them when the position is somewhere else."""
        known = [*self._groups, *((self._filling,) if self._filling is not None else ())]
        if known and (position_ns >= known[0].before_ns or position_ns < known[-1].begin_ns - self._near_ns):
            self.forget()
        while len(self._groups) > 1 and self._groups[0].begin_ns > position_ns:
            self._groups.popleft()

    @property
    def _near_ns(self) -> int:
        """So far before what is decoded, and the groups between are still decoded one after the other."""
        return 4 * GAP_NS

    def _ask(self, position_ns: int) -> None:
        """One group is read ahead of the one that is shown, or a few."""
        if self._asked_ns is not None or self._filling is not None:
            return
        last = self._groups[-1] if self._groups else None
        if last is None:
            before_ns, span_ns = position_ns + 1, 0
        elif sum(one.begin_ns <= position_ns for one in self._groups) > (3 if self.is_fast else 1):
            return
        else:
            # Where the clock was faster, what lies between is over.
            before_ns, span_ns = min(last.begin_ns, position_ns + 1), LEAST_GROUP_NS
        if before_ns > self._nothing_before_ns:
            self._asked_ns = before_ns
            self._reading.group(before_ns, span_ns)

    def _receive(self) -> None:
        if self._asked_ns is None:
            return
        for item in self._reading.take():
            if isinstance(item, Group) and item.before_ns == self._asked_ns:
                self._asked_ns = None
                if item.packets:
                    self._filling = _Decoded(item)
                    self._decoder.begin()
                else:
                    self._nothing_before_ns = item.before_ns

    def _fill(self, group: _Decoded, until_mono_ns: int, hurry: bool) -> None:
        """Decode the group that was read, as far as there is time."""
        while group.packets:
            for taken in self._decoder.decode(group.packets.popleft(), hurry):
                self._come(group, taken)
            if group.packets and time.monotonic_ns() > until_mono_ns:
                return
        for taken in self._decoder.drain():
            self._come(group, taken)
        if group.last is not None:
            self._keep(group, group.last, self._end_of_last(group, group.last))
        self._groups.append(group)
        self._filling = None

    def _come(self, group: _Decoded, taken: Taken) -> None:
        before, group.last = group.last, taken
        if before is not None:
            apart_ns = taken.wall_ns - before.wall_ns
            if not 0 < apart_ns <= GAP_NS:
                until_ns = before.wall_ns + lasts_ns(group.interval_ns)
            else:
                group.interval_ns, until_ns = apart_ns, taken.wall_ns
            self._keep(group, before, until_ns)

    @staticmethod
    def _end_of_last(group: _Decoded, last: Taken) -> int:
        """Where another picture follows at the group's end, it lasts until then."""
        own_ns = last.wall_ns + lasts_ns(group.interval_ns)
        if group.goes_on and group.before_ns - last.wall_ns <= GAP_NS:
            return max(group.before_ns, own_ns)
        return own_ns

    def _keep(self, group: _Decoded, taken: Taken, until_ns: int) -> None:
        if taken.wall_ns >= group.before_ns or not self.is_met(taken.wall_ns, until_ns):
            return
        group.size = (taken.frame.width, taken.frame.height)
        smaller = self._made_small(taken)
        group.pictures.append(_Kept(smaller, until_ns))
        group.bytes += smaller.frame.width * smaller.frame.height * 3 // 2
        if group.bytes > MOST_GROUP_BYTES:
            pairs = zip(group.pictures[::2], group.pictures[1::2], strict=False)
            group.pictures = [_Kept(one.taken, other.until_ns) for one, other in pairs]
            group.bytes //= 2

    def _made_small(self, taken: Taken) -> Taken:
        """As large as the largest pane needs it, so that a group takes little memory."""
        stream, frame = self._decoder.stream, taken.frame
        outputs = self._flow.outputs.values()
        if stream is None or stream.aspect != 1 or frame.format.name not in PLANAR or not outputs:
            return taken
        room = max(one.pane.width for one in outputs), max(one.pane.height for one in outputs)
        width, height = fitted(frame.width, frame.height, stream.aspect, *room)
        if width * height >= frame.width * frame.height:
            return taken
        small = self._small.reformat(
            frame, width, height, frame.format.name, interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
        return Taken(taken.wall_ns, small)

    def _found(self, group: _Decoded, position_ns: int) -> Found:
        kept = group.at(position_ns)
        if kept is not None and position_ns < kept.until_ns:
            return Found(kept.taken, "", None, group.interval_ns, group.size)
        if group.last is None:
            return Found(None, "unreadable_footage")
        return Found(None, self._reading.why_nothing(position_ns))
