"""Asks, in place, why and where to; then shows how far the export is, and what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.report.describe import Teller
from console.report.times import CityClock
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.review.export import ExportJob, Form, Scope

LATE_NS = 5 * SECOND_NS


class ExportStrip(QWidget):
    """Hidden until an export is wanted. One export at a time.

    Acts, only while it has the keyboard: review.export (Enter), review.cancel (Esc; also while it runs).

    Signals:
        left: closed; the list should have the keyboard.
        turned: an export began or ended; others may be wanted or not.
    """

    left = Signal()
    turned = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, folder: Path, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._pulse, self._port, self._catalogue = board, pulse, port, catalogue
        self._actions, self._folder = actions, folder
        self._moments = Moments(catalogue, board.profile.time_zone)
        self._clock = CityClock(board.profile.time_zone)
        self._texts = Texts(catalogue)
        self._scope: Scope | None = None
        self._form: Form = "csv"
        self._missing_reason = False
        self.job: ExportJob | None = None
        self.title = ElidedLabel(weight="bold")
        self.reason, self.file = QLineEdit(), QLineEdit()
        self.reason.setMaxLength(1000)
        self.status = label()
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._lay_out(actions, tokens)
        self.reason.returnPressed.connect(self.export)
        self.file.returnPressed.connect(self.export)
        pulse.second_passed.connect(self._say)
        follow(catalogue, self._say)
        self.hide()

    def running(self) -> bool:
        """Whether an export is on its way."""
        return self.job is not None and not self.job.over()

    def ask(self, scope: Scope, form: Form) -> None:
        """Ask why and where to."""
        if self.running():
            return
        self._drop_job()
        self._scope, self._form, self._missing_reason = scope, form, False
        stamp = self._clock.at(self._board.clock.now_ns()).strftime("%Y%m%d-%H%M%S")
        name = f"bongsu-{self._board.profile.city}-{scope.kind}-{stamp}.{form}"
        self.file.setText(str(self._folder / name))
        self.reason.clear()
        self._asking.show()
        self.show()
        self._say()
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def export(self) -> None:
        """Begin, when there is a reason."""
        if self._scope is None or self.running() or self._asking.isHidden():
            return
        reason = " ".join(self.reason.text().split())
        self._missing_reason = not reason
        if not reason:
            self._say()
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        path = Path(self.file.text().strip()).expanduser()
        if not path.is_absolute():
            path = self._folder / path
        teller = Teller(self._catalogue, self._board.profile)
        teller.learn_state(self._board.state)
        self._drop_job()
        self.job = ExportJob(
            self._board, self._pulse, self._port, teller, self._scope, self._form, reason, path, self
        )
        self.job.changed.connect(self._job_changed)
        self._asking.hide()
        self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.job.start()
        self._say()
        self.turned.emit()

    @Slot()
    def cancel(self) -> None:
        """Stop a running export, else close the strip."""
        if self.running() and self.job is not None:
            self.job.cancel()
            return
        self.hide()
        self.left.emit()

    def _drop_job(self) -> None:
        if self.job is not None:
            self.job.deleteLater()
            self.job = None

    @Slot()
    def _job_changed(self) -> None:
        self._say()
        if self.job is not None and self.job.over():
            if self.job.state == "failed" and not self.job.count:
                self._asking.show()  # the path or the moment was wrong, not the wish
            if self.job.state == "done":
                self._folder = self.job.path.parent
            self.turned.emit()

    @Slot()
    def _say(self) -> None:
        if self.isHidden() or self._scope is None:
            return
        say = self._catalogue.say
        self.title.setText(say(f"review.export.ask_{self._form}", what=self._scope.words))
        text, bad = self._status()
        self.status.setText(text)
        self.status.setVisible(bool(text))
        style(self.status, ink="p2" if bad else "", weight="bold" if bad else "")
        drawn = self.job is not None and self.job.state == "printing" and self.job.page[1] > 0
        self.progress.setVisible(drawn)
        if drawn and self.job is not None:
            self.progress.setRange(0, self.job.page[1])
            self.progress.setValue(self.job.page[0])
        self._actions.enable("review.export", not self.running())
        self._send.setVisible(not self._asking.isHidden())

    def _status(self) -> tuple[str, bool]:
        say, job = self._catalogue.say, self.job
        if self._missing_reason:
            return say("review.export.no_reason"), True
        if job is None:
            return "", False
        if job.state == "failed":
            key, fields = job.problem or ("review.state.unknown_problem", {})
            problem = self._catalogue.words(job.refusal) or say(key, **fields)
            if key == "review.export.too_many":
                return problem, True
            return say("review.export.problem", problem=problem), True
        if job.state == "refused":
            return say("review.export.refused", reason=self._catalogue.words(job.refusal)), True
        if job.state == "asked":
            waited_ns = self._board.clock.mono_ns() - job.asked_ns
            if waited_ns > LATE_NS:
                return say("review.export.late", age=self._moments.span(waited_ns / SECOND_NS)), True
        if job.state == "printing":
            page, pages = job.page
            if not pages:
                return say("review.export.preparing", count=job.count), False
            return say("review.export.printing", page=page, pages=pages), False
        key = "gathering" if job.state == "writing" else job.state
        return say(f"review.export.{key}", count=job.count, path=str(job.path), seq=job.seq), False

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        space = tokens.space(1)
        put = self._texts.put
        for name, key, handler in (
            ("review.export", "Return", self.export), ("review.cancel", "Esc", self.cancel),
        ):  # fmt: skip
            actions.add(
                name, f"review.act.{name.removeprefix('review.')}", key, handler, owner=self,
                group="review.group", only_focused=True,
            )  # fmt: skip
        self._asking = QWidget()
        fields = QHBoxLayout(self._asking)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(2 * space)
        for name, field, stretch in (("reason", self.reason, 2), ("file", self.file, 3)):
            heading = label(ink="dim")
            heading.setBuddy(field)
            put(heading, f"review.export.{name}")
            put(field, accessibleName=f"review.export.{name}")
            fields.addWidget(heading)
            fields.addWidget(field, stretch)
        put(self.reason, placeholderText="review.export.reason_hint")
        put(self.progress, accessibleName="review.export.progress")
        self._send = actions.button("review.export", self, role="act")
        head = QHBoxLayout()
        head.setSpacing(2 * space)
        head.addWidget(self.title, 1)
        head.addWidget(self._send)
        self._cancel = actions.button("review.cancel", self)
        head.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * space, 2 * space, 2 * space, 2 * space)
        column.setSpacing(space)
        column.addLayout(head)
        column.addWidget(self._asking)
        column.addWidget(self.status)
        column.addWidget(self.progress)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        style(self, role="header")
