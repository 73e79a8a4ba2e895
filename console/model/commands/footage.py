"""Orders about recorded pictures."""

from __future__ import annotations

from console.model.commands.base import Command
from console.model.footage import ExportCopy, ExportForm, ExportOutcome


class ViewFootage(Command, frozen=True, kw_only=True, tag="view_footage"):
    """Log that recorded pictures are looked at; they may be shown once this is accepted."""

    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    purpose: str


class LockFootage(Command, frozen=True, kw_only=True, tag="lock_footage"):
    """Keep this footage whatever its age. The lock's id is the request's."""

    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    reason: str


class UnlockFootage(Command, frozen=True, kw_only=True, tag="unlock_footage"):
    """Take a lock away, a person's or an incident's ("incident:ID"). Needs a supervisor's desk."""

    lock_id: str
    reason: str


class ExportFootage(Command, frozen=True, kw_only=True, tag="export_footage"):
    """Log that pictures leave the console; files may be written once this is accepted.

    The original pictures need a `legal_basis`; masked copies do not.
    """

    export_id: str
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    form: ExportForm
    copies: tuple[ExportCopy, ...]
    reason: str
    legal_basis: str = ""


class FinishExport(Command, frozen=True, kw_only=True, tag="finish_export"):
    """Say how an export ended."""

    export_id: str
    outcome: ExportOutcome
    manifest_sha256: str = ""
    files: int = 0
    bytes: int = 0
