"""Asks, in place, why something leaves the console and where to; then shows what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.report.times import CityClock
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.loggedfile import LoggedFile, Pieces
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens


class ExportStrip(QWidget):
    """Hidden until an export is wanted; one at a time. UI thread only.

    Acts, only while it has the keyboard: PREFIX.export (Enter), PREFIX.export_cancel (Esc).

    Signals:
        left: closed; whoever asked should have the keyboard.
    """

    left = Signal()

    def __init__(
        self, prefix: str, group: str, board: Board, pulse: Pulse, port: DeskPort, actions: Actions,
        catalogue: Catalogue, tokens: Tokens, folder: Path, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`prefix` names the acts, `group` their heading among the keys (a catalogue key)."""
        super().__init__(parent)
        self._board, self._pulse, self._port, self._catalogue = board, pulse, port, catalogue
        self._folder = folder
        self._clock = CityClock(board.profile.time_zone)
        self._texts = Texts(catalogue)
        self._what, self._form = "", "csv"
        self._pieces: Pieces = lambda: iter(())
        self._missing_reason = False
        self.job: LoggedFile | None = None
        self.title = ElidedLabel(weight="bold")
        self.reason, self.file = QLineEdit(), QLineEdit()
        self.reason.setMaxLength(1000)
        self.status = label()
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for name, key, handler in (
            ("export", "Return", self.export), ("export_cancel", "Esc", self.cancel),
        ):  # fmt: skip
            actions.add(
                f"{prefix}.{name}", f"kit.act.{name}", key, handler, owner=self, group=group,
                only_focused=True,
            )  # fmt: skip
        self._send = actions.button(f"{prefix}.export", self, role="act")
        self._lay_out(actions.button(f"{prefix}.export_cancel", self), tokens)
        self.reason.returnPressed.connect(self.export)
        self.file.returnPressed.connect(self.export)
        self._forget_words = follow(catalogue, self._say)
        self.hide()

    def running(self) -> bool:
        """Whether an export is on its way."""
        return self.job is not None and not self.job.over()

    def ask(self, what: str, name: str, form: str, pieces: Pieces) -> None:
        """Ask why and where to. `what` says it for the record and the screen, `name` begins the file's."""
        if self.running():
            return
        self._drop_job()
        self._what, self._form, self._pieces, self._missing_reason = what, form, pieces, False
        stamp = self._clock.at(self._board.clock.now_ns()).strftime("%Y%m%d-%H%M%S")
        self.file.setText(str(self._folder / f"bongsu-{self._board.profile.city}-{name}-{stamp}.{form}"))
        self.reason.clear()
        self._asking.show()
        self.show()
        self._say()
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def export(self) -> None:
        """Begin, when there is a reason."""
        if not self._what or self.running() or self._asking.isHidden():
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
        self._drop_job()
        self.job = LoggedFile(
            self._board, self._pulse, self._port, self._what, self._form, reason, path, self._pieces, self
        )
        self.job.changed.connect(self._job_changed)
        self._asking.hide()
        self.job.start()
        self._say()

    @Slot()
    def cancel(self) -> None:
        """Stop a running export, else close the strip."""
        if self.running() and self.job is not None:
            self.job.cancel()
            return
        self.hide()
        self.left.emit()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        if self.running() and self.job is not None:
            self.job.abandon()

    def _drop_job(self) -> None:
        if self.job is not None:
            self.job.deleteLater()
            self.job = None

    @Slot()
    def _job_changed(self) -> None:
        self._say()
        if self.job is not None and self.job.state == "failed":
            self._asking.show()  # the path was wrong, not the wish
        if self.job is not None and self.job.state == "done":
            self._folder = self.job.path.parent

    @Slot()
    def _say(self) -> None:
        if not self._what:
            return
        self.title.setText(self._catalogue.say("kit.export.title", what=self._what))
        text, bad = self._status()
        self.status.setText(text)
        self.status.setVisible(bool(text))
        style(self.status, ink="p2" if bad else "", weight="bold" if bad else "")
        self._send.setVisible(not self._asking.isHidden())

    def _status(self) -> tuple[str, bool]:
        say, job = self._catalogue.say, self.job
        if self._missing_reason:
            return say("kit.export.no_reason"), True
        if job is None:
            return "", False
        if job.state == "failed":
            key, fields = job.problem or ("kit.file.failed", {"problem": "?"})
            return say("kit.export.failed", reason=say(key, **fields)), True
        if job.state == "refused":
            return say("kit.export.refused", reason=self._catalogue.words(job.refusal)), True
        return say(f"kit.export.{job.state}", path=str(job.path), seq=job.seq), False

    def _lay_out(self, cancel: QWidget, tokens: Tokens) -> None:
        space = tokens.space(1)
        self._asking = QWidget()
        fields = QHBoxLayout(self._asking)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(2 * space)
        for name, field, stretch in (("reason", self.reason, 2), ("file", self.file, 3)):
            heading = label(ink="dim")
            heading.setBuddy(field)
            self._texts.put(heading, f"kit.export.{name}")
            self._texts.put(field, accessibleName=f"kit.export.{name}")
            fields.addWidget(heading)
            fields.addWidget(field, stretch)
        self._texts.put(self.reason, placeholderText="kit.export.reason_hint")
        head = QHBoxLayout()
        head.setSpacing(2 * space)
        head.addWidget(self.title, 1)
        head.addWidget(self._send)
        head.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * space, 2 * space, 2 * space, 2 * space)
        column.setSpacing(space)
        column.addLayout(head)
        column.addWidget(self._asking)
        column.addWidget(self.status)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        style(self, role="header")
