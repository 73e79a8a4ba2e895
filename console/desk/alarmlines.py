"""The alarms of one view as lines: what belongs together in a flood is one line. Qt-free, one thread.

How alarms are grouped is the rules' (`console.rules.alarm.flood`). Groups do not depend on each other, so
only those that an alarm came to or left are made anew: a flood costs what changed, not what stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from console.model.alarm import HOLD_OUT_OF_SERVICE, HOLD_SHELVED, HOLD_SUPPRESSED, Alarm
from console.profile import Profile
from console.rules.alarm.figures import Flood
from console.rules.alarm.flood import Line, Standing, lines

View = Literal["active", "shelved", "suppressed", "out_of_service", "latched"]
VIEWS: tuple[View, ...] = get_args(View)
_HOLD: dict[View, int] = {
    "shelved": HOLD_SHELVED, "suppressed": HOLD_SUPPRESSED, "out_of_service": HOLD_OUT_OF_SERVICE,
}  # fmt: skip

Lines = dict[str, Line | None]
"""By the line's key: what it is now, None where it is gone."""


def is_in(alarm: Alarm, view: View) -> bool:
    """Whether a view shows the alarm. One that is hidden for two reasons is in both their views: who ends one
    of them must not think that it comes back."""
    if view == "active":
        return alarm.shown
    if view == "latched":
        return alarm.state in "EF"
    return bool(alarm.holds & _HOLD[view])


def standing_of(alarm: Alarm, profile: Profile) -> Standing:
    """What the rules know of an alarm. The place is the line that it hangs on, else the district; the kind is
    what fails and how, the same for every device of a kind."""
    columns = profile.columns
    device = columns.row_of.get(alarm.device_id) if alarm.device_id else None
    on_line = bool(alarm.group) and alarm.group != alarm.device_id
    place = alarm.group if on_line else alarm.place.district
    _, _, condition = alarm.id.partition("/")
    kind = f"{columns.kinds[columns.kind[device]]}/{condition}" if device is not None else condition
    return Standing(alarm.id, alarm.priority, alarm.raised_at_ns, place, kind, seen=alarm.state in "CF")


def key_of(line: Line) -> str:
    """The line's name: the alarm's id, or "+" and the one of a group that came first, which stays the same
    while more come."""
    return f"+{line.first_out}" if line.more else line.head.alarm_id


@dataclass(slots=True)
class _Group:
    members: dict[str, Standing]
    lines: dict[str, Line]


class AlarmLines:
    """The lines of one view. `lines` are as after the last `take`."""

    def __init__(self, profile: Profile, figures: Flood) -> None:
        self._profile, self._figures = profile, figures
        self._groups: dict[tuple[str, str], _Group] = {}
        self._place: dict[str, tuple[str, str]] = {}
        self._grouping = [0, 0]
        self.flooded = False

    def __len__(self) -> int:
        """How many alarms there are."""
        return len(self._place)

    def all(self) -> Lines:
        """Every line."""
        return {key: line for group in self._groups.values() for key, line in group.lines.items()}

    def grouping(self) -> tuple[int, int]:
        """(lines that hold several alarms, alarms in them)."""
        return self._grouping[0], self._grouping[1]

    def _count(self, lines: Iterable[Line], by: int) -> None:
        for one in lines:
            if one.more:
                self._grouping[0] += by
                self._grouping[1] += by * len(one.alarm_ids)

    def begin(self, alarms: Iterable[Alarm], flooded: bool) -> Lines:
        """Start anew with these alarms; returns every line."""
        self._groups.clear()
        self._place.clear()
        self._grouping = [0, 0]
        self.flooded = flooded
        return self.take({one.id: one for one in alarms})

    def take(self, changed: Mapping[str, Alarm | None]) -> Lines:
        """Alarms came, changed or went (None). Returns the lines that are other than before."""
        touched: set[tuple[str, str]] = set()
        for alarm_id, alarm in changed.items():
            before = self._place.pop(alarm_id, None)
            if before is not None:
                del self._groups[before].members[alarm_id]
                touched.add(before)
            if alarm is not None:
                standing = standing_of(alarm, self._profile)
                name = (standing.place, standing.kind) if self.flooded else ("", alarm_id)
                self._groups.setdefault(name, _Group({}, {})).members[alarm_id] = standing
                self._place[alarm_id] = name
                touched.add(name)
        found: Lines = {}
        gone: list[str] = []
        for name in touched:
            group = self._groups[name]
            made = {key_of(one): one for one in lines(group.members.values(), self.flooded, self._figures)}
            gone += [key for key in group.lines if key not in made]
            found |= {key: one for key, one in made.items() if group.lines.get(key) != one}
            # An alarm that changed is told also where its line reads the same: its value may not.
            found |= {key: one for key, one in made.items() if not changed.keys().isdisjoint(one.alarm_ids)}
            self._count(group.lines.values(), -1)
            self._count(made.values(), 1)
            group.lines = made
            if not group.members:
                del self._groups[name]
        return {key: None for key in gone if key not in found} | found


def counts(alarms: Iterable[Alarm]) -> dict[View, int]:
    """How many alarms each view shows."""
    found: dict[View, int] = dict.fromkeys(VIEWS, 0)
    for alarm in alarms:
        for view in VIEWS:
            found[view] += is_in(alarm, view)
    return found


def has_words(alarm: Alarm, words: tuple[str, ...], extra: Callable[[Alarm], str]) -> bool:
    """Whether every word (folded) is in what an alarm says, in either language, or in `extra`."""
    if not words:
        return True
    place, text = alarm.place, alarm.text
    said = " ".join((alarm.id, text.en, text.ko, place.name.en, place.name.ko, place.district, extra(alarm)))
    folded = said.casefold()
    return all(word in folded for word in words)
