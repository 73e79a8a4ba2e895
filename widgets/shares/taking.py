"""The ledger of provisions taken out of the console: on record first, as a table or to be printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject

from console.desk.board import Board
from console.language import Catalogue
from console.report.printed import Leave, Printed
from console.report.sheet import csv_head, csv_lines
from widgets.kit.exportstrip import ExportStrip
from widgets.kit.moments import Moments
from widgets.shares.ledger import LedgerModel
from widgets.shares.printing import ledger_document

LINES_A_PIECE = 200
MakePdf = Callable[[Printed, QObject], Any]
"""Makes the file of a document beside: an object with `is_gone()` and `data() -> bytes | None`."""


class LedgerTaking:
    """UI thread only. The strip asks why and where to."""

    def __init__(
        self, board: Board, catalogue: Catalogue, moments: Moments, ledger: LedgerModel, strip: ExportStrip,
        make_pdf: MakePdf,
    ) -> None:  # fmt: skip
        self._board, self._catalogue, self._moments = board, catalogue, moments
        self._ledger, self._strip, self._make_pdf = ledger, strip, make_pdf

    def ask(self, form: str) -> None:
        """Ask for the reason of a "csv" or "pdf" of all that is loaded."""
        what = self._catalogue.say("shares.export_what", count=f"{len(self._ledger.views):,}")
        self._strip.ask(what, "provisions", form, self.csv if form == "csv" else self.pdf)

    def csv(self) -> Iterator[str | bytes]:
        yield csv_head(self._ledger.titles())
        count = len(self._ledger.views)
        for first in range(0, count, LINES_A_PIECE):
            yield csv_lines(
                [self._ledger.line(row) for row in range(first, min(count, first + LINES_A_PIECE))]
            )

    def pdf(self) -> Iterator[str | bytes]:
        """Drawn in a process beside; nothing is written until it is done."""
        job = self._strip.job
        leave = Leave(
            person=self._board.person, desk=self._board.desk, reason=self._strip.reason.text().strip(),
            at_ns=self._board.clock.now_ns(), entry_seq=job.seq if job is not None else 0, head_seq=0,
            head_hash="",
        )  # fmt: skip
        rows = [tuple(str(cell) for cell in self._ledger.line(row)) for row in range(len(self._ledger.views))]
        document = ledger_document(
            self._board.profile, self._catalogue, self._moments, leave, self._ledger.titles(), rows
        )
        made = self._make_pdf(document, self._strip)
        while not made.is_gone():
            yield b""
        data = made.data()
        if data is None:
            if job is not None:
                job.cancel()
            return
        yield data
