"""The record in words."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.language import LANGUAGES, load_catalogue
from console.model import events as ev
from console.model.base import Words
from console.model.query import AskHistory, AskLog, LogFilter
from console.report.describe import Teller, describe
from tests.report.city import MARKET, START_NS, entry, log_of, moved, one_of_each, small_city


def test_every_kind_of_event_has_an_example_here() -> None:
    assert set(one_of_each()) == set(ev.EVENT_KINDS)


@pytest.mark.parametrize("kind", sorted(ev.EVENT_KINDS))
def test_every_kind_of_event_is_told_in_both_languages(kind: str) -> None:
    told = {}
    for language in LANGUAGES:
        teller = Teller(load_catalogue(language), small_city())
        teller.learn([entry(one) for one in one_of_each().values()])
        told[language] = teller.sentence(entry(one_of_each()[kind]))
        assert told[language].strip()
        assert "{" not in told[language]
        assert "None" not in told[language]
        assert "\n" not in told[language]
        assert teller.kind(kind)
    assert told["en"] != told["ko"]
    assert any("가" <= letter <= "힣" for letter in told["ko"])


@pytest.mark.parametrize("kind", sorted(ev.EVENT_KINDS))
def test_an_entry_whose_beginning_is_not_known_is_still_told(kind: str) -> None:
    assert describe(entry(one_of_each()[kind]), load_catalogue(), small_city()).strip()


def test_a_handoff_step_names_the_agency_that_stands_earlier_in_the_log() -> None:
    entries = log_of(*((0, event) for event in one_of_each().values()))
    teller = Teller(load_catalogue(), small_city())
    accepted = next(one for one in entries if isinstance(one.event, ev.HandoffAccepted))
    assert "H1" in teller.sentence(accepted)  # nothing learnt yet: the id, never a guess
    teller.learn(entries)
    assert teller.sentence(accepted) == "119 accepted it: two engines on the way."
    assert teller.incident(accepted) == "I1"
    assert teller.place(accepted) == "Paldalmun market, east gate"
    assert teller.district(accepted) == "Paldal-gu"


def test_a_known_reason_of_a_rejection_is_said_in_words_and_an_unknown_one_as_it_came() -> None:
    teller = Teller(load_catalogue("ko"), small_city())
    known = ev.HandoffRejected(handoff_id="H1", reason="not-ours")
    unknown = ev.HandoffRejected(handoff_id="H1", reason="shift change")
    assert "소관 아님" in teller.sentence(entry(known))
    assert "shift change" in teller.sentence(entry(unknown))


def test_a_measured_value_carries_its_unit() -> None:
    teller = Teller(load_catalogue(), small_city())
    assert "32.5 cm" in teller.sentence(entry(one_of_each()["alarm.raised"]))


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        (moved("ended", "B", "D", value=3.0), "Back to normal: Water high: 3 cm."),
        (moved("began", "G", "G", value=40.0), "Condition there while shelved: Water high: 40 cm."),
        (moved("acknowledge", "B", "C", who="person:kim"), "kim acknowledged the alarm: Water high."),
        (
            moved("shelve", "B", "G", who="person:kim", why="pump at work", until_ns=START_NS),
            "kim shelved the alarm until 2026-03-20 18:46:40: Water high. “pump at work”",
        ),
        (moved("shelf_time_over", "G", "B"), "Shelf time is over, now not acknowledged: Water high."),
        (moved("suppress", "B", "H", why="LINE"), "Suppressed by “Line dead”: Water high."),
        (
            moved("unsuppress", "H", "A", why="LINE"),
            "No longer suppressed by “Line dead”, now normal: Water high.",
        ),
    ],
)  # fmt: skip
def test_every_move_of_an_alarm_is_a_sentence_of_its_own(move: ev.AlarmMoved, sentence: str) -> None:
    teller = Teller(load_catalogue(), small_city())
    line = moved("began", "A", "B", "LINE", place=MARKET, text=Words(en="Line dead", ko="회선 끊김"))
    teller.learn([entry(one_of_each()["alarm.moved"]), entry(line)])
    assert teller.sentence(entry(move)) == sentence


def test_many_cameras_are_counted_and_not_all_named() -> None:
    seen = ev.ViewingStarted(
        desk="d", person="kim", camera_ids=tuple(f"CAM-{n:04d}" for n in range(1, 17)), purpose="fire"
    )
    sentence = Teller(load_catalogue(), small_city()).sentence(entry(seen))
    assert "Market east gate 1 (CAM-0001)" in sentence
    assert "and 13 more" in sentence


@pytest.mark.parametrize(
    ("actor", "who"),
    [("person:kim", "kim"), ("rule:merge", "rule merge"), ("gateway:mqtt", "gateway mqtt"),
     ("agency:KR-112", "112"), ("hub", "hub")],
)  # fmt: skip
def test_who_did_it_is_named(actor: str, who: str) -> None:
    cleared = ev.AlarmCleared(alarm_id="A1", value=1.0)
    assert Teller(load_catalogue(), small_city()).who(entry(cleared, actor=actor)) == who


@given(text=st.text(max_size=300))
def test_whatever_a_person_wrote_is_quoted_on_one_line_and_never_taken_for_a_template(text: str) -> None:
    noted = ev.IncidentNoted(incident_id="I1", person="kim", text=text)
    sentence = describe(entry(noted), load_catalogue(), small_city())
    assert " ".join(text.split()) in " ".join(sentence.split())
    assert len(sentence.splitlines()) <= 1


@given(en=st.text(max_size=50), ko=st.text(max_size=50))
def test_a_partners_words_are_told_in_the_readers_language(en: str, ko: str) -> None:
    said = ev.HandoffDispatched(handoff_id="H1", words=Words(en=en, ko=ko))
    sentence = describe(entry(said), load_catalogue("ko"), small_city())
    assert " ".join((ko or en).split()) in sentence


def test_an_unknown_place_type_and_agency_are_told_by_their_ids() -> None:
    opened = ev.IncidentOpened(incident_id="I9", type="meteor", priority=1, place=MARKET,
                               reason=Words(en="", ko=""))  # fmt: skip
    assert "meteor" in describe(entry(opened), load_catalogue(), small_city())


def test_a_lookup_is_told_in_words_and_an_unreadable_one_as_it_stands() -> None:
    asked = AskLog(
        filter=LogFilter(since_ns=START_NS, kinds=("incident.noted",), incident_type="smoke", person="kim",
                         district="paldal", text="연기"),
        before_seq=500,
    )  # fmt: skip
    query = msgspec.json.encode(asked).decode()
    told = Teller(load_catalogue(), small_city()).sentence(
        entry(ev.LogRead(desk="d", person="lee", query=query))
    )
    assert told == (
        "lee looked up: ledger, 2026-03-20 18:46:40 – …, Note, Smoke or fire, Paldal-gu, kim, “연기”, "
        "further page"
    )
    history = msgspec.json.encode(AskHistory(incident_id="I1")).decode()
    assert "history of incident I1" in describe(
        entry(ev.LogRead(desk="d", person="lee", query=history)), load_catalogue(), small_city()
    )
    garbage = ev.LogRead(desk="d", person="lee", query='{"ask":"weather"}')
    assert '{"ask":"weather"}' in describe(entry(garbage), load_catalogue(), small_city())
