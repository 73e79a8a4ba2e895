"""What belongs together becomes one incident, with the reason; the rest stays apart."""

from __future__ import annotations

import msgspec
import pytest

from console.clock import SECOND_NS
from tests.rules.correlate.town import FIGURES, START_NS, clue, correlator


def test_the_same_kind_near_and_soon_is_one_incident_and_says_how_near():
    town = correlator()
    first = town.place(clue("person_down"))
    second = town.place(clue("person_down", east_m=30, at_s=60))
    assert (first.how, first.incident_id) == ("opened", "I1")
    assert (second.how, second.incident_id) == ("joined", "I1")
    (reason,) = second.reasons
    assert reason.code == "same_near"
    assert reason.fields == {"metres": "30", "seconds": "60"}


@pytest.mark.parametrize(("east_m", "at_s"), [(61, 0), (0, 301), (45, 290)])
def test_what_is_too_far_too_late_or_both_by_half_is_another_incident(east_m, at_s):
    town = correlator()
    town.place(clue("person_down"))
    placed = town.place(clue("person_down", east_m=east_m, at_s=at_s))
    # Near the edge of both it has still something to do with it, and is told as such.
    assert placed.how == "joined" if (east_m, at_s) == (45, 290) else placed.how == "opened"


def test_a_window_slides_with_each_new_clue():
    town = correlator()
    for minute in range(10):
        assert town.place(clue("person_down", at_s=minute * 240)).incident_id == "I1"


def test_a_bell_beside_a_person_down_is_one_scene_and_names_the_other_kind():
    town = correlator()
    town.place(clue("person_down"))
    placed = town.place(clue("emergency_bell", east_m=20, at_s=30, source="bell"))
    assert placed.incident_id == "I1"
    assert placed.reasons[0].code == "other_near"
    assert placed.reasons[0].fields["type"] == "person_down"


def test_kinds_that_have_nothing_to_do_with_each_other_stay_apart_at_the_same_spot():
    town = correlator()
    town.place(clue("market_fire"))
    assert town.place(clue("cyber_event")).how == "opened"
    assert town.place(clue("unheard_of")).how == "opened"
    assert town.place(clue("unheard_of", at_s=30)).how == "joined", "its own radius and window hold"


def test_a_weak_tie_is_only_offered():
    town = correlator()
    town.place(clue("market_fire"))
    placed = town.place(clue("camera_fault", east_m=10, at_s=20))
    assert placed.how == "opened"
    assert [one.incident_id for one in placed.offers] == ["I1"]
    assert 0.1 <= placed.offers[0].weight < 0.3


def test_of_two_incidents_the_nearer_takes_it_and_the_other_is_offered():
    town = correlator()
    town.place(clue("person_down", east_m=-40))
    town.place(clue("person_down", east_m=40))
    placed = town.place(clue("person_down", east_m=10, at_s=10))
    assert placed.incident_id == "I2"
    assert [one.incident_id for one in placed.offers] == ["I1"]


def test_the_same_clue_sent_again_is_known_and_the_same_device_at_once_is_a_repetition():
    town = correlator()
    one = clue("person_down", device_id="CAM-1")
    assert town.place(one).how == "opened"
    assert town.place(one).how == "known"
    assert town.place(clue("person_down", at_s=5, device_id="CAM-1")).how == "repeated"
    assert town.place(clue("person_down", at_s=60, device_id="CAM-1")).how == "joined"
    assert len(town.gathered("I1")) == 3, "what is repeated is counted, what is known is not"


def test_what_a_camera_sees_belongs_to_what_lies_in_its_picture():
    town = correlator()
    town.place(clue("person_down", east_m=150))
    seen = town.place(clue("person_down", source="detection", camera_id="CAM-EAST", at_s=20))
    assert seen.incident_id == "I1"
    assert seen.reasons[0].code == "same_in_view"
    assert seen.reasons[0].fields["by"] == "CAM-EAST"
    behind = correlator()
    behind.place(clue("person_down", east_m=-150))
    assert behind.place(clue("person_down", camera_id="CAM-EAST", at_s=20)).how == "opened"


def test_what_lies_in_the_picture_of_the_camera_that_saw_the_first_belongs_to_it():
    town = correlator()
    town.place(clue("person_down", camera_id="CAM-EAST"))
    assert town.place(clue("citizen_report", east_m=150, at_s=60, source="report")).how == "joined"
    assert town.place(clue("citizen_report", east_m=-150, at_s=60, source="report")).how == "opened"


def test_along_one_road_a_wrong_way_car_and_a_collision_are_one_and_beside_it_not():
    town = correlator()
    town.place(clue("wrong_way"))
    placed = town.place(clue("collision", east_m=1_200, at_s=60))
    assert placed.how == "joined"
    assert placed.reasons[0].code == "other_road"
    assert placed.reasons[0].fields["by"] == "Jeongjo-ro|정조로"
    assert town.place(clue("collision", east_m=1_200, north_m=600, at_s=60)).how == "opened"


def test_a_flooding_underpass_along_a_rising_river_is_a_child_of_it_and_not_the_same():
    town = correlator()
    town.place(clue("river_stage", north_m=2_000))
    placed = town.place(clue("underpass_flood", east_m=2_500, north_m=2_010, at_s=600))
    assert (placed.how, placed.parent) == ("opened", "I1")
    assert town.children_of("I1") == ("I2",)
    assert placed.reasons[-1].code == "other_river"


def test_a_warning_that_comes_later_adopts_what_it_brought():
    town = correlator()
    town.place(clue("underpass_flood", east_m=3_000))
    placed = town.place(clue("weather_warning", at_s=1_800, source="warning"))
    assert placed.adopts == ("I1",)
    assert town.parent_of("I1") == placed.incident_id


def test_lamps_of_one_circuit_belong_together_beyond_the_radius():
    town = correlator()
    town.place(clue("lamp_row", device_id="LAMP-1"))
    placed = town.place(clue("device_fault", east_m=900, at_s=60, device_id="LAMP-9"))
    assert placed.reasons[0].code == "other_circuit"


def test_who_names_the_incident_is_believed():
    town = correlator()
    town.place(clue("person_down"))
    placed = town.place(clue("wanted_vehicle", east_m=9_000, at_s=9_000, source="request", names="I1"))
    assert (placed.incident_id, placed.reasons[0].code) == ("I1", "named")
    assert town.place(clue("person_down", east_m=5_000, names="I99")).how == "opened"


def test_who_names_what_was_merged_is_understood_and_what_is_closed_is_followed_by_a_new_one():
    town = correlator()
    for east in (0, 500, 1_000):
        town.place(clue("person_down", east_m=east))
    town.merge("I2", "I1")
    town.merge("I3", "I2")
    assert town.place(clue("person_down", east_m=5_000, names="I1")).incident_id == "I3"
    town.end("I3", START_NS + 60 * SECOND_NS)
    placed = town.place(clue("person_down", east_m=5_000, at_s=90, names="I1"))
    assert (placed.how, placed.reopens) == ("opened", "I3")


def test_what_a_person_opens_is_told_what_is_near_and_nothing_is_decided():
    town = correlator()
    town.place(clue("person_down"))
    one = clue("emergency_bell", east_m=10, at_s=5, source="person")
    assert [offer.incident_id for offer in town.near(one)] == ["I1"]
    assert len(town.gathered("I1")) == 1
    assert town.near(clue("emergency_bell", east_m=900)) == ()


def test_something_new_where_one_was_closed_is_a_new_incident_that_names_the_old():
    town = correlator()
    town.place(clue("person_down"))
    town.end("I1", START_NS + 600 * SECOND_NS)
    placed = town.place(clue("person_down", east_m=50, at_s=900))
    assert (placed.how, placed.incident_id, placed.reopens) == ("opened", "I2", "I1")
    later = correlator()
    later.place(clue("person_down"))
    later.end("I1", START_NS)
    later.tidy(START_NS + 3 * 3600 * SECOND_NS)
    assert later.place(clue("person_down", at_s=3 * 3600)).reopens == ""


def test_different_kinds_are_never_joined_beyond_the_guard_however_they_are_chained():
    town = correlator()
    town.place(clue("market_fire"))
    town.place(clue("citizen_report", at_s=60, source="report"))
    for minute in range(10, 100, 10):
        town.place(clue("market_fire", at_s=minute * 60))
    members = town.gathered("I1")
    assert {one.type for one in members} == {"market_fire", "citizen_report"}
    reports = [one.at_ns for one in members if one.type == "citizen_report"]
    fires = [one.at_ns for one in members if one.type == "market_fire"]
    assert max(fires) - min(reports) <= 3600 * SECOND_NS
    assert len(town.open_ids) == 2


def test_what_is_wandering_is_looked_for_where_it_was_last():
    town = correlator()
    for step in range(6):
        assert town.place(clue("wrong_way", east_m=step * 300, at_s=step * 30)).incident_id == "I1"


def test_a_person_merges_two_and_all_of_both_is_there():
    town = correlator()
    town.place(clue("person_down"))
    town.place(clue("person_down", east_m=500))
    town.place(clue("person_down", east_m=500, at_s=10))
    assert town.merge("I1", "I2")
    assert town.open_ids == ("I1",)
    assert len(town.gathered("I1")) == 3
    assert not town.merge("I1", "I1")
    assert not town.merge("I1", "I2")


def test_a_person_splits_one_and_a_repetition_follows_its_device():
    town = correlator()
    town.place(clue("person_down", uid="a", device_id="CAM-1"))
    town.place(clue("person_down", uid="b", device_id="CAM-2", east_m=30, at_s=5))
    assert not town.split("I1", "I9", ["a", "b"]), "nothing would stay"
    assert not town.split("I1", "I9", ["zz"])
    assert town.split("I1", "I9", ["b"])
    assert [one.uid for one in town.gathered("I1")] == ["a"]
    again = town.place(clue("person_down", device_id="CAM-2", east_m=30, at_s=15))
    assert (again.how, again.incident_id) == ("repeated", "I9")


def test_nobody_is_its_own_ancestor():
    town = correlator()
    for east in range(3):
        town.place(clue("person_down", east_m=east * 500))
    assert town.put_under("I2", "I1")
    assert town.put_under("I3", "I2")
    assert not town.put_under("I1", "I3")
    assert not town.put_under("I1", "I1")


def test_a_full_incident_takes_no_more_and_the_next_is_linked_to_it():
    town = correlator(figures=msgspec.structs.replace(FIGURES, most_members=3))
    for second in range(3):
        town.place(clue("person_down", at_s=second))
    placed = town.place(clue("person_down", at_s=4))
    assert (placed.how, placed.parent) == ("opened", "I1")
    assert placed.reasons[-1].code == "full"


def test_after_a_restart_the_record_decides_as_before():
    before, after = correlator(), correlator(name="N")
    for step in range(4):
        before.place(clue("person_down", uid=f"r{step}", east_m=step * 100, at_s=step))
    for incident_id in before.open_ids:
        after.resume(incident_id, "person_down", before.gathered(incident_id))
    for east in range(0, 400, 25):
        one = clue("person_down", east_m=east, at_s=20)
        joined, again = before.place(one), after.place(one)
        if joined.how != "opened":
            assert (joined.how, joined.incident_id) == (again.how, again.incident_id)
        else:
            assert again.how == "opened"


def test_tidying_takes_nothing_that_could_still_be_joined_and_forgets_no_uid():
    town = correlator()
    one = clue("person_down")
    town.place(one)
    assert town.tidy(START_NS + 300 * SECOND_NS) == 1
    assert town.tidy(START_NS + 6 * 3600 * SECOND_NS) == 0
    assert town.place(one).how == "known"


@pytest.mark.parametrize("lat", [float("nan"), float("inf"), 91.0, -1e308])
def test_a_clue_that_is_nowhere_is_refused_by_name(lat):
    bad = msgspec.structs.replace(clue("person_down", uid="bad"), lat=lat)
    with pytest.raises(ValueError, match="bad"):
        correlator().place(bad)
