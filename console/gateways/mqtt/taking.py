"""One message after the other: what of it goes to the hub, and what could not be used and why. No socket."""

from __future__ import annotations

import hashlib
import math
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from console.clock import SECOND_NS, Clock
from console.gateways.mqtt.mapping import ReadingRule, TopicRule
from console.gateways.mqtt.moments import moment_ns
from console.gateways.mqtt.pointer import ABSENT, look_up
from console.gateways.mqtt.topics import filled
from console.language import Catalogue
from console.model.base import Words
from console.model.fact import ConditionSeen, SignalSeen
from console.profile.profile import Profile
from console.telemetry.table import GOOD, MAX_AGE_NS, MAX_FUTURE_NS, UNCERTAIN, Columns

AGAIN_WITHIN_NS = 60 * SECOND_NS
"""A broker that was not answered sends a message again, marked so, within this."""
MOST_REMEMBERED = 10_000
MOST_ITEMS = 10_000
"""Items of one message's list."""

Refuse = Callable[[str, str], None]


class Taking:
    """Takes messages by the rules. One thread.

    `refuse(cause, example)` is called for each value that cannot be used; the message's others are taken.
    Readings wait in `readings()` until they are asked for; `facts` gets conditions and signals.
    """

    def __init__(
        self, rules: Sequence[TopicRule], profile: Profile, clock: Clock, catalogue: Catalogue,
        largest_bytes: int, facts: Callable[[ConditionSeen | SignalSeen], None], refuse: Refuse,
    ) -> None:
        self._rules, self._profile, self._clock = tuple(rules), profile, clock
        self._catalogue, self._largest = catalogue, largest_bytes
        self._facts, self._refuse = facts, refuse
        self._rows: list[tuple[int, float, int, int]] = []
        self._newest_ns: dict[int, int] = {}
        self._conditions: dict[str, str] = {}
        self._seen: OrderedDict[bytes, int] = OrderedDict()
        self._session = uuid.uuid4().hex[:8]
        self._count = 0
        self.messages = 0

    def covers(self, topic: str) -> bool:
        """Whether some rule says what the topic means."""
        return any(rule.pattern.captured(topic) is not None for rule in self._rules)

    @property
    def waiting(self) -> int:
        """Readings not yet asked for."""
        return len(self._rows)

    def readings(self) -> Columns | None:
        """What was taken since the last time, in its order."""
        if not self._rows:
            return None
        points, values, taken, quality = zip(*self._rows, strict=True)
        self._rows = []
        return Columns(
            np.array(points, dtype=np.uint32), np.array(values, dtype=np.float64),
            np.array(taken, dtype=np.int64), np.array(quality, dtype=np.uint8),
        )

    def take(self, topic: str, payload: bytes, retained: bool, again: bool, number: int) -> None:
        """One message. `again`: the broker says it was sent before, under the same `number`."""
        self.messages += 1
        where = _shown(topic)
        for rule in self._rules:
            names = rule.pattern.captured(topic)
            if names is not None:
                break
        else:
            self._refuse("unknown_topic", where)
            return
        if len(payload) > self._largest:
            self._refuse("too_large", f"{where}: {len(payload):,} bytes, at most {self._largest:,} are taken")
            return
        if not payload:
            return  # how a broker is told to forget a retained message
        if rule.table.time is None and self._is_again(topic, payload, again, number):
            self._refuse("duplicate", where)
            return
        for item, place, key in self._documents(rule, payload, where):
            self._document(rule, item, place, names, retained, f"{topic}\x00{key}".encode() + payload)

    def _documents(self, rule: TopicRule, payload: bytes, where: str) -> Iterable[tuple[Any, str, str]]:
        if rule.table.payload == "text":
            try:
                yield payload.decode(), where, ""
            except UnicodeDecodeError:
                self._refuse("not_json", f"{where}: not text in UTF-8")
            return
        try:
            document = msgspec.json.decode(payload)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            self._refuse("not_json", f"{where}: {str(error)[:100]}")
            return
        if rule.each is None:
            yield document, where, ""
            return
        items = look_up(document, rule.each)
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            found = f"{len(items):,} items" if isinstance(items, list) else _found(items)
            self._refuse("missing", f"{where} {rule.table.each}: expected a list, found {found}")
            return
        for row, item in enumerate(items):
            yield item, f"{where} {rule.table.each}/{row}", str(row)

    def _document(
        self, rule: TopicRule, item: Any, where: str, names: dict[str, str], retained: bool, print_: bytes
    ) -> None:
        device_id = self._device(rule, item, where, names)
        if device_id is None:
            return
        now_ns = self._clock.now_ns()
        at_ns = now_ns
        if rule.table.time is not None:
            found = self._time(rule, item, where, now_ns)
            if found is None:
                return
            at_ns = found
        # What is true now has no age, what happened or was measured has: one a broker kept is of unknown age.
        ageless = retained and rule.table.time is None
        for row in range(len(rule.table.conditions)):
            self._condition(rule, row, item, where, device_id, at_ns)
        if ageless and (rule.readings or rule.table.signals):
            self._refuse("retained", where)
            return
        for row in range(len(rule.table.signals)):
            self._signal(rule, row, item, where, device_id, at_ns, print_)
        for reading in rule.readings:
            self._reading(reading, item, where, device_id, at_ns, rule.table.time is not None)

    def _device(self, rule: TopicRule, item: Any, where: str, names: dict[str, str]) -> str | None:
        table = rule.table
        if rule.device_at is not None:
            said = look_up(item, rule.device_at)
            if isinstance(said, bool) or not isinstance(said, str | int):
                self._refuse("missing", f"{where} {table.device_at}: expected a device, found {_found(said)}")
                return None
            said = str(said)
        elif table.device:
            said = filled(table.device, names)
        else:
            said = next(iter(names.values()), "")
        device_id = table.devices.get(said, "" if table.devices else said)
        if device_id not in self._profile.devices:
            self._refuse("unknown_device", f"{where}: {_shown(said)}")
            return None
        return device_id

    def _time(self, rule: TopicRule, item: Any, where: str, now_ns: int) -> int | None:
        table = rule.table.time
        assert table is not None
        assert rule.time_at is not None
        said = look_up(item, rule.time_at)
        at_ns = moment_ns(said, table.format, table.pattern, rule.zone)
        if at_ns is None:
            self._refuse("bad_time", f"{where} {table.at}: expected {table.format}, found {_found(said)}")
            return None
        if at_ns > now_ns + MAX_FUTURE_NS:
            self._refuse("clock_ahead", f"{where}: {(at_ns - now_ns) / SECOND_NS:,.0f} s ahead of our clock")
            return None
        if at_ns < now_ns - MAX_AGE_NS:
            self._refuse("too_old", f"{where}: {(now_ns - at_ns) / 3600 / SECOND_NS:,.0f} h old")
            return None
        return at_ns

    def _reading(
        self, rule: ReadingRule, item: Any, where: str, device_id: str, at_ns: int, timed: bool
    ) -> None:
        table = rule.table
        place = f"{where} {table.at}".rstrip()
        point = self._profile.point_by_id.get(f"{device_id}/{table.quantity}")
        convert = rule.to_point.get(point.unit) if point is not None else None
        if point is None or convert is None:
            self._refuse("unknown_point", f"{place}: {device_id}/{table.quantity}")
            return
        said = look_up(item, rule.at)
        if said is ABSENT or said is None:
            if not table.optional:
                self._refuse("missing", f"{place}: expected a number, found {_found(said)}")
            return
        value = _number(said, table.words)
        if value is None:
            self._refuse("not_a_number", f"{place}: expected a number, found {_found(said)}")
            return
        if rule.unit_at is not None:
            unit = look_up(item, rule.unit_at)
            if unit is not ABSENT and unit != table.unit:
                self._refuse(
                    "wrong_unit", f"{where} {table.unit_at}: expected {table.unit!r}, found {_found(unit)}"
                )
                return
        quality = GOOD
        if rule.quality_at is not None:
            word = _word(look_up(item, rule.quality_at))
            if word in table.quality_bad:
                self._refuse("bad_quality", f"{where} {table.quality_at}: {_shown(word)}")
                return
            quality = GOOD if word in table.quality_good else UNCERTAIN
        if timed:
            newest_ns = self._newest_ns.get(point.index, 0)
            if at_ns <= newest_ns:
                cause = "duplicate" if at_ns == newest_ns else "out_of_order"
                before_s = (newest_ns - at_ns) / SECOND_NS
                self._refuse(cause, f"{place}: {before_s:,.3f} s before the one we have")
                return
            self._newest_ns[point.index] = at_ns
        self._rows.append((point.index, convert(value), at_ns, quality))

    def _condition(
        self, rule: TopicRule, row: int, item: Any, where: str, device_id: str, at_ns: int
    ) -> None:
        table, at = rule.table.conditions[row], rule.condition_at[row]
        said = look_up(item, at)
        if said is ABSENT and table.optional:
            return
        word = _word(said)
        condition = rule.words[row].get(word)
        if condition is None:
            self._refuse("unknown_word", f"{where} {table.at}: {_found(said)}")
            return
        if self._conditions.get(device_id, "up") == condition and device_id in self._conditions:
            return  # said again: at every connection to the broker
        self._conditions[device_id] = condition
        why = table.why or self._both("gateway.mqtt.said", word=word)
        self._facts(
            ConditionSeen(
                uid=f"mqtt/{uuid.uuid4().hex}", device_id=device_id, at_ns=at_ns, why=why,
                condition=condition,  # type: ignore[arg-type]  # build_mapping made it from the four keys
            )
        )

    def _signal(
        self, rule: TopicRule, row: int, item: Any, where: str, device_id: str, at_ns: int, print_: bytes
    ) -> None:
        table = rule.table.signals[row]
        if _word(look_up(item, rule.signal_at[row])) not in table.equals:
            return
        id_at = rule.id_at[row]
        said = look_up(item, id_at) if id_at is not None else ABSENT
        if isinstance(said, str | int) and not isinstance(said, bool):
            uid = f"{device_id}/{table.type}/{str(said)[:80]}"
        elif rule.table.time is not None:
            uid = hashlib.sha256(f"{row}/".encode() + print_).hexdigest()[:32]
        else:
            self._count += 1
            uid = f"{self._session}/{self._count}"
        self._facts(
            SignalSeen(
                uid=f"mqtt/{uid}", type=table.type, at_ns=at_ns, device_id=device_id,
                confidence=table.confidence, detail=table.detail,
            )
        )

    def _is_again(self, topic: str, payload: bytes, again: bool, number: int) -> bool:
        """Whether a message without a time of its own is one that was taken already."""
        if not number:
            return False
        now = self._clock.mono_ns()
        name = hashlib.sha256(f"{number}\x00{topic}\x00".encode() + payload).digest()
        seen = self._seen.pop(name, None)
        self._seen[name] = now
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return again and seen is not None and now - seen < AGAIN_WITHIN_NS

    def _both(self, key: str, **fields: Any) -> Words:
        return self._catalogue.both(key, **fields)


def _number(said: Any, words: dict[str, float]) -> float | None:
    if isinstance(said, bool):
        return words.get("true" if said else "false")
    if isinstance(said, str):
        if said in words:
            return words[said]
        try:
            said = float(said) if len(said) <= 40 and "_" not in said else None
        except ValueError:
            return None
    if not isinstance(said, int | float) or abs(said) > 1e300 or not math.isfinite(said):
        return None
    return float(said)


def _word(said: Any) -> str:
    if isinstance(said, bool):
        return "true" if said else "false"
    return str(said) if isinstance(said, str | int | float) else ""


def _found(said: Any) -> str:
    if said is ABSENT:
        return "nothing"
    if said is None:
        return "null"
    return _shown(repr(said))


def _shown(text: str) -> str:
    """A text of the other side as a person may see it."""
    harmless = text if text.isprintable() else ascii(text)
    return harmless if len(harmless) <= 80 else harmless[:77] + "..."
