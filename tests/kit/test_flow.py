"""A row of buttons breaks into lines and never widens what it stands in."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from widgets.kit.flow import FlowLayout


def row(*wide_px: int) -> tuple[QWidget, list[QLabel]]:
    parent = QWidget()
    layout = FlowLayout(10, parent)
    layout.setContentsMargins(0, 0, 0, 0)
    labels = []
    for wide in wide_px:
        label = QLabel(parent)
        label.setFixedSize(wide, 20)
        layout.addWidget(label)
        labels.append(label)
    return parent, labels


def test_what_has_room_stands_on_one_line(qapp: object) -> None:
    parent, _ = row(100, 100, 100)
    assert parent.layout().heightForWidth(320) == 20
    assert parent.layout().heightForWidth(319) == 50
    assert parent.layout().heightForWidth(100) == 80


def test_the_least_width_is_that_of_the_widest(qapp: object) -> None:
    parent, _ = row(100, 140, 60)
    assert parent.minimumSizeHint().width() == 140


def test_hidden_ones_take_no_room(qapp: object) -> None:
    parent, labels = row(100, 100, 100)
    labels[1].hide()
    assert parent.layout().heightForWidth(210) == 20


def test_each_is_placed_after_the_other(qapp: object) -> None:
    parent, labels = row(100, 100, 100)
    parent.layout().setGeometry(parent.layout().geometry().adjusted(0, 0, 210, 100))
    places = [(one.x(), one.y()) for one in labels]
    assert places[1][0] == places[0][0] + 110 and places[2] == (places[0][0], places[0][1] + 30)
