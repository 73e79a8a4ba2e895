"""How far an export is, what came of it, and whether the package is still whole."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from console.clock import SECOND_NS
from console.desk.board import Board
from console.evidence.job import Done, Failed
from console.evidence.keys import spaced
from console.language import Catalogue
from widgets.evidence.exporting import Exporting, Verifying
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

LATE_NS = 5 * SECOND_NS
STEPS = 1000


class Outcome(QWidget):
    """Buttons, a bar and words. UI thread."""

    def __init__(
        self, board: Board, catalogue: Catalogue, texts: Texts, actions: Actions, tokens: Tokens,
        moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._catalogue, self._actions, self._moments = board, catalogue, actions, moments
        self._exporting: Exporting | None = None
        self._verifying: Verifying | None = None
        self._wrong: tuple[str, dict[str, str]] | None = None
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        texts.put(self.bar, accessibleName="evidence.progress")
        self.words = label()
        self.words.setObjectName("evidence.words")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        by = Qt.TextInteractionFlag
        self.words.setTextInteractionFlags(by.TextSelectableByMouse | by.TextSelectableByKeyboard)
        row = QHBoxLayout()
        row.setSpacing(tokens.space(1))
        row.addWidget(actions.button("evidence.start", self, role="act"), 2)
        row.addWidget(actions.button("evidence.cancel", self), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self.words, 1)
        column.addWidget(actions.button("evidence.verify", self))
        follow(catalogue, self.say)

    def take(self, exporting: Exporting | None) -> None:
        """Tell of this export from now on."""
        self._exporting, self._verifying, self._wrong = exporting, None, None
        self.say()

    def tell_wrong(self, key: str, fields: dict[str, str]) -> None:
        """Say what is missing before an export can begin."""
        self._wrong = key, fields
        self.say()

    def forget_wrong(self) -> None:
        if self._wrong is not None:
            self._wrong = None
            self.say()

    def tell_verifying(self, verifying: Verifying) -> None:
        self._verifying, self._wrong = verifying, None
        self.say()

    @Slot()
    def say(self) -> None:
        """Say it all again."""
        exporting = self._exporting
        state = exporting.state if exporting is not None else ""
        running = exporting is not None and not exporting.over()
        self._actions.enable("evidence.start", not running)
        self._actions.enable("evidence.cancel", running and state != "cancelling")
        checking = self._verifying is not None and self._verifying.checked is None
        self._actions.enable("evidence.verify", state == "done" and not checking)
        self.bar.setVisible(running)
        if exporting is not None:
            self.bar.setValue(round(exporting.progress.done * STEPS))
        text, bad = self._text(exporting)
        if text != self.words.text():
            self.words.setText(text)
            self.words.setAccessibleName(text)
        style(self.words, ink="p2" if bad else "", weight="bold" if bad else "")

    def _text(self, exporting: Exporting | None) -> tuple[str, bool]:
        say = self._catalogue.say
        if self._wrong is not None:
            key, fields = self._wrong
            return say(f"evidence.wrong.{key}", **fields), True
        if exporting is None:
            return "", False
        result = exporting.result
        if exporting.state == "refused":
            return say("evidence.state.refused", reason=self._catalogue.words(exporting.problem)), True
        if exporting.state == "done" and isinstance(result, Done):
            return self._done(result)
        if exporting.state == "failed" and isinstance(result, Failed):
            return say(f"evidence.problem.{result.code}", detail=result.detail), result.code != "cancelled"
        waited_ns = self._board.clock.mono_ns() - exporting.asked_ns
        if exporting.state == "cancelling":
            return say("evidence.state.cancelling"), False
        if exporting.state in ("asked", "heading"):
            if waited_ns > LATE_NS:
                return say("evidence.state.late", age=self._moments.span(waited_ns / SECOND_NS)), True
            return say("evidence.state.asked"), False
        progress = exporting.progress
        text = say(f"evidence.state.{progress.step}", camera=progress.camera_id)
        return f"{text}  {round(progress.done * 100)} %", False

    def _done(self, done: Done) -> tuple[str, bool]:
        say = self._catalogue.say
        size = f"{done.bytes / 1e6:,.1f} MB"
        lines = [say("evidence.state.done", clips=done.clips, files=done.files, size=size)]
        bad = False
        if self._verifying is not None:
            text, bad = self._checked(self._verifying)
            lines.append(text)
        lines.append(say("evidence.state.where", path=done.path))
        lines.append(say("evidence.state.key", fingerprint=spaced(done.fingerprint)))
        if done.without_pictures:
            lines.append(say("evidence.state.without", cameras=", ".join(done.without_pictures)))
        if done.gaps:
            lines.append(say("evidence.state.gaps", count=done.gaps))
        if done.damaged:
            lines.append(say("evidence.state.damaged", cameras=", ".join(done.damaged)))
        return "\n".join(lines), bad

    def _checked(self, verifying: Verifying) -> tuple[str, bool]:
        say, checked = self._catalogue.say, verifying.checked
        if checked is None:
            return say("evidence.state.verifying"), False
        if checked.is_good:
            return say("evidence.state.good"), False
        if not checked.wrong:
            return say("evidence.verify.other_key"), True
        first = checked.wrong[0]
        what = say(f"evidence.verify.wrong.{first.what}")
        return say("evidence.state.bad", file=Path(first.file).name, what=what), True
