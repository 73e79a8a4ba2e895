"""From a clue of an incident to where it came from."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QObject

from console.model.base import Position
from console.model.casework import Clue
from widgets.shell.fromclue import FromClue


class Pages(QObject):
    """Stands for the lower area: remembers what was shown and asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str, Any]] = []

    def show_page(self, name: str) -> Any:
        self.told.append((name, "", None))
        return self

    def __getattr__(self, name: str) -> Any:
        def tell(what: Any) -> bool:
            self.told[-1] = (self.told[-1][0], name, what)
            return True

        return tell


def clue(source: str, **more: Any) -> Clue:
    told = {"uid": "u1", "source": source, "type": "smoke", "at_ns": 1, "lat": 37.2, "lon": 127.0}
    return Clue(**{**told, **more})


@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (clue("report", uid="SR-7"), ("reports", "show_report", "SR-7")),
        (clue("alarm", uid="UND-1/deep@1700"), ("alarms", "choose", "UND-1/deep")),
        (clue("warning"), ("warnings", "", None)),
        (clue("request"), ("shares", "", None)),
        (clue("bell", device_id="BELL-1"), ("map", "go_to", "BELL-1")),
        (clue("call"), ("map", "go_to", Position(lat=37.2, lon=127.0))),
    ],
)
def test_each_source_leads_to_its_own_page(qapp: object, one: Clue, shown: tuple[str, str, Any]) -> None:
    pages, brought = Pages(), []
    FromClue(pages.show_page, brought.append, pages).open(one)
    assert pages.told == [shown]
    assert brought == []


def test_what_a_camera_saw_is_shown_as_its_picture(qapp: object) -> None:
    pages, brought = Pages(), []
    FromClue(pages.show_page, brought.append, pages).open(clue("detection", camera_id="CAM-1"))
    assert brought == [("CAM-1",)]
    assert pages.told == []
