"""The scenario gateway: the story as data, and measurements that move as such measurements do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS, SteppedClock
from console.gateways.scenario import ScenarioGateway, _share
from console.gateways.simulation import PatternError, Simulation, load_patterns
from console.gateways.story import StoryError, StoryRamp, check_story, load_story
from console.model.fact import AnyFact, SignalSeen
from console.profile import Profile, load_profile
from console.rules.alarm.city import CityAlarms
from console.rules.alarm.figures import load_alarm_figures
from console.telemetry.table import Columns

STORIES = {"suwon": "suwon_dusk", "glasgow": "glasgow_night"}


@pytest.fixture(scope="module", params=sorted(STORIES))
def city(request: pytest.FixtureRequest) -> Profile:
    return load_profile(request.param)


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


class Paper:
    """A link that only writes down what it is given."""

    def __init__(self) -> None:
        self.batches: list[Columns] = []
        self.facts: list[AnyFact] = []

    def publish(self, columns: Columns) -> None:
        self.batches.append(columns)

    def report(self, fact: AnyFact) -> None:
        self.facts.append(fact)


def play(profile: Profile, seconds: float, speed: float = 1.0) -> tuple[Paper, SteppedClock]:
    clock, paper = SteppedClock(), Paper()
    simulation = Simulation(profile, load_patterns(), 9 * 3600)
    gateway = ScenarioGateway(
        profile, load_story(STORIES[profile.city]), simulation, paper, clock, speed, "s"  # type: ignore[arg-type]
    )
    for _ in range(int(seconds / 0.25)):
        clock.step(0.25)
        gateway.step()
    return paper, clock


def test_every_story_names_only_what_its_city_has(city: Profile):
    story = load_story(STORIES[city.city])
    check_story(story, city.devices, city.point_by_id, city.controls)
    for chapter in story.chapters:
        assert chapter.incident in city.incident_types or (chapter.every_s and not chapter.incident)
        assert {one for act in chapter.acts for one in act.partners} <= set(city.agencies)
        for signal in chapter.signals:
            assert city.type_of_signal[signal.type] == chapter.incident
        least = (20, 8) if chapter.every_s else (80, 40)  # what goes on beside a story is told in a line
        assert len(chapter.prose.en) > least[0] and len(chapter.prose.ko) > least[1]


def test_a_round_of_the_story_tells_everything_once_and_the_next_round_again(suwon: Profile):
    story = load_story("suwon_dusk")

    def told(until_s: float) -> int:
        """How many facts are due until then, chapter by chapter and round by round."""
        return sum(
            1 + int((until_s - due) // (chapter.every_s or story.duration_s))
            for chapter in story.chapters
            for one in (*chapter.signals, *chapter.conditions)
            if (due := chapter.at_s + one.after_s) <= until_s
        )

    paper, _ = play(suwon, story.duration_s / 10, speed=10)
    assert len(paper.facts) == told(story.duration_s) > 10
    paper, _ = play(suwon, 2 * story.duration_s / 10, speed=10)
    assert len({fact.uid for fact in paper.facts}) == len(paper.facts) == told(2 * story.duration_s)


def test_a_story_beside_another_comes_again_at_its_own_length(suwon: Profile):
    story = load_story("suwon_dusk")
    beside = [chapter for chapter in story.chapters if chapter.every_s]
    assert load_story("suwon_round").duration_s in {chapter.every_s for chapter in beside}
    (hit,) = [chapter for chapter in beside if chapter.id == "plate_hit"]
    paper, _ = play(suwon, (hit.at_s + hit.every_s + 10) / 10, speed=10)
    assert [one.type for one in paper.facts if isinstance(one, SignalSeen)].count("plate_hit") == 2


def test_what_is_to_go_on_beside_must_be_a_plain_story_of_the_same_city(tmp_path: Path):
    head = 'name = { en = "a", ko = "a" }\nduration_s = 10.0\nchapters = []\n'
    (tmp_path / "one.toml").write_text(f'id = "one"\ncity = "suwon"\nalso = ["two"]\n{head}')
    (tmp_path / "two.toml").write_text(f'id = "two"\ncity = "glasgow"\n{head}')
    with pytest.raises(StoryError, match=r"one\.toml: also: 'two'"):
        load_story(tmp_path / "one.toml")
    with pytest.raises(StoryError, match=r"three\.toml: cannot be read"):
        (tmp_path / "one.toml").write_text(f'id = "one"\ncity = "suwon"\nalso = ["three"]\n{head}')
        load_story(tmp_path / "one.toml")


def test_speed_and_steps_do_not_change_what_is_told(suwon: Profile):
    slow, _ = play(suwon, 130, speed=1)
    fast, _ = play(suwon, 13, speed=10)
    types = [[fact.type for fact in one.facts if isinstance(fact, SignalSeen)] for one in (slow, fast)]
    assert types[0] == types[1] != []


def raised_by(alarms: CityAlarms, batch: Columns) -> list[str]:
    return [alarms.ids[row] for moves in alarms.evaluate(batch) for row in moves.annunciated()]


def test_quiet_measurements_raise_no_alarm_in_a_whole_day(city: Profile):
    simulation = Simulation(city, load_patterns(), 0)
    alarms = CityAlarms(city, load_alarm_figures(), 3.0)
    points = np.arange(len(city.points))
    start = 1_774_000_000 * SECOND_NS
    raised = []
    for minute in range(0, 24 * 60, 5):
        batch = simulation.batch(points, start + minute * 60 * SECOND_NS)
        raised += raised_by(alarms, batch)
    assert raised == []


def test_measurements_are_within_what_can_be_true_and_not_all_the_same(city: Profile):
    simulation = Simulation(city, load_patterns(), 0)
    points = np.arange(len(city.points))
    values = simulation.values(points, 1_774_000_000 * SECOND_NS)
    assert (values >= city.points.lows()).all() and (values <= city.points.highs()).all()
    assert len(np.unique(values)) > len(values) / 4


def test_every_point_is_measured_at_least_once_a_period(suwon: Profile):
    simulation = Simulation(suwon, load_patterns(), 0)
    seen = np.zeros(len(suwon.points), dtype=int)
    for second in range(1, 601):
        seen[simulation.due(float(second))] += 1
    least = np.floor(600 / np.maximum(suwon.points.periods_s(), 1)) - 1
    assert (seen >= least).all()


def test_a_quantity_without_a_pattern_is_named(suwon: Profile):
    patterns = load_patterns()
    del patterns["ph"]
    with pytest.raises(PatternError, match="ph"):
        Simulation(suwon, patterns, 0)


@given(
    st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.floats(-50, 400),
)
def test_a_ramp_goes_there_stays_and_comes_back(over: float, hold: float, back: float, into: float):
    ramp = StoryRamp(point="x", value=1.0, over_s=over, hold_s=hold, back_s=back)
    share = _share(ramp, into)
    assert 0.0 <= share <= 1.0
    if into < 0 or into > over + hold + back + 1:
        assert share == 0.0
    if over < into < over + hold:
        assert share == 1.0


def test_the_water_rises_past_every_level_of_the_underpass(suwon: Profile):
    paper, _ = play(suwon, 120)
    index = suwon.point_by_id["UND-0001/water_depth_cm"].index
    depths = [float(value) for one in paper.batches for value in one.values[one.points == index]]
    assert depths[0] < 3 and max(depths) > 15


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("at_s = 12.0", "at_s"), ('device = "CAM-PARK-0001"', "CAM-NOT-THERE"),
        ('id = "park_fall"', "unknown field"),
    ],
)
def test_a_wrong_story_is_refused_with_its_place(tmp_path: Path, suwon: Profile, wrong: str, said: str):
    text = (Path(__file__).resolve().parents[2] / "seeds/scenarios/suwon_dusk.toml").read_text("utf-8")
    changed = {
        "at_s": "at_s = 9999.0", "CAM-NOT-THERE": 'device = "CAM-NOT-THERE"',
        "unknown field": 'id = "park_fall"\nsurprise = 1',
    }[said]
    path = tmp_path / "story.toml"
    text = text.replace('also = ["suwon_round"]\n', "")
    path.write_text(text.replace(wrong, changed, 1), "utf-8")
    with pytest.raises(StoryError, match=said):
        check_story(load_story(path), suwon.devices, suwon.point_by_id, suwon.controls)


@pytest.mark.parametrize("minute", [0, 1, 30, 59])
def test_the_fine_dust_advisory_is_due_when_the_demo_begins_at_any_minute(suwon: Profile, minute: int):
    """By whole hours of the clock, both of which lie in what the gateway tells of the past."""
    clock, paper = SteppedClock(1_774_000_800 * SECOND_NS + minute * 60 * SECOND_NS), Paper()
    gateway = ScenarioGateway(
        suwon, load_story("suwon_dusk"), Simulation(suwon, load_patterns(), 9 * 3600), paper, clock, 1.0, "s"  # type: ignore[arg-type]
    )
    gateway.backfill()
    clock.step(1.0)
    gateway.step()
    alarms = CityAlarms(suwon, load_alarm_figures(), 3.0)
    raised = [one for batch in paper.batches for one in raised_by(alarms, batch)]
    assert raised == ["AIR-0001/pm2_5_1h_ug_m3/advisory"]
