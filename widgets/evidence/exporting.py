"""One export at the desk: permission, then where the record stands, then the process, then its end told.

Fails closed: no process is started and no byte written before the hub has put the export on record.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal, Slot

from console.desk.board import Board
from console.desk.port import DeskPort
from console.evidence.job import Done, ExportJob, Failed, Progress
from console.evidence.manifest import Badge
from console.evidence.running import ExportRun
from console.evidence.verify import Checked, verify
from console.evidence.wish import Corners, ExportWish, command_of, finished, given_up, job_of
from console.model.base import Words
from console.model.commands import Accepted, FinishExport, Refused
from console.model.query import AskHead, LedgerHead
from widgets.kit.pulse import Pulse

ExportState = Literal["asked", "heading", "running", "cancelling", "done", "refused", "failed"]
OVER = ("done", "refused", "failed")
READING = Progress(done=0.0, step="reading")

Start = Callable[[ExportJob], ExportRun]


class Exporting(QObject):
    """One export from the wish to the package. UI thread; nothing here waits but `abandon`.

    Signals:
        changed: look at `state`, `progress`, `result`, `problem` again.
    """

    changed = Signal()

    def __init__(
        self, wish: ExportWish, board: Board, pulse: Pulse, port: DeskPort, home: Path,
        badges: Mapping[str, Badge], clear_regions: Mapping[str, Corners], start: Start = ExportRun,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.wish = wish
        self._board, self._port, self._home, self._start = board, port, home, start
        self._badges, self._clear_regions = dict(badges), dict(clear_regions)
        self.state: ExportState = "asked"
        self.progress = READING
        self.result: Done | Failed | None = None
        self.problem: Words | None = None
        """The hub's words, when it refused."""
        self.asked_ns = board.clock.mono_ns()
        self._accepted: Accepted | None = None
        self._run: ExportRun | None = None
        self._query = ""
        self._cancelled = False
        pulse.answered.connect(self._answered)
        pulse.looked_up.connect(self._looked_up)
        pulse.ticked.connect(self._tick)
        self._request = port.request(command_of(wish))

    def over(self) -> bool:
        return self.state in OVER

    @Slot()
    def cancel(self) -> None:
        """Stop. Before the hub has answered nothing can be written any more; it is told when it answers."""
        if self.over() or self._cancelled:
            return
        self._cancelled = True
        if self._run is not None:
            self._run.cancel()
        self._go("cancelling")

    def abandon(self) -> None:
        """The console ends: stop the process and wait for it, a moment."""
        if self._run is not None and self._run.result is None:
            self._run.cancel()
            self._run.wait()

    @Slot(object)
    def _answered(self, pairs: Any) -> None:
        for _, answer in pairs:
            if answer.id != self._request or self._accepted is not None or self.over():
                continue
            if isinstance(answer, Refused):
                self.problem = answer.reason
                self._go("refused")
                return
            self._accepted = answer
            if self._cancelled:
                self._end(Failed(code="cancelled"))
                return
            self._query = self._port.ask(AskHead())
            self._go("heading")

    @Slot(object)
    def _looked_up(self, ids: Any) -> None:
        if self._query not in ids or self._accepted is None or self._run is not None or self.over():
            return
        came = self._board.take_page(self._query)
        if came is None:
            return
        if self._cancelled:
            self._end(Failed(code="cancelled"))
            return
        if not isinstance(came.page, LedgerHead):
            self._end(Failed(code="other", detail=came.problem.en if came.problem is not None else ""))
            return
        try:
            job = job_of(
                self.wish, self._home, self._board.profile, self._board.state.masks, self._board.desk,
                self._board.person, self._accepted, came.page, self._badges, self._clear_regions,
            )  # fmt: skip
        except KeyError as unknown:
            self._end(Failed(code="other", detail=str(unknown)))
            return
        self._run = self._start(job)
        self._run.start()
        self._go("running")

    @Slot()
    def _tick(self) -> None:
        run = self._run
        if run is None or self.over():
            return
        if run.result is not None:
            self._end(run.result)
        elif run.progress != self.progress:
            self.progress = run.progress
            self.changed.emit()

    def _end(self, result: Done | Failed) -> None:
        self.result = result
        self._port.request(_end_of(self.wish.export_id, result))
        self._go("done" if isinstance(result, Done) else "failed")

    def _go(self, state: ExportState) -> None:
        self.state = state
        self.changed.emit()


def _end_of(export_id: str, result: Done | Failed) -> FinishExport:
    if isinstance(result, Done):
        return finished(export_id, result.manifest_sha256, result.files, result.bytes)
    return given_up(export_id, result.code == "cancelled")


class Verifying:
    """A check of a package in a thread of its own; `checked` is there when it has ended."""

    def __init__(self, package: Path, expected: str) -> None:
        self.checked: Checked | None = None
        self._package, self._expected = package, expected
        self._thread = threading.Thread(target=self._run, name="evidence-verify", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Wait for its end."""
        self._thread.join(10.0)

    def _run(self) -> None:
        self.checked = verify(self._package, self._expected)
