"""An export that runs beside whoever asked for it: started, listened to and ended without waiting for it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from typing import IO, NamedTuple

import msgspec

from console.evidence.job import Done, ExportJob, Failed, Progress, StillJob, Told

END_WITHIN_S = 10.0
_LARGEST_STILL_BYTES = 64 << 20
_decode = msgspec.json.Decoder(Told).decode


class ExportRun:
    """One export in a process of its own. `progress` and `result` may be looked at in any thread at any time;
    `start`, `cancel` and `wait` belong to one thread. `start` and `cancel` do not wait.
    """

    def __init__(self, job: ExportJob) -> None:
        self._job = job
        self.progress = Progress(done=0.0, step="reading")
        self.result: Done | Failed | None = None
        self._cancelled = False
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="evidence-export", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to end; `result` is then `cancelled`, unless it was done before."""
        with self._lock:
            self._cancelled = True
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()

    def wait(self, seconds: float = END_WITHIN_S) -> None:
        """Wait for its end, at most so long; then kill it."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            with self._lock:
                if self._process is not None:
                    self._process.kill()
            self._thread.join(END_WITHIN_S)

    def _run(self) -> None:
        try:
            # A file, not a pipe: nobody reads it before the end.
            with tempfile.TemporaryFile() as errors:
                self._talk(errors)
        except OSError as error:
            self.result = Failed(code="other", detail=error.strerror or str(error))

    def _talk(self, errors: IO[bytes]) -> None:
        with self._lock:
            if self._cancelled:
                self.result = Failed(code="cancelled")
                return
            process = self._process = subprocess.Popen(
                [sys.executable, "-m", "console.evidence.process"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        last: Done | Failed | None = None
        with process:
            try:
                process.stdin.write(msgspec.json.encode(self._job))
                process.stdin.close()
            except BrokenPipeError:
                pass  # it ended already; its end says why
            for line in process.stdout:
                try:
                    told = _decode(line)
                except msgspec.DecodeError:
                    continue
                if isinstance(told, Progress):
                    self.progress = told
                else:
                    last = told
        self.result = last or self._ended(errors)

    def _ended(self, errors: IO[bytes]) -> Failed:
        """It ended without a word: because it was told to, or by a fault."""
        if self._was_cancelled():
            return Failed(code="cancelled")
        errors.seek(0)
        return Failed(code="ended", detail=errors.read()[-300:].decode(errors="replace").strip())

    def _was_cancelled(self) -> bool:
        return self._cancelled


class Still(NamedTuple):
    """A picture to draw on: rows of BGR without padding."""

    width: int
    height: int
    wall_ns: int
    data: bytes


class StillRun:
    """Fetches one recorded picture in a process of its own; `result` is None until then. As `ExportRun`."""

    def __init__(self, job: StillJob) -> None:
        self._job = job
        self.result: Still | Failed | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="evidence-still", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End it and wait for it, a moment."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        if self._thread.is_alive():
            self._thread.join(END_WITHIN_S)

    def _run(self) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "console.evidence.process", "still"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            said, _ = self._process.communicate(msgspec.json.encode(self._job))
            head, _, data = said[:_LARGEST_STILL_BYTES].partition(b"\n")
            told = msgspec.json.decode(head, type=dict[str, int | str])
            if self._process.returncode == 0:
                self.result = Still(int(told["width"]), int(told["height"]), int(told["wall_ns"]), data)
            else:
                self.result = Failed(code=str(told.get("code", "other")))
        except (OSError, msgspec.DecodeError, KeyError, ValueError) as error:
            self.result = Failed(code="other", detail=str(error))
