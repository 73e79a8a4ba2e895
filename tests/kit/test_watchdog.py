"""The watch over the UI thread: a stall is told once, with every stack; gaps are measured; mishaps are
survived.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, Signal, Slot

from console.clock import SteppedClock, SystemClock
from tests.kit.sitting import Sitting
from widgets.kit.excepthook import Mishaps
from widgets.kit.gaps import GapMeter
from widgets.kit.watchdog import Watchdog, stacks

STALL = r"WARNING bongsu.ui: the UI thread has stood still for"
ExpectLogs = Callable[..., None]


@pytest.fixture
def gaps(qapp: object, stepped_clock: SteppedClock) -> Iterator[GapMeter]:
    meter = GapMeter(stepped_clock)
    yield meter
    meter.deleteLater()


def test_a_stall_is_logged_exactly_once_however_long_it_lasts(
    gaps: GapMeter, stepped_clock: SteppedClock, expected_logs: ExpectLogs
) -> None:
    expected_logs(STALL, count=1)
    dog = Watchdog(gaps, stepped_clock)
    gaps.beat()
    stepped_clock.step(0.249)
    assert not dog.look()
    for _ in range(50):
        stepped_clock.step(0.05)
        assert dog.look()
    assert dog.stalls == 1


def test_a_second_stall_after_a_heartbeat_is_told_again(
    gaps: GapMeter, stepped_clock: SteppedClock, expected_logs: ExpectLogs
) -> None:
    expected_logs(STALL, count=2)
    dog = Watchdog(gaps, stepped_clock)
    for _ in range(2):
        gaps.beat()
        stepped_clock.step(0.3)
        assert dog.look()
        gaps.beat()
        assert not dog.look()
    assert dog.stalls == 2


def test_the_log_of_a_stall_names_what_the_ui_thread_was_doing(
    gaps: GapMeter, stepped_clock: SteppedClock, expected_logs: ExpectLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs(STALL, count=1)
    dog = Watchdog(gaps, stepped_clock)
    looked = threading.Event()

    def look() -> None:
        dog.look()
        looked.set()

    def a_slow_slot() -> None:
        stepped_clock.step(1.0)
        watcher = threading.Thread(target=look, name="watcher")
        watcher.start()
        assert looked.wait(10)
        watcher.join()

    with caplog.at_level(logging.WARNING):
        a_slow_slot()
    text = caplog.text
    assert "1000 ms" in text
    assert text.index("-- MainThread") < text.index("-- watcher"), "the main thread's stack stands first"
    assert "in a_slow_slot" in text


def test_the_thread_sees_a_stall_by_itself_and_ends_when_told(
    gaps: GapMeter, wait_until: Callable[..., object], expected_logs: ExpectLogs
) -> None:
    expected_logs(STALL, count=1)
    clock = SteppedClock()
    dog = Watchdog(GapMeter(clock, gaps), clock)
    dog.start()
    clock.step(0.3)
    wait_until(lambda: dog.stalls == 1, "the stall to be seen")
    dog.stop()
    assert not [one for one in threading.enumerate() if one.name == "ui-watchdog"]


def test_stacks_hold_lines_and_no_values() -> None:
    secret = "rtsp://user:" + "hunter" + "2@host"
    assert secret.encode().hex() not in stacks()
    assert secret not in stacks()


def test_p99_and_max_are_those_of_the_gaps_that_were(gaps: GapMeter, stepped_clock: SteppedClock) -> None:
    gaps.beat()
    for milliseconds in [5.0] * 989 + [40.0] * 10:
        stepped_clock.step(milliseconds / 1000)
        gaps.beat()
    assert gaps.p99_ms() == pytest.approx(5.0, abs=0.2)
    assert gaps.max_ms == pytest.approx(40.0)
    for _ in range(10):
        stepped_clock.step(0.040)
        gaps.beat()
    assert gaps.p99_ms() == pytest.approx(40.0, abs=0.2)


def test_a_gap_longer_than_the_scale_is_still_counted_and_its_length_kept(
    gaps: GapMeter, stepped_clock: SteppedClock
) -> None:
    stepped_clock.step(60.0)
    gaps.beat()
    assert gaps.max_ms == pytest.approx(60_000)
    assert gaps.p99_ms() >= 2000


def test_figures_begin_anew_when_told_and_the_recent_ones_forget_by_themselves(
    gaps: GapMeter, stepped_clock: SteppedClock
) -> None:
    stepped_clock.step(1.0)
    gaps.beat()
    gaps.forget()
    assert (gaps.p99_ms(), gaps.max_ms, gaps.recent()) == (0.0, 0.0, (0.0, 0.0))
    stepped_clock.step(0.5)
    gaps.beat()
    for _ in range(2000):
        stepped_clock.step(0.005)
        gaps.beat()
    assert gaps.max_ms == pytest.approx(500)
    assert gaps.recent()[1] == pytest.approx(5.0)


def test_the_meter_beats_while_events_are_served(qapp: object, qt_wait_until: Callable[..., object]) -> None:
    meter = GapMeter(SystemClock())
    meter.start()
    qt_wait_until(lambda: meter.p99_ms() > 0, "a heartbeat")
    meter.stop()
    meter.deleteLater()


class Clumsy(QObject):
    """A slot that fails and one that does not."""

    went = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.after = 0
        self.went.connect(self.fails)
        self.went.connect(self.works)

    @Slot()
    def fails(self) -> None:
        raise KeyError("rtsp://user:secret@host")

    @Slot()
    def works(self) -> None:
        self.after += 1


@pytest.fixture
def mishaps() -> Iterator[Mishaps]:
    made = Mishaps()
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    made.install()
    yield made
    made.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_an_exception_in_a_slot_is_logged_counted_and_the_other_slots_run(
    sitting: Sitting, mishaps: Mishaps, expected_logs: ExpectLogs
) -> None:
    expected_logs(r"ERROR bongsu.ui: nobody caught this in a slot", count=2)
    clumsy = Clumsy()
    clumsy.went.emit()
    clumsy.went.emit()
    assert mishaps.count == 2
    assert clumsy.after == 2


def test_what_is_shown_of_a_mishap_is_its_kind_and_place_and_never_its_text(
    mishaps: Mishaps, qapp: object, expected_logs: ExpectLogs
) -> None:
    expected_logs(r"ERROR bongsu.ui: nobody caught this", count=1)
    clumsy = Clumsy()
    clumsy.went.emit()
    assert mishaps.last.startswith("KeyError test_watchdog.py:")
    assert "secret" not in mishaps.last


def test_an_exception_in_a_thread_is_counted_too(mishaps: Mishaps, expected_logs: ExpectLogs) -> None:
    expected_logs(r"ERROR bongsu.ui: nobody caught this in a thread reader", count=1)

    def fail() -> None:
        raise OSError("no such thing")

    thread = threading.Thread(target=fail, name="reader")
    thread.start()
    thread.join()
    assert mishaps.count == 1


def test_ctrl_c_is_a_wish_and_no_mishap(mishaps: Mishaps) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert mishaps.count == 0
