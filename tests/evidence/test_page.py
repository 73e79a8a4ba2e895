"""The export page: nothing before the hub allows it, everything told, nothing left when it is cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from console.clock import SECOND_NS
from console.desk.inbound import PageCame
from console.evidence.job import Done, ExportJob, Failed, Progress
from console.evidence.manifest import read
from console.evidence.running import ExportRun
from console.model import commands as do
from console.model import events as ev
from console.model.footage import MaskZone
from console.model.query import LedgerHead
from tests.evidence.rig import BEGIN_NS, record
from tests.guards.waiting import until
from tests.kit.sitting import Sitting
from widgets.evidence.acts import PaneExport
from widgets.evidence.page import ExportPage

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
HEAD = LedgerHead(seq=42, hash="ab" * 32, run="r1")


class FakeRun:
    """An export whose course the test decides."""

    def __init__(self, job: ExportJob) -> None:
        self.job = job
        self.progress = Progress(done=0.0, step="reading")
        self.result: Done | Failed | None = None
        self.started = self.cancelled = False

    def start(self) -> None:
        self.started = True

    def cancel(self) -> None:
        self.cancelled = True

    def wait(self, seconds: float = 0.0) -> None:
        pass


class Room(Sitting):
    def __init__(self, home: Path, language: str = "en", start: Any = None) -> None:
        super().__init__(language)
        self.home = home
        self.runs: list[FakeRun] = []
        self.connect()
        self.clock.jump((BEGIN_NS - self.clock.now_ns()) / SECOND_NS + 600)
        self.page = ExportPage(
            self.board, self.pulse, self.port, home, self.actions, self.tokens, self.moments,
            lambda camera_id: None, start or self.start,
        )  # fmt: skip
        self.page.resize(1150, 276)
        self.page.show()
        self.settle()

    def start(self, job: ExportJob) -> FakeRun:
        self.runs.append(FakeRun(job))
        return self.runs[-1]

    @property
    def cameras(self) -> tuple[str, ...]:
        return tuple(self.profile.cameras)[:2]

    def fill(self, copies: str = "masked", basis: str = "", reason: str = "Case 17") -> None:
        self.page.prefill(self.cameras, BEGIN_NS + SECOND_NS, BEGIN_NS + 6 * SECOND_NS)
        form = self.page.form
        form.copies.setCurrentIndex(form.copies.findData(copies))
        form.note.setText(reason)
        if basis:
            form.legal_basis.setEditText(basis)

    def asked(self, kind: type) -> list[Any]:
        return [one for one in self.port.commands.values() if isinstance(one, kind)]

    def answer(self, kind: type) -> None:
        request = next(id_ for id_, one in reversed(self.port.commands.items()) if isinstance(one, kind))
        self.accept(request)
        self.pulse.tick()

    def head_came(self) -> None:
        self.board.inbox.append(PageCame(f"q{len(self.port.queries)}", HEAD))
        self.pulse.tick()

    @property
    def words(self) -> str:
        return self.page.outcome.words.text()

    def close(self) -> None:
        self.page.abandon()
        self.page.close()
        self.page.deleteLater()
        self.leave()


@pytest.fixture
def room(qapp: object, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def test_nothing_starts_before_the_hub_allows_it_and_says_where_the_record_stands(room: Room):
    room.fill()
    room.actions.trigger("evidence.start")
    (command,) = room.asked(do.ExportFootage)
    assert (command.camera_ids, command.copies, command.reason) == (room.cameras, ("masked",), "Case 17")
    room.pulse.tick()
    assert room.runs == [] and "on the record" in room.words
    room.answer(do.ExportFootage)
    assert room.runs == []
    room.head_came()
    (run,) = room.runs
    assert run.started and run.job.ledger.head_seq == 42 and run.job.ledger.export_entry_seq == 42
    assert run.job.from_ns == BEGIN_NS + SECOND_NS and run.job.blur_movers
    run.progress = Progress(done=0.4, step="masking", camera_id=room.cameras[0])
    room.pulse.tick()
    assert "40 %" in room.words and room.page.outcome.bar.value() == 400
    run.result = Done(
        path="/x/e1", manifest_sha256="cd" * 32, fingerprint="ef" * 32, files=7, bytes=2_000_000, clips=2,
        without_pictures=(room.cameras[1],), gaps=1,
    )  # fmt: skip
    room.pulse.tick()
    (end,) = room.asked(do.FinishExport)
    assert (end.outcome, end.manifest_sha256, end.files) == ("done", "cd" * 32, 7)
    assert "/x/e1" in room.words and "efef efef" in room.words and room.cameras[1] in room.words
    assert room.actions.act("evidence.verify").isEnabled()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda room: room.page.cameras.set_cameras(()), "at least one camera"),
        (lambda room: room.page.form.note.clear(), "why the pictures leave"),
        (lambda room: room.page.form.since.setText("soon"), "From: this is no time"),
        (lambda room: room.page.form.until.setText("?"), "To: this is no time"),
        (lambda room: room.page.form.until.setText("2026-03-20 10:00"), "before the beginning"),
        (lambda room: room.page.form.since.setText("2030-01-01 10:00"), "future"),
        (lambda room: room.page.form.copies.setCurrentIndex(1), "needs a legal basis"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_asked(room: Room, change, says: str):
    room.fill()
    change(room)
    room.page.start()
    assert says in room.words and room.asked(do.ExportFootage) == []
    room.page.form.note.setText("x")
    QTest.keyClicks(room.page.form.note, "y")
    assert room.words == "", "the complaint goes when something is typed"


def test_the_original_goes_with_a_legal_basis_chosen_or_typed(room: Room):
    room.fill("both", "Warrant 5")
    room.page.start()
    (command,) = room.asked(do.ExportFootage)
    assert command.copies == ("original", "masked") and command.legal_basis == "Warrant 5"


def test_a_refusal_is_shown_in_the_hubs_words_and_nothing_starts(room: Room):
    room.fill()
    room.page.start()
    room.refuse("c1", "Not at this desk.")
    room.pulse.tick()
    assert "Not exported. Not at this desk." in room.words
    assert room.runs == [] and room.asked(do.FinishExport) == []


def test_an_export_cancelled_before_the_answer_never_starts_and_its_end_is_told(room: Room):
    room.fill()
    room.page.start()
    room.actions.trigger("evidence.cancel")
    room.answer(do.ExportFootage)
    assert room.runs == [] and [one.outcome for one in room.asked(do.FinishExport)] == ["cancelled"]
    assert "Cancelled" in room.words


def test_a_running_export_is_cancelled_and_a_failure_is_told_in_words(room: Room):
    courses = (("cancelled", "cancelled", "Nothing was kept"), ("disk_full", "failed", "full"))
    for code, outcome, words in courses:
        room.fill()
        room.page.start()
        room.answer(do.ExportFootage)
        room.head_came()
        run = room.runs[-1]
        if code == "cancelled":
            room.actions.trigger("evidence.cancel")
            assert run.cancelled and "Cancelling" in room.words
        run.result = Failed(code=code)
        room.pulse.tick()
        assert room.asked(do.FinishExport)[-1].outcome == outcome
        assert words in room.words


def test_a_hub_that_does_not_answer_is_told(room: Room):
    room.fill()
    room.page.start()
    room.later(6.0)
    assert "has not answered" in room.words and room.runs == []


def test_the_privacy_zones_in_force_and_the_region_go_with_the_job(room: Room):
    zone = MaskZone(name="window", points=((0.0, 0.0), (0.1, 0.0), (0.1, 0.1)))
    camera_id = room.cameras[0]
    room.tell(ev.MasksSet(desk="desk-1", person="kim", camera_id=camera_id, zones=(zone,), reason="home"))
    room.fill()
    room.page.regions[room.cameras[0]] = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8))
    room.page.start()
    room.answer(do.ExportFootage)
    room.head_came()
    first, second = room.runs[0].job.cameras
    assert first.zones == (zone,) and second.zones == ()
    assert first.clear_region == ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8)) and second.clear_region == ()


def test_the_still_to_draw_on_comes_only_after_the_look_is_on_the_record(room: Room, qtbot):
    record(room.home, room.cameras[0])
    room.fill()
    room.actions.trigger("evidence.region")
    (look,) = room.asked(do.ViewFootage)
    assert look.camera_ids == room.cameras[:1]
    canvas = room.page.canvas
    assert room.page.stack.currentWidget() is canvas and canvas.picture_rect().isEmpty()
    room.answer(do.ViewFootage)
    until(lambda: room.pulse.tick() or not canvas.picture_rect().isEmpty(), "the still", 30)
    place = canvas.picture_rect()
    for x, y in ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.1, 0.1)):
        at = QPoint(round(place.left() + x * place.width()), round(place.top() + y * place.height()))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    corners = room.page.regions[room.cameras[0]]
    assert len(corners) == 3 and corners[0] == pytest.approx((0.25, 0.25), abs=0.01)
    assert "3 corners" in room.page.region_words.text()
    assert room.page.stack.currentWidget() is not canvas


def test_the_still_to_draw_on_shows_nothing_of_the_privacy_zones(room: Room):
    record(room.home, room.cameras[0])
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    zone = MaskZone(name="all", points=corners)
    camera_id = room.cameras[0]
    room.tell(ev.MasksSet(desk="desk-1", person="kim", camera_id=camera_id, zones=(zone,), reason="home"))
    room.fill()
    room.page.draw_region()
    room.answer(do.ViewFootage)
    until(lambda: room.pulse.tick() or not room.page.canvas.picture_rect().isEmpty(), "the still", 30)
    assert set(room.page.canvas.picture_bytes) == {72}


def test_a_region_is_drawn_by_keys_alone(room: Room):
    record(room.home, room.cameras[0])
    room.fill()
    room.page.draw_region()
    room.answer(do.ViewFootage)
    canvas = room.page.canvas
    until(lambda: room.pulse.tick() or not canvas.picture_rect().isEmpty(), "the still", 30)
    for keys in ((), (Qt.Key.Key_Right,) * 5, (Qt.Key.Key_Down,) * 5):
        for key in keys:
            QTest.keyClick(canvas, key)
        QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert room.page.regions[room.cameras[0]] == ((0.5, 0.5), (0.6, 0.5), (0.6, 0.6))


def test_a_refused_look_shows_no_still(room: Room):
    record(room.home, room.cameras[0])
    room.fill()
    room.page.draw_region()
    room.refuse("c1", "Not now.")
    room.pulse.tick()
    assert room.page.stack.currentWidget() is not room.page.canvas
    assert room.page.region_words.text() == "Not now."


def test_a_real_export_from_the_page_is_verified_and_a_changed_file_is_named(qapp, tmp_path: Path):
    room = Room(tmp_path, start=ExportRun)
    try:
        record(room.home, room.cameras[0])
        room.fill("original", "Warrant 5")
        room.page.start()
        room.answer(do.ExportFootage)
        room.head_came()
        exporting = room.page.exporting
        assert exporting is not None
        until(lambda: room.pulse.tick() or exporting.over(), lambda: room.words, 60)
        assert isinstance(exporting.result, Done), room.words
        package = Path(exporting.result.path)
        manifest = read((package / "manifest.json").read_bytes())
        assert manifest.operator == room.board.person and manifest.legal_basis == "Warrant 5"
        room.actions.trigger("evidence.verify")
        until(lambda: room.pulse.tick() or "Verified" in room.words, lambda: room.words, 30)
        clip = package / manifest.pieces[0].file
        clip.chmod(0o600)
        clip.write_bytes(clip.read_bytes() + b"x")
        room.actions.trigger("evidence.verify")
        until(lambda: room.pulse.tick() or clip.name in room.words, lambda: room.words, 30)
        assert "was changed" in room.words
    finally:
        room.close()


def test_a_pane_brings_its_camera_its_time_and_its_form(room: Room):
    class Hand:
        camera_id = room.cameras[1]

    class Area(QWidget):
        def show_page(self, name: str) -> QWidget:
            assert name == "export"
            return room.page

    hand, area = Hand(), Area()
    shown = {"at": 0}
    acts = PaneExport(
        area.show_page, hand, lambda camera_id: shown["at"], room.board, room.actions, area, room.actions
    )
    acts.snapshot()
    wish = room.page.form.wish(room.page.cameras.camera_ids)
    assert wish == ("no_reason", {})
    room.page.form.note.setText("x")
    wish = room.page.form.wish(room.page.cameras.camera_ids)
    assert not isinstance(wish, tuple) and wish.form == "snapshot"
    assert wish.from_ns == wish.to_ns == room.clock.now_ns()
    shown["at"] = BEGIN_NS + 1_234_567_890
    acts.snapshot()
    wish = room.page.form.wish(room.page.cameras.camera_ids)
    assert not isinstance(wish, tuple) and wish.from_ns == shown["at"], "to the nanosecond"
    acts.export()
    wish = room.page.form.wish(room.page.cameras.camera_ids)
    assert not isinstance(wish, tuple) and wish.to_ns - wish.from_ns == 60 * SECOND_NS
    acts.stretch(room.cameras, BEGIN_NS, BEGIN_NS + SECOND_NS)
    wish = room.page.form.wish(room.page.cameras.camera_ids)
    assert not isinstance(wish, tuple) and wish.camera_ids == room.cameras and wish.form == "clip"
    area.deleteLater()
    acts.deleteLater()
    room.settle()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_fits_beside_the_queue_of_a_1920_pixel_screen(qapp, tmp_path: Path, language: str):
    room = Room(tmp_path, language)
    try:
        least = room.page.minimumSizeHint()
        assert least.width() <= 1140 and least.height() <= 276, (least.width(), least.height())
    finally:
        room.close()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_words_are_cut_and_every_control_has_a_name(qapp, tmp_path: Path, language: str):
    room = Room(tmp_path, language)
    try:
        room.fill()
        room.settle()
        for one in room.page.findChildren(QWidget):
            if isinstance(one, QLabel) and one.isVisible() and not one.wordWrap():
                assert one.sizeHint().width() <= one.width() + 1, one.text()
            by_key = one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible()
            if by_key and not one.objectName().startswith("qt_"):
                named = one.accessibleName() or (one.parentWidget() and one.parentWidget().accessibleName())
                assert named, one
    finally:
        room.close()
