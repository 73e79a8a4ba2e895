"""The page of alarms as an operator meets it: views, acts by key, refusals, floods, what is never hidden."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.clock import SECOND_NS
from console.desk.inbound import HealthCame, PageCame
from console.model import commands as do
from console.model import events as ev
from console.model.casework import Clue, RulePrecision
from console.model.query import AskLog, AskPrecision, LogPage, PrecisionPage
from tests.alarms.room import Room, limits, moved, ordered, silent
from tests.kit.sitting import health, suwon
from widgets.kit.worth import RuleWorth

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

URGENT, HIGH, MEDIUM = limits(1, 3), limits(2, 40), limits(3, 12)


def press(room: Room, key: Qt.Key, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(room.page.table, key, modifier)


def test_the_most_urgent_comes_first_and_what_was_seen_after_what_was_not(room: Room) -> None:
    room.begin(*MEDIUM[:2], *HIGH[:2], URGENT[0])
    room.tell(moved(HIGH[0], "B", "C", "acknowledge", room.clock.now_ns(), "person:kim"))
    assert [row.alarm.priority for row in room.page.model.rows()] == [1, 2, 2, 3, 3]
    assert room.shown()[2] == HIGH[0].id
    assert room.page.views._buttons["active"].text() == "Active 5"


def test_a_row_says_priority_state_value_and_level_in_words(room: Room) -> None:
    limit = URGENT[0]
    room.begin(limit)
    model = room.page.model
    said = [model.index(0, column).data() for column in range(model.columnCount())]
    assert said[0] == "P1 critical" and said[1] == "new"
    assert "≥" in said[5] or "≤" in said[5]
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "P1 critical" in spoken and limit.text.en in spoken


def test_acknowledging_by_key_is_pending_until_the_event_comes(room: Room) -> None:
    room.begin(HIGH[0])
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_A)
    assert room.last() == do.AcknowledgeAlarms(alarm_ids=(HIGH[0].id,))
    assert room.page.model.index(0, 1).data() == "new …"
    room.accept("c1", seq=room.board.state.seq + 1)
    assert room.page.model.index(0, 1).data() == "new …", "accepted, and not here yet"
    room.tell(moved(HIGH[0], "B", "C", "acknowledge", room.clock.now_ns(), "person:kim"))
    assert room.page.model.index(0, 1).data() == "acknowledged"
    assert room.page.told.text().startswith("Acknowledge 1: done at")


def test_a_refusal_is_told_and_nothing_stays_pending(room: Room) -> None:
    room.begin(HIGH[0])
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_A)
    room.refuse("c1", "The hub follows a recording.")
    assert room.page.told.text() == "Acknowledge 1: refused. The hub follows a recording."
    assert room.page.model.index(0, 1).data() == "new"


def test_choosing_all_acknowledges_only_what_is_on_the_screen(room: Room) -> None:
    room.begin(*HIGH)
    room.settle()
    room.page.table.selectAll()
    room.page.table.chosen.emit()
    press(room, Qt.Key.Key_A)
    sent = room.last()
    assert isinstance(sent, do.AcknowledgeAlarms)
    assert 0 < len(sent.alarm_ids) < len(HIGH)
    assert set(sent.alarm_ids) == {row.alarm.id for row in room.page.table.seen_rows()}


def test_shelving_asks_for_a_time_and_a_reason_without_covering_anything(room: Room) -> None:
    room.begin(HIGH[0])
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_S)
    form = room.page.doing.form
    assert form.isVisible() and not room.page.buttons.isVisible() and room.page.table.isVisible()
    times = [form.time.itemData(number) for number in range(form.time.count())]
    assert times[-1] == room.figures.shelving_of("operator").longest_s  # type: ignore[union-attr]
    form.send()
    assert not room.port.commands, "not without a reason"
    form.time.setCurrentIndex(form.time.findData(1800))
    QTest.keyClicks(form.reason, "work on site")
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    assert room.last() == do.ShelveAlarms(alarm_ids=(HIGH[0].id,), for_s=1800, reason="work on site")
    assert room.page.buttons.isVisible()


def test_esc_leaves_the_form_and_keeps_the_reason(room: Room) -> None:
    room.begin(HIGH[0])
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_S)
    QTest.keyClicks(room.page.doing.form.reason, "half a rea")
    QTest.keyClick(room.page.doing.form.reason, Qt.Key.Key_Escape)
    assert not room.page.doing.form.isVisible() and not room.port.commands
    press(room, Qt.Key.Key_S)
    assert room.page.doing.form.reason.text() == "half a rea"


def test_an_operator_does_not_shelve_priority_1_nor_take_out_of_service_and_is_told_why(room: Room) -> None:
    room.begin(URGENT[0], HIGH[0])
    room.choose(URGENT[0].id)
    press(room, Qt.Key.Key_S)
    assert "priority 1" in room.page.told.text() and not room.page.doing.form.isVisible()
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_O)
    assert "supervisor" in room.page.told.text() and not room.port.commands
    button = room.page._act_buttons["remove"]
    assert not button.isEnabled() and "supervisor" in button.toolTip()


def test_a_supervisor_takes_out_of_service_and_returns_with_a_reason(supervisor: Room) -> None:
    room = supervisor
    room.begin(HIGH[0])
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_O)
    room.page.doing.form.reason.setText("sensor faulty")
    room.page.doing.form.send()
    assert room.last() == do.RemoveAlarms(alarm_ids=(HIGH[0].id,), reason="sensor faulty")
    now_ns = room.clock.now_ns()
    room.tell(moved(HIGH[0], "B", "I", "remove", now_ns, "person:lee", why="sensor faulty", active=True))
    assert room.shown() == [] and room.page.empty.text() == "No alarm stands."
    press(room, Qt.Key.Key_4)
    assert room.shown() == [HIGH[0].id]
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_O, shift=True)
    room.page.doing.form.reason.setText("repaired")
    room.page.doing.form.send()
    assert room.last() == do.ReturnAlarms(alarm_ids=(HIGH[0].id,), reason="repaired")


def test_hidden_alarms_say_by_whom_until_when_and_by_what(room: Room) -> None:
    now_ns = room.clock.now_ns()
    room.begin(HIGH[0])
    room.tell(
        moved(
            HIGH[0], "B", "G", "shelve", now_ns, "person:kim", why="works", until_ns=now_ns + 900 * SECOND_NS,
            active=True,
        ),
        silent("UND-0002", "B", "began", now_ns),
        silent("UND-0001", "H", "suppress", now_ns, why="UND-0002/silent"),
    )  # fmt: skip
    press(room, Qt.Key.Key_2)
    note = room.page.model.index(0, 7).data()
    assert note.startswith("until ") and note.endswith("kim: works · still there")
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_S, shift=True)
    assert room.last() == do.UnshelveAlarms(alarm_ids=(HIGH[0].id,))
    press(room, Qt.Key.Key_3)
    assert room.shown() == ["UND-0001/silent"]
    assert room.page.model.index(0, 7).data().startswith("by: ")


def test_a_latched_alarm_is_reset_in_its_view(room: Room) -> None:
    room.begin(HIGH[0])
    now_ns = room.clock.now_ns()
    room.tell(
        moved(HIGH[0], "B", "E", "ended", now_ns),
        moved(HIGH[0], "E", "F", "acknowledge", now_ns, "person:kim"),
    )
    press(room, Qt.Key.Key_5)
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_R)
    assert room.last() == do.ResetAlarms(alarm_ids=(HIGH[0].id,))


def test_in_a_flood_alike_alarms_are_one_line_and_priority_1_is_not(room: Room) -> None:
    room.begin(*URGENT, *HIGH)
    alone = len(room.shown())
    room.flood()
    rows = room.page.model.rows()
    assert len(rows) < alone == len(URGENT) + len(HIGH)
    assert [bool(row.members) for row in rows if row.alarm.priority == 1] == [False] * len(URGENT)
    members = [name for row in rows for name in (row.members or (row.alarm.id,))]
    assert sorted(members) == sorted(one.id for one in (*URGENT, *HIGH))
    assert room.page.banner.isVisible() and "Priority 1 is never grouped: 3" in room.page.banner.text.text()
    room.flood(False)
    assert len(room.shown()) == alone and not room.page.banner.isVisible()


def test_a_group_is_acknowledged_only_when_it_is_open_and_then_what_is_seen(room: Room) -> None:
    room.begin(*HIGH)
    room.flood()
    group = next(row for row in room.page.model.rows() if len(row.members) > 4)
    room.choose(group.key)
    press(room, Qt.Key.Key_A)
    assert "Open the group first" in room.page.told.text()
    press(room, Qt.Key.Key_A, shift=True)
    assert not room.port.commands
    press(room, Qt.Key.Key_Right)
    room.settle()
    press(room, Qt.Key.Key_A, shift=True)
    sent = room.last()
    assert isinstance(sent, do.AcknowledgeAlarms)
    seen = {row.alarm.id for row in room.page.table.seen_rows() if row.inside}
    assert set(sent.alarm_ids) == seen & set(group.members)
    press(room, Qt.Key.Key_Down)
    press(room, Qt.Key.Key_Left)
    assert not any(row.inside for row in room.page.model.rows())
    current = room.page.table.current_row()
    assert current is not None and current.key == group.key


def test_the_chosen_row_stays_where_it_is_while_more_urgent_ones_come(room: Room) -> None:
    room.begin(*HIGH)
    room.settle()
    table = room.page.table
    room.choose(HIGH[30].id)
    room.settle()
    before = table.rowViewportPosition(room.page.model.place(HIGH[30].id))
    room.begin(*URGENT)
    room.settle()
    assert [row.key for row in table.chosen_rows()] == [HIGH[30].id]
    assert table.rowViewportPosition(room.page.model.place(HIGH[30].id)) == before


def test_who_looks_at_the_beginning_sees_what_comes_there(room: Room) -> None:
    room.begin(*HIGH)
    room.settle()
    room.begin(URGENT[0])
    room.settle()
    assert room.page.table.seen_rows()[0].key == URGENT[0].id


def test_an_alarm_that_goes_takes_the_choice_with_it_and_chooses_no_neighbour(room: Room) -> None:
    room.begin(*HIGH[:3])
    room.choose(HIGH[1].id)
    now_ns = room.clock.now_ns()
    room.tell(
        moved(HIGH[1], "B", "C", "acknowledge", now_ns, "person:kim"),
        moved(HIGH[1], "C", "A", "ended", now_ns),
    )
    assert room.page.table.chosen_rows() == []
    press(room, Qt.Key.Key_A)
    assert not room.port.commands and "Choose an alarm" in room.page.told.text()


def test_many_changes_at_once_keep_the_choice_too(room: Room) -> None:
    room.begin(*HIGH[:3])
    room.choose(HIGH[1].id)
    room.begin(*limits(3, 150))
    assert [row.key for row in room.page.table.chosen_rows()] == [HIGH[1].id]


def test_the_filter_finds_words_of_both_languages_and_u_goes_to_the_next_unseen(room: Room) -> None:
    room.begin(*HIGH[:6], *MEDIUM)
    room.page.find()
    room.page.field.setText(MEDIUM[0].text.ko)
    assert MEDIUM[0].id in room.shown() and HIGH[0].id not in room.shown()
    QTest.keyClick(room.page.field, Qt.Key.Key_Escape)
    assert len(room.shown()) == 18
    room.tell(moved(HIGH[0], "B", "C", "acknowledge", room.clock.now_ns(), "person:kim"))
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_U)
    current = room.page.table.current_row()
    assert current is not None and current.alarm.priority == 3


def test_the_panel_says_what_to_do_in_both_languages_with_source_and_moves(room: Room) -> None:
    limit = URGENT[0]
    room.begin(limit)
    room.choose(limit.id)
    text = room.page.panel.text.toPlainText()
    for part in (limit.guidance.en, limit.guidance.ko, limit.source, limit.id):
        assert part in text
    assert room.page.panel._moves()
    press(room, Qt.Key.Key_L)
    query = room.port.queries[-1]
    assert isinstance(query, AskLog) and query.filter.text == limit.id
    earlier = ev.Entry(
        run="r0", seq=3, at_ns=1, cause=ev.Cause(actor="hub"),
        event=moved(limit, "C", "A", "ended", SECOND_NS),
    )  # fmt: skip
    room.board.inbox.append(PageCame(f"q{len(room.port.queries)}", LogPage(entries=(earlier,)), None))
    room.pulse.tick()
    assert len(room.page.panel._moves()) == 2 and not room.page.panel.earlier.isVisible()


def test_from_an_alarm_to_cameras_map_chart_and_incident(room: Room) -> None:
    wanted: list[object] = []
    going = room.page.going
    for signal in (going.cameras_wanted, going.controls_wanted, going.incident_wanted):
        signal.connect(wanted.append)
    for pair in (going.device_wanted, going.chart_wanted):
        pair.connect(lambda *told: wanted.append(told))
    limit = ordered()
    room.begin(limit)
    room.choose(limit.id)
    for key in (Qt.Key.Key_V, Qt.Key.Key_M, Qt.Key.Key_H, Qt.Key.Key_D, Qt.Key.Key_I):
        press(room, key)
    device = room.profile.devices[room.profile.points[limit.point_index].device_id]
    assert isinstance(wanted[0], tuple) and set(wanted[0]) <= set(room.profile.cameras)
    raised_ns = room.board.state.alarms[limit.id].raised_at_ns
    point = room.profile.points[limit.point_index]
    assert wanted[1:] == [(device.id, device.place.position), (point.id, raised_ns), device.id]
    assert room.page.told.text() == "No incident holds this alarm."


def test_the_panel_says_what_verdicts_the_limit_had_and_a_camera_of_its_incident(room: Room) -> None:
    limit, camera = URGENT[0], next(iter(suwon().cameras))
    worth = RuleWorth(room.board, room.port, room.pulse, room.catalogue, room.page)
    room.page.panel.show_worth(worth)
    room.begin(limit)
    room.choose(limit.id)
    assert "Verdicts so far" not in room.page.panel.text.toPlainText(), "not before the hub has said"
    room.later(1)
    device = suwon().points[limit.point_index].device_id
    rows = (
        RulePrecision(rule=limit.id, camera_id=device, part="day", real=3, false=1, test=0),
        RulePrecision(rule="smoke", camera_id=camera, part="day", real=7, false=45, test=0, share=0.13),
    )
    asked = room.port.queries.index(AskPrecision()) + 1
    page = PrecisionPage(rows=rows, days=30, least=10, part="day")
    room.board.inbox.append(PageCame(f"q{asked}", page))
    room.pulse.tick()
    assert "Verdicts so far\nToo few verdicts to say (4), by day" in room.page.panel.text.toPlainText()

    alarm = room.book.alarms[limit.id]
    own = Clue(uid=alarm.occurrence, source="alarm", type="flood", at_ns=1, lat=37.2, lon=127.0,
               rule=limit.id, device_id=device)  # fmt: skip
    seen = Clue(uid="s1", source="detection", type="flood", at_ns=1, lat=37.2, lon=127.0, rule="smoke",
                camera_id=camera)  # fmt: skip
    room.tell(
        ev.CaseOpened(incident_id="I1", type="flood", priority=1, grade="1", place=alarm.place, clue=own,
                      alarm_id=alarm.occurrence),
        ev.ClueGathered(incident_id="I1", clue=seen),
    )  # fmt: skip
    text = room.page.panel.text.toPlainText()
    assert f"{suwon().devices[camera].name.en}: Real 7 of 52 in 30 days, by day" in text
    room.catalogue.switch("ko")
    assert "판정 이력\n판정 수 부족(4건), 주간" in room.page.panel.text.toPlainText()


def test_both_languages_without_a_restart(room: Room) -> None:
    room.begin(URGENT[0])
    room.choose(URGENT[0].id)
    room.catalogue.switch("ko")
    assert room.page.model.index(0, 1).data() == "미확인"
    assert room.page.views._buttons["active"].text() == "발생 1"
    text = room.page.panel.text.toPlainText()
    assert text.index(URGENT[0].guidance.ko) < text.index(URGENT[0].guidance.en)


def test_without_a_hub_the_page_says_since_when(room: Room) -> None:
    room.begin(URGENT[0])
    room.lose_hub()
    room.later(1)
    assert room.page.told.text().startswith("Not connected to the hub since")


def test_the_list_keeps_qts_rules(room: Room, qtmodeltester: object) -> None:
    room.begin(*HIGH[:5], *URGENT)
    room.flood()
    qtmodeltester.check(room.page.model)  # type: ignore[attr-defined]


def test_an_alarm_chosen_elsewhere_is_found_in_its_view_and_group(room: Room) -> None:
    room.begin(*HIGH)
    room.flood()
    group = next(row for row in room.page.model.rows() if row.members)
    assert room.page.choose(group.members[-1])
    current = room.page.table.current_row()
    assert current is not None and current.alarm.id == group.members[-1] and current.inside
    assert not room.page.choose("NOBODY/knows")


def test_the_incident_of_an_alarm_is_said_also_where_there_is_no_room_for_its_column(room: Room) -> None:
    limit = HIGH[0]
    room.begin(limit)
    alarm = room.board.state.alarms[limit.id]
    opened = ev.IncidentOpened(
        incident_id="SU-1", type=next(iter(room.profile.incident_types)), priority=2, place=alarm.place,
        reason=limit.text, alarm_id=alarm.occurrence,
    )  # fmt: skip
    room.tell(opened)
    name = room.catalogue.words(room.profile.incident_types[opened.type].name)
    for width in (1180, 700):
        room.page.resize(width, 384)
        room.settle()
        shown = [
            room.page.model.index(0, column).data() for column in range(room.page.model.columnCount())
            if not room.page.table.isColumnHidden(column)
        ]  # fmt: skip
        assert any(name in text for text in shown)


def test_a_flood_of_unlike_alarms_says_so(room: Room) -> None:
    room.begin(URGENT[0])
    room.flood()
    assert "each alarm stands alone" in room.page.banner.text.text()


def test_while_a_recording_is_followed_alarms_are_shown_and_nothing_is_done_to_them(room: Room) -> None:
    room.begin(HIGH[0])
    room.board.inbox.append(HealthCame(health(alarms=None)))
    room.pulse.tick()
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_A)
    assert not room.port.commands and "follows a recording" in room.page.told.text()
    assert room.shown() == [HIGH[0].id] and room.page.panel.alarm_id == HIGH[0].id
    assert room.meter.accessibleDescription() == "–, unknown"


def test_a_device_that_takes_no_orders_says_so(room: Room) -> None:
    room.begin(HIGH[0])
    room.choose(HIGH[0].id)
    press(room, Qt.Key.Key_D)
    assert room.page.told.text() == "Nothing can be ordered of this device."
