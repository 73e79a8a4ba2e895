"""An officer asks for pictures: exported under a real hub, checked by a stranger's Python."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from console.clock import SECOND_NS, SystemClock
from console.evidence.manifest import read
from console.footage.layout import FOLDER
from console.footage.writer import write_clip
from console.ledger import Ledger
from console.model import events as ev
from console.paths import shipped
from tests.guards.waiting import until
from tests.journeys.conftest import Players

pytestmark = pytest.mark.journey
AGO_S = 120


def record(players: Players, clip: str = "plaza_bag") -> tuple[str, int]:
    """Footage as the recorder leaves it: a camera of the city and when its pictures begin."""
    camera_id = next(iter(players.profile.cameras))
    begin_ns = SystemClock().now_ns() - AGO_S * SECOND_NS
    write_clip(players.home / FOLDER, camera_id, shipped("assets") / "feeds" / f"{clip}.mp4", begin_ns)
    return camera_id, begin_ns


def entries(home: Path) -> list[ev.Entry]:
    ledger = Ledger.open(home / "ledger" / "ledger.db", SystemClock())
    try:
        return list(ledger.entries())
    finally:
        ledger.close()


def export(players: Players, *words: str) -> subprocess.Popen[bytes]:
    return players.start(
        "export", *words, "--home", str(players.home), "--from", "118s", "--reason", "Theft 2026-17"
    )


def test_an_incident_clip_is_exported_checked_by_the_script_alone_and_opened_by_ffprobe(
    players: Players, tmp_path: Path
):
    hub = players.hub()
    camera_id, _ = record(players)
    refused = export(players, camera_id, "--until", "105s", "--copies", "original")
    assert refused.wait(60) == 1
    assert "legal basis" in players.said()
    assert not (players.home / "exports").exists(), "nothing is written before the hub allows it"

    done = export(
        players, camera_id, "--until", "105s", "--copies", "both", "--legal-basis", "Warrant 5",
        "--recipient", "Suwon Nambu police",
    )
    assert done.wait(110) == 0, players.said()
    (package,) = (players.home / "exports").iterdir()
    manifest = read((package / "manifest.json").read_bytes())
    assert {one.copy for one in manifest.pieces} == {"original", "masked"}
    assert manifest.recipient == "Suwon Nambu police"
    assert manifest.ledger.head_seq >= manifest.ledger.export_entry_seq > 0

    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(shipped("assets") / "evidence" / "verify.py", alone)
    said = subprocess.run(
        [sys.executable, "-I", "verify.py", str(package), manifest.key_fingerprint], cwd=alone,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "") and "GOOD: unchanged" in said.stdout
    if shutil.which("ffprobe"):
        for piece in manifest.pieces:
            words = ["ffprobe", "-v", "error", "-show_streams", "-count_frames", "-of", "json", piece.file]
            opened = subprocess.run(words, cwd=package, capture_output=True, text=True, timeout=60)
            (stream,) = json.loads(opened.stdout)["streams"]
            assert stream["codec_name"] == "h264" and opened.stderr == ""
            assert int(stream["nb_read_frames"]) == piece.figures.pictures

    assert players.end(hub) == 0
    log = entries(players.home)
    started = next(one for one in log if isinstance(one.event, ev.FootageExportStarted))
    ended = next(one for one in log if isinstance(one.event, ev.FootageExportFinished))
    assert started.seq == manifest.ledger.export_entry_seq < ended.seq
    assert ended.event.outcome == "done"
    import hashlib

    assert ended.event.manifest_sha256 == hashlib.sha256((package / "manifest.json").read_bytes()).hexdigest()


def test_an_export_that_is_stopped_leaves_nothing_and_its_end_is_on_the_record(players: Players):
    hub = players.hub()
    camera_id, _ = record(players)
    running = export(players, camera_id, "--until", "100s")
    place = players.home / "exports"
    until(lambda: place.exists() and list(place.glob(".unfinished-*/masked/*")), players.said, 60)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 1
    assert list(place.iterdir()) == []
    assert players.end(hub) == 0
    ended = [one.event for one in entries(players.home) if isinstance(one.event, ev.FootageExportFinished)]
    assert [one.outcome for one in ended] == ["cancelled"]


def test_without_footage_the_command_says_so_and_the_record_knows(players: Players):
    hub = players.hub()
    camera_id = next(iter(players.profile.cameras))
    process = export(players, camera_id, "--until", "100s")
    assert process.wait(60) == 1
    assert "Nothing is recorded" in players.said()
    assert players.end(hub) == 0
    ended = [one.event for one in entries(players.home) if isinstance(one.event, ev.FootageExportFinished)]
    assert [one.outcome for one in ended] == ["failed"]


def test_the_script_needs_nothing_of_the_console(tmp_path: Path):
    """A Python of its own that has `cryptography` and not us."""
    folder = tmp_path / "stranger"
    venv.create(folder, with_pip=False)
    import cryptography

    site = Path(cryptography.__file__).parent.parent
    stranger = folder / "bin" / "python"
    target = next((folder / "lib").glob("python*")) / "site-packages"
    for name in ("cryptography", "cffi", "pycparser"):
        if (site / name).exists():
            (target / name).symlink_to(site / name)
    for binary in site.glob("_cffi_backend*"):
        (target / binary.name).symlink_to(binary)
    from tests.evidence.rig import made
    from tests.evidence.rig import record as record_feed

    record_feed(tmp_path / "home")
    package, done = made(tmp_path / "home", wrapping="zip")
    shutil.copy(shipped("assets") / "evidence" / "verify.py", tmp_path)
    foreign = subprocess.run([stranger, "-I", "-c", "import console"], capture_output=True, cwd=tmp_path)
    assert foreign.returncode != 0, "the stranger must not have the console"
    said = subprocess.run(
        [stranger, "-I", str(tmp_path / "verify.py"), str(package), done.fingerprint], capture_output=True,
        text=True, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert said.returncode == 0 and "GOOD: unchanged" in said.stdout, said
