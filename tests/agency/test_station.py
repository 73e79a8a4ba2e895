"""What the agency does with a message and a decision: one case for one key, everything kept, nothing
twice.
"""

from __future__ import annotations

import hashlib
import sqlite3
import typing

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from console.agency.case import REACHES, Act, may
from console.agency.station import ActRefused, Station
from console.agency.store import Store, StoreError
from console.clock import SteppedClock
from console.handoff import rules
from console.handoff.cap import CapAlert, build, parse, reference_to
from console.handoff.thread.checker import PartnerLine, read_lines
from console.model.base import Position
from tests.handoff.samples import answer, message, request

KEY = "SW-000001:KR-112:1"
REASONS = ("bad-location", "bad-type", "too-old", "duplicate", "not-ours", "other")


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "KR-112" / "store.db", "KR-112")
    yield store
    store.close()


@pytest.fixture
def station(store):
    return Station(store, "KR-112", "KR-112", SteppedClock())


def further(kind: str, key: str = KEY, note: str = "오인 신고", **changes) -> bytes:
    """An Update or Cancel of the console about a case."""
    said = {
        "identifier": f"{key}-{kind}", "sender": "console", "sent": "2026-03-20T18:47:40+09:00",
        "status": "Exercise", "msg_type": kind, "scope": "Private", "addresses": "KR-112",
        "code": ("handoff:v1",), "note": note, "references": f"console,{key},2026-03-20T18:46:40+09:00",
        "incidents": "SW-000001",
    }  # fmt: skip
    return build(CapAlert(**(said | changes)))


def kept(store) -> list[tuple]:
    return store.base.rows("SELECT direction, status, body FROM message ORDER BY id")


def test_a_hand_off_becomes_a_case_with_a_number_and_a_receipt(station):
    status, body = station.take(message())
    assert status == 200
    receipt = parse(body)
    assert rules.check_handoff(receipt) == []
    assert rules.status_of(receipt) == "received"
    assert rules.case_of(receipt) == "KR-112-000001"
    assert receipt.references == str(reference_to(parse(message())))
    (case,) = station.cases()
    assert (case.key, case.number, case.stage, case.body) == (KEY, "KR-112-000001", "received", message())


def test_the_same_bytes_again_get_the_same_receipt_and_no_second_case(station):
    first, second = station.take(message()), station.take(message())
    assert first == second
    assert len(station.cases()) == 1
    assert (station.taken, station.again) == (1, 1)


def test_the_same_bytes_after_a_restart_get_the_same_receipt(tmp_path):
    answers = []
    for _ in range(2):
        store = Store(tmp_path / "store.db", "KR-112")
        station = Station(store, "KR-112", "KR-112", SteppedClock())
        answers.append(station.take(message()))
        assert len(station.cases()) == 1
        store.close()
    assert answers[0] == answers[1]


def test_the_same_key_with_another_content_is_refused_and_the_case_is_unchanged(station):
    station.take(message())
    status, body = station.take(message(text="another text"))
    assert status == 409
    assert parse(body).msg_type == "Error"
    assert "came before with other content" in parse(body).note
    assert [case.body for case in station.cases()] == [message()]


def test_another_revision_is_another_case(station):
    station.take(message())
    station.take(message(key="SW-000001:KR-112:2"))
    assert [case.number for case in station.cases()] == ["KR-112-000002", "KR-112-000001"]


def test_everything_is_kept_verbatim_the_refused_too(station, store):
    spoilt = message()[:-40]
    for body in (message(), spoilt, b"garbage"):
        station.take(body)
    station.act(KEY, "accept")
    rows = kept(store)
    assert [(row[0], row[1]) for row in rows] == [("in", 200), ("in", 400), ("in", 400), ("out", 0)]
    assert [bytes(row[2]) for row in rows[:3]] == [message(), spoilt, b"garbage"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"<html/>", "not a CAP 1.2 alert"),
        (build(request(addresses="KR-119")), "addresses: 'KR-119' is not KR-112"),
        (build(request(code=())), "handoff:v1 is missing"),
        (build(request(info=())), "info: missing"),
        (build(answer(addresses="KR-112")), "a hand-off is an Alert, not Ack"),
    ],
)
def test_a_message_that_is_no_hand_off_to_us_is_refused_with_an_error_about_it(station, body, said):
    status, error = station.take(body)
    assert status == 400
    assert said in parse(error).note
    assert rules.check_handoff(parse(error)) == []
    assert station.cases() == []


@pytest.mark.needs_shared_data
def test_everything_the_agency_says_is_valid_against_the_public_schema(station, store, valid):
    bodies = [station.take(message())[1], station.take(b"garbage")[1]]
    for act in ("accept", "dispatch", "arrive", "close"):
        station.act(KEY, act, unit="순찰 21", words="처리 <&>")
    bodies += [one.body for one in store.owed()]
    station.take(message(key="SW-000002:KR-112:1"))
    station.act("SW-000002:KR-112:1", "refuse", reason="not-ours")
    bodies += [store.owed()[-1].body]
    assert len(bodies) == 7
    for body in bodies:
        assert valid(body) == ""
        assert rules.check_handoff(parse(body)) == []


def test_a_case_climbs_and_each_word_of_it_is_owed_in_order(station, store):
    station.take(message())
    for act in ("accept", "dispatch", "arrive", "close"):
        station.act(KEY, act)
    said = [parse(one.body) for one in store.owed()]
    assert [rules.status_of(one) for one in said] == ["accepted", "dispatched", "on_scene", "closed"]
    assert [one.msg_type for one in said] == ["Ack", "Update", "Update", "Update"]
    assert len({one.identifier for one in said}) == 4
    first = str(reference_to(parse(message())))
    assert [one.references.split()[0] for one in said] == [first] * 4
    assert said[3].references.split()[1:] == [str(reference_to(one)) for one in said[:3]], "the whole thread"


def test_a_refusal_says_its_reason_and_words(station, store):
    station.take(message())
    case = station.act(KEY, "refuse", reason="not-ours", words="관할 아님")
    assert (case.stage, case.reason) == ("rejected", "not-ours")
    assert rules.split_reason(parse(store.owed()[0].body).note) == ("not-ours", "관할 아님")


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_refusal_without_a_known_reason_is_not_made(station, store, reason):
    station.take(message())
    with pytest.raises(ActRefused, match="needs a reason"):
        station.act(KEY, "refuse", reason=reason)
    assert store.owed() == []
    assert station.cases()[0].stage == "received"


def test_what_does_not_follow_is_not_done(station):
    station.take(message())
    with pytest.raises(ActRefused, match="KR-112-000001 is received; arrive does not follow"):
        station.act(KEY, "arrive")
    with pytest.raises(ActRefused, match="no case 'nothing'"):
        station.act("nothing", "accept")


def test_what_is_owed_outlives_the_process(tmp_path):
    store = Store(tmp_path / "store.db", "KR-112")
    station = Station(store, "KR-112", "KR-112", SteppedClock())
    station.take(message())
    station.act(KEY, "accept")
    body = store.owed()[0].body
    store.close()
    again = Store(tmp_path / "store.db", "KR-112")
    assert [one.body for one in again.owed()] == [body]
    again.settle(again.owed()[0], 200, b"ok")
    assert again.owed() == []
    again.close()


def test_the_store_is_only_its_owners_and_written_through(store, tmp_path):
    assert (tmp_path / "KR-112" / "store.db").stat().st_mode & 0o077 == 0
    assert store.base.row("PRAGMA synchronous") == (2,)
    assert store.base.row("PRAGMA journal_mode") == ("wal",)


def test_a_store_of_a_newer_version_is_not_touched(tmp_path):
    Store(tmp_path / "store.db", "KR-112").close()
    with sqlite3.connect(tmp_path / "store.db") as base:
        base.execute("PRAGMA user_version = 9")
    base.close()
    with pytest.raises(StoreError, match=r"newer version \(9\)"):
        Store(tmp_path / "store.db", "KR-112")


def test_a_file_that_is_no_store_is_an_error_that_names_it(tmp_path):
    (tmp_path / "store.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=r"store\.db cannot be opened"):
        Store(tmp_path / "store.db", "KR-112")


def test_news_of_a_case_is_kept_with_it_and_read(station, store):
    station.take(message())
    first = station.take(further("Update", note="불길이 커짐"))
    assert first[0] == 200
    assert rules.status_of(parse(first[1])) == "received"
    assert station.take(further("Update", note="불길이 커짐")) == first, "the same bytes, the same receipt"
    assert [(one.what, one.words, one.ours) for one in store.talk("KR-112-000001")] == [
        ("update", "불길이 커짐", False)
    ]


def test_news_of_a_case_that_has_not_come_is_to_come_again(station, store):
    assert station.take(further("Update")) == (503, b"")
    assert kept(store) == []
    station.take(message())
    assert station.take(further("Update"))[0] == 200


@pytest.mark.parametrize(
    ("act", "code", "stage", "cancel"),
    [
        ("cancel_accept", "handoff:cancel-accepted", "cancelled", "accepted"),
        ("cancel_refuse", "handoff:cancel-refused", "accepted", "refused"),
    ],
)
def test_a_wish_to_cancel_is_answered_by_a_person(station, store, act, code, stage, cancel):
    station.take(message())
    station.act(KEY, "accept")
    with pytest.raises(ActRefused):
        station.act(KEY, act)
    station.take(further("Cancel"))
    assert station.case(KEY).cancel == "asked"
    assert station.case(KEY).stage == "accepted", "it asks; nothing else happens"
    case = station.act(KEY, act, words="확인함")
    assert (case.stage, case.cancel) == (stage, cancel)
    said = parse(store.owed()[-1].body)
    assert (said.msg_type, code in said.code, said.note) == ("Ack", True, "확인함")
    assert f"{KEY}-Cancel" in said.references


def test_passing_a_case_on_says_to_whom(station, store):
    station.take(message())
    for nobody in ("", "KR-112"):
        with pytest.raises(ActRefused, match="needs the agency it goes to"):
            station.act(KEY, "transfer", to_agency=nobody)
    assert station.act(KEY, "transfer", to_agency="KR-119").passed_to == "KR-119"
    assert "handoff:to:KR-119" in parse(store.owed()[-1].body).code


def test_who_accepts_reads_back_what_was_understood(station, store):
    station.take(message())
    station.act(KEY, "accept")
    info = parse(store.owed()[-1].body).info[0]
    assert info.area[0].circle == ("37.277512,127.016933 0.1",)
    assert {one.value_name: one.value for one in info.event_code}["BONGSU-TYPE"] == "fall"
    heard = replace(station.tongue.understood(message()), code="3", position=Position(lat=37.3, lon=127.0))
    station.act(KEY, "read_back", read_back=heard)
    said = parse(store.owed()[-1].body)
    assert "handoff:note" in said.code
    assert said.info[0].area[0].circle == ("37.300000,127.000000 0.1",)


def test_without_keys_each_delivery_makes_a_case(tmp_path):
    store = Store(tmp_path / "store.db", "KR-112")
    station = Station(store, "KR-112", "KR-112", SteppedClock(), knows_keys=False)
    for _ in range(3):
        assert station.take(message())[0] == 200
    assert [case.key for case in station.cases()] == [KEY] * 3
    assert len({case.number for case in station.cases()}) == 3
    station.act("KR-112-000002", "accept")
    assert [case.stage for case in station.cases()] == ["received", "accepted", "received"]
    store.close()


def lines(folder) -> list[PartnerLine]:
    return read_lines(folder / "ledger.jsonl", PartnerLine)


def test_the_ledger_says_each_thing_once_whatever_was_killed_in_between(tmp_path):
    store = Store(tmp_path / "store.db", "KR-112")
    station = Station(store, "KR-112", "KR-112", SteppedClock())
    station.take(message())
    station.take(message())
    station.take(further("Update"))
    station.act(KEY, "accept")
    store.close()
    whole = lines(tmp_path)
    assert [(one.did, one.what) for one in whole] == [
        ("case", "request"), ("message", "update"), ("said", "accepted"),
    ]  # fmt: skip
    assert {one.case_ref for one in whole} == {"KR-112-000001"}
    data = (tmp_path / "ledger.jsonl").read_bytes()
    for cut in (0, 10, data.index(b"\n") + 1, data.index(b"\n") + 7, len(data) - 1):
        (tmp_path / "ledger.jsonl").write_bytes(data[:cut])
        Store(tmp_path / "store.db", "KR-112").close()
        assert lines(tmp_path) == whole, cut


def test_a_full_disk_takes_nothing_says_so_and_goes_on_when_there_is_room(station, store, expected_logs):
    expected_logs("WARNING bongsu.agency: a message could not be kept", 1)
    station.take(message())
    store.base.fill(True)
    assert station.take(message("SW-000002:KR-112:1", text="긴 글 " * 3000)) == (503, b"")
    with pytest.raises(ActRefused, match="database or disk is full"):
        for _ in range(20):
            station.act(KEY, "note", words="긴 글 " * 300)
    assert len(station.cases()) == 1
    store.base.fill(False)
    assert station.take(message("SW-000002:KR-112:1", text="긴 글 " * 3000))[0] == 200


def test_a_store_of_the_first_version_is_brought_here_with_all_it_holds(tmp_path):
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as base:
        base.executescript(VERSION_1)
        base.execute(
            "INSERT INTO message VALUES (1, 'in', 5, ?, 'console', ?, 'then', 'aa', ?, 200, x'01')",
            (KEY, KEY, message()),
        )
        base.execute(
            "INSERT INTO message VALUES (2, 'out', 6, ?, 'KR-112', 'KR-112-000001-1', 'then', 'bb', x'02', "
            "0, x'')",
            (KEY,),
        )
        base.execute(
            "INSERT INTO \"case\" VALUES (?, 'KR-112-000001', 1, 5, 'accepted', 6, '', '순찰 21')", (KEY,)
        )
        base.execute("INSERT INTO outbox VALUES (1, ?, 2, 1)", (KEY,))
    base.close()
    store = Store(path, "KR-112")
    station = Station(store, "KR-112", "KR-112", SteppedClock())
    (case,) = station.cases()
    assert (case.key, case.number, case.stage, case.unit) == (KEY, "KR-112-000001", "accepted", "순찰 21")
    assert [one.identifier for one in store.owed()] == ["KR-112-000001-1"]
    assert [one.identifier for one in store.thread(KEY)] == [KEY, "KR-112-000001-1"]
    station.act(KEY, "dispatch", unit="순찰 21")
    store.close()


VERSION_1 = """
CREATE TABLE message (id INTEGER PRIMARY KEY, direction TEXT NOT NULL, at_ns INTEGER NOT NULL,
    key TEXT NOT NULL, sender TEXT NOT NULL, identifier TEXT NOT NULL, sent TEXT NOT NULL,
    sha256 TEXT NOT NULL, body BLOB NOT NULL, status INTEGER NOT NULL DEFAULT 0,
    answer BLOB NOT NULL DEFAULT x'');
CREATE INDEX message_name ON message (direction, sender, identifier);
CREATE INDEX message_key ON message (key, id);
CREATE TABLE "case" (key TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE,
    message_id INTEGER NOT NULL REFERENCES message (id), came_ns INTEGER NOT NULL, stage TEXT NOT NULL,
    changed_ns INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '', unit TEXT NOT NULL DEFAULT '')
    WITHOUT ROWID;
CREATE INDEX case_open ON "case" (came_ns) WHERE stage NOT IN ('closed', 'rejected');
CREATE TABLE outbox (id INTEGER PRIMARY KEY, key TEXT NOT NULL REFERENCES "case" (key),
    message_id INTEGER NOT NULL REFERENCES message (id), copies INTEGER NOT NULL DEFAULT 1);
PRAGMA user_version = 1;
"""


class AnyUse(RuleBasedStateMachine):
    """Deliveries of any kind and acts of any kind, in any order, with restarts in between."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.receipts: dict[str, bytes] = {}
        self.stages: dict[str, str] = {}
        self.said = 0
        self._open()

    def _open(self):
        from pathlib import Path

        self.store = Store(Path(self.folder.name) / "store.db", "KR-112")
        self.station = Station(self.store, "KR-112", "KR-112", SteppedClock())

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    @rule(number=st.integers(1, 4), text=st.sampled_from(["one", "two"]))
    def deliver(self, number, text):
        key = f"SW-{number}:KR-112:1"
        body = message(key, text=text)
        status, said = self.station.take(body)
        name = f"{key} {hashlib.sha256(body).hexdigest()}"
        if key not in self.stages:
            assert status == 200
            self.receipts[name], self.stages[key] = said, "received"
        elif name in self.receipts:
            assert (status, said) == (200, self.receipts[name])
        else:
            assert status == 409

    @rule(body=st.binary(max_size=60))
    def deliver_garbage(self, body):
        assert self.station.take(body)[0] == 400

    @rule(number=st.integers(1, 5), kind=st.sampled_from(["Update", "Cancel"]))
    def tell(self, number, kind):
        key = f"SW-{number}:KR-112:1"
        status, _ = self.station.take(further(kind, key))
        assert status == (200 if key in self.stages else 503)

    @rule(number=st.integers(1, 5), act=st.sampled_from(typing.get_args(Act)))
    def act(self, number, act):
        key = f"SW-{number}:KR-112:1"
        can = key in self.stages and act in may(self.station.case(key))
        stage = self.stages.get(key)
        try:
            self.station.act(key, act, reason="other", words="x", to_agency="KR-119")
        except ActRefused:
            assert not can
            return
        assert can
        self.stages[key] = stage if act == "dispatch" and stage == "on_scene" else REACHES.get(act, stage)
        self.said += 1

    @rule()
    def restart(self):
        self.store.close()
        self._open()

    @invariant()
    def one_case_for_one_key_at_its_stage(self):
        assert {case.key: case.stage for case in self.station.cases()} == self.stages
        assert len({case.number for case in self.station.cases()}) == len(self.stages)

    @invariant()
    def every_word_is_owed_once(self):
        assert len(self.store.owed()) == self.said


TestAnyUse = AnyUse.TestCase
TestAnyUse.settings = __import__("hypothesis").settings(
    max_examples=15, stateful_step_count=25, deadline=None
)
