"""What leaves the console of a chart: the shown columns as CSV, the shown bands as a picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from widgets.charts.content import Line
from widgets.charts.track import Track, cut
from widgets.kit.moments import Moments

ROWS_A_PIECE = 500
HEAD = ("time", "until", "point", "name", "unit", "value", "least", "greatest")


class Shown(NamedTuple):
    """A line and what is known of it in the shown time."""

    line: Line
    name: str
    track: Track


def csv_pieces(shown: Sequence[Shown], from_ns: int, to_ns: int, moments: Moments) -> Iterator[str]:
    """A heading and a row for each value, with a byte order mark so that a spreadsheet reads Korean.

    `until` is where a column of history ends (empty for a reading); `value` is then its mean. Times are the
    city's, with their offset.
    """
    yield "\ufeff" + ",".join(HEAD) + "\r\n"
    for one in shown:
        track = cut(one.track, from_ns, to_ns)
        rows = np.flatnonzero(np.isfinite(track.value) & (track.at_ns >= from_ns) & (track.at_ns <= to_ns))
        for begin in range(0, len(rows), ROWS_A_PIECE):
            out = io.StringIO(newline="")
            writer = csv.writer(out)
            for row in rows[begin : begin + ROWS_A_PIECE].tolist():
                writer.writerow(_row(one, track, row, moments))
            yield out.getvalue()


def _row(one: Shown, track: Track, row: int, moments: Moments) -> tuple[str, ...]:
    value = float(track.value[row])
    begin_ns, width_ns = int(track.at_ns[row]), 0
    if track.begin_ns is not None and track.width_ns is not None:
        begin_ns, width_ns = int(track.begin_ns[row]), int(track.width_ns[row])
    low = value if track.low is None else float(track.low[row])
    high = value if track.high is None else float(track.high[row])
    return (
        _time(moments, begin_ns), _time(moments, begin_ns + width_ns) if width_ns else "",
        one.line.point.id, one.name, one.line.point.unit, _said(value), _said(low), _said(high),
    )  # fmt: skip


def _time(moments: Moments, at_ns: int) -> str:
    return moments.local(at_ns).isoformat(timespec="milliseconds")


def _said(value: float) -> str:
    return f"{value:.10g}"
