"""Everything a thread can say has words in both languages, and every figure says where it is from."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from console.handoff.texts import both
from console.handoff.thread.figures import FILE, ladder
from console.handoff.thread.steps import FLAGGED
from console.handoff.thread.waits import WaitFor
from console.model.ladder import End, Rung
from console.paths import shipped

KEYS = [
    *(f"ladder.rung.{one}" for one in get_args(Rung)),
    *(f"ladder.end.{one}" for one in get_args(End) if one),
    *(f"ladder.wait.{one}" for one in get_args(WaitFor)),
    *(f"ladder.flag.{one}" for one in sorted(FLAGGED)),
    *(f"ladder.flag.{one}" for one in ("two_cases", "read_back", "two_going", "no_result")),
    *(f"ladder.channel.{one}" for one in ladder().phone.channels),
    *(f"ladder.outcome.{one}" for one in ladder().phone.outcomes),
    *(f"ladder.gap.{one}" for one in ("address", "place", "code", "seen", "stills", "clip")),
]


@pytest.mark.parametrize("key", KEYS)
def test_each_has_words_in_both_languages(key):
    words = both(key)
    assert words.en and re.search("[가-힣]", words.ko)


def test_each_figure_says_where_it_is_from():
    text = (shipped("seeds") / FILE).read_text("utf-8")
    figures = [line for line in text.splitlines() if re.match(r"[a-z_0-9]+ *= *[0-9]", line)]
    assert len(figures) > 30
    assert [line for line in figures if "#" not in line or len(line.split("#")[1].strip()) < 6] == []
