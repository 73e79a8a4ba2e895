"""Simulated devices: they answer after their own time, their points really move, and they fail by name."""

from __future__ import annotations

import numpy as np
import pytest

from console.clock import SECOND_NS, SteppedClock
from console.gateways.behaviour import BehaviourError, load_behaviours
from console.gateways.devices import SimulatedDevices
from console.gateways.orders import OrdersTaken, answer
from console.model.base import same_words
from console.model.control import DeviceOrder
from console.model.fact import AnyFact, ControlAnswerSeen
from console.profile import Profile, load_profile
from console.telemetry.table import GOOD, Columns


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


class Bench:
    """A city's devices on a table, with every point at rest at one number."""

    def __init__(self, profile: Profile, rest: float = 0.0) -> None:
        self.profile, self.clock, self.facts = profile, SteppedClock(), []
        self.rest = rest
        self.devices = SimulatedDevices(
            profile, load_behaviours(profile.controls), self._report, self.clock,
            lambda points: np.full(len(points), self.rest),
        )
        self.orders = 0

    def _report(self, fact: AnyFact) -> None:
        assert isinstance(fact, ControlAnswerSeen)
        self.facts.append(fact)

    def order(self, control: str, value: str, *devices: str) -> DeviceOrder:
        self.orders += 1
        now = self.clock.now_ns()
        order = DeviceOrder(
            id=f"O{self.orders}", control=control, value=value, device_ids=devices, issued_ns=now,
            expires_ns=now + int(self.profile.controls[control].answer_s * SECOND_NS),
        )
        self.devices.begin(order)
        return order

    def run(self, seconds: float) -> list[np.ndarray]:
        moved = []
        for _ in range(int(seconds / 0.25)):
            self.clock.step(0.25)
            moved.append(self.devices.step())
        return moved

    def measured(self, point: str) -> float:
        index = self.profile.points.index_of(point)
        assert index is not None
        batch = Columns(
            np.array([index], np.uint32), np.array([self.rest]), np.array([0], np.int64),
            np.array([GOOD], np.uint8),
        )
        return float(self.devices.apply(batch).values[0])


def test_a_lamp_dims_and_its_power_follows(suwon: Profile):
    bench = Bench(suwon, rest=80.0)
    bench.order("lamp_dim", "30", "LAMP-0001")
    bench.run(10)
    (said,) = bench.facts
    assert (said.outcome, said.device_ids) == ("done", ("LAMP-0001",))
    assert bench.measured("LAMP-0001/dim_percent") == 30.0
    assert bench.measured("LAMP-0001/power_w") == pytest.approx(42.4)
    bench.order("lamp_dim", "auto", "LAMP-0001")
    bench.run(10)
    assert bench.measured("LAMP-0001/dim_percent") == 80.0
    assert bench.measured("LAMP-0001/dim_percent") == bench.rest


def test_a_barrier_is_reported_on_its_way_and_when_it_is_down(suwon: Profile):
    bench = Bench(suwon)
    bench.order("barrier", "close", "BAR-0001")
    moved = bench.run(4.5)
    assert bench.facts[0].outcome == "done" and bench.measured("BAR-0001/closed") == 0.0
    moved += bench.run(10)
    index = suwon.points.index_of("BAR-0001/closed")
    assert sum(index in one for one in moved) >= 5
    assert bench.measured("BAR-0001/closed") == 1.0
    assert sum(len(one) for one in bench.run(30)) == 3, "a barrier that rests is said each ten seconds"


def test_a_pump_that_runs_takes_the_water_down(suwon: Profile):
    bench = Bench(suwon, rest=18.0)
    bench.order("pump_run", "on", "UPU-0003")
    bench.run(60)
    assert bench.measured("UPU-0003/power_kw") == 22.0
    assert bench.measured("UND-0001/water_depth_cm") == pytest.approx(5.4)


@pytest.mark.parametrize("control", sorted(load_profile("suwon").controls))
def test_every_control_shows_the_effect_its_profile_promises(suwon: Profile, control: str):
    told = suwon.controls[control]
    assert told.effect is not None
    kind = told.kinds[0]
    device = suwon.columns.ids[suwon.columns.of_kind(kind)[0]]
    values = {one.id: one.effect for one in told.choices}
    if told.range is not None:
        values = {f"{told.range.high:g}": (told.range.high, told.range.high)}
    if told.text is not None:
        values = {"안내": told.text.effect}
    for value, effect in values.items():
        bench = Bench(suwon, rest=0.3)
        bench.order(control, value, device)
        bench.run(told.answer_s + told.effect.within_s)
        assert effect is not None
        assert effect[0] <= bench.measured(f"{device}/{told.effect.quantity}") <= effect[1]


@pytest.mark.parametrize(
    ("mode", "answers", "closed"),
    [
        ("silent", [], 0.0), ("local", ["refused"], 0.0), ("stuck", ["done"], 0.0),
        ("twice", ["done", "done"], 1.0), ("garbage", ["unclear"], 1.0),
    ],
)
def test_a_device_fails_as_it_is_told(suwon: Profile, mode: str, answers: list[str], closed: float):
    bench = Bench(suwon)
    bench.devices.fail("BAR-0001", mode)  # type: ignore[arg-type]
    bench.order("barrier", "close", "BAR-0001")
    bench.run(19)
    assert [one.outcome for one in bench.facts] == answers
    assert bench.measured("BAR-0001/closed") == closed
    assert len({one.uid for one in bench.facts}) == len(answers)
    bench.devices.fail("BAR-0001", None)
    bench.order("barrier", "close", "BAR-0001")
    bench.run(19)
    assert bench.facts[-1].outcome == "done"


def test_a_slow_device_answers_after_its_time_and_one_that_is_down_does_not(suwon: Profile):
    bench = Bench(suwon)
    bench.devices.fail("BAR-0001", "slow", "barrier")
    bench.devices.condition("BAR-0002", "down")
    order = bench.order("barrier", "close", "BAR-0001", "BAR-0002")
    bench.run(20)
    assert not bench.facts
    bench.run(10)
    assert [one.device_ids for one in bench.facts] == [("BAR-0001",)]
    assert bench.clock.now_ns() > order.expires_ns


def test_lamps_of_one_order_answer_together_where_they_are_as_quick(suwon: Profile):
    bench = Bench(suwon)
    lamps = [f"LAMP-{number:04d}" for number in range(1, 41)]
    bench.order("lamp_dim", "100", *lamps)
    bench.run(5)
    assert sorted(one for fact in bench.facts for one in fact.device_ids) == lamps
    assert len(bench.facts) < 15


def test_an_order_is_begun_once_however_often_it_comes(expected_logs):
    expected_logs("WARNING.*came again and was not begun again", 2)
    clock, begun, said = SteppedClock(), [], []
    taken = OrdersTaken(clock, begun.append, said.append)
    order = DeviceOrder(
        id="O", control="barrier", value="close", device_ids=("BAR-0001",), issued_ns=clock.now_ns(),
        expires_ns=clock.now_ns() + 20 * SECOND_NS,
    )
    for _ in range(3):
        taken.take(order)
    assert begun == [order] and taken.repeated == 2 and not said


def test_an_order_that_comes_too_late_is_answered_and_not_begun(expected_logs):
    expected_logs("WARNING.*came after its time", 1)
    clock, begun, said = SteppedClock(), [], []
    taken = OrdersTaken(clock, begun.append, said.append)
    taken.take(
        DeviceOrder(
            id="O", control="barrier", value="close", device_ids=("BAR-0001",), issued_ns=0,
            expires_ns=clock.now_ns(),
        )
    )
    assert not begun and [one.outcome for one in said] == ["refused"]


def test_an_error_of_the_gateway_is_told_as_failed(expected_logs):
    expected_logs("ERROR.*could not be carried out", 1)

    def broken(order: DeviceOrder) -> None:
        raise RuntimeError("no bus")

    clock, said = SteppedClock(), []
    OrdersTaken(clock, broken, said.append).take(
        DeviceOrder(id="O", control="c", value="v", device_ids=("D",), issued_ns=0, expires_ns=2**62)
    )
    assert [one.outcome for one in said] == ["failed"]


def test_two_answers_of_one_order_are_two_facts():
    order = DeviceOrder(id="O", control="c", value="v", device_ids=("A", "B"), issued_ns=0, expires_ns=1)
    words = same_words("")
    uids = {
        answer(order, ("A",), "done", words).uid, answer(order, ("A", "B"), "done", words).uid,
        answer(order, ("A",), "done", words, 1).uid,
    }  # fmt: skip
    assert len(uids) == 3


def test_a_control_nobody_described_is_named(suwon: Profile, tmp_path):
    path = tmp_path / "devices.toml"
    path.write_text("[control]\n")
    with pytest.raises(BehaviourError, match=r"devices\.toml: control '[a-z_]+'"):
        load_behaviours(suwon.controls, path)
