"""The one moment that all of a desk looks at: replay, charts and map follow whoever moved it last."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot


class SharedClock(QObject):
    """`at_ns` is the moment looked at (UTC ns since 1970), None while everybody looks at now. UI thread.

    Who puts it says its own name, so that it need not follow itself.

    Signals:
        moved(object, str): another moment (an int, or None: now), and who put it.
    """

    moved = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.at_ns: int | None = None
        self.by = ""

    @Slot(object, str)
    def put(self, at_ns: int | None, by: str) -> None:
        """Look at this moment. The same moment again says nothing."""
        if at_ns != self.at_ns:
            self.at_ns, self.by = at_ns, by
            self.moved.emit(at_ns, by)
