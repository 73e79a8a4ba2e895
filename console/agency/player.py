"""Plays a shared camera: fragmented MP4 over HTTPS, decoded in a thread of its own. No Qt.

The link holds the secret that lets us in. It is never logged, nor put into an error.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from console.agency.certificates import CertificateError, viewing_context
from console.clock import SECOND_NS, Clock
from console.handoff.profile import party_name

Ended = Literal["left", "end", "refused", "lost", "broken"]
"""left: we closed it · end: the server ended it · refused: it did not let us in · lost: the line · broken:
no video that can be read."""
_SILENT_S, _MOST_WIDE, _MOST_CLIP = 20.0, 1280, 100_000_000


class Screen(Protocol):
    """Where pictures go. Called in the player's thread."""

    def picture(self, rgb: NDArray[np.uint8], count: int) -> None:
        """A picture, (height, width, 3) bytes of RGB, and which one it is."""
        ...

    def ended(self, why: Ended, detail: str, count: int) -> None:
        """Once, at the end."""
        ...


class Player:
    """One look. `stop` from any thread; `ended` is then still said, once."""

    def __init__(
        self, url: str, keys: Path, agency: str, screen: Screen, clock: Clock, *, paced: bool,
        clip: bool = False,
    ) -> None:  # fmt: skip
        """`paced`: show at the pace of the recording; live pictures are shown as they come. `clip`: a whole
        file at the console's own door, whose certificate has the console's name and not the address."""
        self._url = url
        self._keys = keys
        self._agency = agency
        self._screen = screen
        self._clock = clock
        self._paced = paced
        self._clip = clip
        self._stopping = threading.Event()
        self._connection: http.client.HTTPSConnection | None = None
        self._count = 0
        self._thread = threading.Thread(target=self._run, name="shared-video", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End soon: what waits for bytes is woken."""
        self._stopping.set()
        connection = self._connection
        sock = connection.sock if connection is not None else None
        if isinstance(sock, socket.socket):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it was over already

    def join(self, timeout_s: float = 5.0) -> None:
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        why, detail = self._play()
        if self._stopping.is_set():
            why, detail = "left", ""  # what broke then was broken by us
        self._screen.ended(why, detail, self._count)

    def _play(self) -> tuple[Ended, str]:
        try:
            response = self._open()
            if response.status != 200:
                return "refused", f"HTTP {response.status}"
            self._show(self._whole(response) if self._clip else _Stream(response))
        except (FFmpegError, ValueError) as error:
            return ("broken", _plain(error)) if self._count == 0 else ("end", "")
        except (OSError, http.client.HTTPException, CertificateError) as error:
            return "lost", _plain(error)
        finally:
            if self._connection is not None:
                self._connection.close()
        return "end", ""

    def _open(self) -> http.client.HTTPResponse:
        parts = urlsplit(self._url)
        if parts.scheme != "https" or not parts.hostname:
            raise http.client.HTTPException("the link is no https address")
        context: ssl.SSLContext = viewing_context(self._keys, self._agency)
        name = party_name("console") if self._clip else parts.hostname
        self._connection = _Line(parts.hostname, parts.port, name, context)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        self._connection.request("GET", path, headers={"User-Agent": f"bongsu agency {self._agency}"})
        return self._connection.getresponse()

    def _whole(self, response: http.client.HTTPResponse) -> io.BytesIO:
        """A file's index may stand at its end, so all of it is read first."""
        data = response.read(_MOST_CLIP + 1)
        if len(data) > _MOST_CLIP:
            raise ValueError("the clip is too large")
        return io.BytesIO(data)

    def _show(self, stream: _Stream | io.BytesIO) -> None:
        # Little is looked at before the first picture: the head says all there is.
        options = {"probesize": "65536", "analyzeduration": "0", "fflags": "nobuffer"}
        with av.open(stream, mode="r", format="mp4", options=options, buffer_size=32_768) as container:
            video = container.streams.video[0]
            video.thread_type = "SLICE"
            began: tuple[int, float] | None = None
            for frame in container.decode(video):
                if self._stopping.is_set():
                    return
                if self._paced and frame.time is not None:
                    now_ns = self._clock.mono_ns()
                    began = began or (now_ns, frame.time)
                    ahead_s = (frame.time - began[1]) - (now_ns - began[0]) / SECOND_NS
                    if ahead_s > 0 and self._stopping.wait(min(ahead_s, 5.0)):
                        return
                wide = min(frame.width, _MOST_WIDE)
                high = max(2, frame.height * wide // frame.width)
                self._count += 1
                rgb = np.ascontiguousarray(frame.reformat(wide, high, "rgb24").to_ndarray(), np.uint8)
                self._screen.picture(rgb, self._count)


class _Line(http.client.HTTPSConnection):
    """To an address whose certificate has to have this name."""

    def __init__(self, host: str, port: int | None, name: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, context=context, timeout=_SILENT_S)
        self._name = name
        self._trust = context

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), _SILENT_S)
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=self._name)
        except BaseException:
            plain.close()
            raise


class _Stream:
    """An answer as a file that can only be read on: whatever has come, without waiting for more."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response

    def read(self, size: int) -> bytes:
        return self._response.read1(size)


def _plain(error: BaseException) -> str:
    """What went wrong, without any address in it."""
    said = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
