"""One run of the real demo, for the measurements that need all of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import psutil

from console.demo.memory import pss_mb

END_WITHIN_S = 40.0


def demo_figures(seconds: float, memory: bool = False) -> dict[str, Any]:
    """Run `bongsu demo` (headless where there is no display) and return its desk's figures.

    With `memory`, also demo_pss_mb, desk_pss_mb and by_process_mb. Raises RuntimeError when it did not run.
    """
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        home = Path(folder) / "home"
        words = [sys.executable, "-m", "console.cli", "demo", "--home", str(home), "--for", f"{seconds:g}"]
        if not os.environ.get("DISPLAY"):
            words.append("--headless")
        with open(Path(folder) / "demo.out", "wb") as output:
            demo = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            try:
                found = _sample(demo, home, seconds) if memory else {}
                demo.wait(seconds + END_WITHIN_S)
            finally:
                if demo.poll() is None:
                    demo.send_signal(signal.SIGTERM)
                    demo.wait(END_WITHIN_S)
        lines = (Path(folder) / "demo.out").read_text("utf-8").strip().splitlines()
        try:
            summary = msgspec.json.decode(lines[-1])
        except (IndexError, msgspec.DecodeError):
            raise RuntimeError(f"the demo left no summary: {' | '.join(lines[-3:])}") from None
        return {**summary, **found}


def _sample(demo: subprocess.Popen[bytes], home: Path, seconds: float) -> dict[str, Any]:
    """The greatest PSS over the second half of the run."""
    began = time.monotonic()
    whole = desk = 0.0
    parts: dict[str, float] = {}
    while time.monotonic() - began < seconds - 2 and demo.poll() is None:
        time.sleep(1.0)
        if time.monotonic() - began < seconds / 2:
            continue
        total = pss_mb([demo.pid])
        if total > whole:
            whole, parts = total, _parts(demo.pid)
        desk = max(desk, parts.get("desk", 0.0))
    return {
        "demo_pss_mb": round(whole, 1), "desk_pss_mb": round(desk, 1),
        "by_process_mb": {name: round(value, 1) for name, value in sorted(parts.items())},
    }


def _parts(pid: int) -> dict[str, float]:
    parts: dict[str, float] = {"demo": 0.0}
    for child in psutil.Process(pid).children():
        words = child.cmdline()
        name = words[words.index("console.cli") + 1] if "console.cli" in words else "other"
        if name == "agency":
            name = f"agency {words[words.index('--id') + 1]}"
        parts[name] = parts.get(name, 0.0) + pss_mb([child.pid])
    parts["demo"] = psutil.Process(pid).memory_full_info().pss / (1 << 20)
    return parts
