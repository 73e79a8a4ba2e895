"""Clips a measurement is made with: the ones that are given, else ones made from the shipped feeds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream

from console.paths import shipped

#: What a camera of 1920x1080 sends: two seconds from key picture to key picture, 4 Mbit/s.
GROUP_S = 2
BITS_OF_A_PIXEL_PER_S = 2.0


def shipped_clip(number: int = 0) -> Path:
    """One of the recorded feeds, in the order of their names."""
    feeds = sorted((shipped("assets") / "feeds").glob("*.mp4"))
    return feeds[number % len(feeds)]


def facts_of(clip: Path) -> tuple[int, int, float]:
    """Width, height (px) and pictures a second of a clip. Raises what PyAV raises."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        return stream.width, stream.height, float(rate)


def at_rate(clip: Path, folder: Path, fps: int) -> Path:
    """The same packets shown `fps` times a second: what a faster camera of the same scene would send."""
    made = folder / f"{clip.stem}-{fps}.mp4"
    with av.open(str(clip)) as given, av.open(str(made), "w") as kept:
        stream = given.streams.video[0]
        was = stream.average_rate or Fraction(fps)
        copy = kept.add_stream_from_template(stream)
        copy.time_base = base = Fraction(1, 90_000)
        # A whole number of ticks from picture to picture: what is not whole would drift apart.
        ticks = round(1 / (was * Fraction(stream.time_base or base)))
        for packet in given.demux(stream):
            if packet.dts is None or packet.pts is None:
                continue
            packet.pts = packet.pts * 90_000 // (ticks * fps)
            packet.dts = packet.dts * 90_000 // (ticks * fps)
            packet.duration = 90_000 // fps
            packet.time_base, packet.stream = base, copy
            kept.mux(packet)
    return made


def of_size(clip: Path, folder: Path, width: int, height: int, fps: int, seconds: float = 8.0) -> Path:
    """The clip's pictures in another size, encoded as a camera does (H.264 High, no pictures sent out of
    order, a key picture every two seconds).
    """
    made = folder / f"{clip.stem}-{width}x{height}-{fps}.mp4"
    with av.open(str(clip)) as given, av.open(str(made), "w") as kept:
        coded = kept.add_stream("libx264", rate=fps)
        assert isinstance(coded, VideoStream)
        coded.width, coded.height, coded.pix_fmt = width, height, "yuv420p"
        coded.codec_context.gop_size = GROUP_S * fps
        coded.bit_rate = int(BITS_OF_A_PIXEL_PER_S * width * height)
        coded.options = {"preset": "veryfast", "bf": "0", "profile": "high"}
        for number, frame in enumerate(given.decode(video=0)):
            if number >= seconds * fps:
                break
            sized = frame.reformat(width=width, height=height, format="yuv420p")
            sized.pts, sized.time_base = number, Fraction(1, fps)
            kept.mux(coded.encode(sized))
        kept.mux(coded.encode(None))
    return made
