"""One message after the other: what is right goes to the hub, what is not is counted with its place."""

from __future__ import annotations

import json
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS, SteppedClock
from console.gateways.mqtt.settings import check_mapping, load_settings
from console.gateways.mqtt.taking import Taking
from console.language import load_catalogue
from console.model.fact import ConditionSeen, SignalSeen
from console.profile import Profile, ProfileError, load_profile
from console.telemetry.table import UNCERTAIN

STATE = "suwon/underpass/0001/state"


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


class Heard:
    """A mapping at work, and everything that came of it."""

    def __init__(self, profile: Profile, clock: SteppedClock, largest: int = 10_000) -> None:
        self.profile, self.clock = profile, clock
        self.facts: list[ConditionSeen | SignalSeen] = []
        self.refused: Counter[str] = Counter()
        self.places: dict[str, str] = {}
        self.taking = Taking(
            check_mapping("suwon", profile), profile, clock, load_catalogue(), largest, self.facts.append,
            self._refuse,
        )
        self._number = 0

    def _refuse(self, cause: str, example: str) -> None:
        self.refused[cause] += 1
        self.places[cause] = example

    def send(self, topic: str, payload: Any, retained: bool = False, again: bool = False) -> None:
        self._number += not again
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.taking.take(topic, data, retained, again, self._number)

    def state(self, back_s: float = 0.0, **more: Any) -> None:
        self.send(STATE, {"ts": self.iso(back_s), **more})

    def iso(self, back_s: float = 0.0) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock.now_ns() / 1e9 - back_s))

    def values(self) -> dict[str, float]:
        found = self.taking.readings()
        if found is None:
            return {}
        points = self.profile.points
        rows = zip(found.points, found.values, strict=True)
        return {points[int(row)].id: float(value) for row, value in rows}


@pytest.fixture
def heard(suwon: Profile, stepped_clock: SteppedClock) -> Heard:
    stepped_clock.step(1_774_000_000 - stepped_clock.now_ns() / 1e9)
    return Heard(suwon, stepped_clock)


def test_a_message_becomes_values_in_the_points_own_units(heard: Heard):
    heard.state(5, depth=181, unit="mm", pump="on")
    assert heard.values() == {"UND-0001/water_depth_cm": pytest.approx(18.1), "UND-0001/pump_on": 1.0}
    assert not heard.refused


def test_a_list_is_many_documents_with_their_own_devices_times_and_qualities(heard: Heard):
    stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime(heard.clock.now_ns() / 1e9 + 9 * 3600))
    heard.send("suwon/air", {"stations": [
        {"id": "AIR-0001", "taken": stamp, "pm10": 0.031, "pm25": 17, "quality": "checked"},
        {"id": "AIR-0002", "taken": stamp, "pm25": 9, "quality": "bad"},
        {"id": "AIR-9999", "taken": stamp, "pm25": 9},
        {"taken": stamp},
    ]})  # fmt: skip
    columns = heard.taking.readings()
    assert columns is not None
    assert columns.values.tolist() == pytest.approx([31.0, 17.0])
    assert columns.quality.tolist() == [0, UNCERTAIN]
    assert heard.refused == {"bad_quality": 1, "unknown_device": 1, "missing": 1}
    assert heard.places["unknown_device"] == "suwon/air /stations/2: AIR-9999"


@pytest.mark.parametrize(
    ("told", "cause", "place"),
    [
        ({"depth": "deep"}, "not_a_number", "/depth: expected a number, found 'deep'"),
        ({"depth": True}, "not_a_number", "/depth: expected a number, found True"),
        ({"depth": [1]}, "not_a_number", "/depth: expected a number, found [1]"),
        ({"depth": 18, "unit": "cm"}, "wrong_unit", "/unit: expected 'mm', found 'cm'"),
        ({"pump": "maybe"}, "not_a_number", "/pump"),
    ],
)
def test_a_value_that_cannot_be_used_is_counted_with_its_place(
    told: dict[str, Any], cause: str, place: str, heard: Heard
):
    heard.state(1, **told)
    assert heard.values() == {}
    assert heard.refused == {cause: 1}
    assert place in heard.places[cause]
    assert STATE in heard.places[cause]


def test_twice_and_out_of_order_are_counted_and_not_taken(heard: Heard):
    heard.state(10, depth=50)
    heard.state(10, depth=50)
    heard.state(20, depth=90)
    heard.state(5, depth=60)
    assert heard.values() == {"UND-0001/water_depth_cm": pytest.approx(6.0)}
    assert heard.refused == {"duplicate": 1, "out_of_order": 1}
    assert heard.places["out_of_order"].endswith("10.000 s before the one we have")


def test_a_clock_that_is_wrong_is_counted_with_how_far(heard: Heard):
    heard.state(-60, depth=1)
    heard.state(100_000, depth=1)
    heard.send(STATE, {"depth": 1})
    assert heard.refused == {"clock_ahead": 1, "too_old": 1, "bad_time": 1}
    assert heard.places["clock_ahead"] == f"{STATE}: 60 s ahead of our clock"


def test_what_is_too_large_or_no_document_is_counted_and_the_next_goes_in(heard: Heard):
    heard.send(STATE, b"x" * 10_001)
    for payload in (b"{", b"[" * 9000, b"\xff", b'{"depth": 1e999999}'):
        heard.send(STATE, payload)
    heard.state(1, depth=10)
    assert heard.values() == {"UND-0001/water_depth_cm": pytest.approx(1.0)}
    assert heard.refused["too_large"] == 1
    assert sum(heard.refused.values()) == 5


def test_a_kept_message_without_a_time_is_no_reading_but_a_condition(heard: Heard):
    lamp = next(one for one in heard.profile.devices if one.startswith("LAMP-"))
    heard.send(f"suwon/lamps/{lamp.removeprefix('LAMP-')}/power", b"41.5", retained=True)
    heard.send("suwon/underpass/0001/status", b"offline", retained=True)
    assert heard.values() == {}
    assert heard.refused == {"retained": 1}
    (fact,) = heard.facts
    assert isinstance(fact, ConditionSeen)
    assert (fact.device_id, fact.condition) == ("UND-0001", "down")
    assert fact.why.ko == "장치 보고: offline."


def test_a_condition_is_told_where_it_changes(heard: Heard):
    for word in (b"offline", b"offline", b"online", b"online", b"dancing"):
        heard.send("suwon/underpass/0001/status", word)
    assert [one.condition for one in heard.facts if isinstance(one, ConditionSeen)] == ["down", "up"]
    assert heard.refused == {"unknown_word": 1}


def test_a_press_that_comes_twice_has_one_name_and_another_press_another(heard: Heard):
    now_ms = heard.clock.now_ns() // 1_000_000
    for press, again in ((7, False), (7, True), (8, False)):
        heard.send("suwon/bells/0001/event", {"ms": now_ms, "event": "pressed", "press": press}, again=again)
    heard.send("suwon/bells/0001/event", {"ms": now_ms, "event": "tested", "press": 9})
    uids = [one.uid for one in heard.facts]
    assert len(uids) == 3
    assert len(set(uids)) == 2


def test_a_message_the_broker_sends_again_is_taken_once_also_without_a_time(heard: Heard):
    lamp = next(one for one in heard.profile.devices if one.startswith("LAMP-"))
    topic = f"suwon/lamps/{lamp.removeprefix('LAMP-')}/power"
    heard.send(topic, b"41.5")
    assert heard.values() == {f"{lamp}/power_w": 41.5}
    heard.send(topic, b"41.5", again=True)
    assert heard.values() == {}
    heard.send(topic, b"41.5")
    assert heard.values() == {f"{lamp}/power_w": 41.5}
    assert heard.refused == {"duplicate": 1}


@settings(max_examples=60)
@given(
    st.sampled_from([STATE, "suwon/air", "suwon/bells/0001/event", "suwon/underpass/0001/status", "x/y"]),
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ts", "depth", "ms", "event", "stations", "id"]), inner),
    ).map(lambda value: json.dumps(value).encode()),
    st.booleans(),
)
def test_no_message_ends_the_gateway(topic: str, payload: bytes, retained: bool):
    heard = _one_for_all()
    heard.send(topic, payload, retained)
    heard.values()


@cache
def _one_for_all() -> Heard:
    return Heard(load_profile("suwon"), SteppedClock())


BROKER = '[broker]\nhost = "localhost"\n'
TOPIC = '[[topics]]\ntopic = "lamps/{lamp}"\ndevice = "LAMP-{lamp}"\n'
READING = '[[topics.readings]]\nquantity = "power_w"\nat = "/p"\nunit = "W"\n'


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("", "[file] broker", "a table"),
        (BROKER, "[file] topics", "at least one topic"),
        (BROKER + "prot = 1\n", "[broker]", "only the keys"),
        ('mappings = ["nowhere"]\n' + BROKER, "mqtt/nowhere.toml: [file]", "a file that can be read"),
        (BROKER + TOPIC, "[topics[0] (lamps/{lamp})]", "readings, conditions or signals"),
        (BROKER + TOPIC + READING.replace('"W"', '"mm"'), "readings[0].unit", "one of MW, W, kW"),
        (BROKER + TOPIC + READING.replace("power_w", "depth"), "readings[0].quantity", "one of dim_percent"),
        (BROKER + TOPIC + READING.replace("/p", "p"), "readings[0].at", "a JSON pointer"),
        (BROKER + TOPIC.replace("LAMP", "LAMB") + READING, "device", "what some device of the city"),
        (BROKER + TOPIC.replace("LAMP-{lamp}", "LAMP-{name}") + READING, "device", "{name}s of the topic"),
        (BROKER + TOPIC + READING + '[[topics]]\ntopic = "lamps/#"\ndevice_at = "/id"\n' + READING, "topic",
         "a topic that no other table covers"),
        (BROKER + TOPIC + '[[topics.signals]]\ntype = "bel"\nequals = ["x"]\ndetail = {en = "x", ko = "x"}\n',
         "signals[0].type", "a signal the city knows"),
        (BROKER + TOPIC + 'time = { at = "/t", format = "text", pattern = "%Y" }\n' + READING, "time.zone",
         "an IANA time zone"),
        (BROKER + 'ca_file = "none.pem"\n' + TOPIC + READING, "[broker] ca_file", "certificates in PEM"),
        (BROKER + 'user = "u"\npassword_file = "open.password"\n' + TOPIC + READING, "password_file",
         "chmod 600"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_by_file_table_and_key(
    text: str, where: str, expected: str, suwon: Profile, tmp_path: Path
):
    (tmp_path / "open.password").write_text("hush")
    (tmp_path / "open.password").chmod(0o644)
    file = tmp_path / "mqtt.toml"
    file.write_text(text)
    with pytest.raises(ProfileError) as caught:
        load_settings(file, suwon)
    told = "\n".join(str(one) for one in caught.value.problems)
    assert where in told and expected in told
    assert "hush" not in told


def test_the_password_is_in_no_text_of_the_settings(suwon: Profile, tmp_path: Path):
    file, secret = tmp_path / "mqtt.toml", tmp_path / "p"
    file.write_text(BROKER + 'user = "u"\npassword_file = "p"\n' + TOPIC + READING)
    secret.write_text("hush\n")
    secret.chmod(0o600)
    found = load_settings(file, suwon)
    assert found.password == "hush"
    assert "hush" not in repr(found)
    assert [rule.qos for rule in found.rules] == [0], "without a time, what a broker kept has no age"


def test_the_units_of_a_message_are_checked_against_every_kind_it_can_speak_of(suwon: Profile):
    rules = check_mapping("suwon", suwon)
    assert {rule.pattern.filter: rule.qos for rule in rules}["suwon/underpass/+/state"] == 1
    assert msgspec.json.encode(rules[0].table)


def test_the_clock_is_the_only_thing_a_reading_without_time_needs(heard: Heard):
    lamp = next(one for one in heard.profile.devices if one.startswith("LAMP-"))
    heard.send(f"suwon/lamps/{lamp.removeprefix('LAMP-')}/power", b"41.5")
    columns = heard.taking.readings()
    assert columns is not None
    assert abs(int(columns.taken_at_ns[0]) - heard.clock.now_ns()) < SECOND_NS
