"""The demo's own operator: does what the story says about each incident, unless a person was faster."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.port import DeskPort
from console.gateways.story import Chapter, Story, StoryAct, StoryStep
from console.handoff.thread.standing import standing
from console.model import commands as do
from console.model.incident import Incident
from console.model.ladder import PartnerThread
from console.profile.nearest import devices_near

READS_S = 2.0
"""So long a draft is read before it is sent."""
APPROVES_S = 20.0
"""So long a partner's request for pictures waits for a person of the room."""


class DemoOperator:
    """Acts through the same port as a desk. `step`: a few times a second, after the board drained."""

    def __init__(self, board: Board, port: DeskPort, story: Story) -> None:
        self._board, self._port = board, port
        self.port = port
        self._chapters = {chapter.device: chapter for chapter in story.chapters if chapter.acts}
        self._done: set[tuple[str, int]] = set()
        self._confirmed: set[str] = set()
        self._answered: set[tuple[str, str, int]] = set()
        self._sent: set[str] = set()
        self._approved: set[str] = set()
        self.acts = 0

    def step(self) -> None:
        """Send the commands that are due by the age of their incident."""
        now = self._board.clock.now_ns()
        self._say_yes()
        self._send_drafts(now)
        self._approve_pictures(now)
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
                        self._ask(command)
            self._follow_procedure(incident, chapter, now)

    def _ask(self, command: do.Command) -> None:
        self._port.request(command)
        self.acts += 1

    def _send_drafts(self, now: int) -> None:
        """Send one's own drafts once they were read; those of one joint response together."""
        due: dict[str, list[str]] = {}
        for thread in list(self._board.state.threads.values()):
            mine = thread.person == self._board.person and thread.id not in self._sent
            if mine and standing(thread).rung == "drafted" and not standing(thread).end:
                due.setdefault(thread.group or thread.id, []).append(thread.id)
                if now - thread.drafted_ns < READS_S * SECOND_NS:
                    due[thread.group or thread.id].append("")
        for ids in due.values():
            if "" not in ids:
                self._sent.update(ids)
                self._ask(do.SendDraft(thread_ids=tuple(ids)))

    def _approve_pictures(self, now: int) -> None:
        """Let a partner's request out that needs a person, unless one was faster."""
        for request in list(self._board.state.requests.values()):
            due = now - request.at_ns >= APPROVES_S * SECOND_NS and request.id not in self._approved
            if request.waits and request.direction == "inbound" and request.needs and due:
                self._approved.add(request.id)
                self._ask(do.ApproveRequest(request_id=request.id))

    def _follow_procedure(self, incident: Incident, chapter: Chapter, now: int) -> None:
        """Say to the open steps what the story says; the others wait for facts or for a person."""
        run = self._board.state.procedures.get(incident.id)
        if run is None:
            return
        said = {one.step: one for one in chapter.steps}
        for opened in run.open_steps:
            told, key = said.get(opened.step), (incident.id, opened.step, opened.round)
            due = told is not None and now - opened.opened_ns >= told.after_s * SECOND_NS
            if told is not None and due and key not in self._answered:
                self._answered.add(key)
                self._ask(_step(incident.id, opened.round, told))

    def _say_yes(self) -> None:
        """Confirm what this operator ordered and the hub asks about a second time."""
        for order in list(self._board.state.control_orders.values()):
            mine = (order.desk, order.person) == (self._board.desk, self._board.person)
            asks = any(part.stage == "unconfirmed" for part in order.parts.values())
            if mine and asks and order.id not in self._confirmed:
                self._confirmed.add(order.id)
                self._ask(do.ConfirmControl(order_id=order.id, token=order.token))

    def _chapter_of(self, incident: Incident) -> Chapter | None:
        for device in incident.device_ids:
            chapter = self._chapters.get(device)
            if chapter is not None and chapter.incident == incident.type:
                return chapter
        return None

    def _command(self, incident: Incident, act: StoryAct) -> do.Command | None:
        text = act.text.in_language("ko") if act.text is not None else ""
        match act.do:
            case "acknowledge":
                return do.AcknowledgeIncident(incident_id=incident.id) if incident.stage == "new" else None
            case "claim":
                return do.ClaimIncident(incident_id=incident.id) if not incident.owner else None
            case "verify":
                case = self._board.state.cases.get(incident.id)
                known = case is not None and case.verdict
                return None if known else do.VerifyIncident(incident_id=incident.id, verdict=act.outcome)
            case "hold":
                return do.HoldIncident(incident_id=incident.id, reason=text, for_s=act.for_s)
            case "hand_off":
                going = {one.agency for one in self._threads(incident)}
                fresh = tuple(one for one in act.partners if one not in going)
                return do.DraftHandoff(incident_id=incident.id, agencies=fresh, text=text) if fresh else None
            case "update" | "cancel":
                return self._further(incident, act, text)
            case "note":
                return do.AddNote(incident_id=incident.id, text=text)
            case "control":
                devices = self._devices(incident, act)
                return do.OrderControl(
                    control=act.control, device_ids=devices, value=act.value, incident_id=incident.id
                ) if devices else None  # fmt: skip
            case "resolve":
                return do.ResolveIncident(incident_id=incident.id, outcome=act.outcome)
            case "close":
                return do.CloseIncident(incident_id=incident.id) if incident.stage == "resolved" else None

    def _threads(self, incident: Incident) -> list[PartnerThread]:
        threads = self._board.state.threads.values()
        return [one for one in threads if one.incident_id == incident.id and not standing(one).end]

    def _further(self, incident: Incident, act: StoryAct, text: str) -> do.Command | None:
        """More about a case the partner has, or the request to drop it."""
        thread = next((one for one in self._threads(incident) if one.agency in act.partners), None)
        if thread is None or not thread.queued_ns:
            return None
        if act.do == "update":
            return do.UpdateHandoff(thread_id=thread.id, text=text)
        return do.CancelHandoff(thread_id=thread.id, reason=text)

    def _devices(self, incident: Incident, act: StoryAct) -> tuple[str, ...]:
        """Those the act names and those near the incident; without what cannot be asked now."""
        profile, state = self._board.profile, self._board.state
        near: list[str] = []
        if act.within_m and act.control in profile.controls:
            kinds = profile.controls[act.control].kinds
            near = devices_near(profile, kinds, incident.place.position, act.within_m)
        found = dict.fromkeys((*act.devices, *near))
        return tuple(one for one in found if one not in state.devices)


def _step(incident_id: str, round_: int, told: StoryStep) -> do.Command:
    if told.skip is not None:
        return do.SkipStep(
            incident_id=incident_id, step=told.step, round=round_, reason=told.skip.in_language("ko")
        )
    comment = told.comment.in_language("ko") if told.comment is not None else ""
    return do.AnswerStep(
        incident_id=incident_id, step=told.step, round=round_, answer=told.answer, comment=comment
    )
