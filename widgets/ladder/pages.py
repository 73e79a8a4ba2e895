"""Contents of drafts as the hub has them, asked for while somebody looks at them, and forgotten after."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.port import DeskPort
from console.handoff.draft import PacketError, draft_of, steps_of
from console.handoff.kinds import PartnerKind
from console.model.base import Words
from console.model.handoffdraft import Draft
from console.model.query import AskDraft, DraftPage
from widgets.kit.pulse import Pulse

log = logging.getLogger("bongsu.ladder")

AGAIN_NS = 2 * SECOND_NS
"""Ours: a page that did not come, or whose pictures are being made, is asked for anew so often."""


class DraftPages(QObject):
    """Keeps the pages of the threads that are shown, callers' numbers and all, and no others. UI thread.

    Signals:
        came(str): there is another page, or a problem, for this thread.
    """

    came = Signal(str)

    def __init__(
        self, board: Board, port: DeskPort, pulse: Pulse, kinds: Mapping[str, PartnerKind],
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._kinds = board, port, kinds
        self._shown: dict[str, frozenset[str]] = {}
        self._asked: dict[str, str] = {}
        self._asked_ns: dict[str, int] = {}
        self._evidence_ns: dict[str, int] = {}
        """When pictures were ready, as known when the page was asked for: others are asked for anew."""
        self._pages: dict[str, DraftPage] = {}
        self._problems: dict[str, Words] = {}
        pulse.looked_up.connect(self._looked_up)
        pulse.second_passed.connect(self._each_second)

    def show(self, who: str, thread_ids: frozenset[str]) -> None:
        """`who` (the draft, the card) looks at these threads now, and at no others."""
        self._shown[who] = thread_ids
        wanted = self._wanted()
        for gone in [one for one in self._pages if one not in wanted]:
            del self._pages[gone]
        for thread_id in wanted:
            if thread_id not in self._pages:
                self._ask(thread_id)

    def page(self, thread_id: str) -> DraftPage | None:
        """What the hub said last of a thread that is shown."""
        return self._pages.get(thread_id)

    def problem(self, thread_id: str) -> Words | None:
        """Why there is no page."""
        return self._problems.get(thread_id)

    def draft(self, thread_id: str, incident_id: str, agency: str) -> Draft | None:
        """The hub's, or what this desk can say by itself: without callers' numbers and pictures."""
        page = self._pages.get(thread_id)
        return page.draft if page is not None and page.draft is not None else self.own(incident_id, agency)

    def own(self, incident_id: str, agency: str) -> Draft | None:
        """A draft of what the desk knows; None where the incident, its type or the agency is not known."""
        board = self._board
        incident = board.state.incidents.get(incident_id)
        kind = self._kinds.get(agency)
        if incident is None or kind is None:
            return None
        try:
            return draft_of(
                incident, agency, board.profile, kind, board.person, "", board.clock.now_ns(),
                steps=steps_of(board.state.procedures.get(incident.id)),
            )  # fmt: skip
        except PacketError as problem:
            log.info("No draft of %s for %s at this desk: %s", incident_id, agency, problem)
            return None

    def _wanted(self) -> frozenset[str]:
        return frozenset().union(*self._shown.values()) if self._shown else frozenset()

    def _ask(self, thread_id: str) -> None:
        if thread_id not in self._asked.values():
            self._asked[self._port.ask(AskDraft(thread_id=thread_id))] = thread_id
            self._asked_ns[thread_id] = self._board.clock.mono_ns()
            self._evidence_ns[thread_id] = self._ready_ns(thread_id)

    def _ready_ns(self, thread_id: str) -> int:
        thread = self._board.state.threads.get(thread_id)
        return thread.evidence_ns if thread is not None else 0

    @Slot(object)
    def _looked_up(self, query_ids: tuple[str, ...]) -> None:
        for query_id in query_ids:
            thread_id = self._asked.pop(query_id, "")
            if not thread_id:
                continue
            answer = self._board.take_page(query_id)
            if answer is None or thread_id not in self._wanted():
                continue
            if isinstance(answer.page, DraftPage):
                self._pages[thread_id] = answer.page
                self._problems.pop(thread_id, None)
                if answer.page.problem is not None:
                    self._problems[thread_id] = answer.page.problem
            elif answer.problem is not None:
                self._problems[thread_id] = answer.problem
            self.came.emit(thread_id)

    @Slot()
    def _each_second(self) -> None:
        now_ns = self._board.clock.mono_ns()
        for query_id, thread_id in tuple(self._asked.items()):
            if now_ns - self._asked_ns.get(thread_id, 0) >= AGAIN_NS:
                del self._asked[query_id]  # the answer was lost on the way
        for thread_id in self._wanted():
            page = self._pages.get(thread_id)
            done = page is not None and page.pictures != "building"
            done = done and self._ready_ns(thread_id) == self._evidence_ns.get(thread_id)
            if not done and now_ns - self._asked_ns.get(thread_id, 0) >= AGAIN_NS:
                self._ask(thread_id)
