"""Recorded pictures of one camera, shown where the clock of their group stands."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Any

from console.video.footage_backwards import Backwards
from console.video.footage_decoding import PacketDecoder
from console.video.footage_finding import Found, Line
from console.video.footage_flow import FootageFlow
from console.video.footage_forward import Forward
from console.video.footage_reading import FootageReading, StepAsked
from console.video.footage_ticks import FAST_FROM, Ticks
from console.video.intake import NEVER_NS, Intake
from console.video.load import Level
from console.video.transport import Transport

#: Decoding for one pane stops after so long, so that the others have their turn.
SLICE_NS = 6_000_000
#: Nothing was found for so long after another moment was asked for: the old picture goes.
PATIENCE_NS = 400_000_000
#: A picture that comes this late is found with fewer others decoded.
HURRY_AFTER_NS = 300_000_000
#: So many moments are decoded ahead: when others have the processor for a while, panes stay in step.
MOST_READY = 4
#: After a picture was missed, the next one is looked for so far ahead at most.
MOST_AHEAD_NS = 500_000_000
#: Where nothing is recorded (yet) it is looked again so often.
LOOK_AGAIN_NS = 100_000_000


class FootageIntake(Intake):
    """Follows the transport of its group. The decoding thread, but for the thread that reads the disk.

    A picture is decoded and scaled before its time and seen from that moment on (`console.video.frames`): all
    panes of a group change in the same instant, whichever process decodes them.
    """

    flow: FootageFlow

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.flow = FootageFlow()
        self._decoder = PacketDecoder()
        self._reading = FootageReading(
            Path(self.source.locator), self.source.camera_id, self._arrived, self._around.stepped
        )
        self._forward = Forward(self._reading, self._decoder)
        self._backwards = Backwards(self._reading, self._decoder, self.flow)
        self._line: Line = self._forward
        self._transport: Transport | None = None
        self._ticks = Ticks()
        #: The moment a picture is looked for (monotonic); 0: now.
        self._target_ns = self._asked_ns = 0
        #: Since when what is asked for is asked for; from when on what was written last is seen.
        self._since_ns = self._seen_from_ns = 0
        self._shown_wall_ns = 0
        #: Found for moments to come, in order, while another picture waits in the pane.
        self._ready: deque[tuple[int, Found]] = deque()
        self._errors = 0

    def start(self) -> None:
        super().start()
        self.next_due_ns = 0  # where its group stands may have been told before

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
        self._choose_care()
        self._ready.clear()
        self._shown_wall_ns = self._target_ns = self.next_due_ns = 0

    def _choose_care(self) -> None:
        """At a fast rate nobody sees the edges of blocks, and there is much to decode."""
        fast = self._transport is not None and abs(self._transport.rate) >= FAST_FROM
        self._decoder.quick = self._quick or fast

    def moved(self) -> None:
        """The transport of the group is another one."""
        self.next_due_ns = 0

    def late_ns(self, now_ns: int) -> int:
        """A search is no lateness: only a picture that comes after its moment is."""
        return self.flow.least_lag_ns

    def step(self, now_ns: int) -> None:
        transport = self._around.transports.get(self.source.group)
        if transport is None:
            self.next_due_ns = NEVER_NS
            return
        if transport != self._transport:
            self._follow(transport, now_ns)
        self._show_ready(now_ns)
        if len(self._ready) >= MOST_READY:
            self.next_due_ns = self._next_ready_ns
            return
        at_ns = self._target_ns or now_ns
        hurry = self.level >= Level.NON_REFERENCE or self._ticks.is_slowed or now_ns - at_ns > HURRY_AFTER_NS
        found = self._line.find(transport.position(at_ns), now_ns + SLICE_NS, hurry)
        if self._decoder.errors > self._errors:
            self._errors = self._decoder.errors
            self.flow.spoil(now_ns)
        now_ns = time.monotonic_ns()
        if found is None:
            self._wait(transport, now_ns)
        elif at_ns > now_ns and (self._ready or not self._may_lay_ready(found, now_ns)):
            self._ready.append((at_ns, found))
            self._aim(transport, found, at_ns, now_ns)
        else:
            self._show(found, at_ns, now_ns)
            self._aim(transport, found, at_ns, now_ns)

    def _may_lay_ready(self, found: Found, now_ns: int) -> bool:
        """One picture can wait in the pane, not two; a gap begins when it begins, and ends so."""
        return self._seen_from_ns <= now_ns and found.taken is not None and bool(self.flow.shown_wall_ns)

    @property
    def _next_ready_ns(self) -> int:
        """When something can be done with what was found: at once after the picture before is seen."""
        if not self._ready:
            return NEVER_NS
        at_ns, found = self._ready[0]
        return self._seen_from_ns if found.taken is not None and self.flow.shown_wall_ns else at_ns

    def _show_ready(self, now_ns: int) -> None:
        while self._ready and self._next_ready_ns <= now_ns:
            at_ns, found = self._ready.popleft()
            self._show(found, at_ns, now_ns)
            if self._seen_from_ns > now_ns:
                return

    def _follow(self, transport: Transport, now_ns: int) -> None:
        before, self._transport = self._transport, transport
        self._since_ns = now_ns
        self._target_ns = self._seen_from_ns = self._shown_wall_ns = 0
        self._ready.clear()
        self.flow.take_back()
        self._choose_care()
        line: Line = self._backwards if transport.rate < 0 else self._forward
        if line is not self._line or transport.rate < 0:
            self._line.forget()
            line.forget()
        self._line = line
        self._forward.has_moved = True
        if before is None or before.rate != transport.rate:
            self._ticks.begin(transport.rate)
        if transport.rate < 0:
            ticks = self._ticks
            self._backwards.is_met = lambda from_ns, until_ns: ticks.is_met(transport, from_ns, until_ns)
            self._backwards.is_fast = transport.rate <= -FAST_FROM
            self._target_ns = ticks.after(transport, now_ns)
        self._asked_ns = now_ns

    def _wait(self, transport: Transport, now_ns: int) -> None:
        """It is not known yet which picture belongs to the moment."""
        if self._target_ns and transport.rate and now_ns > self._target_ns + self._ticks.length_ns // 2:
            # Never a queue: a later moment is looked for, as far ahead as this one took.
            if self.flow.phase is not None and self.flow.phase[0] == "recorded":
                self._ticks.missed(now_ns)
                self.flow.skipped += 1
                self.flow.is_behind(self._ticks.is_slowed)
            took_ns = min(now_ns - self._asked_ns, MOST_AHEAD_NS)
            self._target_ns, self._asked_ns = self._ticks.after(transport, now_ns + took_ns), now_ns
        if now_ns - max(self._since_ns, self.flow.shown_ns, self._asked_ns) > PATIENCE_NS:
            self._blank("connecting", "")
        again_ns = now_ns if self._line.is_busy else now_ns + LOOK_AGAIN_NS
        self.next_due_ns = min(again_ns, self._next_ready_ns)

    def _show(self, found: Found, at_ns: int, now_ns: int) -> None:
        if found.taken is None:
            self._blank("gap", found.reason)
            return
        if found.taken.wall_ns == self._shown_wall_ns:
            return
        self._shown_wall_ns = found.taken.wall_ns
        stream = self._decoder.stream
        if stream is not None:
            self.flow.aspect, self.flow.codec = stream.aspect, stream.codec
        self.flow.nominal_fps = 1e9 / found.interval_ns
        ready_ns = at_ns if at_ns > now_ns else 0
        self.flow.show_taken(found.taken.frame, found.taken.wall_ns, at_ns, ready_ns, found.size)
        self._seen_from_ns = at_ns
        self._ticks.met(now_ns)
        self.flow.is_behind(self._ticks.is_slowed)

    def _blank(self, state: str, reason: str) -> None:
        self._shown_wall_ns = 0
        self.flow.blank(state, reason)

    def _aim(self, transport: Transport, found: Found, at_ns: int, now_ns: int) -> None:
        """Which moment comes next. Its picture is decoded at once, and laid ready when the present one is
        seen."""
        self._asked_ns = now_ns
        if not transport.rate:
            self._target_ns = 0
            self.next_due_ns = NEVER_NS if found.taken is not None else now_ns + LOOK_AGAIN_NS
            return
        if self._ticks.are_used(transport.rate, found.interval_ns, self.level):
            self._target_ns = self._ticks.after(transport, max(at_ns, now_ns))
        elif found.next_ns is not None:
            self._target_ns = max(transport.mono_at(found.next_ns), at_ns + 1)
        else:
            self._target_ns = 0
            self.next_due_ns = now_ns + LOOK_AGAIN_NS
            return
        self.next_due_ns = now_ns
