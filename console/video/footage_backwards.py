"""Recorded pictures from the later to the earlier: decoded group by group, shown from each group's end."""

from __future__ import annotations

import time
from collections import deque

from av.video.reformatter import Interpolation, VideoReformatter

from console.footage.layout import GAP_NS
from console.footage.record import StoredPacket
from console.video.footage_decoding import LOST_AFTER_GROUPS, PacketDecoder, Taken
from console.video.footage_flow import FootageFlow
from console.video.footage_reading import FootageReading, Group
from console.video.load import Level
from console.video.output import PLANAR, fitted
from console.video.transport import Transport

SLICE_NS = 6_000_000
SHOW_EVERY_NS = 28_000_000
ASK_AGAIN_NS = 250_000_000
#: What the decoded pictures of one group may take; of more, fewer are kept.
MOST_GROUP_BYTES = 64 << 20
#: So much of the room's time is decoded ahead, in so many groups at most.
AHEAD_NS = 600_000_000
MOST_GROUPS = 8


class _Decoded:
    """The pictures of one group, in order; `begin_ns` is that of its first packet."""

    def __init__(self, begin_ns: int, before_ns: int) -> None:
        self.begin_ns, self.before_ns = begin_ns, before_ns
        self.pictures: list[Taken] = []
        self.size = (0, 0)
        self.interval_ns = 40_000_000
        self.bytes = 0
        self.step_ns = 0


class Backwards:
    """Used by `FootageIntake` while the rate is below 0. The decoding thread only."""

    def __init__(self, reading: FootageReading, decoder: PacketDecoder, flow: FootageFlow) -> None:
        self._reading, self._decoder, self._flow = reading, decoder, flow
        self._small = VideoReformatter()
        self._groups: deque[_Decoded] = deque()
        self._filling: _Decoded | None = None
        self._packets: deque[StoredPacket] = deque()
        self._asked_ns: int | None = None
        self._nothing_before_ns: int | None = None
        self._shown_ns = self._ready_for_ns = 0
        self._last_wall_ns = 0
        self._asked_mono_ns = 0
        #: How long a group takes from asking to showing, as of late.
        self._takes_ns = 100_000_000

    def begin(self) -> None:
        """Start from wherever the transport stands."""
        self.forget()

    def forget(self) -> None:
        """Give all pictures up."""
        self._groups.clear()
        self._filling, self._asked_ns, self._nothing_before_ns = None, None, None
        self._ready_for_ns = 0
        self._packets.clear()
        self._decoder.begin()

    def show_again(self) -> None:
        """Another pane wants the picture that is shown."""
        self._shown_ns = self._ready_for_ns = 0

    def step(self, transport: Transport, now_ns: int, level: Level) -> int:
        """Decode a little, show what belongs to the position; when to come again (monotonic ns)."""
        at_ns = transport.next_beat(now_ns)
        position_ns = transport.position(at_ns)
        self._drop(position_ns)
        self._receive()
        is_busy = self._fill(transport.rate, now_ns, level)
        self._ask(transport, at_ns)
        if at_ns != self._ready_for_ns:
            self._ready_for_ns = at_ns
            self._show(position_ns, now_ns, at_ns)
        return now_ns if is_busy else at_ns

    def _drop(self, position_ns: int) -> None:
        """Groups that are over: everything in them is later than the position."""
        while len(self._groups) > 1 and self._groups[0].begin_ns > position_ns:
            self._groups.popleft()
        first = self._groups[0] if self._groups else None
        jumped = first is not None and position_ns >= first.before_ns + GAP_NS
        filling = self._filling
        overtaken = filling is not None and position_ns < filling.begin_ns
        if jumped or overtaken:
            self.forget()

    def _ask(self, transport: Transport, at_ns: int) -> None:
        if self._asked_ns is not None or self._filling is not None or len(self._groups) >= MOST_GROUPS:
            return
        # By the time a group is decoded the clock has gone on: ask for the one that will be wanted then.
        wanted_ns = transport.position(at_ns + self._takes_ns)
        before_ns = wanted_ns + 1
        if self._groups:
            begin_ns = self._groups[-1].begin_ns
            if len(self._groups) > 1 and begin_ns <= transport.position(at_ns + AHEAD_NS):
                return
            before_ns = min(begin_ns, before_ns)
        self._asked_mono_ns = at_ns
        if self._nothing_before_ns is not None and before_ns <= self._nothing_before_ns:
            return
        self._asked_ns = before_ns
        self._reading.group(before_ns)

    def _receive(self) -> None:
        if self._asked_ns is None:
            return
        item = self._reading.take()
        while item is not None and not (isinstance(item, Group) and item.before_ns == self._asked_ns):
            item = self._reading.take()
        if item is None:
            return
        assert isinstance(item, Group)
        self._asked_ns = None
        if not item.packets:
            self._nothing_before_ns = item.before_ns
            return
        self._packets = deque(item.packets)
        self._filling = _Decoded(min(one.wall_ns for one in item.packets), item.before_ns)
        self._decoder.begin()

    def _fill(self, rate: float, now_ns: int, level: Level) -> bool:
        """Decode the group that was read. True while there is more of it."""
        filling = self._filling
        if filling is None:
            return False
        filling.step_ns = max(filling.step_ns, int(SHOW_EVERY_NS * -rate))
        until_ns = now_ns + SLICE_NS
        while self._packets:
            packet = self._packets.popleft()
            for taken in self._decoder.decode(packet, level >= Level.NON_REFERENCE):
                self._keep(filling, taken)
            if time.monotonic_ns() > until_ns:
                return True
        for taken in self._decoder.drain():
            self._keep(filling, taken)
        filling.pictures.sort(key=_wall_ns)
        self._groups.append(filling)
        self._filling = None
        self._takes_ns = (self._takes_ns + min(max(0, now_ns - self._asked_mono_ns), AHEAD_NS)) // 2
        return False

    def _keep(self, group: _Decoded, taken: Taken) -> None:
        if taken.wall_ns >= group.before_ns:
            return
        last = group.pictures[-1] if group.pictures else None
        if last is not None:
            apart_ns = taken.wall_ns - self._last_wall_ns
            if 0 < apart_ns <= GAP_NS:
                group.interval_ns = apart_ns
            self._last_wall_ns = taken.wall_ns
            if 0 <= taken.wall_ns - last.wall_ns < group.step_ns:
                return
        self._last_wall_ns = taken.wall_ns
        group.size = (taken.frame.width, taken.frame.height)
        smaller = self._made_small(taken)
        group.pictures.append(smaller)
        group.bytes += smaller.frame.width * smaller.frame.height * 3 // 2
        if group.bytes > MOST_GROUP_BYTES:
            group.pictures, group.bytes = group.pictures[::2], group.bytes // 2
            group.step_ns = max(2 * group.step_ns, 2 * group.interval_ns)

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

    def _show(self, position_ns: int, now_ns: int, at_ns: int) -> None:
        picture = _at(self._groups, position_ns)
        group = next((one for one in self._groups if picture is not None and picture in one.pictures), None)
        if picture is not None and group is not None:
            reach_ns = max(group.interval_ns * 3 // 2, group.step_ns + group.interval_ns)
            if position_ns - picture.wall_ns <= reach_ns or _follows(self._groups, picture):
                if picture.wall_ns != self._shown_ns:
                    self._shown_ns = picture.wall_ns
                    stream = self._decoder.stream
                    if stream is not None:
                        self._flow.aspect, self._flow.codec = stream.aspect, stream.codec
                    self._flow.nominal_fps = 1e9 / group.interval_ns
                    self._flow.show_taken(picture.frame, picture.wall_ns, at_ns, at_ns, group.size)
                return
        if self._decoder.empty_groups >= LOST_AFTER_GROUPS:
            self._blank("gap", "unreadable_footage")
        elif (self._groups and self._groups[0].begin_ns <= position_ns) or (
            self._nothing_before_ns is not None and position_ns < self._nothing_before_ns
        ):
            self._blank("gap", self._reading.why_nothing(position_ns))
        elif now_ns - self._flow.shown_ns > ASK_AGAIN_NS:
            self._blank("connecting", "")

    def _blank(self, state: str, reason: str) -> None:
        self._shown_ns = 0
        self._flow.blank(state, reason)


def _wall_ns(taken: Taken) -> int:
    return taken.wall_ns


def _at(groups: deque[_Decoded], position_ns: int) -> Taken | None:
    """The last picture at or before a position; the first one of a group whose own first is a bit later."""
    best = None
    for group in groups:
        for picture in group.pictures:
            if picture.wall_ns <= position_ns and (best is None or picture.wall_ns > best.wall_ns):
                best = picture
    return best


def _follows(groups: deque[_Decoded], picture: Taken) -> bool:
    """Whether another picture follows within one stretch: then this one lasts until that."""
    return any(0 < one.wall_ns - picture.wall_ns <= GAP_NS for group in groups for one in group.pictures)
