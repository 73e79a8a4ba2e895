"""Pages of a record, as the hub would bring them."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from console.model import events as ev
from console.model.query import IncidentPage, IncidentRow, LogPage
from tests.report.city import MARKET, START_NS, entry, log_of, one_of_each


def notes(first: int, last: int, text: str = "메모") -> tuple[ev.Entry, ...]:
    """Entries `last` down to `first`, newest first."""
    return tuple(
        entry(ev.IncidentNoted(incident_id="I1", person="kim", text=f"{text} {seq}"), seq, after_s=seq)
        for seq in range(last, first - 1, -1)
    )


def log_page(first: int, last: int, more: bool = False) -> LogPage:
    return LogPage(entries=notes(first, last), more=more)


def incident_page(count: int, more: bool = False, first: int = 0) -> IncidentPage:
    return IncidentPage(
        rows=tuple(
            IncidentRow(
                incident_id=f"I{number}", type="smoke", priority=1 + number % 4, place=MARKET.name,
                district="paldal", opened_at_ns=START_NS - number * 10**9, changed_at_ns=START_NS,
                stage="closed", owner="kim", agencies=("KR-119",),
            )
            for number in range(first, first + count)
        ),
        more=more,
    )  # fmt: skip


def history_page(more: bool = False) -> LogPage:
    """A fire from the signal to the close: opened, acknowledged after 8 s, handed off after 20 s, ..."""
    told = one_of_each()
    steps = (
        (0, "signal.received"), (0, "incident.opened"), (8, "incident.acknowledged"), (20, "handoff.queued"),
        (20.5, "handoff.received"), (31, "handoff.accepted"), (45, "handoff.dispatched"),
        (60, "incident.noted"), (345, "handoff.arrived"), (900, "incident.resolved"),
    )  # fmt: skip
    return LogPage(entries=tuple(log_of(*((at, told[kind]) for at, kind in steps))), more=more)


def shown(widget: QWidget) -> str:
    """Every label that can be seen, as one text."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())
