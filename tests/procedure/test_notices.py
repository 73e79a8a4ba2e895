"""The supervisor's line: seen at every desk, confirmed at a supervisor's, heard once."""

from __future__ import annotations

import pytest

from console.desk.inbound import SnapshotCame
from console.model import commands as do
from console.model.state import CityState
from tests.procedure.guided import Guided
from widgets.procedure.notices import NoticeLine

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints|does not support raise")


def line_of(guided: Guided, desk: str = "desk-1") -> NoticeLine:
    sitting = guided.sitting
    sitting.board.desk = desk
    made = NoticeLine(
        sitting.board, sitting.pulse, sitting.port, sitting.actions, sitting.catalogue, sitting.tokens,
        sitting.moments,
    )  # fmt: skip
    guided.show(made)
    made.look()
    return made


def skip(guided: Guided, incident_id: str = "I-1", reason: str = "seen from the street") -> None:
    command = do.SkipStep(incident_id=incident_id, step="look", round=1, reason=reason)
    assert guided.room.ask(command) is None
    guided.tell()


def supervisors_desk(guided: Guided) -> str:
    return next(one for one, desk in guided.sitting.profile.desks.items() if desk.role == "supervisor")


def test_a_skip_stands_there_with_who_what_and_why_until_it_is_confirmed(guided: Guided) -> None:
    line = line_of(guided, supervisors_desk(guided))
    assert line.isHidden()
    heard: list[int] = []
    line.news.connect(heard.append)
    guided.begin()
    skip(guided)
    assert line.isVisible() and "kim" in line.text.text() and "seen from the street" in line.text.text()
    assert heard == [2]
    guided.sitting.actions.trigger("procedure.notice_seen")
    (see,) = guided.asked()
    assert see == do.SeeProcedureNotices(incident_id="I-1", until_ns=line.told[0].until_ns)
    assert guided.follow(desk="desk-9", person="oh") == []
    assert line.isHidden() and heard == [2]


def test_an_operators_desk_sees_it_and_cannot_confirm(guided: Guided) -> None:
    line = line_of(guided)
    guided.begin()
    skip(guided)
    assert line.isVisible() and "A supervisor confirms this." in line.hint.text()
    assert not guided.sitting.actions.act("procedure.notice_seen").isEnabled()
    line.confirm()
    assert guided.asked() == []
    wanted: list[str] = []
    line.incident_wanted.connect(wanted.append)
    guided.sitting.actions.trigger("procedure.notice_show")
    assert wanted == ["I-1"]


def test_what_waited_longest_is_first_and_the_rest_is_counted(guided: Guided) -> None:
    line = line_of(guided, supervisors_desk(guided))
    for number in (1, 2, 3):
        guided.begin(incident_id=f"I-{number}")
        guided.room.clock.step(1)
    skip(guided, "I-2")
    guided.room.clock.step(1)
    skip(guided, "I-1")
    assert [one.incident_id for one in line.told] == ["I-2", "I-1"]
    assert line.more.text() == "+1 more"


def test_a_notice_of_before_this_desk_came_is_shown_and_makes_no_sound(guided: Guided) -> None:
    guided.begin()
    skip(guided)
    told = guided.sitting.board.state
    guided.sitting.board.state = CityState(run="r1")
    guided.sitting.board.snapshots = 0
    line = line_of(guided, supervisors_desk(guided))
    heard: list[int] = []
    line.news.connect(heard.append)
    guided.sitting.board.inbox.append(SnapshotCame(told))
    guided.sitting.pulse.tick()
    assert line.isVisible() and heard == []
