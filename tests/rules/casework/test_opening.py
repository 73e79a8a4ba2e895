"""How an incident begins: by what belongs together, or by hand from map, camera, phone and a typed word."""

from __future__ import annotations

import pytest

from console.language import load_catalogue
from console.model.base import same_words
from console.model.commands.casework import OpenCase
from console.model.events.casework import CaseOpened, ClueGathered, IncidentPutUnder, IncidentsMerged
from console.model.events.incident import IncidentClosed
from console.model.folds.casework import fold_case
from console.rules.casework.opening import events_of, open_by_hand
from console.rules.casework.orders import Asked, Refused
from console.rules.city import phrase_of
from console.rules.correlate.wording import words_of
from tests.fakes.town import Town, place
from tests.rules.correlate.town import START_NS, clue, correlator

PHRASE = phrase_of(load_catalogue())
ASKED = Asked("Kim", "desk-1", 1_000)


def cameras(where, first):
    return (first, "CAM-9") if first else ("CAM-9",)


def opens(**more):
    return open_by_hand(
        OpenCase(**{"type": "person_down", "opened_from": "map", **more}), ASKED, lambda: "C1", "r1", Town(),
        cameras, same_words, lambda clue: (),
    )  # fmt: skip


def events(placed, one):
    return events_of(placed, one, place(), Town(), cameras, lambda why: words_of(why, PHRASE, {}))


def test_by_hand_it_is_the_persons_own_at_once_and_says_what_was_written():
    opened = opens(place=place(), text=" A man lies there ")
    assert isinstance(opened, CaseOpened)
    cases: dict = {}
    fold_case(cases, 1_000, opened)
    assert (cases["C1"].owner, cases["C1"].stage, cases["C1"].grade) == ("Kim", "acknowledged", "1")
    assert opened.says == same_words("A man lies there")
    assert opened.clue.source == "person"


def test_from_a_camera_that_camera_leads_and_a_call_is_said_to_be_one():
    assert opens(device_id="CAM-1", opened_from="camera").camera_ids == ("CAM-1", "CAM-9")
    assert opens(place=place(), opened_from="phone").clue.source == "call"
    assert opens(device_id="LAMP-1", opened_from="command").clue.camera_id == ""


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "no_place"),
        ({"place": place(), "device_id": "CAM-1"}, "no_place"),
        ({"device_id": "CAM-99"}, "unknown_device"),
        ({"place": place(), "type": "dragon"}, "unknown_type"),
        ({"place": place(), "text": "x" * 10_001}, "bad_text"),
        ({"place": place(lat=float("nan"))}, "no_place"),
    ],
)
def test_what_names_no_place_or_no_type_is_refused(more, code):
    refused = opens(**more)
    assert isinstance(refused, Refused)
    assert refused.code == code
    PHRASE(f"refused.{code}")


def test_what_the_correlation_decides_becomes_events_and_a_known_clue_none():
    town, cases = correlator(), {}
    first, second = clue("person_down", device_id="CAM-1"), clue("person_down", east_m=10, at_s=5)
    again = clue("person_down", at_s=6, device_id="CAM-1")
    told = [events(town.place(one), one) for one in (first, second, again)]
    assert [type(one) for each in told for one in each] == [CaseOpened, ClueGathered, ClueGathered]
    assert [each[0].repeated for each in told[1:]] == [False, True]
    assert told[1][0].reasons[0].en.startswith("The same kind, 10 m")
    assert events(town.place(first), first) == ()
    for each in told:
        for one in each:
            fold_case(cases, 1, one)
    assert [one.uid for one in cases["I1"].clues] == [first.uid, second.uid, again.uid]


def test_what_an_umbrella_adopts_is_put_under_it():
    town = correlator()
    first = clue("person_down")
    placed = town.place(first)
    adopting = type(placed)(uid="w", incident_id="I2", how="opened", adopts=("I1",))
    (_, under) = events(adopting, first)
    assert under == IncidentPutUnder(incident_id="I1", parent="I2")


def test_a_place_far_outside_is_taken_as_it_is():
    assert isinstance(opens(place=place(lat=-33.0, lon=151.0)), CaseOpened)


def uids(clues):
    return [(one.source, one.uid) for one in clues]


def test_after_a_restart_the_cases_alone_make_the_correlation_again():
    town, cases = correlator(), {}

    def hears(one):
        for event in events(town.place(one), one):
            fold_case(cases, one.at_ns, event)

    for step in range(12):
        hears(clue("person_down", uid=f"r{step}", east_m=step * 45, at_s=step * 5, device_id=f"D{step % 3}"))
    town.merge("I1", "I2")
    fold_case(cases, START_NS, IncidentsMerged(kept_id="I1", other_id="I2", person="Kim", reason=""))
    again = correlator(name="N")
    again.restore(cases.values())
    assert sorted(again.open_ids) == sorted(town.open_ids)
    named = {one: one for one in town.open_ids}
    for one in town.open_ids:
        assert uids(again.gathered(one)) == uids(town.gathered(one))
    for east in range(0, 600, 20):
        one = clue("person_down", uid=f"n{east}", east_m=east, at_s=70)
        then, now = town.place(one), again.place(one)
        assert then.how == now.how
        assert named.setdefault(then.incident_id, now.incident_id) == now.incident_id


def test_a_closed_case_is_remembered_for_what_follows_it():
    town, cases = correlator(), {}
    one = clue("person_down")
    for event in (*events(town.place(one), one), IncidentClosed(incident_id="I1", person="Kim")):
        fold_case(cases, one.at_ns, event)
    again = correlator()
    again.restore(cases.values())
    assert again.place(clue("person_down", at_s=60)).reopens == "I1"
