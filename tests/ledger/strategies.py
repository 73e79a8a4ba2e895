"""Random valid entries: every kind of event, every field over its whole range."""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from console.model import events as ev

TEXT = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ["효원공원 동쪽 산책로", "의식 없음, 119 요청", "Underpass", "KR-119", "ÅÄÖ ß", "\x00\n\t", "';--"]
)
NS = st.integers(min_value=-(2**62), max_value=2**62)


@cache
def of_type(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    if kind is str:
        return TEXT
    if kind is bool:
        return st.booleans()
    if kind is int:
        return NS
    if kind is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[-1] is not ...:
        return st.tuples(*(of_type(one) for one in arguments))
    if origin is tuple:
        return st.lists(of_type(arguments[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(of_type(arguments[0]), of_type(arguments[1]), max_size=2)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([st.none() if one is type(None) else of_type(one) for one in arguments])
    assert issubclass(kind, msgspec.Struct), kind
    fields = {one.encode_name: of_type(one.type) for one in _fields(kind)}
    return st.builds(kind, **fields)


def _fields(kind: type[msgspec.Struct]) -> list[Any]:
    hints = typing.get_type_hints(kind)
    return [
        types.SimpleNamespace(encode_name=name, type=hints[name]) for name in kind.__struct_fields__
    ]


EVENTS = st.one_of([of_type(kind) for kind in ev.EVENT_KINDS.values()]).filter(
    lambda event: not isinstance(event, ev.HandoffQueued)
) | of_type(ev.HandoffQueued)

IDS = st.sampled_from(["I-1", "I-2", "I-3"])
_NAMED = {
    "incident_id": IDS, "handoff_id": st.sampled_from(["H-1", "H-2", "H-3"]),
    "alarm_id": st.sampled_from(["", "A-1", "A-2"]), "signal_uid": st.sampled_from(["", "S-1", "S-2"]),
    "device_id": st.sampled_from(["D-1", "D-2"]), "agency": st.sampled_from(["KR-112", "KR-119"]),
    "kept_id": IDS, "other_id": IDS, "new_id": st.sampled_from(["I-3", "I-4", "I-5"]),
    "person": st.sampled_from(["김민준", "Lee Seoyeon", ""]),
}  # fmt: skip


@st.composite
def related_events(draw: st.DrawFn) -> ev.Event:
    """Events whose ids come from a few, so that they hang together like a city's."""
    event = draw(EVENTS)
    names = {name: draw(values) for name, values in _NAMED.items() if hasattr(event, name)}
    if hasattr(event, "device_ids"):
        names["device_ids"] = draw(st.lists(st.sampled_from(["D-1", "D-2"]), max_size=2).map(tuple))
    if isinstance(event, ev.SignalReceived):
        uid = draw(st.sampled_from(["S-1", "S-2"]))
        return msgspec.structs.replace(event, signal=msgspec.structs.replace(event.signal, uid=uid))
    return msgspec.structs.replace(event, **names)


@st.composite
def causes(draw: st.DrawFn) -> ev.Cause:
    actor = draw(st.sampled_from(["hub", "person:김민준", "rule:triage", "agency:KR-119"]) | TEXT)
    return ev.Cause(actor=actor, parent=draw(st.integers(0, 5)), command_id=draw(TEXT), desk=draw(TEXT))


@st.composite
def logs(
    draw: st.DrawFn, events: st.SearchStrategy[ev.Event] = EVENTS, first_seq: int = 1, min_size: int = 0,
    max_size: int = 12,
) -> list[ev.Entry]:  # fmt: skip
    """Entries numbered from `first_seq`, with any times at all and a run that may change."""
    happened = draw(st.lists(events, min_size=min_size, max_size=max_size))
    run = draw(TEXT)
    found = []
    for seq, event in enumerate(happened, start=first_seq):
        if draw(st.integers(0, 5)) == 0:
            run = draw(TEXT)
        found.append(ev.Entry(run=run, seq=seq, at_ns=draw(NS), cause=draw(causes()), event=event))
    return found
