"""What anybody sends as plain JSON: a reading, a signal or a condition; what is wrong with it, in words."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, get_args

import msgspec

from console.clock import SECOND_NS, Clock
from console.model.base import Words, same_words
from console.model.device import Condition
from console.model.fact import ConditionSeen, SignalSeen
from console.profile import Profile
from console.telemetry.table import MAX_AGE_NS, MAX_FUTURE_NS, PointTable
from console.wire.keys import Peer

Row = tuple[int, float, int]
"""Point index, value, when it was taken (ns)."""
LONGEST_TEXT = 400
LONGEST_ID = 100
_READING = ("point", "value", "unit", "time")
_SIGNAL = ("signal", "device", "id", "time", "confidence", "detail")
_CONDITION = ("condition", "device", "id", "time", "why")
_TIME = "expected ISO 8601 with offset, or seconds since 1970"


class JsonError(Exception):
    """The message cannot be used; the text names the field, what was expected and what was found."""


class JsonDoor:
    """Reads one message. One thread, the hub's. `table` says what is held of a point already."""

    def __init__(self, profile: Profile, clock: Clock, table: PointTable) -> None:
        self._profile, self._clock, self._table = profile, clock, table

    def read(self, peer: Peer, data: bytes) -> Row | SignalSeen | ConditionSeen:
        """{"point", "value", "unit", "time"} | {"signal", "device", ..} | {"condition", "device", ..}

        Raises JsonError.
        """
        try:
            said: Any = msgspec.json.decode(data)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise JsonError(f"not JSON ({error})") from None
        if not isinstance(said, dict):
            raise JsonError("expected an object with point, signal or condition")
        if "signal" in said:
            return self._signal(peer, said, data)
        if "condition" in said:
            return self._condition(peer, said, data)
        return self._reading(peer, said)

    def _reading(self, peer: Peer, said: dict[str, Any]) -> Row:
        if not isinstance(said.get("point"), str):
            raise JsonError("field 'point': expected the point's id as text")
        _only(said, _READING)
        point = self._profile.point_by_id.get(said["point"])
        if point is None:
            raise JsonError(f"point {said['point'][:80]!r}: not in the profile")
        if not peer.speaks_for(point.device_id):
            raise JsonError(f"point {point.id!r}: this key may not speak for that device")
        value = said.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
            raise JsonError(f"field 'value' of {point.id}: expected a number, found {_found(value)}")
        if said.get("unit", point.unit) != point.unit:
            found = _found(said["unit"])
            raise JsonError(f"field 'unit' of {point.id}: expected {point.unit!r}, found {found}")
        taken_at_ns = self._time(said, point.id)
        held_ns = int(self._table.taken_at_ns[point.index])
        if "time" in said and taken_at_ns <= held_ns:
            what = "sent before" if taken_at_ns == held_ns else "older than the value that is held"
            raise JsonError(f"field 'time' of {point.id}: {what}")
        return point.index, float(value), taken_at_ns

    def _signal(self, peer: Peer, said: dict[str, Any], data: bytes) -> SignalSeen:
        _only(said, _SIGNAL)
        device_id, kind = self._device(peer, said), said["signal"]
        if not isinstance(kind, str) or kind not in self._profile.type_of_signal:
            raise JsonError(f"field 'signal' of {device_id}: not a signal of the city: {_found(kind)}")
        sure = said.get("confidence", 1.0)
        if isinstance(sure, bool) or not isinstance(sure, int | float) or not 0 <= sure <= 1:
            raise JsonError(f"field 'confidence' of {device_id}: expected 0 to 1, found {_found(sure)}")
        detail = _words(said, "detail", device_id) if "detail" in said else None
        return SignalSeen(
            uid=self._uid(said, data), type=kind, at_ns=self._time(said, device_id), device_id=device_id,
            confidence=float(sure), detail=detail,
        )

    def _condition(self, peer: Peer, said: dict[str, Any], data: bytes) -> ConditionSeen:
        _only(said, _CONDITION)
        device_id, condition = self._device(peer, said), said["condition"]
        if condition not in get_args(Condition):
            wanted = ", ".join(get_args(Condition))
            raise JsonError(f"field 'condition' of {device_id}: expected {wanted}, found {_found(condition)}")
        if "why" not in said:
            raise JsonError(f"field 'why' of {device_id}: expected text, or en and ko, found nothing")
        return ConditionSeen(
            uid=self._uid(said, data), device_id=device_id, condition=condition,
            at_ns=self._time(said, device_id), why=_words(said, "why", device_id),
        )

    def _device(self, peer: Peer, said: dict[str, Any]) -> str:
        device_id = said.get("device")
        if not isinstance(device_id, str) or device_id not in self._profile.devices:
            raise JsonError(f"field 'device': expected a device of the city, found {_found(device_id)}")
        if not peer.speaks_for(device_id):
            raise JsonError(f"device {device_id!r}: this key may not speak for that device")
        return device_id

    def _uid(self, said: dict[str, Any], data: bytes) -> str:
        """The sender's own name for it; without one, the same text is the same fact where it has a time."""
        own = said.get("id")
        if own is None:
            stamp = b"" if "time" in said else str(self._clock.now_ns()).encode()
            return "json/" + hashlib.sha256(stamp + data).hexdigest()[:32]
        if isinstance(own, bool) or not isinstance(own, str | int) or not 0 < len(str(own)) <= LONGEST_ID:
            raise JsonError(f"field 'id': expected text or a number, found {_found(own)}")
        return f"json/{own}"

    def _time(self, said: dict[str, Any], of: str) -> int:
        now_ns = self._clock.now_ns()
        told = said.get("time")
        if told is None:
            return now_ns
        seconds: float | None = None
        if isinstance(told, int | float) and not isinstance(told, bool) and abs(told) < 1e11:
            seconds = told
        elif isinstance(told, str):
            try:
                moment = datetime.fromisoformat(told)
                seconds = moment.timestamp() if moment.tzinfo is not None else None
            except (ValueError, OverflowError):
                seconds = None
        if seconds is None:
            raise JsonError(f"field 'time' of {of}: {_TIME}, found {_found(told)}")
        at_ns = int(seconds * SECOND_NS)
        if at_ns > now_ns + MAX_FUTURE_NS:
            ahead_s = (at_ns - now_ns) / SECOND_NS
            raise JsonError(f"field 'time' of {of}: {ahead_s:.0f} s ahead of the hub's clock")
        if at_ns < now_ns - MAX_AGE_NS:
            raise JsonError(f"field 'time' of {of}: older than a day")
        return at_ns


def _only(said: dict[str, Any], known: tuple[str, ...]) -> None:
    for field in said:
        if field not in known:
            raise JsonError(f"field {field[:40]!r}: not known; expected {', '.join(known)}")


def _words(said: dict[str, Any], field: str, of: str) -> Words:
    """A text, or the same in both languages."""
    told = said[field]
    if isinstance(told, str) and 0 < len(told) <= LONGEST_TEXT:
        return same_words(told)
    both = isinstance(told, dict) and set(told) == {"en", "ko"}
    if both and all(isinstance(one, str) and 0 < len(one) <= LONGEST_TEXT for one in told.values()):
        return Words(en=told["en"], ko=told["ko"])
    raise JsonError(f"field {field!r} of {of}: expected text, or en and ko, found {_found(told)}")


def _found(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
