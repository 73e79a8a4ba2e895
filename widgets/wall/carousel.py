"""Cameras that take turns in the places without a camera of their own. Qt-free; time is monotonic, ns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

SECOND_NS = 1_000_000_000
#: The next camera is put on the record and decoded so long before it is shown.
AHEAD_NS = 3 * SECOND_NS
#: A next camera without a picture is waited for so long beyond its time; then its state is shown: a camera
#: that is gone must be seen to be gone.
PATIENCE_NS = 4 * SECOND_NS


@dataclass
class _Turn:
    camera: str
    due_ns: int
    next: str = ""
    held: bool = False


class Carousel:
    """Turns of some places. `start`, then `step` a few times a second; `now` is what each place shows."""

    def __init__(self) -> None:
        self._cameras: tuple[str, ...] = ()
        self._dwell_ns = 0
        self._turns: dict[int, _Turn] = {}
        self._at = 0
        self._now_ns = 0
        self.paused = False
        """The operator paused all of it."""

    def start(
        self, cameras: Sequence[str], dwell_s: float, places: Sequence[int], elsewhere: Sequence[str],
        now_ns: int,
    ) -> bool:  # fmt: skip
        """Go round with these. What is the same goes on undisturbed: a place that stays keeps its camera
        and its time. `elsewhere` has the cameras that are shown anyway. True when what is shown changed."""
        before, before_ahead = self.now, self.ahead
        if tuple(cameras) != self._cameras:
            self._turns, self._at = {}, 0
        self._cameras, self._dwell_ns = tuple(cameras), int(dwell_s * SECOND_NS)
        wanted = places if cameras and dwell_s > 0 else ()
        self._turns = {
            place: turn for place, turn in self._turns.items()
            if place in wanted and turn.camera not in elsewhere
        }  # fmt: skip
        for turn in self._turns.values():
            if turn.next in elsewhere:
                turn.next = ""
        for place in wanted:
            if place not in self._turns:
                camera = self._take(elsewhere)
                if camera:
                    self._turns[place] = _Turn(camera, now_ns + self._dwell_ns)
        return self.now != before or self.ahead != before_ahead

    @property
    def now(self) -> dict[int, str]:
        """The camera of each place."""
        return {place: turn.camera for place, turn in self._turns.items()}

    @property
    def ahead(self) -> dict[int, str]:
        """The cameras that come next, where it is nearly time."""
        return {place: turn.next for place, turn in self._turns.items() if turn.next}

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(self._turns)

    def said(self, place: int) -> tuple[int, int, bool] | None:
        """(which one, of how many, whether it waits): None for a place that does not take part."""
        turn = self._turns.get(place)
        if turn is None:
            return None
        return self._cameras.index(turn.camera) + 1, len(self._cameras), self.paused or turn.held

    def step(
        self, now_ns: int, elsewhere: Sequence[str], held: Callable[[int], bool],
        ready: Callable[[str], bool], answered: Callable[[str], bool],
    ) -> bool:  # fmt: skip
        """Go on. `held`: a hand is on this place, it waits. `ready`: this camera has a picture to show;
        `answered`: the record has the view, or refused it (before that nothing takes its place).
        True when what is shown, or comes next, or waits is another."""
        changed = False
        gone_ns, self._now_ns = (now_ns - self._now_ns if self._now_ns else 0), now_ns
        for place, turn in self._turns.items():
            waits = held(place)
            changed |= waits != turn.held
            turn.held = waits
            if waits or self.paused:
                turn.due_ns += gone_ns  # it goes on with the time it had left
                continue
            lead = min(AHEAD_NS, self._dwell_ns // 2)
            if not turn.next and now_ns >= turn.due_ns - lead:
                turn.next = self._take(elsewhere)
                changed |= bool(turn.next)
            late = now_ns >= turn.due_ns + PATIENCE_NS
            if turn.next and now_ns >= turn.due_ns and (ready(turn.next) or (late and answered(turn.next))):
                turn.camera, turn.next, turn.due_ns = turn.next, "", now_ns + self._dwell_ns
                changed = True
        return changed

    def _take(self, elsewhere: Sequence[str]) -> str:
        """The next camera that is nowhere yet; empty where all are."""
        busy = {*elsewhere, *self.now.values(), *self.ahead.values()}
        for offset in range(len(self._cameras)):
            camera = self._cameras[(self._at + offset) % len(self._cameras)]
            if camera not in busy:
                self._at = (self._at + offset + 1) % len(self._cameras)
                return camera
        return ""
