"""A whole desk without a hub, made by the composition root itself, with the time in the test's hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QApplication

from console.desk.desk import Ground, furnish
from console.desk.link import HubLink
from console.video.book import SourceBook
from console.video.engine import VideoEngine
from tests.kit.sitting import Sitting
from widgets.shell.seat import Seat


class Desk(Sitting):
    """A sitting whose kit is the seat's own. The engine has no source, so no process is started."""

    def __init__(self, home: Path, language: str = "en", theme: str = "") -> None:
        super().__init__(language)
        for part in (self.actions, self.pulse, self.tokens):
            part.deleteLater()
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        ground = Ground(
            home, self.profile, self.board, cast(HubLink, self.port), VideoEngine(SourceBook({})), self.clock
        )
        self.seat: Seat = furnish(ground, language, theme)
        self.window = self.seat.window
        self.pulse, self.tokens, self.actions = self.seat.pulse, self.seat.tokens, self.seat.actions
        self.catalogue, self.moments = self.seat.catalogue, self.seat.moments

    def open(self) -> None:
        """Show the window as it would be at the desk, without starting what beats by itself."""
        self.window.show_where_it_was()
        self.settle()

    def part(self, name: str) -> Any:
        """A widget by its object name."""
        from PySide6.QtWidgets import QWidget

        found = self.window.findChild(QWidget, name)
        assert found is not None, f"no widget {name}"
        return found

    def leave(self) -> None:
        self.window.close()
        self.seat.close()
        self.seat.deleteLater()
        self.settle()
        del self.window, self.pulse, self.tokens, self.actions, self.seat
        app = QApplication.instance()
        assert isinstance(app, QApplication)
