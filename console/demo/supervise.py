"""The demo's processes: started in order, started again when they die, ended together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from console.clock import SECOND_NS, Clock

MAX_RESTARTS = 5
RESTART_WINDOW_NS = 60 * SECOND_NS
END_WAIT_S = 10.0

_log = logging.getLogger("bongsu.demo")


@dataclass(slots=True)
class Child:
    """One `bongsu` process. `essential`: when it ends by itself, the demo ends (a closed window)."""

    name: str
    words: tuple[str, ...]
    essential: bool = False
    process: subprocess.Popen[bytes] | None = None
    deaths_ns: deque[int] = field(default_factory=deque)
    given_up: bool = False


class Supervisor:
    """Owns the children; one thread. Their output goes to files in the log folder: no pipe that fills."""

    def __init__(self, home: Path, clock: Clock, environment: dict[str, str] | None = None) -> None:
        self._home, self._clock = home, clock
        self._environment = {**os.environ, **(environment or {}), "BONGSU_HOME": str(home)}
        self._log_folder = home / "log"
        self._log_folder.mkdir(parents=True, exist_ok=True)
        self.children: dict[str, Child] = {}
        self.restarts = 0

    def start(self, name: str, *words: str, essential: bool = False) -> Child:
        """Start `bongsu WORDS...` under a name."""
        child = Child(name, words, essential)
        self.children[name] = child
        self._spawn(child)
        return child

    def _spawn(self, child: Child) -> None:
        with open(self._log_folder / f"{child.name}.log", "ab") as output:
            child.process = subprocess.Popen(
                [sys.executable, "-m", "console.cli", *child.words], env=self._environment,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )

    def look(self) -> str | None:
        """Start again what died; returns the name of an essential child that ended, else None."""
        for child in self.children.values():
            process = child.process
            if process is None or process.poll() is None:
                continue
            if child.essential:
                return child.name
            child.process = None
            now = self._clock.mono_ns()
            child.deaths_ns.append(now)
            while child.deaths_ns and now - child.deaths_ns[0] > RESTART_WINDOW_NS:
                child.deaths_ns.popleft()
            if len(child.deaths_ns) > MAX_RESTARTS:
                child.given_up = True
                _log.error(
                    "%s ended %d times in a minute and is not started again. See log/%s.log.",
                    child.name, len(child.deaths_ns), child.name,
                )
                continue
            _log.warning("%s ended (status %s) and is started again.", child.name, process.returncode)
            self.restarts += 1
            self._spawn(child)
        return None

    def pids(self) -> dict[str, int]:
        """Process ids of what is running, by name."""
        return {
            child.name: child.process.pid
            for child in self.children.values()
            if child.process is not None and child.process.poll() is None
        }

    def end(self, order: tuple[str, ...] = ()) -> dict[str, int]:
        """Ask all to end (first those in `order`), wait, and insist; exit statuses by name."""
        names = [*order, *(name for name in self.children if name not in order)]
        statuses: dict[str, int] = {}
        for name in names:
            process = self.children[name].process if name in self.children else None
            if process is None:
                continue
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                statuses[name] = process.wait(END_WAIT_S)
            except subprocess.TimeoutExpired:
                _log.error("%s did not end in %g s and was killed.", name, END_WAIT_S)
                os.killpg(process.pid, signal.SIGKILL)
                statuses[name] = process.wait()
        return statuses
