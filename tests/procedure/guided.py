"""A sitting that hears what a room's log says, as from a hub."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.model import commands as do
from console.profile.procedures import ProcedureBook
from tests.fakes.procedureroom import Room
from tests.kit.sitting import Sitting
from widgets.procedure.shelf import ProcedureShelf


class Guided:
    """The hub's side of a desk: what is decided in `room` is told, orders of the port are followed."""

    def __init__(self, sitting: Sitting, book: ProcedureBook) -> None:
        self.sitting, self.room = sitting, Room(book, sitting.clock)
        self._told = 0
        self._followed = 0
        self._windows: list[QWidget] = []
        self.shelf = ProcedureShelf("suwon", sitting.profile)
        self.shelf.book, self.shelf.version = book, 1

    def show(self, part: QWidget) -> QWidget:
        """In a window of its own that has the keyboard; close it with `leave`."""
        window = QWidget()
        layout = QVBoxLayout(window)
        layout.addWidget(part)
        layout.addStretch(1)
        window.resize(700, 900)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        self._windows.append(window)
        self.sitting.settle()
        return window

    def leave(self) -> None:
        for window in self._windows:
            window.close()
            window.deleteLater()
        self.sitting.leave()

    def begin(self, kind: str = "person_down", incident_id: str = "I-1", **more: object) -> None:
        self.room.begin(kind, incident_id, **more)
        self.tell()

    def tell(self) -> None:
        """Tell the desk what it has not heard."""
        new = [one.event for one in self.room.log[self._told :]]
        self._told = len(self.room.log)
        self.sitting.tell(*new)

    def follow(self, desk: str = "desk-1", person: str = "kim") -> list[str]:
        """Decide what the desk asked since; returns the codes of what was refused."""
        refused = []
        commands = list(self.sitting.port.commands.items())
        for request_id, command in commands[self._followed :]:
            if type(command) not in self.room.orders.decide:
                continue
            answer = self.room.ask(command, desk, person)  # type: ignore[arg-type]
            self.tell()
            if answer is None:
                self.sitting.accept(request_id, self.sitting.board.state.seq)
            else:
                refused.append(answer.code)
                self.sitting.refuse(request_id, answer.reason.en, answer.reason.ko)
        self._followed = len(commands)
        return refused

    def asked(self) -> list[do.Command]:
        """All orders of the desk, oldest first."""
        return list(self.sitting.port.commands.values())

    def later(self, seconds: float) -> None:
        self.room.later(seconds)
        self.tell()
        self.sitting.pulse.second_passed.emit()

