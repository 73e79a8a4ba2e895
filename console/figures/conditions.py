"""All changes of devices' condition in the record, kept as columns: availability can be asked often."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import numpy as np

from console.ledger import LedgerReader
from console.model import events as ev
from console.model.query import AvailabilityPage, DeviceTime
from console.telemetry.availability import BACK, CODES, OUT, Spent, spent

_KINDS = ("device.condition_changed", "device.removed_from_service", "device.returned_to_service")


class ConditionBook:
    """Reads on from where it stopped. 17 bytes a change. One thread, the reader's."""

    def __init__(self) -> None:
        self._rows, self._at_ns, self._codes = array("i"), array("q"), array("b")
        self._row_of: dict[str, int] = {}
        self._seq = 0
        self._began_ns = 0

    def read(self, reader: LedgerReader) -> None:
        """Take in what the record has gained."""
        if not self._began_ns:
            self._began_ns = reader.began_ns()
        for entry in reader.of_kinds(_KINDS, self._seq):
            self._seq = entry.seq
            event = entry.event
            if isinstance(event, ev.DeviceConditionChanged):
                self._add(event.device_id, entry.at_ns, CODES[event.condition])
            elif isinstance(event, ev.DevicesRemoved | ev.DevicesReturned):
                code = OUT if isinstance(event, ev.DevicesRemoved) else BACK
                for device_id in event.device_ids:
                    self._add(device_id, entry.at_ns, code)

    @property
    def began_ns(self) -> int:
        """Where the record begins; 0 for an empty one."""
        return self._began_ns

    def spent(self, from_ns: int, to_ns: int, row_of: Mapping[str, int] | None = None) -> Spent:
        """By the book's own numbers of devices, or by those of `row_of`; devices it does not have are left
        out."""
        rows = np.array(self._rows, np.int64)
        at_ns, codes = np.array(self._at_ns, np.int64), np.array(self._codes, np.int64)
        if row_of is None:
            return spent(len(self._row_of), rows, at_ns, codes, from_ns, to_ns)
        to_row = np.array([row_of.get(one, -1) for one in self._row_of], np.int64)
        theirs = to_row[rows] if len(to_row) else rows
        known = theirs >= 0
        return spent(len(row_of), theirs[known], at_ns[known], codes[known], from_ns, to_ns)

    def availability(self, from_ns: int, to_ns: int) -> AvailabilityPage:
        """Of [from, to), or from the record's beginning where that is later."""
        from_ns = max(from_ns, self._began_ns)
        found = self.spent(from_ns, to_ns)
        troubled = (found.down_s > 0) | (found.degraded_s > 0) | (found.out_s > 0) | (found.failures > 0)
        ids = list(self._row_of)
        return AvailabilityPage(
            from_ns=from_ns, to_ns=max(from_ns, to_ns),
            devices=tuple(
                DeviceTime(
                    device_id=ids[row], down_s=float(found.down_s[row]), out_s=float(found.out_s[row]),
                    degraded_s=float(found.degraded_s[row]), failures=int(found.failures[row]),
                )
                for row in np.flatnonzero(troubled).tolist()
            ),
        )  # fmt: skip

    def _add(self, device_id: str, at_ns: int, code: int) -> None:
        self._rows.append(self._row_of.setdefault(device_id, len(self._row_of)))
        self._at_ns.append(at_ns)
        self._codes.append(code)
