"""What the recorder says of itself: a camera is missing after a while, and back when it holds."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.model.recording import MOST_TOLD
from console.recorder.figures import load_figures
from console.recorder.health import CameraSeen, Judge
from console.recorder.writing import DiskSeen

FIGURES = load_figures().camera
DISK = DiskSeen("ok", "", 1, 2, 3, 4)
STEP_S = 1.0


class Watch:
    """A judge that looks once a second."""

    def __init__(self) -> None:
        self.judge, self.now_s = Judge(FIGURES), 100.0
        self.wrote: dict[str, float] = {}
        self.reasons: dict[str, str] = {}

    def look(self, seconds: float, writing: tuple[str, ...], cameras: tuple[str, ...] = ("A", "B")):  # type: ignore[no-untyped-def]
        until = self.now_s + seconds
        while True:
            for camera in writing:
                self.wrote[camera] = self.now_s
            seen = {
                one: CameraSeen(int(self.wrote.get(one, 0) * SECOND_NS), 7, self.reasons.get(one, "timeout"))
                for one in cameras
            }
            report = self.judge.look(seen, DISK, int(self.now_s * SECOND_NS))
            if self.now_s >= until:
                return report
            self.now_s += STEP_S


def test_a_camera_that_is_being_opened_is_not_missing_yet_and_then_it_is() -> None:
    watch = Watch()
    assert watch.look(FIGURES.missing_after_s - 1, ("A",)).recorded == 2
    report = watch.look(1, ("A",))
    assert (report.recorded, report.cameras) == (1, 2)
    assert [(one.camera_id, one.reason, one.since_ns) for one in report.missing] == [("B", "timeout", 7)]


def test_a_short_break_is_not_told() -> None:
    watch = Watch()
    watch.look(20, ("A", "B"))
    watch.look(FIGURES.missing_after_s - 2, ("A",))
    assert watch.look(0, ("A", "B")).recorded == 2


def test_one_that_comes_and_goes_stays_missing_until_it_holds() -> None:
    watch = Watch()
    watch.look(20, ("A",))
    for _ in range(5):
        assert watch.look(FIGURES.back_after_s - 2, ("A", "B")).recorded == 1
        assert watch.look(FIGURES.missing_after_s + 1, ("A",)).recorded == 1
    assert watch.look(FIGURES.back_after_s + 1, ("A", "B")).recorded == 2


def test_another_reason_is_another_report_and_figures_alone_are_not() -> None:
    watch = Watch()
    first = watch.look(20, ("A",))
    assert first.says_what(watch.look(5, ("A",)))
    watch.reasons["B"] = "wrong_password"
    assert not first.says_what(watch.look(1, ("A",)))


def test_a_camera_without_a_source_is_missing_at_once() -> None:
    watch = Watch()
    watch.reasons["B"] = "no_source"
    assert watch.look(0, ("A",)).recorded == 1


def test_a_power_cut_of_all_cameras_names_some_and_counts_all() -> None:
    watch = Watch()
    many = tuple(f"CAM-{n}" for n in range(200))
    report = watch.look(FIGURES.missing_after_s + 1, (), many)
    assert (report.recorded, report.cameras, len(report.missing)) == (0, 200, MOST_TOLD)


def test_a_camera_that_is_no_longer_wanted_is_forgotten() -> None:
    watch = Watch()
    watch.look(20, ("A",))
    assert watch.look(0, ("A",), ("A",)).missing == ()
    assert watch.look(0, ("A",), ("A", "B")).recorded == 2, "asked for again, it has its time again"
