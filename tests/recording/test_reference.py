"""The reference page and the program say the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from console.clock import SteppedClock
from console.recording import Recorder, describe, layout
from console.recording import recorder as module
from console.recording.command import run_record
from console.recording.folder import recordings
from tests.recording.conftest import entry

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ref" / "recording.md").read_text(encoding="utf-8")


def test_the_columns_are_described_as_they_are_in_every_file() -> None:
    assert f"```\n{layout.COLUMNS}```" in PAGE


def test_every_key_of_the_metadata_and_every_channel_is_described(
    record: Callable[..., Recorder], folder: Path, clock: SteppedClock
) -> None:
    recorder = record()
    recorder.entry(entry(1, clock.now_ns()))
    recorder.close()
    about = describe(recordings(folder)[0]).about
    described = set(re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.M))
    assert described == {*about, layout.DECISIONS, layout.TELEMETRY}


def test_the_limits_are_the_ones_in_force() -> None:
    assert (module.MAX_BYTES, module.MAX_AGE_S, module.KEEP_BYTES) == (256 << 20, 3600, 20 << 30)
    assert (module.MIN_FREE_BYTES, module.MAX_WAITING_BYTES) == (1 << 30, 64 << 20)
    for said in ("| 256 MiB |", "| 3600 s |", "| 20 GiB |", "| 1 GiB |", "| 64 MiB |"):
        assert said in PAGE


def test_every_option_of_the_command_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_record(["--help"])
    options = set(re.findall(r"--\w+", capsys.readouterr().out)) - {"--help"}
    assert options == {"--home", "--from", "--for"}
    assert all(f"[{one} " in PAGE for one in options)
