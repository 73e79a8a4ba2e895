"""A decoding process: ``python -m console.video.worker FD``, started by the supervisor and by nobody else.

One thread decodes the pictures of all its panes in turn, the most overdue first. It imports PyAV and
little else: no numpy, no Qt. It ends when it is told, when its parent is gone, and never prints.
"""

from __future__ import annotations

import ctypes
import faulthandler
import mmap
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console.video import messages as msg
from console.video.camera import CameraIntake
from console.video.footage_playing import FootageIntake
from console.video.footage_reading import StepAsked
from console.video.frames import PaneWriter
from console.video.gate import OpeningGate
from console.video.intake import Intake
from console.video.load import Level
from console.video.output import Output
from console.video.playing import ClipIntake
from console.video.redact import Redactor
from console.video.source import Credential, Source
from console.video.transport import Transport
from console.video.turns import Turns

#: The loop looks up at least so often, so that the pulse stays fresh and figures are written.
LONGEST_WAIT_S = 0.1
PULSE_EVERY_NS = 50_000_000
TEND_EVERY_NS = 100_000_000
SHARES_EVERY_NS = 1_000_000_000
NICE = 5
SWITCH_S = 0.001
_PR_SET_PDEATHSIG = 1
INTAKES: dict[str, type[Intake]] = {"file": ClipIntake, "footage": FootageIntake}


class Worker:
    """The intakes of this process and the loop that serves them."""

    def __init__(self, door: socket.socket) -> None:
        self.redact = Redactor()
        self.gate: OpeningGate | None = None
        self.transports: Mapping[str, Transport] = {}
        self._door = door
        self._sending = threading.Lock()
        self._todo: deque[tuple[msg.ToWorker, int]] = deque()
        self._bell = threading.Event()
        self._intakes: dict[tuple[Source, Credential | None], Intake] = {}
        self._of_feed: dict[int, Intake] = {}
        self._pulse: Any = None
        self._turns = Turns()
        self._busy_ns = self._shares_ns = 0
        self._stopping = False

    def wake(self) -> None:
        self._bell.set()

    def tell(self, intake: Intake, reason: str, detail: str) -> None:
        for feed in tuple(intake.flow.outputs):
            self._send(msg.Trouble(feed=feed, reason=reason, detail=detail))

    def _send(self, message: msg.FromWorker) -> None:
        with self._sending:
            try:
                self._door.send(msg.encode(message), socket.MSG_DONTWAIT)
            except OSError:
                pass  # the supervisor is busy or gone; the state is in the shared memory all the same

    def stepped(self, asked: StepAsked, wall_ns: int | None) -> None:
        self._send(msg.Stepped(feed=asked.feed, from_ns=asked.from_ns, count=asked.count, wall_ns=wall_ns))

    def listen(self) -> None:
        """Take commands; ends the process when the supervisor is gone. In a thread of its own, so that this
        works even while a decoder hangs."""
        while True:
            try:
                data, handles, _, _ = socket.recv_fds(self._door, msg.LARGEST_BYTES, 1)
            except OSError:
                data = b""
            if not data:
                os._exit(0)
            self._todo.append((msg.decode_to_worker(data), handles[0] if handles else -1))
            self._bell.set()

    def run(self) -> None:
        """Serve until told to stop."""
        tended_ns = pulsed_ns = 0
        while not self._stopping:
            now_ns = time.monotonic_ns()
            if now_ns - pulsed_ns > PULSE_EVERY_NS and self._pulse is not None:
                self._pulse[msg.PULSE_NS] = pulsed_ns = now_ns
            while self._todo:
                self._do(*self._todo.popleft())
            if now_ns - tended_ns > TEND_EVERY_NS:
                tended_ns = now_ns
                self._tend(now_ns)
            first = self._turns.next(self._intakes.values(), now_ns)
            wait_s = LONGEST_WAIT_S
            if first is not None:
                wait_s = min(wait_s, (first.next_due_ns - now_ns) / 1e9)
            if first is None or wait_s > 0:
                self._bell.wait(wait_s)
                self._bell.clear()
                continue
            # Should this very step end the process, the supervisor can see whose picture it was.
            self._pulse[msg.BUSY_FEED] = next(iter(first.flow.outputs), 0)
            first.step(now_ns)
            spent_ns = time.monotonic_ns() - now_ns
            first.used_ns += spent_ns
            self._busy_ns += spent_ns
            self._pulse[msg.BUSY_FEED] = 0

    def _tend(self, now_ns: int) -> None:
        intakes = self._intakes.values()
        for intake in intakes:
            intake.tend(now_ns)
        self._turns.weigh(intakes, now_ns)
        if self._pulse is not None:
            self._pulse[msg.BUSY_NS] = self._busy_ns
            self._pulse[msg.LATE_NS] = max((intake.late_ns(now_ns) for intake in intakes), default=0)
        window_ns = now_ns - self._shares_ns
        if window_ns >= SHARES_EVERY_NS:
            self._shares_ns = now_ns
            for intake in intakes:
                intake.tell_share(window_ns)

    def _do(self, message: msg.ToWorker, handle: int) -> None:
        match message:
            case msg.Opening(parent_pid=parent_pid):
                self._pulse = memoryview(mmap.mmap(handle, msg.PULSE_WORDS * 8)).cast("q")
                os.close(handle)
                if os.getppid() != parent_pid:
                    os._exit(0)  # it went before PR_SET_PDEATHSIG was set
            case msg.Gate():
                self.gate = OpeningGate(handle)
                os.close(handle)
            case msg.Show():
                self._show(message, handle)
            case msg.Quality(feed=feed, level=level):
                intake = self._of_feed.get(feed)
                if intake is not None:
                    intake.set_level(Level(level))
            case msg.SetTransport(transport=transport):
                self._set_transport(transport)
            case msg.Step(feed=feed, from_ns=from_ns, count=count):
                replayed = self._of_feed.get(feed)
                if isinstance(replayed, FootageIntake):
                    replayed.ask_step(StepAsked(feed, from_ns, count))
            case msg.Hide(feed=feed):
                self._hide(feed)
            case msg.Stop():
                self._stopping = True

    def _set_transport(self, transport: Transport) -> None:
        self.transports = {**self.transports, transport.group: transport}
        for intake in self._intakes.values():
            if isinstance(intake, FootageIntake) and intake.source.group == transport.group:
                intake.moved()

    def _show(self, show: msg.Show, handle: int) -> None:
        self._hide(show.feed)
        pane = PaneWriter(handle, show.width, show.height)
        os.close(handle)
        if show.credential is not None:
            self.redact.learn(show.credential.password, show.credential.user)
        key = (show.source, show.credential)
        intake = self._intakes.get(key)
        if intake is None:
            kind = INTAKES.get(show.source.kind, CameraIntake)
            intake = self._intakes[key] = kind(show.source, show.credential, self)
            intake.flow.outputs[show.feed] = Output(pane)
            intake.set_level(Level(show.level))
            if isinstance(intake, CameraIntake) and show.footage:
                intake.is_recorded(Path(show.footage), show.camera_id)
            intake.start()
        else:
            intake.flow.outputs[show.feed] = Output(pane)
            intake.panes_changed()
        self._of_feed[show.feed] = intake
        intake.flow.tend(time.monotonic_ns())

    def _hide(self, feed: int) -> None:
        intake = self._of_feed.pop(feed, None)
        if intake is None:
            return
        intake.flow.outputs.pop(feed, None)
        if not intake.flow.outputs:
            intake.close()
            del self._intakes[(intake.source, intake.credential)]
        else:
            intake.panes_changed()


def _die_with_parent() -> None:
    """Ask the kernel to end this process with its parent, even while it is stopped or hangs."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        pass  # not Linux: the closed socket tells us instead


def main(handle: int) -> None:
    """Run until the supervisor says stop or is gone."""
    # Ctrl-C in a terminal reaches the whole group; the parent decides when its workers stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    # The window and the hub come first: with more pictures than this machine can decode, rates fall, keys
    # do not wait.
    os.nice(NICE)
    # Threads that read give way to the one that decodes: five times as often as they would by themselves.
    sys.setswitchinterval(SWITCH_S)
    _die_with_parent()
    door = socket.socket(fileno=handle)
    worker = Worker(door)
    threading.Thread(target=worker.listen, name="video-commands", daemon=True).start()
    try:
        worker.run()
    except Exception:
        text = worker.redact(traceback.format_exc())
        door.send(msg.encode(msg.Failed(text=text[-8000:])))
        os._exit(1)
    # Threads may be waiting for silent cameras: nothing they hold needs an orderly end.
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
