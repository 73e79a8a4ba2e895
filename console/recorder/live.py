"""A camera on the network, recorded as it comes."""

from __future__ import annotations

from typing import Any

from console.clock import SECOND_NS, WALL_CLOCK
from console.footage.record import StreamInfo
from console.footage.writer import stream_info
from console.recorder.pictures import LOOK_BYTES, stream_of_key
from console.recorder.tap import Taken, Tap
from console.recorder.times import WallTimes
from console.video.camera import options_for
from console.video.opening import Opened, open_video
from console.video.source import Credential, Source, url_for_opening

#: A packet that took longer to come was waited for: nothing else waits in the socket.
WAITED_NS = 2_000_000
SHORTEST_REST_S = 0.03


def open_for_packets(source: Source, credential: Credential | None, timeout_s: float) -> Opened:
    """Container and video stream, as the wall opens them, with a recorder's patience. Raises what PyAV
    raises, IndexError where there is no video.
    """
    options = options_for(source)
    for name in ("timeout", "rw_timeout"):
        if name in options:
            options[name] = str(int(timeout_s * 1e6))
    return open_video(url_for_opening(source, credential), options, timeout_s)


class LiveTap(Tap):
    """Time is the time of arrival, smoothed by the camera's own stamps (`WallTimes`).

    Between packets the thread rests, and what came meanwhile is taken together: with 64 cameras, waking up
    for each packet costs five times as much as the packets do. A camera whose stamps do not keep the time of
    its pictures is not let rest: only their arrival says when they were.
    """

    def _read(self) -> None:
        figures = self._around.figures
        with self._around.opening:
            if self._ended.is_set():
                return
            container, stream = open_for_packets(self.source, self.credential, figures.camera.timeout_s)
        with container:
            info = stream_info(stream)
            times = WallTimes(info.time_base)
            rest = _Rest(figures.write.rest_ms / 1000, figures.write.rest_kib * 1024)
            may_rest = self.source.transport == "tcp" or self.source.kind != "rtsp"
            asked_ns = WALL_CLOCK.mono_ns()
            for packet in container.demux(stream):
                now_ns = WALL_CLOCK.mono_ns()
                if self._ended.is_set():
                    return
                waited = now_ns - asked_ns > WAITED_NS
                if packet.size:
                    self._heard_ns = now_ns
                    info = self._take(packet, info, times, waited or not may_rest)
                    rest.saw(packet.size)
                asked_ns = now_ns
                if waited and may_rest and times.is_trusted:
                    rest_s = rest.length_s(now_ns)
                    if rest_s >= SHORTEST_REST_S and self._ended.wait(rest_s):
                        return
                    asked_ns = WALL_CLOCK.mono_ns()

    def _take(self, packet: Any, info: StreamInfo, times: WallTimes, is_exact: bool) -> StreamInfo:
        pts, dts, is_key = packet.pts, packet.dts, packet.is_keyframe
        wall_ns = times.at(WALL_CLOCK.now_ns(), pts, dts, is_exact)
        if is_key:
            info = stream_of_key(info, bytes(memoryview(packet)[:LOOK_BYTES]))
        self.put(Taken(wall_ns, pts, dts, is_key, packet, packet.size, info))
        return info


class _Rest:
    """How long packets may wait in the socket: until so many bytes wait there, at most `longest_s`."""

    def __init__(self, longest_s: float, most_bytes: float) -> None:
        self._longest_s, self._most_bytes = longest_s, most_bytes
        self._bytes = 0
        self._since_ns = WALL_CLOCK.mono_ns()
        self._bytes_per_s = 0.0

    def saw(self, size: int) -> None:
        self._bytes += size

    def length_s(self, now_ns: int) -> float:
        passed_s = (now_ns - self._since_ns) / SECOND_NS
        if passed_s >= 1.0:
            self._bytes_per_s, self._bytes, self._since_ns = self._bytes / passed_s, 0, now_ns
        if not self._bytes_per_s:
            return 0.0
        return min(self._longest_s, self._most_bytes / self._bytes_per_s)
