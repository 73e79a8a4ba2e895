"""The pictures of one source on their way to its panes, and what can be said about them."""

from __future__ import annotations

import time
from fractions import Fraction

import av

from console.video import condition, frames
from console.video.camera_clock import CameraClock
from console.video.cover import CoverDetector
from console.video.freeze import FreezeDetector, luma_digest
from console.video.load import CAUSES, CUT_OF, CUTS, Level
from console.video.load_cause import Arrivals
from console.video.output import Output
from console.video.straighten import Straightener
from console.video.thinning import Thinning

TEND_EVERY_NS = 250_000_000
#: A picture later than this is delayed.
DELAYED_AFTER_NS = 500_000_000
#: Fewer pictures a second than this share of what the source sends, while some are left out: delayed.
FEW_PICTURES = 0.6
#: How long a picture with errors is spoken of.
DAMAGED_FOR_NS = 3_000_000_000
#: It stays in the pictures built on it until the next key picture; a stream without any mends itself bit by
#: bit, and is believed after this.
DAMAGED_LONGEST_NS = 12_000_000_000
FPS_WINDOW_NS = 1_000_000_000


class Flow:
    """Shows pictures in all panes of a source and keeps the figures of the badge. The decoding thread
    only.
    """

    def __init__(self) -> None:
        self.outputs: dict[int, Output] = {}
        self.freeze = FreezeDetector()
        self.cover = CoverDetector()
        #: State and reason while no picture comes: ("connecting", ""), ("no_signal", "timeout") ..; None:
        #: playing.
        self.phase: tuple[str, str] | None = ("connecting", "")
        #: A standing flaw of a source that plays all the same, as a reason.
        self.flaw = ""
        self.nominal_fps = 0.0
        self.aspect = Fraction(1)
        self.width = self.height = 0
        #: Load control's word, for the badge, and what it must know (see `frames.SHARE_PPM`).
        self.level = Level.FULL
        self.share_ppm = self.traits = 0
        self.arrivals = Arrivals()
        self.clock = CameraClock()
        self.left_out = 0
        self._thinning = Thinning()
        self._straighten = Straightener()
        self.codec = ""
        self.skipped = self.corrupt = 0
        self.shown_ns = 0
        self._corrupt_ns = -DAMAGED_LONGEST_NS
        self._whole = True
        self._shown = self._fps_shown = self._tended_shown = 0
        self._fps = 0.0
        self._fps_since_ns = 0
        self._fps_skipped = 0
        self._few = False
        self._lag_ns = self._least_lag_ns = 0
        self._tended_ns = 0
        #: Of the pictures since the last look, the lag of the one that was least late.
        self.least_lag_ns = 0

    def show(self, frame: av.VideoFrame, due_mono_ns: int, taken_at_ns: int) -> None:
        """Put a decoded picture into every pane. The same picture may be shown again with a later time."""
        now_ns = time.monotonic_ns()
        self._look_for_damage(frame, now_ns)
        if self._thinning.leaves_out(self.level, frame.key_frame, now_ns - self.shown_ns):
            self.left_out += 1
            return
        if self.freeze.due(now_ns):
            plane = frame.planes[0]
            self.freeze.see(luma_digest(plane, min(frame.width, plane.line_size), frame.height), now_ns)
            if self.cover.due(now_ns):
                self.cover.see(frame, now_ns)
        self.width, self.height = frame.width, frame.height
        aspect = self.aspect
        if frame.rotation or frame.interlaced_frame:
            tallest = max((output.pane.height for output in self.outputs.values()), default=0)
            frame, aspect, on_its_side = self._straighten(frame, aspect, tallest)
            if on_its_side:
                self.width, self.height = self.height, self.width
        for output in self.outputs.values():
            output.put(frame, aspect, due_mono_ns, taken_at_ns, time.monotonic_ns())
        self.shown_ns = time.monotonic_ns()
        self._shown += 1
        self._lag_ns = self.shown_ns - due_mono_ns
        self._least_lag_ns = min(self._least_lag_ns, self._lag_ns)
        if self.phase is not None:
            self.phase = None
            self.tend(self.shown_ns)

    def pass_over(self, frame: av.VideoFrame, now_ns: int) -> None:
        """A picture was decoded and is not shown: there is no time for it. Damage in it stays in the pictures
        that are built on it."""
        self._look_for_damage(frame, now_ns)
        self.skipped += 1

    def _look_for_damage(self, frame: av.VideoFrame, now_ns: int) -> None:
        if frame.is_corrupt:
            self.spoil(now_ns)
        elif frame.key_frame:
            self._whole = True

    def spoil(self, now_ns: int) -> None:
        """A picture, or a part of one, could not be decoded."""
        self.corrupt += 1
        self._corrupt_ns = now_ns
        self._whole = False

    def restarted(self) -> None:
        """The source was opened anew: what was known about its pictures no longer counts."""
        self.freeze.forget()
        self.cover.forget()
        self.arrivals.restart()
        self.clock.restart()
        self.flaw = ""

    def tend(self, now_ns: int) -> None:
        """Judge, and write the figures into every pane's head. Four times a second is enough."""
        if now_ns - self._fps_since_ns >= FPS_WINDOW_NS:
            seconds = (now_ns - self._fps_since_ns) / 1e9
            self._fps = (self._shown - self._fps_shown) / seconds
            skipping = self.skipped > self._fps_skipped
            self._few = skipping and self._fps < FEW_PICTURES * self.nominal_fps
            self._fps_shown, self._fps_skipped, self._fps_since_ns = self._shown, self.skipped, now_ns
        state, reason = self._judge(now_ns)
        cut, cause = CUTS.index(CUT_OF[self.level]), CAUSES.index(self._cause())
        for output in self.outputs.values():
            head = output.pane.head
            head[frames.FPS_MILLI] = int(self._fps * 1000)
            head[frames.LAG_US] = self._lag_ns // 1000
            head[frames.SAME_FOR_MS] = self.freeze.same_for_ns // 1_000_000 if self.freeze.frozen else 0
            head[frames.SOURCE_WIDTH], head[frames.SOURCE_HEIGHT] = self.width, self.height
            head[frames.NOMINAL_FPS_MILLI] = int(self.nominal_fps * 1000)
            head[frames.CODEC] = condition.codec_number(self.codec)
            head[frames.SKIPPED], head[frames.CORRUPT] = self.skipped + self.left_out, self.corrupt
            head[frames.CUT], head[frames.CUT_CAUSE] = cut, cause
            head[frames.SHARE_PPM], head[frames.TRAITS] = self.share_ppm, self.traits
            _write_clock(head, self.clock)
            head[frames.REASON] = condition.REASON_NUMBER[reason]
            head[frames.STATE] = condition.STATE_NUMBER[state]
        # A source that has fallen silent is not late.
        self.least_lag_ns = self._least_lag_ns if self._shown != self._tended_shown else 0
        self._least_lag_ns, self._tended_shown = self._lag_ns, self._shown
        self._tended_ns = now_ns

    def tend_if_due(self, now_ns: int) -> None:
        if now_ns - self._tended_ns >= TEND_EVERY_NS:
            self.tend(now_ns)

    def _cause(self) -> str:
        """Why the panes have less than the camera could give; empty while they have it all."""
        if self.level is not Level.FULL or self._few:
            return "this_machine"
        return self.arrivals.cause if self.phase is None else ""

    def _judge(self, now_ns: int) -> tuple[str, str]:
        if self.phase is not None:
            return self.phase
        if self.freeze.frozen:
            return "frozen", "same_picture"
        if self.cover.covered:
            return "covered", "nothing_to_see"
        spoilt_for_ns = DAMAGED_FOR_NS if self._whole else DAMAGED_LONGEST_NS
        if now_ns - self._corrupt_ns < spoilt_for_ns:
            return "damaged", "corrupt_pictures"
        if self.flaw:
            return "damaged", self.flaw
        if self._least_lag_ns > DELAYED_AFTER_NS or self._few:
            return "delayed", "this_machine"
        return "live", ""


def _write_clock(head: memoryview[int], clock: CameraClock) -> None:
    offset_ms, drift_ppm = clock.offset_ms, clock.drift_ppm
    head[frames.CLOCK_OFFSET_MS], head[frames.CLOCK_DRIFT_PPM] = offset_ms or 0, drift_ppm or 0
    head[frames.CLOCK_TOLD] = (offset_ms is not None) * frames.OFFSET_TOLD | (
        drift_ppm is not None
    ) * frames.DRIFT_TOLD
