"""A city's devices on a real MQTT broker with TLS and passwords, told with real processes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.model import commands as do
from tests.fakes.broker import CONSOLE, Broker, Publisher, needs_mosquitto
from tests.guards.waiting import until
from tests.journeys.conftest import Players, Watcher

pytestmark = [pytest.mark.journey, needs_mosquitto]
DEPTH = "UND-0001/water_depth_cm"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    opened = Broker(tmp_path / "broker")
    opened.start()
    yield opened
    opened.end()


def settle(players: Players, broker: Broker, password: str = CONSOLE[1], ca: Path | None = None) -> None:
    """The gateway's file and its password."""
    folder = players.home / "gateways"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mqtt.toml").write_text(
        'mappings = ["suwon"]\n[broker]\nhost = "localhost"\n'
        f'port = {broker.port}\nca_file = "{ca or broker.ca}"\nuser = "{CONSOLE[0]}"\n'
        'password_file = "mqtt.password"\nwatch = ["suwon/#"]\n'
    )
    (folder / "mqtt.password").write_text(password + "\n")
    (folder / "mqtt.password").chmod(0o600)


def state(watcher: Watcher) -> str:
    found = watcher.board.state.gateways.get("gateway-mqtt")
    return found.report.state if found is not None else ""


def why(watcher: Watcher) -> str:
    return watcher.board.state.gateways["gateway-mqtt"].report.why.en


def refused(watcher: Watcher) -> dict[str, int]:
    return {one.cause: one.count for one in watcher.board.state.gateways["gateway-mqtt"].report.refused}


def sample(depth_mm: object, at_s: float, **more: object) -> str:
    taken = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))
    return json.dumps({"ts": taken, "depth": depth_mm, **more})


def obey(watcher: Watcher, device: Publisher, value: str) -> str:
    """Order a lamp's brightness; what has become of it at the lamp, whose answers depend on the value."""
    words = {"30": "ok", "40": "local", "50": "perhaps", "60": "fault"}

    def answered(topic: str, payload: bytes) -> tuple[str, str]:
        told = json.loads(payload)
        result = words[str(round(told["level"]))]
        return topic.replace("/set", "/answer"), json.dumps({"id": told["id"], "result": result})

    lamp = next(one for one in watcher.board.profile.devices if one.startswith("LAMP-"))
    device.answers(f"suwon/lamps/{lamp.removeprefix('LAMP-')}/set", answered)
    asked = watcher.do(do.OrderControl(control="lamp_dim", device_ids=(lamp,), value=value))
    assert isinstance(asked, do.Accepted), asked

    def stage() -> str:
        return watcher.board.state.control_orders[asked.id].parts[lamp].stage

    watcher.until(lambda: stage() != "sent", f"the lamp's answer to {value}")
    return stage()


def test_a_device_publishes_and_the_city_hears_also_after_the_broker_was_away(
    players: Players, broker: Broker
):
    settle(players, broker)
    players.hub("--no-recording")
    watcher = players.watcher("desk-1")
    gateway = players.start("gateway", "mqtt", "--home", str(players.home))
    watcher.until(lambda: state(watcher) == "up", f"the gateway to be up: {players.said()}")

    device, now = broker.publisher(), time.time()
    topic, index = "suwon/underpass/0001/state", players.profile.point_by_id[DEPTH].index
    device.send(topic, sample(31, now - 60, unit="mm"))
    watcher.until(lambda: watcher.board.values[index] == 3.1, "31 mm as 3.1 cm")
    device.send(topic, sample(181, now - 50))
    watcher.until(lambda: "underpass_flood" in {i.type for i in watcher.board.state.incidents.values()}, "it")
    device.send("suwon/bells/0001/event", json.dumps({"ms": int(now * 1000), "event": "pressed", "press": 7}))
    device.send("suwon/bells/0001/event", json.dumps({"ms": int(now * 1000), "event": "pressed", "press": 7}))
    device.send("suwon/underpass/0002/status", "offline", retain=True)
    watcher.until(lambda: "UND-0002" in watcher.board.state.devices, "the last will")

    for payload in (
        sample(18.1, now - 40, unit="cm"), sample("deep", now - 39), sample(None, now - 38, pump="maybe"),
        "{", "[" * 5000, b"\xff\xfe", sample(20, now - 90), sample(181, now - 50), sample(20, now + 3600),
        sample(20, now - 200_000), json.dumps({"depth": 3}), json.dumps({"ts": "yesterday", "depth": 3}),
    ):  # fmt: skip
        device.send(topic, payload)
    device.send("suwon/underpass/9999/state", sample(1, now))
    device.send("suwon/underpass/0002/status", "sleeping")
    device.send("suwon/nothing/known", "1")
    device.send("suwon/lamps/0001/power", bytes(10_000_000))
    device.send(topic, sample(20, now - 30))
    watcher.until(lambda: watcher.board.values[index] == 2.0, "what is right to go in")
    wanted = {
        "wrong_unit", "not_a_number", "not_json", "out_of_order", "duplicate", "clock_ahead", "too_old",
        "bad_time", "unknown_device", "unknown_word", "unknown_topic", "too_large",
    }  # fmt: skip
    watcher.until(lambda: wanted <= refused(watcher).keys(), f"all to be counted ({wanted})")
    bells = [i for i in watcher.board.state.incidents.values() if i.type == "emergency_bell"]
    assert [len(one.signal_uids) for one in bells] == [1]
    orders = [obey(watcher, device, value) for value in ("30", "40", "50", "60")]
    assert orders == ["done", "refused", "unclear", "failed"], "what the lamp said, in the order it was asked"
    device.close()

    broker.end()
    watcher.until(lambda: state(watcher) == "down", "the broker's absence to be told")
    entries = watcher.board.state.seq
    broker.start()
    watcher.until(lambda: state(watcher) == "up", "the broker's return to be told")
    device = broker.publisher()
    device.send(topic, sample(40, now - 20))
    watcher.until(lambda: watcher.board.values[index] == 4.0, "the line to work as before")
    device.close()
    assert watcher.board.state.seq <= entries + 2, "nothing is told twice, and the kept will not again"

    assert players.end(gateway) == 0
    watcher.until(lambda: state(watcher) == "stopped", "the end to be told")
    until(lambda: "up" in (players.home / "log" / "gateway-mqtt.txt").read_text("utf-8"), "the log")
    written = [one.read_text("utf-8", errors="replace") for one in (players.home / "log").iterdir()]
    assert CONSOLE[1] not in "".join(written) + players.said(), "the password is nowhere"


def test_a_wrong_password_and_a_wrong_certificate_are_told_in_words_and_tried_again(
    players: Players, broker: Broker, tmp_path: Path
):
    settle(players, broker, password="not-the-password")
    players.hub("--no-recording")
    watcher = players.watcher()
    gateway = players.start("gateway", "mqtt", "--home", str(players.home))
    watcher.until(lambda: state(watcher) == "down", f"the refusal: {players.said()}")
    assert "password" in why(watcher)
    players.end(gateway)
    stranger = Broker(tmp_path / "stranger")
    settle(players, broker, ca=stranger.ca)
    players.start("gateway", "mqtt", "--home", str(players.home))
    watcher.until(lambda: state(watcher) == "down" and "certificate" in why(watcher), players.said())
    settle(players, broker)
    assert "not-the-password" not in players.said() + CONSOLE[1]
