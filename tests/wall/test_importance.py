"""What a pane is to the operator reaches load control, and decides who is cut first."""

from __future__ import annotations

from collections.abc import Hashable

from console.desk.board import Board
from console.video.load import Decoding, Importance, Level, LoadPolicy, Pressure, load_limits
from tests.wall.conftest import FakeEngine, Shot
from tests.wall.test_wall import Beat, incident, shown
from widgets.wall import PaneStrip, WallWidget

SECOND_NS = 1_000_000_000


def importance(engine: FakeEngine, camera: str, surface: str = "wall") -> Importance:
    return engine.importance[surface, camera]


def test_selected_incident_zoomed_and_full_panes_are_told_and_told_back(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras, beat)
    shot(wall)
    assert importance(engine, cameras[0]) is Importance.SELECTED
    assert {importance(engine, each) for each in cameras[1:]} == {Importance.NORMAL}
    wall.select(cameras[3])
    assert importance(engine, cameras[0]) is Importance.NORMAL
    assert importance(engine, cameras[3]) is Importance.SELECTED
    board.state.incidents["1"] = incident(1, 2, (cameras[5], cameras[3]))
    wall.read_incidents()
    assert importance(engine, cameras[5]) is Importance.INCIDENT
    assert importance(engine, cameras[3]) is Importance.SELECTED, "the more important of the two"
    wall.zoom_in()
    wall.select(cameras[4])
    assert importance(engine, cameras[3]) is Importance.SELECTED, "zoomed: he looks at it"
    wall.show_full(True)
    assert importance(engine, cameras[4]) is Importance.FULL
    wall.show_full(False)
    assert importance(engine, cameras[4]) is Importance.SELECTED
    del board.state.incidents["1"]
    wall.read_incidents()
    assert importance(engine, cameras[5]) is Importance.NORMAL


def test_a_camera_asked_for_anew_is_as_important_as_before(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    """The engine forgets it when a pane is hidden."""
    shown(wall, engine, cameras[:3], beat)
    wall.select(cameras[2])
    source = engine.book.source(cameras[2])
    assert source is not None
    engine.hide(("wall", cameras[2]))
    wall._panes[2].shown_size = None
    beat()
    assert importance(engine, cameras[2]) is Importance.SELECTED


def test_the_strip_beside_an_incident_shows_its_cameras_as_such(
    strip: PaneStrip, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    strip.set_layout(cameras[:3])
    strip.allow(cameras[:3])
    beat()
    told = [importance(engine, each, "wall.strip") for each in cameras[:3]]
    assert told == [Importance.SELECTED, Importance.INCIDENT, Importance.INCIDENT]


def test_on_a_machine_that_is_too_slow_the_panes_nobody_looks_at_give_way(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat
) -> None:
    """The wall's own words to the engine, given to the real policy: it cuts until the thread has room, and
    the selected pane and the incident's are whole as long as there is anything else to cut."""
    shown(wall, engine, cameras, beat)
    wall.select(cameras[7])
    board.state.incidents["1"] = incident(1, 1, cameras[2:4])
    wall.read_incidents()
    limits = load_limits()
    policy = LoadPolicy(limits)
    costs = 1.6 / len(cameras)
    levels: dict[Hashable, Level] = {}
    for look in range(400):
        shares = {
            camera: costs * limits.work.at(levels.get(("wall", camera), Level.FULL)) for camera in cameras
        }
        decodings = [
            Decoding(("wall", camera), 200_000, shares[camera], importance(engine, camera))
            for camera in cameras
        ]
        levels = policy.decide(
            look * limits.look_every_ms * 1_000_000, Pressure(min(1.0, sum(shares.values()))), decodings
        )
        if sum(shares.values()) < limits.high:
            break
    cut = {camera for camera in cameras if levels["wall", camera] > Level.FULL}
    assert cut
    assert not cut & {cameras[2], cameras[3], cameras[7]}
