"""The log is recorded all the time, within limits, and never at the hub's cost."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from mcap.reader import make_reader

from console import __version__
from console.clock import SECOND_NS, SteppedClock
from console.recording import Recorder, RecordingError, describe, read_recording
from console.recording import recorder as module
from console.recording.folder import begun_ns, being_recorded, recordings
from tests.recording.conftest import ABOUT, entry, frames

REPO = Path(__file__).resolve().parents[2]
Usage = namedtuple("Usage", "total used free")
Waiting = Callable[..., object]
Start = Callable[..., Recorder]


def all_of(folder: Path) -> list[object]:
    return [
        one.entry.seq if one.entry else list(one.batch or ()) for path in recordings(folder)
        for one in read_recording(path)
    ]  # fmt: skip


def settled(recorder: Recorder) -> bool:
    state = recorder.state()
    return not state.waiting_entries and not state.waiting_bytes


def test_entries_and_batches_come_back_in_the_order_in_which_they_were_given(
    record: Start, folder: Path, clock: SteppedClock
) -> None:
    recorder, given = record(), list[object]()
    for n in range(1, 30):
        clock.step(0.1)
        if n % 3:
            given.append(frames(n, sent_ns=clock.now_ns()))
            recorder.batch(given[-1])  # type: ignore[arg-type]
        else:
            given.append(n)
            recorder.entry(entry(n, clock.now_ns()))
    recorder.close()
    assert all_of(folder) == given
    state = recorder.state()
    assert (state.entries, state.batches, state.dropped, state.refused) == (9, 20, 0, 0)
    assert state.problem is None


def test_an_entry_is_in_the_file_soon_and_without_anything_after_it(
    record: Start, folder: Path, clock: SteppedClock, wait_until: Waiting
) -> None:
    recorder = record()
    recorder.entry(entry(1, clock.now_ns()))
    wait_until(lambda: settled(recorder) and recordings(folder), "the file")
    clock.step(0.2)
    wait_until(lambda: read_quietly(recordings(folder)[0]) == [1], "the entry in the file")


def test_no_more_than_a_second_of_measurements_is_only_in_memory(
    record: Start, folder: Path, clock: SteppedClock, wait_until: Waiting
) -> None:
    recorder = record()
    recorder.batch(frames(1))
    wait_until(lambda: settled(recorder) and recordings(folder), "the file")
    clock.step(1.0)
    wait_until(lambda: len(read_quietly(recordings(folder)[0])) == 1, "the batch in the file")


def read_quietly(path: Path) -> list[object]:
    said: list[str] = []
    found = [one.entry.seq if one.entry else one.batch for one in read_recording(path, on_damage=said.append)]
    assert said in ([], ["the file is cut off; everything up to its last whole chunk was read"])
    return found


def test_a_file_says_what_it_is_about(record: Start, folder: Path, clock: SteppedClock) -> None:
    recorder = record()
    recorder.entry(entry(1, clock.now_ns(), run="run-7"))
    clock.step(5)
    recorder.batch(frames(1))
    recorder.close()
    info = describe(recordings(folder)[0])
    assert info.about == {**ABOUT, "version": __version__, "run": "run-7"}
    assert (info.whole, info.entries, info.batches, info.problems) == (True, 1, 1, ())
    assert info.last_ns - info.first_ns == 5 * SECOND_NS


def test_files_turn_over_by_size_and_nothing_is_lost_between_them(
    record: Start, folder: Path, clock: SteppedClock, wait_until: Waiting
) -> None:
    recorder = record(max_bytes=20_000)
    for n in range(1, 41):
        recorder.batch(frames(n, 300))
        recorder.entry(entry(n, clock.now_ns()))
        clock.step(1.0)
        wait_until(lambda: settled(recorder), "the disk")
    recorder.close()
    files = recordings(folder)
    assert len(files) > 5
    assert all(describe(path).whole for path in files)
    assert [one for one in all_of(folder) if isinstance(one, int)] == list(range(1, 41))
    assert len(all_of(folder)) == 80
    assert recorder.bytes_written == sum(path.stat().st_size for path in files)


def test_files_turn_over_by_age(
    record: Start, folder: Path, clock: SteppedClock, wait_until: Waiting
) -> None:
    recorder = record(max_age_s=60)
    recorder.entry(entry(1, clock.now_ns()))
    wait_until(lambda: recorder.path, "the first file")
    clock.step(61)
    wait_until(lambda: recorder.path is None, "its end")
    recorder.entry(entry(2, clock.now_ns()))
    recorder.close()
    assert [describe(path).entries for path in recordings(folder)] == [1, 1]


def test_the_oldest_files_go_when_there_are_too_many_bytes(
    record: Start, folder: Path, clock: SteppedClock, wait_until: Waiting
) -> None:
    recorder = record(max_bytes=160_000, keep_bytes=480_000)
    for n in range(1, 60):
        recorder.batch(frames(n, 600))
        clock.step(1.0)
        wait_until(lambda: settled(recorder), "the disk")
    recorder.close()
    state = recorder.state()
    assert state.removed_files > 0
    assert sum(path.stat().st_size for path in recordings(folder)) <= 560_000
    kept = [one.published_ns for path in recordings(folder) for one in read_recording(path)]
    assert kept[-1] == clock.now_ns() - SECOND_NS, "the newest are kept"


def test_names_rise_even_when_the_clock_is_set_back(
    record: Start, folder: Path, clock: SteppedClock
) -> None:
    for n in range(3):
        recorder = record()
        recorder.entry(entry(n + 1, clock.now_ns()))
        recorder.close()
        clock.jump(-3600)
    names = [path.name for path in recordings(folder)]
    assert all(re.fullmatch(r"\d{8}T\d{6}\.\d{3}Z\.mcap", name) for name in names)
    assert [describe(folder / name).about["run"] for name in names] == ["run-1"] * 3
    assert [next(iter(read_recording(folder / name))).entry.seq for name in names] == [1, 2, 3]  # type: ignore[union-attr]
    assert begun_ns(recordings(folder)[0]) == SteppedClock().now_ns()


def test_a_clock_set_back_does_not_change_the_order_inside_a_file(
    record: Start, folder: Path, clock: SteppedClock
) -> None:
    recorder = record()
    times = []
    for n, jump in enumerate([0, 10, -3600, 1, 3700], start=1):
        clock.jump(jump)
        times.append(clock.now_ns())
        recorder.entry(entry(n, clock.now_ns()))
    recorder.close()
    found = list(read_recording(recordings(folder)[0]))
    assert [one.entry.seq for one in found if one.entry] == [1, 2, 3, 4, 5]
    assert [one.published_ns for one in found] == times
    logged = [one.log_ns for one in found]
    assert logged == sorted(logged)
    with recordings(folder)[0].open("rb") as file:
        by_log_time = [message.sequence for _, _, message in make_reader(file).iter_messages()]
    assert by_log_time == [1, 2, 3, 4, 5], "the MCAP library puts them in the same order"


def test_columns_that_do_not_fit_together_are_refused_and_counted(record: Start, folder: Path) -> None:
    recorder = record()
    good = frames(1)
    for bad in ([], good[:4], [*good, b""], [good[0], good[1][:-1], *good[2:]], [*good[:4], b""]):
        recorder.batch(bad)
    recorder.batch([memoryview(one) for one in good])
    recorder.close()
    assert recorder.state().refused == 5
    assert all_of(folder) == [good]


def test_telemetry_that_waits_too_long_is_dropped_and_counted_and_entries_never_are(
    record: Start, folder: Path, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch, wait_until: Waiting,
    expected_logs: Callable[..., None],
) -> None:  # fmt: skip
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    expected_logs("WARNING bongsu.recording: The log cannot be recorded: Input/output error", count=1)
    monkeypatch.setattr(module, "RecordingFile", broken)
    recorder = record(max_waiting_bytes=10_000)
    for n in range(1, 101):
        recorder.batch(frames(n))
        recorder.entry(entry(n, clock.now_ns()))
    wait_until(lambda: recorder.state().problem, "the problem")
    state = recorder.state()
    assert 80 < state.dropped < 100
    assert state.waiting_entries == 100
    assert "Input/output error" in state.problem.en  # type: ignore[union-attr]
    assert "Input/output error" in state.problem.ko  # type: ignore[union-attr]
    monkeypatch.undo()
    clock.step(6)
    wait_until(lambda: recorder.state().problem is None or clock.step(1), "the disk being tried again")
    recorder.close()
    found = all_of(folder)
    assert [one for one in found if isinstance(one, int)] == list(range(1, 101))
    assert len(found) - 100 == 100 - state.dropped == recorder.state().batches


def test_a_disk_that_fails_in_the_middle_leaves_a_readable_file_and_costs_nothing(
    record: Start, folder: Path, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch, wait_until: Waiting,
    expected_logs: Callable[..., None],
) -> None:  # fmt: skip
    expected_logs("WARNING bongsu.recording: The log cannot be recorded: No space left on device", count=1)
    real, room = os.write, [40_000]

    def write(handle: int, data: memoryview) -> int:
        if not os.readlink(f"/proc/self/fd/{handle}").endswith(".mcap"):
            return real(handle, data)
        fits = min(len(data), room[0])
        if not fits:
            raise OSError(28, "No space left on device")
        room[0] -= fits
        return real(handle, data[:fits])

    monkeypatch.setattr("console.recording.file.os.write", write)
    recorder = record()
    for n in range(1, 21):
        recorder.batch(frames(n, 300))
        recorder.entry(entry(n, clock.now_ns()))
        clock.step(1.0)
        if recorder.state().problem is None:
            wait_until(lambda: settled(recorder) or recorder.state().problem, "the disk")
    wait_until(lambda: recorder.state().problem, "the full disk")
    first = recordings(folder)[0]
    whole = read_quietly(first)
    assert whole, "what was written before can be read"
    room[0] = 10**9
    wait_until(lambda: recorder.state().problem is None or clock.step(1), "room again")
    recorder.close()
    said: list[str] = []
    found = [one.entry.seq for path in recordings(folder)
             for one in read_recording(path, on_damage=said.append) if one.entry]  # fmt: skip
    assert found == list(range(1, 21)), "each once, none lost, none twice"
    assert recorder.state().entries == 20
    assert recorder.state().batches == 20


def test_a_nearly_full_disk_is_left_to_the_ledger(
    record: Start, folder: Path, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch, wait_until: Waiting,
    expected_logs: Callable[..., None],
) -> None:  # fmt: skip
    expected_logs("WARNING bongsu.recording: The disk is nearly full", count=1)
    free = [10**12]
    monkeypatch.setattr(module.shutil, "disk_usage", lambda path: Usage(10**12, 0, free[0]))
    recorder = record()
    recorder.batch(frames(1))
    wait_until(lambda: settled(recorder), "the first batch")
    free[0] = 1000
    clock.step(6)
    wait_until(lambda: recorder.state().problem, "the look at the free space")
    recorder.batch(frames(2))
    recorder.entry(entry(1, clock.now_ns()))
    assert recorder.dropped == 1
    free[0] = 10**12
    clock.step(6)
    recorder.entry(entry(2, clock.now_ns()))
    wait_until(lambda: recorder.state().problem is None, "room again")
    recorder.batch(frames(3))
    recorder.close()
    assert all_of(folder) == [frames(1), 1, 2, frames(3)]


def test_what_cannot_be_written_at_the_end_is_said(
    record: Start, folder: Path, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch,
    expected_logs: Callable[..., None],
) -> None:  # fmt: skip
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    expected_logs("WARNING bongsu.recording: The log cannot be recorded", count=1)
    expected_logs("WARNING bongsu.recording: 1 entries are not in the recording; the record has", count=1)
    monkeypatch.setattr(module, "RecordingFile", broken)
    recorder = record()
    recorder.entry(entry(1, clock.now_ns()))
    recorder.close()
    recorder.close()


def test_a_folder_has_one_recorder(record: Start, folder: Path, clock: SteppedClock) -> None:
    first = record()
    assert being_recorded(folder)
    with pytest.raises(RecordingError, match="another recorder"):
        Recorder(folder, clock)
    first.close()
    assert not being_recorded(folder)
    record().close()


def test_only_the_owner_can_read_a_recording(record: Start, folder: Path, clock: SteppedClock) -> None:
    recorder = record()
    recorder.entry(entry(1, clock.now_ns()))
    recorder.close()
    for one in (folder, *folder.iterdir()):
        assert not one.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), one.name


def test_nothing_is_written_when_nothing_happened(record: Start, folder: Path) -> None:
    record().close()
    assert recordings(folder) == []


_RECORD_UNTIL_KILLED = """
import sys
from pathlib import Path
from console.clock import SystemClock
from console.recording import Recorder
from tests.recording.conftest import entry, frames
clock = SystemClock()
recorder = Recorder(Path(sys.argv[1]), clock, about={"city": "suwon"})
seq = 0
while True:
    seq += 1
    recorder.entry(entry(seq, clock.now_ns()))
    recorder.batch(frames(seq, 2000))
    if recorder.bytes_written > int(sys.argv[2]):
        print("enough", flush=True)
        sys.argv[2] = 10**12
    while recorder.state().waiting_bytes > 1_000_000:
        pass
"""


def test_a_recorder_that_is_killed_leaves_a_file_that_opens_to_its_last_whole_chunk(folder: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _RECORD_UNTIL_KILLED, str(folder), "3000000"], stdout=subprocess.PIPE,
        cwd=REPO, env={**os.environ, "PYTHONPATH": str(REPO)},
    )  # fmt: skip
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == b"enough\n"
    finally:
        child.kill()
        child.stdout.close()
        child.wait()
    (path,) = recordings(folder)
    said: list[str] = []
    found = list(read_recording(path, on_damage=said.append))
    seqs = [one.entry.seq for one in found if one.entry]
    assert len(seqs) > 10
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(said) <= 1
    assert not being_recorded(folder)
