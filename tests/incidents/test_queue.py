"""The incident queue on the screen."""

from __future__ import annotations

import random
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from console.model import events as ev
from tests.incidents.room import Room, acknowledged, opened, queued, show_in_window
from widgets.incidents.lines import Column
from widgets.incidents.model import INCIDENT_ROLE
from widgets.incidents.queue import QueuePanel


@pytest.fixture
def queue(room: Room, qtbot) -> Iterator[QueuePanel]:
    panel = QueuePanel(room.board, room.cases, room.pulse, room.actions, room.catalogue, room.tokens)
    window = show_in_window(panel, 660, 28 * 8, qtbot)
    yield panel
    window.close()


def order(queue: QueuePanel) -> list[str]:
    return queue.model.ids()


def text(queue: QueuePanel, name: str, column: int) -> str:
    return queue.model.index(queue.model.row_of(name), column).data()


def resolved(name: str) -> ev.IncidentResolved:
    return ev.IncidentResolved(incident_id=name, person="kim", outcome="real")


def test_a_new_incident_takes_its_place_by_priority_owner_and_wait(room: Room, queue) -> None:
    room.tell(opened("low", "lamps", 4), opened("high", "flood", 2))
    room.later(10)
    room.tell(opened("top", "smoke", 1), opened("second", "fall", 1))
    room.tell(acknowledged("top"))
    assert order(queue) == ["second", "top", "high", "low"]


def test_a_row_says_priority_type_place_age_state_owner_and_why(room: Room, queue) -> None:
    room.tell(opened("I1"), acknowledged("I1", "lee"), queued("I1"))
    room.tell(ev.HandoffAccepted(handoff_id="I1-KR-119-1"))
    room.later(95)
    said = [text(queue, "I1", column) for column in Column]
    assert said == ["1", "Smoke or fire", "Paldalmun market, east gate", "1 min", "119 → accepted", "lee",
                    "Smoke seen."]  # fmt: skip


def test_a_row_is_read_out_as_one_sentence(room: Room, queue) -> None:
    room.tell(opened("I1"))
    spoken = queue.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "P1 critical, Smoke or fire, Paldalmun market, east gate, 0 s, new, no owner, Smoke seen., "
        "Why here: Priority 1 +1000 · Nobody has it +120 = 1120"
    )


def test_an_abnormal_handoff_is_the_one_the_narrow_column_tells(room: Room, queue) -> None:
    room.tell(opened("I1"), queued("I1"), queued("I1", "KR-112"))
    room.tell(ev.HandoffRejected(handoff_id="I1-KR-119-1", reason="not-ours"))
    room.tell(ev.HandoffAccepted(handoff_id="I1-KR-112-1"))
    assert text(queue, "I1", Column.STATE) == "119 → rejected +1"
    whole = queue.model.index(0, Column.STATE).data(Qt.ItemDataRole.ToolTipRole)
    assert whole == "119 → rejected · 112 → accepted"
    assert queue.model.line(0).alarming


def test_selection_and_scroll_survive_churn(room: Room, queue) -> None:
    room.tell(*(opened(f"I{n:02d}", "lamps", 3) for n in range(40)))
    queue.select("I20")
    queue.rest.verticalScrollBar().setValue(15 * 28)
    top = queue.rest.top_incident()
    chance = random.Random(7)
    for round_ in range(30):
        room.clock.step(1)
        room.say(opened(f"N{round_:02d}", "fall", 1))
        room.say(acknowledged(f"I{chance.randrange(21, 40):02d}"))
        room.say(resolved(f"I{chance.randrange(0, 12):02d}"))
        room.tick()
        assert queue.current_incident() == "I20"
        assert queue.rest.top_incident() == top
        shown = [row for row in range(queue.model.rowCount()) if not queue.rest.isRowHidden(row)]
        assert shown == list(range(1, queue.model.rowCount()))


def test_when_the_top_row_itself_leaves_the_others_stay_where_they_are(room: Room, queue) -> None:
    room.tell(*(opened(f"I{n:02d}", "lamps", 3) for n in range(40)))
    queue.rest.verticalScrollBar().setValue(10 * 28)
    before = dict(queue.rest.heights())
    gone = queue.rest.top_incident()
    room.later(5)
    room.tell(resolved(gone))
    after = dict(queue.rest.heights())
    assert gone not in after
    assert all(after[name] == height for name, height in before.items() if name in after and name != gone)


def test_the_first_line_is_always_in_view(room: Room, queue) -> None:
    room.tell(*(opened(f"I{n:02d}", "lamps", 3) for n in range(40)))
    queue.rest.verticalScrollBar().setValue(30 * 28)
    room.later(1)
    room.tell(opened("TOP", "smoke", 1))
    assert queue.first.indexAt(QPoint(5, 5)).data(INCIDENT_ROLE) == "TOP"
    assert queue.rest.verticalScrollBar().value() > 0


def test_nothing_is_resorted_while_the_operators_hand_is_on_the_list(room: Room, queue) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 1), opened("c", "lamps", 1))
    QTest.mouseMove(queue.rest.viewport(), QPoint(20, 10))
    queue.rest.touched.emit()
    room.tell(acknowledged("a"), resolved("b"))
    assert order(queue) == ["a", "b", "c"]
    assert queue.model.line(1).leaving
    room.later(3.1)
    assert order(queue) == ["c", "a"]


def test_a_key_in_the_list_holds_the_order_too(room: Room, queue) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 1))
    queue.focus_list()
    QTest.keyClick(queue.rest, Qt.Key.Key_Down)
    room.tell(acknowledged("a"))
    assert order(queue) == ["a", "b"]
    room.later(3.1)
    assert order(queue) == ["b", "a"]
    assert queue.current_incident() == "b"


def test_a_new_incident_comes_in_at_once_even_under_a_hand_and_moves_nothing(room: Room, queue) -> None:
    room.tell(*(opened(f"I{n:02d}", "lamps", 3) for n in range(30)))
    queue.rest.touched.emit()
    top = queue.rest.top_incident()
    room.tell(opened("TOP", "smoke", 1))
    assert order(queue)[0] == "TOP"
    assert queue.rest.top_incident() == top


def test_up_and_down_choose_and_enter_opens(room: Room, queue, qtbot) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 2), opened("c", "lamps", 3))
    chosen: list[str] = []
    queue.chosen.connect(chosen.append)
    queue.focus_list()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home):
        QTest.keyClick(queue.rest, key)
    assert chosen == ["a", "b", "c", "b", "a"]
    with qtbot.waitSignal(queue.opened) as opened_:
        QTest.keyClick(queue.rest, Qt.Key.Key_Return)
    assert opened_.args == ["a"]


def test_a_resolved_incident_leaves_and_nobody_else_is_chosen_for_the_operator(room: Room, queue) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 2), opened("c", "lamps", 3))
    queue.select("b")
    chosen: list[str] = []
    queue.chosen.connect(chosen.append)
    room.tell(resolved("b"))
    assert order(queue) == ["a", "c"]
    assert queue.rest.current_incident() == ""
    assert chosen == []
    QTest.keyClick(queue.rest, Qt.Key.Key_Down)
    assert chosen == ["c"]  # the keyboard goes on from where it was


def test_a_resolved_incident_stays_the_chosen_one_until_it_is_closed(room: Room, queue) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 2))
    queue.select("b")
    room.tell(resolved("b"))
    assert queue.current_incident() == "b"
    room.tell(ev.IncidentClosed(incident_id="b", person="kim"))
    assert queue.current_incident() == ""


def test_the_blink_repaints_only_markers_that_flash(room: Room, queue, monkeypatch) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 2), opened("c", "lamps", 3))
    room.tell(opened("d", "fall", 1), acknowledged("d"))
    painted: list[int] = []
    viewport = queue.rest.viewport()
    monkeypatch.setattr(
        queue.rest, "visualRect", lambda index: painted.append(index.row()) or viewport.rect()
    )
    room.later(0.5)
    assert [queue.model.ids()[row] for row in painted] == ["b"]  # "a" is the other view's
    assert queue.rest.painter_of_rows.lit is False
    assert queue.first.painter_of_rows.lit is False


def marker(queue: QueuePanel, view, name: str) -> int:
    """The colour in the middle of the marker of an incident, as painted."""
    rect = view.visualRect(queue.model.index(queue.model.row_of(name), 0))
    image = view.viewport().grab().toImage()
    return image.pixelColor(rect.left() + 8 + 7, rect.center().y() + 1).rgb()


def test_a_flashing_marker_changes_and_an_acknowledged_one_stands(room: Room, queue) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 2), opened("c", "fall", 1))
    room.tell(acknowledged("c"))
    lit = marker(queue, queue.rest, "b"), marker(queue, queue.rest, "c")
    room.later(0.5)
    unlit = marker(queue, queue.rest, "b"), marker(queue, queue.rest, "c")
    assert lit[0] != unlit[0]
    assert lit[1] == unlit[1]


def test_with_motion_off_nothing_blinks(room: Room, queue) -> None:
    room.pulse.motion = False
    room.tell(opened("a", "fall", 1))
    room.later(0.5)
    assert queue.first.painter_of_rows.lit is True


def test_four_hundred_rows_at_a_thousand_updates_a_second_tell_only_what_changed(room: Room, queue) -> None:
    room.tell(*(opened(f"I{n:03d}", "lamps", 3) for n in range(400)))
    told: list[int] = []
    queue.model.dataChanged.connect(lambda first, last, roles: told.append(last.row() - first.row() + 1))
    queue.model.modelReset.connect(lambda: pytest.fail("reset"))
    for tick in range(30):
        changed = range(tick, 400, 12)
        for number in changed:  # what nobody looked at is not told of
            queue.model.line(queue.model.row_of(f"I{number:03d}"))
        room.say(*(ev.IncidentNoted(incident_id=f"I{n:03d}", person="kim", text="x") for n in changed))
        told.clear()
        room.tick()
        assert sum(told) == len(changed)


def test_ages_are_told_anew_only_where_the_words_changed(room: Room, queue) -> None:
    room.tell(opened("a"))
    room.later(120)
    told: list[int] = []
    queue.model.dataChanged.connect(lambda first, last, roles: told.append(first.column()))
    assert text(queue, "a", Column.AGE) == "2 min"
    room.later(1)
    assert told == []
    room.later(59)
    assert told == [Column.AGE]
    assert text(queue, "a", Column.AGE) == "3 min"


def test_the_filter_finds_in_both_languages_and_never_hides_an_unacknowledged_p1(room: Room, queue) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 2), opened("c", "lamps", 3))
    room.actions.trigger("queue.filter")
    QTest.keyClicks(queue.filter_field(), "street")
    assert order(queue) == ["a", "c"]
    assert "1 hidden" in queue.counts().text()
    queue.filter_field().setText("지하차도")
    assert order(queue) == ["a", "b"]
    room.tell(opened("d", "flood", 2), acknowledged("a"))
    assert order(queue) == ["b", "d"]
    QTest.keyClick(queue.filter_field(), Qt.Key.Key_Escape)
    assert len(order(queue)) == 4
    assert queue.sieve.isHidden()


def test_an_empty_queue_says_since_when(room: Room, queue, qtbot) -> None:
    room.later(60)
    room.tell(opened("a"), resolved("a"))
    room.later(600)
    labels = [one.text() for one in queue.findChildren(type(queue.counts())) if one.isVisible()]
    assert "Nothing needs you now. Since 18:47." in labels


def test_an_empty_queue_before_the_hub_answered_does_not_claim_calm(room: Room, queue) -> None:
    room.board.state.run = ""
    room.board.link = "connecting"
    queue.refresh()
    labels = [one.text() for one in queue.findChildren(type(queue.counts())) if one.isVisible()]
    assert any("Waiting for the hub" in one for one in labels)
    assert not any("Nothing needs you" in one for one in labels)


def test_a_lost_hub_is_said_above_the_list_and_the_list_stays(room: Room, queue) -> None:
    room.tell(opened("a"))
    room.lose_hub()
    labels = [one.text() for one in queue.findChildren(type(queue.counts())) if one.isVisible()]
    assert any("Not connected to the hub since 18:46:40" in one for one in labels)
    assert order(queue) == ["a"]


def test_the_queue_speaks_the_language_that_is_switched_to(room: Room, queue) -> None:
    room.tell(opened("a"))
    room.catalogue.switch("ko")
    assert text(queue, "a", Column.TYPE) == "연기·화재"
    header = queue.model.headerData(Column.PLACE, Qt.Orientation.Horizontal)
    assert header == "장소"
    assert queue.counts().text() == "미확인 1 · 진행 1"
    assert queue.rest.accessibleName() == "상황 목록 표"


def test_u_takes_the_next_that_nobody_acknowledged(room: Room, queue) -> None:
    room.tell(opened("a", "fall", 1), opened("b", "flood", 2), opened("c", "lamps", 3), acknowledged("b"))
    found = []
    for _ in range(3):
        room.actions.trigger("queue.next")
        found.append(queue.current_incident())
    assert found == ["a", "c", "a"]


def test_a_pending_act_shows_in_the_row_until_it_is_answered(room: Room, queue) -> None:
    from console.model.commands import AcknowledgeIncident

    room.tell(opened("a"))
    room.port.request(AcknowledgeIncident(incident_id="a"))
    queue.refresh()
    assert text(queue, "a", Column.STATE) == "new …"
    room.say(acknowledged("a"))
    room.accept(seq=2)
    assert text(queue, "a", Column.STATE) == "acknowledged"


def test_the_model_keeps_qts_rules_through_any_history(room: Room, queue, qtmodeltester) -> None:
    qtmodeltester.check(queue.model)
    chance = random.Random(3)
    names = [f"I{n:02d}" for n in range(25)]
    for name in names:
        room.tell(opened(name, chance.choice(("fall", "flood", "lamps")), chance.randint(1, 4)))
    for _ in range(80):
        name = chance.choice(names)
        act = chance.choice((acknowledged(name), resolved(name), queued(name)))
        room.clock.step(chance.choice((0.1, 4)))
        room.tell(act)
        assert set(order(queue)) >= {
            one.id for one in room.board.state.incidents.values() if one.stage not in ("resolved", "closed")
        }
    qtmodeltester.check(queue.model)


def test_a_narrow_queue_gives_up_why_and_owner_and_keeps_the_rest(room: Room, queue) -> None:
    queue.resize(430, 200)
    queue.rest.share_width(430)
    assert queue.rest.isColumnHidden(Column.WHY)
    assert queue.rest.isColumnHidden(Column.OWNER)
    assert not queue.rest.isColumnHidden(Column.STATE)


def test_the_queue_is_freed_when_its_window_closes(room: Room, qapp) -> None:
    panel = QueuePanel(room.board, room.cases, room.pulse, room.actions, room.catalogue, room.tokens)
    gone = weakref.ref(panel)
    panel.deleteLater()
    del panel
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    import gc

    gc.collect()
    assert gone() is None


def test_a_part_of_another_feature_stands_above_the_first_line(room: Room, queue, qtbot) -> None:
    line = QLabel("the supervisor has to see this")
    queue.place_head(line)
    qtbot.waitUntil(lambda: line.height() > 0 and line.y() > 0)
    assert queue.counts().y() < line.y() < queue.first.y()


def test_only_mine_only_nobodys_by_a_key_each_and_escape_shows_all(room: Room, queue) -> None:
    room.tell(*(opened(f"I{n}", "lamps", 3) for n in range(4)), acknowledged("I1"), acknowledged("I2", "lee"))
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(queue.window(), Qt.Key.Key_M, keys)
    assert order(queue) == ["I1"]
    assert queue.sieve.isVisible()
    QTest.keyClick(queue.window(), Qt.Key.Key_N, keys)
    assert order(queue) == ["I0", "I3"]
    queue.sieve.field.setFocus()
    QTest.keyClick(queue.sieve.field, Qt.Key.Key_Escape)
    assert len(order(queue)) == 4
    assert queue.sieve.isHidden()


def test_one_type_or_one_stage_and_what_has_ended(room: Room, queue) -> None:
    room.tell(opened("a", "fall", 2), opened("b", "flood", 2), opened("c", "fall", 3), acknowledged("c"))
    queue.sieve.type.setCurrentIndex(queue.sieve.type.findData("fall"))
    assert order(queue) == ["a", "c"]
    queue.sieve.stage.setCurrentIndex(queue.sieve.stage.findData("acknowledged"))
    assert order(queue) == ["c"]
    queue.sieve.clear()
    room.later(5)
    room.tell(resolved("a"), ev.IncidentsMerged(kept_id="b", other_id="c", person="kim", reason="same"))
    assert order(queue) == ["b"]
    room.actions.trigger("queue.ended")
    assert set(order(queue)) == {"a", "b", "c"}
    assert text(queue, "c", Column.STATE) == "merged into b"


def test_a_claim_without_an_act_turns_amber_by_time_alone(room: Room, queue) -> None:
    room.tell(opened("a"), ev.IncidentClaimed(incident_id="a", person="lee", desk="desk-2"))
    assert text(queue, "a", Column.OWNER) == "lee"
    room.later(30)
    assert text(queue, "a", Column.OWNER) == "◇ lee"
    line = queue.model.line(0)
    assert line.idle
    assert "Claimed, nothing done" in line.whole(Column.OWNER)


def test_what_waited_too_long_says_who_was_told(room: Room, queue) -> None:
    room.tell(opened("a"))
    since = room.board.state.cases["a"].stage_since_ns
    for level, tell in ((1, "desk"), (2, "supervisor")):
        room.tell(ev.IncidentEscalated(incident_id="a", stage="new", stage_since_ns=since, level=level,
                                       tell=tell))  # fmt: skip
    assert text(queue, "a", Column.STATE) == "▲▲ supervisor told · new"
    assert queue.model.line(0).alarming
    assert "Waited, level 2 +320" in queue.model.line(0).why


def test_parts_stand_below_their_whole_and_are_folded_by_a_key(room: Room, queue) -> None:
    room.tell(opened("w", "flood", 2), opened("p", "fall", 4), opened("x", "lamps", 3))
    room.tell(ev.IncidentPutUnder(incident_id="p", parent="w", person="kim"))
    room.later(5)
    assert order(queue) == ["w", "p", "x"]
    assert text(queue, "p", Column.TYPE).startswith("└")
    assert text(queue, "w", Column.TYPE).endswith("(1)")
    queue.select("w")
    queue.rest.setFocus()
    QTest.keyClick(queue.rest, Qt.Key.Key_Left)
    assert order(queue) == ["w", "x"]
    QTest.keyClick(queue.rest, Qt.Key.Key_Right)
    assert order(queue) == ["w", "p", "x"]
    QTest.keyClick(queue.rest, Qt.Key.Key_Left)
    QTest.keyClick(queue.window(), Qt.Key.Key_U)
    QTest.keyClick(queue.rest, Qt.Key.Key_Left)
    assert queue.select("p")  # from the map, say
    assert queue.current_incident() == "p"  # nobody has acknowledged it: it is not passed over
    assert order(queue) == ["w", "p", "x"]


def test_very_many_changes_at_once_keep_the_selection_and_the_order(room: Room, queue) -> None:
    room.tell(*(opened(f"I{n:03d}", "lamps", 3) for n in range(200)))
    queue.select("I150")
    room.tell(*(acknowledged(f"I{n:03d}") for n in range(0, 200, 2)))
    room.later(5)
    assert queue.current_incident() == "I150"
    assert order(queue) == [one[-1] for one in room.cases.keys]
