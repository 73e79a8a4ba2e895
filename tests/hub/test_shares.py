"""The hub and the shares: files follow the record, links are kept nowhere, each view is taken once."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from console.clock import SystemClock
from console.footage.layout import camera_folder, day_of
from console.handoff.requests import PictureAnswer
from console.hub.sharekeeper import ShareSecretError, ShareTokens
from console.model import commands as do
from console.model.fact import PicturesAsked, PicturesGivenBack, ShareSeen
from console.model.footage import MaskZone
from console.model.picturerequest import PictureWish
from console.model.share import AccessLine, ShareGrant, ShareRefused, ViewBegan, ViewEnded
from console.share.access import FOLDER as ACCESS
from console.share.access import AccessLog
from console.share.grants import GrantBook, revoke_grant, token_digest, write_grant
from console.share.link import ShareLink
from console.wire.codec import decode_taken, encode
from console.wire.keys import ensure_peer_key
from tests.guards.waiting import until
from tests.hub.conftest import HubRoom

ZONES = (MaskZone(name="window", points=((0.0, 0.0), (0.2, 0.0), (0.2, 0.2))),)


class Stage:
    def __init__(self, room: HubRoom) -> None:
        self.room, self.home = room, room.home
        self.camera = next(iter(room.profile.cameras))
        day = day_of(SystemClock().now_ns())
        (camera_folder(self.home / "footage", self.camera) / day).mkdir(parents=True)
        (self.home / "run").mkdir(parents=True, exist_ok=True)
        (self.home / "run" / "share.json").write_bytes(b'{"url": "https://share.example"}')
        self.room.start()

    def wish(self, name: str = "M1") -> PictureWish:
        return PictureWish(
            message_id=name, service="emergency_video", purpose="violent_crime", legal_basis="act112",
            position=self.room.profile.devices[self.camera].place.position, radius_m=200.0, person="Park",
        )

    def tell(self, report: Any) -> bool:
        """As the courier does: from another thread, answered when it is on disk."""
        hub = self.room.hub
        assert hub is not None
        found: list[bool] = []
        done = threading.Event()

        def settled(kept: bool) -> None:
            found.append(kept)
            done.set()

        hub.call(lambda: hub.shares.take(report, settled))  # type: ignore[union-attr]
        assert done.wait(10)
        return found[0]

    def ask(self, name: str = "M1") -> PictureAnswer:
        asked = PicturesAsked(agency="KR-112", at_ns=1, wish=self.wish(name))
        assert self.tell(asked)
        return self.answer(name)

    def answer(self, name: str = "M1") -> PictureAnswer:
        shares = self.room.hub.shares  # type: ignore[union-attr]
        assert shares is not None
        until(lambda: shares.answer("KR-112", name) is not None, "the grant to be written")
        found = shares.answer("KR-112", name)
        assert found is not None
        return found

    def grant(self, share_id: str) -> ShareGrant | None:
        book = GrantBook(self.home)
        book.refresh()
        return book.get(share_id)


@pytest.fixture
def stage(room: HubRoom) -> Stage:
    return Stage(room)


def test_links_are_told_to_who_asked_and_lie_nowhere(stage: Stage):
    answer = stage.ask()
    assert answer.state == "granted" and answer.page.startswith("https://share.example/s/")
    token = answer.page.rsplit("/", 1)[1]
    grant = stage.grant(answer.share_id)
    assert grant is not None and grant.token_sha256 == token_digest(token)
    desk = stage.room.desk()
    desk.until(lambda: answer.share_id in desk.board.state.shares, "the share at the desk")
    for path in stage.home.rglob("*"):
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path
    stage.room.stop()
    stage.room.start()
    assert stage.answer() == answer, "it is worked out again"


def test_the_files_follow_the_record(stage: Stage):
    share_id = stage.ask().share_id
    desk = stage.room.desk(next(one.id for one in stage.room.profile.desks.values()))
    desk.do(do.SetMasks(camera_id=stage.camera, zones=ZONES, reason="home"))
    until(lambda: (told := stage.grant(share_id)) and told.cameras[0].zones == ZONES, "the masks in the file")
    assert stage.tell(PicturesGivenBack(agency="KR-112", at_ns=2, message_id="M1", reason="found"))
    until(lambda: (told := stage.grant(share_id)) and told.revoked_ns, "the end in the file")
    assert stage.answer().state == "ended" and not stage.answer().cameras


def test_what_was_taken_back_in_its_file_is_on_the_record_and_strangers_go_at_the_start(
    stage: Stage, expected_logs: Any
):
    expected_logs("Grant S-STRANGER is not on the record")
    share_id = stage.ask().share_id
    grant = stage.grant(share_id)
    assert grant is not None
    revoke_grant(stage.home, share_id, "night guard", 5)
    until(lambda: stage.answer().state == "revoked", "the revocation")
    stage.room.stop()
    write_grant(stage.home, msgspec.structs.replace(grant, id="S-STRANGER"))
    stage.room.start()
    until(lambda: stage.grant("S-STRANGER") is None, "the stranger to go")
    assert stage.answer().state == "revoked" and stage.grant(share_id) is not None


def test_a_request_of_another_content_under_the_same_name_is_told_apart(stage: Stage):
    stage.ask()
    shares = stage.room.hub.shares  # type: ignore[union-attr]
    assert shares is not None
    assert shares.is_kept("KR-112", "M1", stage.wish()) is True
    assert shares.is_kept("KR-112", "M1", msgspec.structs.replace(stage.wish(), person="Han")) is None
    assert shares.is_kept("KR-119", "M1", stage.wish()) is False
    assert [one.about for one in shares.standing("KR-112")] == ["M1"]
    assert shares.standing("KR-119") == ()


def view(number: int, share_id: str) -> ViewBegan:
    return ViewBegan(
        uid=f"v{number}", at_ns=number, share_id=share_id, camera_id="C", form="live", from_ns=1, to_ns=2,
        until_ns=2, recipient="r", viewer="v", officer="o", purpose="p", legal_basis="b", masked=False,
        mark="page", address="a",
    )


def _linked(stage: Stage, log: Callable[[Any], AccessLog]) -> tuple[ShareLink, AccessLog]:
    link = ShareLink(stage.home, ensure_peer_key(stage.home, "share", "share"), SystemClock())
    record = log(link.tell)
    record.open(SystemClock().now_ns())
    link.start()
    return link, record


def test_each_view_is_taken_once_whoever_dies(stage: Stage):
    share_id = stage.ask().share_id
    state = stage.room.hub.sequencer.state  # type: ignore[union-attr]
    link, record = _linked(stage, lambda on_line: AccessLog(stage.home, on_line))
    record.add(view(1, share_id))
    record.add(ViewEnded(uid="e1", at_ns=2, view_uid="v1", share_id=share_id, camera_id="C", why="left"))
    until(lambda: state.access_seq == 2, "two lines")
    link.close(1.0)
    record.add(view(2, share_id))  # while nobody carries lines
    record.close()
    link, record = _linked(stage, lambda on_line: AccessLog(stage.home, on_line))
    until(lambda: state.access_seq == 3, "the third line")
    assert state.shares[share_id].views == 2 and set(state.viewing) == {"v2"}
    stage.room.stop()
    record.add(ShareRefused(uid="r1", at_ns=4, why="unknown", address="10.0.0.9", count=3))
    stage.room.start()
    state = stage.room.hub.sequencer.state  # type: ignore[union-attr]
    until(lambda: state.views_refused == 3, "what happened while the hub was down", 20)
    assert state.shares[share_id].views == 2
    link.close(1.0)
    record.close()

    shutil.rmtree(stage.home.joinpath(*ACCESS))
    link, record = _linked(stage, lambda on_line: AccessLog(stage.home, on_line))
    record.add(view(3, share_id))
    until(lambda: "v3" in state.viewing, "a record that was begun anew")
    link.close(1.0)
    record.close()


def test_nobody_else_writes_views_onto_the_record(stage: Stage, expected_logs: Any):
    expected_logs(r"Refused \((not_permitted|bad_fact)\)")
    line = AccessLine(seq=1, access=view(1, "S"))
    gateway = stage.room.raw("gate", "gateway")
    gateway.send_multipart([b"F", encode(ShareSeen(uid="v1", line=line))])
    assert gateway.poll(5000) and decode_taken(gateway.recv_multipart()[1]).problem
    assert stage.room.refused("not_permitted") == 1
    server = stage.room.raw("share", "share")
    for wrong in (
        ShareSeen(uid="other", line=line), ShareSeen(uid="v1", line=msgspec.structs.replace(line, seq=0)),
    ):  # fmt: skip
        server.send_multipart([b"F", encode(wrong)])
        assert server.poll(5000) and decode_taken(server.recv_multipart()[1]).problem
    assert stage.room.refused("bad_fact") == 2


def test_the_secret_of_the_tokens_is_the_owners_alone(tmp_path: Path):
    ShareTokens(tmp_path)
    path = tmp_path / "keys" / "share" / "tokens.key"
    assert path.stat().st_mode & 0o077 == 0
    path.chmod(0o644)
    with pytest.raises(ShareSecretError, match=r"tokens\.key can be read by others"):
        ShareTokens(tmp_path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(ShareSecretError, match="damaged"):
        ShareTokens(tmp_path)
