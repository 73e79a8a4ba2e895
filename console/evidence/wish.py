"""What a person wants exported; from it the command for the hub and, once that is accepted, the job."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from console.clock import SECOND_NS
from console.evidence.job import ExportJob, JobCamera, Wrapping
from console.evidence.manifest import Badge, LedgerTie
from console.model.base import Record
from console.model.commands import Accepted, ExportFootage, FinishExport
from console.model.footage import ExportCopy, ExportForm, MaskZone
from console.model.query import LedgerHead
from console.profile import Profile
from console.video.condition import PaneState

Corners = tuple[tuple[float, float], ...]


class ExportWish(Record, frozen=True, kw_only=True):
    """Everything a person says. Masked copies are the default; the original needs a legal basis."""

    export_id: str
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    form: ExportForm = "clip"
    copies: tuple[ExportCopy, ...] = ("masked",)
    blur_movers: bool = True
    wrapping: Wrapping = "folder"
    reason: str = ""
    legal_basis: str = ""
    recipient: str = ""
    place: str = ""


def new_export_id() -> str:
    return uuid.uuid4().hex[:12]


def default_place(home: Path) -> Path:
    return home / "exports"


def command_of(wish: ExportWish) -> ExportFootage:
    """What the hub must accept before the first byte is written."""
    reason = wish.reason if not wish.recipient else f"{wish.reason} (-> {wish.recipient})"
    return ExportFootage(
        export_id=wish.export_id, camera_ids=wish.camera_ids, from_ns=wish.from_ns, to_ns=wish.to_ns,
        form=wish.form, copies=wish.copies, reason=reason, legal_basis=wish.legal_basis,
    )


def job_of(
    wish: ExportWish, home: Path, profile: Profile, masks: Mapping[str, tuple[MaskZone, ...]], desk: str,
    person: str, accepted: Accepted, head: LedgerHead, badges: Mapping[str, Badge] = MappingProxyType({}),
    clear_regions: Mapping[str, Corners] = MappingProxyType({}),
) -> ExportJob:  # fmt: skip
    """The job of an accepted wish. `masks` are the privacy zones in force by camera. Raises KeyError for a
    camera the profile does not have.
    """
    stamp = datetime.fromtimestamp(wish.from_ns // SECOND_NS, UTC).astimezone(ZoneInfo(profile.time_zone))
    return ExportJob(
        export_id=wish.export_id, home=str(home), place=wish.place or str(default_place(home)),
        name=f"{profile.city}-{stamp:%Y%m%d-%H%M%S}-{wish.export_id}", wrapping=wish.wrapping,
        cameras=tuple(
            _camera(profile, one, masks.get(one, ()), badges.get(one), clear_regions.get(one, ()))
            for one in wish.camera_ids
        ),
        from_ns=wish.from_ns, to_ns=wish.to_ns, form=wish.form, copies=wish.copies,
        blur_movers=wish.blur_movers, reason=wish.reason, legal_basis=wish.legal_basis,
        recipient=wish.recipient, operator=person, desk=desk, city=profile.city, time_zone=profile.time_zone,
        ledger=LedgerTie(
            run=head.run, head_seq=head.seq, head_sha256=head.hash, export_entry_seq=accepted.seq
        ),
    )  # fmt: skip


def _camera(
    profile: Profile, camera_id: str, zones: tuple[MaskZone, ...], badge: Badge | None, clear: Corners
) -> JobCamera:
    device, camera = profile.devices[camera_id], profile.cameras[camera_id]
    return JobCamera(
        camera_id=camera_id, name=device.name, place=device.place.name, purpose=camera.purpose,
        lat=device.place.position.lat, lon=device.place.position.lon, zones=zones, badge=badge,
        clear_region=clear,
    )  # fmt: skip


def badge_of(state: PaneState) -> Badge:
    """What a pane says of its camera, for the manifest."""
    return Badge(
        state=state.state, reason=state.reason, age_ms=state.age_ms, lag_ms=state.lag_ms,
        fps=round(state.fps, 2), width=state.width, height=state.height, codec=state.codec, cut=state.cut,
        cut_cause=state.cut_cause, skipped=state.skipped, corrupt=state.corrupt,
        clock_offset_ms=state.clock_offset_ms,
    )  # fmt: skip


def finished(export_id: str, manifest_sha256: str, files: int, size_bytes: int) -> FinishExport:
    return FinishExport(
        export_id=export_id, outcome="done", manifest_sha256=manifest_sha256, files=files, bytes=size_bytes
    )


def given_up(export_id: str, cancelled: bool) -> FinishExport:
    return FinishExport(export_id=export_id, outcome="cancelled" if cancelled else "failed")
