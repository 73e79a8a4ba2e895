"""The rows stay in order whatever comes and goes, and stand still under a hand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from console.desk.alarmlines import AlarmLines
from console.model.alarm import Alarm
from console.rules.alarm.figures import load_alarm_figures
from tests.desk.test_alarmlines import ALARMS, alarm
from tests.kit.sitting import suwon
from widgets.alarms.rows import Row, Rows

FLOOD = load_alarm_figures().flood
STEPS = st.lists(
    st.tuples(st.lists(ALARMS, max_size=6), st.sets(st.integers(0, 8)), st.booleans(), st.integers(0, 9)),
    max_size=12,
)  # fmt: skip


class Listing:
    """Rows kept up with lines, and a mirror that follows only what was told of runs."""

    def __init__(self, flooded: bool) -> None:
        self.alarms: dict[str, Alarm] = {}
        self.lines = AlarmLines(suwon(), FLOOD)
        self.rows = Rows(self.alarms.get)
        self.rows.begin(self.lines.begin([], flooded))
        self.mirror: list[Row] = []

    def met(self, changed: dict[str, Alarm | None], held: bool) -> None:
        for name, one in changed.items():
            if one is None:
                self.alarms.pop(name, None)
            else:
                self.alarms[name] = one
        self.tell(*self.rows.changes(self.lines.take(changed), held))

    def tell(self, gone: list[str], come: list[Row], stay: list[Row]) -> None:
        runs: list[tuple[int, int]] = []

        def taken() -> None:
            first, last = runs.pop()
            del self.mirror[first : last + 1]

        def put() -> None:
            first, last = runs.pop()
            self.mirror[first:first] = self.rows.rows[first : last + 1]

        self.rows.take_out(gone, lambda first, last: runs.append((first, last)), taken)
        self.rows.put_in(come, lambda first, last: runs.append((first, last)), put)
        for place in self.rows.say_anew(stay):
            self.mirror[place] = self.rows.rows[place]

    def settle(self) -> None:
        gone, come = self.rows.settled()
        self.tell(gone, come, [])


@settings(max_examples=80, deadline=None)
@given(STEPS, st.booleans())
def test_rows_are_those_of_a_list_made_anew(
    steps: list[tuple[list[Alarm], set[int], bool, int]], flooded: bool
) -> None:
    kept = Listing(flooded)
    for alarms, leave, held, turned in steps:
        gone = dict.fromkeys(name for number, name in enumerate(kept.alarms) if number in leave)
        kept.met(gone | {one.id: one for one in alarms}, held)
        assert kept.mirror == kept.rows.rows, "a view that follows the runs shows the same"
        groups = [row.key for row in kept.rows.rows if row.members]
        if groups:
            kept.tell(*kept.rows.turn(groups[turned % len(groups)]))
        assert kept.mirror == kept.rows.rows
        ranks = [row.rank for row in kept.rows.rows]
        assert ranks == sorted(set(ranks))
        assert all(kept.rows.place(row.key) == number for number, row in enumerate(kept.rows.rows))
        shown = {name for row in kept.rows.rows for name in (row.members or (row.alarm.id,))}
        assert shown == set(kept.alarms), "nothing is dropped"
    kept.settle()
    opened = [row.key for row in kept.rows.rows if row.opened]
    fresh = Rows(kept.alarms.get)
    fresh.begin(kept.lines.all())
    for key in opened:
        _, come, stay = fresh.turn(key, True)
        fresh.put_in(come)
        fresh.say_anew(stay)
    assert fresh.rows == kept.rows.rows


def test_under_a_hand_a_row_stays_and_what_is_new_comes_all_the_same() -> None:
    kept = Listing(False)
    kept.met({one.id: one for one in (alarm(1, 2, "n", 5, "silent"), alarm(2, 2, "n", 4, "silent"))}, False)
    seen = alarm(1, 2, "n", 5, "silent", state="C")
    urgent = alarm(3, 1, "n", 6, "silent")
    kept.met({seen.id: seen, urgent.id: urgent}, True)
    assert [row.key for row in kept.rows.rows] == ["DEV-3/silent", "DEV-1/silent", "DEV-2/silent"]
    assert kept.rows.rows[1].alarm.state == "C"
    kept.settle()
    assert [row.key for row in kept.rows.rows] == ["DEV-3/silent", "DEV-2/silent", "DEV-1/silent"]


def test_a_group_stays_open_when_the_one_that_came_first_goes() -> None:
    kept = Listing(True)
    members = {one.id: one for one in (alarm(number, 3, "n", number, "silent") for number in range(5))}
    kept.met(dict(members), False)
    (group,) = kept.rows.rows
    kept.tell(*kept.rows.turn(group.key))
    assert len(kept.rows.rows) == 6
    kept.met({"DEV-0/silent": None}, False)
    assert kept.rows.rows[0].opened and len(kept.rows.rows) == 5


def test_under_a_hand_members_of_a_group_that_is_no_more_stand_where_they_belong() -> None:
    kept = Listing(True)
    members = [alarm(5, 2, "n", 52, "silent"), alarm(4, 2, "n", 0, "silent"), alarm(3, 4, "n", 9, "silent")]
    kept.met({one.id: one for one in members}, False)
    (group,) = kept.rows.rows
    kept.tell(*kept.rows.turn(group.key))
    kept.met({"DEV-3/silent": None}, True)
    assert [row.key for row in kept.rows.rows] == ["DEV-5/silent", "DEV-4/silent"]
