"""Marks: told apart by shape alone, without colour and without a font."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.kit.sitting import Sitting
from widgets.kit.icons import icon_pixmap
from widgets.kit.marks import CONDITIONS, PriorityMark, paint_condition, paint_disconnected, paint_priority
from widgets.kit.tokens import Tokens

SIDE = 16


def shape(paint: object, what: object, tokens: Tokens) -> frozenset[tuple[int, int]]:
    """The pixels a mark covers, without their colour."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    paint(painter, QRectF(1, 1, SIDE - 2, SIDE - 2), what, tokens)  # type: ignore[operator]
    painter.end()
    return frozenset(
        (x, y) for x in range(SIDE) for y in range(SIDE) if image.pixelColor(x, y).alpha() > 96
    )  # fmt: skip


@pytest.mark.parametrize(
    ("paint", "each"), [(paint_priority, (1, 2, 3, 4)), (paint_condition, CONDITIONS)]
)  # fmt: skip
def test_marks_of_one_kind_differ_in_shape_not_only_in_colour(
    paint: object, each: tuple[object, ...], sitting: Sitting
) -> None:
    shapes = {one: shape(paint, one, sitting.tokens) for one in each}
    assert all(shapes.values())
    for one, other in itertools.combinations(each, 2):
        either, both = shapes[one] | shapes[other], shapes[one] & shapes[other]
        assert len(both) / len(either) < 0.85, f"{one} and {other} look alike"


def test_the_unlit_half_of_a_blink_keeps_its_outline(sitting: Sitting) -> None:
    def unlit(painter: QPainter, rect: QRectF, priority: int, tokens: Tokens) -> None:
        paint_priority(painter, rect, priority, tokens, lit=False)

    for priority in (1, 2):
        lit, dark = shape(paint_priority, priority, sitting.tokens), shape(unlit, priority, sitting.tokens)
        assert dark
        assert dark < lit or len(dark) < len(lit)


def test_a_priority_mark_is_painted_in_its_token(sitting: Sitting, qtbot: QtBot) -> None:
    mark = PriorityMark(sitting.tokens, 1)
    qtbot.addWidget(mark)
    mark.show()
    image = mark.grab().toImage()
    assert image.pixelColor(8, 8) == sitting.tokens.priority_mark(1)
    mark.show_priority(3)
    assert mark.grab().toImage().pixelColor(8, 8) == sitting.tokens.priority_mark(3)


def test_a_disconnected_area_is_a_dashed_frame_with_its_word(sitting: Sitting) -> None:
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(sitting.tokens.ground("bg0"))
    painter = QPainter(image)
    paint_disconnected(painter, QRectF(0, 0, 200, 60), sitting.tokens, "no connection")
    painter.end()
    edge = [image.pixelColor(x, 1) == sitting.tokens.ink("dim") for x in range(5, 195)]
    assert any(edge)
    assert not all(edge), "the frame is dashed"
    middle = [image.pixelColor(x, y) for x in range(60, 140) for y in range(20, 40)]
    assert any(colour != sitting.tokens.ground("bg0") for colour in middle), "the word stands in the middle"


@pytest.mark.parametrize("name", ["operate", "review", "keys", "theme"])
def test_icons_take_the_ink_of_their_role(name: str, sitting: Sitting) -> None:
    image = icon_pixmap(name, QColor("#ff0000"), 24).toImage()
    inked = [
        image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255
    ]
    assert inked
    assert all(one.red() > 250 and one.green() < 5 for one in inked)


def test_an_unknown_icon_is_an_error_and_no_empty_button(qapp: object) -> None:
    with pytest.raises(FileNotFoundError, match=r"no-such-icon.svg"):
        icon_pixmap("no-such-icon", QColor("#ffffff"))
