"""Clips for measurements: the same pictures, at the rate and in the size that was asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import pytest

from console.bench.clips import at_rate, facts_of, of_size, shipped_clip
from console.bench.xstack import XstackError, xstack


def packets(clip: Path) -> list[bytes]:
    with av.open(str(clip)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_a_clip_at_another_rate_has_the_same_packets_and_that_rate(tmp_path: Path) -> None:
    given = shipped_clip()
    made = at_rate(given, tmp_path, 25)
    assert facts_of(given)[:2] == facts_of(made)[:2] == (640, 360)
    assert facts_of(given)[2] != pytest.approx(25)
    assert facts_of(made)[2] == pytest.approx(25, abs=0.01)
    assert packets(made) == packets(given)


def test_a_clip_of_another_size_is_encoded_in_it(tmp_path: Path) -> None:
    made = of_size(shipped_clip(), tmp_path, 320, 240, 10, seconds=1)
    assert facts_of(made) == (320, 240, pytest.approx(10, abs=0.01))
    assert len(packets(made)) == 10


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("tuned", [False, True])
def test_ffmpeg_is_given_as_many_pictures_as_the_wall(tuned: bool) -> None:
    done = xstack(shipped_clip(), 4, 2, 160, 90, 1.0, tuned=tuned)
    assert done.pane_s == 4
    assert done.cpu_s > 0
    assert done.realtime > 0


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_what_ffmpeg_cannot_read_is_said_in_its_words(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a clip")
    with pytest.raises(XstackError, match="Invalid data"):
        xstack(broken, 1, 1, 160, 90, 1.0, tuned=False)


def test_without_ffmpeg_the_comparison_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(XstackError, match="not installed"):
        xstack(shipped_clip(), 1, 1, 160, 90, 1.0, tuned=False)
