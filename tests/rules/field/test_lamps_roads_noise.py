"""Lamps against the sun, traffic by class of road, noise by hour, energy counters, on a real city."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.model.base import same_words
from console.model.fieldstate import FieldState
from console.profile import Profile, load_profile
from console.rules.city import phrase_of
from console.rules.energy import energy_figures
from console.rules.field.meters import MeterWatch
from console.rules.field.noises import NoiseWatch
from console.rules.field.roads import RoadWatch
from console.rules.field.streetlamps import LampWatch
from console.rules.field.watch import FieldWatch
from console.rules.lamps import lamp_figures
from console.rules.noise import noise_figures
from console.rules.traffic import traffic_figures
from console.telemetry.table import GOOD, Columns, PointTable

SEOUL = ZoneInfo("Asia/Seoul")


def at(hour: float) -> int:
    """A time of the 20th of March 2026 in Suwon; the sun is up from about 6:35 to 18:45."""
    return int((datetime(2026, 3, 20, tzinfo=SEOUL).timestamp() + hour * 3600) * SECOND_NS)


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


class Street:
    """One watch with its table and what stands."""

    def __init__(self, profile: Profile, watch: FieldWatch) -> None:
        self.profile, self.watch = profile, watch
        self.table = PointTable(len(profile.points))

    def value(self, point: str, value: float, at_ns: int) -> None:
        index = self.profile.point_by_id[point].index
        self.table.update(
            Columns(
                np.array([index], np.uint32), np.array([value]), np.array([at_ns], np.int64),
                np.array([GOOD], np.uint8),
            )
        )

    def look(self, now_ns: int, standing: Mapping[str, FieldState] | None = None) -> dict[str, str]:
        return dict(self.watch.look(self.table, now_ns, standing or {}))


def standing(state: str, rule: str) -> FieldState:
    return FieldState(rule=rule, state=state, grade="note", words=same_words("x"), since_ns=1)


@pytest.fixture
def lamps(suwon: Profile) -> Street:
    return Street(suwon, LampWatch(lamp_figures(), suwon, phrase_of(load_catalogue())))


def lamp_of(profile: Profile) -> str:
    return next(one for one in profile.devices if one.startswith("LAMP-"))


def burn(street: Street, watts: float, from_hour: float, minutes: int) -> dict[str, str]:
    lamp = lamp_of(street.profile)
    found: dict[str, str] = {}
    for minute in range(0, minutes + 1, 5):
        now = at(from_hour) + minute * 60 * SECOND_NS
        street.value(f"{lamp}/power_w", watts, now)
        found = street.look(now)
    return found


def test_a_lamp_that_burns_for_half_an_hour_by_day_is_told(lamps: Street, suwon: Profile):
    assert burn(lamps, 126.0, 12.0, 25) == {}
    assert burn(lamps, 126.0, 12.5, 5) == {lamp_of(suwon): "day_burner"}
    assert lamps.watch.finding(lamp_of(suwon), "day_burner").words.ko == "주간 점등"


def test_a_lamp_that_is_out_at_night_is_told_unless_it_was_dimmed_to_nothing(lamps: Street, suwon: Profile):
    assert burn(lamps, 0.0, 22.0, 15) == {lamp_of(suwon): "night_outage"}
    lamps.value(f"{lamp_of(suwon)}/dim_percent", 0.0, at(22.5))
    assert burn(lamps, 0.0, 22.6, 15) == {}


def test_as_the_sun_would_have_it_is_ordinary(lamps: Street):
    assert burn(lamps, 126.0, 22.0, 30) == {}
    assert burn(lamps, 0.0, 36.0, 60) == {}


def test_what_stands_is_kept_over_a_start_and_ends_when_it_is_over(lamps: Street, suwon: Profile):
    lamp = lamp_of(suwon)
    before = {lamp: standing("day_burner", "lamps")}
    assert lamps.look(at(12.0), before) == {lamp: "day_burner"}, "not heard of yet"
    lamps.value(f"{lamp}/power_w", 126.0, at(12.0))
    assert lamps.look(at(12.0), before) == {lamp: "day_burner"}, "still on, its half hour not yet counted"
    lamps.value(f"{lamp}/power_w", 0.0, at(12.1))
    assert lamps.look(at(12.1), before) == {}


def test_traffic_is_told_by_the_class_of_its_road(suwon: Profile):
    now = at(8)
    watch = RoadWatch(traffic_figures(), suwon, phrase_of(load_catalogue()), 3.0, now)
    street = Street(suwon, watch)
    loop = watch.ids[0]
    steps = ((40.0, ""), (20.0, "slow"), (10.0, "jam"), (16.0, "jam"), (18.0, "slow"), (28.0, ""))
    for speed, state in steps:
        now += SECOND_NS
        street.value(f"{loop}/speed_km_h", speed, now)
        assert street.look(now).get(loop, "") == state, speed
    street.value(f"{loop}/speed_km_h", 0.0, now + SECOND_NS)
    street.value(f"{loop}/flow_veh_h", 0.0, now + SECOND_NS)
    assert street.look(now + SECOND_NS) == {}, "no vehicle is no jam"
    assert watch.finding(loop, "jam").words.en == "Urban arterial: jam"
    assert watch.finding(loop, "jam").grade == "watch"
    assert street.look(now + 600 * SECOND_NS) == {}, "an old speed says nothing"


def test_noise_is_held_against_the_hour_of_the_local_day(suwon: Profile):
    now = at(21.9)
    watch = NoiseWatch(noise_figures(), suwon, phrase_of(load_catalogue()), 3.0, now)
    street, meter = Street(suwon, watch), "NOISE-0001"
    street.value(f"{meter}/noise_db", 64.0, now)
    assert street.look(now) == {}
    street.value(f"{meter}/noise_db", 66.0, now + SECOND_NS)
    assert street.look(now + SECOND_NS) == {meter: "over/65/edge/other"}
    night = at(22.0)
    street.value(f"{meter}/noise_db", 62.0, night)
    assert street.look(night) == {meter: "over/60/night/other"}
    said = watch.finding(meter, "over/60/night/other").words
    assert said.en == "Above the permitted 60 dB(A) (at night, other zones)"
    street.value(f"{meter}/noise_db", 59.5, night + SECOND_NS)
    assert street.look(night + SECOND_NS, {meter: standing("over/60/night/other", "noise")})
    assert street.look(night + SECOND_NS) == {}


def test_a_country_whose_levels_are_for_homes_has_none_for_a_meter_in_the_street():
    glasgow = load_profile("glasgow")
    now = at(12)
    watch = NoiseWatch(noise_figures(), glasgow, phrase_of(load_catalogue()), 3.0, now)
    street = Street(glasgow, watch)
    for meter in watch.ids:
        street.value(f"{meter}/noise_db", 95.0, now)
    assert street.look(now) == {}


def test_a_counter_that_was_reset_is_told_for_a_day_and_a_rollover_is_not(suwon: Profile):
    now = at(8)
    watch = MeterWatch(energy_figures(), suwon, phrase_of(load_catalogue()))
    street = Street(suwon, watch)
    turned, reset, wild = watch.ids[:3]
    found: dict[str, str] = {}
    first = ((turned, 999_990.0), (reset, 42_000.0), (wild, 100.0))
    for steps in (first, ((turned, 20.0), (reset, 3.0), (wild, 90_000.0))):
        now += 900 * SECOND_NS
        for id_, value in steps:
            street.value(f"{id_}/energy_kwh", value, now)
        found = street.look(now)
    assert found == {reset: "reset", wild: "not_believed"}
    assert watch.finding(reset, "reset").words.ko.startswith("계량기 초기화")
    assert street.look(now + 86_400 * SECOND_NS) == {}
