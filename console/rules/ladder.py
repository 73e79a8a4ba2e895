"""Orders about the threads of hand-offs, decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.model import commands as do
from console.model.state import CityState
from console.rules.city import Phrase
from console.rules.draft import Decision, Drafting, Refusal

LADDER_ORDERS: tuple[type[do.Command], ...] = (
    do.DraftHandoff, do.EditDraft, do.SendDraft, do.UpdateHandoff, do.CancelHandoff, do.TransferHandoff,
    do.RerouteHandoff, do.RecordCall, do.SeeFlags, do.GiveUpHandoff,
)  # fmt: skip


class LadderRules:
    """Decides the commands about threads."""

    def __init__(self, phrase: Phrase) -> None:
        self._phrase = phrase
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = dict.fromkeys(
            LADDER_ORDERS, self._unknown
        )

    def _unknown(
        self, state: CityState, request: do.Request, command: Any, draft: Drafting, now: int
    ) -> Decision | Refusal:
        thread = getattr(command, "thread_id", "")
        return Refusal("ladder_unknown", self._phrase("refused.ladder_unknown", thread=thread))
