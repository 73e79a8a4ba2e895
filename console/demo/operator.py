"""The demo's own operator: does what the story says about each incident, unless a person was faster."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.port import DeskPort
from console.gateways.story import Chapter, Story, StoryAct
from console.model import commands as do
from console.model.incident import Incident
from console.profile.nearest import devices_near


class DemoOperator:
    """Acts through the same port as a desk. `step`: a few times a second, after the board drained."""

    def __init__(self, board: Board, port: DeskPort, story: Story) -> None:
        self._board, self._port = board, port
        self.port = port
        self._chapters = {chapter.device: chapter for chapter in story.chapters if chapter.acts}
        self._done: set[tuple[str, int]] = set()
        self._confirmed: set[str] = set()
        self.acts = 0

    def step(self) -> None:
        """Send the commands that are due by the age of their incident."""
        now = self._board.clock.now_ns()
        self._say_yes()
        for incident in list(self._board.state.incidents.values()):
            chapter = self._chapter_of(incident)
            if chapter is None or incident.stage == "closed":
                continue
            age_s = (now - incident.opened_at_ns) / SECOND_NS
            for place, act in enumerate(chapter.acts):
                if act.after_s <= age_s and (incident.id, place) not in self._done:
                    self._done.add((incident.id, place))
                    command = self._command(incident, act)
                    if command is not None:
                        self._port.request(command)
                        self.acts += 1

    def _say_yes(self) -> None:
        """Confirm what this operator ordered and the hub asks about a second time."""
        for order in list(self._board.state.control_orders.values()):
            mine = (order.desk, order.person) == (self._board.desk, self._board.person)
            asks = any(part.stage == "unconfirmed" for part in order.parts.values())
            if mine and asks and order.id not in self._confirmed:
                self._confirmed.add(order.id)
                self._port.request(do.ConfirmControl(order_id=order.id, token=order.token))
                self.acts += 1

    def _chapter_of(self, incident: Incident) -> Chapter | None:
        for device in incident.device_ids:
            chapter = self._chapters.get(device)
            if chapter is not None and chapter.incident == incident.type:
                return chapter
        return None

    def _command(self, incident: Incident, act: StoryAct) -> do.Command | None:
        text = act.text.in_language("ko") if act.text is not None else ""
        if act.do == "acknowledge":
            return do.AcknowledgeIncident(incident_id=incident.id) if incident.stage == "new" else None
        if act.do == "hand_off":
            taken = {self._board.state.handoffs[one].agency for one in incident.handoff_ids}
            if act.agency in taken:
                return None
            return do.HandOffIncident(incident_id=incident.id, agency=act.agency, text=text)
        if act.do == "note":
            return do.AddNote(incident_id=incident.id, text=text)
        if act.do == "control":
            devices = self._devices(incident, act)
            if not devices:
                return None
            return do.OrderControl(
                control=act.control, device_ids=devices, value=act.value, incident_id=incident.id
            )
        if act.do == "resolve":
            return do.ResolveIncident(incident_id=incident.id, outcome=act.outcome)
        return do.CloseIncident(incident_id=incident.id) if incident.stage == "resolved" else None

    def _devices(self, incident: Incident, act: StoryAct) -> tuple[str, ...]:
        """Those the act names and those near the incident; without what cannot be asked now."""
        profile, state = self._board.profile, self._board.state
        near: list[str] = []
        if act.within_m and act.control in profile.controls:
            kinds = profile.controls[act.control].kinds
            near = devices_near(profile, kinds, incident.place.position, act.within_m)
        found = dict.fromkeys((*act.devices, *near))
        return tuple(one for one in found if one not in state.devices)
