"""What was measured is found again: all of it, once, whatever happened in between."""

from __future__ import annotations

import errno
import os
import threading

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.history import segment as segments
from console.history.envelope import Wanted
from console.history.layout import HOUR, JOURNALS, MINUTE, RAW, STATE, files_of, journals_in
from console.history.reader import Cancelled, HistoryReader, tier_for
from console.history.retention import free_old
from console.history.tidying import Tidying
from tests.guards.waiting import until
from tests.history.keeping import IDS, START_NS, Keeping, figures


@pytest.fixture
def keeping(tmp_path):
    made = Keeping(tmp_path / "history")
    yield made
    made.writer.close()


def seconds(found) -> list[int]:
    return ((found.at_ns - START_NS) // SECOND_NS).tolist()


def test_each_reading_is_found_once_and_in_order_while_it_is_being_written(keeping):
    keeping.run(150)
    found = keeping.read(IDS[7])
    assert seconds(found) == list(range(149)) or seconds(found) == list(range(150))
    assert found.last[:3].tolist() == [7.0, 7.1, 7.2]


def test_minutes_say_least_greatest_mean_and_count_of_their_readings(keeping):
    keeping.run(200)
    found = keeping.read(IDS[3], tier=MINUTE)
    minute = found.width_ns == MINUTE.bucket_ns
    whole = [round((s % 100) / 10.0, 1) + 3 for s in range(60)]
    assert (found.low[0], found.high[0], found.count[0]) == (3.0, 8.9, 60)
    assert found.mean[0] == pytest.approx(np.mean(whole), abs=1e-5)
    assert (found.first[0], found.last[0]) == (3.0, 8.9)
    assert seconds(found)[:3] == [0, 60, 120]
    assert found.count.sum() in (199, 200), "the minute that is not over comes from the readings"
    assert not minute.all()


def test_hours_follow_from_the_same_readings(keeping):
    keeping.run(2 * 3600 + 120, points=[5], every_s=60)
    found = keeping.read(IDS[5], tier=HOUR, silent_s=180)
    hours = found.width_ns == HOUR.bucket_ns
    assert found.count[hours].tolist() == [60, 60]
    assert found.count.sum() in (121, 122)
    assert not found.broken.any()


def test_a_writer_that_is_killed_loses_what_was_not_flushed_and_counts_nothing_twice(keeping):
    keeping.run(130)
    keeping.begin()  # the first one is simply gone: nothing of it was closed
    keeping.run(200)
    found = keeping.read(IDS[9])
    told = seconds(found)
    assert len(told) == len(set(told))
    assert set(range(330)) - set(told) <= {129, 329}
    minutes = keeping.read(IDS[9], tier=MINUTE)
    assert minutes.count[minutes.width_ns > 0].tolist() == [60] * 5


@pytest.mark.parametrize("lost", ["raw", "state", "both"])
def test_killed_between_two_files_of_one_block_it_counts_each_reading_once(keeping, lost, monkeypatch):
    """The block is there, but not yet what says so."""
    keeping.run(59)
    state = keeping.folder / STATE
    before = state.read_bytes() if state.exists() else b""
    journals = {path: path.read_bytes() for _, path in journals_in(keeping.folder)}
    keeping.run(5)
    if before:
        state.write_bytes(before)
    else:
        state.unlink()
    for path, data in journals.items():
        path.write_bytes(data)
    keeping.begin()
    keeping.run(120)
    told = seconds(keeping.read(IDS[4]))
    assert len(told) == len(set(told))
    assert set(range(60)) - set(told) <= {58}


def test_the_open_buckets_survive_a_restart(keeping):
    keeping.run(90)
    keeping.writer.close()
    keeping.begin()
    keeping.run(60)
    found = keeping.read(IDS[1], tier=MINUTE)
    assert found.count[:2].tolist() == [60, 60]


def test_a_file_that_was_cut_in_the_middle_reads_to_the_cut(keeping):
    keeping.run(300)
    keeping.writer.close()
    (raw,) = files_of(keeping.folder, RAW)
    before = len(keeping.read(IDS[2]))
    os.truncate(raw.path, raw.path.stat().st_size - 5)
    reader = HistoryReader(keeping.folder)
    (found,) = reader.read((Wanted(IDS[2], 0),), START_NS, START_NS + 10**12, 0)
    reader.close()
    assert 0 < len(found) < before
    keeping.begin()
    keeping.run(120)
    assert len(keeping.read(IDS[2])) > len(found) + 100, "what comes later is put behind the last whole block"


def test_a_damaged_page_is_told_and_the_others_are_read(keeping, expected_logs):
    expected_logs("page 2 of the block at byte .* is damaged", 1)
    keeping.run(130)
    keeping.writer.close()
    (raw,) = files_of(keeping.folder, RAW)
    data = bytearray(raw.path.read_bytes())
    data[-9] ^= 255
    raw.path.write_bytes(data)
    reader = HistoryReader(keeping.folder)
    found = reader.read((Wanted(IDS[0], 0), Wanted(IDS[129], 0)), START_NS, START_NS + 10**12, 0)
    reader.close()
    assert len(reader.problems) == 1
    assert len(found[0]) > len(found[1]) > 60


def test_a_gap_stays_a_gap_at_every_fineness(keeping):
    keeping.run(120)
    keeping.clock.step(600)
    keeping.second += 600
    keeping.writer.turn()
    keeping.run(120)
    for tier in (RAW, MINUTE):
        found = keeping.read(IDS[0], tier=tier)
        at = found.at_ns[found.broken]
        assert START_NS + 720 * SECOND_NS in at.tolist(), tier
        assert len(at) == 1, tier


def test_values_that_are_not_usable_break_the_line_and_count_as_bad(keeping):
    keeping.run(10)
    keeping.value = lambda points, second: np.full(len(points), np.nan)
    keeping.run(1)
    keeping.value = lambda points, second: np.full(len(points), 1.0)
    keeping.run(60)
    found = keeping.read(IDS[0])
    assert seconds(found.__class__(**{  # the reading after it is where the line begins again
        **{name: getattr(found, name) for name in found.__slots__}, "at_ns": found.at_ns[found.broken],
    })) == [11]  # fmt: skip


def test_columns_keep_peaks(keeping):
    keeping.value = lambda points, second: np.where(second == 77, 99.5, np.round(points * 0.1, 1))
    keeping.run(400)
    found = keeping.read(IDS[1], 0, 400, columns=20)
    assert len(found) <= 21
    assert found.high.max() == 99.5
    assert found.count.sum() in (399, 400)


def test_the_fineness_follows_the_width_of_a_column():
    hour = 3600 * SECOND_NS
    assert tier_for(hour, 1000) is RAW
    assert tier_for(24 * hour, 1000) is MINUTE
    assert tier_for(31 * 24 * hour, 1000) is HOUR


def test_a_reading_that_nobody_wants_any_more_is_given_up(keeping):
    keeping.run(130)
    reader = HistoryReader(keeping.folder)
    with pytest.raises(Cancelled):
        reader.read((Wanted(IDS[0], 0),), START_NS, START_NS + 10**12, 100, lambda: False)
    reader.close()


def test_a_full_disk_is_told_and_what_waited_is_written_later(keeping, monkeypatch, expected_logs):
    expected_logs("ERROR.*not being written: No space left", 1)
    expected_logs("WARNING.*being written again", 1)
    keeping.run(50)
    real = segments.append

    def full(path, blocks):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("console.history.writer.append", full)
    keeping.run(20)
    assert keeping.writer.problem == "full"
    monkeypatch.setattr("console.history.writer.append", real)
    keeping.run(80)
    assert keeping.writer.problem == ""
    assert keeping.writer.lost == 0
    told = seconds(keeping.read(IDS[0]))
    assert set(range(149)) <= set(told)
    minutes = keeping.read(IDS[0], tier=MINUTE)
    assert minutes.count[0] == 60


def test_with_little_room_minutes_are_kept_and_readings_are_not(keeping, expected_logs):
    expected_logs("Only minutes and hours, no single readings", 1)
    expected_logs("Nothing of the history is written", 1)
    expected_logs("There is room on the disk again", 1)
    keeping.free = 2 << 30
    keeping.run(70)
    assert keeping.writer.problem == "raw_low"
    keeping.run(130)
    assert keeping.read(IDS[0], tier=MINUTE).count[:2].tolist() == [60, 60]
    keeping.free = 1 << 20
    keeping.run(120)
    assert keeping.writer.problem == "low"
    assert keeping.writer.lost > 0
    keeping.free = 1 << 40
    keeping.run(60)
    assert keeping.writer.problem == ""


def test_what_is_too_old_goes_readings_before_minutes_before_hours(keeping):
    keeping.run(3720, points=[0], every_s=60)
    hour_ns = 3600 * SECOND_NS
    now_ns = keeping.clock.now_ns()
    assert free_old(keeping.folder, figures(raw_h=48.0), now_ns + 50 * hour_ns)[0] >= 1
    assert len(files_of(keeping.folder, MINUTE)) >= 1
    assert free_old(keeping.folder, figures(), now_ns + 100 * 24 * hour_ns)[0] >= 2
    assert not files_of(keeping.folder, MINUTE)
    assert files_of(keeping.folder, HOUR)


def test_a_finished_file_of_minutes_is_made_one_block_and_says_the_same(keeping):
    keeping.run(3600 + 120, every_s=60)
    before = keeping.read(IDS[70], tier=MINUTE, silent_s=180)
    tidying = Tidying(keeping.folder)
    tidying.begin(keeping.clock.now_ns() + 3600 * SECOND_NS)
    while not tidying.is_idle:
        tidying.step()
    first = segments.Segment(files_of(keeping.folder, MINUTE)[0].path)
    first.look()
    assert len(first.blocks) == 1
    first.close()
    after = keeping.read(IDS[70], tier=MINUTE, silent_s=180)
    for name in ("at_ns", "low", "high", "count", "last"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


def test_a_journal_of_another_list_of_points_is_left_out(keeping, expected_logs):
    expected_logs("not this city's any more", 1)
    keeping.run(30)
    (_, path), = journals_in(keeping.folder)
    data = bytearray(path.read_bytes())
    data[16:32] = b"0" * 16
    path.write_bytes(data)
    keeping.begin()
    assert keeping.writer.recovered == 0
    assert (keeping.folder / JOURNALS).is_dir()


def test_while_a_block_is_being_written_what_arrives_is_in_the_journal_already(tmp_path, monkeypatch):
    keeping = Keeping(tmp_path / "history", in_thread=True)
    go_on = threading.Event()
    real = segments.append

    def slow(path, blocks):
        assert go_on.wait(20)
        return real(path, blocks)

    monkeypatch.setattr("console.history.writer.append", slow)
    try:
        keeping.run(80)
        assert set(range(79)) <= set(seconds(keeping.read(IDS[3]))), "of both journals"
    finally:
        go_on.set()
    until(lambda: keeping.writer.turn() or keeping.writer.blocks == 1, lambda: "the block")
    told = seconds(keeping.read(IDS[3]))
    assert set(range(79)) <= set(told)
    assert len(told) == len(set(told))
    keeping.writer.close()
    assert keeping.read(IDS[3], tier=MINUTE).count[0] == 60
