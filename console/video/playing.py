"""A clip, or a folder of them, that plays in step with the wall clock."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from functools import partial

import av
from av.video.stream import VideoStream

from console.clock import WALL_CLOCK
from console.video.clip import ClipReader, Position, open_clip, position, wall_of
from console.video.folder import FolderReader
from console.video.intake import NEVER_NS, Intake
from console.video.load import Level
from console.video.trouble import TIMEOUT_S

#: So late, and decoding goes on from the next key frame, if the present is beyond one.
JUMP_AFTER_NS = 400_000_000
#: So late, and the clip is searched for the present position although that may mean to decode some twice.
SEEK_AFTER_NS = 2_000_000_000
#: Not more often: on a machine that cannot keep up, searching would eat what is left.
SEEK_EVERY_NS = 3_000_000_000
#: So late, and pictures nothing is built on are left out.
HURRY_AFTER_NS = 300_000_000
#: However late, a pane gets a new picture so often.
SHOW_AT_LEAST_EVERY_NS = 200_000_000

Reader = ClipReader | FolderReader


class ClipIntake(Intake):
    """Plays a file. The decoding thread decodes one picture ahead and shows it when the wall clock is
    there.
    """

    _reader: Reader | None = None
    _opened: Reader | None = None
    _coming: tuple[av.VideoFrame, int] | None = None
    _shown: tuple[av.VideoFrame, int] | None = None
    _described: VideoStream | None = None
    _seeked_ns = 0
    _started_ns = 0
    _wall_minus_mono_ns = 0

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                reader = self._reader_of()
                reader.seek(self._position(reader, WALL_CLOCK.now_ns()))
            except Exception as error:  # whatever a file makes the decoder say is a state of this pane
                if not self._failed(error):
                    return
            else:
                self._opened = reader
                self.next_due_ns = 0
                self._around.wake()
                return

    def _reader_of(self) -> Reader:
        if os.path.isdir(self.source.locator):
            return FolderReader(self.source, self._quick)
        return ClipReader(open_clip(self.source, TIMEOUT_S), self._quick, self.source.loop)

    def panes_changed(self) -> None:
        if self._reader is not None and self._reader.quick != self._quick:
            self._reader.quick = self._quick  # ask once
            self._begin(self._run)  # the present reader plays on until the new one is there

    def step(self, now_ns: int) -> None:
        try:
            if self._opened is not None:
                self._take_over(now_ns)
            if self._reader is not None:
                self._play(self._reader, now_ns)
            else:
                self.next_due_ns = NEVER_NS
        except EOFError:
            self._pause()
            self.flow.phase = ("no_signal", "clip_ended")
        except Exception as error:  # see _run
            self._pause()
            self._begin(partial(self._again, error, (now_ns - self._started_ns) / 1e9))

    def _pause(self) -> None:
        self._reader = self._coming = self._shown = None
        self.next_due_ns = NEVER_NS

    def _again(self, error: BaseException, held_s: float) -> None:
        if self._failed(error, held_s):
            self._run()

    def _take_over(self, now_ns: int) -> None:
        self._reader, self._opened = self._opened, None
        assert self._reader is not None
        self._fault = None
        self.flow.restarted()
        self.flow.flaw = self._reader.flaw
        self._describe(self._reader)
        self._coming = self._shown = None
        self._seeked_ns = self._started_ns = now_ns

    def _describe(self, reader: Reader) -> None:
        """The badge's figures of the clip that is played now."""
        self._described = stream = reader.stream
        self.flow.nominal_fps = 1 / reader.interval_s
        self.flow.aspect = stream.codec_context.sample_aspect_ratio or Fraction(1)
        self.flow.codec = stream.codec_context.name

    def _position(self, reader: Reader, wall_ns: int) -> Position:
        return position(self.source, reader.length_s, wall_ns)

    def _play(self, reader: Reader, now_ns: int) -> None:
        # Both clocks are read together: the wall clock says where the clip stands, the other one is waited
        # for.
        self._wall_minus_mono_ns = WALL_CLOCK.now_ns() - time.monotonic_ns()
        at = self._position(reader, now_ns + self._wall_minus_mono_ns)
        if self._coming is None:
            self._coming = self._decoded(reader, now_ns)
        picture, played_ns = self._coming
        late_ns = at.played_ns - played_ns
        interval_ns = int(reader.interval_s * 1e9)
        if late_ns < 0:
            if at.held and self._shown is not None:
                self._repeat(now_ns, interval_ns)
            elif -late_ns > interval_ns * 2 + SEEK_AFTER_NS:  # the wall clock was set back
                self._seek(reader, at, now_ns)
            else:
                self.next_due_ns = now_ns - late_ns
            return
        if late_ns > JUMP_AFTER_NS and self._may_jump(reader, at, late_ns, now_ns):
            self._seek(reader, at, now_ns)
            return
        reader.hurry(late_ns > HURRY_AFTER_NS or self.level >= Level.NON_REFERENCE)
        reader.thin = self.level >= Level.GROUP_HEADS
        self._coming = None
        due_ns = now_ns - late_ns
        if late_ns > interval_ns and now_ns - self.flow.shown_ns < SHOW_AT_LEAST_EVERY_NS:
            self.flow.pass_over(picture, now_ns)
        else:
            self.flow.show(picture, due_ns, wall_of(self.source, played_ns))
        if self.source.hold is not None:
            self._shown = picture, played_ns
        if late_ns > interval_ns:
            self.next_due_ns = now_ns  # after the others, who are as late
            return
        # In time: the next one at once, while the decoder's memory is still in the processor's cache.
        self._coming = self._decoded(reader, now_ns)
        self.next_due_ns = due_ns + max(0, self._coming[1] - played_ns)

    def _decoded(self, reader: Reader, now_ns: int) -> tuple[av.VideoFrame, int]:
        picture = reader.next()
        if reader.stream is not self._described:
            self._describe(reader)
        errors, reader.errors = reader.errors, 0
        if errors:
            self.flow.spoil(now_ns)
        return picture

    def _may_jump(self, reader: Reader, at: Position, late_ns: int, now_ns: int) -> bool:
        if reader.key_ahead(at):
            return True
        # Without an index nobody knows; a long way behind (the end of a hold, a stopped process) it pays.
        return late_ns > SEEK_AFTER_NS and now_ns - self._seeked_ns > SEEK_EVERY_NS

    def _repeat(self, now_ns: int, interval_ns: int) -> None:
        """What a stuck camera sends: its last picture, with the time running on."""
        assert self._shown is not None
        self.flow.show(self._shown[0], now_ns, now_ns + self._wall_minus_mono_ns)
        self.next_due_ns = now_ns + interval_ns

    def _seek(self, reader: Reader, at: Position, now_ns: int) -> None:
        reader.seek(at)
        self._coming = self._shown = None
        self._seeked_ns = now_ns
        self.next_due_ns = now_ns
