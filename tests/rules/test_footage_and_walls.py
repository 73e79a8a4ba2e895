"""Recorded pictures, layouts, the city's mode and privacy masks: on the record first, and only by right."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.footage import MaskZone
from console.model.layout import PanePlace, WallLayout, layout_problem
from console.model.state import CityState, apply, lift_key
from console.rules.commands import CommandRules
from console.rules.draft import NOTHING, Decision, Refusal
from tests.fakes.messages import ToldMessages
from tests.fakes.town import triage

NOW = 1_774_000_000 * SECOND_NS
WINDOW = MaskZone(name="window", points=((0.1, 0.1), (0.3, 0.1), (0.3, 0.3)))
DOOR = MaskZone(name="door", points=((0.5, 0.5), (0.7, 0.5), (0.7, 0.9), (0.5, 0.9)))
MARKET = WallLayout(id="l1", name="Market", shape="2x2", camera_ids=("CAM-1", "", "CAM-2", ""))
SEEN = {"camera_ids": ("CAM-1", "CAM-2"), "from_ns": NOW - 60 * SECOND_NS, "to_ns": NOW}


class Room:
    """Desks of one city, each asking the same rules."""

    def __init__(self, following: bool = False) -> None:
        self.rules = CommandRules(triage(), ToldMessages(), following)
        self.state = CityState(run="r")
        self.now = NOW

    def ask(self, command: do.Command, desk: str = "desk-1", id_: str = "q") -> Decision | Refusal:
        request = do.Request(id=id_, desk=desk, person="Kim", sent_ns=1, command=command)
        decided = self.rules.decide(self.state, request, self.now)
        if isinstance(decided, Decision):
            for draft in decided.drafts:
                seq = self.state.seq + 1
                apply(
                    self.state,
                    ev.Entry(run="r", seq=seq, at_ns=self.now, cause=draft.cause, event=draft.event),
                )
        return decided

    def event(self, command: do.Command, desk: str = "desk-1", id_: str = "q") -> ev.Event:
        decided = self.ask(command, desk, id_)
        assert isinstance(decided, Decision)
        (draft,) = decided.drafts
        return draft.event


def test_a_look_at_footage_is_on_the_record_with_who_what_when_and_why():
    said = Room().event(do.ViewFootage(**SEEN, purpose=" incident I1 "))
    assert said == ev.FootageViewed(desk="desk-1", person="Kim", **SEEN, purpose="incident I1")


def test_a_persons_lock_holds_until_a_supervisor_takes_it_away():
    room = Room()
    room.ask(do.LockFootage(**SEEN, reason="hit and run"), id_="lock-7")
    assert room.state.footage_locks["lock-7"].camera_ids == ("CAM-1", "CAM-2")
    refused = room.ask(do.UnlockFootage(lock_id="lock-7", reason="done"))
    assert isinstance(refused, Refusal) and refused.code == "supervisor_only"
    assert "lock-7" in room.state.footage_locks
    room.ask(do.UnlockFootage(lock_id="lock-7", reason="done"), desk="desk-3")
    assert room.state.footage_locks == {}


def test_an_incidents_own_lock_can_be_taken_away_by_a_supervisor_although_no_person_set_it():
    said = Room().event(do.UnlockFootage(lock_id="incident:I9", reason="false alarm"), desk="desk-3")
    assert isinstance(said, ev.FootageUnlocked) and said.lock_id == "incident:I9"


def test_an_export_is_begun_once_and_ended_once_by_the_desk_that_began_it():
    room = Room()
    export = do.ExportFootage(export_id="E1", **SEEN, form="clip", copies=("masked",), reason="family asks")
    assert isinstance(room.event(export), ev.FootageExportStarted)
    assert room.ask(export) is NOTHING
    other = room.ask(do.FinishExport(export_id="E1", outcome="done"), desk="desk-3")
    assert isinstance(other, Refusal) and other.code == "unknown_export"
    finish = do.FinishExport(export_id="E1", outcome="done", manifest_sha256="a" * 64, files=3, bytes=10)
    assert isinstance(room.event(finish), ev.FootageExportFinished)
    again = room.ask(finish)
    assert isinstance(again, Refusal) and again.code == "unknown_export"


def test_originals_leave_only_on_a_legal_basis():
    export = do.ExportFootage(
        export_id="E1", **SEEN, form="clip", copies=("masked", "original"), reason="police asks"
    )
    refused = Room().ask(export)
    assert isinstance(refused, Refusal) and refused.code == "no_legal_basis"
    lawful = msgspec.structs.replace(export, legal_basis="investigation")
    said = Room().event(lawful)
    assert isinstance(said, ev.FootageExportStarted) and said.legal_basis == "investigation"


def test_a_layout_is_shared_changed_and_deleted_and_saving_the_same_changes_nothing():
    room = Room()
    room.ask(do.SaveLayout(layout=MARKET))
    assert room.ask(do.SaveLayout(layout=MARKET), desk="desk-3") is NOTHING
    renamed = msgspec.structs.replace(MARKET, name="Market by night")
    room.ask(do.SaveLayout(layout=renamed), desk="desk-3")
    assert room.state.layouts == {"l1": renamed}
    room.ask(do.DeleteLayout(layout_id="l1"))
    assert room.state.layouts == {}
    assert room.ask(do.DeleteLayout(layout_id="l1")) is NOTHING


def test_a_layouts_number_calls_one_layout_only():
    room = Room()
    room.ask(do.SaveLayout(layout=msgspec.structs.replace(MARKET, number=3)))
    other = msgspec.structs.replace(MARKET, id="l2", name="Plaza", number=3)
    refused = room.ask(do.SaveLayout(layout=other))
    assert isinstance(refused, Refusal) and refused.code == "layout_number_taken"
    assert MARKET.name in refused.reason.en
    room.ask(do.SaveLayout(layout=msgspec.structs.replace(other, number=4)))
    room.ask(do.SaveLayout(layout=msgspec.structs.replace(MARKET, number=3, name="Market 2")))
    assert [one.number for one in room.state.layouts.values()] == [3, 4]


@pytest.mark.parametrize(
    "wrong", [{"shape": "9x9"}, {"shape": "1+99"}, {"shape": "1x1", "camera_ids": ("CAM-1", "CAM-2")},
              {"number": 100}, {"number": -1}]
)  # fmt: skip
def test_a_layout_has_a_shape_that_exists_and_no_more_cameras_than_places(wrong: dict[str, object]):
    refused = Room().ask(do.SaveLayout(layout=msgspec.structs.replace(MARKET, **wrong)))
    assert isinstance(refused, Refusal) and refused.code == "bad_layout"


def test_the_citys_mode_is_one_of_the_profiles_or_the_normal_one():
    room = Room()
    room.ask(do.SetCityMode(mode="flood"))
    assert room.state.mode == "flood"
    assert room.ask(do.SetCityMode(mode="flood")) is NOTHING
    refused = room.ask(do.SetCityMode(mode="carnival"))
    assert isinstance(refused, Refusal) and refused.code == "unknown_mode"
    room.ask(do.SetCityMode(mode=""))
    assert room.state.mode == ""


def test_an_operator_may_hide_more_and_only_a_supervisor_less():
    room = Room()
    room.ask(do.SetMasks(camera_id="CAM-1", zones=(WINDOW,), reason="home"))
    room.ask(do.SetMasks(camera_id="CAM-1", zones=(WINDOW, DOOR), reason="home"))
    assert room.state.masks["CAM-1"] == (WINDOW, DOOR)
    for fewer in ((DOOR,), (), (WINDOW, msgspec.structs.replace(DOOR, points=WINDOW.points))):
        refused = room.ask(do.SetMasks(camera_id="CAM-1", zones=fewer, reason="why not"))
        assert isinstance(refused, Refusal) and refused.code == "masks_only_added"
    assert room.state.masks["CAM-1"] == (WINDOW, DOOR)
    room.ask(do.SetMasks(camera_id="CAM-1", zones=(), reason="moved"), desk="desk-3")
    assert room.state.masks == {}


def test_masks_are_lifted_by_a_supervisor_for_one_desk_and_a_time_and_can_be_put_back():
    room = Room()
    lift = do.LiftMasks(camera_id="CAM-1", for_s=120, reason="missing child")
    refused = room.ask(lift)
    assert isinstance(refused, Refusal) and refused.code == "supervisor_only"
    room.ask(lift, desk="desk-3")
    assert room.state.lifted_masks == {lift_key("desk-3", "CAM-1"): NOW + 120 * SECOND_NS}
    room.ask(do.LiftMasks(camera_id="CAM-1", for_s=0, reason=""), desk="desk-3")
    assert room.state.lifted_masks == {}
    assert room.ask(do.LiftMasks(camera_id="CAM-1", for_s=0, reason=""), desk="desk-3") is NOTHING


def test_a_lift_that_is_over_leaves_the_state_with_the_next_one():
    room = Room()
    room.ask(do.LiftMasks(camera_id="CAM-1", for_s=60, reason="x"), desk="desk-3")
    room.now += 61 * SECOND_NS
    room.ask(do.LiftMasks(camera_id="CAM-2", for_s=60, reason="x"), desk="desk-3")
    assert set(room.state.lifted_masks) == {lift_key("desk-3", "CAM-2")}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (do.ViewFootage(camera_ids=(), from_ns=1, to_ns=2, purpose="p"), "unknown_device"),
        (do.ViewFootage(camera_ids=("GAUGE-1",), from_ns=1, to_ns=2, purpose="p"), "unknown_device"),
        (do.ViewFootage(camera_ids=("CAM-1",), from_ns=2, to_ns=1, purpose="p"), "bad_range"),
        (do.ViewFootage(camera_ids=("CAM-1",), from_ns=0, to_ns=1, purpose="p"), "bad_range"),
        (do.ViewFootage(camera_ids=("CAM-1",), from_ns=1, to_ns=NOW, purpose="p"), "bad_range"),
        (do.ViewFootage(**SEEN, purpose="  "), "no_purpose"),
        (do.LockFootage(**SEEN, reason=""), "no_lock_reason"),
        (
            do.ExportFootage(export_id="", **SEEN, form="clip", copies=("masked",), reason="r"),
            "unknown_export",
        ),
        (do.ExportFootage(export_id="E", **SEEN, form="clip", copies=(), reason="r"), "no_reason"),
        (do.ExportFootage(export_id="E", **SEEN, form="clip", copies=("masked",), reason=" "), "no_reason"),
        (do.FinishExport(export_id="E", outcome="done"), "unknown_export"),
        (do.SaveLayout(layout=WallLayout(id="l", name=" ", shape="2x2")), "bad_layout"),
        (do.SaveLayout(layout=WallLayout(id="l", name="n", shape="free")), "bad_layout"),
        (
            do.SaveLayout(layout=WallLayout(id="l", name="n", shape="2x2", camera_ids=("CAM-9",))),
            "unknown_device",
        ),
        (do.SaveLayout(layout=WallLayout(id="l", name="n", shape="2x2", carousel=("CAM-1",))), "bad_layout"),
        (do.SetMasks(camera_id="LAMP-1", zones=(WINDOW,), reason="r"), "unknown_device"),
        (do.SetMasks(camera_id="CAM-1", zones=(WINDOW,), reason=" "), "no_mask_reason"),
        (
            do.SetMasks(camera_id="CAM-1", zones=(MaskZone(name="", points=((0.0, 0.0),)),), reason="r"),
            "bad_masks",
        ),
        (
            do.SetMasks(camera_id="CAM-1", reason="r", zones=(MaskZone(name="", points=((0.0, 2.0),) * 3),)),
            "bad_masks",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else do.name_of(value),
)
def test_a_refusal_has_a_code_and_says_what_happened_in_both_languages(command: do.Command, code: str):
    room = Room()
    refused = room.ask(command)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert refused.reason.en != refused.reason.ko
    assert "{" not in refused.reason.en + refused.reason.ko
    assert room.state == CityState(run="r")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (do.UnlockFootage(lock_id="gone", reason="r"), "unknown_lock"),
        (do.UnlockFootage(lock_id="incident:I1", reason=""), "no_lock_reason"),
        (do.LiftMasks(camera_id="CAM-1", for_s=9 * 3600, reason="r"), "bad_lift"),
        (do.LiftMasks(camera_id="CAM-1", for_s=60, reason=" "), "no_mask_reason"),
    ],
    ids=lambda value: value if isinstance(value, str) else do.name_of(value),
)
def test_a_supervisor_too_must_ask_for_something_that_can_be_done(command: do.Command, code: str):
    refused = Room().ask(command, desk="desk-3")
    assert isinstance(refused, Refusal) and refused.code == code


def test_a_hub_that_follows_a_recording_still_logs_who_looks_and_takes_out():
    room = Room(following=True)
    assert isinstance(room.ask(do.ViewFootage(**SEEN, purpose="review")), Decision)
    refused = room.ask(do.SetCityMode(mode="flood"))
    assert isinstance(refused, Refusal) and refused.code == "replaying"


@given(st.floats(), st.floats(), st.floats(), st.floats())
def test_a_free_place_is_inside_the_wall_or_refused(x: float, y: float, width: float, height: float):
    layout = WallLayout(
        id="l", name="n", shape="free", places=(PanePlace(x=x, y=y, width=width, height=height),)
    )
    inside = x >= 0 and y >= 0 and x + width <= 1 and y + height <= 1 and width > 0 and height > 0
    if inside:
        assert layout_problem(layout) == ""
    elif not (x + width <= 1 + 1e-5 and y + height <= 1 + 1e-5 and x >= -1e-5 and y >= -1e-5):
        assert layout_problem(layout).startswith("places[0]")
