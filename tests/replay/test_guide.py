"""The guide's keys are those of the console."""

from __future__ import annotations

import re

from tests.replay.conftest import Replay
from tests.setup.source import REPO
from widgets.kit.actions import key_text
from widgets.wall.instant import ACTS


def tables() -> list[list[str]]:
    """The keys of each table of the guide, in order."""
    found: list[list[str]] = [[]]
    for line in (REPO / "docs" / "guide" / "replay.md").read_text("utf-8").splitlines():
        row = re.match(r"\| (\S+) \| ", line)
        if row:
            found[-1].append(row[1])
        elif found[-1] and not line.startswith("|"):
            found.append([])
    return found


def test_the_guide_names_every_key_of_replay_in_a_pane() -> None:
    assert sorted(tables()[0][1:]) == sorted(key for _, key in ACTS)


def test_the_guide_names_every_key_of_the_page(replay: Replay) -> None:
    said = [key_text(act.shortcut()) for act in replay.page.actions() if act.act_id.startswith("timeline.")]
    assert len(said) == 23
    told = next(one for one in tables() if "Ctrl+End" in one)
    assert sorted(told[1:]) == sorted(said)
