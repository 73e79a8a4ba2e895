"""`bongsu record` copies a stretch of what a hub records, past and present, into one file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.clock import SECOND_NS, SteppedClock, SystemClock
from console.recording import Recorder, chunks, describe, read_recording
from console.recording.command import Copy, run_record, time_of
from console.recording.folder import recordings
from console.stopping import Stopping
from tests.recording.conftest import ABOUT, entry, frames

REPO = Path(__file__).resolve().parents[2]
Waiting = Callable[..., object]


class Copying:
    """A Copy in a thread, as the command runs it."""

    def __init__(self, home: Path, to: Path, from_ns: int = 0, seconds: float | None = None) -> None:
        self.stop = Stopping()
        self.copy = Copy(home / "recordings", to, SystemClock(), self.stop)
        self.thread = threading.Thread(target=self.copy.run, args=(from_ns, seconds))
        self.thread.start()

    def end(self) -> None:
        self.stop.ask()
        self.thread.join()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def recorder(home: Path, clock: SteppedClock) -> Iterator[Recorder]:
    recorder = Recorder(home / "recordings", clock, max_bytes=20_000, about=ABOUT)
    yield recorder
    recorder.close()


def feed(recorder: Recorder, clock: SteppedClock, seqs: range, wait_until: Waiting) -> None:
    for seq in seqs:
        recorder.entry(entry(seq, clock.now_ns()))
        recorder.batch(frames(seq, 200))
        clock.step(1)
        wait_until(lambda: not recorder.state().waiting_entries, "the disk")


def seqs(path: Path) -> list[int]:
    return [one.entry.seq for one in read_recording(path) if one.entry]


def test_the_past_of_a_stopped_hub_is_put_together_from_all_its_files(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    feed(recorder, clock, range(1, 31), wait_until)
    recorder.close()
    assert len(recordings(home / "recordings")) > 3
    to = tmp_path / "out.mcap"
    assert run_record([str(to), "--home", str(home), "--from", "2020-01-01T00:00"]) == 0
    assert seqs(to) == list(range(1, 31))
    info = describe(to)
    assert (info.whole, info.batches, info.problems) == (True, 30, ())
    assert info.about["city"] == "suwon"
    assert "30 entries, 30 batches" in capsys.readouterr().out


def test_only_what_was_logged_since_a_time_is_copied(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path
) -> None:
    begin = clock.now_ns()
    feed(recorder, clock, range(1, 31), wait_until)
    recorder.close()
    copying = Copying(home, tmp_path / "out.mcap", from_ns=begin + 20 * SECOND_NS)
    copying.thread.join()
    assert seqs(tmp_path / "out.mcap") == list(range(21, 31))


def test_a_running_hub_is_followed_from_file_to_file_until_it_stops(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path
) -> None:
    feed(recorder, clock, range(1, 6), wait_until)
    copying = Copying(home, tmp_path / "out.mcap")
    try:
        wait_until(lambda: copying.copy.entries >= 4, "the past")
        feed(recorder, clock, range(6, 41), wait_until)
        assert len(recordings(home / "recordings")) > 3
        recorder.close()
        copying.thread.join(20)
        assert not copying.thread.is_alive()
    finally:
        copying.end()
    assert seqs(tmp_path / "out.mcap") == list(range(1, 41))
    assert copying.copy.batches == 40
    assert copying.copy.ended == "The hub does not record any more."
    assert copying.copy.problems == []


def test_a_copy_that_is_stopped_is_a_whole_file(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path
) -> None:
    feed(recorder, clock, range(1, 6), wait_until)
    copying = Copying(home, tmp_path / "out.mcap")
    wait_until(lambda: copying.copy.entries >= 4, "the past")
    copying.end()
    assert describe(tmp_path / "out.mcap").whole
    assert copying.copy.ended == "Stopped."


def test_a_copy_for_a_time_ends_by_itself(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path
) -> None:
    feed(recorder, clock, range(1, 6), wait_until)
    copying = Copying(home, tmp_path / "out.mcap", seconds=0.3)
    copying.thread.join(20)
    assert copying.copy.ended == "The time is over."
    assert copying.copy.entries >= 4


def last_chunk_at(path: Path) -> int:
    """Where the last chunk begins: how many there are depends on when the recorder flushed."""
    with path.open("rb") as file:
        index = chunks.read_index(file)
    assert index is not None
    assert len(index.chunks) > 1
    return max(place.chunk_start_offset for place in index.chunks)


def test_a_hub_that_was_killed_and_started_again_is_followed_across_the_cut(
    home: Path, clock: SteppedClock, wait_until: Waiting, tmp_path: Path
) -> None:
    first = Recorder(home / "recordings", clock, about=ABOUT)
    feed(first, clock, range(1, 6), wait_until)
    first.close()
    (path,) = recordings(home / "recordings")
    path.write_bytes(path.read_bytes()[: last_chunk_at(path) + 20])
    kept = [one.entry.seq for one in read_recording(path, on_damage=[].append) if one.entry]
    assert kept
    second = Recorder(home / "recordings", clock, about={"city": "glasgow"})
    feed(second, clock, range(6, 11), wait_until)
    second.close()
    copying = Copying(home, tmp_path / "out.mcap")
    copying.thread.join()
    assert seqs(tmp_path / "out.mcap") == [*kept, *range(6, 11)]
    assert copying.copy.problems == [f"{path.name} was cut off by a crash"]


def test_ctrl_c_ends_the_command_with_a_whole_file(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path
) -> None:
    feed(recorder, clock, range(1, 6), wait_until)
    to = tmp_path / "out.mcap"
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; from console.recording.command import run_record;"
         "sys.exit(run_record(sys.argv[1:]))", str(to), "--home", str(home), "--from", "2020-01-01"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPO,
        env={**os.environ, "PYTHONPATH": str(REPO)},
    )  # fmt: skip
    try:
        wait_until(lambda: to.exists() and to.stat().st_size > 5000, "the copy")
        child.send_signal(signal.SIGINT)
        out, errors = child.communicate(timeout=20)
    finally:
        child.kill()
        child.wait()
    assert (child.returncode, errors) == (0, "")
    assert "Stopped." in out
    assert describe(to).whole


def test_an_existing_file_is_never_overwritten(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    feed(recorder, clock, range(1, 3), wait_until)
    to = tmp_path / "out.mcap"
    to.write_text("mine")
    assert run_record([str(to), "--home", str(home)]) == 1
    assert to.read_text() == "mine"
    assert "exists already" in capsys.readouterr().err


def test_a_home_without_recordings_is_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_record([str(tmp_path / "out.mcap"), "--home", str(home)]) == 1
    assert f"nothing in {home / 'recordings'}" in capsys.readouterr().err
    assert not (tmp_path / "out.mcap").exists()


def test_a_range_in_which_nothing_happened_makes_no_file(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path
) -> None:
    feed(recorder, clock, range(1, 3), wait_until)
    recorder.close()
    assert run_record([str(tmp_path / "out.mcap"), "--home", str(home)]) == 1
    assert not (tmp_path / "out.mcap").exists()


def test_a_disk_that_cannot_take_the_copy_is_said(
    home: Path, recorder: Recorder, clock: SteppedClock, wait_until: Waiting, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    feed(recorder, clock, range(1, 3), wait_until)
    recorder.close()
    to = tmp_path / "no" / "such" / "folder.mcap"
    assert run_record([str(to), "--home", str(home), "--from", "2020-01-01"]) == 1
    assert f"{to}: No such file or directory" in capsys.readouterr().err


NOW_NS = 1_774_000_000 * SECOND_NS


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("10m", 600), ("1.5h", 5400)],
)
def test_a_while_ago_is_counted_back_from_now(text: str, expected: int) -> None:
    assert time_of(text, NOW_NS) == NOW_NS - expected * SECOND_NS


def test_a_time_is_local_unless_it_says_otherwise() -> None:
    exact = datetime(2026, 11, 22, 14, 3, tzinfo=UTC).timestamp()
    assert time_of("2026-11-22T14:03+00:00", NOW_NS) == int(exact) * SECOND_NS
    assert time_of("2026-11-22T23:03+09:00", NOW_NS) == int(exact) * SECOND_NS
    local = datetime(2026, 11, 22, 14, 3).timestamp()
    assert time_of("2026-11-22T14:03", NOW_NS) == int(local) * SECOND_NS


@pytest.mark.parametrize("text", ["yesterday", "10", "10d", "", "2026-13-01", "99999-01-01"])
def test_any_other_time_is_refused_with_what_was_expected(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_record([str(tmp_path / "o.mcap"), "--home", str(tmp_path), "--from", text]) == 2
    assert "expected a time (2026-11-22T14:03) or a while ago" in capsys.readouterr().err
