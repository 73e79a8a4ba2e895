"""Alarms from the door to the desk: raised, acknowledged, shelved over a restart, gateways away, floods."""

from __future__ import annotations

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.model import commands as do
from console.model.base import Words
from console.model.commands import Accepted, Refused
from console.model.gateway import GatewayReport
from console.model.query import AlarmFiguresPage, AskAlarmFigures
from console.rules.door import good
from console.telemetry.table import Columns
from tests.guards.waiting import until as wait_until

DEPTH = "UND-0001/water_depth_cm"
CLOSE = f"{DEPTH}/close"


def water(room, value: float, second: float = 0.0) -> Columns:
    index = room.profile.point_by_id[DEPTH].index
    at_ns = room.clock.now_ns() + int(second * SECOND_NS)
    return good(np.array([index]), np.array([value]), np.array([at_ns]))


def flooded(room, gate, ago_s: float = 0.0) -> None:
    """Beyond the limit, by the samples' own time."""
    for step in (2, 1, 0):
        gate.publish(water(room, 18.0, -ago_s - step))


def letter(desk, alarm_id: str = CLOSE) -> str:
    alarm = desk.board.state.alarms.get(alarm_id)
    return alarm.state if alarm is not None else "A"


def test_an_alarm_is_told_acknowledged_and_gone_when_it_is_over(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    flooded(room, gate, 200)
    desk.until(lambda: letter(desk) == "B", "the alarm")
    alarm = desk.board.state.alarms[CLOSE]
    assert (alarm.device_id, alarm.value, alarm.limit_id, alarm.active) == ("UND-0001", 18.0, CLOSE, True)
    assert alarm.incident_id in desk.board.state.incidents
    assert isinstance(desk.do(do.AcknowledgeIncident(incident_id=alarm.incident_id)), Accepted)
    assert letter(desk) == "C"
    for ago_s in (150, 0):
        gate.publish(water(room, 0.0, -ago_s))
    desk.until(lambda: letter(desk) == "A", "the end")


def test_a_shelved_alarm_stays_shelved_over_a_restart_and_its_condition_is_known(room):
    room.start()
    desk = room.desk("super-1", "Lee Yuna")
    shelved = desk.do(do.ShelveAlarms(alarm_ids=(CLOSE,), for_s=3600, reason="pump test"))
    assert isinstance(shelved, Accepted)
    until_ns = desk.board.state.alarms[CLOSE].until_ns
    run = room.hub.run_id
    room.stop()
    room.start()
    desk.until(lambda: desk.board.state.run not in ("", run) and desk.board.link == "live", "the new run")
    flooded(room, room.gateway("later"))
    desk.until(lambda: desk.board.state.alarms[CLOSE].active, "its condition")
    alarm = desk.board.state.alarms[CLOSE]
    assert (alarm.state, alarm.until_ns) == ("G", until_ns)
    assert alarm.shelf is not None and alarm.shelf.why == "pump test"
    assert not desk.board.state.incidents
    assert isinstance(desk.do(do.UnshelveAlarms(alarm_ids=(CLOSE,))), Accepted)
    desk.until(lambda: letter(desk) == "B" and desk.board.state.incidents, "it back, with its incident")


def test_an_operator_may_not_do_what_is_a_supervisors(room):
    room.start()
    desk = room.desk()
    refused = desk.do(do.RemoveAlarms(alarm_ids=(CLOSE,), reason="exchange"))
    assert isinstance(refused, Refused) and refused.code == "alarm_role"
    assert letter(desk) == "A"


def test_an_alarm_that_latches_stays_until_it_is_over_seen_and_reset(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    limit = next(one for one in room.profile.limits if one.latching)

    def smoke(value: float, ago_s: float) -> None:
        at_ns = room.clock.now_ns() - int(ago_s * SECOND_NS)
        gate.publish(good(np.array([limit.point_index]), np.array([value]), np.array([at_ns])))

    for ago_s in (200, 190):
        smoke(limit.set_at, ago_s)
    desk.until(lambda: letter(desk, limit.id) == "B", "the alarm")
    for ago_s in (100, 1):
        smoke(limit.clear_at - 1, ago_s)
    desk.until(lambda: letter(desk, limit.id) == "E", "it over and latched")
    refused = desk.do(do.ResetAlarms(alarm_ids=(limit.id,)))
    assert isinstance(refused, Refused) and refused.code == "alarm_not_latched", "nobody has seen it"
    assert isinstance(desk.do(do.AcknowledgeAlarms(alarm_ids=(limit.id,))), Accepted)
    assert letter(desk, limit.id) == "F"
    assert isinstance(desk.do(do.ResetAlarms(alarm_ids=(limit.id,))), Accepted)
    assert letter(desk, limit.id) == "A"


def test_a_device_out_of_service_takes_its_alarms_with_it_and_brings_them_back(room):
    room.start()
    desk, gate = room.desk("super-1", "Lee Yuna"), room.gateway()
    gate.publish(water(room, 18.0, -5))
    desk.until(lambda: letter(desk) == "B", "the alarm")
    taken = do.RemoveDevices(device_ids=("UND-0001",), reason="pump exchange")
    assert isinstance(desk.do(taken), Accepted)
    desk.until(lambda: letter(desk) == "I", "the alarm out of service")
    alarm = desk.board.state.alarms[CLOSE]
    assert alarm.removal is not None
    assert (alarm.removal.by, alarm.removal.why) == ("person:Lee Yuna", "pump exchange")
    assert letter(desk, "UND-0001/silent") == "I"
    assert isinstance(desk.do(do.ReturnDevices(device_ids=("UND-0001",))), Accepted)
    desk.until(lambda: letter(desk) == "B" and letter(desk, "UND-0001/silent") == "A", "both back")


def test_a_gateway_that_fails_is_one_alarm_and_ends_when_it_is_back(room):
    room.start()
    desk, gate = room.desk(), room.gateway("mqtt")
    gate.publish(water(room, 1.0))
    report = GatewayReport(state="down", kind="mqtt", why=Words(en="no broker", ko="브로커 없음"))
    gate.say(report)
    desk.until(lambda: letter(desk, "mqtt/gateway") == "B", "the alarm")
    assert "mqtt" in desk.board.state.alarms["mqtt/gateway"].text.en
    gate.say(GatewayReport(state="up", kind="mqtt"))
    desk.until(lambda: letter(desk, "mqtt/gateway") == "D", "its end")


def test_many_alarms_are_a_flood_at_the_desks_they_concern_and_figures_say_so(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    limits = room.profile.limits
    columns = limits.columns()
    chosen = np.flatnonzero((columns.hours == 0) & (columns.count == 1))[:: len(limits) // 40][:30]
    now = room.clock.now_ns()
    for back_s in (columns.on_delay_s[chosen].max() + 1, 0):
        at = np.full(len(chosen), now - int(back_s * SECOND_NS))
        gate.publish(good(columns.point_index[chosen], columns.set_at[chosen], at))
    desk.until(lambda: "desk-1" in desk.board.state.floods, "the flood")
    desk.until(lambda: desk.board.health and desk.board.health.alarms.desks["desk-1"].flooded, "it on health")
    load = desk.board.health.alarms.desks["desk-1"]
    assert (load.grade, load.per_period > 10) == ("flood", True)
    assert desk.board.health.alarms.shown >= load.per_period
    asked = desk.link.ask(AskAlarmFigures(about_desk="desk-1"))
    desk.until(lambda: asked in desk.board.pages, "the figures")
    page = desk.board.take_page(asked).page
    assert isinstance(page, AlarmFiguresPage)
    assert (page.desk, page.stale) == ("desk-1", ())


def test_a_commit_that_fails_takes_alarms_back_and_they_are_raised_again(room, monkeypatch, expected_logs):
    expected_logs("disk", optional=True)
    from console.ledger import LedgerUnavailable

    hub = room.start()
    desk, gate = room.desk(), room.gateway()
    submit, failed = hub._writer.submit, []

    def refuse(batch):
        if not failed and any("alarm" in str(type(one.event)) for one in batch.entries):
            failed.append(batch)
            words = Words(en="The disk is full.", ko="디스크가 가득 찼습니다.")
            raise LedgerUnavailable("full", words, OSError("full"))
        submit(batch)

    monkeypatch.setattr(hub._writer, "submit", refuse)
    flooded(room, gate, 10)
    wait_until(lambda: failed, "the failing commit")
    wait_until(lambda: hub.sequencer.failures == 1, "the state to go back")
    flooded(room, gate)
    desk.until(lambda: letter(desk) == "B", "the alarm after all")


def test_a_hub_that_follows_a_recording_judges_nothing(room):
    hub = room.start(following=True)
    desk, gate = room.desk(), room.gateway()
    flooded(room, gate)
    index = room.profile.point_by_id[DEPTH].index
    desk.until(lambda: desk.board.values[index] == 18.0, "the values")
    assert hub.alarms is None and not desk.board.state.alarms
    desk.until(lambda: desk.board.health is not None, "health")
    assert desk.board.health.alarms is None


@pytest.mark.parametrize("desk_id", ["nobody", "desk-1"])
def test_figures_of_a_desk_without_a_whole_period_are_empty(room, desk_id):
    room.start()
    desk = room.desk()
    asked = desk.link.ask(AskAlarmFigures(about_desk=desk_id))
    desk.until(lambda: asked in desk.board.pages, "the figures")
    assert desk.board.take_page(asked).page == AlarmFiguresPage(desk=desk_id)
