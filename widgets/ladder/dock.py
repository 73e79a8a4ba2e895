"""What opens beside the ladder: the choice, one line, the draft, the phone card; in a place of their own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.kit.tokens import Tokens
from widgets.ladder.askline import AskLine
from widgets.ladder.choosing import ChoosePanel
from widgets.ladder.drafting import Drafting
from widgets.ladder.draftview import DraftView
from widgets.ladder.panel import LadderPanel
from widgets.ladder.phonecard import PhonePanel
from widgets.ladder.watching import LadderWatch


class LadderDock(QWidget):
    """Takes no room while nothing is open. The keyboard goes back to where it was when one of them closes.

    The card of the incident that is looked at comes by itself when it is due, without the keyboard; while
    another thing is open it is one line with the number.
    """

    def __init__(
        self, panel: LadderPanel, choice: ChoosePanel, line: AskLine, draft: DraftView, card: PhonePanel,
        drafting: Drafting, watch: LadderWatch, give_back: Callable[[], None], tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`give_back` puts the keyboard where the detail's acts are, when nothing else is known."""
        super().__init__(parent)
        self.panel, self.choice, self.line, self.draft, self.card = panel, choice, line, draft, card
        self._drafting, self._watch, self._give_back = drafting, watch, give_back
        self._before: QWidget | None = None
        self.setObjectName("ladder-dock")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(2))
        self._parts: tuple[QWidget, ...] = (card, choice, line, draft)
        for part in self._parts:
            column.addWidget(part)
            part.installEventFilter(self)
        panel.choice_wanted.connect(self._choose)
        panel.line_wanted.connect(self._ask)
        panel.card_wanted.connect(self._card)
        panel.drafts_opened.connect(self._drafts)
        choice.chosen.connect(panel.draft_for)
        choice.instead.connect(panel.transfer)
        line.said.connect(panel.say)
        for signal in (choice.left, line.left, line.said, card.left, drafting.closed):
            signal.connect(self._left)
        watch.changed.connect(self.look)
        panel.followed.connect(self.look)
        self.hide()

    @Slot()
    def look(self) -> None:
        """Show the card that is due: of the incident that is looked at, else of another one, in one line."""
        mine = {one.id for one in self._watch.threads_of(self.panel.incident_id)}
        cards = self._watch.cards()
        self.card.look_at(self.panel.incident_id)
        due = next((one for one in cards if one in mine), cards[0] if cards else "")
        if due:
            self.card.offer(due)
        self.card.make_small_while(self._drafting.is_open or not self.choice.isHidden()
                                   or not self.line.isHidden())  # fmt: skip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(any(not part.isHidden() for part in self._parts))
        return super().eventFilter(watched, event)

    @Slot(object, object, object, object)
    def _choose(self, free: object, advised: object, live: object, others: object) -> None:
        self._remember()
        self._drafting.leave()
        self.line.leave()
        self.choice.ask(free, advised, live, others)  # type: ignore[arg-type]
        self.look()

    @Slot(str, str, str)
    def _ask(self, act: str, thread_id: str, agency: str) -> None:
        self._remember()
        self.choice.leave()
        self.line.ask(act, thread_id, agency)
        self.look()

    @Slot(str)
    def _card(self, thread_id: str) -> None:
        self._remember()
        self.card.open(thread_id)

    @Slot()
    def _drafts(self) -> None:
        self._remember()
        self.choice.hide()
        self.line.leave()
        self.draft.open()
        self.look()

    def _remember(self) -> None:
        """Where the keyboard was before any of them had it: one may follow another."""
        now = self.window().focusWidget()
        if self._before is None and now is not None and not self.isAncestorOf(now):
            self._before = now

    @Slot()
    def _left(self) -> None:
        self.look()
        before, self._before = self._before, None
        open_part = next((one for one in (self.draft, self.line, self.choice) if not one.isHidden()), None)
        if open_part is not None:
            return
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.panel.isVisible():
            self._give_back()
