"""One decoding process from outside: start it, talk to it, see that it lives, end it."""

from __future__ import annotations

import logging
import mmap
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from console.video import messages as msg
from console.video.frames import new_memory

log = logging.getLogger(__name__)

#: A worker whose pulse is older hangs: its loop looks up every 0.1 s, and no single picture takes this long.
HANGS_AFTER_NS = 1_200_000_000
#: Until the first pulse: the interpreter and the decoder have to be loaded, on a machine that may be busy.
STARTS_WITHIN_NS = 15_000_000_000
ENDS_WITHIN_S = 1.0
OWN_PAUSE_NS = 1_000_000_000
LONGEST_STDERR = 4096
#: Memory up to this size stays with a decoding process when it is freed: more than a picture of 4K.
MOST_PICTURE_BYTES = str(64 << 20)


class OwnPauses:
    """Whether this process may judge others: not right after it stood still itself.

    When a whole desk is stopped and goes on (a debugger, a suspended machine), its own clock tells first, and
    every worker would look as if it hung.
    """

    def __init__(self) -> None:
        self._looked_ns = 0
        self._from_ns = 0

    def may_judge(self, now_ns: int) -> bool:
        """Called in every round of the loop, which takes at most `OWN_PAUSE_NS`."""
        if self._looked_ns and now_ns - self._looked_ns > OWN_PAUSE_NS:
            self._from_ns = now_ns + HANGS_AFTER_NS
        self._looked_ns = now_ns
        return now_ns >= self._from_ns


class WorkerProcess:
    """A running worker. The engine's thread only."""

    def __init__(self, number: int, gate: int) -> None:
        """`gate`: descriptor of the gate all workers share."""
        self.number = number
        self.stderr_tail = b""
        self.started_ns = time.monotonic_ns()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        handle = new_memory(msg.PULSE_WORDS * 8)
        try:
            self._pulse = memoryview(mmap.mmap(handle, msg.PULSE_WORDS * 8)).cast("q")
            # A new interpreter, not a fork: the window's process has threads, sockets and Qt. And not
            # multiprocessing's spawn: that imports the parent's main module into each worker (all of Qt,
            # for a desk), which costs start-up time and memory, and adds a process that tracks named
            # shared memory.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "console.video.worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                pass_fds=(theirs.fileno(),), env=_environment(),
            )  # fmt: skip
            theirs.close()
            self.door = ours
            ours.setblocking(False)
            assert self.process.stderr is not None
            os.set_blocking(self.process.stderr.fileno(), False)
            self.send(msg.Opening(parent_pid=os.getpid()), handle)
            self.send(msg.Gate(), gate)
        except BaseException:
            ours.close()
            theirs.close()
            raise
        finally:
            os.close(handle)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def busy_feed(self) -> int:
        """The feed whose picture the worker is (or was, when it ended) decoding; 0 for none."""
        return int(self._pulse[msg.BUSY_FEED])

    @property
    def busy_ns(self) -> int:
        """How long its decoding thread has been at work since it started, by the monotonic clock: when others
        have the processor, the same work takes longer."""
        return int(self._pulse[msg.BUSY_NS])

    @property
    def late_ns(self) -> int:
        """How late the latest of its sources is."""
        return int(self._pulse[msg.LATE_NS])

    def send(self, message: msg.ToWorker, handle: int = -1) -> bool:
        """Send a message, with a file descriptor where one belongs to it. False when the worker does not take
        it: it is gone or hangs, and will be replaced."""
        try:
            socket.send_fds(self.door, [msg.encode(message)], [handle] if handle >= 0 else [])
        except OSError:
            return False
        return True

    def received(self) -> list[msg.FromWorker] | None:
        """What the worker said since the last call; None when it is gone."""
        said: list[msg.FromWorker] = []
        while True:
            try:
                data = self.door.recv(msg.LARGEST_BYTES)
            except BlockingIOError:
                return said
            except OSError:
                return None
            if not data:
                return said or None
            said.append(msg.decode_from_worker(data))

    def read_stderr(self) -> bool:
        """Keep the end of what the worker printed (a fault in native code); False at its end."""
        assert self.process.stderr is not None
        try:
            data = os.read(self.process.stderr.fileno(), LONGEST_STDERR)
        except BlockingIOError:
            return True
        self.stderr_tail = (self.stderr_tail + data)[-LONGEST_STDERR:]
        return bool(data)

    def hangs(self, now_ns: int) -> bool:
        pulse_ns = self._pulse[msg.PULSE_NS]
        if not pulse_ns:
            return now_ns - self.started_ns > STARTS_WITHIN_NS
        return now_ns - pulse_ns > HANGS_AFTER_NS

    def close(self, kill: bool) -> None:
        """End the process, by force where asked or needed, and wait for it. At most about two seconds."""
        if not kill:
            kill = not self.send(msg.Stop())
        if kill:
            self.process.kill()
        try:
            self.process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.read_stderr()
        self.door.close()
        assert self.process.stderr is not None
        self.process.stderr.close()


def _environment() -> dict[str, str]:
    place = str(Path(__file__).resolve().parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (place, inherited))),
        # One heap for few threads: glibc otherwise keeps up to 8 a core, each with what it once needed.
        "MALLOC_ARENA_MAX": "2",
        # A picture of more than 128 KiB would else be new memory of the kernel each time, and each of its
        # pages a fault: a third of what scaling it costs.
        "MALLOC_MMAP_THRESHOLD_": MOST_PICTURE_BYTES,
        "MALLOC_TRIM_THRESHOLD_": MOST_PICTURE_BYTES,
    }
