"""What is owed to an outlet is given until it is received: over real HTTPS, and to real files."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.broadcast.carrier import Carrier
from console.broadcast.outlets import Outlet, OutletBook, OutletsError, read_outlets
from console.broadcast.trying import Parcel, Tried, give, look
from console.clock import SECOND_NS, SystemClock
from console.language import load_catalogue
from console.model.base import Words, same_words
from console.model.message import (
    DisasterMessage,
    MessageArea,
    MessageContent,
    MessageWay,
    OutletReport,
    OutletSeen,
)
from console.profile.messages import Sending
from tests.fakes.endpoint import EndPoint, certificate
from tests.guards.waiting import until

FAST = Sending(
    receipt_s=0.2, stall_s=0.3, first_retry_s=0.01, most_retry_s=0.05, connect_s=2.0, answer_s=2.0,
    source="test",
)  # fmt: skip
PARCEL = Parcel("suwon-1", "ops@suwon,suwon-1,2026-03-20T12:00:00+09:00", "<alert>대피</alert>".encode())


@pytest.fixture
def end(tmp_path: Path) -> Iterator[EndPoint]:
    made = EndPoint(tmp_path / "end")
    yield made
    made.close()


def outlet(end: EndPoint, **more: object) -> Outlet:
    return Outlet(name="cbs", url=end.url, ca=end.certificate, **more)  # type: ignore[arg-type]


def given(where: Outlet) -> Tried:
    return give(where, PARCEL, 2.0, 2.0, lambda connection: None)


class Room:
    """A carrier with what it told; `keep` says whether the record takes it."""

    def __init__(self, home: Path) -> None:
        self.told: list[OutletReport | OutletSeen] = []
        self.keep = True
        self.carrier = Carrier(home, FAST, SystemClock(), self.tell)

    def tell(self, report: OutletReport | OutletSeen, done: Callable[[bool], None]) -> None:
        self.told.append(report)
        done(self.keep)

    def outcomes(self, message_id: str) -> list[str]:
        return [
            one.outcome for one in self.told if isinstance(one, OutletReport) and one.message_id == message_id
        ]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.carrier.stop()


def message(
    name: str, replaces: str = "", outlets: tuple[str, ...] = ("cbs",), left_s: float = 60
) -> DisasterMessage:
    content = MessageContent(
        level="emergency", text=same_words("[t] x"), area=MessageArea(), valid_min=60, replaces=replaces,
        kind="update" if replaces else "alert",
    )  # fmt: skip
    return DisasterMessage(
        id=name, content=content, digest="d", revision=1, drafters=("kim",), desks=("desk-1",),
        drafted_at_ns=1, approved_at_ns=1, identifier=name, sender="s", sent="2026-03-20T12:00:00+09:00",
        cap=f"<alert>{name}</alert>", expires_ns=SystemClock().now_ns() + int(left_s * SECOND_NS),
        ways=dict.fromkeys(outlets, MessageWay(stage="queued", since_ns=1)),
    )  # fmt: skip


def write(home: Path, end: EndPoint | None, extra: str = "") -> None:
    text = f'[outlets.cbs]\nurl = "{end.url}"\nca = "{end.certificate}"\n' if end is not None else ""
    (home / "outlets.toml").write_text(text + extra, "utf-8")


def test_the_bytes_go_with_what_names_them_and_the_receipt_comes_back(end: EndPoint, tmp_path: Path):
    token = tmp_path / "token"
    token.write_text("geheim\n", "ascii")
    assert given(outlet(end, token_file=token)) == Tried("received", "R-1")
    assert end.bodies == [PARCEL.data]
    assert end.headers[0]["Idempotency-Key"] == PARCEL.reference
    assert end.headers[0]["Content-Type"].startswith("application/cap+xml")
    assert end.headers[0]["Authorization"] == "Bearer geheim"


@pytest.mark.parametrize(
    ("act", "kind"), [("busy", "busy"), ("refuse", "refused"), ("garbage", "garbage"), ("lose", "garbage")]
)
def test_no_answer_but_a_receipt_is_one(end: EndPoint, act: str, kind: str):
    end.behave.append(act)
    assert given(outlet(end)).kind == kind


def test_where_an_ack_is_asked_for_a_status_is_none_and_neither_is_another_s_ack(end: EndPoint):
    end.behave.extend(["ok", "ack_other", "ack"])
    where = outlet(end, receipt="cap")
    assert [given(where).kind for _ in range(2)] == ["garbage", "garbage"]
    assert given(where) == Tried("received", "A-1")


def test_a_stranger_s_certificate_gets_nothing(end: EndPoint, tmp_path: Path):
    other, _ = certificate(tmp_path, "other")
    tried = give(Outlet(name="cbs", url=end.url, ca=other), PARCEL, 2.0, 2.0, lambda connection: None)
    assert tried.kind == "certificate"
    assert not end.bodies


def test_nobody_there_is_said(end: EndPoint):
    assert look(outlet(end), 2.0, lambda connection: None) == Tried("up")
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        nobody = Outlet(name="cbs", url=f"https://127.0.0.1:{taken.getsockname()[1]}/", ca=end.certificate)
        assert given(nobody).kind == "unreachable"


def test_a_file_is_there_whole_once_and_never_over_another(tmp_path: Path):
    where = Outlet(name="archive", folder=tmp_path / "out")
    assert given(where) == Tried("received", "suwon-1.xml")
    assert given(where) == Tried("received", "suwon-1.xml"), "the same again is the same message"
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["suwon-1.xml"]
    other = give(where, PARCEL._replace(data=b"<other/>"), 1.0, 1.0, lambda connection: None)
    assert other.kind == "other_file"
    assert (tmp_path / "out" / "suwon-1.xml").read_bytes() == PARCEL.data


def test_no_identifier_leaves_the_folder(tmp_path: Path):
    where = Outlet(name="archive", folder=tmp_path / "out")
    for name in ("../../evil", ".hidden", "a/b"):
        named = PARCEL._replace(identifier=name)
        assert give(where, named, 1.0, 1.0, lambda connection: None).kind == "received"
    assert all(one.parent == tmp_path / "out" for one in tmp_path.rglob("*.xml"))
    assert len(list((tmp_path / "out").glob("[!.]*.xml"))) == 3


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "out").write_text("a file in its place", "utf-8")
    assert given(Outlet(name="archive", folder=tmp_path / "out")).kind == "disk"


def test_it_is_tried_until_it_is_received_and_is_one_message_there(room: Room, end: EndPoint, tmp_path: Path):
    end.behave.extend(["busy", "lose", "garbage"])
    write(tmp_path, end, '[outlets.archive]\nfolder = "out"\n')
    room.carrier.start([])
    room.carrier.owe(message("M1", outlets=("cbs", "archive")))
    until(lambda: room.outcomes("M1").count("received") == 2, "both outlets")
    assert len(end.bodies) == 4
    assert len(set(end.bodies)) == 1
    assert list(end.taken.values()) == [b"<alert>M1</alert>"]
    assert (tmp_path / "out" / "M1.xml").exists()


def test_an_update_waits_for_what_it_speaks_of_but_not_behind_a_refusal(
    room: Room, end: EndPoint, tmp_path: Path
):
    end.behave.extend(["busy"] * 3)
    write(tmp_path, end)
    room.carrier.start([message("M1"), message("M2", replaces="M1")])
    until(lambda: "received" in room.outcomes("M2"), "the update")
    assert [body for body in end.bodies if b"M2" in body] == end.bodies[-1:]
    end.behave.extend(["refuse"] * 3)
    room.carrier.owe(message("M3"))
    until(lambda: "refused" in room.outcomes("M3"), "the refusal")
    room.carrier.owe(message("M4", replaces="M3"))
    until(lambda: "received" in room.outcomes("M4"), "the update of what was refused")


def test_what_nobody_takes_is_told_once_and_ends_with_its_time(room: Room, end: EndPoint, tmp_path: Path):
    end.behave.extend(["busy"] * 10_000)
    write(tmp_path, end)
    room.carrier.start([message("M1", left_s=1.0)])
    until(lambda: "lapsed" in room.outcomes("M1"), "the end")
    assert room.outcomes("M1") == ["sent", "stalled", "lapsed"]
    count = len(end.bodies)
    room.carrier.owe(message("M2", left_s=-1.0))
    until(lambda: "lapsed" in room.outcomes("M2"), "one that was late already")
    assert len([one for one in end.bodies if b"M2" in one]) == 0
    assert len(end.bodies) == count


def test_a_stop_does_not_wait_for_an_answer_and_tells_nothing_more(room: Room, end: EndPoint, tmp_path: Path):
    end.behave.append("silent")
    write(tmp_path, end)
    room.carrier.start([message("M1")])
    until(lambda: end.bodies, "the bytes")
    lane = room.carrier._lanes["cbs"]
    room.carrier.stop()
    assert not lane._thread.is_alive()
    told = len(room.told)
    end.released.set()
    assert len(room.told) == told
    assert room.outcomes("M1") == ["sent"], "it is owed on the record"


def test_a_receipt_that_the_record_does_not_take_is_told_again_and_not_asked_for_again(
    room: Room, end: EndPoint, tmp_path: Path
):
    write(tmp_path, end)
    room.keep = False
    room.carrier.start([message("M1")])
    until(lambda: room.outcomes("M1").count("received") >= 2, "told again")
    room.keep = True
    assert len(end.bodies) == 1


def test_an_outlet_that_is_not_configured_is_told_at_once_and_used_as_soon_as_it_is(
    room: Room, end: EndPoint, tmp_path: Path
):
    room.carrier.start([message("M1")], known=("cbs",))
    until(lambda: "refused" in room.outcomes("M1"), "told")
    assert room.told[0] == OutletSeen(
        outlet="cbs", sort="", up=False,
        why=load_catalogue().both("messages.way.absent", outlet="cbs", detail="-"),
    )
    write(tmp_path, end)
    until(lambda: "received" in room.outcomes("M1"), "given")


def test_a_look_tells_that_an_outlet_is_there_before_anything_is_owed(
    room: Room, end: EndPoint, tmp_path: Path
):
    write(tmp_path, end)
    room.carrier.start([])
    works = load_catalogue().both("messages.way.works")
    until(lambda: OutletSeen(outlet="cbs", sort="https", up=True, why=works) in room.told, "the look")
    assert not end.bodies


@pytest.mark.parametrize(
    "text",
    [
        "[outlets.cbs]\n", '[outlets.cbs]\nurl = "http://x/"\n', '[outlets.cbs]\nurl = "https://u:p@x/"\n',
        '[outlets.CBS]\nfolder = "x"\n', '[outlets.cbs]\nfolder = "x"\nurl = "https://x/"\n',
        '[outlets.cbs]\nurl = "https://x/"\nca = "none.pem"\n', "[outlets.cbs\n", '[outlets.cbs]\nwhat = 1\n',
        '[outlets.cbs]\nurl = "https://x:99999/"\n',
        '[outlets.cbs]\nurl = "https://x/"\nkey = "outlets.toml"\n',
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_name_and_the_last_good_one_stays(tmp_path: Path, text: str):
    path = tmp_path / "outlets.toml"
    path.write_text('[outlets.archive]\nfolder = "out"\n', "utf-8")
    book = OutletBook(tmp_path)
    assert set(book.look()) == {"archive"}
    path.write_text(text, "utf-8")
    with pytest.raises(OutletsError, match=r"outlets\.toml"):
        read_outlets(tmp_path)
    assert set(book.look()) == {"archive"}
    assert "outlets.toml" in book.problem


def test_every_reason_has_words_in_both_languages():
    for kind in Tried.__annotations__ and (
        "absent", "unreachable", "certificate", "silent", "broken", "busy", "garbage", "refused", "disk",
        "other_file",
    ):  # fmt: skip
        words = Tried(kind, detail="x").words("cbs")  # type: ignore[arg-type]
        assert isinstance(words, Words)
        assert words.en != words.ko
