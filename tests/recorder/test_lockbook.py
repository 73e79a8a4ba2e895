"""What must stay: incidents by themselves, persons' locks by name, before any hub is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.footage.locks import FILE, KeptLock, KeptLocks, read_locks, write_locks
from console.model import events as ev
from console.model.base import Position, same_words
from console.model.incident import Signal
from console.model.state import CityState, apply
from console.recorder.figures import load_figures
from console.recorder.lockbook import DAMAGED, LockBook
from tests.fakes.town import place

NOW_NS = 1_795_000_000 * SECOND_NS
LOCK = load_figures().lock
BEFORE_NS, AFTER_NS = (int(seconds * SECOND_NS) for seconds in (LOCK.before_s, LOCK.after_s))
WHERE: list[Position] = []


def nearest(position: Position, count: int, within_m: float) -> tuple[str, ...]:
    WHERE.append(position)
    assert (count, within_m) == (LOCK.nearest, LOCK.within_m)
    return ("CAM-1", "NEAR-1", "NEAR-2")


class Log:
    """A hub's log and a book that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, CityState(run="r", seq=0)
        self.book = LockBook(folder, LOCK, nearest)

    def tell(self, event: ev.AnyEvent, at_ns: int = NOW_NS, follow: bool = True) -> None:
        entry = ev.Entry(
            run="r", seq=self.state.seq + 1, at_ns=at_ns, cause=ev.Cause(actor="hub"), event=event
        )
        apply(self.state, entry)
        if follow:
            self.book.entry(entry, self.state)

    def again(self) -> LockBook:
        """A recorder that was started anew on what is on the disk."""
        self.book.save()
        self.book = LockBook(self.folder, LOCK, nearest)
        return self.book

    def locked(self, camera_id: str, at_ns: int) -> bool:
        return self.book.is_locked(camera_id, at_ns, at_ns)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def opened(signal: str = "", cameras: tuple[str, ...] = ("CAM-1", "CAM-2")) -> ev.IncidentOpened:
    return ev.IncidentOpened(
        incident_id="I1", type="fire", priority=1, place=place(), reason=same_words("smoke"),
        camera_ids=cameras, signal_uid=signal,
    )  # fmt: skip


def ended(how: str) -> ev.AnyEvent:
    if how == "resolved":
        return ev.IncidentResolved(incident_id="I1", person="Kim", outcome="real")
    return ev.IncidentClosed(incident_id="I1", person="Kim")


def person_locked(lock_id: str = "L1") -> ev.FootageLocked:
    return ev.FootageLocked(
        lock_id=lock_id, desk="desk-1", person="Lee", camera_ids=("CAM-7",), from_ns=NOW_NS - 100,
        to_ns=NOW_NS, reason="complaint",
    )  # fmt: skip


def unlocked(lock_id: str) -> ev.FootageUnlocked:
    return ev.FootageUnlocked(lock_id=lock_id, desk="desk-3", person="Lee", reason="over")


def test_an_incident_keeps_what_led_to_it_on_its_cameras_and_the_nearest_ones(log: Log) -> None:
    log.tell(opened())
    for camera in ("CAM-1", "CAM-2", "NEAR-1", "NEAR-2"):
        assert log.locked(camera, NOW_NS - BEFORE_NS)
        assert not log.locked(camera, NOW_NS - BEFORE_NS - 1)
        assert log.locked(camera, NOW_NS + 3600 * SECOND_NS), "it is not over yet"
    assert not log.locked("CAM-9", NOW_NS)
    assert WHERE[-1] == place().position


def test_it_begins_before_the_first_signal_and_not_before_the_opening(log: Log) -> None:
    early_ns = NOW_NS - 90 * SECOND_NS
    log.tell(
        ev.SignalReceived(signal=Signal(uid="S1", source="bell", type="smoke", at_ns=early_ns, place=place()))
    )
    log.tell(opened("S1"))
    assert log.locked("CAM-1", early_ns - BEFORE_NS)


def test_a_signal_from_a_wrong_clock_does_not_lock_everything(log: Log) -> None:
    log.tell(ev.SignalReceived(signal=Signal(uid="S1", source="bell", type="smoke", at_ns=1, place=place())))
    log.tell(opened("S1"))
    assert not log.locked("CAM-1", NOW_NS - int(LOCK.earlier_h * 3600) * SECOND_NS - BEFORE_NS - 1)


@pytest.mark.parametrize("how", ["resolved", "closed"])
def test_it_ends_some_minutes_after_the_incident(log: Log, how: str) -> None:
    over_ns = NOW_NS + 600 * SECOND_NS
    log.tell(opened())
    log.tell(ended(how), over_ns)
    assert log.locked("CAM-1", over_ns + AFTER_NS)
    assert not log.locked("CAM-1", over_ns + AFTER_NS + 1)


def test_closing_long_after_resolving_does_not_keep_more(log: Log) -> None:
    log.tell(opened())
    log.tell(ended("resolved"), NOW_NS + SECOND_NS)
    log.tell(ended("closed"), NOW_NS + 7200 * SECOND_NS)
    assert not log.locked("CAM-1", NOW_NS + 2 * SECOND_NS + AFTER_NS)
    log.again().snapshot(log.state)
    assert not log.locked("CAM-1", NOW_NS + 2 * SECOND_NS + AFTER_NS), "nor does a snapshot"


def test_an_incident_nobody_closes_keeps_a_day(log: Log) -> None:
    log.tell(opened())
    longest_ns = int(LOCK.longest_h * 3600) * SECOND_NS
    assert log.locked("CAM-1", NOW_NS + longest_ns)
    assert not log.locked("CAM-1", NOW_NS + longest_ns + 1)


def test_locks_hold_before_any_hub_is_reached(log: Log) -> None:
    log.tell(opened())
    log.tell(person_locked())
    log.again()
    assert log.locked("CAM-1", NOW_NS)
    assert log.locked("CAM-7", NOW_NS)


def test_a_persons_unlock_of_an_incident_is_respected_for_good(log: Log) -> None:
    log.tell(opened())
    log.tell(unlocked("incident:I1"))
    assert not log.locked("CAM-1", NOW_NS)
    log.tell(ev.IncidentExtended(incident_id="I1", reason=same_words("more")))
    log.tell(ended("closed"))
    assert not log.locked("CAM-1", NOW_NS)
    log.again().snapshot(log.state)
    assert not log.locked("CAM-1", NOW_NS)


def test_what_was_locked_and_unlocked_while_the_recorder_was_away_is_taken_over(log: Log) -> None:
    log.tell(opened())
    log.tell(person_locked("L1"))
    log.book.save()
    log.tell(unlocked("L1"), follow=False)
    log.tell(unlocked("incident:I1"), follow=False)
    log.tell(person_locked("L2"), follow=False)
    log.again().snapshot(log.state)
    assert [lock.id for lock in log.book.locks] == ["L2"]


def test_a_hub_with_a_younger_record_takes_no_lock_away(log: Log, expected_logs) -> None:  # type: ignore[no-untyped-def]
    expected_logs("younger than the locks")
    log.tell(opened())
    log.tell(person_locked())
    log.again().snapshot(CityState(run="other", seq=1))
    assert log.locked("CAM-7", NOW_NS)
    assert log.locked("CAM-1", NOW_NS)


def test_a_damaged_file_frees_nothing_until_the_hub_was_heard_and_is_kept(log: Log, expected_logs) -> None:  # type: ignore[no-untyped-def]
    expected_logs("Nothing is freed")
    log.tell(person_locked(), follow=False)
    (log.folder / FILE).write_bytes(b"{]")
    log.book = LockBook(log.folder, LOCK, nearest)
    log.book.save()
    assert log.book.is_locked("ANY", 0, 1)
    assert (log.folder / FILE).read_bytes() == b"{]"
    log.book.snapshot(log.state)
    log.book.save()
    assert not log.book.is_locked("ANY", 0, 1)
    assert log.locked("CAM-7", NOW_NS)
    assert (log.folder / DAMAGED).read_bytes() == b"{]"
    assert [lock.id for lock in read_locks(log.folder).locks] == ["L1"]


def test_an_incidents_lock_without_footage_is_forgotten_and_a_persons_is_not(log: Log) -> None:
    log.tell(opened())
    log.tell(ended("closed"))
    log.tell(person_locked())
    later_ns = NOW_NS + 3 * 3600 * SECOND_NS
    log.book.prune(lambda camera, begin, end: camera == "NEAR-2", later_ns)
    assert len(log.book.locks) == 2, "one of its cameras still has footage of it"
    log.book.prune(lambda camera, begin, end: False, later_ns)
    assert [lock.id for lock in log.book.locks] == ["L1"]
    log.again().snapshot(log.state)
    assert [lock.id for lock in log.book.locks] == ["L1"], "and not brought back"


def test_the_file_is_written_whole_and_only_when_something_changed(log: Log) -> None:
    write_locks(
        log.folder,
        KeptLocks(locks=(KeptLock(id="X", camera_ids=("C",), from_ns=1, to_ns=2),)),
    )
    book = LockBook(log.folder, LOCK, nearest)
    before = (log.folder / FILE).stat().st_ino
    book.save()
    assert (log.folder / FILE).stat().st_ino == before
