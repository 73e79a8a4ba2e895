"""The demo: which clip each camera shows, what its own operator does, what happens when processes die."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import msgspec
import pytest

from console.agency.script import load_script
from console.clock import SystemClock
from console.demo.feeds import FeedError, FeedPlan, load_feeds, plan_sources
from console.demo.operator import DemoOperator
from console.demo.stage import operator_seat, recorded_cameras
from console.demo.supervise import Supervisor
from console.desk.board import Board
from console.gateways.story import load_story
from console.model import commands as do
from console.model.base import Position, same_words
from console.model.control import ControlOrder, ControlPart
from console.model.incident import Incident
from console.model.ladder import Essence, PartnerThread
from console.model.picturerequest import PictureRequest, PictureWish
from console.model.procedurerun import ProcedureRun, StepStanding
from console.model.state import DeviceState
from console.profile import Profile, load_profile, nearest_cameras
from console.profile.procedures import load_procedures
from tests.guards.waiting import until


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


def test_every_camera_of_the_city_has_a_clip_of_its_kind_of_scene(suwon: Profile):
    story = load_story("suwon_dusk")
    book = plan_sources(suwon, story, 0, suwon.desks["desk-1"].wall, FeedPlan())
    assert set(book.camera_ids) == set(suwon.cameras)
    assert book.refused == {}
    _, scenes = load_feeds()
    told = {feed.camera for chapter in story.chapters for feed in chapter.feeds}
    for camera_id, camera in suwon.cameras.items():
        if camera_id not in told:
            stem = Path(book.source(camera_id).locator).stem
            assert stem in scenes.get(camera.scene, scenes["other"])


def test_the_storys_event_is_on_the_screen_when_its_chapter_begins(suwon: Profile):
    story = load_story("suwon_dusk")
    feeds, _ = load_feeds()
    book = plan_sources(suwon, story, 0, suwon.desks["desk-1"].wall, FeedPlan())
    for chapter in story.chapters:
        for shown in chapter.feeds:
            source, clip = book.source(shown.camera), feeds[shown.clip]
            assert Path(source.locator).stem == shown.clip
            if shown.event:
                starts = [one.start_s for one in clip.events if one.type == shown.event]
                position = (chapter.at_s + shown.after_s + source.offset_s) % clip.duration_s
                assert position == pytest.approx(starts[0], abs=0.05)


def test_given_cameras_come_first_and_their_passwords_are_kept_apart(suwon: Profile, tmp_path: Path):
    wall = suwon.desks["desk-1"].wall
    plan = FeedPlan(cameras=("rtsp://kim:s3cret@127.0.0.1:8554/one",))
    book = plan_sources(suwon, load_story("suwon_dusk"), 0, wall, plan)
    source = book.source(wall[0])
    assert source.locator == "rtsp://127.0.0.1:8554/one"
    assert book.credential(source).password == "s3cret"
    book.save(tmp_path)
    assert "s3cret" not in (tmp_path / "video" / "sources.json").read_text("utf-8")
    assert (tmp_path / "video" / "credentials.json").stat().st_mode & 0o077 == 0


def test_a_folder_of_clips_takes_the_place_of_ours_if_there_is_a_clip_in_it(suwon: Profile, tmp_path: Path):
    wall = suwon.desks["desk-1"].wall
    story = load_story("suwon_dusk")
    with pytest.raises(FeedError, match="no clip in it"):
        plan_sources(suwon, story, 0, wall, FeedPlan(clips=str(tmp_path)))
    (tmp_path / "own.mp4").write_bytes(b"")
    book = plan_sources(suwon, story, 0, wall, FeedPlan(clips=str(tmp_path)))
    assert {Path(book.source(one).locator).name for one in wall} == {"own.mp4"}


class Port:
    def __init__(self) -> None:
        self.asked: list[do.Command] = []

    def request(self, command: do.Command) -> str:
        self.asked.append(command)
        return str(len(self.asked))

    def ask(self, query: object) -> str:
        raise AssertionError("the operator looks nothing up")


def operator_with(suwon: Profile, stepped_clock, **changes: object) -> tuple[DemoOperator, Port, Board]:
    board, port = Board(suwon, stepped_clock, "demo-operator", "x"), Port()
    device = suwon.devices["CAM-PARK-0001"]
    incident = Incident(
        id="I1", type="person_down", priority=1, place=device.place, opened_at_ns=stepped_clock.now_ns(),
        changed_at_ns=0, device_ids=("CAM-PARK-0001",), reasons=(same_words("x"),),
    )
    board.state.incidents["I1"] = msgspec.structs.replace(incident, **changes)
    return DemoOperator(board, port, load_story("suwon_dusk")), port, board


def test_the_operator_acts_in_the_storys_order_and_each_thing_once(suwon: Profile, stepped_clock):
    operator, port, _ = operator_with(suwon, stepped_clock)
    operator.step()
    assert port.asked == []
    for _ in range(60):
        stepped_clock.step(0.5)
        operator.step()
    kinds = [type(one) for one in port.asked]
    assert kinds == [
        do.AcknowledgeIncident, do.VerifyIncident, do.AddNote, do.OrderControl, do.DraftHandoff,
    ]


def test_the_operator_lights_the_lamps_around_an_incident_and_leaves_out_what_is_down(
    suwon: Profile, stepped_clock
):
    operator, port, board = operator_with(suwon, stepped_clock, stage="acknowledged")
    board.state.devices["LAMP-0924"] = DeviceState(condition="down", since_ns=0, why=same_words("x"))
    stepped_clock.step(10.5)
    operator.step()
    (lit,) = [one for one in port.asked if isinstance(one, do.OrderControl)]
    assert (lit.control, lit.value, lit.incident_id) == ("lamp_dim", "100", "I1")
    assert len(lit.device_ids) == 16 and "LAMP-0924" not in lit.device_ids
    assert lit.device_ids[0] == "LAMP-0925", "the nearest first"


def test_the_operator_says_yes_once_to_what_it_ordered_itself(suwon: Profile, stepped_clock):
    operator, port, board = operator_with(suwon, stepped_clock, stage="closed")
    waiting = ControlPart(stage="unconfirmed", since_ns=0)
    for name, person in (("O1", board.person), ("O2", "somebody else")):
        board.state.control_orders[name] = ControlOrder(
            id=name, control="barrier", value="close", value_words=same_words("close"),
            summary=same_words("close"), desk=board.desk, person=person, ordered_at_ns=0, answer_s=20,
            parts={"BAR-0001": waiting}, token="t", confirm_by_ns=1,
        )  # fmt: skip
    operator.step()
    operator.step()
    assert port.asked == [do.ConfirmControl(order_id="O1", token="t")]


def drafted(thread_id: str, agency: str, at_ns: int, person: str = "x", group: str = "") -> PartnerThread:
    essence = Essence(type="person_down", code="C1", position=Position(lat=37.2, lon=127.0))
    return PartnerThread(
        id=thread_id, key=thread_id, incident_id="I1", agency=agency, revision=1, person=person,
        essence=essence, drafted_ns=at_ns, group=group,
    )


def test_the_operator_sends_its_own_drafts_when_it_has_read_them_and_a_joint_response_at_once(
    suwon: Profile, stepped_clock
):
    operator, port, board = operator_with(suwon, stepped_clock, stage="closed")
    now = stepped_clock.now_ns()
    for one in (
        drafted("T1", "KR-119", now, group="T1"), drafted("T2", "KR-112", now, group="T1"),
        drafted("T3", "KR-112", now, person="somebody else"),
    ):  # fmt: skip
        board.state.threads[one.id] = one
    stepped_clock.step(1.0)
    operator.step()
    assert port.asked == []
    stepped_clock.step(1.5)
    operator.step()
    operator.step()
    assert port.asked == [do.SendDraft(thread_ids=("T1", "T2"))]


def test_the_operator_answers_an_open_step_once_and_leaves_what_the_story_does_not_say(
    suwon: Profile, stepped_clock
):
    operator, port, board = operator_with(suwon, stepped_clock, stage="closed")
    board.state.incidents["I1"] = msgspec.structs.replace(board.state.incidents["I1"], stage="responding")
    now = stepped_clock.now_ns()
    opened = [
        StepStanding(procedure="p", step=step, round=2, kind="decision", text=None, opened_ns=now)
        for step in ("state", "arrived")
    ]
    board.state.procedures["I1"] = ProcedureRun(incident_id="I1", procedure="p", steps=tuple(opened))
    operator.step()
    assert [one for one in port.asked if isinstance(one, do.AnswerStep)] == []
    stepped_clock.step(4.0)
    operator.step()
    operator.step()
    answers = [one for one in port.asked if isinstance(one, do.AnswerStep)]
    assert answers == [do.AnswerStep(incident_id="I1", step="state", round=2, answer="hurt")]


def test_the_operator_lets_pictures_out_that_wait_for_a_person_and_nobody_else_has_looked_at(
    suwon: Profile, stepped_clock
):
    operator, port, board = operator_with(suwon, stepped_clock, stage="closed")
    place = suwon.devices["CAM-PARK-0001"].place
    wish = PictureWish(
        message_id="M", service="vulnerable", purpose="dementia", legal_basis="missing9",
        position=place.position, radius_m=300.0, person="112",
    )  # fmt: skip
    waits = PictureRequest(
        id="R1", direction="inbound", agency="KR-112", wish=wish, place=place, at_ns=stepped_clock.now_ns(),
        needs="supervisor",
    )  # fmt: skip
    ours = msgspec.structs.replace(waits, id="R2", direction="outbound")
    decided = msgspec.structs.replace(waits, id="R3", stage="granted")
    board.state.requests.update({one.id: one for one in (waits, ours, decided)})
    stepped_clock.step(19.0)
    operator.step()
    assert port.asked == []
    stepped_clock.step(2.0)
    operator.step()
    operator.step()
    assert port.asked == [do.ApproveRequest(request_id="R1")]


@pytest.mark.parametrize("city", ["suwon", "glasgow"])
def test_what_partners_of_the_demo_ask_for_is_a_linked_service_of_the_city(city: str):
    profile = load_profile(city)
    asked = [one for one in load_script("demo").pictures if one.agency in profile.agencies]
    assert {one.agency for one in asked} == set(profile.agencies)
    for one in asked:
        service = profile.services[one.service]
        assert one.agency in service.agencies and one.legal_basis in service.bases
        assert one.purpose in {purpose.id for purpose in service.purposes}
        assert one.radius_m <= service.most_radius_m and one.minutes <= service.most_minutes
        assert set(one.types) <= set(profile.incident_types) | {"violence", "river_stage", "missing_person"}


@pytest.mark.parametrize(("city", "name"), [("suwon", "suwon_dusk"), ("glasgow", "glasgow_night")])
def test_every_step_of_a_story_is_one_of_its_incidents_procedure(city: str, name: str):
    book = load_procedures(city, load_profile(city))
    for chapter in load_story(name).chapters:
        steps = book.by_type[chapter.incident].steps if chapter.steps else {}
        for told in chapter.steps:
            step = steps[told.step]
            assert not told.answer or told.answer in {one.id for one in step.answers}, (chapter.id, told)
            asked = step.kind == "decision" and told.skip is None
            assert bool(told.answer) == asked, (chapter.id, told.step)
            assert step.comment != "must" or told.comment is not None, (chapter.id, told.step)


@pytest.mark.parametrize(("shown", "seat"), [("desk-1", "super-1"), ("super-1", "desk-1")])
def test_the_operator_sits_at_another_desk_than_the_one_that_is_shown(suwon: Profile, shown: str, seat: str):
    assert operator_seat(suwon, shown) == seat


def test_the_operator_keeps_its_hands_off_what_a_person_has_done(suwon: Profile, stepped_clock):
    operator, port, _ = operator_with(suwon, stepped_clock, stage="acknowledged")
    stepped_clock.step(6.0)
    operator.step()
    assert port.asked == []


def test_the_operator_leaves_another_kind_of_incident_at_the_same_camera(suwon: Profile, stepped_clock):
    operator, port, _ = operator_with(suwon, stepped_clock, type="camera_fault")
    stepped_clock.step(60.0)
    operator.step()
    assert port.asked == []


def test_a_process_that_dies_is_started_again_and_given_up_when_it_keeps_dying(
    tmp_path: Path, stepped_clock, expected_logs, monkeypatch
):
    expected_logs("ended .* and is started again", count=5)
    expected_logs("is not started again", count=1)
    supervisor = Supervisor(tmp_path, stepped_clock)
    child = supervisor.start("check", "check", "--home", str(tmp_path / "none"))
    for _ in range(6):
        until(lambda: child.process is None or child.process.poll() is not None, "its end", 30)
        assert supervisor.look() is None
    assert child.given_up and supervisor.restarts == 5
    assert supervisor.pids() == {}


def test_an_essential_process_that_ends_ends_the_demo(tmp_path: Path):
    supervisor = Supervisor(tmp_path, SystemClock())
    child = supervisor.start("desk", "--version", essential=True)
    until(lambda: child.process.poll() is not None, "its end", 30)
    assert supervisor.look() == "desk"


def test_ending_ends_everything_also_what_does_not_listen(tmp_path: Path, monkeypatch, expected_logs):
    from console.demo import supervise

    monkeypatch.setattr(supervise, "END_WAIT_S", 0.3)
    expected_logs("did not end in", count=1)
    supervisor = Supervisor(tmp_path, SystemClock())
    child = supervisor.start("check", "check", "--home", str(tmp_path / "none"))
    until(lambda: child.process.poll() is not None, "the first to end", 30)
    import subprocess

    deaf = "import signal as s; s.signal(s.SIGTERM, s.SIG_IGN); print(1, flush=True); s.pause()"
    child.process = subprocess.Popen(
        [sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True
    )
    assert child.process.stdout.readline() == b"1\n"
    assert supervisor.end() == {"check": -signal.SIGKILL}
    child.process.stdout.close()
    assert not os.path.exists(f"/proc/{child.process.pid}")


def test_a_url_a_file_and_a_folder_can_be_given_in_place_of_our_clips(suwon: Profile, tmp_path: Path):
    wall = suwon.desks["desk-1"].wall
    story = load_story("suwon_dusk")
    clip = tmp_path / "own.mp4"
    clip.write_bytes(b"")
    one_file = plan_sources(suwon, story, 0, wall, FeedPlan(clips=str(clip)))
    assert {one_file.source(one).locator for one in suwon.cameras} == {str(clip)}
    one_camera = plan_sources(suwon, story, 0, wall, FeedPlan(clips="http://kim:s3cret@127.0.0.1:9/x.mjpg"))
    assert {one_camera.source(one).locator for one in wall} == {"http://127.0.0.1:9/x.mjpg"}
    assert one_camera.credential(one_camera.source(wall[0])).password == "s3cret"
    cameras = (str(tmp_path), str(clip), "https://127.0.0.1/live.mjpg")
    mixed = plan_sources(suwon, story, 7, wall, FeedPlan(cameras=cameras))
    shown = [mixed.source(one) for one in wall[:3]]
    assert [(one.kind, one.locator) for one in shown] == [
        ("file", str(tmp_path)), ("file", str(clip)), ("http", "https://127.0.0.1/live.mjpg"),
    ]
    assert {one.epoch_ns for one in shown} == {7}


def test_what_is_neither_there_nor_a_url_is_said_by_its_option(suwon: Profile, tmp_path: Path):
    story, wall = load_story("suwon_dusk"), suwon.desks["desk-1"].wall
    with pytest.raises(FeedError, match=r"--camera 1 .*no such file"):
        plan_sources(suwon, story, 0, wall, FeedPlan(cameras=("nowhere.mp4",)))
    with pytest.raises(FeedError, match=r"--clips .*no such file"):
        plan_sources(suwon, story, 0, wall, FeedPlan(clips=str(tmp_path / "gone")))


def test_what_an_incident_of_the_story_opens_with_is_recorded() -> None:
    profile, story = load_profile("suwon"), load_story("suwon_dusk")
    wall = profile.desks["desk-1"].wall
    recorded = recorded_cameras(profile, wall, story)
    assert set(wall) < set(recorded)
    assert len(recorded) == len(set(recorded)) < 100
    for chapter in story.chapters:
        if chapter.every_s:
            continue  # what goes on beside the story is not recorded for its own sake
        place = profile.devices[chapter.device].place.position
        assert set(nearest_cameras(profile, place, 5)) <= set(recorded), chapter.id
