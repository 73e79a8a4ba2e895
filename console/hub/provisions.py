"""Pictures of hand-offs on the record before they leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from console.handoff.thread.figures import PictureFigures, ladder
from console.ledger import LedgerUnavailable
from console.model.fact import EvidenceAsked
from console.rules.provisions import decide_evidence, may_have

if TYPE_CHECKING:
    from console.hub.hub import Hub

_COUNTED_MOST = 10_000


class HubProvisions:
    """The hub's loop, but `may_have`, which is any thread's."""

    def __init__(self, hub: Hub, figures: PictureFigures | None = None) -> None:
        self._hub, self._figures = hub, figures or ladder().pictures
        #: Fetches of a piece shortly after its entry: they go into its next one.
        self._again: Counter[tuple[str, str, str]] = Counter()

    def may_have(self, agency: str) -> bool:
        return may_have(self._hub.profile, agency)

    def take(self, asked: EvidenceAsked, done: Callable[[bool], None]) -> None:
        """`done(True)` once the provision is on disk, or was shortly before; False where it may not leave."""
        sequencer = self._hub.sequencer
        piece = (asked.thread_id, asked.name, asked.sha256)
        again = self._again[piece]
        decision = decide_evidence(sequencer.state, self._hub.profile, asked, self._figures, again)
        if decision is None:
            done(False)
            return

        def settled(seq: int, problem: LedgerUnavailable | None) -> None:
            if problem is None:
                self._count(piece, -again if decision.drafts else 1)
            done(problem is None)

        sequencer.propose(decision, settled)

    def _count(self, piece: tuple[str, str, str], more: int) -> None:
        self._again[piece] += more
        if self._again[piece] <= 0:
            del self._again[piece]
        if len(self._again) > _COUNTED_MOST:
            self._again.clear()
