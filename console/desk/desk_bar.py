"""The command bar at a desk: what it may know, and who does what was chosen.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from console.bar.deskanswers import NORMAL
from console.bar.figures import bar_figures
from console.bar.offer import Offer
from console.bar.situation import ActLine, Situation
from console.desk.board import Board
from console.desk.port import DeskPort
from console.model.base import Place, Position
from console.model.commands import (
    AcknowledgeIncident,
    AddNote,
    OpenCase,
    SetCityMode,
)

if TYPE_CHECKING:
    from console.desk.desk_byhand import ByHandJoin
    from widgets.bar.bar import CommandBar
    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.ladder.dock import LadderDock
    from widgets.shell.intocontrols import IntoControls
    from widgets.shell.joins import BringCameras
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat
    from widgets.wall.acts import WallActs
    from widgets.wall.paneacts import PaneActs

PAGES = ("shell.lower_", "shell.operate", "shell.review")
NO_PAGE = ("shell.lower_large",)
LEFT_OUT = ("bar.",)
"""The bar does not offer itself."""


class Desk:
    """The parts the bar reaches, held weakly: an act keeps no widget alive."""

    def __init__(
        self, seat: Seat, operate: Operate, queue_panel: QueuePanel, detail: DetailPanel, walls: WallActs,
        hand: PaneActs, bring: BringCameras, controls: IntoControls, ladder: LadderDock,
        byhand: ByHandJoin,
    ) -> None:  # fmt: skip
        parts: dict[str, Any] = {
            "seat": seat, "operate": operate, "queue": queue_panel, "detail": detail, "walls": walls,
            "hand": hand, "bring": bring, "controls": controls, "ladder": ladder, "byhand": byhand,
        }  # fmt: skip
        self._parts = {name: weakref.ref(part) for name, part in parts.items()}

    def part(self, name: str) -> Any:
        """A part that still lives. Raises LookupError for one that is gone."""
        found = self._parts[name]()
        if found is None:
            raise LookupError(f"the desk's {name} is gone")
        return found


class Knowing:
    """Makes the situation that the bar is asked in."""

    def __init__(self, board: Board, desk: Desk) -> None:
        from widgets.wall.layoutbook import LayoutBook

        self._board, self._desk = board, desk
        self._layouts = LayoutBook(board, desk.part("seat").catalogue)

    def now(self) -> Situation:
        """How things stand at this moment."""
        board, desk = self._board, self._desk
        incident_id = desk.part("detail").incident_id
        incident = board.state.incidents.get(incident_id)
        return Situation(
            state=board.state, person=board.person, open_incident=incident_id if incident is not None else "",
            near=incident.place.position if incident is not None else self._middle(),
            no_orders=self._no_orders(), camera_id=desk.part("hand").camera_id, acts=self._acts(),
            layouts=tuple(one.layout for one in self._layouts.all()),
        )  # fmt: skip

    def _middle(self) -> Position:
        bounds = self._board.profile.bounds
        return Position(lat=(bounds.south + bounds.north) / 2, lon=(bounds.west + bounds.east) / 2)

    def _no_orders(self) -> str:
        say, health = self._desk.part("seat").catalogue.say, self._board.health
        if self._board.link != "live":
            return str(say("bar.not.no_link"))
        return str(say("bar.not.replaying")) if health is not None and health.alarms is None else ""

    def _acts(self) -> tuple[ActLine, ...]:
        from widgets.kit.actions import key_text

        seat = self._desk.part("seat")
        found = []
        for act, text, group in seat.actions.listed():
            if act.act_id.startswith(LEFT_OUT):
                continue
            page = act.act_id.startswith(PAGES) and act.act_id not in NO_PAGE
            refused = ""
            if not page and not act.isEnabled():
                refused = seat.catalogue.say("bar.not.disabled")
            elif not page and not seat.actions.in_reach(act.act_id):
                refused = seat.catalogue.say("bar.not.elsewhere")
            found.append(ActLine(act.act_id, text, group, key_text(act.shortcut()), refused, page))
        return tuple(found)


class BarJoin(QObject):
    """Does what was chosen in the bar. What is ordered from the hub is on record before anybody hears of it,
    and its answer stands in the bottom line as for every other act."""

    def __init__(self, board: Board, port: DeskPort, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._board, self._port, self._desk = board, port, desk
        self._do: dict[str, Callable[[Offer], None]] = {
            "act": self._act, "page": self._act, "camera": self._cameras, "place": self._place,
            "device": self._device, "incident": self._incident, "acknowledge": self._acknowledge,
            "hand_off": self._hand_off, "transfer": self._transfer, "tell": self._tell,
            "withdraw": self._withdraw, "phone": self._phone, "note": self._note, "new": self._new,
            "alarm": self._alarm, "chart": self._chart, "mode": self._mode, "layout": self._layout,
        }  # fmt: skip

    @Slot(object)
    def do(self, offer: Offer) -> None:
        """Do it. What only fills the line never comes here."""
        self._do[offer.kind](offer)

    def _page(self, name: str) -> Any:
        """A page of the lower area, with the keyboard."""
        self._operate()
        self._desk.part("seat").actions.trigger(f"shell.lower_{name}")
        return self._desk.part("operate").lower_area.page(name)

    def _operate(self) -> None:
        self._desk.part("seat").window.show_operate()

    def _act(self, offer: Offer) -> None:
        if offer.id.startswith("shell.lower_"):
            self._operate()
        self._desk.part("seat").actions.trigger(offer.id)

    def _cameras(self, offer: Offer) -> None:
        self._operate()
        self._desk.part("bring").bring(offer.ids)
        self._desk.part("walls").current().wall.take_focus()

    def _place(self, offer: Offer) -> None:
        self._page("map").go_to(offer.id or offer.position)

    def _device(self, offer: Offer) -> None:
        device = self._board.profile.devices[offer.id]
        self._operate()
        if self._board.profile.controls_of_kind.get(device.kind):
            self._desk.part("seat").actions.trigger("shell.lower_controls")
            self._desk.part("controls").show_device(offer.id)
        else:
            self._page("upkeep").show_device(offer.id)

    def _open(self, incident_id: str) -> None:
        """The incident in the detail; one that has left the queue is shown there all the same."""
        self._operate()
        detail = self._desk.part("detail")
        if not self._desk.part("queue").select(incident_id):
            detail.show_incident(incident_id)
        detail.focus_acts()

    def _incident(self, offer: Offer) -> None:
        self._open(offer.id)

    def _acknowledge(self, offer: Offer) -> None:
        self._port.request(AcknowledgeIncident(incident_id=offer.id))

    def _hand_off(self, offer: Offer) -> None:
        self._open(offer.id)
        self._desk.part("ladder").panel.draft_for(offer.ids)

    def _transfer(self, offer: Offer) -> None:
        self._open(offer.id)
        self._desk.part("ladder").panel.transfer(offer.other, offer.ids[0])

    def _tell(self, offer: Offer) -> None:
        self._desk.part("ladder").panel.say("update", offer.other, offer.text)

    def _withdraw(self, offer: Offer) -> None:
        self._desk.part("ladder").panel.say("cancel", offer.other, offer.text)

    def _phone(self, offer: Offer) -> None:
        self._open(offer.id)
        self._desk.part("ladder").panel.card_wanted.emit(offer.other)

    def _note(self, offer: Offer) -> None:
        self._port.request(AddNote(incident_id=offer.id, text=offer.text))

    def _new(self, offer: Offer) -> None:
        """Shown as soon as it is on record, as every incident that is opened by hand."""
        place = None
        if not offer.other and offer.position is not None and offer.where is not None:
            place = Place(name=offer.where, position=offer.position)
        self._desk.part("byhand").order(
            OpenCase(
                type=offer.id, opened_from="command", place=place, device_id=offer.other, text=offer.text
            )
        )

    def _alarm(self, offer: Offer) -> None:
        self._page("alarms").choose(offer.id)

    def _chart(self, offer: Offer) -> None:
        self._page("charts").show_points((offer.id,))

    def _mode(self, offer: Offer) -> None:
        self._port.request(SetCityMode(mode="" if offer.id == NORMAL else offer.id))

    def _layout(self, offer: Offer) -> None:
        self._operate()
        self._desk.part("walls").current().show_named(offer.id)


def offer_bar(
    board: Board, port: DeskPort, seat: Seat, operate: Operate, queue_panel: QueuePanel, detail: DetailPanel,
    walls: WallActs, hand: PaneActs, bring: BringCameras, controls: IntoControls, ladder: LadderDock,
    byhand: ByHandJoin,
) -> CommandBar:  # fmt: skip
    """Make the bar and join it to what it reaches. UI thread; needs a QApplication."""
    from widgets.bar.bar import CommandBar

    desk = Desk(seat, operate, queue_panel, detail, walls, hand, bring, controls, ladder, byhand)
    over = seat.window.centralWidget()
    assert over is not None
    bar = CommandBar(
        board.profile, Knowing(board, desk).now, bar_figures(), seat.pulse, seat.actions, seat.catalogue,
        seat.tokens, over,
    )  # fmt: skip
    join = BarJoin(board, port, desk, seat)
    bar.chosen.connect(join.do)
    seat.at_close(bar.names.close)
    return bar
