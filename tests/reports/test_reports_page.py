"""The page of citizens' reports: found, read, answered, linked, taken out without who sent them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.clock import SECOND_NS
from console.desk.inbound import PageCame
from console.model import commands as do
from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.model.citizenreport import GivenAnswer, ReportContact, ReportTold
from console.model.query import AskReportContact
from tests.kit.sitting import Sitting
from widgets.reports.model import Column
from widgets.reports.page import ReportsPage
from widgets.reports.rows import VIEWS

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Room(Sitting):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.connect()
        self.page = ReportsPage(
            self.board, self.pulse, self.port, self.actions, self.catalogue, self.tokens, self.moments, folder
        )
        self.page.resize(1500, 420)
        self.page.show()

    def report(self, number: int, text: str = "Lamp is dark", **more: object) -> str:
        told = ReportTold(
            token=f"token-{number:06d}", service=str(more.pop("service", "lamp_out")), text=text,
            place=Place(name=same_words("near Jeongjo-ro 280"), position=Position(lat=37.2776, lon=127.0166),
                        district="paldal"),
            told_at_ns=self.clock.now_ns(), has_contact=bool(more.pop("has_contact", False)),
            language=str(more.pop("language", "ko")),
            answers=(GivenAnswer(code="fault", values=("out",)),),
        )  # fmt: skip
        report_id = f"R-SU-260101-{number:05d}"
        self.tell(ev.ReportReceived(report_id=report_id, told=told, agency="roads", **more))  # type: ignore[arg-type]
        return report_id

    def shown(self) -> list[str]:
        return list(self.page.model.rows.shown)

    def text(self, row: int, column: Column) -> str:
        return str(self.page.model.data(self.page.model.index(row, column)))

    def view(self, name: str) -> None:
        self.page.view.setCurrentIndex(VIEWS.index(name))

    def close(self) -> None:
        self.page.release()
        self.page.close()
        self.page.deleteLater()
        del self.page
        self.leave()


@pytest.fixture
def room(qapp: object, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def test_a_report_that_comes_is_on_top_and_can_be_read(room: Room):
    room.report(1)
    second = room.report(2, "Water on the road", service="flooding")
    assert room.shown() == [second, "R-SU-260101-00001"]
    assert room.text(0, Column.SERVICE) == "Water on the road"
    assert "Roads" in room.text(0, Column.OFFICE) or "Road" in room.text(0, Column.OFFICE)
    assert room.page.show_report("R-SU-260101-00001")
    assert "What is wrong with it: Does not light" in room.page.detail.facts.text()
    assert "2 not answered yet" in room.page.count.text()


def test_views_search_and_kind_narrow_the_list(room: Room):
    one = room.report(1, "lamp", expected_at_ns=room.clock.now_ns() + 60 * SECOND_NS)
    two = room.report(2, "hole", service="road_damage")
    room.tell(ev.ReportStatusChanged(report_id=two, stage="closed", text="Done", person="Kim"))
    assert room.shown() == [one]
    room.view("closed")
    assert room.shown() == [two]
    room.view("all")
    room.page.field.setText("hole road")
    assert room.shown() == [two]
    room.page.field.setText("nothing of that")
    assert room.page.empty.isVisible() and "Clear the search" in room.page.empty.text()
    room.page.field.clear()
    room.page.service.setCurrentIndex(1 + list(room.profile.reports.services).index("road_damage"))
    assert room.shown() == [two]
    room.page.service.setCurrentIndex(0)
    room.later(61)
    room.view("overdue")
    assert room.shown() == [one] and "time is over" in room.text(0, Column.STATE)


def test_news_keeps_what_is_chosen(room: Room):
    one = room.report(1)
    room.page.show_report(one)
    room.report(2)
    assert room.page.chosen is not None and room.page.chosen.id == one


def test_an_answer_is_pending_until_its_event_is_back(room: Room):
    one = room.report(1)
    room.page.show_report(one)
    room.actions.trigger("reports.answer")
    form = room.page.form
    assert form.is_open() and form.stage.currentText() == "Acknowledged"
    assert form.note.text() == "Public, in Korean"
    form.ready.setCurrentIndex(1)
    form.ready.activated.emit(1)
    assert "감사합니다" in form.text.toPlainText(), "ready words are in the citizen's language"
    room.actions.trigger("reports.send")
    (request_id, command), = room.port.commands.items()
    assert isinstance(command, do.AnswerReport) and command.stage == "acknowledged"
    assert (command.report_id, command.agency, command.expected_at_ns) == (one, "roads", 0)
    assert "on its way" in room.page.status.text()
    room.accept(request_id, seq=room.board.state.seq + 1)
    assert "on its way" in room.page.status.text()
    room.tell(ev.ReportStatusChanged(report_id=one, stage="acknowledged", text="Read.", person="Kim"))
    assert room.page.status.text().endswith("done.")
    assert "Answer by Kim: Read." in room.page.detail.answer.text()


def test_a_refused_answer_says_why_and_keeps_the_words(room: Room):
    one = room.report(1)
    room.page.show_report(one)
    room.actions.trigger("reports.answer")
    room.page.form.text.setPlainText("On the way")
    room.actions.trigger("reports.send")
    room.refuse("c1", "Not now.")
    assert room.page.status.text() == "Not now."
    room.actions.trigger("reports.answer")
    assert room.page.form.text.toPlainText() == "On the way"


def test_a_rejection_without_words_stays_in_the_form(room: Room):
    room.page.show_report(room.report(1))
    room.actions.trigger("reports.answer")
    form = room.page.form
    form.stage.setCurrentIndex(3)
    room.actions.trigger("reports.send")
    assert form.is_open() and not room.port.commands and "needs words" in form.note.text()


def test_a_promise_of_hours_and_taking_it_back(room: Room):
    room.page.show_report(room.report(1))
    for hours, expected in ((6, room.clock.now_ns() + 6 * 3600 * SECOND_NS), (-1, -1)):
        room.actions.trigger("reports.answer")
        room.page.form.hours.setValue(hours)
        room.actions.trigger("reports.send")
        assert list(room.port.commands.values())[-1].expected_at_ns == expected


def test_an_incident_is_opened_from_it_or_chosen_for_it(room: Room):
    one = room.report(1)
    room.page.show_report(one)
    room.actions.trigger("reports.open")
    assert room.page.chooser.lines()[0].endswith("Row of street lamps out")
    room.page.chooser.chosen.emit("lamp_row")
    assert room.port.commands["c1"] == do.OpenReportIncident(report_id=one, type="lamp_row")
    for name, lat in (("SU-1", 37.30), ("SU-2", 37.2777)):
        room.tell(
            ev.IncidentOpened(
                incident_id=name, type="lamp_row", priority=3, reason=same_words("r"),
                place=Place(name=same_words(name), position=Position(lat=lat, lon=127.0166)),
            )
        )  # fmt: skip
    room.actions.trigger("reports.link")
    assert "SU-2" in room.page.chooser.lines()[0], "the nearest first"
    room.page.chooser.chosen.emit("SU-2")
    assert room.port.commands["c2"] == do.LinkReport(report_id=one, incident_id="SU-2")
    room.tell(ev.ReportMatched(report_id=one, incident_id="SU-2", reason=same_words("r"), person="Kim"))
    asked: list[str] = []
    room.page.incident_wanted.connect(asked.append)
    room.actions.trigger("reports.incident")
    assert asked == ["SU-2"] and "SU-2" in room.page.detail.facts.text()
    room.actions.trigger("reports.link")
    room.page.chooser.chosen.emit("-")
    assert room.port.commands["c3"] == do.LinkReport(report_id=one, incident_id="")


def test_cameras_and_place_are_asked_of_the_desk(room: Room):
    room.page.show_report(room.report(1))
    cameras: list[tuple[str, ...]] = []
    places: list[Position] = []
    room.page.cameras_wanted.connect(cameras.append)
    room.page.place_wanted.connect(places.append)
    room.actions.trigger("reports.cameras")
    room.actions.trigger("reports.place")
    assert len(cameras[0]) == 5 and places == [Position(lat=37.2776, lon=127.0166)]


def test_contact_data_needs_a_purpose_and_leaves_the_screen_again(room: Room):
    one = room.report(1, has_contact=True)
    two = room.report(2)
    room.page.show_report(two)
    assert not room.actions.act("reports.contact").isEnabled()
    room.page.show_report(one)
    room.actions.trigger("reports.contact")
    panel = room.page.contact
    room.actions.trigger("reports.contact_read")
    assert not room.port.queries and "on the record" in panel.shown.text()
    panel.purpose.setText("ask which pole")
    room.actions.trigger("reports.contact_read")
    assert room.port.queries == [AskReportContact(report_id=one, purpose="ask which pole")]
    room.board.inbox.append(PageCame("q1", ReportContact(report_id=one, name="Hong", phone="010-1234-5678")))
    room.pulse.tick()
    assert "010-1234-5678" in panel.shown.text()
    room.page.show_report(two)
    assert panel.shown.text() == "" and not panel.isVisible()


def test_contact_data_is_hidden_after_two_minutes(room: Room):
    room.page.show_report(room.report(1, has_contact=True))
    room.actions.trigger("reports.contact")
    room.page.contact.purpose.setText("x")
    room.actions.trigger("reports.contact_read")
    room.board.inbox.append(PageCame("q1", ReportContact(report_id="", problem="deleted")))
    room.pulse.tick()
    assert "its time was over" in room.page.contact.shown.text()
    room.later(121)
    assert not room.page.contact.isVisible()


def test_what_is_exported_has_no_contact_data_in_it(room: Room):
    room.report(1, "call 010-1234-5678 or me@example.org", has_contact=True)
    text = "".join(room.page._pieces())
    assert "Lamp" in text or "lamp" in text
    assert "1234-5678" not in text and "example.org" not in text and "●●●" in text


def test_both_languages(room: Room):
    room.page.show_report(room.report(1))
    room.catalogue.switch("ko")
    assert room.text(0, Column.STATE) == "접수" and room.text(0, Column.SERVICE) == "가로등 고장"
    assert "미답변 1건" in room.page.count.text()


def test_ten_thousand_reports_are_listed_and_the_oldest_finished_ones_are_forgotten_first(room: Room):
    report = room.report(0)
    kept = room.board.state.reports[report]
    for number in range(1, 9_999):
        report_id = f"R-SU-260101-{number:05d}"
        room.board.state.reports[report_id] = replace(kept, id=report_id)
    newest = room.report(9_999)
    assert len(room.shown()) == 10_000 and room.shown()[0] == newest
    room.report(10_000)
    assert len(room.shown()) == 9_000 and room.page.model.rowCount() == 9_000
