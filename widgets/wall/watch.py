"""Decides when a pane's state is worth telling the city: a picture found frozen, lost, or good again."""

from __future__ import annotations

from console.model.device import Condition
from console.video.condition import PaneState

#: How long a state must hold before it is told. A frozen picture has been frozen for 5 s when it is found.
TOLD_AFTER_NS: dict[Condition, int] = {
    "degraded": 0,
    "down": 5_000_000_000,
    "up": 3_000_000_000,
}
#: States that say something about the camera. "delayed" is about this machine, "connecting" about nothing
#: yet.
MEANING: dict[str, Condition] = {
    "live": "up",
    "frozen": "degraded",
    "covered": "degraded",
    "stalled": "down",
    "no_signal": "down",
    "refused": "down",
}
#: Reasons that lie with this console and not with the camera.
OURS = frozenset({"decoder_restarted", "decoder_crashes", "not_allowed", "this_machine"})


class CameraWatch:
    """One camera's condition as this desk's decoder sees it. Time is monotonic, ns. One thread.

    What was `up` from the start is not told: only what changes, and what the city believes wrongly.
    """

    def __init__(self) -> None:
        self._told: Condition = "up"
        self._seen: Condition | None = None
        self._since_ns = 0

    def see(self, state: PaneState, now_ns: int, believed: Condition = "up") -> Condition | None:
        """The condition to tell now, or None. `believed` is what the city's record says of the camera."""
        means = None if state.reason in OURS else MEANING.get(state.state)
        if means != self._seen:
            self._seen, self._since_ns = means, now_ns
        if means is None or now_ns - self._since_ns < TOLD_AFTER_NS[means]:
            return None
        # A desk that starts with a good picture of a camera that is on record as frozen says so.
        mistaken = means == "up" and believed == "degraded"
        if means == self._told and not mistaken:
            return None
        if mistaken and means == self._told and now_ns - self._since_ns < 2 * TOLD_AFTER_NS["up"]:
            return None
        self._told = means
        if mistaken:
            self._since_ns = now_ns  # told; the record needs a moment
        return means
