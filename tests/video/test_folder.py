"""A folder of clips as one camera: one endless line, in step everywhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from console.video.clip import Position, position
from console.video.folder import FolderReader
from console.video.source import Source, clips_of
from tests.video.clips import FPS, make_clip, number_in
from tests.video.conftest import Bench

Start = Callable[..., Bench]


@pytest.fixture
def folder(clips: Path) -> Path:
    """Three clips of 1, 2 and 1 s with pictures of their own size, and what is no clip."""
    folder = clips / "line"
    if not folder.exists():
        folder.mkdir()
        make_clip(folder / "b.mp4", 2.0, 320, 180)
        make_clip(folder / "a.mp4", 1.0)
        make_clip(folder / "c.mkv", 1.0, 180, 320)
        (folder / "notes.txt").write_text("no clip")
    return folder


def at(source: Source, reader: FolderReader, played_s: float) -> Position:
    return position(source, reader.length_s, int(played_s * 1e9))


def played(reader: FolderReader, count: int) -> list[tuple[int, int, float]]:
    """(width, number seen, time on the line in s) of the next pictures."""
    pictures = []
    for _ in range(count):
        frame, played_ns = reader.next()
        pictures.append((frame.width, number_in(frame.to_ndarray(format="bgra")), round(played_ns / 1e9, 2)))
    return pictures


def test_clips_follow_each_other_in_the_order_of_their_names_and_begin_again(folder: Path) -> None:
    source = Source(kind="file", locator=str(folder))
    reader = FolderReader(source, quick=False)
    assert reader.length_s == pytest.approx(4.0, abs=0.01)
    reader.seek(at(source, reader, 0.0))
    pictures = played(reader, 5 * FPS)
    assert [width for width, _, _ in pictures] == [160] * 25 + [320] * 50 + [180] * 25 + [160] * 25
    assert [number for _, number, _ in pictures] == [*range(25), *range(50), *range(25), *range(25)]
    times = [seconds for _, _, seconds in pictures]
    assert times == pytest.approx([number / FPS for number in range(125)], abs=0.011)


@pytest.mark.parametrize("played_s", [0.0, 0.4, 1.0, 2.5, 3.9, 4.2, 401.5])
def test_any_moment_of_the_line_is_found(folder: Path, played_s: float) -> None:
    source = Source(kind="file", locator=str(folder))
    reader = FolderReader(source, quick=False)
    wanted = at(source, reader, played_s)
    reader.seek(wanted)
    seconds = 0.0
    while seconds < played_s - 0.5 / FPS:
        ((width, number, seconds),) = played(reader, 1)
    if played_s > 0:
        assert seconds == pytest.approx(played_s, abs=1 / FPS)
        within = seconds % 4.0
        begins, expected = next(
            (begins, wide) for begins, wide in ((3, 180), (1, 320), (0, 160)) if within > begins - 0.001
        )
        assert width == expected
        assert number == pytest.approx((within - begins) * FPS, abs=1)


def test_a_clip_that_cannot_be_read_is_left_out_and_that_is_told(folder: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    make_clip(mixed / "1.mp4", 1.0)
    (mixed / "2.mp4").write_bytes(b"no video at all" * 1000)
    (mixed / "3.mp4").write_bytes(b"")
    make_clip(mixed / "4.mp4", 1.0)
    source = Source(kind="file", locator=str(mixed))
    reader = FolderReader(source, quick=False)
    assert (reader.length_s, reader.flaw) == (pytest.approx(2.0, abs=0.01), "clips_left_out")
    reader.seek(at(source, reader, 0.0))
    assert len(played(reader, 60)) == 60


def test_a_folder_without_a_clip_that_plays_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"")
    with pytest.raises(av.InvalidDataError):
        FolderReader(Source(kind="file", locator=str(tmp_path)), quick=False)


def test_a_link_leads_nobody_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    secret = make_clip(tmp_path / "secret.mp4", 1.0)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.mp4").symlink_to(secret)
    make_clip(inside / "own.mp4", 1.0)
    assert [one.name for one in clips_of(inside)] == ["own.mp4"]


def test_a_folder_plays_in_a_pane_and_two_engines_show_the_same_moment(
    start_engine: Start, folder: Path
) -> None:
    source = Source(kind="file", locator=str(folder), epoch_ns=time.time_ns())
    benches = [start_engine(), start_engine()]
    for bench in benches:
        bench.show("A", source, 320, 320)
        bench.until_state("A", "live")
    seen: set[int] = set()

    def in_step() -> bool:
        seen.update(bench.engine.pane_state("A").width for bench in benches)  # type: ignore[union-attr]
        pair = [bench.engine.newest("A") for bench in benches]
        return len(seen) == 3 and all(pair) and abs(pair[0].taken_at_ns - pair[1].taken_at_ns) <= 2e9 / FPS  # type: ignore[union-attr]

    benches[0].until(in_step, "all three clips in step")
    assert benches[0].state("A") == "live"
