"""Real RTSP cameras on this machine: GStreamer's server in a process of its own, hung and ended at will."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from console.paths import shipped

SYSTEM_PYTHON = Path("/usr/bin/python3")
_PROBE = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); gi.require_version('GstApp', '1.0');"
    " from gi.repository import GstApp, GstRtspServer"
)


def rtsp_server_is_here() -> bool:
    """Whether the system's python3 can run GStreamer's RTSP server. Waits for it, some tenths of a second."""
    try:
        return subprocess.run([SYSTEM_PYTHON, "-c", _PROBE], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


class RtspCameras:
    """One server with a mount for each camera (see assets/rigs/rtsp_server.py). The port stays the same when
    it is started again. `stop` it, or use it in a with statement. One thread."""

    def __init__(
        self, mounts: dict[str, dict[str, Any]], password: str = "", certificate: str = "", key: str = ""
    ) -> None:
        self.mounts = mounts
        self.password = password
        self._certificate, self._key = certificate, key
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    def url(self, path: str = "/camera") -> str:
        scheme = "rtsps" if self._certificate else "rtsp"
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def start(self) -> None:
        """Start serving; returns when connections are taken. Raises OSError when it does not start."""
        told = {
            "port": self.port, "user": "operator", "password": self.password,
            "certificate": self._certificate, "key": self._key, "mounts": self.mounts,
        }  # fmt: skip
        script = shipped("assets") / "rigs" / "rtsp_server.py"
        self.process = subprocess.Popen(
            [SYSTEM_PYTHON, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.close()
        port = self.process.stdout.readline().strip()
        if not port:
            self.stop()
            raise OSError("GStreamer's RTSP server did not start")
        self.port = int(port)

    def hang(self) -> None:
        """Keep every connection and say nothing more, as an overheated camera does."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it at once, as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def __enter__(self) -> RtspCameras:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
