"""The room that speaks JSON: the same cases, acts and receipts, held against the hub's own reader."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from console.agency.casetext import html_of
from console.agency.facts import FactsBook
from console.agency.station import ActRefused, Station
from console.agency.store import Store
from console.clock import SECOND_NS, SteppedClock
from console.handoff import eido
from console.handoff.formats import Sending, format_of
from console.handoff.kinds import partner_kinds
from console.handoff.thread.readback import differs
from console.language import load_catalogue
from console.model.base import Position
from console.model.ladder import CancelRequest, Update
from tests.handoff.test_draft import STEPS, draft
from tests.handoff.thread.town import T0, queued

ROOM = "EIDO-ROOM"
KIND = partner_kinds()[ROOM]
WIRE, BY = format_of(KIND), Sending(sender="console", zone="Asia/Seoul")
DRAFT = replace(draft(steps=STEPS), agency=ROOM)
THREAD = replace(queued(ROOM), essence=DRAFT.essence)
KEY = THREAD.key
REQUEST = WIRE.request(DRAFT, THREAD, KIND, BY)


@pytest.fixture
def clock():
    return SteppedClock(T0 + 60 * SECOND_NS)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.db", ROOM)
    yield store
    store.close()


@pytest.fixture
def station(store, clock):
    return Station(store, ROOM, ROOM, clock)


def heard(store) -> list:
    """What the hub understands of everything that is owed."""
    return [WIRE.read(one.body, KIND, "console", 0) for one in store.owed()]


def test_a_request_makes_one_case_and_the_receipt_says_queued(station):
    status, body = station.take(REQUEST)
    said = eido.parse(body).response_to_request
    assert (status, said.status_code, said.transaction_id) == (200, 182, KEY)
    assert (said.in_response_to, said.case_number) == (THREAD.message_id, "EIDO-ROOM-000001")
    assert station.take(REQUEST) == (status, body)
    assert len(station.cases()) == 1


def test_another_message_of_the_same_key_is_the_same_case(station):
    station.take(REQUEST)
    again = WIRE.request(DRAFT, replace(THREAD, message_id=f"{THREAD.message_id}-b"), KIND, BY)
    status, body = station.take(again)
    assert (status, eido.parse(body).response_to_request.case_number) == (200, "EIDO-ROOM-000001")
    assert len(station.cases()) == 1


def test_the_whole_ladder_is_understood_by_the_hubs_own_reader(station, store):
    station.take(REQUEST)
    for act, more in (
        ("open", {}), ("accept", {}), ("dispatch", {"unit": "Crew 1"}), ("arrive", {}),
        ("note", {"words": "문 개방"}), ("close", {"words": "조치 완료"}),
    ):  # fmt: skip
        station.act(KEY, act, **more)
    said = heard(store)
    assert {one.key for one in said} == {KEY}
    assert [one.statement.said for one in said] == [
        "opened", "accepted", "assigned", "on_scene", "note", "closed",
    ]  # fmt: skip
    assert differs(THREAD.essence, said[1].statement.read_back, 1.0) == ()
    assert said[2].statement.unit == "Crew 1"
    assert said[5].statement.words.ko == "조치 완료"
    assert {one.statement.case_ref for one in said} == {"EIDO-ROOM-000001"}
    assert len({one.statement.message_id for one in said}) == 6


@pytest.mark.parametrize(
    ("reason", "heard_as"),
    [("not-ours", "not-ours"), ("bad-location", "bad-location"), ("too-old", "too-old"), ("other", "other")],
)
def test_a_refusal_carries_the_code_of_its_reason(station, store, reason, heard_as):
    station.take(REQUEST)
    station.act(KEY, "refuse", reason=reason, words="관할 아님")
    (said,) = heard(store)
    assert (said.statement.said, said.statement.reason) == ("refused", heard_as)
    assert said.statement.words.ko == "관할 아님"


def test_passing_on_and_reading_back_otherwise_have_their_place(station, store):
    station.take(REQUEST)
    understood = replace(station.tongue.understood(REQUEST), position=Position(lat=37.29, lon=127.0))
    station.act(KEY, "read_back", read_back=understood)
    station.act(KEY, "transfer", to_agency="KR-119")
    back, passed = heard(store)
    assert back.statement.read_back.position == Position(lat=37.29, lon=127.0)
    assert (passed.statement.said, passed.statement.to_agency) == ("transferred", "KR-119")


@pytest.mark.parametrize("act", ["cancel_accept", "cancel_refuse"])
def test_news_and_a_wish_to_cancel_come_and_are_answered(station, store, act):
    update = Update(message_id="u1", at_ns=T0 + 2 * SECOND_NS, person="kim", text="불길이 커짐")
    cancel = CancelRequest(message_id="c1", at_ns=T0 + 3 * SECOND_NS, person="kim", reason="오인 신고")
    assert station.take(WIRE.update(update, THREAD, BY)) == (503, b""), "its case has not come yet"
    station.take(REQUEST)
    station.act(KEY, "accept")
    for body, kind, name in (
        (WIRE.update(update, THREAD, BY), "requestForService", "u1"),
        (WIRE.cancel(cancel, THREAD, BY), "cancelRequest", "c1"),
    ):
        status, answer = station.take(body)
        said = eido.parse(answer).response_to_request
        assert (status, said.status_code, said.request_type, said.in_response_to) == (200, 182, kind, name)
    assert [(one.what, one.words) for one in store.talk("EIDO-ROOM-000001") if not one.ours] == [
        ("update", "불길이 커짐"), ("cancel", "오인 신고"),
    ]  # fmt: skip
    station.act(KEY, act)
    assert heard(store)[-1].statement.said == f"{act.removesuffix('e')}ed"


def test_what_is_no_message_for_us_is_refused_with_its_path(station, store):
    other = WIRE.request(replace(DRAFT, agency="KR-112"), replace(THREAD, agency="KR-112"), KIND, BY)
    for body, said in (
        (b"<alert/>", "$"), (REQUEST[:-9], "$"), (other, "$.receiver: 'KR-112' is not EIDO-ROOM"),
    ):  # fmt: skip
        status, answer = station.take(body)
        told = eido.parse(answer).response_to_request
        assert (status, told.status_code) == (400, 400)
        assert told.status_text.startswith(said)
    assert station.cases() == []
    with pytest.raises(ActRefused):
        station.act(KEY, "accept")


def test_the_letter_is_read_with_callers_card_evidence_and_sensors(station):
    station.take(REQUEST)
    letter = FactsBook(KIND).of(station.cases()[0]).letter
    assert (letter.type, letter.grade) == (DRAFT.type_id, DRAFT.code)
    assert letter.position == DRAFT.place.position
    assert letter.ko.headline.startswith(DRAFT.type_name.ko)
    assert "Park 010-0000-0000 불이 났어요" in letter.ko.callers[0]
    assert [text for _, text in letter.ko.fields] == [one.text.ko for one in DRAFT.fields]
    assert [one.is_clip for one in letter.en.attached] == [False, False], "by its type, a picture in the test"
    assert [str(one) for one in letter.en.readings[0].values] == ["1.0", "2.0", "nan", "9.0", "30.0"]


@pytest.mark.parametrize("agency", ["KR-119", ROOM])
def test_how_far_the_citys_procedure_is_is_read_in_either_format_and_language(agency, store, clock):
    kind, made = partner_kinds()[agency], replace(DRAFT, agency=agency)
    thread = replace(queued(agency), essence=made.essence, message_id=KEY.replace(ROOM, agency))
    station = Station(store, agency, agency, clock)
    assert station.take(format_of(kind).request(made, thread, kind, BY))[0] == 200
    facts = FactsBook(kind).of(station.cases()[0])
    assert [done for done, _ in facts.letter.ko.steps] == [True, False]
    korean, english = (html_of(facts, load_catalogue(one)) for one in ("ko", "en"))
    assert "안에 사람이 있습니까? → 예" in korean and "도로 통제" in korean
    assert "Is anybody inside? → yes" in english and "Close the road" in english
