"""What the record says of a year's goals: facts gathered from entries, and each measure over a time.

Measures: `availability_percent` and `repair_h` come from changes of condition
(console.telemetry.availability); `alarms_day` counts alarms put before a person as new; `acknowledge_s`
is the median from an incident's opening to the first acknowledgement; `receipt_s` the median from a hand-
off's queueing to the partner's receipt; `false_percent` the share of resolved incidents that were none;
`controls_percent` the share of orders a device carried out; `report_answer_h` the median from a citizen's
report to its first answer. A measure counts what began in the time.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean, median

import numpy as np

from console.clock import SECOND_NS
from console.model import events as ev
from console.profile import Profile
from console.profile.goals import Goal
from console.telemetry.availability import Spent, by_group

HOUR_S, DAY_S = 3600, 86_400

_Fact = tuple[int, float, str, str]
"""When it began (ns), the figure, the system, the incident type."""


class GoalFacts:
    """Gathers what measures need. One thread."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._facts: dict[str, list[_Fact]] = {}
        self._opened: dict[str, tuple[int, str, str]] = {}
        self._acknowledged: set[str] = set()
        self._queued: dict[str, int] = {}
        self._received: dict[str, int] = {}
        self._orders: dict[str, tuple[int, str]] = {}

    KINDS = (
        "alarm.moved", "alarm.raised", "incident.opened", "case.opened",
        "incident.acknowledged", "incident.verified", "incident.responding", "incident.resolved",
        "handoff.queued", "handoff.received", "report.received", "report.status_changed", "control.ordered",
        "control.answered", "control.timed_out",
    )  # fmt: skip

    def take(self, entry: ev.Entry) -> None:
        """One entry of `KINDS`, in the order of the record."""
        at_ns = entry.at_ns
        match entry.event:
            case ev.AlarmMoved(before=before, after=after, device_id=device_id):
                if after == "B" != before:
                    self._add("alarms_day", at_ns, 1.0, self._system(device_id))
            case ev.AlarmRaised(device_id=device_id):
                self._add("alarms_day", at_ns, 1.0, self._system(device_id))
            case (
                ev.IncidentOpened(incident_id=incident_id, type=type_id, device_ids=device_ids)
                | ev.CaseOpened(incident_id=incident_id, type=type_id, device_ids=device_ids)
            ):
                system = self._system(device_ids[0]) if device_ids else ""
                self._opened[incident_id] = (at_ns, system, type_id)
            case ev.IncidentAcknowledged(incident_id=incident_id):
                self._since("acknowledge_s", incident_id, at_ns)
            case ev.IncidentResponding(incident_id=incident_id):
                self._since("acknowledge_s", incident_id, at_ns)
            case ev.IncidentVerified(incident_id=incident_id, verdict=verdict, over=over):
                self._since("acknowledge_s", incident_id, at_ns)
                if over:
                    self._resolved(incident_id, verdict)
            case ev.IncidentResolved(incident_id=incident_id, outcome=outcome):
                self._resolved(incident_id, outcome)
            case ev.HandoffQueued(handoff_id=handoff_id):
                self._queued[handoff_id] = at_ns
            case ev.HandoffReceived(handoff_id=handoff_id):
                queued = self._queued.pop(handoff_id, None)
                if queued is not None:
                    self._add("receipt_s", queued, (at_ns - queued) / SECOND_NS, "")
            case ev.ReportReceived(report_id=report_id):
                self._received[report_id] = at_ns
            case ev.ReportStatusChanged(report_id=report_id):
                received = self._received.pop(report_id, None)
                if received is not None:
                    self._add("report_answer_h", received, (at_ns - received) / SECOND_NS / HOUR_S, "reports")
            case ev.ControlOrdered(order_id=order_id, device_ids=device_ids):
                self._orders[order_id] = (at_ns, self._system(device_ids[0]) if device_ids else "")
            case ev.ControlAnswered(order_id=order_id, outcome=outcome, device_ids=device_ids):
                self._ordered(order_id, 100.0 * (outcome == "done"), len(device_ids))
            case ev.ControlTimedOut(order_id=order_id, sent=True, device_ids=device_ids):
                self._ordered(order_id, 0.0, len(device_ids))
            case _:
                pass

    def figure(self, goal: Goal, spent: Spent, from_ns: int, to_ns: int) -> tuple[float | None, int]:
        """What the record says of a goal in [from, to), and of how many facts; None where there is none."""
        if goal.measure in ("availability_percent", "repair_h"):
            return self._worked(goal, spent)
        found = [
            value
            for at_ns, value, system, type_id in self._facts.get(goal.measure, ())
            if from_ns <= at_ns < to_ns and goal.system in ("", system)
            and goal.incident_type in ("", type_id)
        ]  # fmt: skip
        if goal.measure == "alarms_day":
            days = (to_ns - from_ns) / SECOND_NS / DAY_S
            return (len(found) / days if days > 0 else None), len(found)
        return (_OF[goal.measure](found) if found else None), len(found)

    def _worked(self, goal: Goal, spent: Spent) -> tuple[float | None, int]:
        columns = self._profile.columns
        of_kind = np.array([goal.system in ("", one) for one in columns.kind_system])
        if not of_kind.any():
            return None, 0
        (told,) = by_group(spent, np.where(of_kind[columns.kind], 0, -1), only=(0,))
        if goal.measure == "repair_h":
            return (None if told.repair_s is None else told.repair_s / HOUR_S), told.failures
        return (None if told.share is None else told.share * 100), told.devices

    def _resolved(self, incident_id: str, outcome: str) -> None:
        opened = self._opened.pop(incident_id, None)
        self._acknowledged.discard(incident_id)
        if opened is not None:
            self._add("false_percent", opened[0], 100.0 * (outcome == "false"), *opened[1:])

    def _since(self, measure: str, incident_id: str, at_ns: int) -> None:
        opened = self._opened.get(incident_id)
        if opened is not None and incident_id not in self._acknowledged:
            self._acknowledged.add(incident_id)  # who acknowledges it again takes it over; the first counts
            self._add(measure, opened[0], (at_ns - opened[0]) / SECOND_NS, *opened[1:])

    def _ordered(self, order_id: str, done: float, devices: int) -> None:
        order = self._orders.get(order_id)
        if order is not None:
            for _ in range(devices):
                self._add("controls_percent", order[0], done, order[1])

    def _add(self, measure: str, at_ns: int, value: float, system: str, type_id: str = "") -> None:
        self._facts.setdefault(measure, []).append((at_ns, value, system, type_id))

    def _system(self, device_id: str) -> str:
        device = self._profile.devices.get(device_id)
        return device.system if device is not None else ""


_OF: dict[str, Callable[[list[float]], float]] = {
    "acknowledge_s": median, "receipt_s": median, "report_answer_h": median, "false_percent": fmean,
    "controls_percent": fmean,
}  # fmt: skip


def is_met(goal: Goal, value: float | None) -> bool | None:
    """Whether a figure keeps what was promised; None where there is none."""
    if value is None:
        return None
    return value >= goal.target if goal.at_least else value <= goal.target
