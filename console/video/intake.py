"""One source being decoded, whichever kind it is: what the worker's loop knows of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from console.video import frames
from console.video.backoff import Backoff
from console.video.flow import Flow
from console.video.footage_reading import StepAsked
from console.video.gate import OpeningGate
from console.video.load import Level
from console.video.output import SMALL_PANE_PIXELS
from console.video.redact import Redactor
from console.video.source import Credential, Source
from console.video.transport import Transport
from console.video.trouble import told_by

NEVER_NS = 1 << 62
LONGEST_DETAIL = 300


class Surroundings(Protocol):
    """What a worker gives to its intakes. All of it may be used from any thread."""

    redact: Redactor
    gate: OpeningGate | None
    #: Where each group of recorded panes stands; read by the decoding thread only.
    transports: Mapping[str, Transport]

    def wake(self) -> None:
        """There is something to do."""

    def tell(self, intake: Intake, reason: str, detail: str) -> None:
        """Say why there is no picture."""

    def stepped(self, asked: StepAsked, wall_ns: int | None) -> None:
        """Say which picture was asked for."""


class Intake:
    """A source and the panes that show it. `step` and `tend` are called by the decoding thread only.

    `next_due_ns` (monotonic) is when `step` should be called next. Waiting, opening and reading from the
    network happen in a thread of the intake's own, so that a silent camera stops nobody.
    """

    def __init__(self, source: Source, credential: Credential | None, around: Surroundings) -> None:
        self.source = source
        self.credential = credential
        self.flow = Flow()
        self.next_due_ns = NEVER_NS
        self.used_ns = 0
        self.level = Level.FULL
        self._told_used_ns = 0
        self._around = around
        self._backoff = Backoff()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        #: Set by the opening thread while there is trouble; the decoding thread makes it the flow's state.
        self._fault: tuple[str, str] | None = None

    def step(self, now_ns: int) -> None:
        """Decode at most one picture, show at most one."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin to open the source, in a thread of its own."""
        self._begin(self._run)

    def tend(self, now_ns: int) -> None:
        if self._fault is not None:
            self.flow.phase = self._fault
        self.flow.tend_if_due(now_ns)

    def panes_changed(self) -> None:
        """A pane came or went, so that the largest one may be of another size class."""

    def set_level(self, level: Level) -> None:
        """Decode at this level of load control from now on (some of it from the next key picture on)."""
        if level is not self.level:
            self.level = self.flow.level = level
            self.panes_changed()

    def late_ns(self, now_ns: int) -> int:
        """How long it has been waiting for its turn, or its pictures were waiting when they were shown."""
        return max(0, now_ns - self.next_due_ns, self.flow.least_lag_ns)

    def tell_share(self, window_ns: int) -> None:
        """Work out which share of the decoding thread this source took since the last call."""
        self.flow.share_ppm = (self.used_ns - self._told_used_ns) * 1_000_000 // window_ns
        self.flow.traits = self._panes_are_small * frames.IS_QUICK
        self._told_used_ns = self.used_ns

    def close(self) -> None:
        """Stop. The opening thread ends by itself, at the latest after its time-out."""
        self._ended.set()

    def _run(self) -> None:
        raise NotImplementedError

    def _begin(self, run: Callable[[], None]) -> None:
        # A daemon: a thread that waits for a silent camera must not keep the process.
        self._thread = threading.Thread(target=run, name="video-source", daemon=True)
        self._thread.start()

    @property
    def _quick(self) -> bool:
        return self.level >= Level.LOOP_FILTER or self._panes_are_small

    @property
    def _panes_are_small(self) -> bool:
        return all(output.pixels <= SMALL_PANE_PIXELS for output in self.flow.outputs.values())

    def _failed(self, error: BaseException, held_s: float = 0.0, silent_s: float = 0.0) -> bool:
        """Say what is wrong and wait before the next attempt. False when the intake was closed meanwhile."""
        self._fault = told_by(error, self.source, silent_s)
        detail = self._around.redact(f"{type(error).__name__}: {error}")[:LONGEST_DETAIL]
        self._around.tell(self, self._fault[1], detail)
        self._around.wake()
        return not self._ended.wait(self._backoff.pause_s(held_s))
