"""Units leave after their turnout, come by distance, and drive home; a restart finds them on the road."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.agency.automat import Automat, follow
from console.agency.base import Base
from console.agency.fleet import FleetError, km_between, load_fleet, load_ground, ordered
from console.agency.garage import Garage
from console.agency.linked import load_linked
from console.agency.script import MANUAL, Script
from console.agency.station import Station
from console.agency.store import Store
from console.clock import SECOND_NS, SteppedClock
from console.handoff import rules
from console.handoff.cap import parse
from console.handoff.kinds import partner_kinds
from console.model.base import Position
from tests.agency.test_station import further
from tests.handoff.samples import message

KEY = "SW-000001:KR-112:1"
SCENE = Position(lat=37.277512, lon=127.016933)
FLEET = load_fleet("KR-112")


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def garage(tmp_path, clock):
    base = Base(tmp_path / "store.db")
    yield Garage(base, FLEET, clock)
    base.close()


@pytest.mark.parametrize("agency", sorted(partner_kinds()))
def test_every_partner_has_units_ground_and_a_way_to_all_of_it(agency):
    fleet = load_fleet(agency)
    assert fleet.units and fleet.stations
    ground = load_ground(fleet.city)
    assert ground.outlines and ground.streets and ground.rivers
    for unit in fleet.units:
        seconds = fleet.travel_s(unit, fleet.home(unit), fleet.stations[0].position)
        assert 0 <= seconds < 1800, unit.id
    if agency != "EIDO-ROOM":
        assert load_linked(fleet.city, agency), "the city's services for it"


def test_three_and_a_half_kilometres_of_road_take_the_formulas_time():
    unit = FLEET.units[0]
    start = FLEET.home(unit)
    end = Position(lat=start.lat + 3.5 / 1.3 / 111.195, lon=start.lon)
    assert km_between(start, end) * FLEET.detour == pytest.approx(3.5, rel=1e-3)
    assert FLEET.travel_s(unit, start, end) == pytest.approx(39 + 3.5 * 63.4, rel=1e-3)


def test_the_free_unit_that_is_there_soonest_goes(garage):
    assert garage.nearest(SCENE) == "순찰 34"
    garage.send("순찰 34", "C1", SCENE)
    assert garage.nearest(SCENE) == "순찰 35"
    assert "순찰 34" not in garage.free()
    assert garage.send("somebody else's car", "C1", SCENE) is None


def test_a_unit_makes_ready_drives_arrives_and_drives_home(garage, clock):
    duty = garage.send("순찰 34", "C1", SCENE)
    home = duty.start
    states = []
    for seconds in (0, 61, (duty.arrives_ns - duty.left_ns) / SECOND_NS / 2, 1000):
        clock.step(seconds)
        states.append(garage.duties()["순찰 34"].state(clock.now_ns()))
    assert states == ["turnout", "driving", "driving", "there"]
    assert garage.there_ns("C1") == duty.arrives_ns
    garage.release("C1")
    back = garage.duties()["순찰 34"]
    assert (back.state(clock.now_ns()), back.start, back.end) == ("returning", SCENE, home)
    assert "순찰 34" in garage.free(), "it may be sent again from the road"
    clock.step(2000)
    assert garage.duties() == {}


def test_a_unit_sent_again_on_its_way_home_starts_where_it_is(garage, clock):
    garage.send("순찰 34", "C1", SCENE)
    clock.step(1000)
    garage.release("C1")
    clock.step(60)
    where = garage.duties()["순찰 34"].at(clock.now_ns())
    again = garage.send("순찰 34", "C2", SCENE)
    assert (again.start, again.left_ns) == (where, clock.now_ns()), "no turnout: it rolls already"


def test_a_restart_finds_units_on_the_road(tmp_path, clock):
    base = Base(tmp_path / "store.db")
    Garage(base, FLEET, clock).send("순찰 34", "C1", SCENE)
    base.close()
    base = Base(tmp_path / "store.db")
    (duty,) = Garage(base, FLEET, clock).duties().values()
    assert (duty.unit, duty.number, duty.end) == ("순찰 34", "C1", SCENE)
    base.close()


@given(seconds=st.floats(0, 4000), within=st.one_of(st.none(), st.floats(0, 600)))
def test_a_unit_is_always_on_the_line_between(seconds, within):
    unit = FLEET.units[2]
    home = FLEET.home(unit)
    duty = ordered(FLEET, unit, home, SCENE, 0, "C1", within)
    at = duty.at(int(seconds * SECOND_NS))
    assert min(home.lat, SCENE.lat) <= at.lat <= max(home.lat, SCENE.lat)
    assert min(home.lon, SCENE.lon) <= at.lon <= max(home.lon, SCENE.lon)
    if within is not None:
        assert duty.arrives_ns == pytest.approx(within * SECOND_NS, abs=2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[units]]\nid = "1"\nkind = "boat"\nstation = "x"', "kind"),
        (
            '[kinds.car]\nname = { en = "x", ko = "x" }\nturnout_s = 1.0\nfirst_s = 1.0\nper_km_s = 0.0',
            "per_km",
        ),
        ('[[stations]]\nid = "x"\nname = { en = "x", ko = "x" }\nat = [1.0, 999.0]', "at"),
        ("detour = 9.0", "detour"),
    ],
)
def test_a_wrong_units_file_is_an_error_that_names_file_and_key(tmp_path, text, said):
    (tmp_path / "KR-112.toml").write_text(text)
    with pytest.raises(FleetError, match=rf"KR-112\.toml: .*{said}"):
        load_fleet("KR-112", tmp_path)


def test_where_people_answer_the_crew_reports_by_itself_that_it_is_there(tmp_path, clock):
    store = Store(tmp_path / "store.db", "KR-112")
    garage = Garage(store.base, FLEET, clock)
    station = Station(store, "KR-112", "KR-112", clock)
    machine = Automat(station, MANUAL, clock, lambda: None, garage)
    station.take(message())
    station.act(KEY, "accept")
    station.act(KEY, "dispatch", unit="순찰 34")
    follow(garage, "KR-112-000001", "dispatch", "순찰 34", SCENE)
    wait_s = machine.step()
    assert wait_s == pytest.approx(garage.seconds_to("순찰 34", SCENE) or 0, abs=2)
    clock.step(wait_s + 1)
    machine.step()
    assert station.case(KEY).stage == "on_scene"
    store.close()


def test_a_wish_to_cancel_sends_the_units_home(tmp_path, clock):
    store = Store(tmp_path / "store.db", "KR-112")
    garage = Garage(store.base, FLEET, clock)
    station = Station(store, "KR-112", "KR-112", clock)
    machine = Automat(station, Script(about=""), clock, lambda: None, garage)
    station.take(message())
    for _ in range(3):
        machine.step()
        clock.step(3)
        machine.step()
    assert station.case(KEY).stage == "dispatched"
    station.take(further("Cancel"))
    machine.step()
    clock.step(2)
    machine.step()
    assert station.case(KEY).stage == "cancelled"
    assert [one.number for one in garage.duties().values()] == [""]
    assert rules.check(parse(store.owed()[-1].body)) == []
    store.close()
