"""How the state follows: recorded pictures and their recorders."""

from __future__ import annotations

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.footage import FootageLock
from console.model.recording import RecorderStanding


def _locked(state: CityState, entry: ev.Entry, event: ev.FootageLocked) -> None:
    state.footage_locks[event.lock_id] = FootageLock(
        id=event.lock_id, camera_ids=event.camera_ids, from_ns=event.from_ns, to_ns=event.to_ns,
        reason=event.reason, person=event.person,
    )


def _unlocked(state: CityState, entry: ev.Entry, event: ev.FootageUnlocked) -> None:
    state.footage_locks.pop(event.lock_id, None)
    sort, _, incident_id = event.lock_id.partition(":")
    if sort == "incident" and incident_id in state.incidents:
        state.released_footage[incident_id] = entry.at_ns


def _export_started(state: CityState, entry: ev.Entry, event: ev.FootageExportStarted) -> None:
    state.exports[event.export_id] = event.desk


def _export_finished(state: CityState, entry: ev.Entry, event: ev.FootageExportFinished) -> None:
    state.exports.pop(event.export_id, None)


def _recorder_changed(state: CityState, entry: ev.Entry, event: ev.RecorderChanged) -> None:
    state.recorders[event.recorder] = RecorderStanding(report=event.report, since_ns=entry.at_ns)


FOLDS: Folds = {
    ev.FootageLocked: _locked,
    ev.FootageUnlocked: _unlocked,
    ev.FootageExportStarted: _export_started,
    ev.FootageExportFinished: _export_finished,
    ev.RecorderChanged: _recorder_changed,
}
