"""What all bands of a chart area share: the stretch of time shown, and where the cursor stands. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.charts.series import F64, I64, Window

SPANS_S = (300, 600, 1800, 3600, 10800)
"""Five minutes to three hours; a trend point's ring on the desk holds 4,096 readings."""


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

    @property
    def window(self) -> Window:
        return Window(self.until_ns, self.span_s * 1_000_000_000, max(1, self.width_px))

    def follow(self, now_ns: int) -> None:
        """Let the right edge be now, rounded up to a whole pixel column: the window moves by columns or not
        at all, so what was drawn of a column stays as it was.
        """
        window = self.window
        column_ns = max(1, window.span_ns // window.width_px)
        self.until_ns = -(-now_ns // column_ns) * column_ns

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
        index = SPANS_S.index(self.span_s) + by
        if not 0 <= index < len(SPANS_S):
            return False
        self.span_s = SPANS_S[index]
        return True
