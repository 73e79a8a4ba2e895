"""How widgets ask for something: a command to be done, or a page to be looked up. Never blocks."""

from __future__ import annotations

from typing import Protocol

from console.model.commands import Command
from console.model.query import Query


class DeskPort(Protocol):
    """What `HubLink` offers to widgets, and what a test's recorder offers in its place. UI thread."""

    def request(self, command: Command) -> str:
        """Send a command; returns its request id. The answer comes as `Pulse.answered`, later."""
        ...

    def ask(self, query: Query) -> str:
        """Look something up; returns the id under which `Pulse.looked_up` will bring the page."""
        ...
