"""How every device stands now, as one code a device, from what the board knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from console.geo.clusters import ALARM, DEGRADED, DOWN, NORMAL, OUT_OF_SERVICE, UNKNOWN, Codes
from console.model.alarm import Alarm

if TYPE_CHECKING:
    from console.desk.board import Board

CODES = {"up": NORMAL, "unknown": UNKNOWN, "out_of_service": OUT_OF_SERVICE, "degraded": DEGRADED,
         "down": DOWN}  # fmt: skip
CONDITIONS = {code: condition for condition, code in CODES.items()}
CALM = 9
"""A priority below all: no alarm."""


class Standings:
    """`codes` (see `console.geo.clusters`) and `priorities` of alarms (1 to 4, `CALM` for none) by device
    row. UI thread only."""

    def __init__(self, board: Board) -> None:
        self._board = board
        count = len(board.profile.columns.ids)
        self.codes: Codes = np.zeros(count, np.uint8)
        self.priorities: Codes = np.full(count, CALM, np.uint8)
        self.alarm_of: dict[int, Alarm] = {}
        """The most urgent alarm of a device row."""

    def look(self) -> bool:
        """Take the board's state over. Whether anything is another."""
        state, row_of = self._board.state, self._board.profile.columns.row_of
        codes, priorities = np.zeros_like(self.codes), np.full_like(self.priorities, CALM)
        for device_id, known in state.devices.items():
            row = row_of.get(device_id)
            if row is not None:
                codes[row] = CODES.get(known.condition, UNKNOWN)
        for device_id in state.out_of_service:
            row = row_of.get(device_id)
            if row is not None:
                codes[row] = OUT_OF_SERVICE
        alarm_of: dict[int, Alarm] = {}
        for alarm in state.alarms.values():
            row = row_of.get(alarm.device_id)
            if row is None or not alarm.shown:
                continue
            codes[row] = ALARM
            if alarm.priority < priorities[row]:
                priorities[row] = alarm.priority
                alarm_of[row] = alarm
        changed = not (np.array_equal(codes, self.codes) and np.array_equal(priorities, self.priorities))
        self.codes, self.priorities, self.alarm_of = codes, priorities, alarm_of
        return changed
