"""Ten real days of calls through the correlation, each told ten times more."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.bench import correlate
from console.bench.correlate import wrong_pairs
from tests.rules.correlate.town import clue


@pytest.mark.needs_shared_data
def test_real_calls_lose_nothing_and_nothing_is_merged_that_must_not_be(shared_data: Path) -> None:
    told = correlate.run(["--data", str(shared_data), "--extra", "4"])
    assert told["calls"] == 3762
    assert told["clues"] == 3762 * 5
    assert told["wrong_merges"] == told["lost"] == 0
    assert 0.85 < told["incidents_per_call"] < 1.15


def test_the_count_of_wrong_merges_has_teeth() -> None:
    near, far, late = clue("a"), clue("b", east_m=2_001), clue("b", at_s=3_601)
    assert wrong_pairs([near, far]) == wrong_pairs([near, late]) == 1
    assert wrong_pairs([near, clue("b", east_m=1_999, at_s=3_599)]) == 0
    assert wrong_pairs([near, clue("a", east_m=9_000)]) == 0


@pytest.mark.parametrize("words", [["--extra", "11"], ["--data", "nowhere"]])
def test_what_cannot_be_measured_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        correlate.run(words)
    assert "--" in capsys.readouterr().err
