"""Recorded pictures of one camera, shown where the clock of their group stands."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Any

from console.footage.layout import GAP_NS
from console.video.footage_backwards import Backwards
from console.video.footage_decoding import LOST_AFTER_GROUPS, PacketDecoder, Taken
from console.video.footage_flow import FootageFlow
from console.video.footage_reading import End, FootageReading, Group, StepAsked
from console.video.intake import NEVER_NS, Intake
from console.video.load import Level
from console.video.transport import Transport

#: Decoding for one pane stops after so long, so that the others have their turn.
SLICE_NS = 6_000_000
#: No pane is painted more often than the window looks.
SHOW_EVERY_NS = 28_000_000
#: Nothing was read for so long after another moment was asked for: the old picture goes.
PATIENCE_NS = 400_000_000
#: So far behind (of the footage's time, and for each unit of rate), and it is searched for anew.
SEEK_BEHIND_NS, SEEK_BEHIND_OF_RATE_NS = 1_000_000_000, 500_000_000
SEEK_EVERY_NS = 200_000_000
#: A picture at a fast rate may be so late, in the time of the room.
FAST_FROM = 2.0
FAST_LATE_NS = 250_000_000
#: So long behind at a fast rate, and only key pictures are decoded until the rate changes.
KEYS_AFTER_NS = 600_000_000
KEYS_EVERY_NS = 100_000_000
USUAL_INTERVAL_NS = 40_000_000


class FootageIntake(Intake):
    """Follows the transport of its group. The decoding thread, but for the thread that reads the disk."""

    flow: FootageFlow

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.flow = FootageFlow()
        self._decoder = PacketDecoder()
        self._reading = FootageReading(
            Path(self.source.locator), self.source.camera_id, self._arrived, self._around.stepped
        )
        self._backwards = Backwards(self._reading, self._decoder, self.flow)
        self._transport: Transport | None = None
        self._line = ""
        self._ahead: deque[Taken] = deque()
        self._current: Taken | None = None
        self._is_shown = False
        self._at_end = False
        self._sought_ns = self._sought_mono_ns = 0
        self._moved_mono_ns = self._ready_for_ns = 0
        self._interval_ns = USUAL_INTERVAL_NS
        self._behind_since_ns = 0
        self._keys_only = False
        self._errors = 0
        self.next_due_ns = 0  # the transport may have been told before

    def _run(self) -> None:
        self._reading.run()

    def close(self) -> None:
        super().close()
        self._reading.close()

    def ask_step(self, asked: StepAsked) -> None:
        """Find a neighbouring picture; the answer goes to `Surroundings.stepped`."""
        self._reading.step(asked)

    def _arrived(self) -> None:
        # In the reading thread: one word, and the decoding thread wakes.
        self.next_due_ns = min(self.next_due_ns, time.monotonic_ns())
        self._around.wake()

    def panes_changed(self) -> None:
        self._decoder.quick = self._quick
        self._is_shown = False
        self._ready_for_ns = 0
        self._backwards.show_again()
        self.next_due_ns = 0

    def moved(self) -> None:
        """The transport of the group is another one."""
        self.next_due_ns = 0

    def step(self, now_ns: int) -> None:
        transport = self._around.transports.get(self.source.group)
        if transport is None:
            self.next_due_ns = NEVER_NS
            return
        if transport != self._transport:
            before, self._transport = self._transport, transport
            self._moved_mono_ns = now_ns
            self._ready_for_ns = 0
            self.flow.take_back()
            if before is None or before.rate != transport.rate:
                self._behind_since_ns, self._keys_only = 0, False
        if transport.rate < 0:
            if self._line != "backwards":
                self._line = "backwards"
                self._forget()
                self._backwards.begin()
            self.next_due_ns = self._backwards.step(transport, now_ns, self.level)
        else:
            if self._line == "backwards":
                self._backwards.forget()
            self._forward(transport, now_ns)
        if self._decoder.errors > self._errors:
            self._errors = self._decoder.errors
            self.flow.spoil(now_ns)

    # forward

    def _forward(self, transport: Transport, now_ns: int) -> None:
        at_ns = transport.next_beat(now_ns)
        if at_ns and at_ns == self._ready_for_ns:
            self.next_due_ns = at_ns
            return
        position_ns = transport.position(at_ns or now_ns)
        if self._must_seek(position_ns, transport.rate, now_ns):
            self._seek(position_ns, now_ns)
        is_busy = self._advance(position_ns, now_ns)
        self._judge_pace(transport.rate, position_ns, now_ns, is_busy)
        self._show(transport, position_ns, now_ns, at_ns, is_busy)
        if at_ns and not is_busy and (self._ahead or self._at_end):
            self._ready_for_ns = self.next_due_ns = at_ns
        else:
            self.next_due_ns = self._due(now_ns, is_busy)

    def _forget(self) -> None:
        self._ahead.clear()
        self._current, self._is_shown, self._at_end = None, False, False
        self._decoder.begin()

    def _seek(self, position_ns: int, now_ns: int) -> None:
        self._line = "forward"
        self._forget()
        self._sought_ns, self._sought_mono_ns = position_ns, now_ns
        self._reading.seek(position_ns)

    def _must_seek(self, position_ns: int, rate: float, now_ns: int) -> bool:
        if self._line != "forward":
            return True
        if self._keys_only:
            return now_ns - self._sought_mono_ns >= KEYS_EVERY_NS
        reached_ns = self._current.wall_ns if self._current is not None else self._sought_ns
        if position_ns < reached_ns:
            return True
        if (self._ahead and self._ahead[0].wall_ns > position_ns) or self._at_end:
            return False
        behind_ns = position_ns - (self._ahead[-1].wall_ns if self._ahead else reached_ns)
        since_ns = now_ns - self._sought_mono_ns
        every_ns = SEEK_EVERY_NS if self._moved_mono_ns > self._sought_mono_ns else 3 * SEEK_EVERY_NS
        far = behind_ns > SEEK_BEHIND_NS + SEEK_BEHIND_OF_RATE_NS * rate
        # While a group is being decoded up to the position, seeking again would begin it again.
        return far and since_ns >= every_ns

    def _advance(self, position_ns: int, now_ns: int) -> bool:
        """Decode until it is known which picture belongs to the position. True when time ran out first."""
        until_ns = now_ns + SLICE_NS
        hurry = self.level >= Level.NON_REFERENCE or self._behind_since_ns > 0
        while True:
            while self._ahead and self._ahead[0].wall_ns <= position_ns:
                self._take(self._ahead.popleft())
            if self._ahead or (self._keys_only and self._current is not None):
                return False
            item = self._reading.take()
            if item is None:
                return False
            if isinstance(item, End):
                self._ahead.extend(self._decoder.drain())
                self._at_end = True
            elif not isinstance(item, Group):
                self._at_end = False
                self._ahead.extend(self._decoder.decode(item, hurry))
            if time.monotonic_ns() > until_ns:
                while self._ahead and self._ahead[0].wall_ns <= position_ns:
                    self._take(self._ahead.popleft())
                return not self._ahead

    def _take(self, taken: Taken) -> None:
        before, self._current, self._is_shown = self._current, taken, False
        if before is not None and 0 < taken.wall_ns - before.wall_ns <= GAP_NS:
            self._interval_ns = taken.wall_ns - before.wall_ns

    def _judge_pace(self, rate: float, position_ns: int, now_ns: int, is_busy: bool) -> None:
        late_ns = position_ns - self._current.wall_ns if self._current is not None and is_busy else 0
        if late_ns <= FAST_LATE_NS * max(1.0, rate):
            if not self._keys_only:
                self._behind_since_ns = 0
        elif not self._behind_since_ns:
            self._behind_since_ns = now_ns
        elif rate > FAST_FROM and now_ns - self._behind_since_ns > KEYS_AFTER_NS:
            self._keys_only = True
        behind_for_ns = now_ns - self._behind_since_ns if self._behind_since_ns else 0
        self.flow.is_behind(behind_for_ns > KEYS_AFTER_NS)

    def _show(
        self, transport: Transport, position_ns: int, now_ns: int, at_ns: int, is_busy: bool
    ) -> None:
        current = self._current
        if current is not None and self._belongs(current, position_ns, transport.rate, is_busy):
            if not self._is_shown and (at_ns or now_ns - self.flow.shown_ns >= SHOW_EVERY_NS):
                self._is_shown = True
                stream = self._decoder.stream
                if stream is not None:
                    self.flow.aspect, self.flow.codec = stream.aspect, stream.codec
                self.flow.nominal_fps = 1e9 / self._interval_ns
                self.flow.show_taken(current.frame, current.wall_ns, at_ns or now_ns, at_ns)
            return
        if self._decoder.empty_groups >= LOST_AFTER_GROUPS:
            self._blank("gap", "unreadable_footage")
        elif self._ahead or self._at_end:
            self._blank("gap", self._reading.why_nothing(position_ns))
        elif now_ns - max(self._moved_mono_ns, self.flow.shown_ns, self._sought_mono_ns) > PATIENCE_NS:
            self._blank("connecting", "")

    def _blank(self, state: str, reason: str) -> None:
        self._is_shown = False
        self.flow.blank(state, reason)

    def _belongs(self, taken: Taken, position_ns: int, rate: float, is_busy: bool) -> bool:
        """Whether a picture is the one of a moment: none is between them, and it has not been over long."""
        age_ns = position_ns - taken.wall_ns
        if self._ahead and self._ahead[0].wall_ns - taken.wall_ns <= GAP_NS:
            return True
        if self._keys_only:
            return age_ns <= GAP_NS * 8
        if is_busy:
            return rate > FAST_FROM and age_ns <= FAST_LATE_NS * rate
        # What comes next is not read yet: a moment's doubt is no gap.
        waits = not self._ahead and not self._at_end
        return age_ns <= max(self._own_ns, int(FAST_LATE_NS * max(1.0, rate)) if waits else 0)

    def _due(self, now_ns: int, is_busy: bool) -> int:
        if is_busy:
            return now_ns
        if self._current is not None and not self._is_shown and self.flow.shown_wall_ns != 0:
            return max(now_ns, self.flow.shown_ns + SHOW_EVERY_NS)
        if self._keys_only:
            return self._sought_mono_ns + KEYS_EVERY_NS
        if self._ahead or (self._at_end and self._is_shown):
            return NEVER_NS  # it stands still
        return now_ns + SHOW_EVERY_NS

    @property
    def _own_ns(self) -> int:
        """How long a picture lasts by itself."""
        return self._interval_ns * 3 // 2
