"""Where a thread stands: `console.model.threadstanding`, which the fold uses too."""

from __future__ import annotations

from console.model.threadstanding import Standing, order_of, rung_times, standing

__all__ = ["Standing", "order_of", "rung_times", "standing"]
