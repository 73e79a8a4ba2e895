"""What a recorder says of itself, decided: told once, and not again while it stays so."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.recording import MOST_TOLD, RecorderReport
from console.model.state import CityState
from console.rules.draft import NOTHING, Decision, Draft

LONGEST_PROBLEM = 200


def decide_recording(state: CityState, recorder: str, report: RecorderReport) -> Decision | str:
    """The problem in words for figures that cannot be."""
    if not 0 <= report.recorded <= report.cameras or len(report.missing) > MOST_TOLD:
        return "recorded and missing do not go with cameras"
    if len(report.problem) > LONGEST_PROBLEM or report.state == "silent":
        return "problem is too long, or a recorder that speaks says that it is silent"
    before = state.recorders.get(recorder)
    if before is not None and before.report.says_what(report):
        return NOTHING
    return _changed(recorder, report, f"gateway:{recorder}")


def decide_silence(state: CityState, recorder: str) -> Decision:
    """A recorder that recorded says nothing any more."""
    standing = state.recorders.get(recorder)
    if standing is None or standing.report.state != "recording":
        return NOTHING
    return _changed(recorder, msgspec.structs.replace(standing.report, state="silent"), "hub")


def _changed(recorder: str, report: RecorderReport, actor: str) -> Decision:
    event = ev.RecorderChanged(recorder=recorder, report=report)
    return Decision((Draft(event, ev.Cause(actor=actor)),))
