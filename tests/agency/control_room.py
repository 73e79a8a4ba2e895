"""An agency as a real process, for the journeys of this folder."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.guards.waiting import until

REPO = Path(__file__).resolve().parents[2]

FAST = """
about = "At once."
mode = "{mode}"
{more}
[units]
KR-112 = ["순찰 21"]
[pace]
accept_s = {accept}
dispatch_s = 0.05
arrive_s = 0.05
close_s = 0.05
"""


class ControlRoom:
    """`bongsu agency --headless` in its own process and folder; `start` again after `kill` is a restart."""

    def __init__(self, home: Path, agency: str = "KR-112") -> None:
        self.home = home
        self.agency = agency
        self.number = agency[-3:]
        self.ready_file = home / f"{agency}.json"
        self.process: subprocess.Popen[bytes] | None = None

    def start(
        self, mode: str = "normal", more: str = "", accept: float = 0.05, ready: bool = True, **extra: str
    ) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        answers = self.home / f"{self.agency}-answers.toml"
        answers.write_text(FAST.format(mode=mode, more=more, accept=accept), encoding="utf-8")
        self.ready_file.unlink(missing_ok=True)
        options = {
            "--as": self.number, "--home": str(self.home), "--answers": str(answers),
            "--ready-file": str(self.ready_file), "--register": str(self.home / "partners.toml"),
        }  # fmt: skip
        options |= {f"--{name.replace('_', '-')}": value for name, value in extra.items()}
        arguments = [part for pair in options.items() for part in pair]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "console.agency.command", "--headless", *arguments],
            cwd=REPO, stderr=subprocess.PIPE, env=dict(os.environ),
        )  # fmt: skip
        if ready:
            until(self.is_ready, self.told, 30)

    def is_ready(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(self.told())
        return self.ready_file.exists()

    def told(self) -> str:
        assert self.process is not None
        if self.process.poll() is None:
            return f"the agency's ready file; it still runs as {self.process.pid}"
        assert self.process.stderr is not None
        return f"the agency ended with {self.process.returncode}: {self.process.stderr.read().decode()}"

    @property
    def url(self) -> str:
        return str(json.loads(self.ready_file.read_bytes())["url"])

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal and wait; the return code and what it said on stderr."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said.decode()

    def kill(self) -> None:
        """As a power cut: no chance to tidy up."""
        self.end(signal.SIGKILL)

    def ask(self, query: str) -> list[tuple]:
        """Look into its store, as an inspector would; empty while there is none."""
        path = self.home / "agency" / self.agency / "store.db"
        if not path.exists():
            return []
        base = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
        try:
            return base.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []  # not made yet
        finally:
            base.close()

    def cases(self) -> list[tuple]:
        return self.ask('SELECT key, number, stage FROM "case" ORDER BY number')
