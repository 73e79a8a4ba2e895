"""From the key to what is sent: which drafts are open, what the hub has of them, what is sent or thrown away.

No widget here; the draft's view and the ladder call it. UI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from console.desk.board import Board
from console.model.base import Words
from console.model.commands import (
    DraftHandoff,
    EditDraft,
    GiveUpHandoff,
    RerouteHandoff,
    SendDraft,
    TransferHandoff,
)
from console.model.ladder import PartnerThread
from console.model.threadstanding import is_draft
from widgets.ladder.asking import Asking
from widgets.ladder.pages import DraftPages
from widgets.ladder.watching import LadderWatch

WHO = "draft"


class Drafting(QObject):
    """The drafts of one incident that are open at this desk.

    Nothing is sent that was not asked for by a key: `send` before the drafts have come is remembered and
    done when they are there, and `leave` takes it back.

    Signals:
        changed: other drafts, another content, sending or no longer: look again.
        closed: nothing is open any more.
    """

    changed = Signal()
    closed = Signal()

    def __init__(
        self, board: Board, watch: LadderWatch, asking: Asking, pages: DraftPages,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._watch, self._asking, self._pages = board, watch, asking, pages
        self.incident_id = ""
        self.agencies: tuple[str, ...] = ()
        """Whom the drafts are for; those whose thread is not there yet too."""
        self.left_out: set[str] = set()
        """Agencies the person took out again; their drafts are thrown away with the sending."""
        self.follows = ""
        self.send_soon = self.sending = False
        self.refused: Words | None = None
        self.why_left_out = ""
        """What the record says of a draft that was taken out, in the operator's language."""
        self._text = ""
        self._edits: list[str] = []
        watch.changed.connect(self._look)
        pages.came.connect(self._came)

    @property
    def is_open(self) -> bool:
        return bool(self.incident_id)

    def threads(self) -> tuple[PartnerThread, ...]:
        """The drafts that are there, in the order of `agencies`."""
        drafts = {
            one.agency: one for one in self._watch.threads_of(self.incident_id)
            if one.agency in self.agencies and is_draft(one)
        }  # fmt: skip
        return tuple(drafts[one] for one in self.agencies if one in drafts)

    def chosen(self) -> tuple[PartnerThread, ...]:
        """Those that are sent."""
        return tuple(one for one in self.threads() if one.agency not in self.left_out)

    def is_complete(self) -> bool:
        """Whether each draft is on record."""
        return len(self.threads()) == len(self.agencies)

    def begin(self, incident_id: str, agencies: tuple[str, ...]) -> None:
        """Draft for these partners; drafts that lie there are gone on with."""
        if not agencies:
            return
        self._open(incident_id, agencies)
        if not self.is_complete():
            self._asking.ask(
                DraftHandoff(incident_id=incident_id, agencies=agencies), "ladder.act.draft", self._drafted
            )
        self._look()

    def reroute(self, thread: PartnerThread, agency: str) -> None:
        """After a refusal: the same for another partner."""
        self._open(thread.incident_id, (agency,))
        self.follows = thread.id
        command = RerouteHandoff(thread_id=thread.id, agency=agency)
        self._asking.ask(command, "ladder.act.reroute", self._drafted)
        self._look()

    def transfer(self, thread: PartnerThread, agency: str) -> None:
        """이관: the other partner goes instead, once it has accepted."""
        self._open(thread.incident_id, (agency,))
        self.follows = thread.id
        command = TransferHandoff(thread_id=thread.id, agency=agency)
        self._asking.ask(command, "ladder.act.transfer", self._drafted)
        self._look()

    def turn(self, agency: str) -> None:
        """Take a partner out of what is sent, or in again; one stays."""
        if agency in self.left_out:
            self.left_out.discard(agency)
        elif len(self.left_out) + 1 < len(self.agencies):
            self.left_out.add(agency)
        self.changed.emit()

    def send(self, text: str) -> None:
        """Send what is chosen, with the person's own words; as soon as it is there."""
        if not self.is_open or self.sending:
            return
        if not self.is_complete():
            self.send_soon, self._text = True, text
            self.changed.emit()
            return
        self.send_soon, self.sending, self.refused = False, True, None
        self._text = text.strip()
        self._edits = [one.id for one in self.chosen() if self._text != self._text_of(one.id)]
        self.changed.emit()
        self._next_edit(None)

    def throw_away(self, reason: str) -> None:
        """Give the drafts up."""
        for one in self.threads():
            self._asking.ask(GiveUpHandoff(thread_id=one.id, reason=reason), "ladder.act.throw_away")
        self._close()

    def leave(self) -> None:
        """Close; the drafts stay. What was to be sent as soon as it is there is not."""
        if self.is_open:
            self._close()

    def _open(self, incident_id: str, agencies: tuple[str, ...]) -> None:
        self.incident_id, self.agencies, self.follows = incident_id, agencies, ""
        self.left_out = set()
        self.send_soon = self.sending = False
        self.refused = None
        self._text = ""
        self._edits = []

    def _close(self) -> None:
        self._open("", ())
        self._pages.show(WHO, frozenset())
        self.changed.emit()
        self.closed.emit()  # the view is hidden by now: the keyboard may go back

    def _drafted(self, refused: Words | None) -> None:
        self.refused = refused
        if refused is not None:
            self.send_soon = False
        self._look()

    @Slot(str)
    def _came(self, thread_id: str) -> None:
        if any(one.id == thread_id for one in self.threads()):
            self.changed.emit()

    @Slot()
    def _look(self) -> None:
        """The board changed: drafts came, or were sent, given up or let expire by somebody."""
        if not self.is_open:
            return
        threads = self.threads()
        self._pages.show(WHO, frozenset(one.id for one in threads))
        if self.send_soon and self.is_complete():
            self.send(self._text)
        self.changed.emit()

    def _text_of(self, thread_id: str) -> str:
        page = self._pages.page(thread_id)
        return page.draft.text.strip() if page is not None and page.draft is not None else ""

    def _next_edit(self, refused: Words | None) -> None:
        if refused is not None:
            self._failed(refused)
        elif self._edits:
            thread_id = self._edits.pop(0)
            command = EditDraft(thread_id=thread_id, text=self._text)
            self._asking.ask(command, "ladder.act.words", self._next_edit)
        elif self.is_open:
            wanted = tuple(one.id for one in self.chosen())
            for one in self.threads():
                if one.agency in self.left_out:
                    gone = GiveUpHandoff(thread_id=one.id, reason=self.why_left_out)
                    self._asking.ask(gone, "ladder.act.throw_away")
            self._asking.ask(SendDraft(thread_ids=wanted), "ladder.act.send", self._sent)

    def _sent(self, refused: Words | None) -> None:
        if refused is not None:
            self._failed(refused)
        else:
            self._close()

    def _failed(self, refused: Words) -> None:
        self.sending, self.refused = False, refused
        self.changed.emit()
