"""Official warnings on a desk: a strip while one is in force, a page with all, read through the hub."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.warning import WarningArea, WarningInfo, WarningJudgement, WarningMessage, areas
from tests.kit.sitting import Sitting
from widgets.warnings.page import WarningsPage
from widgets.warnings.strip import WarningStrip

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
HOUR_NS = 3600 * SECOND_NS


class Room(Sitting):
    def __init__(self, language: str = "en") -> None:
        super().__init__(language)
        self.connect()
        self.strip = WarningStrip(
            self.board, self.pulse, self.port, self.actions, self.catalogue, self.tokens, self.moments
        )
        self.page = WarningsPage(
            self.board, self.pulse, self.port, self.actions, self.catalogue, self.tokens, self.moments
        )
        self.page.resize(1400, 300)
        self.page.show()

    def issue(
        self, number: str = "1", level: int = 2, severity: str = "Severe", status: str = "Actual",
        covered_by: str = "circle", **more: object,
    ) -> str:  # fmt: skip
        now = self.clock.now_ns()
        infos = tuple(
            WarningInfo(
                language=language, event=event, headline=event, sender_name=sender, urgency="Expected",
                severity=severity, certainty="Likely", description=text, instruction=do_it,  # type: ignore[arg-type]
                areas=(WarningArea(name="수원시", circles=((37.27, 127.01, 5.0),)),),
            )
            for language, event, sender, text, do_it in (
                ("ko-KR", "호우경보", "기상청", "시간당 50 mm의 비", "하천에 접근하지 마십시오."),
                ("en-US", "Heavy rain warning", "KMA", "50 mm in an hour", "Stay away from streams."),
            )
        )
        message = WarningMessage(
            sender="kma", identifier=number, sent_ns=now, status=status, kind="Alert", scope="Public",  # type: ignore[arg-type]
            source="kma", where="rain.cap", infos=infos, signature="trusted", signed_by="KMA alerts",
        )  # fmt: skip
        judged = WarningJudgement(
            hazard="rain", level=level, severity=severity, covered_by=covered_by, districts=("paldal",),  # type: ignore[arg-type]
            infos=(0, 1), from_ns=now, until_ns=now + 2 * HOUR_NS,
        )  # fmt: skip
        event = ev.WarningIssued(warning_id=message.id, message=message, judged=judged, incident_id="")
        self.tell(msgspec.structs.replace(event, **more) if more else event)
        return message.id

    def leave(self) -> None:
        self.strip.release()
        self.page.release()
        for one in (self.strip, self.page):
            one.deleteLater()
        super().leave()


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.leave()


def test_without_a_warning_there_is_no_strip_and_the_page_says_so(room: Room) -> None:
    assert room.strip.isHidden()
    assert room.page.empty.text() == "No official warning concerns the city."


def test_a_warning_shows_severity_headline_district_and_how_long_still(room: Room) -> None:
    room.issue()
    assert not room.strip.isHidden()
    assert room.strip.severity.text() == "severe"
    assert room.strip.headline.text() == "Heavy rain warning"
    assert room.strip.where.text() == "Paldal-gu"
    assert "2 h 00 left" in room.strip.time.text()
    room.later(600.0)
    assert "1 h 50 left" in room.strip.time.text()
    assert "Heavy rain warning" in room.strip.accessibleName()


def test_the_headline_is_in_the_desks_language(room: Room) -> None:
    room.issue()
    room.catalogue.switch("ko")
    assert room.strip.headline.text() == "호우경보"
    assert "기상청" in room.page.text.toPlainText()
    assert "하천에 접근하지 마십시오." in room.page.text.toPlainText()


def test_the_worst_comes_first_and_the_others_are_counted(room: Room) -> None:
    room.issue("1", level=1, severity="Moderate")
    room.issue("2", level=3, severity="Extreme")
    assert room.strip.severity.text() == "extreme"
    assert room.strip.more.text() == "1 more in force"
    assert [one.message.identifier for one in room.page.model.rows] == ["2", "1"]


def test_an_exercise_is_listed_as_one_and_never_on_the_strip_or_the_map(room: Room) -> None:
    room.issue(status="Exercise")
    assert room.strip.isHidden()
    assert room.page.model.text(room.page.model.rows[0], "headline").startswith("[EXERCISE]")
    assert "not a real warning" in room.page.text.toPlainText()
    assert areas(room.board.state.warnings) == ()


def test_reading_it_waits_for_the_hub_and_then_shows_who(room: Room) -> None:
    warning = room.issue()
    room.actions.trigger("warnings.read")
    assert list(room.port.commands.values()) == [do.AcknowledgeWarning(warning_id=warning)]
    room.later(1.0)
    assert not room.actions.act("warnings.read").isEnabled()  # asked for, and not done yet
    room.tell(ev.WarningAcknowledged(warning_id=warning, desk="desk-1", person=room.board.person))
    assert room.board.person in room.page.model.text(room.page.model.rows[0], "read_by")
    assert not room.strip.isHidden()  # it is read, and still in force
    assert not room.actions.act("warnings.read").isEnabled()


def test_an_unread_warning_comes_before_a_worse_one_that_was_read(room: Room) -> None:
    worse = room.issue("1", level=3, severity="Extreme")
    room.tell(ev.WarningAcknowledged(warning_id=worse, desk="desk-1", person=room.board.person))
    room.issue("2", level=1, severity="Moderate")
    assert room.strip.severity.text() == "moderate"


def test_what_ended_leaves_the_strip_and_stays_on_the_page_with_the_reason(room: Room) -> None:
    warning = room.issue()
    room.tell(
        ev.WarningEnded(warning_id=warning, why="cancelled", headline="", by="kma,2", sent_ns=1, note="")
    )
    assert room.strip.isHidden()
    assert room.page.model.text(room.page.model.rows[0], "time").startswith("cancelled at")


def test_an_area_that_cannot_be_judged_is_said(room: Room) -> None:
    room.issue(covered_by="unclear")
    assert "cannot be read" in room.strip.where.text()


def test_the_page_says_sender_signature_source_and_why_it_is_ours(room: Room) -> None:
    room.issue()
    told = room.page.text.toPlainText()
    for part in ("Sent by: KMA", "Signature: Signature checked (KMA alerts)", "rain.cap", "the circle",
                 "Stay away from streams."):  # fmt: skip
        assert part in told


def test_the_areas_in_force_are_offered_to_a_map_once_for_all_languages(room: Room) -> None:
    warning = room.issue()
    (area,) = areas(room.board.state.warnings)
    assert (area.warning_id, area.polygon, area.radius_km) == (warning, (37.27, 127.01), 5.0)
