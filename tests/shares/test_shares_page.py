"""The page of shares: who asks is read before it is approved, who looks is seen, one key takes it back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from console.clock import SECOND_NS
from console.desk.inbound import PageCame
from console.model import commands as do
from console.model import events as ev
from console.model.base import Place, Position, Words, same_words
from console.model.picturerequest import OfferedCamera, PictureRequest, PictureWish, Share
from console.model.query import AskLog, LogPage
from console.model.share import AccessLine, ProvidedPicture, SharedCamera, ViewBegan, ViewEnded
from tests.kit.sitting import Sitting
from widgets.shares.model import Column
from widgets.shares.page import SharesPage
from widgets.shares.rows import VIEWS
from widgets.shares.section import SharesSection

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
GATE = Position(lat=37.2776, lon=127.0166)
PLACE = Place(name=Words(en="Paldalmun market", ko="팔달문시장"), position=GATE, district="paldal")


class Pdf:
    """A document that is drawn at once."""

    made: list[Any] = []

    def __init__(self, document: Any, parent: Any) -> None:
        self.made.append(document)

    def is_gone(self) -> bool:
        return True

    def data(self) -> bytes | None:
        return b"%PDF-1.7"


class Room(Sitting):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.connect()
        self.cameras = list(self.profile.cameras)[:3]
        self.page = SharesPage(
            self.board, self.pulse, self.port, self.actions, self.catalogue, self.tokens, self.moments,
            folder, Pdf,
        )  # fmt: skip
        self.page.resize(1500, 460)
        self.page.show()

    def asked(self, number: int, needs: str = "operator", **more: Any) -> PictureRequest:
        wish = PictureWish(
            message_id=f"M{number}", service=more.pop("service", "disaster"), purpose="response",
            legal_basis="disaster74-3", position=GATE, radius_m=800.0, person="Cho",
            incident_id=more.pop("incident_id", ""),
        )
        request = PictureRequest(
            id=f"Q-SU-260101-{number:05d}", direction="inbound", agency="KR-119", wish=wish, place=PLACE,
            at_ns=self.clock.now_ns(), needs=needs,  # type: ignore[arg-type]
            cameras=tuple(
                OfferedCamera(camera_id=one, why="sees", distance_m=20.0 + at)
                for at, one in enumerate(self.cameras[:2])
            ),
            **more,
        )  # fmt: skip
        self.tell(ev.RequestReceived(request=request))
        return request

    def granted(self, request: PictureRequest, minutes: float = 30.0) -> Share:
        now = self.clock.now_ns()
        share = Share(
            id=request.id.replace("Q", "S"), request_id=request.id, service=request.wish.service,
            agency=request.agency, recipient="Fire 119", viewer="Cho", officer="Lee", purpose="fire",
            legal_basis="act", cameras=tuple(
                SharedCamera(camera_id=one.camera_id, name=same_words(one.camera_id))
                for one in request.cameras
            ), from_ns=now, until_ns=now + int(minutes * 60 * SECOND_NS), granted_ns=now,
            incident_id=request.wish.incident_id,
        )  # fmt: skip
        self.tell(ev.ShareGranted(share=share, person="Lee"))
        return share

    def seen(self, share: Share, uid: str = "v1") -> ViewBegan:
        view = ViewBegan(
            uid=uid, at_ns=self.clock.now_ns(), share_id=share.id, camera_id=share.cameras[0].camera_id,
            form="live", from_ns=1, to_ns=share.until_ns, until_ns=share.until_ns, recipient=share.recipient,
            viewer=share.viewer, officer=share.officer, purpose=share.purpose, legal_basis=share.legal_basis,
            masked=False, mark="page", address="10.0.0.7",
        )  # fmt: skip
        self.tell(ev.ShareAccessed(line=AccessLine(seq=1, access=view)))
        return view

    def text(self, row: int, column: Column) -> str:
        return str(self.page.model.data(self.page.model.index(row, column)))

    def view(self, name: str) -> None:
        self.page.view.setCurrentIndex(VIEWS.index(name))  # type: ignore[arg-type]

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


def commands(room: Room) -> list[do.Command]:
    return list(room.port.commands.values())


def test_a_request_that_waits_stands_first_with_who_asks_why_and_on_what_basis(room: Room):
    room.granted(room.asked(1))
    room.asked(2)
    assert room.text(0, Column.STATE) == "Waits" and room.text(1, Column.STATE) == "In force"
    assert room.page.show_request("Q-SU-260101-00002")
    detail = room.page.detail
    assert "119, Cho, asks" in detail.why.text()
    assert "Leading the response to a disaster" in detail.why.text()
    assert "Framework Act on Disasters and Safety" in detail.why.text()
    assert "a second person has to approve it" in detail.state.text()
    assert "waiting 1 · in force 1" in room.page.count.text()


def test_approving_takes_the_cameras_that_are_ticked(room: Room):
    request = room.asked(1)
    room.page.show_request(request.id)
    room.page.approve()
    assert commands(room)[-1] == do.ApproveRequest(request_id=request.id)
    room.page.ticks.item(1).setCheckState(Qt.CheckState.Unchecked)
    room.page.change_cameras()
    assert commands(room)[-1] == do.ChangeRequestCameras(
        request_id=request.id, camera_ids=(room.cameras[0],)
    )
    room.page.ticks.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert not room.actions.act("shares.approve").isEnabled(), "nothing is ticked"


def test_what_is_a_supervisors_is_not_offered_at_another_desk_and_says_so(room: Room):
    room.asked(1, needs="supervisor", service="vulnerable")
    supervisor = room.profile.desks[room.board.desk].role == "supervisor"
    assert room.actions.act("shares.approve").isEnabled() is supervisor
    assert room.actions.act("shares.refuse").isEnabled() is supervisor
    if not supervisor:
        assert "supervisor" in room.page.status.text()


def test_a_refusal_has_ready_words_and_none_goes_without(room: Room):
    request = room.asked(1)
    room.page.refuse()
    strip = room.page.reason
    strip.code.setCurrentIndex(1)
    assert "smaller area" in strip.reason.currentText()
    strip.reason.setEditText("  ")
    strip.send()
    assert strip.isVisible() and not commands(room)
    strip.reason.setEditText("One street will do")
    strip.send()
    assert commands(room) == [
        do.RefuseRequest(request_id=request.id, code="too_wide", reason="One street will do")
    ]


def test_who_looks_now_is_seen_and_one_key_takes_the_share_back(room: Room):
    share = room.granted(room.asked(1), minutes=1.0)
    view = room.seen(share)
    assert "Cho looks (1)" in room.text(0, Column.LOOKING)
    assert "from 10.0.0.7" in room.page.detail.looking.text()
    assert "seen now" in room.page.ticks.item(0).text()
    room.actions.trigger("shares.revoke")
    assert commands(room)[-1] == do.RevokeShare(share_id=share.id, reason="not needed any more")
    ended = ViewEnded(uid="e", at_ns=1, view_uid=view.uid, share_id=share.id, camera_id="x", why="revoked")
    room.tell(ev.ShareAccessed(line=AccessLine(seq=2, access=ended)))
    assert "views so far: 1" in room.text(0, Column.LOOKING)
    room.tell(ev.ShareRevoked(share_id=share.id, reason="over", person="Lee"))
    assert room.page.model.rowCount() == 0
    room.view("shares")
    assert room.text(0, Column.STATE) == "Revoked"


def test_a_share_says_how_long_it_is_left_and_is_over_by_itself(room: Room):
    room.granted(room.asked(1), minutes=1.0)
    assert "1 min left" in room.text(0, Column.LEFT)
    room.later(61)
    room.view("requests")
    assert room.text(0, Column.STATE) == "Ended"


def test_the_hubs_refusal_is_shown(room: Room):
    room.asked(1)
    room.page.approve()
    room.refuse("c1", "Not here.")
    assert room.page.status.text() == "Not here."


def _page(room: Room, *views: ViewBegan, more: bool = False) -> None:
    assert isinstance(room.port.queries[-1], AskLog)
    entries = tuple(
        ev.Entry(
            run="r", seq=100 - at, at_ns=1, cause=ev.Cause(actor="hub"),
            event=ev.ShareAccessed(line=AccessLine(seq=1, access=one)),
        )
        for at, one in enumerate(views)
    )  # fmt: skip
    page = LogPage(entries=entries, more=more)
    room.board.inbox.append(PageCame(f"q{len(room.port.queries)}", page))
    room.pulse.tick()


def test_the_ledger_has_the_seven_fields_of_each_view_and_can_be_taken_out(room: Room):
    share = room.granted(room.asked(1))
    view = room.seen(share)
    room.view("ledger")
    _page(room, view, more=True)
    assert room.page.ledger.loading, "it reads on to the end"
    _page(room, msgspec.structs.replace(view, uid="v0", viewer="Han"))
    assert room.page.ledger.rowCount() == 2 and "provisions on record: 2" in room.page.count.text()
    fields = room.page.ledger.line(0)
    assert len(fields) == 8 and all(fields)
    rows = list(csv.reader("".join(map(str, room.page.taking.csv())).lstrip("\ufeff").splitlines()))
    assert rows[0][1:] == [
        "File name", "Recipient", "Purpose", "Legal basis", "Period", "Form", "Officer",
    ]  # fmt: skip
    assert len(rows) == 3 and "Han" in rows[2][2]
    assert list(room.page.taking.pdf()) == [b"%PDF-1.7"]
    assert len(Pdf.made[-1].rows) == 2 and "42(1)" in str(Pdf.made[-1].facts)
    room.actions.trigger("shares.csv")
    assert room.page.export.isVisible()


def test_pictures_of_hand_offs_stand_in_the_ledger_beside_the_views(room: Room):
    view = room.seen(room.granted(room.asked(1)))
    picture = ProvidedPicture(
        at_ns=room.clock.now_ns(), name="CAM-1-7.mp4", camera_id="CAM-1", form="clip", from_ns=1, to_ns=2,
        sha256="ab" * 32, size=9, agency="KR-112", recipient="112 room", officer="Kim",
        purpose="Response", legal_basis="act112", keep_until_ns=room.clock.now_ns() + SECOND_NS,
    )  # fmt: skip
    room.view("ledger")
    asked = room.port.queries[-1]
    assert isinstance(asked, AskLog) and set(asked.filter.kinds) == {"share.accessed", "evidence.provided"}
    provided = ev.EvidenceProvided(handoff_id="H", incident_id="I", picture=picture)
    accessed = ev.ShareAccessed(line=AccessLine(seq=1, access=view))
    entries = tuple(
        ev.Entry(run="r", seq=9 - at, at_ns=1, cause=ev.Cause(actor="hub"), event=one)
        for at, one in enumerate((provided, accessed))
    )
    room.board.inbox.append(PageCame(f"q{len(room.port.queries)}", LogPage(entries=entries, more=False)))
    room.pulse.tick()
    lines = [list(map(str, room.page.ledger.line(row))) for row in range(room.page.ledger.rowCount())]
    assert [one[6] for one in lines] == ["copy, clip", "view, live"]
    assert (lines[0][1:5], lines[0][7]) == (["CAM-1-7.mp4", "112 room", "Response", "act112"], "Kim")
    assert all(lines[0])
    assert "copy, clip" in "".join(map(str, room.page.taking.csv()))
    list(room.page.taking.pdf())
    assert "CAM-1-7.mp4" in str(Pdf.made[-1].rows)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_word_is_there_in_both_languages(room: Room, language: str):
    room.catalogue.switch(language)
    room.asked(1)
    room.seen(room.granted(room.asked(2)))
    for name in VIEWS:
        room.view(name)
    room.view("now")
    assert room.page.detail.head.text()


def test_the_incidents_part_tells_its_shares_and_offers_some_in_one_act(room: Room):
    room.tell(
        ev.IncidentOpened(
            incident_id="I1", type="violence", priority=1, place=PLACE, reason=same_words("seen")
        )
    )
    owner = QWidget()
    owner.resize(700, 500)
    section = SharesSection(
        room.board, room.pulse, room.port, room.actions, room.catalogue, room.tokens, room.moments, owner
    )
    owner.show()
    section.show_incident("I1")
    assert "Nobody outside" in section.lines.text()
    section.offer()
    keys = list(section._choices)
    assert keys[0] == "KR-112/emergency_video/live"
    section.chooser.chosen.emit(keys[0])
    assert commands(room)[-1] == do.OfferShare(
        incident_id="I1", agency="KR-112", service="emergency_video"
    )
    section.chooser.chosen.emit("KR-112/emergency_video/recorded")
    assert commands(room)[-1].recorded is not None  # type: ignore[attr-defined]
    room.seen(room.granted(room.asked(3, incident_id="I1")))
    assert "In force" in section.lines.text() and "Cho looks" in section.lines.text()
    section.release()
    owner.close()
    owner.deleteLater()
