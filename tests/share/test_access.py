"""The access record: on disk or refused, whole whatever happens, in order from file to file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.model.share import ShareRefused, ViewBegan
from console.share.access import AccessLog, read_access
from console.share.guesses import Allowance, Told, neighbourhood

DAY_NS = 24 * 3600 * SECOND_NS
NOW = 1_774_000_000 * SECOND_NS


def refused(uid: str, at_ns: int = NOW) -> ShareRefused:
    return ShareRefused(uid=uid, at_ns=at_ns, why="unknown", address="10.0.0.1")


def began(uid: str, share_id: str, address: str, at_ns: int = NOW) -> ViewBegan:
    return ViewBegan(
        uid=uid, at_ns=at_ns, share_id=share_id, camera_id="C", form="live", from_ns=1, to_ns=2, until_ns=9,
        recipient="112", viewer="Kim", officer="Lee", purpose="p", legal_basis="b", masked=False, mark="page",
        address=address,
    )  # fmt: skip


def test_lines_are_numbered_from_file_to_file_and_read_from_any_number_on(tmp_path: Path):
    log = AccessLog(tmp_path)
    log.open(NOW)
    # A clock that is set back does not write into a file that is done.
    times = (NOW, NOW + DAY_NS, NOW - DAY_NS, NOW + 2 * DAY_NS)
    assert [log.add(refused(str(number), at)) for number, at in enumerate(times)] == [1, 2, 3, 4]
    log.close()
    assert len(list((tmp_path / "share" / "access").iterdir())) == 3
    assert [line.seq for line in read_access(tmp_path)] == [1, 2, 3, 4]
    assert [line.access.uid for line in read_access(tmp_path, 2)] == ["2", "3"]
    again = AccessLog(tmp_path)
    again.open(NOW + 2 * DAY_NS)
    assert again.add(refused("4", NOW + 2 * DAY_NS)) == 5
    again.close()


def test_a_line_is_synced_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    log, order = AccessLog(tmp_path), []
    log.open(NOW)
    log.add(refused("0"))
    real_write, real_sync = os.write, os.fsync
    monkeypatch.setattr("os.write", lambda handle, data: order.append("write") or real_write(handle, data))
    monkeypatch.setattr("os.fsync", lambda handle: order.append("sync") or real_sync(handle))
    log.add(refused("1"))
    assert order == ["write", "sync"]
    log.close()


@pytest.mark.parametrize("way", ["write", "part", "sync", "open"])
def test_a_disk_that_refuses_is_an_error_and_leaves_no_torn_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
):
    log = AccessLog(tmp_path)
    log.open(NOW)
    log.add(refused("0"))
    real_write = os.write

    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def part(handle: int, data: bytes) -> int:
        if len(data) > 20:
            return real_write(handle, data[:20])
        return fail()

    with monkeypatch.context() as patch:
        if way == "open":
            log.close()
        names = {"write": ("os.write", fail), "part": ("os.write", part), "sync": ("os.fsync", fail),
                 "open": ("os.open", fail)}  # fmt: skip
        patch.setattr(*names[way])
        for _ in range(3):
            with pytest.raises(OSError, match="No space"):
                log.add(refused("1"))
    assert log.add(refused("2")) == 2
    log.close()
    assert [line.access.uid for line in read_access(tmp_path)] == ["0", "2"]


@pytest.mark.parametrize("kept", [0, 1, 30, 60])
def test_a_line_torn_by_a_kill_is_cut_off_at_the_next_start(tmp_path: Path, kept: int):
    log = AccessLog(tmp_path)
    log.open(NOW)
    log.add(began("a", "S-1", "10.0.0.1"))
    log.close()
    (file,) = (tmp_path / "share" / "access").iterdir()
    torn = b'{"seq":2,"access":{"type":"share.refused","uid":"b","at_ns":1}}'[:kept]
    file.write_bytes(file.read_bytes() + torn)
    again = AccessLog(tmp_path)
    remembered = again.open(NOW)
    assert [view.uid for view in remembered.open_views] == ["a"] and remembered.holders == {"S-1": "10.0.0.1"}
    assert again.add(refused("c")) == 2
    again.close()
    assert [line.access.uid for line in read_access(tmp_path)] == ["a", "c"]


def test_a_line_that_cannot_be_read_is_told_and_passed_over(tmp_path: Path, expected_logs):
    expected_logs("Line 1 of .* cannot be read")
    folder = tmp_path / "share" / "access"
    folder.mkdir(parents=True)
    (folder / "2026-03-20.jsonl").write_bytes(b"\xff\n")
    log = AccessLog(tmp_path)
    log.open(NOW)
    log.close()


def test_an_address_has_so_many_wrong_tokens_and_gets_them_back_with_time():
    from console.clock import SteppedClock

    clock = SteppedClock()
    guesses = Allowance(per_minute=6, at_once=2, most_names=2, clock=clock)
    assert [guesses.take("a") for _ in range(3)] == [True, True, False]
    assert guesses.take("b"), "each address for itself"
    clock.step(10)
    assert guesses.take("a") and not guesses.take("a")
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") == "2001:db8::/64"
    assert neighbourhood("2001:db8:0:1::1") != neighbourhood("2001:db8::1")
    assert neighbourhood("10.0.0.1") == "10.0.0.1" and neighbourhood("") == ""


def test_like_refusals_are_one_line_with_their_number():
    from console.clock import SteppedClock

    clock = SteppedClock()
    told = Told(60, 10, clock)
    assert [told.count(("unknown", "a")) for _ in range(5)] == [1, 0, 0, 0, 0]
    assert told.count(("unknown", "b")) == 1 and told.due() == []
    clock.step(61)
    assert told.due() == [(("unknown", "a"), 4)] and told.due() == []


def test_only_one_process_writes_the_record_of_a_folder(tmp_path: Path):
    first, second = AccessLog(tmp_path), AccessLog(tmp_path)
    first.open(NOW)
    with pytest.raises(OSError, match="another"):
        second.open(NOW)
    first.close()
    second.open(NOW)
    second.close()
