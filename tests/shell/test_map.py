"""The map at a whole desk: joined to wall, upkeep, the shared moment; looks on the record first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from console.model import events as ev
from console.model.citizenreport import ReportTold
from console.model.commands import StartViewing, StopViewing
from tests.kit.sitting import PLACE, opened
from tests.shell.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

CAMERA, GAUGE = "CAM-PARK-0123", "UND-0003"


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "home")
    made.open()
    made.connect()
    yield made
    made.leave()


def the_map(desk: Desk) -> Any:
    shown = desk.part("lower").show_page("map")
    desk.settle()
    return shown


def of_kind(desk: Desk, kind: type) -> list[Any]:
    return [one for one in desk.port.commands.values() if isinstance(one, kind)]


def test_a_picture_on_the_map_is_asked_for_on_the_record_and_ended_with_the_card(desk: Desk):
    shown = the_map(desk)
    before = len(of_kind(desk, StartViewing))
    shown.choose((CAMERA,))
    shown.do_picture()
    asked = of_kind(desk, StartViewing)[before:]
    assert asked == [StartViewing(camera_ids=(CAMERA,), purpose="map")]
    shown.card.put_away()
    assert of_kind(desk, StopViewing)[-1] == StopViewing(camera_ids=(CAMERA,))


def test_a_refused_look_shows_the_reason_and_no_picture(desk: Desk):
    shown = the_map(desk)
    shown.choose((CAMERA,))
    shown.do_picture()
    asked = next(key for key, one in reversed(desk.port.commands.items()) if isinstance(one, StartViewing))
    desk.refuse(asked, "Not allowed here.")
    assert asked not in desk.seat.viewing._asked
    (pane,) = shown.card._picture._panes
    assert (pane.permit, pane.denied_why) == ("denied", "Not allowed here.")


def test_an_opened_device_shows_its_upkeep_and_the_way_back(desk: Desk, qtbot: QtBot):
    shown = the_map(desk)
    shown.choose((GAUGE,))
    shown.do_open()
    lower = desk.part("lower")
    assert lower.current == "upkeep"
    lower.page("upkeep").place_wanted.emit(GAUGE)
    assert lower.current == "map"
    assert shown.chosen == (GAUGE,)


def test_the_shared_moment_is_said_on_the_map(desk: Desk):
    shown = the_map(desk)
    desk.seat.shared_clock.put(1_774_000_000_000_000_000, "charts")
    assert any("States are live" in text for text, _ in shown._messages())
    desk.seat.shared_clock.put(None, "charts")
    assert not any("States are live" in text for text, _ in shown._messages())


def test_an_incident_that_is_chosen_in_the_queue_is_told_and_never_moves_a_map_in_use(desk: Desk):
    shown = the_map(desk)
    shown.do_street()
    shown.canvas.pan(3000, 3000)
    view = shown.canvas.view
    desk.tell(opened("INC-1", "person_down", 1))
    desk.settle()
    assert shown.canvas.view == view


def test_a_citizens_report_clicked_on_the_map_is_opened_on_its_page(desk: Desk):
    shown = the_map(desk)
    told = ReportTold(token="t", service="pothole", place=PLACE, text="a hole", told_at_ns=1)
    desk.tell(ev.ReportReceived(report_id="SR-1", told=told, agency="roads"))
    desk.settle()
    at = shown.things.plates()["SR-1"]
    shown._clicked(at, False)
    page = desk.part("lower").page("reports")
    assert page is not None and page.isVisible()
    assert page.model.rows.row_of("SR-1") in [
        one.row() for one in page.table.selectionModel().selectedRows()
    ]
