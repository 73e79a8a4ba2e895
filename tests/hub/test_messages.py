"""A second person at one desk, by a code, through a real hub. The whole way is a journey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.broadcast.approvers import set_code
from console.model import commands as do
from console.model import events as ev
from console.model.base import Words
from console.model.message import DisasterMessage, MessageArea, MessageContent
from tests.fakes.endpoint import EndPoint
from tests.hub.conftest import Desk, HubRoom

FIRE = Words(en="[Suwon City] Fire at the market. Leave.", ko="[수원시] 시장 화재 발생. 대피하십시오.")


@pytest.fixture
def end(tmp_path: Path, room: HubRoom) -> Iterator[EndPoint]:
    made = EndPoint(tmp_path / "end")
    room.home.mkdir(exist_ok=True)
    (room.home / "outlets.toml").write_text(
        f'[outlets.cbs]\nurl = "{made.url}"\nca = "{made.certificate}"\n[outlets.archive]\nfolder = "cap"\n',
        "utf-8",
    )
    yield made
    made.close()


def draft(desk: Desk, **changes: object) -> DisasterMessage:
    told = {"level": "emergency", "text": FIRE, "area": MessageArea(), "valid_min": 60, **changes}
    taken = desk.do(do.DraftMessage(content=MessageContent(**told)))  # type: ignore[arg-type]
    assert isinstance(taken, do.Accepted), taken
    desk.until(lambda: taken.id in desk.board.state.messages, "the draft")
    return desk.board.state.messages[taken.id]


def approve(desk: Desk, message: DisasterMessage, **more: str) -> do.Answer:
    return desk.do(do.ApproveMessage(message_id=message.id, digest=message.digest, **more))


def stages(desk: Desk, message: DisasterMessage) -> dict[str, str]:
    now = desk.board.state.messages.get(message.id)
    return {name: way.stage for name, way in now.ways.items()} if now is not None else {}


DONE = {"cbs": "received", "archive": "received"}


def test_at_one_desk_a_code_makes_the_second_person_and_a_wrong_one_is_on_the_record(
    room: HubRoom, end: EndPoint
):
    set_code(room.home, "Lee Yuna", "402711")
    room.start()
    desk = room.desk("desk-1", "Kim")
    desk.until(lambda: len(desk.board.state.outlets) == 2, "the outlets")
    message = draft(desk)
    wrong = approve(desk, message, approver="Lee Yuna", code="111222")
    assert isinstance(wrong, do.Refused)
    assert wrong.code == "message_code"
    failed = ev.MessageApprovalFailed
    desk.until(lambda: any(isinstance(one.event, failed) for one in desk.board.news), "the entry")
    assert isinstance(approve(desk, message, approver="Lee Yuna", code="402711"), do.Accepted)
    desk.until(lambda: stages(desk, message) == DONE, "both outlets", 20)
    assert b"402711" not in b"".join(one.read_bytes() for one in (room.home / "ledger").iterdir())
