"""Which stretches of which cameras' footage are on the record, so that a person may see them. Qt-free."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, NamedTuple

PermitState = Literal["allowed", "waiting", "denied"]


class Stretch(NamedTuple):
    """Wall time of footage, ns, both ends included."""

    from_ns: int
    to_ns: int

    def holds(self, other: Stretch) -> bool:
        return self.from_ns <= other.from_ns and other.to_ns <= self.to_ns


class Look(NamedTuple):
    """One look at the footage as it is asked for."""

    camera_ids: tuple[str, ...]
    stretch: Stretch


@dataclass(frozen=True)
class _Wish:
    camera_ids: tuple[str, ...]
    need: Stretch
    ask: Stretch


@dataclass(frozen=True)
class _Denial:
    stretch: Stretch
    why: str


class RangePermits:
    """Knows what was accepted, keeps one request in flight, and forgets all wishes but the newest.

    The owner says `want` as often as it likes, sends what `due` gives, says `sent`, and hands over each
    answer. Nothing is asked twice: neither what is on the record already nor what was just refused (until
    `forget_denials`). One thread.
    """

    def __init__(self) -> None:
        self._accepted: dict[str, list[Stretch]] = {}
        self._denied: dict[str, _Denial] = {}
        self._wish: _Wish | None = None
        self._asked_id = ""
        self._asked: Look | None = None

    @property
    def in_flight(self) -> bool:
        """Whether an answer is waited for."""
        return self._asked is not None

    def covers(self, camera_id: str, stretch: Stretch) -> bool:
        """Whether all of a stretch is on the record."""
        known = self._accepted.get(camera_id, [])
        at = bisect_right(known, (stretch.from_ns, 1 << 63)) - 1
        return at >= 0 and known[at].holds(stretch)

    def stretch_around(self, camera_id: str, at_ns: int) -> Stretch | None:
        """The accepted stretch a moment lies in."""
        known = self._accepted.get(camera_id, [])
        at = bisect_right(known, (at_ns, 1 << 63)) - 1
        return known[at] if at >= 0 and at_ns <= known[at].to_ns else None

    def state(self, camera_id: str, need: Stretch) -> tuple[PermitState, str]:
        """Whether a stretch may be seen; with the hub's words where it may not."""
        if self.covers(camera_id, need):
            return "allowed", ""
        denial = self._denied.get(camera_id)
        if denial is not None and denial.stretch.holds(need):
            return "denied", denial.why
        return "waiting", ""

    def want(self, camera_ids: tuple[str, ...], need: Stretch, ask: Stretch) -> None:
        """`need` is to be seen; where it is not on the record, `ask` (which holds it) is asked for."""
        if not ask.holds(need) or need.from_ns > need.to_ns:
            raise ValueError("what is asked for holds what is needed")
        self._wish = _Wish(camera_ids, need, ask)

    def forget_wish(self) -> None:
        """Nothing is wanted any more; an answer on its way still counts."""
        self._wish = None

    def forget_denials(self) -> None:
        """Ask again for what was refused, when it is wanted again."""
        self._denied.clear()

    def due(self) -> Look | None:
        """What to ask now; None while an answer is waited for or there is nothing to ask."""
        wish = self._wish
        if wish is None or self._asked is not None:
            return None
        missing = tuple(one for one in wish.camera_ids if self.state(one, wish.need)[0] == "waiting")
        return Look(missing, wish.ask) if missing else None

    def sent(self, request_id: str, look: Look) -> None:
        """This look was asked under this id."""
        self._asked_id, self._asked = request_id, look

    def answered(self, request_id: str, accepted: bool, why: str = "") -> bool:
        """The hub's answer. False when it answers nothing that is waited for."""
        look = self._asked
        if look is None or request_id != self._asked_id:
            return False
        self._asked_id, self._asked = "", None
        for camera_id in look.camera_ids:
            if accepted:
                self._accepted[camera_id] = _joined(self._accepted.get(camera_id, []), look.stretch)
                self._denied.pop(camera_id, None)
            else:
                self._denied[camera_id] = _Denial(look.stretch, why)
        return True


def _joined(known: list[Stretch], new: Stretch) -> list[Stretch]:
    """Sorted stretches that do not touch each other."""
    found: list[Stretch] = []
    for each in sorted([*known, new]):
        if found and each.from_ns <= found[-1].to_ns + 1:
            found[-1] = Stretch(found[-1].from_ns, max(found[-1].to_ns, each.to_ns))
        else:
            found.append(each)
    return found
