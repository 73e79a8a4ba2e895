"""Orders to devices over MQTT: a message to the device's topic, and what it says on another.

A broker that is away is told at once: nothing is kept for later, because an order grows old.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from console.clock import SECOND_NS, Clock
from console.gateways.mqtt.pointer import ABSENT, look_up, parse_pointer
from console.gateways.mqtt.tables import CommandTable
from console.gateways.mqtt.topics import Pattern, as_expression, filled, names_in, parse_pattern
from console.gateways.orders import answer
from console.language import Catalogue
from console.model.base import Words, same_words
from console.model.control import DeviceOrder, Outcome, ServesControls
from console.model.fact import AnyFact
from console.profile.problems import Problems
from console.profile.profile import Profile

LATE_NS = 600 * SECOND_NS
"""So long after its time an answer is still told as one to its order."""
MOST_OPEN = 10_000
_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class CommandRule:
    """One `[[commands]]` table; `device` finds the names in a device's id."""

    table: CommandTable
    device: re.Pattern[str]
    pattern: Pattern
    id_at: tuple[str, ...] | None
    outcome_at: tuple[str, ...]
    words_at: tuple[str, ...] | None
    kinds: frozenset[str]


def build_commands(
    tables: Iterable[tuple[str, str, CommandTable]], profile: Profile, topics: Sequence[Pattern],
    problems: Problems,
) -> tuple[CommandRule, ...]:
    """The rules of (file, table's name, table). What is wrong is noted in `problems`."""
    rules: list[CommandRule] = []
    for file, name, table in tables:
        before = len(problems.found)

        def say(key: str, expected: str, found: str, file: str = file, name: str = name) -> None:
            problems.say(file, name, key, expected, repr(found) if found else "nothing")

        control = profile.controls.get(table.control)
        if control is None:
            say("control", f"one of {', '.join(sorted(profile.controls)[:12])}", table.control)
        names = names_in(table.device) or set()
        if not names:
            say("device", "a device's id with {name}s", table.device)
        used = names_in(table.topic)
        if used is None or not used <= names or any(sign in table.topic for sign in "+#"):
            say("topic", "a topic with {name}s of the device", table.topic)
        pattern = parse_pattern(table.answer)
        if isinstance(pattern, str) or set(pattern.names) - {""} != names:
            say("answer", "a topic with the {name}s of the device", table.answer)
        elif any(one.overlaps(pattern) for one in topics):
            say("answer", "a topic that no [[topics]] covers", table.answer)
        pointers = [parse_pointer(one) if one is not None else () for one in
                    (table.id_at, table.outcome_at, table.words_at)]  # fmt: skip
        if None in pointers:
            say("id_at, outcome_at, words_at", "JSON pointers, as /result", "something else")
        if not table.done:
            say("done", "at least one word", "")
        looks = as_expression(table.device) if names else None
        columns = profile.columns
        kinds = {
            columns.kinds[int(columns.kind[row])]
            for row, id_ in enumerate(columns.ids) if looks is not None and looks.fullmatch(id_)
        }
        if names and not kinds:
            say("device", "what some device of the city is called", table.device)
        elif control is not None and kinds and not kinds & set(control.kinds):
            say("control", f"a control of {', '.join(sorted(kinds))}", table.control)
        if len(problems.found) == before and isinstance(pattern, Pattern):
            found = [one or () for one in pointers]
            rules.append(
                CommandRule(
                    table, _reader(table.device), pattern, found[0] if table.id_at is not None else None,
                    found[1], found[2] if table.words_at is not None else None, frozenset(kinds),
                )
            )
    return tuple(rules)


class Commanding:
    """`begin` in the link's thread, `take` in the line's."""

    def __init__(
        self, rules: Sequence[CommandRule], clock: Clock, catalogue: Catalogue,
        report: Callable[[AnyFact], None], refuse: Callable[[str, str], None],
    ) -> None:
        self._rules, self._clock, self._catalogue = tuple(rules), clock, catalogue
        self._report, self._refuse = report, refuse
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[str, str], DeviceOrder] = OrderedDict()
        #: Set by who owns the line, before the first order.
        self.publish: Callable[[str, bytes], bool] = lambda topic, payload: False

    def serves(self) -> ServesControls:
        """What orders are carried to."""
        kinds = sorted({kind for rule in self._rules for kind in rule.kinds})
        devices = tuple(sorted({_NAME.sub("*", rule.table.device) for rule in self._rules}))
        return ServesControls(kinds=tuple(kinds), devices=devices)

    def filters(self) -> dict[str, int]:
        """What is to be subscribed to."""
        return {rule.pattern.filter: 1 for rule in self._rules}

    def covers(self, topic: str) -> bool:
        """Whether a topic is one of orders or of answers."""
        return any(
            rule.pattern.captured(topic) is not None
            or as_expression(rule.table.topic).fullmatch(topic) is not None
            for rule in self._rules
        )

    def begin(self, order: DeviceOrder) -> None:
        """Send it to each of its devices, or say why not."""
        unsent: list[str] = []
        for device_id in order.device_ids:
            rule, names = self._rule(order.control, device_id)
            if rule is None:
                words = self._catalogue.both("gateway.mqtt.no_command")
                self._report(answer(order, (device_id,), "refused", words))
                continue
            with self._lock:  # before it leaves: an answer may be there before `publish` returns
                self._open[(order.id, device_id)] = order
                while len(self._open) > MOST_OPEN:
                    self._open.popitem(last=False)
            if not self.publish(filled(rule.table.topic, names), _payload(rule.table, order, device_id)):
                with self._lock:
                    self._open.pop((order.id, device_id), None)
                unsent.append(device_id)
        if unsent:
            words = self._catalogue.both("gateway.mqtt.not_sent")
            self._report(answer(order, unsent, "failed", words))

    def take(self, topic: str, payload: bytes, retained: bool) -> bool:
        """Whether a message is a device's answer; it is then reported, or counted as of no use."""
        for rule in self._rules:
            names = rule.pattern.captured(topic)
            if names is not None:
                self._answered(rule, filled(rule.table.device, names), topic, payload, retained)
                return True
        return False

    def _answered(
        self, rule: CommandRule, device_id: str, topic: str, payload: bytes, retained: bool
    ) -> None:
        if retained:
            return  # an answer of before
        try:
            said: Any = msgspec.json.decode(payload)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            self._refuse("not_json", f"{topic}: {str(error)[:100]}")
            return
        id_ = look_up(said, rule.id_at) if rule.id_at is not None else None
        order = self._order(rule, device_id, id_)
        if order is None:
            self._refuse("unknown_order", f"{topic}: no order of that id is open at {device_id}")
            return
        word = look_up(said, rule.outcome_at)
        word = "" if word is ABSENT else str(word)
        if word in rule.table.progress:
            return
        outcome: Outcome = "unclear"
        for name in ("done", "refused", "failed"):
            if word in getattr(rule.table, name):
                outcome = name
        told = look_up(said, rule.words_at) if rule.words_at is not None else ABSENT
        text = str(told)[:200] if isinstance(told, str) and told else word[:80]
        words: Words = same_words(text) if text else self._catalogue.both("gateway.mqtt.no_words")
        with self._lock:
            self._open.pop((order.id, device_id), None)
        self._report(answer(order, (device_id,), outcome, words))

    def _order(self, rule: CommandRule, device_id: str, id_: Any) -> DeviceOrder | None:
        """The open order an answer is to: the one it names, else the newest of that control at the device."""
        now_ns = self._clock.now_ns()
        with self._lock:
            for key in [key for key, one in self._open.items() if now_ns > one.expires_ns + LATE_NS]:
                del self._open[key]
            if rule.id_at is not None:
                return self._open.get((str(id_), device_id))
            own = [
                order for (_, device), order in self._open.items()
                if device == device_id and order.control == rule.table.control
            ]
            return own[-1] if own else None

    def _rule(self, control: str, device_id: str) -> tuple[CommandRule | None, dict[str, str]]:
        for rule in self._rules:
            found = rule.device.fullmatch(device_id)
            if found is not None and rule.table.control == control:
                return rule, found.groupdict()
        return None, {}


def _reader(template: str) -> re.Pattern[str]:
    """An expression that finds a template's names in what was made of it. A name is never two levels."""
    parts = _NAME.split(template)
    made = "".join(
        re.escape(part) if number % 2 == 0 else f"(?P<{part}>[^/+#]+)" for number, part in enumerate(parts)
    )
    return re.compile(made)


def _payload(table: CommandTable, order: DeviceOrder, device_id: str) -> bytes:
    value = table.values.get(order.value, order.value)
    try:
        number: float | None = float(value)
    except ValueError:
        number = None
    known = {"{order}": order.id, "{value}": value, "{device}": device_id, "{number}": number}
    said = {key: known.get(one, one) if isinstance(one, str) else one for key, one in table.payload.items()}
    return msgspec.json.encode(said)
