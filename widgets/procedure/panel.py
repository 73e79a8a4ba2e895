"""The procedure of the chosen incident: what is done, what waits, and one key for each next act."""

from __future__ import annotations

import weakref

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.base import Words as BothWords
from console.model.commands import AnswerStep
from console.model.procedure import Procedure
from console.model.procedurerun import ProcedureRun
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.procedure.asking import Asking
from widgets.procedure.current import CurrentStep, StepLine
from widgets.procedure.donelines import DoneLines
from widgets.procedure.offered import Offered
from widgets.procedure.pending import PendingOrders
from widgets.procedure.questions import QUESTION, Questions
from widgets.procedure.shelf import ProcedureShelf
from widgets.procedure.view import (
    Key,
    OpenStep,
    comment_for,
    current_of,
    may_skip,
    open_steps,
)
from widgets.procedure.words import Words

GROUP = "procedure.title"
DIGITS = 9


class ProcedurePanel(QWidget):
    """Pulls from the board; holds no truth. Everything else of the window stays as it is.

    Acts: procedure.focus (D) everywhere in sight; while it has the keyboard procedure.do (Enter),
    procedure.skip (Shift+S), procedure.why (W), procedure.done (L), procedure.other (O), procedure.retype
    (T), digits for answers, Up and Down for another open step, Esc.

    Signals:
        act_wanted(str, StepAct): a step offers this act and the person wants it for this incident.
        in_sight_wanted(QWidget): this part of it has the keyboard and should be seen.
    """

    act_wanted = Signal(str, object)
    in_sight_wanted = Signal(object)

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, shelf: ProcedureShelf, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._actions, self._shelf = board, port, actions, shelf
        self._words = Words(board.profile, catalogue, moments)
        self._texts = Texts(catalogue)
        self.pending = PendingOrders(board)
        self.incident_id = ""
        self._run: ProcedureRun | None = None
        self._read = -1
        self._wanted: Key | None = None
        self._steps: tuple[OpenStep, ...] = ()
        self._current: OpenStep | None = None
        self._chosen = ""
        self._drafts: dict[tuple[str, Key], str] = {}
        self._offered = Offered()
        self.setObjectName("procedure")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._texts.put(self, accessibleName="procedure.title")
        self._add_acts(actions)
        self._lay_out(actions, tokens)
        self.questions = Questions(
            self.asking, board, port, self._words, shelf, self.pending, self
        )
        self.questions.asked.connect(self._tell_busy)
        self.questions.opened.connect(self._see_soon)
        self.asking.chosen.connect(self._see_soon)
        self.current.answered.connect(self.answer)
        self.current.offered.connect(self._offer)
        self.current.field.textEdited.connect(self._typed)
        # The keypad's Enter is another key than the act's.
        self.current.field.returnPressed.connect(self.do)
        pulse.incidents_changed.connect(self.refresh)
        pulse.presence_changed.connect(self.refresh)
        pulse.answered.connect(self._answered)
        pulse.second_passed.connect(self._each_second)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._tell_keys)
        follow(catalogue, self._retext)

    @Slot(str)
    def show_incident(self, incident_id: str) -> None:
        """Show the procedure of this incident; "" and one without a procedure show nothing."""
        if incident_id != self.incident_id:
            self._keep_draft()
            self.incident_id, self._wanted, self._current, self._chosen = incident_id, None, None, ""
            self.questions.about(incident_id, None)
            self.done.fold()
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say what the board knows now, where it is something new."""
        self.pending.settle()
        run = self._board.state.procedures.get(self.incident_id)
        if run is not self._run or self._read != self._shelf.version:
            self._run, self._read = run, self._shelf.version
            self.questions.about(self.incident_id, run)
            self._say()
        self._tell_busy()

    @Slot()
    def take_keyboard(self) -> None:
        """Give it the keyboard, and ask to be seen."""
        if self.isHidden():
            return
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._see_soon()

    @Slot()
    def do(self) -> None:
        """The step in hand is done; an answer that waits for its words is given with them."""
        if self.asking.is_open:
            self.send()
            return
        now = self._current
        if now is None or self._busy(now):
            return
        if self._chosen:
            self.answer(self._chosen)
        elif now.step is not None and now.step.answers:
            self.current.say_problem(self._words.say("choose"))
        elif now.step is not None and comment_for(now.step) == "must" and not self._comment():
            self._want_words()
        else:
            self._ask_step(now, "")

    @Slot(str)
    def answer(self, answer_id: str) -> None:
        """Give this answer; where words must come with it and there are none, ask for them."""
        now = self._current
        if now is None or now.step is None or self._busy(now):
            return
        if comment_for(now.step, answer_id) == "must" and not self._comment():
            self._chosen = answer_id
            self._want_words()
        else:
            self._ask_step(now, answer_id)
        self.current.mark_chosen(self._chosen)

    @Slot()
    def skip(self) -> None:
        """Ask why the step in hand is left out."""
        now = self._current
        if now is None or (now.step is not None and not may_skip(now.step)) or self._busy(now):
            return
        self.questions.skip(now)

    @Slot()
    def ask_other(self) -> None:
        """Ask for another procedure, and why."""
        self.questions.other()

    @Slot()
    def ask_type(self) -> None:
        """Ask what it is instead, and why."""
        self.questions.type()

    @Slot()
    def send(self) -> None:
        """Send what the open question asks for."""
        self.questions.send()

    @Slot()
    def leave(self) -> None:
        """Take the question back, or the answer that waits for its words."""
        if self.asking.is_open:
            self.asking.close_question()
        self._chosen = ""
        self.current.mark_chosen("")
        self.current.say_problem("")
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def turn_why(self) -> None:
        """Show why the step is there, or no longer."""
        if self.current.why.text():
            self.current.why.setVisible(self.current.why.isHidden())

    @Slot()
    def turn_done(self) -> None:
        """Show what is behind line by line, or no longer."""
        self.done.turn()

    def choose(self, key: Key) -> None:
        """Work on this open step."""
        self._keep_draft()
        self._wanted, self._chosen = key, ""
        self._say()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and self._current is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            keys = [one.key for one in self._steps]
            self.choose(keys[(keys.index(self._current.key) + step) % len(keys)])
        else:
            super().keyPressEvent(event)

    def other_lines(self) -> list[StepLine]:
        """The open steps that are not in hand, as they are shown."""
        return [one for one in self._lines if not one.isHidden()]

    # --- what is asked of the hub ---------------------------------------------------------------------

    def _ask_step(self, now: OpenStep, answer_id: str) -> None:
        command = AnswerStep(
            incident_id=self.incident_id, step=now.standing.step, round=now.standing.round,
            answer=answer_id, comment=self._comment(),
        )  # fmt: skip
        self._chosen = answer_id
        self.pending.asked(self._port.request(command), self.incident_id, now.key)
        self.current.say_problem("")
        self._tell_busy()

    @Slot()
    def _see_soon(self) -> None:
        """When it has its size, what is in hand should be in sight."""
        QTimer.singleShot(0, self, self._see)

    @Slot()
    def _see(self) -> None:
        if not self.isHidden():
            self.in_sight_wanted.emit(self.asking if self.asking.is_open else self.current)

    def _busy(self, now: OpenStep) -> bool:
        return self.pending.busy(self.incident_id, now.key)

    def _comment(self) -> str:
        return self.current.field.text().strip()

    def _want_words(self) -> None:
        self.current.field.setVisible(True)
        self.current.say_problem(self._words.say("words_needed"))
        self.current.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _offer(self, place: int) -> None:
        now = self._current
        if now is None or now.step is None or place >= len(now.step.acts):
            return
        self._offered.ask(self.incident_id, now, place, self._board.clock.now_ns())
        self._tell_offers()
        self.act_wanted.emit(self.incident_id, now.step.acts[place])

    @Slot(object)
    def _answered(self, pairs: object) -> None:
        for incident_id, about in self.pending.answered(pairs):  # type: ignore[arg-type]
            if about == QUESTION:
                if incident_id == self.incident_id:
                    self.asking.close_question()
                    self.setFocus(Qt.FocusReason.OtherFocusReason)
            elif isinstance(about, tuple):
                self._drafts.pop((incident_id, about), None)
                if self._current is not None and about == self._current.key:
                    self.current.field.clear()
        self._tell_refused()
        self.refresh()

    def _tell_refused(self) -> None:
        refused, now = self.pending.refused, self._current
        words = refused.pop((self.incident_id, QUESTION), None)
        if words is not None:
            self.asking.say_problem(self._words.catalogue.words(words))
        words = refused.get((self.incident_id, now.key)) if now is not None else None
        if words is not None:
            self.current.say_problem(self._words.catalogue.words(words))

    # --- what is said ---------------------------------------------------------------------------------

    def _say(self, afresh: bool = False) -> None:
        run = self._run
        shown = run is not None and bool(run.procedure)
        self.setVisible(shown)
        if run is None or not shown:
            self._steps, self._current = (), None
            return
        procedure = self._shelf.of(run)
        self._steps = open_steps(run, procedure, self._board.clock.now_ns())
        before = self._current.key if self._current is not None else None
        self._current = current_of(self._steps, self._wanted or before)
        self._tell_head(run, procedure)
        self.done.tell(run)
        now = self._current
        self.current.setVisible(now is not None)
        if now is not None:
            if now.key != before:
                self._chosen = ""
                self.current.say_problem("")
                if self._has_keyboard():
                    self._see_soon()
            if self._wanted is not None and now.key != self._wanted:
                self._wanted = None
            self.current.show_step(now, self._drafts.get((self.incident_id, now.key), ""), afresh)
            self.current.mark_chosen(self._chosen)
        self._tell_others()
        self._tell_offers()
        self.questions.still_stands(self._steps)
        for name, able in (
            ("do", now is not None), ("skip", now is not None), ("why", now is not None),
            ("done", True), ("other", True), ("retype", True),
        ):  # fmt: skip
            self._actions.enable(f"procedure.{name}", able)

    def _tell_head(self, run: ProcedureRun, procedure: Procedure | None) -> None:
        words = self._words
        name = words.catalogue.words(procedure.name) if procedure is not None else run.procedure
        self.title.setText(name)
        left = sum(one.state == "left" for one in run.steps[run.begun :])
        key, clock = "ended_left" if left else "ended", words.moments.clock(run.ended_ns)
        self.state.setText(words.say(key, clock=clock, n=str(left)) if run.ended_ns else "")
        style(self.state, ink="p2" if left else "dim")

    def _tell_others(self) -> None:
        others = [one for one in self._steps if self._current is None or one.key != self._current.key]
        while len(self._lines) < len(others):
            line = StepLine(self._words, self._tokens, large=False, parent=self)
            line.wanted.connect(self._line_wanted)
            self._lines.append(line)
            self._others.addWidget(line)
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(others))
            if place < len(others):
                line.setProperty("key", "/".join(str(part) for part in others[place].key))
                line.tell(others[place])

    @Slot()
    def _line_wanted(self) -> None:
        wanted = self.sender().property("key")
        for one in self._steps:
            if "/".join(str(part) for part in one.key) == wanted:
                self.choose(one.key)
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                return

    def _tell_offers(self) -> None:
        now, run = self._current, self._run
        if now is not None and run is not None:
            told = self._offered.told(self.incident_id, now, run, self._words)
            self.current.mark_offered(told)

    @Slot()
    def _tell_busy(self) -> None:
        now = self._current
        busy = now is not None and self._busy(now)
        self.current.set_busy(busy)
        self._actions.enable("procedure.do", now is not None and not busy)
        question = self.questions.is_busy()
        for name in ("procedure.send", "procedure.leave"):
            self._actions.enable(name, not question)
        text = self._words.say("on_its_way") if busy or question else ""
        if text != self.notice.text():
            self.notice.setText(text)
            self.notice.setVisible(bool(text))

    @Slot()
    def _each_second(self) -> None:
        if self._read != self._shelf.version:
            self.refresh()
        run = self._run
        if run is None or self.isHidden() or not self._steps:
            return
        self._steps = open_steps(run, self._shelf.of(run), self._board.clock.now_ns())
        lines = iter(self.other_lines())
        for step in self._steps:
            if self._current is not None and step.key == self._current.key:
                self._current = step
                self.current.tell_time(step)
            elif (line := next(lines, None)) is not None:
                line.tell_time(step)

    @Slot()
    def _tell_keys(self) -> None:
        mine = self._has_keyboard()
        text = self._words.say("keys" if mine else "keys_away")
        if text != self.keys.text():
            self.keys.setText(text)
        style(self.keys, ink="focus" if mine else "dim")

    def _has_keyboard(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    @Slot()
    def _typed(self) -> None:
        self.current.say_problem("")

    def _keep_draft(self) -> None:
        if self._current is not None:
            self._drafts[self.incident_id, self._current.key] = self.current.field.text()

    def _retext(self) -> None:
        self._say(afresh=True)
        self._tell_keys()
        self._tell_busy()

    # --- parts ----------------------------------------------------------------------------------------

    def _add_acts(self, actions: Actions) -> None:
        actions.add(
            "procedure.focus", "procedure.act.focus", "D", self.take_keyboard, owner=self, group=GROUP
        )
        for name, key, handler in (
            ("do", "Return", self.do), ("skip", "Shift+S", self.skip), ("why", "W", self.turn_why),
            ("done", "L", self.turn_done), ("other", "O", self.ask_other), ("retype", "T", self.ask_type),
            ("leave", "Esc", self.leave), ("send", "", self.send),
        ):  # fmt: skip
            actions.add(
                f"procedure.{name}", f"procedure.act.{name}", key, handler, owner=self, group=GROUP,
                only_focused=True, listed=name not in ("leave", "send"),
            )  # fmt: skip
        self._digits = [_Digit(self, number) for number in range(1, DIGITS + 1)]
        for number, digit in enumerate(self._digits, 1):
            actions.add(
                f"procedure.answer.{number}", "procedure.act.answer", str(number), digit.press, owner=self,
                group=GROUP, only_focused=True, listed=False,
                fields={"n": BothWords(en=str(number), ko=str(number))},
            )  # fmt: skip
        actions.tell_keys(GROUP, "procedure.act.answers", "1–9")
        actions.tell_keys(GROUP, "procedure.act.step", "↑ ↓")

    def answer_number(self, number: int) -> None:
        """Give the answer of this number, from 1."""
        now = self._current
        answers = now.step.answers if now is not None and now.step is not None else ()
        if number <= len(answers):
            self.answer(answers[number - 1].id)

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        self._tokens = tokens
        unit = tokens.space(1)
        self.title = ElidedLabel(weight="bold", size="strong")
        self.state = label(ink="dim")
        self.keys = label(ink="dim", size="small")
        self.keys.setWordWrap(True)
        self.notice = label(ink="dim")
        self.notice.hide()
        heading = label(ink="dim", size="small")
        self._texts.put(heading, "procedure.title")
        self.done = DoneLines(self._words, actions, tokens)
        self.current = CurrentStep(self._words, actions, tokens)
        self.asking = Asking(self._words, actions, tokens)
        self._lines: list[StepLine] = []
        head = QHBoxLayout()
        head.setSpacing(2 * unit)
        head.addWidget(heading)
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        for name in ("procedure.other", "procedure.retype"):
            button: QPushButton = actions.button(name, self, role="quiet")
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(head)
        column.addWidget(self.done)
        column.addWidget(self.current)
        column.addWidget(self.asking)
        column.addWidget(self.notice)
        self._others = QVBoxLayout()
        self._others.setContentsMargins(2 * unit, 0, 2 * unit, 0)
        self._others.setSpacing(unit)
        column.addLayout(self._others)
        column.addWidget(self.keys)


class _Digit:
    """One digit key; the panel is held by its acts weakly."""

    def __init__(self, panel: ProcedurePanel, number: int) -> None:
        self._panel, self._number = weakref.ref(panel), number

    def press(self) -> None:
        panel = self._panel()
        if panel is not None:
            panel.answer_number(self._number)
