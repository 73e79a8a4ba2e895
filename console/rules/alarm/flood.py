"""The list of alarms as a person can take it in: what belongs together in a flood becomes one line.

Nothing is dropped. The most urgent priorities are never behind another line, a line is as urgent as the most
urgent alarm in it, and what stands first of a line is one of those; "n more" are behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.clock import SECOND_NS
from console.rules.alarm.figures import Flood


@dataclass(frozen=True, slots=True)
class Standing:
    """An alarm in the list. `place` and `kind` say what belongs together: a site or circuit, a sort of fault.

    `seen`: acknowledged. `priority` 1 is the most urgent.
    """

    alarm_id: str
    priority: int
    raised_at_ns: int
    place: str
    kind: str
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: `head`, and what is behind it, most urgent first. `first_out` is the alarm of the
    line that came first, whatever its priority: usually the cause."""

    head: Standing
    more: tuple[Standing, ...]
    first_out: str

    @property
    def alarm_ids(self) -> tuple[str, ...]:
        return (self.head.alarm_id, *(one.alarm_id for one in self.more))


def lines(standing: Iterable[Standing], flooded: bool, figures: Flood) -> list[Line]:
    """All alarms as lines: unseen before seen within a priority, the newest first.

    Without a flood each alarm is a line of its own.
    """
    if not flooded:
        return [_line([one]) for one in sorted(standing, key=_rank)]
    alone: list[list[Standing]] = []
    alike: dict[tuple[str, str], list[Standing]] = {}
    for one in standing:
        if one.priority in figures.alone or not one.place:
            alone.append([one])
        else:
            alike.setdefault((one.place, one.kind), []).append(one)
    for members in alike.values():
        for together in _cut(members, int(figures.gap_s * SECOND_NS)):
            alone += [together] if len(together) >= figures.least else [[one] for one in together]
    return sorted((_line(one) for one in alone), key=lambda line: _rank(line.head))


def _cut(members: list[Standing], gap_ns: int) -> list[list[Standing]]:
    """Members of one place and kind, apart where a pause was longer than the gap."""
    members = sorted(members, key=lambda one: (one.raised_at_ns, one.alarm_id))
    parts = [[members[0]]]
    for one in members[1:]:
        if one.raised_at_ns - parts[-1][-1].raised_at_ns > gap_ns:
            parts.append([])
        parts[-1].append(one)
    return parts


def _line(members: Sequence[Standing]) -> Line:
    head, *more = sorted(members, key=_rank)
    first = min(members, key=lambda one: (one.raised_at_ns, one.priority, one.alarm_id))
    return Line(head, tuple(more), first.alarm_id)


def _rank(one: Standing) -> tuple[int, bool, int, str]:
    return (one.priority, one.seen, -one.raised_at_ns, one.alarm_id)


class FirstOut:
    """Which alarm of a group came first, from when one stands until none does (ISA-18.1's "first out").

    One thread. What comes in the same moment is told apart by priority, then by id.
    """

    def __init__(self) -> None:
        self._standing: dict[str, dict[str, tuple[int, int, str]]] = {}
        self._first: dict[str, tuple[int, int, str]] = {}

    def shown(self, group: str, alarm_id: str, priority: int, at_ns: int) -> None:
        """An alarm of the group began. Late news of an earlier one takes the mark over."""
        key = (at_ns, priority, alarm_id)
        self._standing.setdefault(group, {}).setdefault(alarm_id, key)
        first = self._first.get(group)
        if first is None or key < first:
            self._first[group] = key

    def gone(self, group: str, alarm_id: str) -> None:
        """An alarm of the group is normal or hidden. The mark stays with who had it until none stands."""
        standing = self._standing.get(group, {})
        standing.pop(alarm_id, None)
        if not standing:
            self._standing.pop(group, None)
            self._first.pop(group, None)

    def of(self, group: str) -> str:
        """The alarm that came first; empty where none stands."""
        first = self._first.get(group)
        return first[2] if first else ""
