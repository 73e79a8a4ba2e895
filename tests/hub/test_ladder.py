"""Hand-offs in a real hub: drafts with pictures and callers, waits by the clock that cannot be set."""

from __future__ import annotations

import msgspec

from console.citizens.contacts import ContactBook
from console.clock import SECOND_NS, SystemClock
from console.desk.inbound import PageCame
from console.ledger import Ledger, LedgerReader, LedgerUnavailable
from console.model import commands as do
from console.model.base import Place, Position, same_words
from console.model.citizenreport import ReportContact, ReportTold
from console.model.fact import EvidenceAsked, PartnerReport, ReportSent
from console.model.ladder import Statement
from console.model.query import AskDraft, DraftPage
from console.model.threadstanding import standing
from tests.evidence.rig import record

CAMERA = "CAM-PARK-0001"


def opened(desk) -> str:
    """A person sees somebody lying at a camera."""
    assert isinstance(
        desk.do(do.OpenCase(type="person_down", opened_from="camera", device_id=CAMERA, text="lies there")),
        do.Accepted,
    )
    desk.until(lambda: desk.board.state.incidents, "the incident")
    return next(iter(desk.board.state.incidents))


def page(desk, thread_id: str) -> DraftPage:
    """Ask, and wait for what the hub says."""
    asked, found = desk.link.ask(AskDraft(thread_id=thread_id)), []

    def came() -> bool:
        for one in list(desk.board.inbox):
            if isinstance(one, PageCame) and one.id == asked:
                found.append(one.page)
        return bool(found)

    drain, desk.board.drain = desk.board.drain, lambda *_: set()
    try:
        desk.until(came, "the draft")
    finally:
        desk.board.drain = drain
    return found[0]


def test_a_draft_is_usable_at_once_and_gets_its_pictures_when_they_are_cut(room):
    record(room.home, CAMERA, begin_ns=room.clock.now_ns() - 20 * SECOND_NS)
    room.start()
    desk = room.desk()
    incident = opened(desk)
    thread_id = f"{incident}:KR-119:1"
    assert isinstance(
        desk.do(do.DraftHandoff(incident_id=incident, agencies=("KR-119",), text="hurry")), do.Accepted
    )
    first = page(desk, thread_id)
    assert first.draft is not None
    assert (first.key, first.draft.text, first.draft.agency) == (thread_id, "hurry", "KR-119")
    desk.until(lambda: desk.board.state.threads[thread_id].evidence_ns, "the pictures", 30)
    later = page(desk, thread_id)
    assert (later.pictures, len(later.stills) >= 1) == ("ready", True)
    assert later.stills[0].jpeg.startswith(b"\xff\xd8")
    assert later.draft is not None
    assert len(later.draft.stills) == len(later.stills)
    assert later.clip is not None
    assert later.draft.clip is not None


def test_a_caller_is_in_the_draft_and_in_the_message_and_never_on_the_log(room):
    room.start()
    desk = room.desk()
    incident = opened(desk)
    where = desk.board.state.incidents[incident].place
    who = ReportContact(report_id="", name="이영수", phone="010-1234-5678")
    ContactBook(room.home).keep("token-0001", who)
    intake = room.gateway("intake", "intake")
    told = ReportTold(token="token-0001", service="facility", place=Place(
        name=same_words("gate"), position=Position(lat=where.position.lat, lon=where.position.lon)
    ), told_at_ns=room.clock.now_ns(), has_contact=True)  # fmt: skip
    told = msgspec.structs.replace(told, service=next(iter(room.profile.reports.services)))
    intake.report(ReportSent(uid="token-0001", told=told))
    assert intake.wait_taken(10)
    desk.until(lambda: desk.board.state.reports, "the report")
    report_id = next(iter(desk.board.state.reports))
    desk.do(do.LinkReport(report_id=report_id, incident_id=incident))
    desk.do(do.DraftHandoff(incident_id=incident, agencies=("KR-119",)))
    thread_id = f"{incident}:KR-119:1"
    shown = page(desk, thread_id)
    assert shown.draft is not None
    assert [(one.name, one.number) for one in shown.draft.callers] == [("이영수", "010-1234-5678")]
    page(desk, thread_id)
    desk.do(do.SendDraft(thread_ids=(thread_id,)))
    reader = LedgerReader.open(room.home / "ledger" / "ledger.db")
    try:
        (row,) = reader.outbox()
        assert b"010-1234-5678" in row.message
        kinds = [one.event for one in reader.entries()]
        assert "010-1234" not in msgspec.json.encode(kinds).decode()
        read = [one for one in kinds if type(one).__name__ == "ReportContactRead"]
        assert [(one.report_id, one.purpose) for one in read] == [(report_id, f"hand-off {thread_id}")]
    finally:
        reader.close()


class SetClock(SystemClock):
    """Both clocks of the hub, moved by a test."""

    wall_s = mono_s = 0.0

    def now_ns(self) -> int:
        return super().now_ns() + int(self.wall_s * SECOND_NS)

    def mono_ns(self) -> int:
        return super().mono_ns() + int(self.mono_s * SECOND_NS)


def test_a_wall_clock_that_is_set_makes_nothing_silent_and_raises_nothing(room, monkeypatch):
    monkeypatch.setattr("console.hub.hub.HEALTH_EVERY_NS", SECOND_NS // 20)
    room.clock = SetClock()
    room.start()
    desk = room.desk()
    incident = opened(desk)
    desk.do(do.HandOffIncident(incident_id=incident, agency="KR-119"))
    thread_id = f"{incident}:KR-119:1"

    def told() -> list[str]:
        return [one.level for one in desk.board.state.threads[thread_id].told]

    def beat() -> None:
        for _ in range(2):  # the beginning of the second one says that the first was done
            due = room.hub._health_due_ns
            desk.until(lambda due=due: room.hub._health_due_ns != due, "the hub to look once more")

    beat()  # it has begun to count
    for wall_s in (3600.0, -3600.0):
        room.clock.wall_s = wall_s
        beat()
        assert told() == []
    for seconds, levels in ((6, ["amber"]), (31, ["amber", "red"]), (61, ["amber", "red", "card"])):
        room.clock.mono_s = seconds
        desk.until(lambda levels=levels: told() == levels, f"{levels} after {seconds} s")
    assert standing(desk.board.state.threads[thread_id]).rung == "queued"


class Courier:
    """What the hub gives a courier, and ways to say what a partner says."""

    pictures = may_have = None

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.dropped: list[str] = []
        self.kept: list[bool] = []

    def start(self) -> str:
        return "https://127.0.0.1:1/handoff"

    def stop(self) -> None:
        pass

    def remember(self, agency: str, key: str) -> None:
        pass

    def enqueue(self, row) -> None:
        self.rows.append(row.message_id)

    def drop(self, message_ids) -> None:
        self.dropped += message_ids


def test_a_full_disk_sends_nothing_and_takes_no_answer_and_both_are_done_once_there_is_room(
    room, monkeypatch, expected_logs
):
    expected_logs("disk that holds the record is full")
    courier = Courier()
    hub = room.start(courier=courier)
    desk = room.desk()
    incident = opened(desk)
    thread_id = f"{incident}:KR-119:1"
    desk.do(do.DraftHandoff(incident_id=incident, agencies=("KR-119",)))
    append, full = Ledger.append, {"now": True}

    def failing(self, *args, **kwargs):
        if full["now"]:
            raise LedgerUnavailable("full")
        return append(self, *args, **kwargs)

    monkeypatch.setattr(Ledger, "append", failing)
    refused = desk.do(do.SendDraft(thread_ids=(thread_id,)))
    assert isinstance(refused, do.Refused)
    assert (refused.code, courier.rows) == ("ledger_unavailable", [])
    full["now"] = False
    assert isinstance(desk.do(do.SendDraft(thread_ids=(thread_id,))), do.Accepted)
    assert courier.rows == [thread_id]

    def says(message_id: str) -> None:
        statement = Statement(message_id=message_id, said="accepted", said_at_ns=room.clock.now_ns(),
                              heard_ns=room.clock.now_ns())  # fmt: skip
        report = PartnerReport(agency="KR-119", key=thread_id, statement=statement)
        hub._courier_report(report, courier.kept.append)

    asked = EvidenceAsked(
        agency="KR-119", thread_id=thread_id, at_ns=room.clock.now_ns(), name="a.jpg", camera_id=CAMERA,
        form="still", from_ns=1, to_ns=1, sha256="ab" * 32, size=9,
    )  # fmt: skip

    def fetches(at_s: float) -> bool:
        """Whether the picture may leave."""
        may: list[bool] = []
        at_ns = asked.at_ns + int(at_s * SECOND_NS)
        hub._courier_report(msgspec.structs.replace(asked, at_ns=at_ns), may.append)
        desk.until(lambda: may, "the hub to say whether a picture may leave")
        return may[0]

    full["now"] = True
    assert not fetches(0)
    full["now"] = False
    assert [fetches(at_s) for at_s in (1, 2, 3, 65)] == [True] * 4
    desk.until(
        lambda: [one.times for one in desk.board.state.threads[thread_id].fetched] == [4], "the provisions"
    )
    assert not hub.provisions._again

    full["now"] = True
    says("m1")
    desk.until(lambda: courier.kept == [False], "the answer to be refused")
    full["now"] = False
    says("m1")
    says("m1")
    desk.until(lambda: courier.kept == [False, True, True], "the answer to be kept")
    desk.until(lambda: standing(desk.board.state.threads[thread_id]).rung == "accepted", "the acceptance")
    assert len(desk.board.state.threads[thread_id].statements) == 1


def test_what_is_given_up_is_taken_from_the_courier_once_that_is_on_disk(room):
    courier = Courier()
    room.start(courier=courier)
    desk = room.desk()
    incident = opened(desk)
    thread_id = f"{incident}:KR-119:1"
    desk.do(do.HandOffIncident(incident_id=incident, agency="KR-119"))
    desk.do(do.UpdateHandoff(thread_id=thread_id, text="more"))
    assert courier.rows == [thread_id, f"{thread_id}:u1"]
    assert isinstance(desk.do(do.GiveUpHandoff(thread_id=thread_id, reason="by phone")), do.Accepted)
    assert courier.dropped == [thread_id, f"{thread_id}:u1"]
    with LedgerReader.open(room.home / "ledger" / "ledger.db") as reader:
        assert reader.outbox() == []
