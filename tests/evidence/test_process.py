"""The exporting process: told, cancelled, killed; never anything left that looks whole."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from console.clock import SECOND_NS
from console.evidence.job import Done, Failed
from console.evidence.package import UNFINISHED, Staging
from console.evidence.running import ExportRun
from console.evidence.verify import verify
from tests.evidence.rig import BEGIN_NS, job, made, record
from tests.guards.waiting import until


def long_job(home: Path) -> ExportRun:
    record(home, clip="plaza_bag")
    return ExportRun(job(home, copies=("masked",), blur_movers=True, to_ns=BEGIN_NS + 20 * SECOND_NS))


def half_done(home: Path) -> bool:
    return any((home / "exports").glob(f"{UNFINISHED}*/masked/*.mp4"))


def test_a_run_tells_its_progress_and_its_end(tmp_path: Path):
    record(tmp_path)
    run = ExportRun(job(tmp_path, copies=("original", "masked")))
    run.start()
    seen: set[str] = set()
    until(lambda: seen.add(run.progress.step) or run.result is not None, "the export", 60)
    run.wait()
    assert isinstance(run.result, Done), run.result
    assert verify(Path(run.result.path), run.result.fingerprint).is_good
    assert "masking" in seen


def test_a_cancelled_run_leaves_nothing(tmp_path: Path):
    run = long_job(tmp_path)
    run.start()
    until(lambda: half_done(tmp_path), "something half done", 60)
    run.cancel()
    run.wait()
    assert run.result == Failed(code="cancelled")
    assert list((tmp_path / "exports").iterdir()) == []


def test_a_killed_run_is_told_and_leaves_only_what_says_that_it_is_unfinished(tmp_path: Path):
    run = long_job(tmp_path)
    run.start()
    until(lambda: half_done(tmp_path), "something half done", 60)
    assert run._process is not None
    os.kill(run._process.pid, signal.SIGKILL)
    run.wait()
    assert isinstance(run.result, Failed) and run.result.code == "ended"
    (left,) = (tmp_path / "exports").iterdir()
    assert left.name.startswith(UNFINISHED) and not verify(left).is_good


def test_what_a_killed_export_left_goes_with_the_next_one_and_what_another_holds_stays(tmp_path: Path):
    record(tmp_path)
    place = tmp_path / "exports"
    made(tmp_path, name="first")
    old = place / f"{UNFINISHED}old"
    fresh = place / f"{UNFINISHED}fresh"
    held = Staging(place, "held", "folder")
    for one in (old, fresh):
        (one / "original").mkdir(parents=True)
    (place / f"{old.name}.zip").write_bytes(b"PK")
    for one in (old, held.folder):
        os.utime(one, (BEGIN_NS / 1e9, BEGIN_NS / 1e9))
    made(tmp_path, name="second")
    assert {one.name for one in place.iterdir()} == {"first", "second", fresh.name, held.folder.name}
    held.abandon()
    assert not held.folder.exists()


def test_a_run_cancelled_before_it_began_starts_no_process(tmp_path: Path):
    run = ExportRun(job(tmp_path))
    run.cancel()
    run.start()
    run.wait()
    assert run.result == Failed(code="cancelled") and run._process is None
