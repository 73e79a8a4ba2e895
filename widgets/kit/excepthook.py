"""An exception in a slot, a thread or a destructor is logged, counted and shown; the console goes on."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

log = logging.getLogger("bongsu.ui")


class Mishaps:
    """Counts what went wrong inside. Any thread may fail; the UI thread reads `count` and `last`.

    `last` names the kind of the exception and the line, never its text: that could carry data that must
    not be on a screen. The log has the whole of it.
    """

    def __init__(self) -> None:
        self.count = 0
        self.last = ""
        self._before: tuple[Any, Any, Any] | None = None

    def install(self) -> None:
        """Be told of every exception nobody caught."""
        if self._before is None:
            self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self.happened
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._unraisable

    def uninstall(self) -> None:
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None

    def happened(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
        where: str = "slot",
    ) -> None:
        """Log, count and remember one."""
        if issubclass(kind, KeyboardInterrupt):
            return  # Ctrl+C is a wish to leave, which the signal handler serves
        self.count += 1
        frames = traceback.extract_tb(trace)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else where
        self.last = f"{kind.__name__} {place}"
        log.error("nobody caught this in a %s; the console goes on", where, exc_info=(kind, error, trace))

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit and args.exc_value is not None:
            name = args.thread.name if args.thread else "thread"
            self.happened(args.exc_type, args.exc_value, args.exc_traceback, f"thread {name}")

    def _unraisable(self, args: Any) -> None:
        if args.exc_value is not None:
            self.happened(args.exc_type, args.exc_value, args.exc_traceback, "destructor")
