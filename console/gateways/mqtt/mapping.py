"""What the topics mean, checked against the city: tables to rules that a message is taken by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from console.gateways.mqtt.pointer import parse_pointer
from console.gateways.mqtt.tables import ReadingTable, TimeTable, TopicTable
from console.gateways.mqtt.topics import Pattern, as_expression, names_in, parse_pattern
from console.gateways.mqtt.units import Conversion, conversion, spoken
from console.profile.problems import Problems
from console.profile.profile import Profile

Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingRule:
    table: ReadingTable
    at: Steps
    unit_at: Steps | None
    quality_at: Steps | None
    to_point: Mapping[str, Conversion]
    """By the point's unit: from the device's raw number to the point's value."""


@dataclass(frozen=True, slots=True)
class TopicRule:
    """One `[[topics]]` table, its pointers parsed. `place` names it in messages."""

    table: TopicTable
    pattern: Pattern
    device_at: Steps | None
    each: Steps | None
    time_at: Steps | None
    zone: ZoneInfo | None
    readings: tuple[ReadingRule, ...]
    condition_at: tuple[Steps, ...]
    words: tuple[Mapping[str, str], ...]
    """For each `[[conditions]]`: the device's word to the condition."""
    signal_at: tuple[Steps, ...]
    id_at: tuple[Steps | None, ...]

    @property
    def qos(self) -> int:
        """How it is subscribed to; see TopicTable.qos."""
        if self.table.qos is not None:
            return self.table.qos
        return 0 if self.readings and self.table.time is None else 1


def build_mapping(
    tables: Iterable[tuple[str, str, TopicTable]], profile: Profile, problems: Problems
) -> tuple[TopicRule, ...]:
    """The rules of (file, table's name, table). What is wrong is noted in `problems`, nothing is raised."""
    rules: list[TopicRule] = []
    for file, name, table in tables:
        rule = _Reader(file, name, table, profile, problems).rule()
        if rule is None:
            continue
        for other in rules:
            if other.pattern.overlaps(rule.pattern):
                problems.say(
                    file, name, "topic", "a topic that no other table covers",
                    f"{rule.pattern.text!r}, which {other.pattern.text!r} covers",
                )
        rules.append(rule)
    return tuple(rules)


class _Reader:
    """Checks one table."""

    def __init__(
        self, file: str, name: str, table: TopicTable, profile: Profile, problems: Problems
    ) -> None:
        self._file, self._name, self._table = file, name, table
        self._profile, self._problems = profile, problems
        self._sound = True

    def rule(self) -> TopicRule | None:
        table = self._table
        pattern = parse_pattern(table.topic)
        if isinstance(pattern, str):
            self._say("topic", pattern, table.topic)
            return None
        kinds = self._kinds(pattern)
        time_at, zone = self._time(table.time)
        if not (table.readings or table.conditions or table.signals):
            self._say("", "readings, conditions or signals", "none of them")
        readings = [self._reading(f"readings[{row}]", one, kinds) for row, one in enumerate(table.readings)]
        words = [
            self._words(f"conditions[{row}]", one) for row, one in enumerate(table.conditions)
        ]
        for row, one in enumerate(table.signals):
            self._signal(f"signals[{row}]", one)
        rule = TopicRule(
            table=table, pattern=pattern, device_at=self._steps("device_at", table.device_at),
            each=self._steps("each", table.each), time_at=time_at, zone=zone, readings=tuple(readings),
            condition_at=tuple(
                self._steps(f"conditions[{row}].at", one.at) or () for row, one in enumerate(table.conditions)
            ),
            words=tuple(words),
            signal_at=tuple(
                self._steps(f"signals[{row}].at", one.at) or () for row, one in enumerate(table.signals)
            ),
            id_at=tuple(
                self._steps(f"signals[{row}].id_at", one.id_at) for row, one in enumerate(table.signals)
            ),
        )  # fmt: skip
        return rule if self._sound else None

    def _kinds(self, pattern: Pattern) -> set[str]:
        """The kinds of the devices the table can speak of."""
        table, devices = self._table, self._profile.devices
        for outside, inside in table.devices.items():
            if inside not in devices:
                self._say(f"devices.{outside}", "a device of the city", inside)
        if table.devices:
            return {devices[one].kind for one in table.devices.values() if one in devices}
        if (table.device == "") == (table.device_at is None):
            self._say("device", "either device or device_at", "both" if table.device else "neither")
            return set()
        if table.device_at is not None:
            return set(self._profile.kinds)
        names = names_in(table.device)
        if names is None or not names <= set(pattern.names):
            self._say("device", "a device's id with {name}s of the topic", table.device)
            return set()
        looks = as_expression(table.device)
        columns = self._profile.columns
        rows = [row for row, id_ in enumerate(columns.ids) if looks.fullmatch(id_)]
        found = {columns.kinds[int(kind)] for kind in np.unique(columns.kind[rows])} if rows else set()
        if not found:
            self._say("device", "what some device of the city is called", table.device)
        return found

    def _time(self, table: TimeTable | None) -> tuple[Steps | None, ZoneInfo | None]:
        if table is None:
            return None, None
        zone = None
        if table.zone:
            try:
                zone = ZoneInfo(table.zone)
            except (OSError, ValueError):
                self._say("time.zone", "an IANA time zone, as Asia/Seoul", table.zone)
        if (table.format == "text") != bool(table.pattern):
            self._say("time.pattern", "strptime's signs with format text, and only there", table.pattern)
        if table.format == "text" and not table.zone and "%z" not in table.pattern:
            self._say("time.zone", "an IANA time zone, or %z in the pattern", "nothing")
        return self._steps("time.at", table.at), zone

    def _reading(self, name: str, table: ReadingTable, kinds: set[str]) -> ReadingRule:
        units = self._units(table.quantity, kinds)
        to_point: dict[str, Conversion] = {}
        known = {
            quantity for kind in kinds for quantity in self._profile.kinds[kind].quantities
        }
        if kinds and table.quantity not in known:
            self._say(f"{name}.quantity", f"one of {', '.join(sorted(known)[:12]) or '-'}", table.quantity)
        for unit in units:
            found = conversion(table.unit, unit)
            if found is not None:
                to_point[unit] = found.after(table.factor, table.shift)
        if units and not to_point:
            wanted = sorted({one for unit in units for one in spoken(unit)})
            self._say(f"{name}.unit", f"one of {', '.join(wanted)}", table.unit)
        if table.factor == 0.0:
            self._say(f"{name}.factor", "a number other than 0", "0")
        return ReadingRule(
            table=table, at=self._steps(f"{name}.at", table.at) or (),
            unit_at=self._steps(f"{name}.unit_at", table.unit_at),
            quality_at=self._steps(f"{name}.quality_at", table.quality_at), to_point=to_point,
        )  # fmt: skip

    def _units(self, quantity: str, kinds: set[str]) -> set[str]:
        """The units the points of these kinds have: a kind's devices are alike, so one of each is asked."""
        units = set()
        columns = self._profile.columns
        for kind in kinds:
            rows = columns.of_kind(kind) if kind in columns.kinds else columns.kind[:0]
            if rows.size:
                point = self._profile.point_by_id.get(f"{columns.ids[rows[0]]}/{quantity}")
                units |= {point.unit} if point is not None else set()
        return units

    def _words(self, name: str, table: Any) -> dict[str, str]:
        words: dict[str, str] = {}
        for condition in ("up", "degraded", "down", "out_of_service"):
            for word in getattr(table, condition):
                if word in words:
                    self._say(f"{name}.{condition}", "each word once", word)
                words[word] = condition
        if not words:
            self._say(name, "words for up, degraded, down or out_of_service", "none")
        return words

    def _signal(self, name: str, table: Any) -> None:
        if table.type not in self._profile.type_of_signal:
            known = ", ".join(sorted(self._profile.type_of_signal)[:12])
            self._say(f"{name}.type", f"a signal the city knows ({known} ..)", table.type)
        if not table.equals:
            self._say(f"{name}.equals", "at least one word", "none")

    def _steps(self, key: str, pointer: str | None) -> Steps | None:
        if pointer is None:
            return None
        steps = parse_pointer(pointer)
        if steps is None:
            self._say(key, "a JSON pointer, as /data/level, or nothing for the whole message", pointer)
            return ()
        if steps and self._table.payload == "text":
            self._say(key, "nothing: a text has no parts", pointer)
        return steps

    def _say(self, key: str, expected: str, found: str) -> None:
        self._sound = False
        self._problems.say(self._file, self._name, key, expected, repr(found) if found else "nothing")
