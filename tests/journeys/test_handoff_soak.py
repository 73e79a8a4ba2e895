"""A thousand hand-offs over a bad line, hub and partner killed at random: one case each, nothing lost, nobody
left waiting in silence. And the checker that says so has teeth."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.soak]


def storm(*words: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "console.cli", "bench", "handoff-chaos", *words], capture_output=True,
        text=True, timeout=3600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def test_a_thousand_hand_offs_make_a_thousand_cases_whatever_the_line_does() -> None:
    found = storm("--count", "1000")
    assert found["good"], found
    assert found["count"] == 1000


def test_a_partner_that_knows_no_key_again_is_found_out() -> None:
    found = storm("--count", "60", "--without-key")
    assert found["checker_failed"], found
    assert found["duplicates"]
