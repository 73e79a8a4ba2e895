"""The window of pictures: asking with purpose and basis, and seeing only what is written down."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from console.agency.facts import Attached
from console.agency.view import Asked, Looking, PictureForm, SharedLink
from console.agency.view import Look as LookWish
from console.model.base import Position, Words
from tests.agency.rig import Office, Player, facts
from tests.handoff.samples import NOW_NS

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LINK = SharedLink(
    camera="CAM-0007", name=Words(en="Paldalmun north", ko="팔달문 북측"), distance_m=41.0,
    live="https://127.0.0.1:1/s/secret/live/CAM-0007.mp4", recorded="",
)  # fmt: skip


def test_pictures_are_asked_for_with_purpose_basis_and_place_of_the_case(room, qtbot):
    office = Office(facts(1, "accepted"))
    window = room(office)
    circles = []
    window.room.circle.connect(circles.append)
    qtbot.keyClick(window, Qt.Key.Key_V)
    assert window.room.isVisible()
    assert window.room.where.text().endswith("37.277512, 127.016933")
    qtbot.mouseClick(window.room.buttons["ask"], Qt.MouseButton.LeftButton)
    (form,) = office.asked
    assert isinstance(form, PictureForm)
    assert (form.number, form.position) == ("KR-112-000001", Position(lat=37.277512, lon=127.016933))
    assert form.service and form.purpose and form.legal_basis and form.radius_m > 0 and form.minutes > 0
    window.map.pointed.emit(Position(lat=37.3, lon=127.0))
    qtbot.mouseClick(window.room.buttons["ask"], Qt.MouseButton.LeftButton)
    assert (office.asked[1].number, office.asked[1].position.lat) == ("", 37.3)
    window.room.close()
    assert circles[0][0].lat == 37.277512 and circles[-1] is None


def test_shared_pictures_are_shown_only_once_the_look_is_on_record_with_the_viewers_name(room, qtbot):
    office = Office(facts(1, "accepted"))
    window = room(office, "ko")
    window.room.open_for(window.chosen)
    asked = Asked(id="KR-112-P00001", number="KR-112-000001", at_ns=NOW_NS, service="emergency_video",
                  state="granted", links=(LINK,), viewer="경위 김")  # fmt: skip
    office.show(asked=(asked,))
    window.tick()
    assert "팔달문 북측 · CAM-0007 · 41 m" in window.room.cameras.item(0).text()
    assert "secret" not in window.room.requests.item(0).text() + window.room.cameras.item(0).text()
    assert not window.room.buttons["record"].isEnabled()
    qtbot.mouseClick(window.room.buttons["live"], Qt.MouseButton.LeftButton)
    look = LookWish(asked="KR-112-P00001", camera="CAM-0007", form="live")
    assert office.asked == [look]
    assert window.room.screen_view.looking is None, "nothing yet: it has to be written down first"
    office.show(looking=Looking(id=7, url=LINK.live, look=look, mark="경위 김 · KR-112-P00001"))
    window.tick()
    screen = window.room.screen_view
    blank = screen.grab().toImage()
    screen.show_newest()
    assert screen.grab().toImage() != blank
    assert (Player.last.looking.url, Player.last.looking.look) == (LINK.live, look)
    qtbot.mouseClick(window.room.buttons["stop"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (7, "left", 1) in office.asked)
    assert screen.grab().toImage() != blank and screen.looking is None
    window.tick()
    assert screen.looking is None, "a look that was ended does not begin again by itself"


def test_an_ended_share_leaves_no_picture_and_says_what_to_do(room, qtbot):
    office = Office(facts(1))
    window = room(office)
    window.room.open_for(None)
    look = LookWish(asked="a", camera="c", form="live")
    office.show(looking=Looking(id=3, url="https://h/x", look=look, mark="m"))
    window.tick()
    window.room.screen_view.show_newest()
    Player.last.screen.ended("refused", "HTTP 403", 1)
    qtbot.waitUntil(lambda: (3, "refused HTTP 403", 1) in office.asked)
    assert window.room.screen_view._image is None


def test_the_clip_of_a_case_is_played_by_a_key_where_there_is_one(room, qtbot):
    case = facts(1)
    window = room(Office(case))
    assert not window.clip.isEnabled()
    clip = Attached(description="", mime_type="video/mp4", url="https://h/c.mp4", size=1, sha256="a" * 64)
    told = {name: replace(getattr(case.letter, name), attached=(clip,)) for name in ("ko", "en")}
    office = Office(replace(case, letter=replace(case.letter, **told)))
    window = room(office)
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert office.asked == [LookWish(asked=case.number, camera=case.key, form="clip")]
    assert window.room.isVisible()
