"""Measurements on their way through the hub: checked, kept as last values and trends, held against limits."""

from __future__ import annotations

import msgspec
import numpy as np

from console.clock import Clock
from console.hub.counters import Counters
from console.hub.jsondoor import JsonDoor, Row
from console.profile import Profile
from console.rules.alarm.city import CityAlarms
from console.rules.alarm.transition import Moves
from console.rules.door import Door
from console.rules.field.airs import AirWatch
from console.rules.field.qualities import QualityWatch
from console.telemetry.table import GOOD, Columns, PointTable
from console.telemetry.trend import TrendBook
from console.wire.batch import BatchError, BatchHeader, batch_frames, read_batch
from console.wire.keys import Peer


class Readings:
    """The telemetry lane inside the hub. One thread. Without `alarms` and `quality` (a recording is followed)
    nothing is evaluated."""

    def __init__(
        self, profile: Profile, clock: Clock, counters: Counters, alarms: CityAlarms | None = None,
        quality: QualityWatch | None = None, air: AirWatch | None = None,
    ) -> None:
        self.table = PointTable(len(profile.points))
        self.trends = TrendBook(len(profile.points), profile.trend_points)
        self._door = Door(profile.points.lows(), profile.points.highs())
        self._profile, self._clock, self._counters = profile, clock, counters
        self._alarms, self._quality, self._air = alarms, quality, air
        self.json = JsonDoor(profile, clock, self.table)
        self._json_rows: list[Row] = []
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
        checked = self._judged(self._checked(peer.name, columns))
        if peer.devices != ("*",):
            checked = self._own(peer, checked)
        published = frames if checked is columns else batch_frames(_with_count(header, checked), checked)
        return published, self._keep(checked, peer.name)

    def take_row(self, source: str, row: Row) -> None:
        """One reading that came as JSON; kept until `flush_json`."""
        self._json_rows.append(row)
        if self._alarms is not None:
            self._alarms.brought(source, np.array(row[:1], dtype=np.uint32))

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
        checked = self._judged(self._checked("json", columns))
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

    def _judged(self, columns: Columns) -> Columns:
        """What a sensor that hangs or a clock that is behind sends is uncertain."""
        if self._quality is None:
            return columns
        worse = self._quality.judge(columns, self._clock.now_ns())
        if worse is None:
            return columns
        return Columns(columns.points, columns.values, columns.taken_at_ns, worse)

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
        if self._air is not None:
            self._air.take(columns)
        if self._alarms is None:
            return []
        if gateway:
            self._alarms.brought(gateway, columns.points)
        return self._alarms.evaluate(columns, self._clock.now_ns())


def _with_count(header: BatchHeader, columns: Columns) -> BatchHeader:
    return msgspec.structs.replace(header, count=len(columns))


_NO_U32 = np.zeros(0, dtype=np.uint32)
_NO_F64 = np.zeros(0)
_NO_I64 = np.zeros(0, dtype=np.int64)
_NO_U8 = np.zeros(0, dtype=np.uint8)
