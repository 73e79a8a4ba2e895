"""What the log amounts to for alarms: every move folded, old logs too, and which of a group came first."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model import events as ev
from console.model import state as fold
from console.model.alarm import Hiding, alarm_of, occurrence_of
from console.model.base import same_words
from tests.fakes.town import place

WORDS = same_words("Close at once")


def moved(stimulus: str, path: str, alarm_id: str = "A", **fields: object) -> ev.AlarmMoved:
    """`path` is "A>B"."""
    told: dict[str, object] = {
        "at_ns": 5, "active": path[2] in "BC", "who": "rule:condition", "priority": 2, "group": "G",
        "occurrence": f"{alarm_id}@5",
    }  # fmt: skip
    if stimulus == "began":
        told |= {"place": place(), "text": WORDS, "value": 18.0}
    return ev.AlarmMoved(
        alarm_id=alarm_id, stimulus=stimulus, before=path[0], after=path[2],
        **{**told, **fields},  # type: ignore[arg-type]
    )  # fmt: skip


def after(*events: ev.AnyEvent) -> fold.CityState:
    state = fold.CityState()
    for seq, event in enumerate(events, start=1):
        fold.apply(
            state, ev.Entry(run="r", seq=seq, at_ns=100 + seq, cause=ev.Cause(actor="hub"), event=event)
        )
    return state


def test_a_new_alarm_has_everything_a_desk_shows():
    state = after(moved("began", "A>B", limit_id="A", point_index=7, device_id="D"))
    alarm = state.alarms["A"]
    assert (alarm.state, alarm.active, alarm.priority) == ("B", True, 2)
    assert (alarm.value, alarm.raised_at_ns) == (18.0, 5)
    assert (alarm.limit_id, alarm.point_index, alarm.device_id, alarm.occurrence) == ("A", 7, "D", "A@5")
    assert (alarm.text, alarm.place) == (WORDS, place())
    assert alarm.shown and alarm.unseen


def test_it_is_kept_until_it_is_over_and_seen_and_says_who_saw_it():
    said = [
        moved("began", "A>B"), moved("acknowledge", "B>C", who="person:Kim", at_ns=9),
        moved("ended", "C>A", value=3.0),
    ]  # fmt: skip
    seen = after(*said[:2]).alarms["A"]
    assert (seen.state, seen.acknowledged_by, seen.acknowledged_at_ns, seen.unseen) == ("C", "Kim", 9, False)
    assert not after(*said).alarms
    again = after(*said[:2], moved("ended", "C>F"), moved("began", "F>B", at_ns=20)).alarms["A"]
    assert (again.acknowledged_by, again.raised_at_ns) == ("", 20), "nobody has seen it this time"


def test_a_shelf_says_until_when_by_whom_and_why_and_is_gone_with_its_time():
    shelve = moved(
        "shelve", "B>G", active=True, who="person:Kim", why="works on the pump", until_ns=99, at_ns=6
    )
    state = after(moved("began", "A>B"), shelve)
    alarm = state.alarms["A"]
    assert (alarm.state, alarm.until_ns, alarm.holds, alarm.active) == ("G", 99, 1, True)
    assert alarm.shelf == Hiding(by="person:Kim", why="works on the pump", at_ns=6)
    assert not state.alarm_groups, "what is hidden does not stand"
    back = after(moved("began", "A>B"), shelve, moved("shelf_time_over", "G>B", at_ns=99)).alarms["A"]
    assert (back.state, back.until_ns, back.holds, back.shelf, back.raised_at_ns) == ("B", 0, 0, None, 99)


def test_ways_of_being_hidden_are_held_apart():
    state = after(
        moved("began", "A>B"), moved("suppress", "B>H", active=True, why="line"),
        moved("remove", "H>I", active=True, who="person:Lee", why="exchange"),
        moved("unsuppress", "I>I", active=True, why="line"),
    )
    alarm = state.alarms["A"]
    assert (alarm.state, alarm.holds, alarm.cause_id) == ("I", 4, "")
    assert alarm.removal is not None and alarm.removal.by == "person:Lee"


def test_a_normal_alarm_can_be_shelved_and_the_log_says_what_it_is():
    shelve = moved(
        "shelve", "A>G", who="person:Kim", why="test run", until_ns=9, place=place(), text=WORDS,
        occurrence="",
    )
    alarm = after(shelve).alarms["A"]
    assert (alarm.state, alarm.active, alarm.occurrence, alarm.raised_at_ns) == ("G", False, "", 0)
    assert after(shelve, moved("began", "G>G", active=True, occurrence="")).alarms["A"].active


def test_a_move_of_an_alarm_nobody_has_described_changes_nothing():
    assert not after(moved("ended", "B>D")).alarms


def test_the_first_of_a_group_keeps_its_mark_until_none_stands():
    first = (moved("began", "A>B", "second", at_ns=6), moved("began", "A>B", "first", at_ns=5))
    assert after(*first).alarm_groups["G"].first == "first", "late news of an earlier one takes it over"
    gone = (*first, moved("acknowledge", "B>C", "first"), moved("ended", "C>A", "first"))
    assert (after(*gone).alarm_groups["G"].first, after(*gone).alarm_groups["G"].standing) == ("first", 1)
    assert not after(*gone, moved("shelve", "B>G", "second", until_ns=9)).alarm_groups


def test_an_incident_holds_the_occurrence_and_a_later_one_is_not_its():
    opened = ev.IncidentOpened(
        incident_id="I", type="flood", priority=1, place=place(), reason=WORDS, alarm_id="A@5"
    )
    state = after(moved("began", "A>B"), opened)
    assert state.incidents["I"].alarm_ids == ("A@5",)
    assert state.alarms["A"].incident_id == "I"
    later = after(
        moved("began", "A>B"), opened, moved("ended", "B>D"),
        moved("began", "D>B", at_ns=99, occurrence="A@99"),
    )
    assert later.alarms["A"].incident_id == ""


def test_a_flood_at_a_desk_has_a_beginning_and_an_end():
    begins = ev.AlarmFloodChanged(desk="desk-1", flooded=True, alarms=11)
    assert after(begins).floods == {"desk-1": 101}
    assert not after(begins, ev.AlarmFloodChanged(desk="desk-1", flooded=False, alarms=4)).floods


RAISED = ev.AlarmRaised(
    alarm_id="A@5", limit_id="A", point_index=0, device_id="D", priority=1, place=place(), text=WORDS,
    value=16.0,
)


@pytest.mark.parametrize(
    ("rest", "state"),
    [
        ((), "B"),
        ((ev.AlarmCleared(alarm_id="A@5", value=1.0),), "D"),
        ((ev.AlarmAcknowledged(alarm_id="A@5", person="Kim"),), "C"),
        ((ev.AlarmCleared(alarm_id="A@4", value=1.0),), "B"),
    ],
)
def test_alarms_of_older_logs_stand_under_the_same_name(rest, state):
    alarm = after(RAISED, *rest).alarms["A"]
    assert (alarm.state, alarm.occurrence) == (state, "A@5")


def test_an_alarm_of_an_older_log_is_ended_by_todays_moves():
    ended = moved("ended", "B>D", occurrence="A@5", value=3.0)
    assert after(RAISED, ended).alarms["A"].state == "D"
    assert not after(RAISED, ended, moved("acknowledge", "D>A", who="person:Kim")).alarms


@given(st.text(max_size=30), st.integers(0, 2**62))
def test_an_occurrence_tells_its_alarm(alarm_id, at_ns):
    assert alarm_of(occurrence_of(alarm_id, at_ns)) == alarm_id or not alarm_id


@given(
    st.lists(
        st.builds(
            moved, st.sampled_from(["began", "ended", "acknowledge", "shelve", "unshelve", "suppress"]),
            st.tuples(st.sampled_from("ABCDG"), st.sampled_from("ABCDGH")).map(">".join),
            st.sampled_from(["A", "B", "C"]),
        ),
        max_size=40,
    )
)  # fmt: skip
def test_whatever_a_log_says_the_groups_count_those_that_stand(said):
    state = after(*said)
    standing = sum(alarm.shown for alarm in state.alarms.values())
    assert sum(group.standing for group in state.alarm_groups.values()) == standing
    decoded = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=fold.CityState)
    assert fold.digest(decoded) == fold.digest(state)
