"""Drives the printing process from the UI thread without ever waiting for it."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, Signal, Slot

from console.report.printed import Printed

log = logging.getLogger("bongsu.review")

GRACE_MS = 3000


class Printing(QObject):
    """One document to one file.

    Signals:
        measured(int): rows set so far.
        drew(int, int): pages drawn, of all.
        ended(str): "" when the file is there, else what went wrong (the process's own words).
    """

    measured = Signal(int)
    drew = Signal(int, int)
    ended = Signal(str)

    def __init__(self, document: Printed, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._path = document, path
        self._problem = "it ended without a word"
        self._over = False
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("QT_QPA_PLATFORM", "offscreen")
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.errorOccurred.connect(self._failed)
        self._process.finished.connect(self._finished)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.abandon)

    def start(self) -> None:
        """Begin; the signals tell the rest."""
        self._process.start(sys.executable, ["-m", "widgets.review.printer", str(self._path)])
        self._process.write(msgspec.msgpack.encode(self._document))
        self._process.closeWriteChannel()

    def cancel(self) -> None:
        """Ask the process to end; it removes its unfinished file. `ended` does not come then."""
        self._over = True
        if not self.is_gone():
            self._process.terminate()

    def is_gone(self) -> bool:
        """Whether the process has ended."""
        return self._process.state() == QProcess.ProcessState.NotRunning

    @Slot()
    def abandon(self) -> None:
        """The console ends: end the process and wait for it, a moment."""
        self._over = True
        if not self.is_gone():
            self._process.terminate()
            if not self._process.waitForFinished(GRACE_MS):
                self._process.kill()
                self._process.waitForFinished(GRACE_MS)

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            try:
                said = msgspec.json.decode(bytes(self._process.readLine().data()))
            except msgspec.DecodeError:
                continue
            if "rows" in said:
                self.measured.emit(int(said["rows"][0]))
            elif "pages" in said:
                self.drew.emit(int(said["pages"][0]), int(said["pages"][1]))
            elif "done" in said:
                self._problem = ""
            elif "problem" in said:
                self._problem = str(said["problem"])

    @Slot(QProcess.ProcessError)
    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._over:
            self._over = True
            self.ended.emit(self._process.errorString())

    @Slot(int, QProcess.ExitStatus)
    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        if self._over:
            return
        self._over = True
        words = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip()
        if self._problem:
            log.warning("The printing process ended with %d: %s\n%s", code, self._problem, words)
        self.ended.emit(self._problem)
