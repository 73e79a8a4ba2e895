"""Real RTSP cameras for benches and tests: GStreamer's server, run by the system's python3 (which has gi).

    /usr/bin/python3 rtsp_server.py < CONFIG

CONFIG is one line of JSON on standard input (passwords are on no command line):

    {"port": 0, "user": "operator", "password": "", "certificate": "", "key": "",
     "mounts": {"/camera": {"clip": "junction.mp4", "shared": true, "clock_ahead_s": 0, "sound": false}}}

Each mount serves the pictures of a clip (H.264, H.265 or JPEG; MP4, MKV or AVI) round and round as they are,
never encoded again, with time stamps that run on. A `shared` mount has one stream for all clients, who join
in the middle of a group of pictures; otherwise each client's stream begins with the clip's first key picture.
`clock_ahead_s`: the camera's own clock, as RTCP tells it, is so far ahead of this machine's. Prints
the port it listens on.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from itertools import pairwise
from statistics import median
from typing import Any

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import (  # noqa: E402
    Gio,
    GLib,
    Gst,
    GstRtsp,
    GstRtspServer,
)

SECOND_NS = 1_000_000_000
#: NTP counts from 1900.
NTP_AHEAD_NS = 2_208_988_800 * SECOND_NS
CLOCK_TIME = 3  # rtpbin's ntp-time-source: the pipeline's own clock
SETTLE_S = 20

PARSERS = {
    "video/x-h264": ("h264parse", "video/x-h264,stream-format=byte-stream,alignment=au",
                     "rtph264pay name=pay0 pt=96 config-interval=-1"),
    "video/x-h265": ("h265parse", "video/x-h265,stream-format=byte-stream,alignment=au",
                     "rtph265pay name=pay0 pt=96 config-interval=-1"),
    "image/jpeg": ("jpegparse", "image/jpeg", "rtpjpegpay name=pay0 pt=26"),
}  # fmt: skip
DEMUXERS = {"mp4": "qtdemux", "mov": "qtdemux", "mkv": "matroskademux", "avi": "avidemux"}
SOUND = " audiotestsrc is-live=true ! audioconvert ! audio/x-raw,rate=8000,channels=1 ! mulawenc"\
        " ! rtppcmupay name=pay1 pt=0"  # fmt: skip


class Clip:
    """The pictures of a clip as they are, with their times (ns) from its start."""

    def __init__(self, path: str) -> None:
        self.caps, self.pictures = _read(path, _kind_of(path))
        times = [at for at, _ in self.pictures]
        gaps = [later - earlier for earlier, later in pairwise(times)] or [SECOND_NS // 25]
        self.length_ns = times[-1] + int(median(gaps))

    @property
    def payloader(self) -> str:
        return PARSERS[self.caps.get_structure(0).get_name()][2]


def _demuxer(path: str) -> str:
    return DEMUXERS[path.rpartition(".")[2].lower()]


def _kind_of(path: str) -> str:
    """The clip's kind of pictures, as the demuxer names it."""
    pipeline = Gst.parse_launch(f'filesrc location="{path}" ! {_demuxer(path)} name=demux')
    found: list[str] = []
    # The demuxer speaks from a thread of its own, perhaps before anybody could wait for it in a main loop.
    seen = threading.Event()

    def added(_: Any, pad: Any) -> None:
        name = pad.get_current_caps().get_structure(0).get_name()
        if name in PARSERS and not found:
            found.append(name)
            seen.set()

    pipeline.get_by_name("demux").connect("pad-added", added)
    pipeline.set_state(Gst.State.PAUSED)
    seen.wait(SETTLE_S)
    pipeline.set_state(Gst.State.NULL)
    if not found:
        sys.exit(f"{path}: no H.264, H.265 or JPEG pictures in it")
    return found[0]


def _read(path: str, kind: str) -> tuple[Any, list[tuple[int, bytes]]]:
    parser, caps, _ = PARSERS[kind]
    pipeline = Gst.parse_launch(
        f'filesrc location="{path}" ! {_demuxer(path)} name=demux demux. ! {kind} ! {parser} ! {caps}'
        " ! appsink name=out sync=false"
    )
    out = pipeline.get_by_name("out")
    pipeline.set_state(Gst.State.PLAYING)
    pictures: list[tuple[int, bytes]] = []
    caps_found = None
    while (sample := out.emit("try-pull-sample", SETTLE_S * SECOND_NS)) is not None:
        buffer = sample.get_buffer()
        caps_found = sample.get_caps()
        at_ns = buffer.pts if buffer.pts != Gst.CLOCK_TIME_NONE else len(pictures) * SECOND_NS // 25
        pictures.append((at_ns, buffer.extract_dup(0, buffer.get_size())))
    pipeline.set_state(Gst.State.NULL)
    if not pictures:
        sys.exit(f"{path}: no picture can be read")
    first_ns = min(at for at, _ in pictures)
    return caps_found, [(at - first_ns, data) for at, data in pictures]


class Feeder:
    """Pushes a clip's pictures into one stream at their pace, until nobody takes them any more."""

    def __init__(self, source: Any, clip: Clip, from_play: Any = None) -> None:
        self._source, self._clip = source, clip
        self._wanted = threading.Event()
        self._played = threading.Event()
        if from_play is None:
            self._played.set()
        else:
            from_play.connect("new-state", self._new_state)
        # Not before the stream runs: until then it would refuse the first pictures.
        source.connect("need-data", lambda *_: self._wanted.set())
        threading.Thread(target=self._run, daemon=True).start()

    def _new_state(self, _: Any, state: int) -> None:
        if state == int(Gst.State.PLAYING):
            self._played.set()

    def _run(self) -> None:
        self._wanted.wait()
        if not self._played.is_set():
            # The stream's description is made of the first picture, before anybody plays.
            self._push(0, self._clip.pictures[0][1])
            self._played.wait()
        began_ns = time.monotonic_ns()
        passed_ns = 0
        while True:
            for at_ns, data in self._clip.pictures:
                due_ns = passed_ns + at_ns
                wait_ns = began_ns + due_ns - time.monotonic_ns()
                if wait_ns > 0:
                    time.sleep(wait_ns / SECOND_NS)
                if not self._push(due_ns, data):
                    return
            passed_ns += self._clip.length_ns

    def _push(self, stamp_ns: int, data: bytes) -> bool:
        buffer = Gst.Buffer.new_wrapped(data)
        buffer.pts = buffer.dts = stamp_ns
        return bool(self._source.emit("push-buffer", buffer) == Gst.FlowReturn.OK)


def _configure(factory: Any, media: Any, clip: Clip, mount: dict[str, Any]) -> None:
    source = media.get_element().get_by_name("source")
    source.set_property("caps", clip.caps)
    Feeder(source, clip, None if mount.get("shared", True) else media)
    if mount.get("clock_ahead_s"):
        media.connect("prepared", lambda _: _tell_own_time(media))


def _tell_own_time(media: Any) -> None:
    found = media.get_element().get_parent().iterate_recurse()
    while (item := found.next())[0] == Gst.IteratorResult.OK:
        if item[1].get_factory() is not None and item[1].get_factory().get_name() == "rtpbin":
            item[1].set_property("ntp-time-source", CLOCK_TIME)


def _clock_ahead(seconds: float) -> Any:
    """A clock of the camera's own, which counts as NTP does and is so far ahead of ours."""
    clock = Gst.SystemClock(clock_type=0, name="camera")
    internal, external, over, under = clock.get_calibration()[0:4]
    clock.set_calibration(internal, external + NTP_AHEAD_NS + int(seconds * SECOND_NS), over, under)
    return clock


def main(told: dict[str, Any]) -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(told.get("port", 0)))
    clips: dict[str, Clip] = {}
    factories = []
    for path, mount in told["mounts"].items():
        if mount["clip"] not in clips:
            clips[mount["clip"]] = Clip(mount["clip"])
        clip = clips[mount["clip"]]
        factory = GstRtspServer.RTSPMediaFactory()
        sound = SOUND if mount.get("sound") else ""
        factory.set_launch(
            "( appsrc name=source format=time is-live=true max-bytes=0 block=false"
            f" ! {clip.payloader}{sound} )"
        )
        factory.set_shared(bool(mount.get("shared", True)))
        factory.set_latency(0)
        if mount.get("clock_ahead_s"):
            factory.set_clock(_clock_ahead(mount["clock_ahead_s"]))
        factory.connect("media-configure", _configure, clip, mount)
        server.get_mount_points().add_factory(path, factory)
        factories.append(factory)
    _protect(server, factories, told)
    loop = GLib.MainLoop()
    if not server.attach(None):
        sys.exit("the port is taken")
    GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGTERM, loop.quit)
    print(server.get_bound_port(), flush=True)
    loop.run()


def _protect(server: Any, factories: list[Any], told: dict[str, Any]) -> None:
    """Ask for the password, and speak TLS, where it is wanted."""
    if not told.get("password") and not told.get("certificate"):
        return
    auth = GstRtspServer.RTSPAuth()
    if told.get("certificate"):
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_files(told["certificate"], told["key"]))
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "operator")
    if told.get("password"):
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(told["user"], told["password"], token)
    else:
        auth.set_default_token(token)
    server.set_auth(auth)
    for factory in factories:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("operator", "media.factory.access", True)
        permissions.add_permission_for_role("operator", "media.factory.construct", True)
        factory.set_permissions(permissions)


if __name__ == "__main__":
    main(json.loads(sys.stdin.readline()))
