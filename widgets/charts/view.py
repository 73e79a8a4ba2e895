"""What all bands of a chart area share: the stretch of time shown, and where the cursor stands. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.charts.series import F64, I64, Window

HOUR_S, DAY_S = 3600, 86400
SPANS_S = (
    60, 300, 600, 1800, HOUR_S, 3 * HOUR_S, 12 * HOUR_S, DAY_S, 7 * DAY_S, 30 * DAY_S, 91 * DAY_S, 365 *
    DAY_S,
    1826 * DAY_S,
)  # fmt: skip
"""A minute to five years; what the desk does not hold itself is read from history."""
SHORTEST_S, LONGEST_S = 5, SPANS_S[-1]
COMPARES = (0, 1, 7)
"""Nothing laid under; the same clock of the day before; of the same weekday a week before."""


@dataclass
class View:
    """`until_ns` is the right edge (now, unless told otherwise); `cursor_ns` is None while nobody asks."""

    until_ns: int = 0
    span_s: int = 600
    cursor_ns: int | None = None
    width_px: int = 1
    origin_ns: int = 0
    """Where the plots' axis of seconds begins: floats near it keep their nanoseconds."""
    second_axis: bool = False
    """A band has a second unit, so every band leaves room for a second axis: plots stay in line."""
    live: bool = True
    """Whether the right edge is now. Else it stands where it was put."""
    compare: int = 0
    """So many days before are laid under (see COMPARES)."""

    @property
    def window(self) -> Window:
        return Window(self.until_ns, self.span_s * 1_000_000_000, max(1, self.width_px))

    def follow(self, now_ns: int) -> None:
        """Let the right edge be now, rounded up to a whole pixel column: the window moves by columns or not
        at all, so what was drawn of a column stays as it was. Nothing where the view is not live.
        """
        if not self.live:
            return
        window = self.window
        column_ns = max(1, window.span_ns // window.width_px)
        self.until_ns = -(-now_ns // column_ns) * column_ns

    def pan(self, by_ns: int, now_ns: int) -> None:
        """Move the window in time; at now at the latest, where it is live again."""
        self.live = False
        self.until_ns += by_ns
        if self.until_ns >= now_ns:
            self.go_live()
            self.follow(now_ns)

    def zoom(self, factor: float, at_ns: int, now_ns: int) -> None:
        """Show `factor` times as long, the moment `at_ns` staying where it is. A live view stays live."""
        span_s = min(max(round(self.span_s * factor), SHORTEST_S), LONGEST_S)
        if span_s == self.span_s:
            return
        share = (self.until_ns - at_ns) / self.window.span_ns
        self.span_s = span_s
        if not self.live:
            self.until_ns = at_ns + round(share * span_s * 1e9)
            self.pan(0, now_ns)
        else:
            self.follow(now_ns)

    def show(self, from_ns: int, to_ns: int, now_ns: int) -> None:
        """Show this stretch."""
        self.span_s = min(max(-(-(to_ns - from_ns) // 1_000_000_000), SHORTEST_S), LONGEST_S)
        self.live, self.until_ns = False, to_ns
        self.pan(0, now_ns)

    def go_live(self) -> None:
        """The right edge is now from here on."""
        self.live = True

    def holds(self, at_ns: int) -> bool:
        """Whether a moment is shown."""
        window = self.window
        return window.since_ns <= at_ns <= window.until_ns

    def seconds(self, at_ns: I64 | int) -> F64 | float:
        """A moment, or an array of them, on the plots' axis of seconds."""
        return (at_ns - self.origin_ns) / 1e9

    def seconds_at(self, x: F64 | float) -> F64 | float:
        """The same for pixels from the left edge of the window."""
        window = self.window
        return self.seconds(window.since_ns) + x * (window.span_ns / 1e9 / window.width_px)

    def longer(self) -> bool:
        """Show the next longer stretch; False at the longest."""
        return self._step(1)

    def shorter(self) -> bool:
        """Show the next shorter stretch; False at the shortest."""
        return self._step(-1)

    def move_cursor(self, columns: int) -> None:
        """Move by pixel columns, from the right edge when there was no cursor; it stays inside the window."""
        window = self.window
        at_ns = self.cursor_ns if self.cursor_ns is not None else self.until_ns
        at_ns += int(columns * window.span_ns / window.width_px)
        self.cursor_ns = min(max(at_ns, window.since_ns), window.until_ns)

    def put_cursor(self, x: float) -> None:
        """Put the cursor under a pixel of the plot."""
        window = self.window
        self.cursor_ns = min(max(window.at_ns(x), window.since_ns), window.until_ns)

    def _step(self, by: int) -> bool:
        """To the next listed span; a live view keeps its right edge, another its middle."""
        longer = [one for one in SPANS_S if one > self.span_s]
        shorter = [one for one in SPANS_S if one < self.span_s]
        found = longer[:1] if by > 0 else shorter[-1:]
        if not found:
            return False
        if not self.live:
            self.until_ns += (found[0] - self.span_s) * 500_000_000
        self.span_s = found[0]
        return True
