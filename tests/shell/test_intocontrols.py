"""From an incident, an alarm or the map to the page of controls; nothing is ordered on the way."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QWidget

from tests.kit.sitting import Sitting, opened
from widgets.shell.intocontrols import IntoControls

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Room(Sitting):
    def __init__(self) -> None:
        super().__init__()
        self.connect()
        self.owner, self.detail = QWidget(), QWidget()
        self.detail.incident_id = ""  # type: ignore[attr-defined]
        self.told: list[tuple[object, ...]] = []
        self.page = SimpleNamespace(
            show_device=lambda one: self.told.append(("device", one)),
            show_incident=lambda one: self.told.append(("incident", one)),
            show_lamps=lambda *place: self.told.append(("lamps", place[-1])),
        )
        self.join = IntoControls(
            self.show_page, self.detail, self.board, self.actions, self.owner, self.owner
        )

    def show_page(self, name: str) -> object:
        assert name == "controls"
        return self.page

    def close(self) -> None:
        self.owner.deleteLater()
        self.detail.deleteLater()
        del self.owner, self.detail, self.join
        self.leave()


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def test_a_device_with_controls_is_shown_and_another_changes_nothing(room: Room):
    room.join.show_device("CAM-PARK-0001")
    room.join.show_device("nowhere")
    assert room.told == []
    room.join.show_device("BAR-0001")
    assert room.told == [("device", "BAR-0001")]


def test_the_selected_incident_leads_to_its_device_and_the_lamps_around_it(room: Room):
    room.actions.trigger("controls.device")
    room.actions.trigger("controls.lights")
    assert room.told == []
    room.tell(opened("I1"))
    room.detail.incident_id = "I1"  # type: ignore[attr-defined]
    room.actions.trigger("controls.device")
    room.actions.trigger("controls.lights")
    assert room.told == [("incident", "I1"), ("lamps", "I1")]
    assert not room.port.commands
