"""What goes on beside the story: in one round every system that has levels raises an alarm and clears it."""

from __future__ import annotations

from collections import Counter

from console.clock import SteppedClock
from console.gateways.scenario import ScenarioGateway
from console.gateways.simulation import Simulation, load_patterns
from console.gateways.story import load_story
from console.model.fact import AnyFact, ConditionSeen
from console.profile import load_profile
from console.rules.alarm.city import CityAlarms
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.states import Stimulus
from console.telemetry.table import Columns

AIR = "air"
"""Its levels are of whole hours: the main story has their chapter, from before its beginning."""
CLOCK_STEP_S = 5.0


class Banked:
    """A link that holds what it is given against the city's limits."""

    def __init__(self, alarms: CityAlarms, systems: list[str]) -> None:
        self._alarms, self._systems = alarms, systems
        self.raised: Counter[str] = Counter()
        self.cleared: Counter[str] = Counter()
        self.facts: list[AnyFact] = []

    def publish(self, columns: Columns) -> None:
        for moves in self._alarms.evaluate(columns):
            began = moves.stimulus == Stimulus.BEGAN
            (self.raised if began else self.cleared).update(self._systems[row] for row in moves.rows)

    def report(self, fact: AnyFact) -> None:
        self.facts.append(fact)


def test_every_system_with_levels_raises_an_alarm_and_clears_it_and_every_fault_ends() -> None:
    profile, clock = load_profile("suwon"), SteppedClock()
    systems = [profile.devices[profile.points[one.point_index].device_id].system for one in profile.limits]
    story = load_story("suwon_round")
    banked = Banked(CityAlarms(profile, load_alarm_figures(), 3.0), systems)
    simulation = Simulation(profile, load_patterns(), 9 * 3600)
    gateway = ScenarioGateway(profile, story, simulation, banked, clock, 1.0, "s")  # type: ignore[arg-type]
    for _ in range(int((story.duration_s + 1800) / CLOCK_STEP_S)):
        clock.step(CLOCK_STEP_S)
        gateway.step()
    wanted = set(systems) - {AIR}
    assert set(banked.raised) >= wanted
    assert set(banked.cleared) >= wanted
    changes: dict[str, list[str]] = {}
    for fact in banked.facts:
        if isinstance(fact, ConditionSeen):
            changes.setdefault(fact.device_id, []).append(fact.condition)
    assert len(changes) > 4
    assert all(set(told) == {"down", "up"} for told in changes.values())
