"""Measurements on their way through the hub: checked, kept as last values and trends, held against limits."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import msgspec
import numpy as np

from console.clock import SECOND_NS, Clock
from console.hub.counters import Counters
from console.profile import Profile
from console.rules.alarm.city import CityAlarms
from console.rules.alarm.transition import Moves
from console.rules.door import Door
from console.telemetry.table import GOOD, Columns, PointTable
from console.telemetry.trend import TrendBook
from console.wire.batch import BatchError, BatchHeader, batch_frames, read_batch
from console.wire.keys import Peer


class Readings:
    """The telemetry lane inside the hub. One thread. Without `alarms` (a recording is followed) nothing is
    evaluated."""

    def __init__(
        self, profile: Profile, clock: Clock, counters: Counters, alarms: CityAlarms | None = None
    ) -> None:
        self.table = PointTable(len(profile.points))
        self.trends = TrendBook(len(profile.points), profile.trend_points)
        self._door = Door(profile.points.lows(), profile.points.highs())
        self._profile, self._clock, self._counters = profile, clock, counters
        self._alarms = alarms
        self._json_rows: list[tuple[int, float, int]] = []
        self._json_sequence = 0

    def take_batch(self, peer: Peer, frames: list[bytes]) -> tuple[list[bytes], list[Moves]] | None:
        """One columnar batch: the frames to publish and the alarms it moved, or None if refused."""
        try:
            header, columns = read_batch(frames)
        except BatchError as error:
            self._counters.refuse("malformed", f"{peer.name}: batch: {error}")
            return None
        if header.profile_digest != self._profile.digest:
            self._counters.refuse(
                "other_profile", f"{peer.name}: its profile is not the hub's: start it on the same profile",
                header.count,
            )
            return None
        self._counters.arrived(f"{peer.name}/{header.source}", header.sequence)
        checked = self._checked(peer.name, columns)
        if peer.devices != ("*",):
            checked = self._own(peer, checked)
        published = frames if checked is columns else batch_frames(_with_count(header, checked), checked)
        return published, self._keep(checked, peer.name)

    def take_json(self, peer: Peer, data: bytes) -> str:
        """One JSON reading; returns what is wrong with it, or an empty text. Kept until `flush_json`.

        {"point": id, "value": number, "unit": text, "time": ISO 8601 or seconds since 1970 (optional)}
        """
        problem, row = self._json_row(peer, data)
        if row is None:
            self._counters.refuse("bad_reading", f"{peer.name}: {problem}")
            return problem
        self._json_rows.append(row)
        if self._alarms is not None:
            self._alarms.brought(peer.name, np.array(row[:1], dtype=np.uint32))
        return ""

    def flush_json(self) -> tuple[list[bytes], list[Moves]] | None:
        """All JSON readings since the last flush as one batch."""
        if not self._json_rows:
            return None
        points, values, taken = zip(*self._json_rows, strict=True)
        self._json_rows = []
        columns = Columns(
            np.array(points, dtype=np.uint32), np.array(values, dtype=np.float64),
            np.array(taken, dtype=np.int64), np.full(len(points), GOOD, dtype=np.uint8),
        )
        checked = self._checked("json", columns)
        self._json_sequence += 1
        self._counters.batches += 1
        header = BatchHeader(
            source="json", sequence=self._json_sequence, sent_ns=self._clock.now_ns(), count=len(checked),
            profile_digest=self._profile.digest,
        )
        return batch_frames(header, checked), self._keep(checked)

    def last_values(self) -> list[bytes]:
        """Every known point's last value, as the frames of a batch."""
        return self._frames(self.table.known())

    def trend(self, point_indexes: tuple[int, ...], since_ns: int) -> list[bytes]:
        """What is held of some trend points, as the frames of a batch."""
        parts = [
            (index, *self.trends.series(index, since_ns))
            for index in point_indexes
            if 0 <= index < len(self.table)
        ]
        columns = Columns(
            np.concatenate([np.full(len(at), index, dtype=np.uint32) for index, at, _ in parts] or [_NO_U32]),
            np.concatenate([value for _, _, value in parts] or [_NO_F64]),
            np.concatenate([at for _, at, _ in parts] or [_NO_I64]),
            np.concatenate([np.zeros(len(at), dtype=np.uint8) for _, at, _ in parts] or [_NO_U8]),
        )
        return self._frames(columns)

    def _frames(self, columns: Columns) -> list[bytes]:
        header = BatchHeader(
            source="hub", sequence=0, sent_ns=self._clock.now_ns(), count=len(columns),
            profile_digest=self._profile.digest,
        )
        return batch_frames(header, columns)

    def _checked(self, source: str, columns: Columns) -> Columns:
        result = self._door.check(columns, self._clock.now_ns())
        for cause, count in result.refused.items():
            example = result.example[cause]
            points = self._profile.points
            name = points[example].id if example < len(points) else f"index {example}"
            self._counters.refuse(cause, f"{source}: {name}", count)
        return result.columns

    def _own(self, peer: Peer, columns: Columns) -> Columns:
        points = self._profile.points
        own = np.array([peer.speaks_for(points[one].device_id) for one in columns.points], dtype=bool)
        if own.all():
            return columns
        self._counters.refuse("not_permitted", f"{peer.name}: readings of others' devices", int((~own).sum()))
        return columns.where(own)

    def _keep(self, columns: Columns, gateway: str = "") -> list[Moves]:
        late = self.table.late
        news = self.table.update(columns)
        self._counters.readings += len(columns)
        if self.table.late != late:
            self._counters.drop("late_reading", self.table.late - late)
            columns = columns.where(news)
        self.trends.add(columns)
        if self._alarms is None:
            return []
        if gateway:
            self._alarms.brought(gateway, columns.points)
        return self._alarms.evaluate(columns, self._clock.now_ns())

    def _json_row(self, peer: Peer, data: bytes) -> tuple[str, tuple[int, float, int] | None]:
        try:
            reading: Any = msgspec.json.decode(data)
        except (msgspec.DecodeError, RecursionError) as error:
            return f"not JSON ({error})", None
        if not isinstance(reading, dict) or not isinstance(reading.get("point"), str):
            return "field 'point': expected the point's id as text", None
        unknown = set(reading) - {"point", "value", "unit", "time"}
        if unknown:
            return f"field {sorted(unknown)[0]!r}: not known; expected point, value, unit, time", None
        point = self._profile.point_by_id.get(reading["point"])
        if point is None:
            return f"point {reading['point'][:80]!r}: not in the profile", None
        if not peer.speaks_for(point.device_id):
            return f"point {point.id!r}: this key may not speak for that device", None
        value = reading.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return f"field 'value' of {point.id}: expected a number", None
        if reading.get("unit", point.unit) != point.unit:
            found = str(reading["unit"])[:40]
            return f"field 'unit' of {point.id}: expected {point.unit!r}, found {found!r}", None
        taken_at_ns = self._time(reading.get("time"))
        if taken_at_ns is None:
            return f"field 'time' of {point.id}: expected ISO 8601 with offset, or seconds since 1970", None
        return "", (point.index, float(value), taken_at_ns)

    def _time(self, said: Any) -> int | None:
        if said is None:
            return self._clock.now_ns()
        if isinstance(said, int | float) and not isinstance(said, bool):
            return int(said * SECOND_NS) if abs(said) < 1e11 else None
        try:
            moment = datetime.fromisoformat(said)
        except (TypeError, ValueError):
            return None
        return int(moment.timestamp() * SECOND_NS) if moment.tzinfo is not None else None


def _with_count(header: BatchHeader, columns: Columns) -> BatchHeader:
    return msgspec.structs.replace(header, count=len(columns))


_NO_U32 = np.zeros(0, dtype=np.uint32)
_NO_F64 = np.zeros(0)
_NO_I64 = np.zeros(0, dtype=np.int64)
_NO_U8 = np.zeros(0, dtype=np.uint8)
