"""Orders over MQTT: each device's own answer, in its own words, and nothing believed that was not said."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from console.clock import SECOND_NS, SteppedClock
from console.gateways.mqtt.commanding import Commanding, build_commands
from console.gateways.mqtt.tables import CommandTable
from console.language import load_catalogue
from console.model.control import DeviceOrder
from console.model.fact import ControlAnswerSeen
from console.profile import Profile, load_profile
from console.profile.problems import Problems

TABLE = {
    "control": "lamp_dim", "device": "LAMP-{lamp}", "topic": "lamps/{lamp}/set",
    "payload": {"id": "{order}", "level": "{number}", "mode": "{value}", "to": "{device}", "v": 2.0},
    "answer": "lamps/{lamp}/answer", "id_at": "/id", "outcome_at": "/result", "done": ("ok",),
    "refused": ("local",), "failed": ("fault",), "progress": ("accepted",), "words_at": "/text",
}  # fmt: skip


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


class Lamps:
    def __init__(self, profile: Profile, clock: SteppedClock, **changed: Any) -> None:
        problems = Problems()
        rules = build_commands([("f", "t", CommandTable(**{**TABLE, **changed}))], profile, (), problems)
        problems.raise_any()
        self.lamps = [one for one in profile.devices if one.startswith("LAMP-")][:2]
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.told: list[ControlAnswerSeen] = []
        self.refused: Counter[str] = Counter()
        self.clock, self.connected = clock, True
        self.work = Commanding(
            rules, clock, load_catalogue(), self.told.append,  # type: ignore[arg-type]
            lambda cause, example: self.refused.update([cause]),
        )
        self.work.publish = self._publish

    def _publish(self, topic: str, payload: bytes) -> bool:
        if self.connected:
            self.sent.append((topic, json.loads(payload)))
        return self.connected

    def order(self, id_: str = "o1", value: str = "50", control: str = "lamp_dim") -> None:
        now = self.clock.now_ns()
        self.work.begin(
            DeviceOrder(
                id=id_, control=control, value=value, device_ids=tuple(self.lamps), issued_ns=now,
                expires_ns=now + 12 * SECOND_NS,
            )
        )

    def say(self, lamp: int, payload: Any, retained: bool = False) -> bool:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        topic = f"lamps/{self.lamps[lamp].removeprefix('LAMP-')}/answer"
        return self.work.take(topic, data, retained)

    def outcomes(self) -> list[tuple[str, str, str]]:
        return [(*one.device_ids, one.outcome, one.words.en) for one in self.told]


@pytest.fixture
def lamps(suwon: Profile, stepped_clock: SteppedClock) -> Lamps:
    return Lamps(suwon, stepped_clock)


def test_an_order_is_one_message_to_each_device_and_each_answers_for_itself(lamps: Lamps):
    lamps.order()
    first, second = lamps.lamps
    assert lamps.sent[0] == (
        f"lamps/{first.removeprefix('LAMP-')}/set",
        {"id": "o1", "level": 50.0, "mode": "50", "to": first, "v": 2.0},
    )
    assert lamps.say(0, {"id": "o1", "result": "accepted"})
    assert lamps.say(0, {"id": "o1", "result": "ok"})
    assert lamps.say(1, {"id": "o1", "result": "local", "text": "Switched to local."})
    assert lamps.outcomes() == [(first, "done", "ok"), (second, "refused", "Switched to local.")]
    assert lamps.work.serves().devices == ("LAMP-*",)


def test_what_is_no_answer_to_an_open_order_is_counted(lamps: Lamps):
    lamps.order()
    lamps.say(0, {"id": "o1", "result": "ok"}, retained=True)
    lamps.say(0, b"{")
    lamps.say(0, {"id": "another", "result": "ok"})
    lamps.say(0, {"result": "ok"})
    assert lamps.outcomes() == []
    assert lamps.refused == {"not_json": 1, "unknown_order": 2}
    lamps.say(0, {"id": "o1", "result": "hm"})
    lamps.say(0, {"id": "o1", "result": "ok"})
    assert [one[1] for one in lamps.outcomes()] == ["unclear"], "what it did is not known"
    assert not lamps.work.take("lamps/1/else", b"{}", False)


def test_a_broker_that_is_away_is_told_and_nothing_is_kept(lamps: Lamps):
    lamps.connected = False
    lamps.order()
    assert [(one.device_ids, one.outcome) for one in lamps.told] == [(tuple(lamps.lamps), "failed")]
    assert "not sent" in lamps.told[0].words.en
    lamps.connected = True
    lamps.say(0, {"id": "o1", "result": "ok"})
    assert lamps.refused == {"unknown_order": 1}


def test_an_order_without_a_topic_is_refused_in_words(lamps: Lamps):
    lamps.order(control="lamp_circuit")
    assert {one.outcome for one in lamps.told} == {"refused"}
    assert lamps.sent == []


def test_without_an_id_an_answer_is_to_the_newest_order_and_a_very_late_one_to_none(
    suwon: Profile, stepped_clock: SteppedClock
):
    lamps = Lamps(suwon, stepped_clock, id_at=None)
    lamps.order("o1")
    lamps.order("o2")
    lamps.say(0, {"result": "ok"})
    assert lamps.told[0].order_id == "o2"
    stepped_clock.step(3600)
    lamps.say(0, {"result": "ok"})
    assert len(lamps.told) == 1


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"control": "lamp_dimm"}, "control: expected one of"),
        ({"control": "pump"}, "control: expected"), ({"device": "LAMP"}, "device: expected a device's id"),
        ({"device": "LAMB-{lamp}"}, "device: expected what some device"),
        ({"topic": "lamps/{x}/set"}, "topic: expected"), ({"topic": "lamps/+/set"}, "topic: expected"),
        ({"answer": "lamps/answer"}, "answer: expected"), ({"outcome_at": "x"}, "JSON pointers"),
        ({"done": ()}, "done: expected"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_told_by_key(changed: dict[str, Any], key: str, suwon: Profile):
    problems = Problems()
    build_commands([("f", "t", CommandTable(**{**TABLE, **changed}))], suwon, (), problems)
    assert key in "\n".join(str(one) for one in problems.found)
