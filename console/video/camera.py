"""A camera on the network: read in a thread of its own, decoded in turn with the others."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import av

from console.clock import WALL_CLOCK
from console.footage.record import StoredPacket
from console.video.camera_clock import producer_time_us
from console.video.head_start import Beginning, HeadStart
from console.video.intake import NEVER_NS, Intake
from console.video.load import Level
from console.video.opening import Opened, open_video
from console.video.source import AUTHORITIES, FORMATS, PROTOCOLS, Source, url_for_opening
from console.video.thinning import GroupHeads
from console.video.trouble import TIMEOUT_S

#: More packets than this wait only when this machine cannot keep up; then decoding goes on from the newest
#: key frame. About four seconds of a 25 fps camera.
MOST_WAITING = 100
#: However late, a pane gets a new picture so often.
SHOW_AT_LEAST_EVERY_NS = 200_000_000
#: A file that ends sooner is no film that begins again, but one that is broken.
PLAYED_AT_LEAST_S = 0.5
#: A web server's file is not waited for longer than this between two packets, whatever their time stamps say.
LONGEST_PAUSE_S = 1.0
#: Pictures from before the stream was joined that are decoded in one turn.
CATCH_UP_AT_ONCE = 8
#: What is wrong with a camera that was asked is said by then.
TOLD_AFTER_NS = 2_500_000_000
TIMEOUT_US = str(int(TIMEOUT_S * 1e6))
#: How much of a stream FFmpeg may look at before it gives the first packet. RTSP describes its streams
#: before they begin; FFmpeg would look at seven pictures to guess the order of later ones: half a second.
ANALYSED_US = {"rtsp": "1", "http": "500000"}


def options_for(source: Source) -> dict[str, str]:
    """FFmpeg's options for a live source: nothing but what is needed, as early as possible, video only."""
    options = {
        "protocol_whitelist": PROTOCOLS[source.kind],
        "format_whitelist": FORMATS[source.kind],
        # Not "nobuffer": with it, FFmpeg throws away the pictures it looked at first, the key picture a
        # server begins with among them.
        "analyzeduration": ANALYSED_US[source.kind],
        "probesize": "1000000",
        "fpsprobesize": "0",
    }
    if source.kind == "rtsp":
        options |= {
            "rtsp_transport": source.transport,
            "timeout": TIMEOUT_US,
            # Sound is never asked for, so it never comes.
            "allowed_media_types": "video",
        }
    else:
        options |= {"rw_timeout": TIMEOUT_US, "reconnect": "0"}
    if source.is_secure:
        # FFmpeg trusts everybody unless told otherwise, and the password goes through this connection.
        authorities = source.certificate or next(filter(os.path.exists, AUTHORITIES), "")
        options |= {"tls_verify": "1", "ca_file": authorities}
    return options


def decoder_for(stream: av.VideoStream, quick: bool) -> Any:
    """A decoder of its own for a stream; the stream's own one cannot change its options once it runs."""
    described = stream.codec_context
    decoder = av.VideoCodecContext.create(described.name, "r")
    decoder.extradata = described.extradata
    decoder.thread_count = 1
    if quick:
        decoder.options = {"skip_loop_filter": "all"}
    return decoder


class CameraIntake(Intake):
    """Reads packets as they come and decodes the oldest one in each step. Time is the time of arrival: a
    camera's own time stamps may jump, stop or begin again, and the picture goes on."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._lock = threading.Lock()
        self._waiting: deque[tuple[int, int, Any]] = deque()
        self._stream: av.VideoStream | None = None
        self._decoder: Any = None
        self._decoder_is_quick = False
        self._key_seen = False
        self._heard_s = 0.0
        self._asked_ns = 0
        self._pace: _Pace | None = None
        self._heads = GroupHeads()
        self._recorded: tuple[Path, str] | None = None
        self._joining = False
        self._before: deque[StoredPacket] = deque()

    def is_recorded(self, folder: Path, camera_id: str) -> None:
        """A recorder of this machine may keep this camera below `folder`: joined in the middle of a group,
        the stream may begin with what that has of it."""
        self._recorded = (folder, camera_id)

    def _run(self) -> None:
        while not self._ended.is_set():
            opened_s = time.monotonic()
            try:
                container, stream = self._open()
                opened_s = self._heard_s = time.monotonic()
                with container:
                    is_file = self.source.kind == "http" and container.size > 0
                    self._pace = _Pace(self._ended) if is_file else None
                    self._read(container, stream)
                if is_file and time.monotonic() - opened_s > PLAYED_AT_LEAST_S:
                    continue  # a file behind a web server has an end, and begins again
                error: BaseException = EOFError("the other side closed the connection")
            except Exception as raised:  # whatever comes over a network is a state of this pane
                error = raised
            with self._lock:
                self._waiting.clear()
            now_s = time.monotonic()
            if self._ended.is_set() or not self._failed(error, now_s - opened_s, now_s - self._heard_s):
                return

    def _open(self) -> Opened:
        # Only attempts after a failure queue: a camera that is asked for now does not wait for dead ones.
        gate = self._around.gate if self._fault is not None else None
        with gate.again(self._ended) if gate is not None else nullcontext():
            self._heard_s = time.monotonic()
            self._asked_ns = time.monotonic_ns()
            return open_video(
                url_for_opening(self.source, self.credential), options_for(self.source), TIMEOUT_S
            )

    def _read(self, container: Any, stream: av.VideoStream) -> None:
        context = stream.codec_context
        rate = stream.average_rate or stream.guessed_rate
        self.flow.nominal_fps = float(rate) if rate and rate <= 240 else 0.0
        self.flow.aspect = context.sample_aspect_ratio or self.flow.aspect
        self.flow.codec = context.name
        for packet in container.demux(stream):
            if self._ended.is_set():
                return
            if packet.size:
                if self._pace is not None:
                    self._pace.wait(packet)
                self._take(stream, packet)

    def _take(self, stream: av.VideoStream, packet: Any) -> None:
        now_ns, wall_ns = time.monotonic_ns(), WALL_CLOCK.now_ns()
        self._heard_s = now_ns / 1e9
        with self._lock:
            if stream is not self._stream:
                self._stream, self._decoder, self._key_seen = stream, None, False
                self._fault = None
                self._before.clear()
                self._joining = False
                self.flow.restarted()
                if not packet.is_keyframe:
                    self._join(stream)
            if packet.is_keyframe:
                self._joining = False
            if len(self._waiting) >= MOST_WAITING:
                self._leave_out()
            self._waiting.append((now_ns, wall_ns, packet))
            self.next_due_ns = min(self.next_due_ns, now_ns)
        # Only RTSP tells the camera's own time.
        told = packet.pts if self.source.kind == "rtsp" and packet.time_base else None
        camera_s = float(told * packet.time_base) if told is not None else None
        self.flow.arrivals.saw(now_ns, camera_s, packet.is_corrupt, self.flow.nominal_fps)
        self.flow.clock.saw(now_ns, wall_ns, producer_time_us(packet), camera_s)
        self._around.wake()

    def _join(self, stream: av.VideoStream) -> None:
        """The stream begins in the middle of a group: look for its beginning in what is recorded."""
        if self._recorded is None or self.source.kind != "rtsp":
            return
        self._joining = True

        def live() -> list[bytes] | None:
            with self._lock:
                if not self._joining or self._stream is not stream or self._ended.is_set():
                    return None
                return [bytes(packet) for _, _, packet in self._waiting]

        def found(beginning: Beginning | None) -> None:
            with self._lock:
                if not self._joining or self._stream is not stream:
                    return
                self._joining = False
                if beginning is not None:
                    for _ in range(beginning.number):
                        self._waiting.popleft()
                    self._before = deque(beginning.packets)
                    self._key_seen = True
                self.next_due_ns = min(self.next_due_ns, time.monotonic_ns())
            self._around.wake()

        codec = stream.codec_context
        HeadStart(*self._recorded, codec.name, bytes(codec.extradata or b""), live, found).start()

    def _leave_out(self) -> None:
        """Forget what waits before the newest key frame; without one, everything up to the next."""
        newest_first = range(len(self._waiting) - 1, 0, -1)
        keep = next((number for number in newest_first if self._waiting[number][2].is_keyframe), None)
        left_out = len(self._waiting) if keep is None else keep
        for _ in range(left_out):
            self._waiting.popleft()
        self._joining = False
        if keep is None:
            self._key_seen = False
        self.flow.skipped += left_out

    def tend(self, now_ns: int) -> None:
        super().tend(now_ns)
        if self._fault is None and self.flow.phase is not None and self._asked_ns:
            self.flow.phase = self._without_pictures(now_ns)

    def _without_pictures(self, now_ns: int) -> tuple[str, str]:
        """What is true while no picture came since the camera was asked: a name service that does not answer
        cannot be interrupted, a stream may have pictures nobody can decode."""
        if now_ns - self._asked_ns < TOLD_AFTER_NS:
            return "connecting", ""
        if now_ns - int(self._heard_s * 1e9) > TOLD_AFTER_NS:
            return "no_signal", "timeout"
        return ("no_signal", "unreadable") if self._key_seen else ("connecting", "no_key_yet")

    def step(self, now_ns: int) -> None:
        with self._lock:
            if self._before and self._stream is not None:
                self._catch_up(self._stream)
                self.next_due_ns = now_ns
                return
            if not self._waiting or self._joining:
                self.next_due_ns = NEVER_NS
                return
            arrived_ns, taken_at_ns, packet = self._waiting.popleft()
            behind = len(self._waiting)
            self.next_due_ns = self._waiting[0][0] if self._waiting else NEVER_NS
            # Pictures before the first key frame can only be wrong.
            self._key_seen = self._key_seen or packet.is_keyframe
            if not self._key_seen or self._stream is None:
                return
            if not self._heads.takes(packet.is_keyframe, arrived_ns, self.level is Level.GROUP_HEADS):
                self.flow.left_out += 1
                return
            if self._decoder is None or (packet.is_keyframe and self._decoder_is_quick != self._quick):
                # A pane became large (or small) again: from a key frame on, another decoder can go on.
                self._decoder_is_quick = self._quick
                self._decoder = decoder_for(self._stream, self._quick)
            decoder = self._decoder
        decoder.skip_frame = "NONREF" if self.level >= Level.NON_REFERENCE else "DEFAULT"
        try:
            frames = decoder.decode(packet)
        except (av.FFmpegError, IndexError, ValueError):
            self.flow.spoil(now_ns)
            return
        if packet.is_corrupt:
            self.flow.spoil(now_ns)
        for frame in frames:
            if behind and now_ns - self.flow.shown_ns < SHOW_AT_LEAST_EVERY_NS:
                self.flow.pass_over(frame, now_ns)
            else:
                self.flow.show(frame, arrived_ns, taken_at_ns)


    def _catch_up(self, stream: av.VideoStream) -> None:
        """Decode some of what came before the stream was joined; none of it is shown."""
        if self._decoder is None:
            self._decoder_is_quick = self._quick
            self._decoder = decoder_for(stream, self._quick)
        for _ in range(min(len(self._before), CATCH_UP_AT_ONCE)):
            try:
                self._decoder.decode(av.Packet(self._before.popleft().data))
            except (av.FFmpegError, IndexError, ValueError):
                # Not what it seemed: from the next key picture on, as if there had been no recording.
                self._before.clear()
                self._decoder, self._key_seen = None, False
                return


class _Pace:
    """A file comes as fast as the network gives it; its pictures are due at the pace of their time stamps."""

    def __init__(self, ended: threading.Event) -> None:
        self._ended = ended
        self._ahead_s: float | None = None

    def wait(self, packet: Any) -> None:
        """Return when this packet is due."""
        stamp = packet.dts if packet.dts is not None else packet.pts
        if stamp is None or not packet.time_base:
            return
        now_s, stamp_s = time.monotonic(), float(stamp * packet.time_base)
        if self._ahead_s is None:
            self._ahead_s = stamp_s - now_s
        wait_s = stamp_s - self._ahead_s - now_s
        if not -LONGEST_PAUSE_S < wait_s < LONGEST_PAUSE_S:
            self._ahead_s = stamp_s - now_s  # the time stamps jumped, or the network was slow
        elif wait_s > 0:
            self._ended.wait(wait_s)
