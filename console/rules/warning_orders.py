"""What a person may do about an official warning: say that it was read."""

from __future__ import annotations

from collections.abc import Callable

from console.model import commands as do
from console.model import events as ev
from console.model.state import CityState
from console.rules.city import Phrase
from console.rules.draft import NOTHING, Decision, Drafting, Refusal


class WarningOrders:
    """Decides the commands about official warnings."""

    def __init__(self, phrase: Phrase) -> None:
        self._phrase = phrase
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.AcknowledgeWarning: self._acknowledge,
        }

    def _acknowledge(
        self, state: CityState, request: do.Request, command: do.AcknowledgeWarning, draft: Drafting, now: int
    ) -> Decision | Refusal:
        standing = state.warnings.get(command.warning_id)
        if standing is None:
            return Refusal("unknown_warning", self._phrase("refused.unknown_warning"))
        if any(one.person == request.person for one in standing.acknowledged):
            return NOTHING
        draft.add(ev.WarningAcknowledged(warning_id=standing.id, desk=request.desk, person=request.person))
        return Decision(tuple(draft.drafts))
