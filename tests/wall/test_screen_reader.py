"""The wall as a screen reader hears it: the real accessibility bus, from another process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SYSTEM_PYTHON = Path("/usr/bin/python3")
LAUNCHERS = [Path(folder) / "at-spi-bus-launcher" for folder in ("/usr/libexec", "/usr/lib/at-spi2-core")]
HERE = Path(__file__).parent
SESSION = """
"$LAUNCHER" --launch-immediately & bus=$!
mkfifo "$FOLDER/end"
"$PYTHON" -m tests.wall.spoken_wall < "$FOLDER/end" & wall=$!
exec 9> "$FOLDER/end"
/usr/bin/python3 "$READER" "Video wall"; heard=$?
echo end >&9
wait $wall; ended=$?
kill $bus
wait $bus
exit $((heard + ended))
"""


def launcher() -> Path | None:
    return next((path for path in LAUNCHERS if path.is_file()), None)


def has_glib() -> bool:
    words = [str(SYSTEM_PYTHON), "-c", "from gi.repository import Gio"]
    return SYSTEM_PYTHON.is_file() and subprocess.run(words, capture_output=True).returncode == 0


@pytest.fixture
def display() -> Iterator[str]:
    server = shutil.which("Xvfb")
    if server is None or shutil.which("dbus-run-session") is None or launcher() is None or not has_glib():
        pytest.skip("needs Xvfb, dbus-run-session, at-spi2-core and the system's python3-gi")
    told, tell = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(tell), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(tell,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(tell)
    with os.fdopen(told) as number:
        name = f":{number.readline().strip()}"
    yield name
    process.terminate()
    process.wait()


@pytest.mark.needs_display
def test_another_process_finds_each_pane_with_its_state_and_figures(display: str, tmp_path: Path) -> None:
    other = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")
    given = {name: value for name, value in os.environ.items() if name not in other} | {
        "DISPLAY": display, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "PYTHON": sys.executable,
        "LAUNCHER": str(launcher()), "READER": str(HERE / "bus_reader.py"), "FOLDER": str(tmp_path),
    }  # fmt: skip
    words = ["dbus-run-session", "--", "sh", "-c", SESSION]
    done = subprocess.run(words, capture_output=True, text=True, env=given, cwd=HERE.parents[1], timeout=100)
    assert done.returncode == 0, done.stderr
    heard = json.loads(done.stdout.splitlines()[-1])
    stalled, masked, cut, delayed = heard["panes"]
    assert {pane["role"] for pane in heard["panes"]} == {"list item"}
    assert stalled["name"].startswith("1 ")
    assert "Stalled. Nothing comes from the camera." in stalled["name"]
    assert "Stalled 12 s" in stalled["description"]
    assert "2 parts of the picture are hidden" in masked["description"]
    assert "Quality reduced: fewer pictures: this machine" in cut["description"]
    assert "1920x1080 h264, 17 of 25 pictures a second" in delayed["description"]
    assert all(pane["box"][2] > 400 and pane["box"][3] > 300 for pane in heard["panes"])
    assert stalled["name"].removeprefix("1 ") in heard["name"], "the selected pane is told by the wall itself"
