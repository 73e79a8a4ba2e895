"""Automatic answers: by the pace of a file, with the failures that file names, taken up again after a
restart.
"""

from __future__ import annotations

import json
import threading

import pytest

from console.agency import announce
from console.agency.automat import Automat
from console.agency.fleet import Fleet
from console.agency.garage import Garage
from console.agency.script import MANUAL, AskedPictures, Mode, Pace, Script, ScriptError, load_script
from console.agency.station import Station
from console.agency.store import Store
from console.agency.view import PictureForm
from console.clock import SteppedClock
from console.handoff.partners import read_partners, write_partners
from console.paths import shipped
from tests.handoff.samples import message

KEY = "SW-000001:KR-112:1"


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def station(tmp_path, clock):
    store = Store(tmp_path / "store.db", "KR-112")
    station = Station(store, "KR-112", "KR-112", clock)
    station.garage = Garage(store.base, Fleet(), clock)
    yield station
    store.close()


def stage(station) -> str:
    return station.cases()[0].stage


def automat(station, clock, **script) -> Automat:
    pace = script.pop("pace", Pace(accept_s=1, dispatch_s=2, arrive_s=3, close_s=4))
    return Automat(station, Script(about="", pace=pace, **script), clock, lambda: None, station.garage)


def test_a_case_is_accepted_dispatched_reached_and_closed_at_the_files_pace(station, clock):
    machine = automat(station, clock)
    station.take(message())
    assert machine.step() == 1.0
    for pause, reached in ((1, "accepted"), (2, "dispatched"), (3, "on_scene"), (4, "closed")):
        clock.step(pause - 0.01)
        machine.step()
        assert stage(station) != reached, "too early"
        clock.step(0.02)
        machine.step()
        assert stage(station) == reached
        machine.step()
    assert machine.step() is None


def test_nothing_is_planned_while_there_is_no_case(station, clock):
    assert automat(station, clock).step() is None


def test_what_is_open_at_the_start_is_taken_up_where_it_stood(station, clock):
    station.take(message())
    station.act(KEY, "accept")
    machine = automat(station, clock)
    machine.step()
    clock.step(2)
    machine.step()
    assert stage(station) == "dispatched"


def test_refuses_refuses_for_its_reason(station, clock):
    machine = automat(station, clock, mode="refuses", reason="too-old", words={"KR": "지난 일"})
    station.take(message())
    machine.step()
    clock.step(1)
    machine.step()
    assert (stage(station), station.cases()[0].reason) == ("rejected", "too-old")
    assert machine.step() is None


def test_silent_after_receipt_never_answers(station, clock):
    machine = automat(station, clock, mode="silent_after_receipt")
    station.take(message())
    assert machine.step() is None
    clock.step(10_000)
    assert machine.step() is None
    assert stage(station) == "received"


def test_a_step_without_a_pace_is_never_done(station, clock):
    machine = automat(station, clock, pace=Pace(accept_s=0, dispatch_s=None))
    station.take(message())
    machine.step()
    clock.step(1000)
    assert machine.step() is None
    assert stage(station) == "accepted"


def test_with_a_unit_go_the_pictures_that_the_file_names_for_such_an_incident_once(station, clock):
    kinds = ("no_such_type",), ()
    pictures = tuple(
        AskedPictures(
            agency="KR-112", service=f"s{place}", purpose="p", legal_basis="b", types=types, recorded_min=5.0
        )
        for place, types in enumerate(kinds)
    )
    asked: list[PictureForm] = []
    script = Script(about="", pace=Pace(accept_s=0, dispatch_s=1, arrive_s=1), pictures=pictures)
    machine = Automat(station, script, clock, lambda: None, station.garage, asked.append)
    station.take(message())
    machine.step()
    machine.step()
    assert asked == [], "no unit yet"
    for _ in range(4):
        clock.step(1.1)
        machine.step()
    (form,) = asked
    assert (form.service, form.number, form.recorded_min) == ("s1", "KR-112-000001", 5.0)
    assert form.position == station.tongue.understood(station.case(KEY).body).position


def test_people_answer_where_no_file_is_given(station, clock):
    station.take(message())
    assert Automat(station, MANUAL, clock, lambda: None, station.garage).step() is None


def test_a_person_who_is_faster_is_not_overruled(station, clock):
    machine = automat(station, clock)
    station.take(message())
    machine.step()
    station.act(KEY, "refuse", reason="other")
    clock.step(5)
    machine.step()
    assert stage(station) == "rejected"


@pytest.mark.parametrize("name", sorted(path.stem for path in (shipped("seeds") / "agencies").glob("*.toml")))
def test_every_shipped_file_is_good(name):
    script = load_script(name)
    assert script.about
    assert script.mode == ("normal" if name in ("auto", "demo") else name)


def test_every_way_to_fail_has_a_file():
    modes = set(Mode.__args__) - {"normal"}
    assert modes <= {path.stem for path in (shipped("seeds") / "agencies").glob("*.toml")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('about = "x"\nmode = "sleepy"', "mode"),
        ('about = "x"\nslow_s = -1', "slow_s"),
        ('about = "x"\nfast_s = 1', "fast_s"),
        ('about = "x"\nreason = "because"', "reason: expected one of bad-location"),
        ("about = 1", "about"),
        ("about", "own.toml"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_file_and_key(tmp_path, text, said):
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(ScriptError, match=said) as caught:
        load_script(str(tmp_path / "own.toml"))
    assert "own.toml" in str(caught.value)


def test_a_name_that_is_not_there_says_which_are():
    with pytest.raises(ScriptError, match=r"perhaps\.toml: .*there are ack_lost, answers_after"):
        load_script("perhaps")


def test_a_name_cannot_leave_its_folder():
    with pytest.raises(ScriptError):
        load_script("../cities/suwon")


def test_the_ready_file_says_where_the_door_is(tmp_path):
    announce.write_ready_file(tmp_path / "run" / "KR-112.json", "KR-112", "https://127.0.0.1:7/handoff")
    said = json.loads((tmp_path / "run" / "KR-112.json").read_bytes())
    assert (said["agency"], said["url"]) == ("KR-112", "https://127.0.0.1:7/handoff")


def test_a_registration_is_what_the_console_reads_and_keeps_the_others(tmp_path):
    path = tmp_path / "partners.toml"
    path.write_text('[partners.KR-119]\nurl = "https://h:1/x"\nsender = "f"\nserver_name = "cad.fire"\n')
    announce.register(path, "KR-112", "https://127.0.0.1:7/handoff", "112@police")
    announce.register(path, "KR-112", "https://127.0.0.1:8/handoff", "112@police")
    links = read_partners(path)
    assert (links["KR-112"].url, links["KR-112"].sender) == ("https://127.0.0.1:8/handoff", "112@police")
    assert (links["KR-119"].server_name, links["KR-119"].sender) == ("cad.fire", "f")


def test_agencies_that_register_at_the_same_moment_are_all_entered(tmp_path):
    path, names = tmp_path / "partners.toml", [f"KR-{number}" for number in range(110, 130)]
    write_partners(path, {"UK-FIRE": "https://127.0.0.1:6/handoff"})
    threads = [
        threading.Thread(target=announce.register, args=(path, name, "https://127.0.0.1:7/handoff", name))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(read_partners(path)) == {*names, "UK-FIRE"}


def test_a_registration_into_something_else_is_refused(tmp_path):
    path = tmp_path / "partners.toml"
    for text in ("[partners", "partners = 5"):
        path.write_text(text)
        with pytest.raises(announce.AnnounceError, match=r"partners\.toml"):
            announce.register(path, "KR-112", "https://127.0.0.1:7/handoff", "KR-112")
        assert path.read_text() == text
