"""The field's rules on a real city's devices: rivers, underpasses, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.model import events as ev
from console.model import state as fold
from console.profile import Profile, load_profile, nearest_cameras
from console.rules.city import phrase_of
from console.rules.correlate.placing import city_placing
from console.rules.field.decide import decide_field
from console.rules.field.rivers import RiverWatch
from console.rules.field.underpasses import UnderpassWatch
from console.rules.field.watch import FieldWatch
from console.rules.river import river_figures
from console.rules.triage import Triage
from console.rules.underpass import underpass_figures
from console.telemetry.table import BAD, GOOD, Columns, PointTable

NOW = 1_774_000_000 * SECOND_NS
UND, RIV = "UND-0001", "RIV-0001"


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


class Room:
    """A city's last values and state, and the rules that are asked about them."""

    def __init__(self, profile: Profile) -> None:
        self.profile, self.now = profile, NOW
        phrase = phrase_of(load_catalogue())
        self.triage = Triage(
            profile, lambda where, count, without: nearest_cameras(profile, where, count), phrase,
            city_placing(profile),
        )
        self.rivers = RiverWatch(river_figures(), profile, phrase, 3.0, NOW)
        self.underpasses = UnderpassWatch(underpass_figures(), profile, phrase, self.rivers, 3.0, NOW)
        self.watches: tuple[FieldWatch, ...] = (self.rivers, self.underpasses)
        self.table, self.state = PointTable(len(profile.points)), fold.CityState()
        self.told: list[ev.AnyEvent] = []

    def value(self, point: str, value: float, quality: int = GOOD, back_s: float = 0.0) -> None:
        self.now += 1000
        index = self.profile.point_by_id[point].index
        self.table.update(
            Columns(
                np.array([index], np.uint32), np.array([value]),
                np.array([self.now - int(back_s * SECOND_NS)], np.int64), np.array([quality], np.uint8),
            )
        )

    def all_good(self, without: Iterable[str] = ()) -> None:
        """Every gauge and underpass says that all is as it should be."""
        for id_ in self.rivers.ids:
            if id_ not in without:
                self.value(f"{id_}/level_m", 0.4)
        for id_ in self.underpasses.ids:
            if id_ not in without:
                self.value(f"{id_}/water_depth_cm", 0.5)
                self.value(f"{id_}/pump_ready", 1.0)

    def look(self, later_s: float = 0.0) -> list[ev.AnyEvent]:
        self.now += int(later_s * SECOND_NS)
        told = []
        for decision in decide_field(self.triage, self.state, self.watches, self.table, self.now):
            for draft in decision.drafts:
                entry = ev.Entry(
                    run="r", seq=self.state.seq + 1, at_ns=self.now, cause=draft.cause, event=draft.event
                )
                fold.apply(self.state, entry)
                told.append(draft.event)
        return told

    def says(self, subject: str) -> str:
        found = self.state.field_states.get(subject)
        return found.words.en if found is not None else ""


@pytest.fixture
def room(suwon: Profile) -> Room:
    return Room(suwon)


def test_a_city_that_is_as_it_should_be_says_nothing(room: Room):
    room.all_good()
    assert room.look() == []


def test_what_is_not_heard_of_yet_has_its_time_and_then_is_not_known(room: Room):
    assert room.look(1) == []
    room.now += 600 * SECOND_NS
    room.all_good(without=[UND, RIV])
    room.look()
    assert room.says(UND) == "Not known whether it may stay open: pump not known, water not known"
    assert room.says(RIV) == "River stage not known: no reading"
    assert {one.grade for one in room.state.field_states.values()} == {"watch"}
    assert not room.state.incidents, "what is not known is told, and is no incident"


def test_an_underpass_closes_at_its_level_with_the_rules_words_and_once(room: Room):
    room.all_good()
    room.value(f"{UND}/water_depth_cm", 15.0)
    told = room.look()
    assert [type(one).__name__ for one in told] == ["FieldStateChanged", "CaseOpened"]
    assert room.says(UND) == "Close at once: 15 cm of water or more"
    (incident,) = room.state.incidents.values()
    assert incident.type == "underpass_flood"
    assert incident.reasons[0].ko.endswith("즉시 통제: 침수 15cm 이상")
    assert incident.camera_ids
    assert room.look(1) == []


def test_a_failed_pump_alone_closes_and_both_reasons_are_said_together(room: Room):
    room.all_good()
    room.value(f"{UND}/pump_ready", 0.0)
    room.look()
    assert room.says(UND) == "Close at once: a pump does not work"
    room.now += SECOND_NS
    room.value(f"{UND}/water_depth_cm", 20.0)
    room.look()
    assert room.says(UND) == "Close at once: a pump does not work, 15 cm of water or more"
    assert len(room.state.incidents) == 1


def test_a_river_that_is_feared_to_overflow_closes_the_underpass_beside_it(room: Room):
    beside = next((id_ for id_ in room.underpasses.ids if room.underpasses.river_beside[id_]), "")
    if not beside:
        pytest.skip("no underpass of this city has a gauge beside it")
    room.all_good()
    room.value(f"{room.underpasses.river_beside[beside]}/level_m", 9.0)
    room.look()
    assert "feared to overflow" in room.says(beside)
    assert any(one.type == "underpass_flood" for one in room.state.incidents.values())


def test_water_that_falls_keeps_it_closed_until_it_is_nearly_dry(room: Room):
    room.all_good()
    for depth, says in ((16, "Close"), (8, "Close"), (3.0, "Close"), (2.9, ""), (5.0, "Keep"), (4.2, "Keep"),
                        (3.9, ""), (10.2, "Prepare"), (9.4, "Prepare"), (8.9, "Keep")):  # fmt: skip
        room.now += SECOND_NS
        room.value(f"{UND}/water_depth_cm", depth)
        room.look()
        assert room.says(UND).startswith(says) and bool(says) == bool(room.says(UND)), depth


def test_one_that_is_closed_stays_so_while_something_is_not_known(room: Room):
    room.all_good()
    room.value(f"{UND}/water_depth_cm", 20.0)
    room.look()
    room.look(600)
    assert room.says(UND).startswith("Close at once")


def test_a_value_that_cannot_be_used_or_is_old_is_not_known(room: Room):
    room.all_good()
    room.now += SECOND_NS
    room.value(f"{UND}/water_depth_cm", 0.5, quality=BAD)
    room.now += 200 * SECOND_NS
    room.look()
    assert "water not known" in room.says(UND)


def test_the_stages_of_a_river_follow_its_own_limits(room: Room):
    room.all_good()
    limits = {
        one.id.rsplit("/", 1)[-1]: one.set_at for one in room.profile.limits
        if one.id.startswith(f"{RIV}/level_m/")
    }  # fmt: skip
    assert list(limits) == ["attention", "advisory", "warning", "serious"]
    grades = {"attention": "note", "advisory": "watch", "warning": "act", "serious": "grave"}
    for stage, grade in grades.items():
        room.now += SECOND_NS
        room.value(f"{RIV}/level_m", limits[stage])
        room.look()
        assert room.says(RIV).lower() == f"river stage: {stage}"
        assert room.state.field_states[RIV].grade == grade
    room.now += SECOND_NS
    room.value(f"{RIV}/level_m", limits["serious"] - 0.05)
    assert room.look() == [], "within the margin the stage is held"


def test_a_gauge_without_a_limit_is_never_normal(room: Room):
    room.rivers._bank._levels[0, 0] = np.nan
    id_ = room.rivers.ids[0]
    room.all_good()
    room.look()
    assert room.says(id_) == "River stage not known: a limit is missing"


def test_a_hub_that_starts_again_says_nothing_anew_and_puts_right_what_has_passed(room: Room, suwon: Profile):
    room.all_good()
    room.value(f"{UND}/water_depth_cm", 20.0)
    room.look()
    again = Room(suwon)
    again.state, again.now = room.state, room.now
    assert again.look(1) == [], "nothing heard yet: what stands is kept"
    again.all_good()
    assert [type(one).__name__ for one in again.look(1)] == ["FieldStateChanged"]
    assert not again.state.field_states
