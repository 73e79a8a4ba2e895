"""The telemetry lane: what comes in is checked, counted and shown; what cannot be used harms nobody."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import zmq

from console.clock import SECOND_NS
from console.model.base import same_words
from console.model.fact import SignalSeen
from console.rules.door import good
from console.telemetry.table import BAD, Columns
from console.wire.batch import BatchHeader, batch_frames
from console.wire.codec import MAX_FRAME_BYTES, decode_taken, encode
from console.wire.key_command import run as key_command
from tests.guards.waiting import until as wait_until

REPO = Path(__file__).resolve().parents[2]


def reading(room, point: str, value: float, at_ns: int = 0) -> Columns:
    index = room.profile.point_by_id[point].index
    return good(np.array([index]), np.array([value]), np.array([at_ns or room.clock.now_ns()]))


def shown(desk, point: str) -> float:
    return float(desk.board.values[desk.board.profile.point_by_id[point].index])


DEPTH = "UND-0001/water_depth_cm"


def test_a_measurement_is_on_every_desk_and_in_its_chart(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    gate.publish(reading(room, DEPTH, 2.5))
    desk.until(lambda: shown(desk, DEPTH) == 2.5, "the value")
    at, values = desk.board.series(room.profile.point_by_id[DEPTH].index)
    assert list(values) == [2.5]
    assert at[0] <= room.clock.now_ns()


def test_a_desk_that_comes_later_gets_the_last_values_and_the_trend(room):
    room.start()
    first, gate = room.desk("desk-2", "Lee"), room.gateway()
    now = room.clock.now_ns()
    for back in (3, 2, 1):
        gate.publish(reading(room, DEPTH, float(back), now - back * SECOND_NS))
    first.until(lambda: shown(first, DEPTH) == 1.0, "the values")
    late = room.desk()
    late.until(lambda: shown(late, DEPTH) == 1.0, "the last value")


def test_water_at_fifteen_centimetres_opens_an_incident_by_itself(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    began = room.clock.now_ns()
    for step in range(20):
        gate.publish(reading(room, DEPTH, 18.0, began - (20 - step) * 10 * SECOND_NS))
    desk.until(lambda: desk.board.state.incidents, "the incident")
    (incident,) = desk.board.state.incidents.values()
    assert incident.type == "underpass_flood"
    assert incident.camera_ids[0].startswith("CAM-UND")
    assert {alarm.priority for alarm in desk.board.state.alarms.values()} >= {1}


def test_unusable_values_are_counted_by_cause_and_named_and_the_rest_goes_in(room, expected_logs):
    expected_logs("Refused", optional=True)
    hub = room.start()
    desk, gate = room.desk(), room.gateway()
    index = room.profile.point_by_id[DEPTH].index
    now = room.clock.now_ns()
    points = np.array([index, index, index, 4_000_000, index], dtype=np.uint32)
    values = np.array([np.nan, 9999.0, 1.0, 1.0, 3.5])
    taken = np.array([now - 4, now - 3, 1, now - 1, now])
    gate.publish(Columns(points, values, taken, np.zeros(5, dtype=np.uint8)))
    desk.until(lambda: shown(desk, DEPTH) == 3.5, "the good value")
    expected = {"not_a_number": 1, "out_of_range": 1, "too_old": 1, "unknown_point": 1}
    assert {cause: hub.counters.refused[cause] for cause in expected} == expected
    assert "water_depth_cm" in hub.counters.problems["out_of_range"]
    desk.until(lambda: desk.board.health and desk.board.health.refused.get("too_old") == 1, "the count shown")


def test_an_unusable_value_is_a_gap_in_the_chart_and_not_a_number(room, expected_logs):
    expected_logs("Refused", optional=True)
    room.start()
    desk, gate = room.desk(), room.gateway()
    gate.publish(reading(room, DEPTH, float("nan")))
    index = room.profile.point_by_id[DEPTH].index
    desk.until(lambda: desk.board.quality[index] == BAD, "the bad quality")
    _, values = desk.board.series(index)
    assert np.isnan(values).all()


def test_a_batch_of_another_profile_is_refused_whole(room, expected_logs):
    expected_logs("its profile is not the hub's", count=1)
    room.start()
    raw = room.raw("other", "gateway")
    columns = reading(room, DEPTH, 1.0)
    header = BatchHeader(source="x", sequence=1, sent_ns=1, count=1, profile_digest="another city")
    raw.send_multipart([b"B", *batch_frames(header, columns)])
    wait_until(lambda: room.refused("other_profile") == 1, "the refusal")


def test_lost_batches_are_counted(room):
    hub = room.start()
    raw = room.raw("gappy", "gateway")
    for sequence in (1, 2, 6):
        header = BatchHeader(
            source="x", sequence=sequence, sent_ns=1, count=1, profile_digest=room.profile.digest
        )
        raw.send_multipart([b"B", *batch_frames(header, reading(room, DEPTH, 1.0))])
    wait_until(lambda: hub.counters.batches == 3, "three batches")
    assert hub.counters.lost_batches == 3


@pytest.mark.parametrize(
    ("frames", "cause"),
    [
        ([b"nonsense"], "malformed"),
        ([b"F", b"\xc1 not msgpack"], "malformed"),
        ([b"F", encode({"fact": "signal", "surprise": 1})], "malformed"),
        ([b"F", b"\x91" * 5000], "malformed"),
        ([b"B", b"", b"", b"", b"", b""], "malformed"),
        ([b"B", b"x"], "malformed"),
        ([b"{" * 100_000], "bad_reading"),
        ([b'{"point": 5}'], "bad_reading"),
        ([b"F", b"\xc6" + b"\xff\xff\xff\xff"], "malformed"),
        ([b"F", b"x" * (MAX_FRAME_BYTES + 1)], "oversized"),
        ([b""], "malformed"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_malformed_message_is_counted_and_the_next_good_one_works(room, expected_logs, frames, cause):
    expected_logs("Refused", optional=True)
    room.start()
    raw = room.raw("gate", "gateway")
    raw.send_multipart(frames)
    wait_until(lambda: room.refused(cause) == 1, f"the refusal as {cause}")
    fact = SignalSeen(uid="1", type="fall", at_ns=1, device_id="CAM-PARK-0001", detail=same_words("x"))
    raw.send_multipart([b"F", encode(fact)])
    wait_until(lambda: room.hub.sequencer.state.incidents, "the incident after it")


def test_a_message_too_large_for_the_door_ends_that_connection_only(room):
    hub = room.start()
    raw = room.raw("gate", "gateway")
    good_gate = room.gateway("good")
    raw.send_multipart([b"F", b"x" * (9 * MAX_FRAME_BYTES)])
    good_gate.publish(reading(room, DEPTH, 4.0))
    index = room.profile.point_by_id[DEPTH].index
    wait_until(lambda: hub.readings.table.values[index] == 4.0, "the other gateway's value")
    assert not hub.sequencer.state.incidents


def test_a_fact_about_an_unknown_device_is_refused_for_good_and_in_words(room, expected_logs):
    expected_logs("CAM-9 is not|'CAM-9' is not", optional=True)
    room.start()
    raw = room.raw("gate", "gateway")
    raw.send_multipart([b"F", encode(SignalSeen(uid="7", type="fall", at_ns=1, device_id="CAM-9"))])
    assert raw.poll(5000)
    mark, answer = raw.recv_multipart()
    taken = decode_taken(answer)
    assert (mark, taken.uid) == (b"T", "7")
    assert "CAM-9" in taken.problem


def test_a_key_may_publish_only_what_its_role_and_devices_allow(room, expected_logs):
    expected_logs("Refused", optional=True)
    hub = room.start()
    sensor = room.raw("pier", "sensor", devices=("RIV-*",))
    sensor.send_multipart([b"F", encode(SignalSeen(uid="1", type="fall", at_ns=1, device_id="RIV-0001"))])
    wait_until(lambda: room.refused("not_permitted") == 1, "the signal to be refused")
    sensor.send_multipart([json.dumps({"point": DEPTH, "value": 1}).encode()])
    wait_until(lambda: room.refused("bad_reading") == 1, "the other's device to be refused")
    header = BatchHeader(source="p", sequence=1, sent_ns=1, count=1, profile_digest=room.profile.digest)
    sensor.send_multipart([b"B", *batch_frames(header, reading(room, DEPTH, 1.0))])
    wait_until(lambda: room.refused("not_permitted") == 2, "the batch row to be refused")
    assert not hub.sequencer.state.incidents
    desk = room.raw("desk-1", "desk")
    desk.send_multipart([b"B", *batch_frames(header, reading(room, DEPTH, 1.0))])
    wait_until(lambda: room.refused("not_permitted") == 3, "the desk's batch to be refused")


def test_a_gateway_may_not_give_orders_and_a_desk_not_in_anothers_name(room, expected_logs):
    from console.model import commands as do

    expected_logs("Refused", optional=True)
    room.start()
    command = do.AddNote(incident_id="x", text="y")
    for name, role in (("gate", "gateway"), ("desk-2", "desk")):
        raw = room.raw(name, role, door="desk")
        request = do.Request(id=name, desk="desk-1", person="Kim", sent_ns=1, command=command)
        raw.send_multipart([b"C", encode(request)])
        assert raw.poll(5000)
        _, answer = raw.recv_multipart()
        assert b"not_permitted" in answer


def test_a_revoked_desk_hears_nothing_more(room, expected_logs):
    from console.wire.keys import revoke

    expected_logs("Refused", optional=True)
    room.start()
    desk, other, gate = room.desk(), room.desk("desk-2", "Lee"), room.gateway()
    assert revoke(room.home, "desk-2")
    other.until(lambda: other.board.link == "stale", "the revoked desk to be cut off")
    gate.publish(reading(room, DEPTH, 7.0))
    desk.until(lambda: shown(desk, DEPTH) == 7.0, "the value on the good desk")
    other.board.drain()
    assert shown(other, DEPTH) != 7.0


def test_the_guides_publisher_is_fifteen_lines_and_its_value_is_in_the_chart(room, tmp_path):
    room.start()
    desk = room.desk()
    text = (REPO / "docs" / "guide" / "publish.md").read_text("utf-8")
    program = re.search(r"```python\n(.*?)```", text, re.S)[1]
    lines = [line[3:] for line in program.splitlines()]
    assert len([line for line in lines if line.strip()]) <= 15
    (tmp_path / "publish.py").write_text("\n".join(lines), "utf-8")
    words = ["new", "pier-sensor", "--role", "sensor", "--devices", "RIV-*", "--home", str(room.home)]
    assert key_command([*words, "--out", str(tmp_path / "pier-sensor.json")]) == 0
    done = subprocess.run([sys.executable, "publish.py", "1.37"], cwd=tmp_path, timeout=60)
    assert done.returncode == 0
    point = room.profile.point_by_id["RIV-0001/level_m"].index
    desk.until(lambda: 1.37 in desk.board.series(point)[1], "the value in the series")


def test_the_publisher_is_told_what_is_wrong_with_its_reading(room, expected_logs):
    expected_logs("Refused", optional=True)
    room.start()
    raw = room.raw("pier", "sensor", devices=("RIV-*",))
    for wrong, said in (
        ({"unit": "cm"}, "field 'unit' of RIV-0001/level_m: expected 'm', found 'cm'"),
        ({"value": "high"}, "field 'value'"), ({"time": "yesterday"}, "field 'time'"),
        ({"point": "RIV-0001/x"}, "not in the profile"), ({"extra": 1}, "field 'extra'"),
        ({"value": 10**400}, "field 'value'"), ({"value": True}, "field 'value'"),
        ({"value": None}, "found None"),
        ({"time": room.clock.now_ns() / 1e9 + 60}, "60 s ahead of the hub's clock"),
        ({"time": "0001-01-01T00:00:00+00:00"}, "older than a day"),
        ({"time": 9e10}, "ahead of the hub's clock"),
        ({"time": "2026-03-20T10:00:00"}, "expected ISO 8601 with offset"), ({"point": 3}, "field 'point'"),
    ):
        raw.send(json.dumps({"point": "RIV-0001/level_m", "value": 1.0, **wrong}).encode())
        assert raw.poll(5000)
        assert said in json.loads(raw.recv())["refused"]


def test_a_reading_sent_twice_or_late_is_told_and_the_newest_stays(room, expected_logs):
    expected_logs("Refused", optional=True)
    room.start()
    desk, raw = room.desk(), room.raw("pier", "sensor")
    now = room.clock.now_ns() / 1e9

    def send(value: float, at_s: float) -> None:
        raw.send(json.dumps({"point": "RIV-0001/level_m", "value": value, "time": at_s}).encode())

    send(1.0, now - 10)
    desk.until(lambda: shown(desk, "RIV-0001/level_m") == 1.0, "the value")
    for at_s, said in ((now - 10, "sent before"), (now - 20, "older than the value that is held")):
        send(2.0, at_s)
        assert raw.poll(5000)
        assert said in json.loads(raw.recv())["refused"]
    assert shown(desk, "RIV-0001/level_m") == 1.0


def test_a_signal_and_a_condition_as_json_are_answered_when_they_are_on_disk(room, expected_logs):
    expected_logs("Refused", optional=True)
    room.start()
    desk, raw = room.desk(), room.raw("bells", "gateway", devices=("BELL-*",))

    def ask(**said: object) -> dict[str, object]:
        raw.send(json.dumps(said).encode())
        assert raw.poll(10_000)
        return json.loads(raw.recv())

    for _ in range(2):
        assert ask(signal="bell", device="BELL-0001", id=7, detail="Pressed.") == {"taken": True}
    desk.until(lambda: desk.board.state.incidents, "the incident")
    (incident,) = desk.board.state.incidents.values()
    assert (incident.type, len(incident.signal_uids)) == ("emergency_bell", 1)
    why = {"en": "No battery.", "ko": "배터리 없음."}
    assert ask(condition="down", device="BELL-0002", why=why) == {"taken": True}
    desk.until(lambda: "BELL-0002" in desk.board.state.devices, "the condition")
    for said, wrong in (
        ({"signal": "belly", "device": "BELL-0001"}, "not a signal of the city"),
        ({"signal": "bell", "device": "BELL-9999"}, "expected a device of the city"),
        ({"signal": "bell", "device": "RIV-0001"}, "may not speak for that device"),
        ({"signal": "bell", "device": "BELL-0001", "confidence": 3}, "expected 0 to 1"),
        ({"condition": "sleepy", "device": "BELL-0001", "why": "x"}, "expected up, degraded"),
        ({"condition": "down", "device": "BELL-0001"}, "field 'why'"),
        ({"signal": "bell", "device": "BELL-0001", "detail": {"en": "x"}}, "expected text, or en and ko"),
    ):
        assert wrong in str(ask(**said)["refused"])


def test_a_raw_listener_without_a_key_hears_nothing(room):
    room.start()
    socket = room.context.socket(zmq.SUB)
    socket.linger = 0
    socket.subscribe(b"")
    socket.connect(room.hub.doors.decisions_at)
    try:
        assert not socket.poll(2500)  # two heartbeats long
    finally:
        socket.close(linger=0)


def test_a_window_that_does_not_look_loses_measurements_by_count_and_no_decision(room, monkeypatch):
    from console.desk import link

    monkeypatch.setattr(link, "INBOX_MAX", 20)
    room.start()
    desk, gate = room.desk(), room.gateway()
    for step in range(200):
        gate.publish(reading(room, DEPTH, float(step % 7), room.clock.now_ns() - (200 - step) * 1_000_000))
    gate.report(SignalSeen(uid="1", type="fall", at_ns=1, device_id="CAM-PARK-0001"))
    assert gate.wait_taken(10)
    wait_until(lambda: desk.link._session.lost > 0, "drops, while nobody drains the board")
    wait_until(lambda: desk.link._session.seq == room.hub.sequencer.state.seq, "the last entry")
    desk.until(lambda: desk.board.state.incidents, "the incident")
    gate.publish(reading(room, DEPTH, 3.0))
    desk.until(lambda: shown(desk, DEPTH) == 3.0, "the newest value")


def test_what_the_fields_rules_say_is_on_every_desk_and_closes_an_underpass_by_the_rules_words(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    gate.publish(reading(room, "UND-0001/pump_ready", 0.0))
    desk.until(lambda: "UND-0001" in desk.board.state.field_states, "the rule's word")
    told = desk.board.state.field_states["UND-0001"]
    assert (told.rule, told.grade) == ("underpass", "grave")
    assert told.words.en == "Close at once: a pump does not work"
    desk.until(lambda: desk.board.state.incidents, "the incident")
    assert {one.type for one in desk.board.state.incidents.values()} == {"underpass_flood"}
