"""`bongsu bench export`: how long an export takes from its start to the signed package, and a check of it."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from console.clock import SECOND_NS
from console.evidence.job import Done, ExportJob, JobCamera
from console.evidence.manifest import LedgerTie
from console.evidence.running import ExportRun
from console.evidence.verify import verify
from console.footage.layout import FOLDER, GAP_NS
from console.footage.writer import write_clip
from console.model.base import same_words
from console.paths import shipped

BEGIN_NS = 1_774_000_000 * SECOND_NS
CLIP = "street_bell"


def run(words: list[str]) -> dict[str, Any]:
    """`export_s` of `minutes` of one camera (process start, copy, hash, signature, sync and rename);
    `masked_x` how much faster than the clock a masked copy is made; `verify_mb_s`.
    """
    parser = argparse.ArgumentParser(prog="bongsu bench export")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--masked-s", type=float, default=20.0, help="length of the masked copy")
    parser.add_argument("--clip", default=CLIP, help="a feed of assets/feeds")
    told = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        home = Path(folder)
        pictures_s = _record(home, told.clip, told.minutes * 60)
        done, export_s = _timed(_job(home, "original", told.minutes * 60, False))
        _, masked_s = _timed(_job(home, "masked", told.masked_s, True))
        _, zones_s = _timed(_job(home, "masked", told.masked_s, False))
        began = time.perf_counter()
        checked = verify(Path(done.path), done.fingerprint)
        verify_s = time.perf_counter() - began
        if not checked.is_good:
            raise RuntimeError(f"the package is not good: {checked.wrong}")
        return {
            "minutes": told.minutes, "recorded_s": round(pictures_s, 1),
            "mb": round(done.bytes / 1e6, 1), "export_s": round(export_s, 3),
            "masked_x": round(told.masked_s / masked_s, 2), "zones_only_x": round(told.masked_s / zones_s, 2),
            "verify_s": round(verify_s, 3), "verify_mb_s": round(checked.bytes / 1e6 / verify_s, 1),
            "load_1min": round(os.getloadavg()[0], 2),
        }  # fmt: skip


def _record(home: Path, clip: str, seconds: float) -> float:
    """Record a feed again and again without a gap, as one camera."""
    at_ns = BEGIN_NS
    until_ns = BEGIN_NS + int(seconds * SECOND_NS)
    path = shipped("assets") / "feeds" / f"{clip}.mp4"
    while at_ns < until_ns:
        at_ns = write_clip(home / FOLDER, "CAM-1", path, at_ns) + GAP_NS // 30
    return (at_ns - BEGIN_NS) / SECOND_NS


def _job(home: Path, copy: str, seconds: float, blur_movers: bool) -> ExportJob:
    name = f"{copy}-{blur_movers}"
    return ExportJob(
        export_id=name, home=str(home), place=str(home / "exports"), name=name, wrapping="folder",
        cameras=(JobCamera(camera_id="CAM-1", name=same_words("CAM-1"), place=same_words("-")),),
        from_ns=BEGIN_NS, to_ns=BEGIN_NS + int(seconds * SECOND_NS), form="clip",
        copies=("original",) if copy == "original" else ("masked",), blur_movers=blur_movers,
        reason="measurement", legal_basis="-", recipient="", operator="bench", desk="bench", city="bench",
        time_zone="Asia/Seoul",
        ledger=LedgerTie(run="-", head_seq=0, head_sha256="-", export_entry_seq=0),
    )  # fmt: skip


def _timed(job: ExportJob) -> tuple[Done, float]:
    began = time.perf_counter()
    running = ExportRun(job)
    running.start()
    while running.result is None:
        time.sleep(0.005)
    took_s = time.perf_counter() - began
    running.wait()
    if not isinstance(running.result, Done):
        raise RuntimeError(f"the export failed: {running.result}")
    return running.result, took_s
