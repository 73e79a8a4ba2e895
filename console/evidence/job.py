"""What an export is asked, and how it tells of its progress, its success and its failure."""

from __future__ import annotations

from typing import Literal

from console.evidence.manifest import Badge, LedgerTie
from console.model.base import Record, Words
from console.model.footage import ExportCopy, ExportForm, MaskZone

Wrapping = Literal["folder", "zip"]

PROBLEMS = (
    "no_footage",       # nothing is recorded of any camera in this time
    "unreadable",       # it is recorded, and nothing of it can be used
    "removed",          # the recorder removed it while it was exported
    "disk_full",
    "not_writable",
    "exists",           # the name is taken
    "key_open",         # others can read the signing key
    "key_damaged",
    "cannot_mask",      # pictures cannot be decoded, so they cannot be masked
    "cancelled",
    "ended",            # the process ended without a word
    "other",
)  # fmt: skip
"""Codes of failures; their words are `evidence.problem.CODE`."""


class JobCamera(Record, frozen=True, kw_only=True):
    """A camera of a job, with what the desk knows of it."""

    camera_id: str
    name: Words
    place: Words
    purpose: str = ""
    lat: float = 0.0
    lon: float = 0.0
    zones: tuple[MaskZone, ...] = ()
    badge: Badge | None = None
    clear_region: tuple[tuple[float, float], ...] = ()
    """Corners as fractions of the picture; inside, what moves stays clear in the masked copy."""


class ExportJob(Record, frozen=True, kw_only=True):
    """One export that the hub has put on record. Files go to `place/NAME` or `place/NAME.zip`."""

    export_id: str
    home: str
    place: str
    name: str
    wrapping: Wrapping
    cameras: tuple[JobCamera, ...]
    from_ns: int
    to_ns: int
    form: ExportForm
    copies: tuple[ExportCopy, ...]
    blur_movers: bool
    reason: str
    legal_basis: str
    recipient: str
    operator: str
    desk: str
    city: str
    time_zone: str
    ledger: LedgerTie


class StillJob(Record, frozen=True, kw_only=True):
    """One picture of the recording for drawing on, at most `width_px` wide."""

    home: str
    camera_id: str
    at_ns: int
    width_px: int
    zones: tuple[MaskZone, ...] = ()
    """Hidden before the picture leaves the process."""


class Progress(Record, frozen=True, kw_only=True, tag_field="told", tag="progress"):
    """`done` from 0 to 1; `step` is "reading", "masking", "signing" or "packing"."""

    done: float
    step: str
    camera_id: str = ""


class Done(Record, frozen=True, kw_only=True, tag_field="told", tag="done"):
    """It is there. `without_pictures` are cameras nothing was recorded of."""

    path: str
    manifest_sha256: str
    fingerprint: str
    files: int
    bytes: int
    clips: int
    without_pictures: tuple[str, ...] = ()
    gaps: int = 0
    damaged: tuple[str, ...] = ()


class Failed(Record, frozen=True, kw_only=True, tag_field="told", tag="failed"):
    """Nothing was left behind. `code` is one of `PROBLEMS`, `detail` the machine's own words."""

    code: str
    detail: str = ""


Told = Progress | Done | Failed


class ExportFailed(Exception):
    """Ends an export: nothing of it stays on disk."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail
