"""Loads what draws the plots without holding up the window: in a thread, after the first paint.

Importing pyqtgraph takes a third of a second. On the UI thread that would be a stall; before the first paint
it would be a later window.
"""

from __future__ import annotations

import importlib
import logging
import threading
from types import ModuleType

log = logging.getLogger(__name__)

DRAWING = ("widgets.charts.plot", "widgets.charts.clock")


class DrawingLoader:
    """Imports the modules that need pyqtgraph. One thread calls `look`; the import has a thread of its own,
    which ends with it and is waited for when the program ends.
    """

    def __init__(self, names: tuple[str, ...] = DRAWING) -> None:
        self._names = names
        self._thread: threading.Thread | None = None
        self._modules: tuple[ModuleType, ...] = ()
        self.failed = False

    def look(self) -> tuple[ModuleType, ...]:
        """The modules once they are there, nothing before; the first call begins. See `failed`."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="load-drawing")
            self._thread.start()
        return () if self._thread.is_alive() else self._modules

    def _load(self) -> None:
        try:
            self._modules = tuple(importlib.import_module(name) for name in self._names)
        except Exception:  # whatever a library does while it loads, the desk goes on without its plots
            log.exception("The charts cannot be drawn: a library does not load. Run the set-up again.")
            self.failed = True
