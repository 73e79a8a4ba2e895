"""The page of upkeep: what is not well is found, repaired through the hub, counted, taken out as a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel

from console.clock import SECOND_NS
from console.desk.inbound import PageCame
from console.model import commands as do
from console.model import events as ev
from console.model.base import same_words
from console.model.query import (
    AskAvailability,
    AskGoals,
    AvailabilityPage,
    DeviceTime,
    GoalFigure,
    GoalsPage,
)
from tests.kit.sitting import Sitting
from widgets.upkeep.figures import percent
from widgets.upkeep.model import Column
from widgets.upkeep.page import UpkeepPage
from widgets.upkeep.rows import VIEWS

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
LAMP, CAMERA = "LAMP-00001", "CAM-PARK-0001"


class Room(Sitting):
    def __init__(self, folder: Path, desk: str = "desk-1") -> None:
        super().__init__()
        self.board.desk = desk
        self.connect()
        self.lamp = next(one for one in self.profile.columns.ids if one.startswith("LAMP"))
        self.page = UpkeepPage(
            self.board, self.pulse, self.port, self.actions, self.catalogue, self.tokens, self.moments, folder
        )
        self.page.resize(1600, 400)
        self.page.show()

    def down(self, *device_ids: str, condition: str = "down") -> None:
        self.tell(
            *(
                ev.DeviceConditionChanged(device_id=one, condition=condition, why=same_words("no light"))  # type: ignore[arg-type]
                for one in device_ids
            )
        )

    def shown(self) -> list[str]:
        return [self.page.model.device_id(row) for row in range(self.page.model.rowCount())]

    def choose(self, *device_ids: str) -> None:
        select = self.page.table.selectionModel()
        select.clearSelection()
        for one in device_ids:
            select.select(
                self.page.model.index(self.page.model.row_of(one), 0),
                QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
            )

    def view(self, name: str) -> None:
        self.page.boxes["view"].setCurrentIndex(VIEWS.index(name))  # type: ignore[arg-type]

    def text(self, device_id: str, column: Column) -> str:
        return self.page.model.text(self.page.model.row_of(device_id), column)

    def last(self) -> tuple[str, do.Command]:
        return list(self.port.commands.items())[-1]

    def close(self) -> None:
        self.page.release()
        self.page.close()
        self.page.deleteLater()
        del self.page
        self.leave()


@pytest.fixture
def room(qapp: object, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


@pytest.fixture
def supervisor(qapp: object, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, "super-1")
    yield made
    made.close()


def test_what_is_down_comes_before_what_is_degraded_and_the_longest_first(room: Room) -> None:
    assert room.shown() == [] and not room.page.empty.isHidden()
    room.down(CAMERA, condition="degraded")
    room.later(60)
    room.down(room.lamp)
    assert room.shown() == [room.lamp, CAMERA]
    room.later(30)
    assert room.text(CAMERA, Column.SINCE) == "1 min"
    assert room.text(room.lamp, Column.STANDING) == "✕ down"
    assert room.text(room.lamp, Column.WHY) == "no light"
    room.down(room.lamp, condition="up")
    assert room.shown() == [CAMERA]


def test_every_device_is_found_by_its_words_in_both_languages(room: Room) -> None:
    room.view("all")
    assert len(room.shown()) == 22_783
    room.page.field.setText(CAMERA.lower())
    assert room.shown() == [CAMERA]
    name = room.profile.devices[CAMERA].name.ko
    room.page.field.setText(name)
    assert CAMERA in room.shown()
    room.page.field.setText("no such device anywhere")
    assert room.shown() == [] and room.page.empty.text() == "No device has these words."


def test_the_bar_narrows_by_system_district_and_contractor(room: Room) -> None:
    room.view("all")
    systems = list(room.profile.systems)
    room.page.boxes["system"].setCurrentIndex(1 + systems.index("lighting"))
    lamps = room.shown()
    assert lamps and all(room.profile.devices[one].system == "lighting" for one in lamps[:50])
    district = room.profile.devices[lamps[0]].place.district
    room.page.boxes["district"].setCurrentIndex(1 + list(room.profile.districts).index(district))
    assert 0 < len(room.shown()) < len(lamps)
    room.page.boxes["contractor"].setCurrentIndex(1)
    assert room.shown() == []


def test_a_repair_is_asked_for_with_words_and_shown_once_the_hub_has_it(room: Room) -> None:
    room.down(room.lamp)
    room.choose(room.lamp)
    room.actions.trigger("upkeep.repair")
    room.page.form.words.setText("  dark since the storm ")
    room.page.form.send()
    request_id, command = room.last()
    assert command == do.OpenTicket(device_ids=(room.lamp,), text="dark since the storm")
    assert not room.page.form.isHidden()
    room.tell(
        ev.TicketOpened(
            ticket_id="R-00001", desk="desk-1", person="Kim", device_ids=(room.lamp,), text="dark",
            contractor="lighting",
        )
    )  # fmt: skip
    room.accept(request_id)
    assert room.page.form.isHidden()
    assert room.text(room.lamp, Column.TICKET) == "R-00001 · reported"
    room.choose(room.lamp)
    room.actions.trigger("upkeep.stage")
    room.page.form.send()
    assert room.last()[1] == do.ChangeTicket(ticket_id="R-00001", stage="accepted", text="")


def test_what_the_hub_refuses_is_said_in_the_form_and_the_words_are_kept(room: Room) -> None:
    room.down(room.lamp)
    room.choose(room.lamp)
    room.actions.trigger("upkeep.repair")
    room.page.form.words.setText("dark")
    room.page.form.send()
    room.refuse(room.last()[0], "It has a repair under way.")
    assert room.page.form.status.text() == "It has a repair under way."
    assert room.page.form.words.text() == "dark"


def test_only_a_supervisors_desk_can_take_devices_out_of_service(room: Room) -> None:
    room.down(room.lamp)
    room.choose(room.lamp)
    assert not room.actions.act("upkeep.out").isEnabled()


def test_out_of_service_and_back(supervisor: Room) -> None:
    room = supervisor
    room.down(room.lamp)
    room.choose(room.lamp)
    room.actions.trigger("upkeep.out")
    room.page.form.words.setText("road works")
    room.page.form.hours.setValue(2)
    room.page.form.send()
    assert room.last()[1] == do.RemoveDevices(device_ids=(room.lamp,), reason="road works", for_s=7200)
    room.accept(room.last()[0])
    room.tell(
        ev.DevicesRemoved(desk="super-1", person="Lee", device_ids=(room.lamp,), reason="road works")
    )
    assert room.shown() == []
    room.view("out")
    assert room.shown() == [room.lamp]
    assert room.text(room.lamp, Column.WHY) == "road works"
    room.choose(room.lamp)
    room.actions.trigger("upkeep.back")
    assert room.last()[1] == do.ReturnDevices(device_ids=(room.lamp,))


def test_availability_is_asked_once_a_minute_and_the_worst_group_comes_first(room: Room) -> None:
    room.later(1)
    asked = [one for one in room.port.queries if isinstance(one, AskAvailability)]
    assert len(asked) == 1 and asked[0].to_ns - asked[0].from_ns == 86_400 * SECOND_NS
    room.later(30)
    assert len(room.port.queries) == 1
    room.later(31)
    assert len(room.port.queries) == 2
    page = AvailabilityPage(
        from_ns=0, to_ns=86_400 * SECOND_NS,
        devices=(DeviceTime(device_id=room.lamp, down_s=43_200.0, degraded_s=0, out_s=0, failures=2),),
    )
    room.board.inbox.append(PageCame(f"q{len(room.port.queries)}", page))
    room.pulse.tick()
    table = room.page.figures.table
    assert table.item(0, 0).text() == room.catalogue.words(room.profile.systems["lighting"].name)
    assert (table.item(0, 3).text(), table.item(0, 4).text(), table.item(0, 5).text()) == ("1", "2", "6 h 00")
    assert "2 failures" in room.page.figures.whole.text()


def test_a_share_is_never_rounded_up_to_everything() -> None:
    assert percent(0.9999999) == "99.999 %"
    assert percent(1.0) == "100.000 %"
    assert percent(None) == "–"


def test_the_list_leaves_as_a_file_once_it_is_on_record(room: Room, tmp_path: Path, wait_until) -> None:
    room.down(room.lamp, CAMERA)
    room.actions.trigger("upkeep.list")
    room.page.export.reason.setText("for the contractor")
    room.page.export.export()
    wait_until(lambda: (room.pulse.tick(), room.port.commands)[1], "the export to be asked for")
    request_id, command = room.last()
    assert isinstance(command, do.LogExport) and "2 lines" in command.what
    room.accept(request_id)

    def done() -> bool:
        room.pulse.tick()
        return room.page.export.job is not None and room.page.export.job.state == "done"

    wait_until(done, "the file")
    (file,) = tmp_path.glob("*.csv")
    text = file.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith("State,Device,For,Why")
    assert {room.lamp, CAMERA} <= {line.rsplit(",", 1)[-1] for line in text.splitlines()[1:]}


def test_the_goals_of_the_year_are_asked_for_when_they_are_in_sight(room: Room) -> None:
    room.later(1)
    assert not [one for one in room.port.queries if isinstance(one, AskGoals)]
    room.actions.trigger("upkeep.goals")
    room.later(1)
    assert isinstance(room.port.queries[-1], AskGoals)
    figures = (
        GoalFigure(goal_id="cameras_available", value=99.82, facts=5445, met=True, parts=(99.9, 99.7)),
        GoalFigure(goal_id="acknowledge_time", value=48.0, facts=7, met=False, parts=(60.0, 40.0)),
        GoalFigure(goal_id="controls_done", value=None, facts=0, met=None, parts=(None, None)),
    )
    page = GoalsPage(from_ns=0, to_ns=86_400 * SECOND_NS, figures=figures)
    room.board.inbox.append(PageCame(f"q{len(room.port.queries)}", page))
    room.pulse.tick()
    table = room.page.goals.table
    told = [[table.item(row, column).text() for column in range(5)] for row in range(3)]
    assert told == [
        ["Cameras that work", "99.82 %", "≥ 99.0 %", "✓ kept", "worse"],
        ["Incident until somebody has it", "48.00 s", "≤ 30.0 s", "✕ missed", "better"],
        ["Orders that devices carried out", "–", "≥ 98.0 %", "– no data", "–"],
    ]
    assert room.page.goals.told.text().startswith("1 kept · 1 missed · 1 without data")


def test_the_page_takes_the_keyboard_with_and_without_rows(room: Room) -> None:
    room.page.setFocus()
    room.settle()
    assert room.page.focusWidget() is room.page
    room.down(room.lamp)
    room.page.boxes["view"].setFocus()
    room.page.setFocus()
    room.settle()
    assert room.page.focusWidget() is room.page.table
