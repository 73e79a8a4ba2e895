"""What is hidden of a camera stays hidden: live, old, zoomed, before anything is known, and after a lift."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from console.clock import SECOND_NS, SteppedClock
from console.desk.board import Board
from console.model.footage import MaskZone
from console.model.state import lift_key
from tests.wall.conftest import MOVING, FakeEngine, Shot
from tests.wall.test_wall import RED, Beat, place, shown
from widgets.kit.tokens import Tokens
from widgets.wall import WallWidget
from widgets.wall.maskpaint import MaskPainter
from widgets.wall.zoom import WHOLE, Zoom

LEFT = MaskZone(name="left", points=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
SPOT = QColor(255, 0, 255)


def row(picture: Shot, at: object, y_share: float = 0.5) -> list[bool]:
    """Whether each pixel of a row of a pane's picture is red."""
    x, y, wide, high = at.picture  # type: ignore[attr-defined]
    return [picture.colour(x + each, y + int(high * y_share)) == RED for each in range(2, wide - 2)]


def test_a_hidden_part_is_covered_and_the_rest_is_shown(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat, shot: type[Shot]
) -> None:
    board.state.masks[cameras[0]] = (LEFT,)
    shown(wall, engine, cameras[:2], beat)
    picture = shot(wall)
    reds = row(picture, place(wall, 0))
    middle = len(reds) // 2
    assert not any(reds[: middle - 1])
    assert all(reds[middle + 6 :])
    assert all(row(picture, place(wall, 1)))
    assert "1 parts of the picture are hidden" in wall.words_of(cameras[0])


@pytest.mark.parametrize("state", [
    MOVING._replace(state="stalled", reason="timeout", age_ms=9000),
    MOVING._replace(state="frozen", reason="same_picture", same_for_ms=9000),
    MOVING._replace(state="damaged", reason="corrupt_pictures"),
    MOVING._replace(state="recorded"),
])  # fmt: skip
def test_it_is_covered_whatever_becomes_of_the_picture(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat,
    shot: type[Shot], state: object,
) -> None:  # fmt: skip
    board.state.masks[cameras[0]] = (LEFT,)
    wall.set_layout(cameras[:1])
    wall.allow(cameras[:1])
    ground = shot(wall)
    engine.paint(cameras[0], RED, state=state)  # type: ignore[arg-type]
    beat()
    x, y, wide, high = place(wall, 0).picture  # type: ignore[attr-defined]
    picture = shot(wall)
    for each in range(8, wide // 2 - 8, 7):
        red, green, blue = picture.colour(x + each, y + high // 8)
        assert abs(red - green) < 24, "grey, not a trace of the picture"
        assert abs(red - blue) < 24
    assert ground is not picture


def test_a_mask_that_is_set_covers_a_picture_that_stands_still(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras[:1], beat)
    assert all(row(shot(wall), place(wall, 0)))
    board.state.masks[cameras[0]] = (LEFT,)
    wall.read_incidents()
    assert not any(row(shot(wall), place(wall, 0))[: 100])
    board.state.masks.pop(cameras[0])
    wall.read_incidents()
    assert all(row(shot(wall), place(wall, 0)))


def test_no_picture_is_shown_before_it_is_known_what_must_be_hidden(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat, shot: type[Shot]
) -> None:
    board.state.run = ""
    shown(wall, engine, cameras[:1], beat)
    assert not shot(wall).has(place(wall, 0), RED, "whole")
    board.state.run = "run-1"
    board.state.masks[cameras[0]] = (LEFT,)
    beat()
    reds = row(shot(wall), place(wall, 0))
    assert not any(reds[: len(reds) // 2 - 1])
    assert reds[-1]


def test_a_lift_is_for_one_desk_and_ends_by_itself(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat,
    shot: type[Shot], stepped_clock: SteppedClock,
) -> None:  # fmt: skip
    board.state.masks[cameras[0]] = (LEFT,)
    board.state.lifted_masks[lift_key("desk-2", cameras[0])] = stepped_clock.now_ns() + 600 * SECOND_NS
    shown(wall, engine, cameras[:1], beat)
    assert not row(shot(wall), place(wall, 0))[20]
    board.state.lifted_masks[lift_key("desk-1", cameras[0])] = stepped_clock.now_ns() + 90 * SECOND_NS
    wall.read_incidents()
    assert all(row(shot(wall), place(wall, 0)))
    assert "Masks lifted 1:30" in wall.words_of(cameras[0])
    stepped_clock.step(89.5)
    beat()
    assert "Masks lifted 0:01" in wall.words_of(cameras[0])
    stepped_clock.step(0.5)
    # No new picture, no entry on the log: the end of the time alone hides it again.
    assert not row(shot(wall), place(wall, 0))[20]
    beat()
    assert "hidden" in wall.words_of(cameras[0])


def test_what_cannot_be_hidden_is_not_shown(
    tokens: Tokens, wall: WallWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    from widgets.wall.masks import Hidden
    from widgets.wall.painter import PanePainter

    painter_of = PanePainter(tokens, wall._catalogue)
    image = QImage(100, 80, QImage.Format.Format_RGB32)
    image.fill(SPOT)
    paper = QImage(100, 80, QImage.Format.Format_RGB32)

    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(MaskPainter, "paint", fails)
    with QPainter(paper) as painter, pytest.raises(MemoryError):
        painter_of.picture(painter, QRect(0, 0, 100, 80), image, hidden=Hidden((LEFT,), 1))
    assert all(paper.pixelColor(x, y) != SPOT for x in range(100) for y in range(80))


points = st.tuples(st.floats(0, 1), st.floats(0, 1))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    corners=st.lists(points, min_size=3, max_size=8),
    factor=st.floats(1.0, 8.0),
    middle=points,
    spot=points,
)
def test_no_pixel_inside_a_zone_shines_through_at_any_zoom(
    tokens: Tokens, corners: list[tuple[float, float]], factor: float, middle: tuple[float, float],
    spot: tuple[float, float],
) -> None:  # fmt: skip
    """A pixel of the picture whose place the polygon contains is never seen: checked on a picture all of
    which has one loud colour, pixel by pixel, by Qt's own test of points in polygons."""
    from PySide6.QtCore import QPointF, Qt
    from PySide6.QtGui import QPolygonF

    zoom = WHOLE.by(factor, 8.0).moved(middle[0] - 0.5, middle[1] - 0.5)
    zone = MaskZone(name="z", points=tuple(corners))
    target = QRect(5, 7, 96, 54)
    paper = QImage(120, 80, QImage.Format.Format_RGB32)
    paper.fill(SPOT)
    with QPainter(paper) as painter:
        MaskPainter(tokens).paint(painter, (zone,), target, zoom, "Hidden")
    outline = QPolygonF([QPointF(x, y) for x, y in corners])
    for y in range(target.height()):
        for x in range(0, target.width(), 3):
            seen = zoom.at((x + 0.5) / target.width(), (y + 0.5) / target.height())
            if outline.containsPoint(QPointF(*seen), Qt.FillRule.WindingFill):
                assert paper.pixelColor(target.x() + x, target.y() + y) != SPOT
    assert paper.pixelColor(1, 1) == SPOT, "nothing outside the picture is painted over"
    assert Zoom().place(*spot) == pytest.approx(spot)
