"""What a gateway tells of itself: a change and a new cause at once, growing counts now and then."""

from __future__ import annotations

import pytest

from console.clock import SteppedClock
from console.gateways.health import COUNTS_EVERY_NS, GatewayHealth
from console.model.base import same_words
from console.model.gateway import MOST_CAUSES, GatewayReport


class Said:
    """A link that only notes what it is told to say."""

    def __init__(self) -> None:
        self.reports: list[GatewayReport] = []

    def say(self, report: GatewayReport) -> None:
        self.reports.append(report)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def health(said: Said, stepped_clock: SteppedClock) -> GatewayHealth:
    return GatewayHealth(said, "mqtt", stepped_clock)  # type: ignore[arg-type]


def test_nothing_is_said_before_it_is_known_how_the_other_side_is(health: GatewayHealth, said: Said):
    health.step()
    assert said.reports == []


def test_changes_are_told_once(health: GatewayHealth, said: Said, expected_logs):
    expected_logs("Connection refused", optional=True)
    health.up("mqtts://broker:8883")
    health.up("mqtts://broker:8883")
    health.down(same_words("Connection refused."))
    health.down(same_words("Connection refused."))
    health.up("mqtts://broker:8883")
    assert [one.state for one in said.reports] == ["up", "down", "up"]
    assert {one.peer for one in said.reports} == {"mqtts://broker:8883"}


def test_a_new_cause_is_told_at_once_and_growing_counts_every_half_minute(
    health: GatewayHealth, said: Said, stepped_clock: SteppedClock, expected_logs
):
    expected_logs("Refused")
    health.up("x")
    for number in range(50):
        health.refuse("wrong_unit", f"lamps/{number}: expected W")
        health.step()
    assert [one.refusals for one in said.reports] == [0, 1]
    stepped_clock.step(COUNTS_EVERY_NS / 1e9 + 1)
    health.step()
    assert said.reports[-1].refused[0].count == 50
    assert said.reports[-1].refused[0].example == "lamps/49: expected W"
    health.step()
    assert len(said.reports) == 3


def test_more_causes_than_can_be_told_are_counted_together(health: GatewayHealth, said: Said, expected_logs):
    expected_logs("Refused")
    health.up("x")
    for number in range(MOST_CAUSES + 5):
        health.refuse(f"cause{number}", "e" * 500)
    assert len(said.reports[-1].refused) == MOST_CAUSES
    assert sum(health.refused().values()) == MOST_CAUSES + 5
    assert health.refused()["other"] == 6
    assert max(len(one.example) for one in said.reports[-1].refused) <= 240
