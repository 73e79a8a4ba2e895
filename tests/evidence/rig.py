"""Footage of the shipped feeds, and jobs as a desk would make them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from console.clock import SECOND_NS
from console.evidence.export import export
from console.evidence.job import Done, ExportJob, JobCamera, Progress
from console.evidence.manifest import LedgerTie
from console.footage.layout import FOLDER
from console.footage.writer import write_clip
from console.model.base import Words
from console.paths import shipped

BEGIN_NS = 1_774_000_000 * SECOND_NS
FEEDS = shipped("assets") / "feeds"


def record(home: Path, camera_id: str = "CAM-1", clip: str = "junction", begin_ns: int = BEGIN_NS) -> int:
    """Record a feed; the time of its last picture."""
    return write_clip(home / FOLDER, camera_id, FEEDS / f"{clip}.mp4", begin_ns)


def camera(camera_id: str = "CAM-1", **said: Any) -> JobCamera:
    place = Words(en="Paldalmun gate", ko="팔달문")
    return JobCamera(camera_id=camera_id, name=Words(en="Gate 1", ko="팔달문 1"), place=place, **said)


def job(home: Path, **changes: Any) -> ExportJob:
    told: dict[str, Any] = {
        "export_id": "e1", "home": str(home), "place": str(home / "exports"), "name": "e1",
        "wrapping": "folder", "cameras": (camera(),), "from_ns": BEGIN_NS + SECOND_NS,
        "to_ns": BEGIN_NS + 6 * SECOND_NS, "form": "clip", "copies": ("original",), "blur_movers": False,
        "reason": "Theft 2026-17", "legal_basis": "Warrant 5", "recipient": "Suwon Nambu police",
        "operator": "kim", "desk": "desk-1", "city": "suwon", "time_zone": "Asia/Seoul",
        "ledger": LedgerTie(run="r1", head_seq=12, head_sha256="ab" * 32, export_entry_seq=12),
    }  # fmt: skip
    return ExportJob(**{**told, **changes})


def made(home: Path, **changes: Any) -> tuple[Path, Done]:
    """Export; where it is and what was said of it."""
    done = export(job(home, **changes), _nobody)
    return Path(done.path), done


def _nobody(progress: Progress) -> None:
    assert 0 <= progress.done <= 1
