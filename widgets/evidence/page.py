"""The page "Export": cameras, what is asked, how it goes; over them, when wanted, the still to draw on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.port import DeskPort
from console.evidence.job import Done, Failed, StillJob
from console.evidence.manifest import Badge
from console.evidence.running import ExportRun, Still, StillRun
from console.evidence.wish import Corners, ExportWish
from console.model.commands import Refused, ViewFootage
from widgets.evidence.cameras import CameraChoice
from widgets.evidence.exporting import Exporting, Start, Verifying
from widgets.evidence.form import ExportForm
from widgets.evidence.outcome import Outcome
from widgets.evidence.region import RegionCanvas
from widgets.kit.actions import Actions
from widgets.kit.labels import label
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

LAST_NS = 60 * SECOND_NS
"""What is offered before anybody said a time: the last minute."""
STILL_WIDTH_PX = 640
CAMERAS_PX, OUTCOME_PX = 220, 280

BadgeOf = Callable[[str], Badge | None]
FetchStill = Callable[[StillJob], StillRun]


class ExportPage(QWidget):
    """See the module. UI thread. `prefill` is how other parts bring cameras and a time."""

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, home: Path, actions: Actions, tokens: Tokens,
        moments: Moments, badge_of: BadgeOf, start: Start = ExportRun, fetch: FetchStill = StillRun,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("evidence")
        catalogue = moments.catalogue
        self._board, self._pulse, self._port, self._home = board, pulse, port, home
        self._badge_of, self._start, self._fetch = badge_of, start, fetch
        self._catalogue = catalogue
        self._texts = Texts(catalogue)
        self.selected_camera: Callable[[], str] = _no_camera
        self.exporting: Exporting | None = None
        self._verifying: Verifying | None = None
        self._still: StillRun | None = None
        self._still_request = ""
        self._still_job: StillJob | None = None
        self.regions: dict[str, Corners] = {}
        self._add_acts(actions)
        self.cameras = CameraChoice(board, catalogue, self._texts, actions, tokens)
        self.form = ExportForm(board, home, catalogue, self._texts, tokens)
        self.outcome = Outcome(board, catalogue, self._texts, actions, tokens, moments)
        self.canvas = RegionCanvas(self._texts, tokens)
        self.region_words = label(ink="dim", size="small")
        self.region_words.setWordWrap(True)
        self._lay_out(actions, tokens)
        self.cameras.changed.connect(self._edited)
        self.cameras.unknown.connect(self._unknown)
        self.form.edited.connect(self._edited)
        self.canvas.drawn.connect(self._drawn)
        self.canvas.left.connect(self._close_canvas)
        pulse.ticked.connect(self._tick)
        pulse.second_passed.connect(self.outcome.say)
        pulse.answered.connect(self._answered)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.abandon)
        now_ns = board.clock.now_ns()
        self.form.fill(now_ns - LAST_NS, now_ns)
        follow(catalogue, self._say_regions)

    def prefill(
        self, camera_ids: tuple[str, ...], from_ns: int, to_ns: int, form: str = "clip"
    ) -> None:
        """Bring these cameras and this time ("snapshot": the picture at `from_ns`) and ask for the rest."""
        if self.exporting is not None and not self.exporting.over():
            return
        self.outcome.take(None)
        self.cameras.set_cameras(camera_ids)
        self.form.fill(from_ns, to_ns, form)
        self._close_canvas()
        self.form.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def start(self) -> None:
        """Ask the hub, if all is said; else say what is missing."""
        if self.exporting is not None and not self.exporting.over():
            return
        wish = self.form.wish(self.cameras.camera_ids)
        if not isinstance(wish, ExportWish):
            key, fields = wish
            self.outcome.tell_wrong(key, fields)
            return
        if self.exporting is not None:
            self.exporting.deleteLater()
        badges = {one: badge for one in wish.camera_ids if (badge := self._badge_of(one)) is not None}
        regions = {one: self.regions[one] for one in wish.camera_ids if one in self.regions}
        self.exporting = Exporting(
            wish, self._board, self._pulse, self._port, self._home, badges, regions, self._start, self
        )
        self.exporting.changed.connect(self.outcome.say)
        self.outcome.take(self.exporting)

    @Slot()
    def cancel(self) -> None:
        if self.exporting is not None:
            self.exporting.cancel()

    @Slot()
    def verify(self) -> None:
        """Read the package again and check it, against the key of this console."""
        result = self.exporting.result if self.exporting is not None else None
        if isinstance(result, Done):
            self._verifying = Verifying(Path(result.path), result.fingerprint)
            self._verifying.start()
            self.outcome.tell_verifying(self._verifying)

    @Slot()
    def add_selected(self) -> None:
        """Add the camera of the selected pane."""
        camera_id = self.selected_camera()
        if camera_id:
            self.cameras.add((camera_id,))

    @Slot()
    def draw_region(self) -> None:
        """Show a still of the chosen camera to draw on, once the look at it is on the record."""
        camera_id, at_ns = self.cameras.current, self.form.beginning()
        if not camera_id:
            self.outcome.tell_wrong("no_cameras", {})
            return
        if at_ns is None:
            self.outcome.tell_wrong("bad_from", {})
            return
        if self._still is not None:
            self._still.stop()
            self._still = None
        self._still_job = StillJob(
            home=str(self._home), camera_id=camera_id, at_ns=at_ns, width_px=STILL_WIDTH_PX,
            zones=self._board.state.masks.get(camera_id, ()),
        )  # fmt: skip
        self._still_request = self._port.request(
            ViewFootage(camera_ids=(camera_id,), from_ns=at_ns, to_ns=at_ns, purpose="export: region")
        )
        self.canvas.show_still(None)
        self.stack.setCurrentWidget(self.canvas)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def abandon(self) -> None:
        """The console ends: end what runs, and wait for it, a moment."""
        if self.exporting is not None:
            self.exporting.abandon()
        if self._still is not None:
            self._still.stop()
        if self._verifying is not None:
            self._verifying.wait()

    @Slot(object)
    def _answered(self, pairs: Any) -> None:
        for _, answer in pairs:
            if not self._still_request or answer.id != self._still_request or self._still_job is None:
                continue
            self._still_request = ""
            if isinstance(answer, Refused):
                self._close_canvas()
                self.region_words.setText(self._catalogue.words(answer.reason))
            elif self.stack.currentWidget() is self.canvas:
                self._still = self._fetch(self._still_job)
                self._still.start()

    @Slot()
    def _tick(self) -> None:
        if self._verifying is not None and self._verifying.checked is not None:
            self._verifying = None
            self.outcome.say()
        if self._still is None or self._still.result is None:
            return
        result, self._still = self._still.result, None
        if isinstance(result, Still) and self._still_job is not None:
            self.canvas.show_still(result, self.regions.get(self._still_job.camera_id, ()))
        elif isinstance(result, Failed):
            self._close_canvas()
            say = self._catalogue.say
            self.region_words.setText(say(f"evidence.problem.{result.code}", detail=result.detail))

    @Slot(object)
    def _drawn(self, corners: Corners) -> None:
        if self._still_job is not None:
            if corners:
                self.regions[self._still_job.camera_id] = corners
            else:
                self.regions.pop(self._still_job.camera_id, None)
        self._close_canvas()
        self._say_regions()

    @Slot()
    def _close_canvas(self) -> None:
        if self.stack.currentWidget() is self.canvas:
            self.stack.setCurrentWidget(self._fields)
            self.canvas.show_still(None)
            self.form.note.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _edited(self) -> None:
        self.outcome.forget_wrong()
        self._say_regions()

    @Slot(str)
    def _unknown(self, typed: str) -> None:
        self.outcome.tell_wrong("unknown_camera", {"camera": typed})

    def _say_regions(self) -> None:
        say = self._catalogue.say
        drawn = [
            say("evidence.region_drawn", camera=one, corners=len(self.regions[one]))
            for one in self.cameras.camera_ids if one in self.regions
        ]  # fmt: skip
        self.region_words.setText("; ".join(drawn) or say("evidence.region_none"))

    def _add_acts(self, actions: Actions) -> None:
        for name, key, handler in (
            ("start", "Ctrl+Return", self.start), ("cancel", "Ctrl+.", self.cancel),
            ("verify", "Alt+V", self.verify), ("add", "Alt+A", self.add_selected),
            ("remove", "Alt+Delete", self._remove), ("region", "Alt+G", self.draw_region),
        ):  # fmt: skip
            actions.add(
                f"evidence.{name}", f"evidence.act.{name}", key, handler, owner=self,
                group="evidence.group", only_focused=True,
            )  # fmt: skip

    @Slot()
    def _remove(self) -> None:
        self.cameras.remove()

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        self._fields = QWidget()
        middle = QVBoxLayout(self._fields)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(tokens.space(1))
        middle.addWidget(self.form, 1)
        below = QHBoxLayout()
        below.setSpacing(tokens.space(2))
        below.addWidget(actions.button("evidence.region", self))
        below.addWidget(self.region_words, 1)
        middle.addLayout(below)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._fields)
        self.stack.addWidget(self.canvas)
        self.cameras.setFixedWidth(CAMERAS_PX)
        self.outcome.setMinimumWidth(OUTCOME_PX)
        row = QHBoxLayout(self)
        space = tokens.space(2)
        row.setContentsMargins(space, space, space, space)
        row.setSpacing(2 * space)
        row.addWidget(self.cameras)
        row.addWidget(self.stack, 3)
        row.addWidget(self.outcome, 2)


def _no_camera() -> str:
    return ""
