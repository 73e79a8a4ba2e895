"""Recorded pictures: looked at, locked, taken out. Each is on the record before it happens."""

from __future__ import annotations

from collections.abc import Callable

from console.model import commands as do
from console.model import events as ev
from console.model.footage import LONGEST_FOOTAGE_NS
from console.model.state import CityState
from console.rules.city import City, Phrase
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.rights import is_supervisor, refusal

LONGEST_TEXT = 10_000
LONGEST_ID = 80
INCIDENT_LOCK = "incident:"
"""How the id of an incident's own lock begins."""


class FootageRules:
    """Decides what is asked about recorded pictures."""

    def __init__(self, city: City, phrase: Phrase) -> None:
        self._city, self._phrase = city, phrase
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.ViewFootage: self._view, do.LockFootage: self._lock, do.UnlockFootage: self._unlock,
            do.ExportFootage: self._export, do.FinishExport: self._finish,
        }

    def _view(
        self, state: CityState, request: do.Request, command: do.ViewFootage, draft: Drafting, now: int
    ) -> Decision | Refusal:
        problem = self._range_problem(command.camera_ids, command.from_ns, command.to_ns)
        if problem is not None:
            return problem
        if not _is_text(command.purpose):
            return self._refuse("no_purpose")
        draft.add(
            ev.FootageViewed(
                desk=request.desk, person=request.person, camera_ids=command.camera_ids,
                from_ns=command.from_ns, to_ns=command.to_ns, purpose=command.purpose.strip(),
            )
        )
        return Decision(tuple(draft.drafts))

    def _lock(
        self, state: CityState, request: do.Request, command: do.LockFootage, draft: Drafting, now: int
    ) -> Decision | Refusal:
        problem = self._range_problem(command.camera_ids, command.from_ns, command.to_ns)
        if problem is not None:
            return problem
        if not _is_text(command.reason):
            return self._refuse("no_lock_reason")
        draft.add(
            ev.FootageLocked(
                lock_id=request.id, desk=request.desk, person=request.person, camera_ids=command.camera_ids,
                from_ns=command.from_ns, to_ns=command.to_ns, reason=command.reason.strip(),
            )
        )
        return Decision(tuple(draft.drafts))

    def _unlock(
        self, state: CityState, request: do.Request, command: do.UnlockFootage, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if not is_supervisor(self._city, request.desk):
            return self._refuse("supervisor_only")
        of_incident = command.lock_id.startswith(INCIDENT_LOCK) and len(command.lock_id) <= LONGEST_ID
        if command.lock_id not in state.footage_locks and not of_incident:
            return self._refuse("unknown_lock", lock=command.lock_id[:LONGEST_ID])
        if not _is_text(command.reason):
            return self._refuse("no_lock_reason")
        draft.add(
            ev.FootageUnlocked(
                lock_id=command.lock_id, desk=request.desk, person=request.person,
                reason=command.reason.strip(),
            )
        )
        return Decision(tuple(draft.drafts))

    def _export(
        self, state: CityState, request: do.Request, command: do.ExportFootage, draft: Drafting, now: int
    ) -> Decision | Refusal:
        problem = self._range_problem(command.camera_ids, command.from_ns, command.to_ns)
        if problem is not None:
            return problem
        if not command.export_id or len(command.export_id) > LONGEST_ID:
            return self._refuse("unknown_export", export=command.export_id[:LONGEST_ID])
        if command.export_id in state.exports:
            return NOTHING
        if not _is_text(command.reason) or not command.copies:
            return self._refuse("no_reason")
        if "original" in command.copies and not _is_text(command.legal_basis):
            return self._refuse("no_legal_basis")
        draft.add(
            ev.FootageExportStarted(
                export_id=command.export_id, desk=request.desk, person=request.person,
                camera_ids=command.camera_ids, from_ns=command.from_ns, to_ns=command.to_ns,
                form=command.form, copies=command.copies, reason=command.reason.strip(),
                legal_basis=command.legal_basis.strip(),
            )
        )
        return Decision(tuple(draft.drafts))

    def _finish(
        self, state: CityState, request: do.Request, command: do.FinishExport, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if state.exports.get(command.export_id) != request.desk:
            return self._refuse("unknown_export", export=command.export_id[:LONGEST_ID])
        draft.add(
            ev.FootageExportFinished(
                export_id=command.export_id, desk=request.desk, person=request.person,
                outcome=command.outcome, manifest_sha256=command.manifest_sha256[:64], files=command.files,
                bytes=command.bytes,
            )
        )
        return Decision(tuple(draft.drafts))

    def _range_problem(self, camera_ids: tuple[str, ...], from_ns: int, to_ns: int) -> Refusal | None:
        unknown = [one for one in camera_ids if one not in self._city.cameras]
        if unknown or not camera_ids:
            return self._refuse("unknown_device", device=", ".join(unknown[:3]) or "-")
        if not 0 < from_ns <= to_ns or to_ns - from_ns > LONGEST_FOOTAGE_NS:
            return self._refuse("bad_range")
        return None

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)


def _is_text(text: str) -> bool:
    return 0 < len(text.strip()) <= LONGEST_TEXT

