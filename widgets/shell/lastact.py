"""The bottom line: the operator's last act and what became of it — on its way, done, or refused and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.language import Catalogue
from console.model import commands as do
from console.model.commands import Answer, Command, Refused
from console.report.names import agency_name, device_name, type_name
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.marks import paint_condition
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

HEIGHT = 28
OWN = (do.StartViewing, do.StopViewing, do.ReportCamera, do.ViewFootage, do.FinishExport)
"""What the desk asks by itself; shown only when it is refused."""
SLOW_NS = 2_000_000_000
"""An act that waits so long is told to wait for the hub (ours; acts are answered in milliseconds)."""


def told(command: Command, board: Board, catalogue: Catalogue) -> str:
    """An act in words: "Hand off to 112: Person fell, Hwaseong park"."""
    name = do.name_of(command)
    fields: dict[str, str] = {}
    incident_id = getattr(command, "incident_id", "") or getattr(command, "kept_id", "")
    if incident_id:
        fields["incident"] = _incident(incident_id, board, catalogue)
    thread_ids = getattr(command, "thread_ids", ()) or (getattr(command, "thread_id", ""),)
    if thread_ids[0]:
        fields.update(_of_threads(thread_ids, board, catalogue))
    elif isinstance(command, do.DraftHandoff):
        names = (agency_name(board.profile, catalogue, one) for one in command.agencies)
        fields["agency"] = " · ".join(names)
    elif isinstance(command, do.HandOffIncident | do.OfferShare):
        fields["agency"] = agency_name(board.profile, catalogue, command.agency)
    elif isinstance(command, do.OpenIncident | do.OpenCase | do.ReclassifyIncident):
        fields["type"] = type_name(board.profile, catalogue, command.type)
    elif isinstance(command, do.AnswerStep | do.SkipStep):
        run = board.state.procedures.get(command.incident_id)
        standing = run.standing(command.step) if run is not None else None
        fields["step"] = catalogue.words(standing.text if standing is not None else None) or command.step
    elif isinstance(command, do.ResolveIncident):
        fields["outcome"] = catalogue.say(f"report.outcome.{command.outcome}")
    elif isinstance(command, do.VerifyIncident):
        fields["outcome"] = catalogue.say(f"report.outcome.{command.verdict}")
    elif isinstance(command, do.RegradeIncident):
        fields["grade"] = command.grade
    elif isinstance(command, do.MergeIncidents):
        fields["other"] = _incident(command.other_id, board, catalogue)
    elif isinstance(command, do.SplitIncident):
        fields["count"] = str(len(command.uids))
    elif isinstance(command, do.ReportCamera):
        fields["camera"] = device_name(board.profile, catalogue, command.camera_id)
    elif isinstance(command, do.LogExport):
        fields["format"] = command.format
    elif isinstance(command, do.AcknowledgeAlarm):
        alarm = board.state.alarms.get(command.alarm_id)
        fields["alarm"] = catalogue.words(alarm.text) if alarm is not None else command.alarm_id
    elif hasattr(command, "alarm_ids"):
        fields["count"] = str(len(command.alarm_ids))
    elif isinstance(command, do.SaveLayout):
        fields["layout"] = command.layout.name
    elif isinstance(command, do.ShareSketch):
        fields["form"] = catalogue.say(f"report.sketch.{command.sketch.form}")
    elif isinstance(command, do.DeleteLayout):
        layout = board.state.layouts.get(command.layout_id)
        fields["layout"] = layout.name if layout is not None else command.layout_id
    elif isinstance(command, do.SetCityMode):
        mode = board.profile.modes.get(command.mode)
        fields["mode"] = catalogue.words(mode.name) if mode else catalogue.say("report.mode.normal")
    elif isinstance(command, do.SetMasks | do.LiftMasks):
        fields["camera"] = device_name(board.profile, catalogue, command.camera_id)
    elif isinstance(command, do.FinishExport):
        fields["outcome"] = catalogue.say(f"report.export.{command.outcome}")
    elif hasattr(command, "request_id"):
        fields["request"] = command.request_id
    elif hasattr(command, "share_id"):
        fields["share"] = command.share_id
    elif isinstance(command, do.OrderControl):
        control = board.profile.controls.get(command.control)
        fields["control"] = catalogue.words(control.name) if control is not None else command.control
        fields["count"] = str(len(command.device_ids))
    elif isinstance(command, do.DraftMessage):
        fields["level"] = catalogue.say(f"report.message.level.{command.content.level}")
    elif isinstance(command, do.OrderArea):
        fields["name"] = command.name
        fields["count"] = str(sum(len(one.device_ids) for one in command.orders))
    elif hasattr(command, "act_id"):
        act = board.state.area_acts.get(command.act_id)
        fields["act"] = act.name if act is not None else command.act_id
    elif isinstance(command, do.ConfirmControl | do.CancelControl):
        order = board.state.control_orders.get(command.order_id)
        fields["order"] = catalogue.words(order.summary) if order is not None else command.order_id
    elif hasattr(command, "report_id"):
        fields["report"] = command.report_id
    elif isinstance(command, do.ChangeTicket):
        fields["ticket"] = command.ticket_id
    elif hasattr(command, "device_ids"):
        fields["count"] = str(len(command.device_ids))
    elif hasattr(command, "camera_ids"):
        fields["count"] = str(len(command.camera_ids))
    if isinstance(command, do.LiftMasks) and not command.for_s:
        name = "hide_again"
    return catalogue.say(f"shell.did.{name}", **fields)


def _of_threads(thread_ids: tuple[str, ...], board: Board, catalogue: Catalogue) -> dict[str, str]:
    """Whom hand-offs go to, and what of; their ids where they are not known (any more)."""
    threads = [thread for one in thread_ids if (thread := board.state.threads.get(one)) is not None]
    if not threads:
        return {"agency": ", ".join(thread_ids), "incident": ""}
    names = dict.fromkeys(agency_name(board.profile, catalogue, one.agency) for one in threads)
    incident = _incident(threads[0].incident_id, board, catalogue)
    return {"agency": " · ".join(names), "incident": incident}


def _incident(incident_id: str, board: Board, catalogue: Catalogue) -> str:
    incident = board.state.incidents.get(incident_id)
    if incident is None:
        return incident_id
    return f"{type_name(board.profile, catalogue, incident.type)}, {catalogue.words(incident.place.name)}"


class LastAct(QWidget):
    """Shape, words and result of the newest act. Follows the board's pending requests and the answers."""

    def __init__(
        self, board: Board, pulse: Pulse, catalogue: Catalogue, tokens: Tokens, moments: Moments,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        self._command: Command | None = None
        self._answer: Answer | None = None
        self._pending_id = ""
        self._at_ns = 0
        self.setProperty("role", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._mark = _Mark(tokens, self)
        self.caption = label(self, ink="dim", size="small")
        self.what = ElidedLabel(self)
        self.result = ElidedLabel(self)
        self.hint = label(self, ink="dim", size="small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.space(3), 0, tokens.space(3), 0)
        layout.setSpacing(tokens.space(2))
        layout.addWidget(self.caption)
        layout.addWidget(self._mark)
        for part in (self.what, self.result):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self.hint)
        pulse.ticked.connect(self._look_pending)
        pulse.answered.connect(self.take)
        pulse.second_passed.connect(self._say)
        follow(catalogue, self._say)

    @Slot(object)
    def take(self, pairs: tuple[tuple[Command | None, Answer], ...]) -> None:
        """Answers came."""
        for command, answer in pairs:
            if command is None or (isinstance(command, OWN) and not isinstance(answer, Refused)):
                continue
            if answer.id != self._pending_id and self._pending_id in self._board.pending:
                continue  # an older act's answer does not hide the newer one that waits
            self._command, self._answer, self._at_ns = command, answer, self._board.clock.now_ns()
            self._pending_id = ""
        self._say()

    @Slot()
    def _look_pending(self) -> None:
        pending = self._board.pending
        newest = next((id_ for id_ in reversed(pending) if not isinstance(pending[id_], OWN)), "")
        if newest and newest != self._pending_id:
            self._pending_id = newest
            self._command, self._answer = pending[newest], None
            self._at_ns = self._board.clock.now_ns()
            self._say()

    @Slot()
    def _say(self) -> None:
        say = self._catalogue.say
        self.caption.setText(say("shell.lastact.name"))
        self.hint.setText(say("shell.lastact.hint"))
        if self._command is None:
            self._mark.condition = ""
            self.what.setText(say("shell.lastact.none"))
            self.result.setText("")
            style(self.result, ink="dim")
        else:
            self.what.setText(told(self._command, self._board, self._catalogue))
            self._say_result()
        self._mark.update()
        self.setAccessibleName(say("shell.lastact.name"))
        self.setAccessibleDescription(f"{self.what.text()} {self.result.text()}")

    def _say_result(self) -> None:
        say, now_ns = self._catalogue.say, self._board.clock.now_ns()
        if self._answer is None:
            waited = self._moments.age(self._at_ns, now_ns)
            slow = now_ns - self._at_ns > SLOW_NS
            self._mark.condition = "unknown"
            style(self.result, ink="p2" if slow else "dim")
            self.result.setText(
                say("shell.lastact.slow", age=waited) if slow else say("shell.lastact.pending")
            )
        elif isinstance(self._answer, Refused):
            self._mark.condition = "down"
            style(self.result, ink="p1")
            self.result.setText(
                say("shell.lastact.refused", reason=self._catalogue.words(self._answer.reason))
            )
        else:
            self._mark.condition = "up"
            style(self.result, ink="dim")
            clock = self._moments.clock(self._at_ns)
            self.result.setText(say("shell.lastact.accepted", seq=self._answer.seq, clock=clock))


class _Mark(QWidget):
    def __init__(self, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.condition = ""
        self.setFixedSize(14, 14)
        tokens.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(14, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.condition:
            with QPainter(self) as painter:
                paint_condition(painter, QRectF(1, 1, 12, 12), self.condition, self._tokens)
