"""What a step offers leads to the window's own acts, with the chosen incident."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.model import events as ev
from console.model.procedure import StepAct
from tests.kit.sitting import PLACE, Sitting, opened
from widgets.shell.stepacts import StepActs

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Window:
    """Remembers what was wanted of it."""

    def __init__(self) -> None:
        self.cameras: list[tuple[str, ...]] = []
        self.partners: list[tuple[str, ...]] = []
        self.page = _Page()

    def bring(self, camera_ids: tuple[str, ...]) -> None:
        self.cameras.append(camera_ids)

    def draft(self, agencies: tuple[str, ...]) -> None:
        self.partners.append(agencies)

    def show_page(self, name: str) -> QWidget:
        assert name == "controls"
        return self.page


class _Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[tuple[tuple[str, ...], str, str]] = []
        self.incidents: list[str] = []

    def show_incident(self, incident_id: str) -> None:
        self.incidents.append(incident_id)

    def choose(self, device_ids: tuple[str, ...], control: str, value: str) -> None:
        self.chosen.append((device_ids, control, value))


def test_each_offered_act_leads_there_and_orders_nothing(sitting: Sitting, qtbot: QtBot) -> None:
    sitting.connect()
    sitting.tell(opened(place=PLACE))
    window, owner, triggered = Window(), QObject(), []
    qtbot.addWidget(window.page)
    sitting.actions.add("incident.note", "incidents.act.note", handler=lambda: triggered.append("note"))
    acts = StepActs(
        sitting.board, sitting.actions, window.show_page, window.bring, window.draft, owner
    )
    acts.do("INC-1", StepAct(act="open_cameras"))
    acts.do("INC-1", StepAct(act="hand_off", agency="KR-119"))
    acts.do("INC-1", StepAct(act="note"))
    acts.do("INC-1", StepAct(act="order_repair"))  # no such page at this desk: nothing happens
    acts.do("gone", StepAct(act="open_cameras"))
    assert window.cameras == [()] and window.partners == [("KR-119",)] and triggered == ["note"]
    lamps = StepAct(act="control", control="lamp_dim", value="100", within_m=2_500.0)
    acts.do("INC-1", lamps)
    ((device_ids, control, value),) = window.page.chosen
    assert (control, value) == ("lamp_dim", "100") and window.page.incidents == ["INC-1"]
    kinds = {sitting.profile.devices[one].kind for one in device_ids}
    assert all("lamp_dim" in sitting.profile.controls_of_kind[kind] for kind in kinds)
    assert sitting.port.commands == {}
    assert acts.devices("INC-1", StepAct(act="control", control="lamp_dim", value="100")) == ()


def test_the_incidents_own_device_comes_first(sitting: Sitting, qtbot: QtBot) -> None:
    sitting.connect()
    window, owner = Window(), QObject()
    qtbot.addWidget(window.page)
    acts = StepActs(sitting.board, sitting.actions, window.show_page, window.bring, window.draft, owner)
    lamp = next(
        one for one in sitting.profile.devices.values()
        if "lamp_dim" in sitting.profile.controls_of_kind.get(one.kind, ())
    )  # fmt: skip
    sitting.tell(ev.IncidentOpened(
        incident_id="INC-2", type="lamp_row", priority=3, place=lamp.place, reason=lamp.name,
        device_ids=(lamp.id,),
    ))  # fmt: skip
    found = acts.devices("INC-2", StepAct(act="control", control="lamp_dim", within_m=300.0))
    assert found[0] == lamp.id and len(found) > 1
