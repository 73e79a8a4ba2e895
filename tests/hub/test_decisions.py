"""The decision lane: committed before anyone hears, answered once, the same for everybody."""

from __future__ import annotations

import uuid

from console.desk.inbound import EntryCame
from console.desk.link import HubLink
from console.ledger import Ledger, LedgerReader, LedgerUnavailable
from console.model import commands as do
from console.model import query as q
from console.model import state as fold
from console.model.base import same_words
from console.model.fact import ConditionSeen, SignalSeen
from tests.guards.waiting import until as wait_until


def fall(uid: str = "1", device: str = "CAM-PARK-0001") -> SignalSeen:
    return SignalSeen(uid=uid, type="fall", at_ns=1, device_id=device, detail=same_words("down"))


def test_a_fact_becomes_an_incident_on_every_desk(room):
    room.start()
    desks = [room.desk("desk-1"), room.desk("desk-2", "Lee")]
    gate = room.gateway()
    gate.report(fall())
    assert gate.wait_taken(10)
    for desk in desks:
        desk.until(lambda desk=desk: desk.board.state.incidents, "the incident")
    assert fold.digest(desks[0].board.state) == fold.digest(desks[1].board.state)


def test_what_a_desk_hears_is_already_on_the_disk(room):
    room.start()
    desk = room.desk()
    gate = room.gateway()
    reader = LedgerReader.open(room.home / "ledger" / "ledger.db")
    try:
        for number in range(20):
            gate.report(fall(str(number)))
        heard = []

        def listen() -> bool:
            while desk.board.inbox:
                record = desk.board.inbox.popleft()
                if isinstance(record, EntryCame) and record.entry.cause.actor == "gateway:gate":
                    page = reader.log(q.AskLog(filter=q.LogFilter(), limit=1000))
                    assert record.entry in page.entries
                    heard.append(record.entry)
            return len(heard) >= 20

        wait_until(listen, "twenty signals")
    finally:
        reader.close()


def test_the_same_fact_sent_again_is_one_fact_also_after_a_restart(room):
    room.start()
    gate = room.gateway()
    gate.report(fall())
    assert gate.wait_taken(10)
    gate.report(fall())
    assert gate.wait_taken(10)
    room.stop()
    hub = room.start()
    gate.report(fall())
    assert gate.wait_taken(20)
    with LedgerReaderOf(room) as reader:
        page = reader.log(q.AskLog(filter=q.LogFilter(kinds=("signal.received",))))
    assert len(page.entries) == 1
    assert hub.sequencer.state.incident_count == 1


def test_a_command_asked_twice_is_done_once_and_answered_alike_also_after_a_restart(room):
    room.start()
    desk = room.desk()
    gate = room.gateway()
    gate.report(fall())
    desk.until(lambda: desk.board.state.incidents, "the incident")
    (incident,) = desk.board.state.incidents
    command = do.AddNote(incident_id=incident, text="seen")
    request = do.Request(id=uuid.uuid4().hex, desk="desk-1", person="Kim", sent_ns=1, command=command)
    answers = []

    def ask() -> None:
        before = len(desk.board.answers)
        desk.link._out.put(request)
        desk.until(lambda: len(desk.board.answers) > before, "an answer")
        answers.append(desk.board.answers[-1][1])

    ask()
    ask()
    run = room.hub.run_id
    room.stop()
    room.start()
    desk.until(lambda: desk.board.link == "live" and desk.board.state.run != run, "the desk on the new run")
    ask()
    assert isinstance(answers[0], do.Accepted)
    assert answers[0] == answers[1] == answers[2]
    assert len(desk.board.state.incidents[incident].notes) == 1


def test_a_late_desk_gets_the_state_the_values_and_what_follows(room):
    room.start()
    gate = room.gateway()
    early = room.desk("desk-1")
    gate.report(fall())
    early.until(lambda: early.board.state.incidents, "the incident")
    late = room.desk("desk-2", "Lee")
    assert late.board.state.incidents == early.board.state.incidents
    gate.report(fall("2", "CAM-PLZ-0001"))
    late.until(lambda: len(late.board.state.incidents) == 2, "the next incident")


class Forgetful(HubLink):
    """A link that loses every third entry on the way, and every heartbeat but one in two."""

    heard = 0

    def _decision_message(self, frames: list[bytes]) -> None:
        Forgetful.heard += 1
        if frames[0] != b"h/" and Forgetful.heard % 3 == 0:
            return
        super()._decision_message(frames)


def test_lost_entries_are_noticed_and_healed(room):
    room.start()
    whole, lossy = room.desk("desk-1"), room.desk("desk-2", "Lee", kind=Forgetful)
    gate = room.gateway()
    for number in range(60):
        gate.report(fall(str(number), f"CAM-PARK-{number % 30 + 1:04d}"))
    assert gate.wait_taken(20)
    whole.until(lambda: whole.board.state.seq == room.hub.sequencer.state.seq, "the whole log")
    lossy.until(
        lambda: lossy.board.link == "live"
        and fold.digest(lossy.board.state) == fold.digest(whole.board.state),
        "the lossy desk to be healed",
    )


def test_a_last_entry_lost_with_nothing_after_it_is_healed_by_the_heartbeat(room):
    class Deaf(HubLink):
        drop = False

        def _decision_message(self, frames: list[bytes]) -> None:
            if frames[0] == b"h/" or not Deaf.drop:
                super()._decision_message(frames)

    room.start()
    desk = room.desk(kind=Deaf)
    gate = room.gateway()
    Deaf.drop = True
    gate.report(fall())
    desk.until(lambda: desk.board.state.incidents, "the incident, by a snapshot")


def test_a_restarted_hub_has_its_state_and_desks_come_back_by_themselves(room):
    room.start()
    desk = room.desk()
    gate = room.gateway()
    gate.report(fall())
    desk.until(lambda: desk.board.state.incidents, "the incident")
    (incident,) = desk.board.state.incidents
    assert isinstance(desk.do(do.AcknowledgeIncident(incident_id=incident)), do.Accepted)
    before, run = fold.digest(desk.board.state), room.hub.run_id
    room.stop()
    room.start()
    desk.until(lambda: desk.board.state.run not in ("", run) and desk.board.link == "live", "the new run")
    assert fold.digest(desk.board.state) == before


def test_a_full_disk_refuses_the_command_in_words_and_nothing_has_happened(room, monkeypatch, expected_logs):
    expected_logs("disk that holds the record is full")
    room.start()
    desk = room.desk()
    gate = room.gateway()
    gate.report(fall())
    desk.until(lambda: desk.board.state.incidents, "the incident")
    (incident,) = desk.board.state.incidents
    append = Ledger.append
    full = {"now": True}

    def failing(self, *args, **kwargs):
        if full["now"]:
            raise LedgerUnavailable("full")
        return append(self, *args, **kwargs)

    monkeypatch.setattr(Ledger, "append", failing)
    answer = desk.do(do.AcknowledgeIncident(incident_id=incident))
    assert isinstance(answer, do.Refused)
    assert answer.code == "ledger_unavailable"
    assert "full" in answer.reason.en and "디스크" in answer.reason.ko
    desk.until(lambda: desk.board.health is not None and not desk.board.health.ledger_ok, "the red state")
    assert room.hub.sequencer.state.incidents[incident].stage == "new"
    gate.report(fall("2", "CAM-PLZ-0001"))
    full["now"] = False
    assert gate.wait_taken(15)  # the gateway kept the fact and sent it again
    assert isinstance(desk.do(do.AcknowledgeIncident(incident_id=incident)), do.Accepted)
    desk.until(lambda: desk.board.health.ledger_ok, "the state to be good again")
    desk.until(lambda: len(desk.board.state.incidents) == 2, "the second incident")
    assert fold.digest(desk.board.state) == fold.digest(room.hub.sequencer.state)


def test_a_camera_may_be_shown_only_once_the_view_is_on_the_record(room):
    room.start()
    desk = room.desk()
    answer = desk.do(do.StartViewing(camera_ids=("CAM-PARK-0001",), purpose="patrol"))
    with LedgerReaderOf(room) as reader:
        page = reader.log(q.AskLog(filter=q.LogFilter(kinds=("viewing.started",))))
    assert isinstance(answer, do.Accepted)
    assert page.entries[0].seq == answer.seq
    refused = desk.do(do.StartViewing(camera_ids=("CAM-PARK-0001",), purpose=" "))
    assert isinstance(refused, do.Refused) and refused.code == "no_purpose"


def test_a_look_into_the_record_is_itself_on_the_record(room):
    room.start()
    desk = room.desk()
    asked = desk.link.ask(q.AskLog(filter=q.LogFilter(kinds=("hub.started",))))
    desk.until(lambda: asked in desk.board.pages, "the page")
    page = desk.board.take_page(asked)
    assert [entry.event.city for entry in page.page.entries] == ["suwon"]
    with LedgerReaderOf(room) as reader:
        read = reader.log(q.AskLog(filter=q.LogFilter(kinds=("log.read",))))
    assert "hub.started" in read.entries[0].event.query


def test_the_head_of_the_record_is_the_newest_entry_on_disk_with_the_chains_hash(room):
    room.start()
    desk = room.desk()
    desk.do(do.StartViewing(camera_ids=("CAM-PARK-0001",), purpose="patrol"))
    seen = {"camera_ids": ("CAM-PARK-0001",), "from_ns": 1, "to_ns": 2}
    accepted = desk.do(do.ExportFootage(export_id="E1", **seen, form="clip", copies=("masked",), reason="r"))
    asked = desk.link.ask(q.AskHead())
    desk.until(lambda: asked in desk.board.pages, "the head")
    head = desk.board.take_page(asked).page
    assert isinstance(accepted, do.Accepted)
    with LedgerReaderOf(room) as reader:
        known = reader.head()
    assert (head.seq, head.hash, head.run) == (known.seq, known.hash, known.run)
    assert head.seq >= accepted.seq


def test_a_desk_that_goes_silent_has_left(room):
    room.start()
    desk = room.desk()
    other = room.desk("desk-2", "Lee")
    desk.until(lambda: set(desk.board.state.desks) == {"desk-1", "desk-2"}, "both desks")
    other.link.close()
    desk.until(lambda: set(desk.board.state.desks) == {"desk-1"}, "desk-2 to have left", 20)


def test_a_device_fault_reported_by_a_desk_is_a_fact_for_all(room):
    room.start()
    desk, other = room.desk(), room.desk("desk-2", "Lee")
    why = same_words("the same picture for 5 s")
    desk.do(do.ReportCamera(camera_id="CAM-JCT-0002", condition="degraded", why=why))
    other.until(lambda: "CAM-JCT-0002" in other.board.state.devices, "the fault")
    assert next(iter(other.board.state.incidents.values())).type == "camera_fault"
    desk.do(do.ReportCamera(camera_id="CAM-JCT-0002", condition="up", why=same_words("it moves")))
    other.until(lambda: "CAM-JCT-0002" not in other.board.state.devices, "the end of the fault")


def test_a_condition_from_a_gateway_is_decided_once(room):
    hub = room.start()
    gate = room.gateway()
    for number in range(3):
        gate.report(
            ConditionSeen(
                uid=str(number), device_id="LAMP-0001", condition="down", at_ns=1, why=same_words("dark")
            )
        )
    assert gate.wait_taken(10)
    assert hub.sequencer.state.devices["LAMP-0001"].condition == "down"
    with LedgerReaderOf(room) as reader:
        page = reader.log(q.AskLog(filter=q.LogFilter(kinds=("device.condition_changed",))))
    assert len(page.entries) == 1


class LedgerReaderOf:
    """A reader of the room's ledger, closed at the end."""

    def __init__(self, room) -> None:
        self._reader = LedgerReader.open(room.home / "ledger" / "ledger.db")

    def __enter__(self) -> LedgerReader:
        return self._reader

    def __exit__(self, *_: object) -> None:
        self._reader.close()
