"""Takes a file of earlier measurements into history: every cell that can be used goes in, every other is
named."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from console.clock import SECOND_NS
from console.historian.cells import CellError, moment_ns, number
from console.historian.mapping import ColumnTold, ImportMap, MapError
from console.historian.tabular import Row, Table
from console.historian.units import Change, ImportUnits, UnitError, change_for
from console.history.rows import Readings, in_order
from console.model.device import Point
from console.telemetry.table import GOOD

MOST_TOLD = 100
TELL_EVERY_ROWS = 2000


class Problem(NamedTuple):
    """What could not be used: the row (line of the file), the column (empty: all of the row), and why."""

    row: int
    column: str
    found: str
    what: str


class Stopped(Exception):
    """The person who asked does not want it any more: nothing was taken in."""


class Taken(NamedTuple):
    """What a file holds: readings by point (of `point_ids`, sorted by point and time), and what was met."""

    point_ids: tuple[str, ...]
    readings: Readings
    rows: int
    blanks: int
    duplicates: int
    conflicts: int
    out_of_order: int
    skipped_keys: dict[str, int]
    refused: Counter[str]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


class _Target(NamedTuple):
    number: int
    point: Point
    change: Change


class FileReader:
    """Reads one file by a map. One thread. `progress(share, rows)` is called now and then; `go_on` is asked
    then.

    Raises MapError, UnitError, TableError, OSError before anything is read; Stopped.
    """

    def __init__(
        self, path: Path, told: ImportMap, points: Mapping[str, Point], zone: str, units: ImportUnits,
        progress: Callable[[float, int], None] = lambda share, rows: None,
        go_on: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self._told, self._points, self._units = told, points, units
        self._zone = ZoneInfo(told.time.zone or zone)
        self._progress, self._go_on = progress, go_on
        self._ids: dict[str, int] = {}
        self._targets: dict[tuple[str, str], _Target] = {}
        self._index, self._at, self._value = array("I"), array("q"), array("d")
        self._source = array("q")
        self._refused: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._problems: list[Problem] = []
        self._blanks = self._rows = 0
        self._blank_words = frozenset(told.file.blanks)
        self._start_ns = 0
        if told.time.start:
            try:
                self._start_ns = moment_ns(told.time.start, "auto", self._zone)
            except CellError as error:
                raise MapError(f"time.start: {error}, found {told.time.start!r}") from None
        for column in told.columns:  # a unit that is not known is told before a row is read
            for device in self._devices(column):
                self._target(column, device)
        self._table = Table(path, told.file)
        try:
            self._check_columns()
        except MapError:
            self._table.close()
            raise

    def read(self) -> Taken:
        """All of the file. Raises Stopped."""
        try:
            for place, row in enumerate(self._table.rows()):
                self._take(row, place)
                self._rows += 1
                if self._rows % TELL_EVERY_ROWS == 0:
                    self._progress(self._table.done, self._rows)
                    if not self._go_on():
                        raise Stopped
            notes = list(self._table.notes)
        finally:
            self._table.close()
        self._progress(1.0, self._rows)
        return self._shaped(notes)

    def _devices(self, column: ColumnTold) -> tuple[str, ...]:
        if self._told.key is not None and column.quantity:
            return tuple(self._told.key.devices.values())
        return ("",)

    def _target(self, column: ColumnTold, device: str) -> _Target:
        point_id = f"{device}/{column.quantity}" if device else column.point
        point = self._points[point_id]
        try:
            change = change_for(self._units, column.unit, point.unit)
        except UnitError as error:
            raise UnitError(f"column {column.name!r}: {error}") from None
        index = self._ids.setdefault(point_id, len(self._ids))
        made = self._targets[column.name, device] = _Target(index, point, change)
        return made

    def _check_columns(self) -> None:
        if not self._table.columns:
            return
        wanted = [column.name for column in self._told.columns]
        wanted += [self._told.time.column] if self._told.time.column else []
        wanted += [self._told.key.column] if self._told.key is not None else []
        missing = [name for name in wanted if name not in self._table.columns]
        if missing:
            there = ", ".join(name or "(no name)" for name in self._table.columns[:40])
            names = ", ".join(map(repr, missing))
            raise MapError(f"{self._table.path.name} has no column {names}; it has: {there}")
        if not self._told.time.column and not self._told.time.start:
            raise MapError("time: expected a column, or start and step_s")

    def _take(self, row: Row, place: int) -> None:
        if row.wrong:
            self._refuse("row", Problem(row.number, "", "", row.wrong))
            return
        time = self._told.time
        if time.column:
            said = row.cells.get(time.column, "")
            try:
                at_ns = moment_ns(said, time.format, self._zone)
            except CellError as error:
                self._refuse("time", Problem(row.number, time.column, said[:40], str(error)))
                return
        else:
            at_ns = self._start_ns + round(place * time.step_s * SECOND_NS)
        device = ""
        if self._told.key is not None:
            said = row.cells.get(self._told.key.column, "").strip()
            found = self._told.key.devices.get(said)
            if found is None:
                self._skipped[said] += 1
                return
            device = found
        for column in self._told.columns:
            self._cell(row, column, device if column.quantity else "", at_ns)

    def _cell(self, row: Row, column: ColumnTold, device: str, at_ns: int) -> None:
        said = row.cells.get(column.name)
        if said is None:
            self._refuse("column", Problem(row.number, column.name, "", "the row has no such column"))
            return
        if said.strip() in self._blank_words:
            self._blanks += 1
            return
        target = self._targets[column.name, device]
        try:
            value = target.change.of(number(said))
        except CellError as error:
            self._refuse("number", Problem(row.number, column.name, said[:40], str(error)))
            return
        low, high = target.point.low, target.point.high
        if not low <= value <= high:
            what = f"outside {low:g} to {high:g} {target.point.unit}"
            self._refuse("range", Problem(row.number, column.name, said[:40], what))
            return
        self._index.append(target.number)
        self._at.append(at_ns)
        self._value.append(value)
        self._source.append(row.number)

    def _refuse(self, cause: str, problem: Problem) -> None:
        self._refused[cause] += 1
        if len(self._problems) < MOST_TOLD:
            self._problems.append(problem)

    def _shaped(self, notes: list[str]) -> Taken:
        made = Readings(
            np.array(self._index, np.uint32), np.array(self._at, np.int64), np.array(self._value, np.float64),
            np.full(len(self._index), GOOD, np.uint8),
        )  # fmt: skip
        source = np.array(self._source, np.int64)
        order = in_order(made.points, made.at_ns)
        backwards = _backwards(made)
        made, source = made.where(order), source[order]
        again = np.zeros(len(made), dtype=bool)
        if len(made) > 1:
            again[:-1] = (np.diff(made.points) == 0) & (np.diff(made.at_ns) == 0)
        differs = np.zeros(len(made), dtype=bool)
        differs[:-1] = again[:-1] & (made.value[1:] != made.value[:-1])
        ids = tuple(self._ids)
        for at in np.flatnonzero(differs)[: MOST_TOLD - len(self._problems)].tolist():
            what = f"{ids[int(made.points[at])]} has another value at the same time in row {source[at + 1]}; "
            self._problems.append(
                Problem(int(source[at]), "", f"{made.value[at]:g}", what + "the later row is used")
            )
        return Taken(
            ids, made.where(~again), self._rows, self._blanks, int(again.sum() - differs.sum()),
            int(differs.sum()), backwards, dict(self._skipped), self._refused, tuple(self._problems),
            tuple(notes),
        )  # fmt: skip


def _backwards(made: Readings) -> int:
    """How many readings are older than the one of the same point before them in the file."""
    order = np.argsort(made.points, kind="stable")
    points, at = made.points[order], made.at_ns[order]
    return int(np.count_nonzero((np.diff(points) == 0) & (np.diff(at) < 0)))
