"""The bench of alarms measures the same work both ways."""

from __future__ import annotations

import pytest

from console.bench import alarms


def test_all_at_once_and_one_by_one_make_the_same_moves() -> None:
    figures = alarms.run(["--points", "300", "--seconds", "60", "--abnormal", "0.2"])
    assert figures["moves_agree"]
    assert figures["moves"] > 60
    assert figures["bytes_per_point"] <= 120


@pytest.mark.parametrize("words", [["--points", "0"], ["--seconds", "0"], ["--abnormal", "2"]])
def test_what_cannot_be_measured_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        alarms.run(words)
    assert "abnormal from 0 to 1" in capsys.readouterr().err
