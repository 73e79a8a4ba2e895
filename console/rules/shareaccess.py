"""Lines of the access record of the process that serves shares, taken onto ours."""

from __future__ import annotations

from console.model import events as ev
from console.model.fact import ShareSeen
from console.model.share import ShareRefused, ViewBegan, ViewEnded
from console.model.state import CityState
from console.rules.draft import NOTHING, Decision, Draft

LONGEST = 500


def decide_access(state: CityState, source: str, fact: ShareSeen) -> Decision | str:
    """One line, once. Returns the problem in words for a line that no server of shares writes."""
    line = fact.line
    access = line.access
    if fact.uid != access.uid:
        return f"uid: expected {access.uid[:40]!r}, as the line has it"
    if line.seq < 1 or any(len(text) > LONGEST for text in _texts(access)):
        return f"line {line.seq}: not a line of the access record"
    if isinstance(access, ViewBegan) and access.uid in state.viewing:
        return NOTHING
    cause = ev.Cause(actor=f"gateway:{source}")
    return Decision((Draft(ev.ShareAccessed(line=line), cause),))


def _texts(access: ViewBegan | ViewEnded | ShareRefused) -> tuple[str, ...]:
    return tuple(
        value for name in access.__struct_fields__ if isinstance(value := getattr(access, name), str)
    )
