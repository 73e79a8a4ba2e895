"""Disaster messages: two persons, three levels, no night, no duplicates, no advertising, nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.model import commands as do
from console.model import events as ev
from console.model import state as fold
from console.model.base import Position, Words, same_words
from console.model.message import (
    DisasterMessage,
    MessageArea,
    MessageContent,
    OutletReport,
    OutletSeen,
)
from console.paths import shipped
from console.profile import ProfileError
from console.profile.messages import message_book, message_file
from console.rules.city import phrase_of
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.messages import (
    MessageGround,
    MessageRules,
    crosses_itself,
    decide_outlet_report,
    decide_outlet_seen,
)
from tests.fakes.town import place

PHRASE = phrase_of(load_catalogue())
BOOK = message_book("suwon", "KR", ("ko", "en"))
NOON_NS = int(datetime(2026, 3, 20, 3, 0, tzinfo=UTC).timestamp()) * SECOND_NS
"""12:00 in Seoul."""
NIGHT_NS = NOON_NS + 11 * 3600 * SECOND_NS
"""23:00 in Seoul."""
CITY = SimpleNamespace(
    city="suwon",
    desks={
        "desk-1": SimpleNamespace(role="operator"), "desk-2": SimpleNamespace(role="operator"),
        "super-1": SimpleNamespace(role="supervisor"),
    },
)  # fmt: skip
GROUND = MessageGround(
    BOOK, "Asia/Seoul", {"paldal": None, "jangan": None},
    SimpleNamespace(south=37.2, north=37.4, west=126.9, east=127.1),
)  # fmt: skip
FIRE = Words(en="[Suwon City] Fire at the market. Leave.", ko="[수원시] 시장 화재 발생. 대피하십시오.")
TRIANGLE = (
    Position(lat=37.27, lon=127.0), Position(lat=37.28, lon=127.0), Position(lat=37.28, lon=127.01),
)  # fmt: skip


def content(**changes: object) -> MessageContent:
    told = MessageContent(
        level="emergency", text=FIRE, area=MessageArea(districts=("paldal",)), valid_min=60, incident_id="I1"
    )
    return msgspec.structs.replace(told, **changes)


class Room:
    """The rules, a state, and the codes of one person."""

    CODES: ClassVar[dict[str, str]] = {"lee": "402711"}

    def __init__(self) -> None:
        self.state = fold.CityState()
        self.rules = MessageRules(CITY, PHRASE, GROUND, self.build, self.check)  # type: ignore[arg-type]
        self.built: list[MessageContent] = []
        self.references: list[tuple[str, ...]] = []
        self.now = NOON_NS
        self.asked = 0
        for incident in ("I1", "I2"):
            self.fold(
                ev.IncidentOpened(
                    incident_id=incident, type="market_fire", priority=1, place=place(),
                    reason=same_words("r"), camera_ids=(),
                )
            )
        self.fold(ev.OutletChanged(outlet="cbs", sort="https", up=True, why=same_words("")))

    def build(self, told: MessageContent, identifier: str, sent_ns: int, expires_ns: int, references):
        self.built.append(told)
        self.references.append(references)
        return f"<alert>{identifier}</alert>", "2026-03-20T12:00:00+09:00"

    def check(self, desk: str, person: str, code: str):
        return "right" if self.CODES.get(person) == code else "wrong"

    def fold(self, event: ev.AnyEvent) -> None:
        entry = ev.Entry(
            run="r", seq=self.state.seq + 1, at_ns=self.now, cause=ev.Cause(actor="hub"), event=event
        )
        fold.apply(self.state, entry)

    def ask(self, command: do.Command, desk: str = "desk-1", person: str = "kim") -> Decision | Refusal:
        self.asked += 1
        request = do.Request(
            id=f"q{self.asked}", desk=desk, person=person, sent_ns=self.now, command=command  # type: ignore[arg-type]
        )
        cause = ev.Cause(actor=f"person:{person}", command_id=request.id, desk=desk)
        decide = self.rules.decide[type(command)]
        decided = decide(self.state, request, command, Drafting(cause), self.now)
        if isinstance(decided, Decision):
            for draft in decided.drafts:
                self.fold(draft.event)
        return decided

    def draft(self, told: MessageContent | None = None, **who: str) -> DisasterMessage:
        decided = self.ask(do.DraftMessage(content=told or content()), **who)
        assert isinstance(decided, Decision), decided
        return list(self.state.messages.values())[-1]

    def approve(self, message: DisasterMessage, desk: str = "super-1", person: str = "lee", **more: str):
        command = do.ApproveMessage(message_id=message.id, digest=message.digest, **more)
        return self.ask(command, desk, person)

    def code(self, decided: Decision | Refusal) -> str:
        return decided.code if isinstance(decided, Refusal) else ""


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_supervisor_at_another_desk_lets_a_draft_go(room: Room):
    message = room.draft()
    assert message.is_draft
    assert room.code(room.approve(message)) == ""
    message = room.state.messages[message.id]
    assert (message.approved_by, message.approved_desk, message.owed) == ("lee", "super-1", ("cbs",))
    assert message.identifier.startswith("suwon-20260320T030000-")
    assert message.expires_ns == NOON_NS + 3600 * SECOND_NS
    assert message.cap == f"<alert>{message.identifier}</alert>"


def test_who_wrote_never_approves_at_any_desk_and_by_no_code(room: Room):
    message = room.draft()
    assert room.code(room.approve(message, "super-1", "kim")) == "message_own"
    assert room.code(room.approve(message, "super-1", " KIM ")) == "message_own"
    assert room.code(room.approve(message, "desk-1", "lee", approver="Kim", code="402711")) == "message_own"
    room.ask(
        do.DraftMessage(content=content(valid_min=90), message_id=message.id), desk="super-1", person="lee"
    )
    message = room.state.messages[message.id]
    assert message.drafters == ("kim", "lee")
    assert message.revision == 2
    assert room.code(room.approve(message)) == "message_own"


def test_an_operators_desk_needs_name_and_code_and_so_does_the_desk_that_wrote(room: Room):
    message = room.draft()
    assert room.code(room.approve(message, "desk-2", "park")) == "message_needs_code"
    there = MessageArea(districts=("jangan",))
    own = room.draft(content(incident_id="I2", area=there), desk="super-1", person="choi")
    assert room.code(room.approve(own, "super-1", "lee")) == "message_same_desk"
    assert room.code(room.approve(own, "super-1", "choi", approver="lee", code="402711")) == ""
    assert room.code(room.approve(message, "desk-1", "kim", approver="lee", code="402711")) == ""
    assert room.state.messages[message.id].approved_by == "lee"


def test_a_wrong_code_sends_nothing_and_is_on_the_record(room: Room):
    message = room.draft()
    decided = room.approve(message, "desk-1", "kim", approver="lee", code="000000")
    assert isinstance(decided, Refusal)
    assert decided.code == "message_code"
    (told,) = decided.told
    assert told.event == ev.MessageApprovalFailed(
        message_id=message.id, desk="desk-1", person="kim", approver="lee"
    )
    assert "000000" not in repr(told) + repr(decided.reason)
    assert room.state.messages[message.id].is_draft


def test_no_text_of_the_console_shows_a_code():
    command = do.ApproveMessage(message_id="m", digest="d", approver="lee", code="402711")
    assert "402711" not in repr(command) + str(command) + f"{command}"


def test_only_what_was_read_is_let_go(room: Room):
    message = room.draft()
    room.ask(do.DraftMessage(content=content(valid_min=90), message_id=message.id))
    assert room.code(room.approve(message)) == "message_changed"


def test_a_draft_is_put_away_with_a_reason_and_never_sent_then(room: Room):
    message = room.draft()
    assert room.code(room.ask(do.DiscardMessage(message_id=message.id, reason=" "))) == "bad_text"
    assert room.code(room.ask(do.DiscardMessage(message_id=message.id, reason="r"), desk="desk-2")) == (
        "message_of_other"
    )
    room.ask(do.DiscardMessage(message_id=message.id, reason="false alarm"), desk="super-1", person="lee")
    assert room.code(room.approve(message)) == "message_not_draft"
    assert room.ask(do.DiscardMessage(message_id=message.id, reason="r")) == NOTHING


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": Words(en="", ko="")}, "message_empty"),
        ({"text": same_words("시장 화재")}, "message_agency"),
        ({"text": Words(en="", ko="[수원시]")}, "message_agency"),
        ({"text": Words(en="", ko="[수원시] " + "가" * 86)}, "message_long"),
        ({"text": Words(en="", ko="[수원시] 축제에 많은 참여 바랍니다")}, "message_advertising"),
        ({"text": Words(en="[Suwon City] Big sale", ko=FIRE.ko)}, "message_advertising"),
        ({"text": Words(en="", ko="[수원시] 화재\u202e발생")}, "message_signs"),
        ({"text": Words(en="", ko="[수원시] (place) 화재")}, "message_unfilled"),
        ({"valid_min": 0}, "message_valid"),
        ({"valid_min": 1441}, "message_valid"),
        ({"template": "nonsense"}, "message_template"),
        ({"incident_id": "I9"}, "unknown_incident"),
        ({"area": MessageArea(districts=("paldal", "paldal"))}, "message_area"),
        ({"area": MessageArea(districts=("gangnam",))}, "message_area"),
        ({"area": MessageArea(polygon=TRIANGLE[:2])}, "message_polygon"),
        ({"area": MessageArea(polygon=tuple(Position(lat=one.lat - 20, lon=one.lon) for one in TRIANGLE))},
         "message_polygon"),
        ({"area": MessageArea(polygon=(*TRIANGLE[:2], Position(lat=float("nan"), lon=127.0)))},
         "message_polygon"),
        ({"kind": "update"}, "message_replaces"),
        ({"kind": "cancel", "replaces": "M9"}, "message_replaces"),
        ({"replaces": "M9"}, "message_replaces"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_before_anybody_is_asked(room: Room, changes, code):
    decided = room.ask(do.DraftMessage(content=content(**changes)))
    assert room.code(decided) == code
    assert not room.state.messages


def test_advice_waits_for_the_morning_unless_it_is_said_why_it_cannot(room: Room):
    room.now = NIGHT_NS
    advice = content(level="advisory")
    assert room.code(room.ask(do.DraftMessage(content=advice))) == "message_night"
    message = room.draft(msgspec.structs.replace(advice, urgent_reason="a child is missing in the cold"))
    assert message.content.urgent_reason
    assert room.draft(content(incident_id="I2")).is_draft, "what is urgent goes at any hour"


def test_a_draft_of_the_evening_is_looked_at_again_when_it_is_approved(room: Room):
    message = room.draft(content(level="advisory"))
    room.now = NIGHT_NS
    assert room.code(room.approve(message)) == "message_night"


def test_the_same_is_not_said_twice_within_the_time_but_something_more_urgent_is(room: Room):
    room.approve(room.draft(content(level="emergency")))
    other = content(level="emergency", text=Words(en="", ko="[수원시] 다른 글"))
    assert room.code(room.ask(do.DraftMessage(content=other))) == "message_duplicate"
    assert room.code(room.ask(do.DraftMessage(content=content(incident_id="I2")))) == "message_duplicate"
    elsewhere = content(incident_id="I2", area=MessageArea(districts=("jangan",)))
    assert room.draft(elsewhere).is_draft
    assert room.draft(content(level="extreme")).is_draft
    room.now += 31 * 60 * SECOND_NS
    assert room.draft(other).is_draft


def test_two_drafts_of_the_same_end_in_one_message(room: Room):
    first, second = room.draft(), room.draft(content(valid_min=30))
    room.approve(first)
    assert room.code(room.approve(second)) == "message_duplicate"


def test_an_update_and_a_cancel_need_two_persons_too_and_name_the_whole_line(room: Room):
    first = room.draft()
    room.approve(first)
    update = room.draft(content(kind="update", replaces=first.id))
    assert room.code(room.approve(update, "super-1", "kim")) == "message_own"
    room.approve(update)
    assert room.state.messages[first.id].replaced_by == update.id
    assert room.code(room.ask(do.DraftMessage(content=content(kind="cancel", replaces=first.id)))) == (
        "message_replaced"
    )
    cancel = room.draft(content(kind="cancel", replaces=update.id))
    room.now = NIGHT_NS
    room.approve(cancel)
    messages = [room.state.messages[one.id] for one in (first, update)]
    assert room.references == [(), (messages[0].reference,), tuple(one.reference for one in messages)]
    assert room.code(room.ask(do.DraftMessage(content=content(kind="update", replaces=cancel.id)))) == (
        "message_replaces"
    )


def test_without_an_outlet_nothing_is_approved_and_that_is_said(room: Room):
    message = room.draft()
    room.fold(ev.OutletChanged(outlet="cbs", sort="", up=False, why=same_words("")))
    assert room.code(room.approve(message)) == "no_outlet"


def report(message: DisasterMessage, outcome: str, **more: object) -> OutletReport:
    return OutletReport(message_id=message.id, outlet="cbs", outcome=outcome, **more)  # type: ignore[arg-type]


def test_what_an_outlet_says_becomes_entries_once(room: Room):
    message = room.draft()
    room.approve(message)
    for outcome in ("sent", "sent", "stalled", "stalled", "refused", "received", "received", "stalled"):
        decision = decide_outlet_report(room.state, report(message, outcome, reason=same_words(outcome)))
        for one in decision.drafts:
            room.fold(one.event)
    way = room.state.messages[message.id].ways["cbs"]
    assert way.stage == "received"
    assert room.state.messages[message.id].cap == "", "nothing is owed any more"
    assert decide_outlet_report(room.state, report(message, "lapsed")) == NOTHING
    unknown = OutletReport(message_id="M9", outlet="cbs", outcome="received")
    assert decide_outlet_report(room.state, unknown) == NOTHING


def test_an_outlet_is_told_when_it_changes_and_not_again(room: Room):
    seen = OutletSeen(outlet="cbs", sort="https", up=False, why=same_words("away"))
    (told,) = decide_outlet_seen(room.state, seen).drafts
    room.fold(told.event)
    assert decide_outlet_seen(room.state, seen) == NOTHING
    gone = OutletSeen(outlet="other", sort="", up=False, why=same_words(""))
    assert decide_outlet_seen(room.state, gone) == NOTHING


def test_lines_that_cross_are_no_area():
    bow = (TRIANGLE[0], TRIANGLE[2], TRIANGLE[1], Position(lat=37.27, lon=127.01))
    assert crosses_itself(bow)
    assert not crosses_itself(TRIANGLE)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["draft", "revise", "approve", "discard"]),
            st.sampled_from(["desk-1", "desk-2", "super-1"]), st.sampled_from(["kim", "lee", "choi"]),
            st.sampled_from(["", "lee", "choi"]), st.sampled_from(["", "402711"]),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_whatever_is_tried_nothing_leaves_that_its_writer_let_go(steps):
    room = Room()
    for number, (act, desk, person, approver, code) in enumerate(steps):
        last = list(room.state.messages.values())[-1:]
        if act == "draft" or not last:
            room.ask(do.DraftMessage(content=content(level="extreme", valid_min=60)), desk, person)
        elif act == "revise":
            anew = content(valid_min=61 + number)
            room.ask(do.DraftMessage(content=anew, message_id=last[0].id), desk, person)
        elif act == "approve":
            room.approve(last[0], desk, person, approver=approver, code=code)
        else:
            room.ask(do.DiscardMessage(message_id=last[0].id, reason="r"), desk, person)
    for message in room.state.messages.values():
        if message.approved_at_ns:
            assert message.approved_by not in message.drafters
            assert message.approved_desk not in message.desks or message.approved_by == "lee"


def test_every_text_of_the_data_fits_its_level_with_a_long_place():
    where = Words(en="Hwaseong Haenggung Square, north side", ko="화성행궁 광장 북측 입구")
    for text in BOOK.told.texts:
        filled = BOOK.fill(
            text, place=where, district=Words(en="Paldal-gu", ko="팔달구"), time=same_words("18:05"),
            police=same_words("112"),
        )  # fmt: skip
        for language in ("ko", "en"):
            length = BOOK.length(text.level, language, filled.in_language(language))
            assert length.fits, (text.id, language, length)


def test_english_words_are_found_whole_only():
    assert BOOK.advertising("A big SALE now") == "sale"
    assert BOOK.advertising("the wholesale market burns") == ""


def test_a_wide_character_halves_the_room_of_a_british_phone():
    glasgow = message_book("glasgow", "GB", ("en", "ko"))
    assert glasgow.length("advisory", "en", "plain").most == 1395
    assert glasgow.length("advisory", "en", "caf\u0435").most == 615


def test_a_broken_file_names_every_place(tmp_path):
    path = tmp_path / "messages.toml"
    good = (shipped("seeds") / "messages.toml").read_text("utf-8")
    path.write_text(
        good.replace('"danger"', '"crowd"').replace("{district}", "{nowhere}").replace("[night]", "[nacht]"),
        "utf-8",
    )
    with pytest.raises(ProfileError) as raised:
        message_file(path)
    assert "nacht" in str(raised.value)
    path.write_text(good.replace('id = "danger"', 'id = "crowd"').replace("{district}", "{nowhere}"), "utf-8")
    with pytest.raises(ProfileError) as raised:
        message_file(path)
    assert "nowhere" in str(raised.value)
    assert "a name no other text has" in str(raised.value)
