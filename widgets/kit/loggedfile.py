"""A file that leaves the console: on record first, then written whole in a thread, or not there at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from console.desk.board import Board
from console.desk.port import DeskPort
from console.model.base import Words
from console.model.commands import Accepted, LogExport, Refused
from widgets.kit.filewriting import FileWriter
from widgets.kit.pulse import Pulse

BUDGET_NS = 5_000_000
"""How much of a tick making pieces may take."""
ENDING_S = 2.0

State = Literal["checking", "asked", "writing", "cancelling", "done", "refused", "failed", "cancelled"]
OVER = ("done", "refused", "failed", "cancelled")

Pieces = Callable[[], Iterator[str | bytes]]
"""What is written, piece by piece; called once the export is on record. Each piece is quick to make."""


class LoggedFile(QObject):
    """One export from the wish to the file. UI thread. Nothing is created before the hub has it on record.

    Signals:
        changed: look at `state` again.
    """

    changed = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, what: str, form: str, reason: str, path: Path,
        pieces: Pieces, parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port = board, port
        self._command = LogExport(what=what, format=form, reason=reason)
        self._make, self._pieces = pieces, iter(())
        self.path = path
        self.state: State = "checking"
        self.seq = 0
        self.refusal: Words | None = None
        self.problem: tuple[str, dict[str, str]] | None = None
        """(catalogue key, fields) of what failed."""
        self._request = ""
        self._writer = FileWriter(path)
        pulse.ticked.connect(self._tick)
        pulse.answered.connect(self._answered)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.abandon)

    def start(self) -> None:
        """Look whether the file can be written there; the permission is asked for after that."""
        self._writer.start()

    def over(self) -> bool:
        return self.state in OVER

    @Slot()
    def cancel(self) -> None:
        """Stop; nothing is left behind."""
        if not self.over() and self.state != "cancelling":
            self._writer.cancel()
            self._go("cancelling")

    @Slot()
    def abandon(self) -> None:
        """The console ends: leave no unfinished file. Waits a moment for the thread."""
        self._writer.cancel()
        self._writer.join(ENDING_S)

    @Slot()
    def _tick(self) -> None:
        if self.state in ("checking", "writing") and self._writer.state == "failed":
            name, fields = self._writer.problem or ("failed", {"problem": "?"})
            self.problem = f"kit.file.{name}", fields
            self._go("failed")
        elif self.state == "checking" and self._writer.state == "ready":
            self._request = self._port.request(self._command)
            self._go("asked")
        elif self.state == "writing":
            self._write()
        elif self.state == "cancelling" and self._writer.ended():
            self._go("done" if self._writer.state == "done" else "cancelled")

    @Slot(object)
    def _answered(self, pairs: Any) -> None:
        for _, answer in pairs:
            if answer.id != self._request or self.state != "asked":
                continue
            if isinstance(answer, Refused):
                self.refusal = answer.reason
                self._writer.cancel()
                self._go("refused")
            elif isinstance(answer, Accepted):
                self.seq = answer.seq
                self._writer.begin()
                self._pieces = self._make()
                self._go("writing")

    def _write(self) -> None:
        until_ns = self._board.clock.mono_ns() + BUDGET_NS
        while not self._writer.busy():
            piece = next(self._pieces, None)
            if piece is None:
                self._writer.finish()
                self._pieces = iter(())
                break
            self._writer.put(piece)
            if self._board.clock.mono_ns() > until_ns:
                return
        if self._writer.state == "done":
            self._go("done")

    def _go(self, state: State) -> None:
        self.state = state
        self.changed.emit()
