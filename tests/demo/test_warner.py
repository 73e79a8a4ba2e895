"""The demo's weather service: warnings when they are due, as messages the gateway reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.clock import SteppedClock
from console.demo.warner import DemoWarner
from console.gateways.cap.alert import read_alert
from console.gateways.cap.tree import tree_of
from console.gateways.story import load_story
from console.profile import load_profile
from console.rules.coverage import CityGround, Covered


@pytest.mark.parametrize(("story", "city"), [("suwon_dusk", "suwon"), ("glasgow_night", "glasgow")])
def test_each_warning_of_a_story_is_written_once_a_round_and_is_for_its_city(
    tmp_path: Path, story: str, city: str
) -> None:
    told, clock = load_story(story), SteppedClock()
    warner = DemoWarner(told, tmp_path / "in", clock, 1.0)
    warner.step()
    assert list((tmp_path / "in").glob("*.cap")) == []
    clock.step(told.duration_s - 1.0)
    warner.step()
    warner.step()
    files = sorted((tmp_path / "in").glob("*.cap"), key=lambda one: one.stat().st_mtime_ns)
    assert len(files) == len(told.warnings)
    messages = [read_alert(tree_of(one.read_bytes(), 1 << 20), "demo", one.name)[0] for one in files]
    assert [one.kind for one in messages] == [one.kind for one in told.warnings]
    ground = CityGround(load_profile(city), 0.05)
    for one in messages:
        for info in one.infos:
            assert ground.touched(info.areas) == Covered("polygon")
    assert messages[-1].references[0].identifier == messages[-2].identifier
    clock.step(told.duration_s)
    warner.step()
    assert len(list((tmp_path / "in").glob("*.cap"))) == 2 * len(told.warnings)
