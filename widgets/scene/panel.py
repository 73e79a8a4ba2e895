"""The scene of the open incident: why each camera is there, what is measured around, who and what is near,
what happened here before, and one key for each next act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.query import IncidentRow
from console.profile.scene import Nearby, SceneCamera, SceneFigures
from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.moments import Moments
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.scene.trend import SmallTrend

if TYPE_CHECKING:
    from console.desk.board import Board

GROUP = "scene.title"
CONDITION_SHAPES = {"down": "◆", "degraded": "▲", "out_of_service": "–"}


class EarlierHere(NamedTuple):
    """An incident that happened here before, from the record or the state."""

    incident_id: str
    type: str
    opened_at_ns: int
    stage: str


class ScenePanel(QWidget):
    """Shows what it is given; reads states from the board. Empty parts take no room. UI thread only.

    Signals:
        device_wanted(str): this device is to be shown with its controls, or on the map.
        history_wanted(str): the whole history of this incident is to be shown.
    """

    device_wanted = Signal(str)
    history_wanted = Signal(str)

    def __init__(
        self, board: Board, actions: Actions, catalogue: Catalogue, tokens: Tokens, moments: Moments,
        figures: SceneFigures, next_acts: Sequence[str], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("scene")
        self._board, self._catalogue, self._moments = board, catalogue, moments
        self._figures = figures
        self.incident_id = ""
        self._cameras: tuple[SceneCamera, ...] = ()
        self._around: tuple[Nearby, ...] = ()
        self._earlier: tuple[EarlierHere, ...] = ()
        self._looking = False
        self.cameras = label(self, size="small", ink="dim")
        self.cameras.setWordWrap(True)
        self.trends = [SmallTrend(board, catalogue, tokens, self) for _ in range(figures.trends.most)]
        self.around_title = label(self, size="small", ink="dim")
        self._near, self._past = QWidget(self), QWidget(self)
        self._near_row = FlowLayout(tokens.space(1), self._near)
        self._past_row = FlowLayout(tokens.space(1), self._past)
        self.near_buttons: list[QPushButton] = []
        self.past_buttons: list[QPushButton] = []
        self.keeper = ElidedLabel(self, size="small")
        self.earlier_title = label(self, size="small", ink="dim")
        self._acts = QWidget(self)
        acts = FlowLayout(tokens.space(1), self._acts)
        for act_id in next_acts:
            if actions.has(act_id):
                acts.addWidget(actions.button(act_id, self._acts))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        column.addWidget(self.cameras)
        plots = QHBoxLayout()
        plots.setSpacing(tokens.space(1))
        for one in self.trends:
            plots.addWidget(one)
            one.hide()
        column.addLayout(plots)
        near = (self.around_title, self._near, self.keeper)
        for part in (*near, self.earlier_title, self._past, self._acts):
            column.addWidget(part)
        self._forget_words = follow(catalogue, self._retext)
        self.hide()

    # what is shown

    def begin(self, incident_id: str) -> None:
        """Another incident is open: what was of the one before goes at once."""
        self.incident_id = incident_id
        self._cameras, self._around, self._earlier = (), (), ()
        self._looking = bool(incident_id)
        for one in self.trends:
            one.show_point(-1, (), self._figures.trends.minutes)
            one.hide()
        self.setVisible(bool(incident_id))
        self._retext()

    def show_scene(
        self, cameras: tuple[SceneCamera, ...], around: tuple[Nearby, ...], points: tuple[int, ...]
    ) -> None:
        """Cameras with their reasons, devices near, measurements."""
        self._cameras, self._around = cameras, around
        profile = self._board.profile
        for plot, index in zip(self.trends, points, strict=False):
            row = profile.columns.row_of[profile.points[index].device_id]
            limits = [profile.limits[number] for number in profile.limits.of_device(row)]
            own = tuple(one for one in limits if one.point_index == index)
            plot.show_point(index, own, self._figures.trends.minutes)
            plot.show()
        self._retext()

    def show_earlier(self, earlier: tuple[EarlierHere, ...]) -> None:
        """What happened here before, the newest first."""
        self._earlier, self._looking = earlier, False
        self._retext()

    @Slot()
    def second(self) -> None:
        """Values and states may have changed."""
        if not self.isVisible():
            return
        for one in self.trends:
            if one.point_index >= 0:
                one.measured()
        for button, near in zip(self.near_buttons, self._around, strict=False):
            text = self._near_words(near)
            if button.text() != text:
                button.setText(text)

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    # words

    def camera_words(self, camera: SceneCamera, place: int) -> str:
        """One camera: its place in the row, its name, why it is there."""
        say = self._catalogue.say
        device = self._board.profile.devices.get(camera.camera_id)
        name = self._catalogue.words(device.name) if device is not None else camera.camera_id
        why = say(f"scene.why.{camera.why}", metres=f"{camera.distance_m:.0f}")
        text = say("scene.camera", n=place, name=name, why=why)
        return f"{text} {say('scene.degraded')}" if camera.degraded else text

    def _near_words(self, near: Nearby) -> str:
        kind = self._board.profile.kinds.get(near.kind)
        name = self._catalogue.words(kind.name) if kind is not None else near.kind
        state = self._board.state.devices.get(near.device_id)
        text = self._catalogue.say("scene.near", name=name, metres=f"{near.distance_m:.0f}")
        if state is None or state.condition == "up":
            return text
        shape = CONDITION_SHAPES.get(state.condition, "?")
        return f"{shape} {text}, {self._catalogue.say(f'report.condition.{state.condition}')}"

    def _earlier_words(self, earlier: EarlierHere) -> str:
        kind = self._board.profile.incident_types.get(earlier.type)
        name = self._catalogue.words(kind.name) if kind is not None else earlier.type
        when = f"{self._moments.day(earlier.opened_at_ns)[5:]} {self._moments.minute(earlier.opened_at_ns)}"
        return f"{when} {name}"

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("scene.title"))
        lines = [self.camera_words(one, place) for place, one in enumerate(self._cameras, 1)]
        self.cameras.setText(" · ".join(lines) if lines else say("scene.no_cameras"))
        self.cameras.setAccessibleName(self.cameras.text())
        self.around_title.setText(say("scene.around" if self._around else "scene.nothing_near"))
        near = [self._near_words(one) for one in self._around]
        self._fill(self._near_row, self._near, self.near_buttons, near, self._near_pressed)
        self.keeper.setText(self._keeper_words())
        self.keeper.setVisible(bool(self.keeper.text()))
        key = "scene.looking" if self._looking else "scene.earlier" if self._earlier else "scene.never_before"
        self.earlier_title.setText(say(key, days=f"{self._figures.earlier.days:g}"))
        past = [self._earlier_words(one) for one in self._earlier]
        self._fill(self._past_row, self._past, self.past_buttons, past, self._past_pressed)
        for one in self.trends:
            one.measured()  # says its words anew

    def _keeper_words(self) -> str:
        """Who keeps the incident's own device, with the number to dial."""
        incident = self._board.state.incidents.get(self.incident_id)
        profile = self._board.profile
        for device_id in incident.device_ids if incident is not None else ():
            keeper = profile.contractors.get(profile.contractor_of(device_id))
            if keeper is not None:
                name = self._catalogue.words(keeper.name)
                return self._catalogue.say("scene.keeper", name=name, phone=keeper.phone or "-")
        return ""

    def _fill(
        self, row: FlowLayout, owner: QWidget, buttons: list[QPushButton], texts: list[str], pressed: object
    ) -> None:
        """One button for each text. Those that are not needed are hidden and used again: making one costs
        more than all else of a scene."""
        while len(buttons) > len(texts):
            buttons.pop().hide()
        while len(buttons) < len(texts):
            item = row.itemAt(len(buttons))
            made = item.widget() if item is not None else None
            if not isinstance(made, QPushButton):
                made = QPushButton(owner)
                made.clicked.connect(pressed)
                row.addWidget(made)
            made.show()
            buttons.append(made)
        for button, text in zip(buttons, texts, strict=True):
            if button.text() != text:
                button.setText(text)
                button.setAccessibleName(text)
        owner.setVisible(bool(texts))

    @Slot()
    def _near_pressed(self) -> None:
        button = self.sender()
        if button in self.near_buttons:
            place = self.near_buttons.index(button)  # type: ignore[arg-type]
            self.device_wanted.emit(self._around[place].device_id)

    @Slot()
    def _past_pressed(self) -> None:
        button = self.sender()
        if button in self.past_buttons:
            place = self.past_buttons.index(button)  # type: ignore[arg-type]
            self.history_wanted.emit(self._earlier[place].incident_id)


def earlier_of(rows: Sequence[IncidentRow], own: str, most: int) -> tuple[EarlierHere, ...]:
    """The newest of the record's rows, without the incident itself."""
    found = [
        EarlierHere(one.incident_id, one.type, one.opened_at_ns, one.stage)
        for one in rows if one.incident_id != own
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.opened_at_ns)[:most])
