"""The viewing log: no picture before the record has it, and the record knows when it ends."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from console.desk.desk_scene import SceneJoin
from console.model import events as ev
from console.model.base import same_words
from console.model.commands import ReportCamera, StartViewing, StopViewing
from console.model.state import CityState
from tests.guards.waiting import until
from tests.kit.sitting import Sitting
from tests.shell.desk import Desk
from widgets.shell.viewing import Viewing

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@dataclass(eq=False)
class Surface:
    """Remembers what it may show."""

    camera_ids: tuple[str, ...] = ()
    allowed: list[tuple[str, ...]] = field(default_factory=list)
    denied: list[tuple[tuple[str, ...], str]] = field(default_factory=list)

    def allow(self, camera_ids: tuple[str, ...]) -> None:
        self.allowed.append(camera_ids)

    def deny(self, camera_ids: tuple[str, ...], why: str) -> None:
        self.denied.append((camera_ids, why))

    def ask_again(self) -> None:
        raise AssertionError("the hub answers each request; nobody asks twice")


@pytest.fixture
def viewing(sitting: Sitting) -> Viewing:
    sitting.connect()
    return Viewing(sitting.board, sitting.port, sitting.pulse, sitting.catalogue)


def test_a_picture_is_allowed_only_when_the_view_is_on_the_record(sitting: Sitting, viewing: Viewing) -> None:
    wall = Surface(("C1", "C2"))
    viewing.add(wall, lambda: "wall")
    viewing.start(wall, ("C1", "C2"))
    sitting.pulse.tick()
    assert wall.allowed == []
    (asked,) = sitting.port.commands.values()
    assert asked == StartViewing(camera_ids=("C1", "C2"), purpose="wall")
    sitting.accept("c1")
    assert wall.allowed == [("C1", "C2")]


def test_a_refused_view_says_why_instead_of_a_picture(sitting: Sitting, viewing: Viewing) -> None:
    wall = Surface(("C1",))
    viewing.add(wall, lambda: "wall")
    viewing.start(wall, ("C1",))
    sitting.refuse("c1", "No right to this camera.")
    assert wall.allowed == []
    assert wall.denied == [(("C1",), "No right to this camera.")]


def test_the_purpose_is_that_of_the_moment_and_answers_reach_the_surface_that_asked(
    sitting: Sitting, viewing: Viewing
) -> None:
    wall, strip = Surface(("C1",)), Surface(("C1",))
    viewing.add(wall, lambda: "wall")
    viewing.add(strip, lambda: "incident INC-7")
    viewing.start(wall, ("C1",))
    viewing.start(strip, ("C1",))
    assert [one.purpose for one in sitting.port.commands.values()] == ["wall", "incident INC-7"]  # type: ignore[attr-defined]
    sitting.accept("c2")
    assert (wall.allowed, strip.allowed) == ([], [("C1",)])


def test_a_view_ends_when_the_last_surface_lets_go(sitting: Sitting, viewing: Viewing) -> None:
    wall, strip = Surface(("C1", "C2")), Surface(())
    viewing.add(wall, lambda: "wall")
    viewing.add(strip, lambda: "incident")
    viewing.stop(("C1",))
    assert not sitting.port.commands, "the wall still shows it"
    wall.camera_ids = ("C2",)
    viewing.stop(("C1",))
    assert list(sitting.port.commands.values()) == [StopViewing(camera_ids=("C1",))]


def test_a_hub_that_started_anew_is_told_again_who_sees_what(sitting: Sitting, viewing: Viewing) -> None:
    wall, strip = Surface(("C1", "C2")), Surface(())
    viewing.add(wall, lambda: "wall")
    viewing.add(strip, lambda: "incident")
    sitting.tell(ev.DeskLeft(desk="desk-9", person="x"))
    assert not sitting.port.commands, "the first hub this desk meets was asked when the wall was laid out"
    from console.desk.inbound import SnapshotCame

    sitting.board.inbox.append(SnapshotCame(CityState(run="r2", seq=1)))
    sitting.pulse.tick()
    assert list(sitting.port.commands.values()) == [StartViewing(camera_ids=("C1", "C2"), purpose="wall")]


def test_what_the_decoder_found_is_reported(sitting: Sitting, viewing: Viewing) -> None:
    viewing.report("C1", "degraded", same_words("frozen"))
    assert list(sitting.port.commands.values()) == [
        ReportCamera(camera_id="C1", condition="degraded", why=same_words("frozen"))
    ]


def test_the_wall_of_the_desk_is_asked_for_at_the_start_and_waits(desk: Desk) -> None:
    wall = desk.profile.desks["desk-1"].wall
    asked = [one for one in desk.port.commands.values() if isinstance(one, StartViewing)]
    assert [one.camera_ids for one in asked] == [wall]
    assert desk.part("wall").camera_ids == wall


def test_an_incidents_cameras_are_asked_for_with_the_incident_as_purpose(desk: Desk) -> None:
    desk.connect()
    cameras = desk.profile.desks["desk-1"].wall[:2]
    from console.model.base import Words
    from tests.kit.sitting import PLACE

    desk.tell(ev.IncidentOpened(
        incident_id="INC-1", type=next(iter(desk.profile.incident_types)), priority=1, place=PLACE,
        reason=Words(en="x", ko="x"), camera_ids=cameras,
    ))  # fmt: skip

    def asked() -> list[StartViewing]:
        desk.seat.findChild(SceneJoin)._tick()  # as the pulse does, and nothing else of the desk
        every = [one for one in desk.port.commands.values() if isinstance(one, StartViewing)]
        return [one for one in every if one.purpose == "incident INC-1"]

    (look,) = until(asked, "the scene's cameras")
    assert look.camera_ids[0] == cameras[0]
    assert len(look.camera_ids) == 5
