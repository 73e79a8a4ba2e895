"""How quickly help was told and took over, incident by incident, as a shift's report says it."""

from __future__ import annotations

from collections.abc import Iterable

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import Record
from console.report.describe import Teller
from console.report.times import duration_words

MOST_TIMED = 24
"""So many incidents stand above the lines: a head has to fit its page."""


class HandoffTime(Record, frozen=True, kw_only=True):
    """One incident, all in ns since 1970: opened, first handed off, first accepted (None: not among the
    entries). `step_ns`: how long the procedure's step for it took, None where no step was done by a hand-off;
    `due_ns` how long it might take, 0 for no limit."""

    incident_id: str
    opened_ns: int
    agency: str
    handed_ns: int
    accepted_by: str = ""
    accepted_ns: int | None = None
    step_ns: int | None = None
    due_ns: int = 0

    @property
    def late(self) -> bool:
        return self.step_ns is not None and 0 < self.due_ns < self.step_ns


class HandoffTimes:
    """Collects from entries in any order, page by page."""

    def __init__(self) -> None:
        self._opened: dict[str, int] = {}
        self._handed: dict[str, tuple[int, str, str]] = {}
        self._accepted: dict[str, int] = {}
        self._steps: dict[tuple[str, str, str, int], ev.ProcedureMoved] = {}
        self._told: dict[tuple[str, str, str, int], int] = {}

    def learn(self, entries: Iterable[ev.Entry]) -> None:
        """Take what these say of openings, hand-offs, acceptances and steps that a hand-off did."""
        for entry in entries:
            event, at_ns = entry.event, entry.at_ns
            if isinstance(event, ev.OPENED):
                _earlier(self._opened, event.incident_id, at_ns)
            elif isinstance(event, ev.HandoffQueued):
                known = self._handed.get(event.handoff_id)
                if known is None or at_ns < known[0]:
                    self._handed[event.handoff_id] = (at_ns, event.incident_id, event.agency)
            elif isinstance(event, ev.HandoffAccepted) or (
                isinstance(event, ev.HandoffSaid) and event.statement.said == "accepted"
            ):
                _earlier(self._accepted, event.handoff_id, at_ns)
            elif isinstance(event, ev.HandoffCalled) and event.call.outcome == "accepted":
                _earlier(self._accepted, event.handoff_id, event.call.called_at_ns)
            elif isinstance(event, ev.ProcedureMoved):
                key = (event.incident_id, event.procedure, event.step, event.round)
                if event.move == "opened":
                    self._steps[key] = event
                elif event.move in ("done", "answered") and event.because.startswith("handoff_"):
                    self._told[key] = event.at_ns

    def found(self) -> list[HandoffTime]:
        """Each incident that was opened and handed off among the entries, in the order of opening."""
        times: dict[str, HandoffTime] = {}
        for _, (handed_ns, incident_id, agency) in sorted(self._handed.items(), key=lambda one: one[1]):
            opened_ns = self._opened.get(incident_id)
            if opened_ns is None or incident_id in times:
                continue
            accepted = [
                (self._accepted[one], partner)
                for one, (_, whose, partner) in self._handed.items()
                if whose == incident_id and one in self._accepted
            ]
            accepted_ns, by = min(accepted, default=(None, ""))
            step_ns, due_ns = self._step(incident_id)
            times[incident_id] = HandoffTime(
                incident_id=incident_id, opened_ns=opened_ns, agency=agency, handed_ns=handed_ns,
                accepted_by=by, accepted_ns=accepted_ns, step_ns=step_ns, due_ns=due_ns,
            )  # fmt: skip
        return sorted(times.values(), key=lambda one: (one.opened_ns, one.incident_id))

    def _step(self, incident_id: str) -> tuple[int | None, int]:
        """How long the first step that a hand-off did was open, and how long it might be."""
        done = [
            (opened.at_ns, told_ns, opened.due_s)
            for key, told_ns in self._told.items()
            if key[0] == incident_id and (opened := self._steps.get(key)) is not None
        ]
        if not done:
            return None, 0
        opened_ns, told_ns, due_s = min(done)
        return told_ns - opened_ns, round(due_s * SECOND_NS)


def time_pairs(teller: Teller, times: list[HandoffTime]) -> list[tuple[str, str]]:
    """(incident, "119 told after 12 s, accepted by 119 after 24 s; step 14 s of 30 s"). Of more than
    MOST_TIMED the slowest are kept, and the others counted."""
    slowest = sorted(times, key=lambda one: one.opened_ns - one.handed_ns)[:MOST_TIMED]
    pairs = [(one.incident_id, _words(teller, one)) for one in times if one in slowest]
    if len(times) > len(pairs):
        pairs.append(("…", teller.catalogue.say("report.times.more", n=len(times) - len(pairs))))
    return pairs


def _words(teller: Teller, one: HandoffTime) -> str:
    say = teller.catalogue.say

    def after(at_ns: int) -> str:
        return duration_words(teller.catalogue, at_ns - one.opened_ns)

    parts = [say("report.times.told", agency=teller.agency(one.agency), time=after(one.handed_ns))]
    if one.accepted_ns is None:
        parts.append(say("report.times.not_accepted"))
    else:
        by = teller.agency(one.accepted_by)
        parts.append(say("report.times.accepted", agency=by, time=after(one.accepted_ns)))
    if one.step_ns is not None:
        took, due = (duration_words(teller.catalogue, ns) for ns in (one.step_ns, one.due_ns))
        kind = "late" if one.late else "step" if one.due_ns else "no_limit"
        parts.append(say(f"report.times.{kind}", time=took, due=due))
    return ", ".join(parts)


def _earlier(times: dict[str, int], name: str, at_ns: int) -> None:
    times[name] = min(at_ns, times.get(name, at_ns))
