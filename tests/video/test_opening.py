"""Video only: sound is dropped where it enters."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from console.video.opening import open_video
from tests.video.clips import FPS, numbered


def with_sound(path: Path, seconds: int = 4, sound: str = "aac") -> Path:
    """A clip of numbered pictures and a tone."""
    options = {"movflags": "faststart"} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=options) as container:
        tone = container.add_stream(sound, rate=48_000)  # first, so that it is not merely the second
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 160, 120, "yuv420p", FPS
        stream.options = {"preset": "ultrafast", "tune": "zerolatency"}
        wave = (np.sin(np.arange(1024) / 20) * 0.5).astype(np.float32)
        for number in range(seconds * 48_000 // 1024):
            samples = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
            samples.sample_rate, samples.pts, samples.time_base = 48_000, number * 1024, Fraction(1, 48_000)
            container.mux(tone.encode(samples))
        container.mux(tone.encode(None))
        for number in range(seconds * FPS):
            picture = av.VideoFrame.from_ndarray(numbered(number % 256, 160, 120), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
def test_no_packet_of_sound_leaves_the_demuxer(tmp_path: Path, ending: str) -> None:
    path = with_sound(tmp_path / f"sound.{ending}")
    with av.open(str(path)) as plain:
        sounds = sum(packet.stream.type == "audio" and packet.size > 0 for packet in plain.demux())
    assert sounds > 100, "there is sound in it"
    container, stream = open_video(str(path), {}, 5.0)
    with container:
        packets = [(packet.stream.type, packet.size) for packet in container.demux(stream)]
    assert {kind for kind, _ in packets} == {"video"}
    assert sum(size > 0 for _, size in packets) == 4 * FPS
    container, _ = open_video(str(path), {}, 5.0)
    with container:  # and asked for everything, it gives what it had read before it was told, and no more
        left = sum(packet.stream.type == "audio" and packet.size > 0 for packet in container.demux())
    assert left < sounds / 5


def test_no_decoder_of_sound_is_ever_opened_not_even_to_look_what_it_is(tmp_path: Path) -> None:
    path = with_sound(tmp_path / "sound.ts")
    before = av.logging.get_level()
    av.logging.set_level(av.logging.VERBOSE)
    try:
        with av.logging.Capture(True) as said:
            container, _ = open_video(str(path), {}, 5.0)
            container.close()
    finally:
        av.logging.set_level(before)
    assert any(name == "aac" and "not on whitelist" in text for _, name, text in said), said


def test_a_file_of_sound_alone_has_no_video(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "tone.mp4"), "w") as container:
        tone = container.add_stream("aac", rate=48_000)
        for number in range(100):
            silence = np.zeros((1, 1024), np.float32)
            samples = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
            samples.sample_rate, samples.pts = 48_000, number * 1024
            container.mux(tone.encode(samples))
        container.mux(tone.encode(None))
    with pytest.raises(IndexError):
        open_video(str(tmp_path / "tone.mp4"), {}, 5.0)
