"""What a demo run did, from what its processes say themselves."""

from __future__ import annotations

from collections import Counter

import msgspec

from console.model.base import Record
from console.model.state import CityState


class Summary(Record, frozen=True, kw_only=True):
    """Figures of one run; `problems` names what was not as it should be."""

    city: str
    seconds: float
    panes: int
    panes_moving: int
    cameras_recorded: int
    cameras_to_record: int
    decisions: int
    readings: int
    incidents: int
    incidents_by_type: dict[str, int]
    handoffs_sent: int
    handoffs_received: int
    handoffs_accepted: int
    drops: dict[str, int]
    refused: dict[str, int]
    lost_batches: int
    restarts: int
    ui_gap_p99_ms: float
    ui_gap_max_ms: float
    window_s: float
    first_picture_s: float
    all_panes_s: float
    memory_pss_mb: float
    reports_sent: int = 0
    reports_answered: int = 0
    """Reports whose citizen has read an answer by HTTP."""
    problems: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether everything that should have worked did."""
        return not self.problems

    def text(self) -> str:
        """One JSON object on one line."""
        return msgspec.json.encode(self).decode()


def stages(state: CityState) -> Counter[str]:
    """How many hand-offs ever reached each rung."""
    reached: Counter[str] = Counter()
    for handoff in state.handoffs.values():
        for stage in {step.stage for step in handoff.steps}:
            reached[stage] += 1
    return reached
