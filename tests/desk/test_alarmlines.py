"""Lines kept up alarm by alarm are the lines that the rules make of all of them; no alarm is ever missing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from console.desk.alarmlines import VIEWS, AlarmLines, counts, has_words, is_in, key_of, standing_of
from console.model.alarm import Alarm
from console.model.base import Place, Position, Words
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.flood import lines
from tests.kit.sitting import suwon

FLOOD = load_alarm_figures().flood
SECOND_NS = 1_000_000_000


def alarm(number: int, priority: int, district: str, at_s: int, kind: str, state: str = "B") -> Alarm:
    name = Words(en=f"Place {number}", ko=f"장소 {number}")
    place = Place(name=name, position=Position(lat=37, lon=127), district=district)
    return Alarm(
        id=f"DEV-{number}/{kind}", priority=priority, place=place,
        text=Words(en="Water deep", ko="수위 높음"),
        raised_at_ns=at_s * SECOND_NS, changed_at_ns=at_s * SECOND_NS, device_id=f"DEV-{number}",
        group=f"DEV-{number}", state=state,  # type: ignore[arg-type]
    )  # fmt: skip


ALARMS = st.builds(
    alarm, st.integers(0, 12), st.integers(1, 4), st.sampled_from(("north", "south", "")),
    st.integers(0, 300), st.sampled_from(("silent", "water/close")), st.sampled_from("BCDEF"),
)  # fmt: skip
STEPS = st.lists(st.dictionaries(st.integers(0, 12), st.none() | ALARMS, max_size=6), max_size=12)


@settings(max_examples=60)
@given(STEPS, st.booleans())
def test_lines_follow_changes_as_if_they_were_made_anew(
    steps: list[dict[int, Alarm | None]], flooded: bool
) -> None:
    kept = AlarmLines(suwon(), FLOOD)
    shown = kept.begin([], flooded)
    all_alarms: dict[str, Alarm] = {}
    for step in steps:
        changed = {one.id: one for one in step.values() if one is not None}
        gone = [name for number, name in enumerate(all_alarms) if number in step and step[number] is None]
        told = changed | dict.fromkeys(name for name in gone if name not in changed)
        known = (all_alarms | changed).items()
        all_alarms = {name: one for name, one in known if told.get(name, one) is not None}
        shown |= kept.take(told)
        shown = {key: line for key, line in shown.items() if line is not None}
        wanted = lines((standing_of(one, suwon()) for one in all_alarms.values()), flooded, FLOOD)
        assert shown == {key_of(line): line for line in wanted}
        held = [name for line in wanted for name in line.alarm_ids]
        assert sorted(held) == sorted(all_alarms), "each alarm is in exactly one line"
        assert len(kept) == len(all_alarms)
        groups = [line for line in wanted if line.more]
        assert kept.grouping() == (len(groups), sum(len(line.alarm_ids) for line in groups))


@given(st.lists(ALARMS, max_size=30))
def test_priority_1_is_a_line_of_its_own_in_any_flood(alarms: list[Alarm]) -> None:
    kept = AlarmLines(suwon(), FLOOD)
    unique = {one.id: one for one in alarms}
    for line in kept.begin(unique.values(), True).values():
        assert line is not None
        assert not line.more or all(unique[name].priority > 1 for name in line.alarm_ids)


def test_an_alarm_hidden_twice_is_in_both_views() -> None:
    import msgspec

    both = msgspec.structs.replace(alarm(1, 2, "north", 0, "silent"), state="G", holds=3)
    assert [view for view in VIEWS if is_in(both, view)] == ["shelved", "suppressed"]
    assert counts([both])["active"] == 0


def test_words_are_found_in_both_languages_and_all_must_occur() -> None:
    one = alarm(7, 2, "north", 0, "silent")
    for words in (("water", "place"), ("수위",), ("dev-7",), ("extra",)):
        assert has_words(one, words, lambda _: "Extra")
    assert not has_words(one, ("water", "fire"), lambda _: "")
