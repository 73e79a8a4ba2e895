"""Incidents opened by hand at a desk: from the map, a camera, a call, a typed command; and who called, kept
apart from the log.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from console.desk.board import Board
from console.desk.port import DeskPort
from console.model.base import Place, Position, Words, same_words
from console.model.commands import Accepted, OpenCase
from console.model.query import KeepCaller
from console.profile.ground import Plane

if TYPE_CHECKING:
    from widgets.incidents.byhand import ByHand, Caller, Spot
    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat
    from widgets.wall.paneacts import PaneActs

NAMED_WITHIN_M = 400.0
"""A place of the map is called by the nearest thing of the city up to here, else by its coordinates."""
MOST = 5


class ByHandJoin(QObject):
    """Sends what the form holds, and shows the incident as soon as it is on record.

    Signals:
        names_wanted: the names of the city are needed; `take_names` gets them.
    """

    names_wanted = Signal()

    def __init__(
        self, board: Board, port: DeskPort, seat: Seat, queue_panel: QueuePanel, detail: DetailPanel,
        hand: PaneActs, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port = board, port
        parts: dict[str, Any] = {"seat": seat, "queue": queue_panel, "detail": detail, "hand": hand}
        self._parts = {name: weakref.ref(part) for name, part in parts.items()}
        self._gazetteer: Any = None
        self._form: weakref.ref[ByHand] | None = None
        self._asked: dict[str, Caller | None] = {}
        self._awaited: list[str] = []
        columns = board.profile.columns
        middle = board.profile.bounds
        self._plane = Plane((middle.south + middle.north) / 2, (middle.west + middle.east) / 2)
        self._x, self._y = self._plane.to_xy(columns.lat, columns.lon)

    def fill(self, form: ByHand) -> None:
        """This is the form."""
        self._form = weakref.ref(form)
        form.asked.connect(self.order)

    @Slot(object)
    def take_names(self, gazetteer: Any) -> None:
        """The names of the city have been read: a `console.geo.gazetteer.Gazetteer`, as the bar has it."""
        self._gazetteer = gazetteer
        form = self._form() if self._form is not None else None
        if form is not None:
            form.search_again()

    def search(self, text: str) -> Sequence[Spot]:
        """Places by what is typed; none before the names have been read."""
        from widgets.incidents.byhand import Spot

        if self._gazetteer is None:
            self.names_wanted.emit()
            return ()
        bounds = self._board.profile.bounds
        middle = Position(lat=(bounds.south + bounds.north) / 2, lon=(bounds.west + bounds.east) / 2)
        return [
            Spot(
                Place(name=one.name, position=one.position), one.detail,
                one.id if one.kind == "device" else "",
            )
            for one in self._gazetteer.search(text, middle, MOST).found
        ]  # fmt: skip

    @Slot(object)
    def at_position(self, position: Position) -> None:
        """At a place of the map."""
        self._show("map", self.spot_at(position))

    @Slot()
    def at_camera(self) -> None:
        """At the camera of the pane in hand."""
        from widgets.incidents.byhand import Spot

        camera_id = self._part("hand").camera_id
        device = self._board.profile.devices.get(camera_id)
        if device is not None:
            self._show("camera", Spot(device.place, device.name, camera_id))

    @Slot()
    def call(self) -> None:
        """From the phone."""
        self.names_wanted.emit()
        form = self._ready()
        if form is not None:
            form.open_call()

    def spot_at(self, position: Position) -> Spot:
        """The place in words: near the nearest thing of the city, or by its coordinates."""
        from widgets.incidents.byhand import Spot

        say = self._part("seat").catalogue
        x, y = self._plane.to_xy(np.array([position.lat]), np.array([position.lon]))
        apart_m = np.hypot(self._x - x[0], self._y - y[0])
        row = int(np.argmin(apart_m)) if len(apart_m) else -1
        name, district = same_words(f"{position.lat:.5f}, {position.lon:.5f}"), ""
        address = None
        if row >= 0 and apart_m[row] <= NAMED_WITHIN_M:
            place = self._board.profile.devices.place(row)
            words = say.both("incidents.byhand.here")
            name = Words(
                en=words.en.format(place=place.name.en), ko=words.ko.format(place=place.name.ko)
            )  # fmt: skip
            district, address = place.district, None
        return Spot(Place(name=name, position=position, district=district, address=address), same_words(""))

    @Slot(object, object)
    def order(self, command: OpenCase, caller: Caller | None = None) -> None:
        """Ask the hub to open it."""
        self._asked[self._port.request(command)] = caller

    @Slot(object)
    def answered(self, pairs: object) -> None:
        """What is on record now is shown; who called is kept apart."""
        for _, answer in pairs:  # type: ignore[attr-defined]
            if answer.id not in self._asked:
                continue
            caller = self._asked.pop(answer.id)
            if not isinstance(answer, Accepted):
                continue
            if caller is not None:
                self._port.ask(KeepCaller(call=answer.id, name=caller.name, number=caller.number))
            self._awaited.append(answer.id)
        self.look()

    @Slot()
    def look(self) -> None:
        """An answer may come before its entry."""
        for request_id in tuple(self._awaited):
            incident_id = self._incident_of(request_id)
            if incident_id:
                self._awaited.remove(request_id)
                self._open(incident_id)

    def _incident_of(self, request_id: str) -> str:
        """The newest come first: it is one of the last that were opened."""
        for case in reversed(self._board.state.cases.values()):
            if any(one.uid == request_id for one in case.clues):
                return case.id
        return ""

    def _open(self, incident_id: str) -> None:
        self._part("seat").window.show_operate()
        queue, detail = self._part("queue"), self._part("detail")
        queue.refresh()
        if not queue.select(incident_id):
            detail.show_incident(incident_id)
        detail.focus_acts()

    def _show(self, opened_from: Any, spot: Spot) -> None:
        form = self._ready()
        if form is not None:
            form.open_at(opened_from, spot)

    def _ready(self) -> ByHand | None:
        self._part("seat").window.show_operate()
        return self._form() if self._form is not None else None

    def _part(self, name: str) -> Any:
        found = self._parts[name]()
        if found is None:
            raise LookupError(f"the desk's {name} is gone")
        return found


def offer_byhand(
    board: Board, port: DeskPort, seat: Seat, operate: Operate, queue_panel: QueuePanel, detail: DetailPanel,
    hand: PaneActs,
) -> ByHandJoin:  # fmt: skip
    """Make the form and the acts: a call (Ctrl+Shift+T), the selected camera (Ctrl+Shift+I). UI thread; needs
    a QApplication."""
    from widgets.incidents.byhand import ByHand

    join = ByHandJoin(board, port, seat, queue_panel, detail, hand, seat)
    form = ByHand(board.profile, join.search, seat.actions, seat.catalogue, seat.tokens)
    join.fill(form)
    form.left.connect(queue_panel.focus_list)
    queue_panel.place_head(form)
    for name, key, handler in (
        ("camera", "Ctrl+Shift+I", join.at_camera), ("call", "Ctrl+Shift+T", join.call)
    ):  # fmt: skip
        seat.actions.add(
            f"byhand.{name}", f"incidents.byhand.act.{name}", key, handler, owner=operate,
            group="incidents.group.byhand",
        )  # fmt: skip
    hand.also(("byhand.camera",))
    seat.pulse.answered.connect(join.answered)
    seat.pulse.incidents_changed.connect(join.look)
    return join
