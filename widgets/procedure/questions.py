"""What is asked in place about the procedure: why a step is left out, which other procedure, which type."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.desk.board import Board
from console.desk.port import DeskPort
from console.model.commands import Command, ReclassifyIncident, SkipStep, StartProcedure
from console.model.procedurerun import ProcedureRun
from widgets.procedure.asking import Asking
from widgets.procedure.pending import PendingOrders
from widgets.procedure.shelf import ProcedureShelf
from widgets.procedure.view import OpenStep, kept_by
from widgets.procedure.words import Words

QUESTION = "question"
"""What an order of this is about, among the pending ones."""


class Questions(QObject):
    """Opens the question, says what would be kept, sends the order when it has its reason.

    Signals:
        asked: an order left. opened: a question stands there.
    """

    asked = Signal()
    opened = Signal()

    def __init__(
        self, asking: Asking, board: Board, port: DeskPort, words: Words, shelf: ProcedureShelf,
        pending: PendingOrders, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._asking, self._board, self._port = asking, board, port
        self._words, self._shelf, self._pending = words, shelf, pending
        self._incident_id = ""
        self._run: ProcedureRun | None = None
        asking.chosen.connect(self._tell_kept)
        # The keypad's Enter is another key than the act's.
        asking.field.returnPressed.connect(self.send)

    def about(self, incident_id: str, run: ProcedureRun | None) -> None:
        """What the questions are about from now on."""
        if incident_id != self._incident_id:
            self._asking.close_question()
        self._incident_id, self._run = incident_id, run

    def skip(self, step: OpenStep) -> None:
        """Why is this step left out?"""
        text = self._words.catalogue.words(step.standing.text)
        self._asking.open("skip", self._words.say("ask.skip", step=text), subject=step.key)
        self.opened.emit()

    def other(self) -> None:
        """Which other procedure, and why?"""
        run, say = self._run, self._words.catalogue.words
        if run is None:
            return
        others = [
            (one.id, say(one.name)) for one in self._shelf.book.procedures.values()
            if one.key != run.procedure or not run.going
        ]  # fmt: skip
        if others:
            self._asking.open("other", self._words.say("ask.other"), sorted(others, key=lambda one: one[1]))
            self.opened.emit()

    def type(self) -> None:
        """What is it instead, and why?"""
        incident = self._board.state.incidents.get(self._incident_id)
        if incident is None:
            return
        types = [
            (one, self._words.type(one)) for one in self._board.profile.incident_types
            if one != incident.type
        ]  # fmt: skip
        title = self._words.say("ask.retype", type=self._words.type(incident.type))
        self._asking.open("retype", title, sorted(types, key=lambda one: one[1]))
        self.opened.emit()

    def is_busy(self) -> bool:
        """Whether an order is on its way."""
        return self._pending.busy(self._incident_id, QUESTION)

    def still_stands(self, steps: tuple[OpenStep, ...]) -> None:
        """A step that is open no more is not asked about any longer."""
        asking = self._asking
        if asking.is_open and asking.kind == "skip" and asking.subject not in [one.key for one in steps]:
            asking.close_question()

    @Slot()
    def send(self) -> None:
        """Send what the open question asks for."""
        asking = self._asking
        if not asking.is_open or self.is_busy():
            return
        if not asking.reason:
            asking.say_problem(self._words.say("ask.reason_needed"))
            asking.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._pending.asked(self._port.request(self._order()), self._incident_id, QUESTION)
        self.asked.emit()

    def _order(self) -> Command:
        asking, incident_id = self._asking, self._incident_id
        if asking.kind == "skip":
            assert isinstance(asking.subject, tuple)
            _, step, round_ = asking.subject
            return SkipStep(incident_id=incident_id, step=step, round=round_, reason=asking.reason)
        if asking.kind == "other":
            return StartProcedure(incident_id=incident_id, procedure=asking.choice_id, reason=asking.reason)
        return ReclassifyIncident(incident_id=incident_id, type=asking.choice_id, reason=asking.reason)

    @Slot(str)
    def _tell_kept(self, choice_id: str) -> None:
        """Which steps of the chosen procedure would be done already."""
        run, book = self._run, self._shelf.book
        by = book.procedures if self._asking.kind == "other" else book.by_type
        procedure = by.get(choice_id)
        if run is None or procedure is None:
            self._asking.say_kept("")
            return
        say = self._words.catalogue.words
        kept = [say(one.text) for one in kept_by(run, procedure)]
        fields = {"procedure": say(procedure.name)}
        if not kept:
            self._asking.say_kept(self._words.say("ask.kept_none", **fields))
            return
        steps = "\n".join(f"✓ {one}" for one in kept)
        self._asking.say_kept(self._words.say("ask.kept", n=str(len(kept)), steps=steps, **fields))
