"""From a step of a procedure to what it offers: the window's own acts, with the chosen incident."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from console.geo.measuring import distance_m
from console.model.procedure import StepAct
from widgets.kit.actions import Actions

if TYPE_CHECKING:
    from console.desk.board import Board

_ACTS = {
    "look_back": "replay.incident", "note": "incident.note", "resolve": "incident.resolve",
    "phone": "ladder.phone", "order_repair": "shell.lower_upkeep",
    "answer_reports": "shell.lower_reports", "read_warning": "shell.lower_warnings",
    "keep_footage": "replay.incident",
}  # fmt: skip
"""What a step offers, as acts of the window about the chosen incident."""
METRES_PER_DEGREE = 100_000.0
"""Less than a degree of latitude anywhere: what is farther off by it needs no exact distance."""


class StepActs(QObject):
    """Does what a step offers, or leads to where it is done. Nothing is ordered or sent by this alone."""

    def __init__(
        self, board: Board, actions: Actions, show_page: Callable[[str], QWidget],
        bring: Callable[[tuple[str, ...]], None], draft: Callable[[tuple[str, ...]], None], parent: QObject,
    ) -> None:  # fmt: skip
        """`show_page` shows a lower page, `bring` puts cameras on the wall, `draft` begins a hand-off of the
        chosen incident to these partners. Methods; held weakly."""
        super().__init__(parent)
        self._board, self._actions = board, actions
        self._show_page, self._bring = weakref.WeakMethod(show_page), weakref.WeakMethod(bring)
        self._draft = weakref.WeakMethod(draft)

    @Slot(str, object)
    def do(self, incident_id: str, act: StepAct) -> None:
        """What a person wants of this act for this incident."""
        incident = self._board.state.incidents.get(incident_id)
        if incident is None:
            return
        if act.act == "open_cameras":
            bring = self._bring()
            if bring is not None:
                bring(incident.camera_ids)
        elif act.act == "hand_off":
            draft = self._draft()
            if draft is not None:
                draft((act.agency,))
        elif act.act == "control":
            self._control(incident_id, act)
        elif self._actions.has(_ACTS.get(act.act, "")):
            self._actions.trigger(_ACTS[act.act])

    def _control(self, incident_id: str, act: StepAct) -> None:
        """The page of controls with the devices that the step means, chosen and ready; a person orders."""
        show = self._show_page()
        if show is None:
            return
        page: Any = show("controls")
        page.show_incident(incident_id)
        devices = self.devices(incident_id, act)
        if devices:
            page.choose(devices, act.control, act.value)

    def devices(self, incident_id: str, act: StepAct) -> tuple[str, ...]:
        """The devices of an order: the incident's own, then those within its reach, the nearest first."""
        profile, incident = self._board.profile, self._board.state.incidents[incident_id]
        kinds = {kind for kind, controls in profile.controls_of_kind.items() if act.control in controls}
        here, near = incident.place.position, act.within_m / METRES_PER_DEGREE
        found = []
        for device in profile.devices.values():
            if device.kind not in kinds:
                continue
            if device.id in incident.device_ids:
                found.append((-1.0, device.id))
            elif near and abs(device.place.position.lat - here.lat) <= near:
                apart_m = distance_m(here, device.place.position)
                if apart_m <= act.within_m:
                    found.append((apart_m, device.id))
        return tuple(device_id for _, device_id in sorted(found))
