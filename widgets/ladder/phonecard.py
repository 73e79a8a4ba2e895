"""The phone card: the number, what to say in their language and in the operator's, the record of the call.

It opens in the detail's dock when nobody has accepted for a minute, and by key at any time. It takes no
keyboard by itself and covers nothing; it stays until a call is recorded, or the wait is over.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.desk.board import Board
from console.handoff.phone import PhoneCard, phone_card
from console.model.base import Words
from console.model.commands import RecordCall
from console.model.ladder import PartnerThread
from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.marks import PriorityMark
from widgets.kit.moments import Moments
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.ladder.asking import Asking
from widgets.ladder.callform import CallForm
from widgets.ladder.lines import ThreadWords
from widgets.ladder.pages import DraftPages
from widgets.ladder.roomy import Roomy
from widgets.ladder.rungs import worst
from widgets.ladder.watching import LadderWatch

WHO = "card"


class PhonePanel(QFrame):
    """One card at a time. What was typed is kept until it is recorded, whatever is looked at between.

    Acts, only while it has the keyboard: ladder.record (Ctrl+Return), ladder.leave_card (Esc).

    Signals:
        left: the keyboard may go back to where it was.
    """

    left = Signal()

    def __init__(
        self, board: Board, watch: LadderWatch, asking: Asking, pages: DraftPages, words: ThreadWords,
        moments: Moments, actions: Actions, tokens: Tokens, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._watch, self._asking, self._pages, self._words = board, watch, asking, pages, words
        self._catalogue, self._actions = moments.catalogue, actions
        self._texts = Texts(self._catalogue)
        self.thread_id = ""
        self.by_hand = False
        self._small = self._crowded = False
        self._looked_at = ""
        self._busy = False
        self._script: tuple[tuple[str, ...], ...] = ()
        self.setObjectName("ladder-phone")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        style(self, role="overlay")
        for name, key, handler in (
            ("record", "Ctrl+Return", self.record), ("leave_card", "Esc", self.leave)
        ):  # fmt: skip
            actions.add(
                f"ladder.{name}", f"ladder.act.{name}", key, handler, owner=self, group="ladder.group_call",
                only_focused=True,
            )  # fmt: skip
        self.form = CallForm(watch.figures, moments, actions, tokens, self)
        self.form.submitted.connect(self.record)
        self._lay_out(tokens)
        self.hide()
        watch.changed.connect(self.refresh)
        pages.came.connect(self._came)
        follow(self._catalogue, self._retext)

    @property
    def is_open(self) -> bool:
        return bool(self.thread_id)

    def offer(self, thread_id: str) -> None:
        """Show this thread's card, without taking the keyboard. What is being written for another stays."""
        if thread_id == self.thread_id or (self.is_open and (self.by_hand or self.form.is_touched())):
            return
        self._take(thread_id, by_hand=False)

    def open(self, thread_id: str) -> None:
        """Show this thread's card with the keyboard in it: a person asked."""
        if thread_id != self.thread_id:
            self._take(thread_id, by_hand=True)
        self._small = False
        self.refresh()
        self.form.fields["name"].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def look_at(self, incident_id: str) -> None:
        """Which incident is looked at: the card of another one is one line until it is asked for."""
        if incident_id != self._looked_at:
            self._looked_at = incident_id
            self.refresh()

    def make_small_while(self, crowded: bool) -> None:
        """One line with the number only, while a draft needs the room."""
        if crowded != self._crowded:
            self._crowded = crowded
            self.refresh()

    @Slot()
    def record(self) -> None:
        """Write the call down; it is checked here and again by the hub."""
        thread = self._watch.thread(self.thread_id)
        if thread is None or self._busy:
            return
        now_ns = self._board.clock.now_ns()
        call = self.form.call(self._board.person, now_ns)
        if not self.form.check(call, thread, now_ns):
            return
        self._busy = True
        command = RecordCall(
            thread_id=thread.id, called_at_ns=call.called_at_ns, name=call.name, channel=call.channel,
            outcome=call.outcome, number=self.number.text(), case_ref=call.case_ref, words=call.words,
        )  # fmt: skip
        self._asking.ask(command, "ladder.act.record", self._recorded)
        self.refresh()

    @Slot()
    def leave(self) -> None:
        """Give the keyboard back. A card that was opened by hand closes; one that is due becomes small."""
        if self.by_hand and self.thread_id not in self._watch.cards():
            self._close()
        else:
            self._small = True
            self.refresh()
        self.left.emit()

    @Slot()
    def refresh(self) -> None:
        """Say what is known now; a card that is not due any more and in which nothing was written goes."""
        thread = self._watch.thread(self.thread_id) if self.thread_id else None
        if thread is None:
            if self.is_open:
                self._close()
            return
        due = thread.id in self._watch.cards()
        if not due and not self.by_hand and not self.form.is_touched():
            self._close()
            return
        self._say(thread, due)

    def _take(self, thread_id: str, by_hand: bool) -> None:
        self.thread_id, self.by_hand, self._busy = thread_id, by_hand, False
        self._small = False
        self.form.begin(self._board.clock.now_ns())
        self._pages.show(WHO, frozenset((thread_id,)))
        self.refresh()

    def _close(self) -> None:
        self.thread_id, self.by_hand, self._busy = "", False, False
        self._pages.show(WHO, frozenset())
        had = self.isAncestorOf(self.window().focusWidget() or self)
        self.hide()
        if had:
            self.left.emit()

    def _recorded(self, refused: Words | None) -> None:
        self._busy = False
        if refused is not None:
            self.form.say_problems((refused,))
            self.refresh()
        else:
            self._close()

    @Slot(str)
    def _came(self, thread_id: str) -> None:
        if thread_id == self.thread_id:
            self.refresh()

    def _say(self, thread: PartnerThread, due: bool) -> None:
        say = self._catalogue.say
        top = worst(self._watch.of(thread.id))
        self.mark.setVisible(due)
        agency = self._words.agency(thread.agency)
        self.title.setText(say("ladder.card.title", agency=agency))
        self.number.setText(self._words.number(thread.agency))
        small = self._small or self._crowded
        wait = self._words.attention(top) if due and top is not None else ""
        if thread.incident_id != self._looked_at:
            wait = f"{self._words.incident(self._board.state, thread.incident_id)}. {wait}".strip()
            small = small or not self.by_hand
        self.why.setText(wait)
        style(self.title, ink="p1" if due else "")
        draft = self._pages.draft(thread.id, thread.incident_id, thread.agency)
        self._say_script(phone_card(draft, thread.key) if draft is not None else None,
                         draft.languages[0] if draft is not None else "")  # fmt: skip
        page = self._pages.page(thread.id)
        own = page is None or page.draft is None
        self.note.setText(say("ladder.card.own"))
        self.setToolTip(say("ladder.card.kept"))
        for part in (self.body, self.form, self.buttons):
            part.setVisible(not small)
        self.note.setVisible(own and not small)
        self.bring.setVisible(small)
        self._actions.enable("ladder.record", not self._busy)
        self.setAccessibleName(f"{self.title.text()} {self.number.text()} {self.why.text()}")
        self.show()

    def _say_script(self, card: PhoneCard | None, theirs: str) -> None:
        """Line by line, their language first; one column where the operator speaks it."""
        mine = self._catalogue.language
        spoken = [theirs, mine] if theirs and theirs != mine else [mine]
        lines = card.lines if card is not None else ()
        script = tuple(tuple(one.in_language(language) for language in spoken) for one in lines)
        if script == self._script:
            return
        self._script = script
        while len(self._lines) < len(script):
            pair = (label(weight="bold"), label(ink="dim", size="small"))
            for column, part in enumerate(pair):
                part.setWordWrap(True)
                part.setAlignment(Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(part, len(self._lines), column)
            self._lines.append(pair)
        self._grid.setColumnStretch(1, 1 if len(spoken) > 1 else 0)
        for place, pair in enumerate(self._lines):
            for column, part in enumerate(pair):
                present = place < len(script) and column < len(spoken)
                part.setVisible(present)
                if present:
                    part.setText(script[place][column])

    def _lay_out(self, tokens: Tokens) -> None:
        unit = tokens.space(1)
        self.mark = PriorityMark(tokens, 1, 16)
        self.title = label(size="strong", weight="bold")
        self.number = label(size="large", weight="bold")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._texts.put(self.number, accessibleName="ladder.card.number")
        self.why = ElidedLabel(ink="p1")
        head = QHBoxLayout()
        head.setSpacing(2 * unit)
        for part in (self.mark, self.title, self.number):
            head.addWidget(part)
        head.addWidget(self.why, 1)
        self.bring = self._actions.button("ladder.phone", self, role="quiet")
        head.addWidget(self.bring)
        script = QWidget()
        self._grid = QGridLayout(script)
        self.body = Roomy(script)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(3 * unit)
        self._grid.setVerticalSpacing(unit // 2)
        self._grid.setColumnStretch(0, 1)
        self._lines: list[tuple[QLabel, QLabel]] = []
        self.note = label(ink="dim", size="small")
        self.note.setWordWrap(True)
        self.buttons = QWidget()
        flow = FlowLayout(unit, self.buttons)
        flow.addWidget(self._actions.button("ladder.record", self, role="act"))
        flow.addWidget(self._actions.button("ladder.leave_card", self))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        column.setSpacing(2 * unit)
        column.addLayout(head)
        for part in (self.body, self.form, self.note, self.buttons):
            column.addWidget(part)

    def _retext(self) -> None:
        self._script = ()
        if self.is_open:
            self.refresh()
