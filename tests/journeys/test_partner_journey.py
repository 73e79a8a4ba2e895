"""Every way a partner can fail, between a real hub and a real control room: nothing lost, nothing twice.

One hub and one room for all stories, signed on both sides. The room changes how it fails between them and
keeps its store, so what one story leaves behind would be found by the next.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.handoff.thread.checker import PartnerLine, read_lines
from console.model import commands as do
from console.model.ladder import PartnerThread
from console.model.threadstanding import standing
from console.profile import Profile
from tests.agency.control_room import REPO
from tests.guards.waiting import until
from tests.journeys.conftest import Players, Watcher

pytestmark = pytest.mark.journey

ANSWERS = """
about = "As quick as a test."
mode = "{mode}"
{more}
[units]
KR-112 = ["순찰 21"]
EIDO-ROOM = ["Crew 1"]
[pace]
{pace}
"""
QUICK = "open_s = 0.02\naccept_s = 0.02\ndispatch_s = 0.02\narrive_s = 0.02\nclose_s = 0.02\ncancel_s = 0.02"


class Rooms:
    """The partners' process."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.home / "rooms.out", "ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.roomserver", str(self.home)], cwd=REPO,
                stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, text=True,
                env=dict(os.environ),
            )  # fmt: skip

    def tell(self, line: str) -> None:
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self.close()

    def close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait(20)

    def said(self) -> str:
        return (self.home / "rooms.out").read_text()[-2000:]


class Partner:
    """One room, and its own record as an inspector reads it."""

    def __init__(self, rooms: Rooms, agency: str) -> None:
        self.rooms, self.home, self.agency = rooms, rooms.home, agency
        self._ready = self.home / f"{agency}.json"

    def becomes(self, mode: str, more: str = "", pace: str = QUICK, *, ready: bool = True) -> None:
        """From now on it answers so."""
        path = self.home / f"answers-{self.agency}-{mode}.toml"
        path.write_text(ANSWERS.format(mode=mode, more=more, pace=pace), encoding="utf-8")
        self._ready.unlink(missing_ok=True)
        self.rooms.tell(f"{self.agency} {path}")
        if ready:
            until(self._ready.exists, self.rooms.said, 30)

    def ask(self, query: str, *values: object) -> list[tuple]:
        base = sqlite3.connect(
            f"file:{self.home / 'agency' / self.agency / 'store.db'}?mode=ro", uri=True, timeout=5
        )
        try:
            return base.execute(query, values).fetchall()
        finally:
            base.close()

    def cases(self, thread_id: str) -> list[str]:
        """The stages of the cases of one key."""
        return [row[0] for row in self.ask('SELECT stage FROM "case" WHERE key = ?', thread_id)]

    def lines(self, key: str) -> list[PartnerLine]:
        path = self.home / "agency" / self.agency / "ledger.jsonl"
        return [one for one in read_lines(path, PartnerLine) if one.key == key]


class Stage:
    """A hub, a desk without a window, and partners."""

    def __init__(self, players: Players) -> None:
        self.players, self.home = players, players.home
        self.desk: Watcher
        self.rooms = Rooms(self.home)
        self.partners = {agency: Partner(self.rooms, agency) for agency in ("KR-112", "EIDO-ROOM")}

    def begin(self) -> None:
        seeds = self.home.parent / "seeds"
        (seeds / "cities").mkdir(parents=True)
        for path in (REPO / "seeds").iterdir():
            if path.name != "cities":
                (seeds / path.name).symlink_to(path)
        city = seeds / "cities" / "suwon.toml"
        text = (REPO / "seeds" / "cities" / "suwon.toml").read_text(encoding="utf-8")
        room = '[[agencies]]\nid = "EIDO-ROOM"\nname = { en = "Room", ko = "상황실" }\n'
        room += 'short = { en = "Room", ko = "상황실" }\nkind = "fire"\nnumber = "119"\nsender = "room"\n\n'
        city.write_text(text.replace("[[agencies]]", f"{room}[[agencies]]", 1), encoding="utf-8")
        self.rooms.begin()  # before the hub: it waits for the certificates
        for partner in self.partners.values():
            partner.becomes("normal", ready=False)
        self.hub = self.players.hub("--city", str(city), "--no-recording")
        self.desk = self.players.watcher("desk-1")
        self.desk.until(lambda: self.desk.board.link == "live", "the desk")

    def done(self, command: do.Command) -> None:
        taken = self.desk.do(command)
        assert isinstance(taken, do.Accepted), taken

    def hand_off(self, agency: str = "KR-112") -> str:
        """A new incident, drafted and sent; its thread."""
        state = self.desk.board.state
        known, camera = set(state.incidents), next(iter(self.players.profile.cameras))
        self.done(do.OpenIncident(type="person_down", camera_id=camera, text="쓰러진 사람"))
        self.desk.until(lambda: set(self.desk.board.state.incidents) - known, "the incident")
        (incident_id,) = set(self.desk.board.state.incidents) - known
        self.done(do.DraftHandoff(incident_id=incident_id, agencies=(agency,), text="의식 없음"))
        self.desk.until(lambda: self.threads(incident_id), "the draft")
        (thread,) = self.threads(incident_id)
        self.done(do.SendDraft(thread_ids=(thread.id,)))
        return thread.id

    def threads(self, incident_id: str) -> list[PartnerThread]:
        return [one for one in self.desk.board.state.threads.values() if one.incident_id == incident_id]

    def thread(self, thread_id: str) -> PartnerThread:
        return self.desk.board.state.threads[thread_id]

    def rung(self, thread_id: str) -> str:
        return standing(self.thread(thread_id)).rung

    def said(self, thread_id: str) -> list[str]:
        return [one.said for one in self.thread(thread_id).statements]

    def until_rung(self, thread_id: str, rung: str) -> PartnerThread:
        self.desk.until(lambda: self.rung(thread_id) == rung, f"{rung}; {thread_id}", 15)
        return self.thread(thread_id)

    def until(self, true, what: str) -> None:
        self.desk.until(true, what, 15)

    def both_agree(self, thread_id: str, stage: str, agency: str = "KR-112") -> None:
        """One case there, and every statement that was made is on our record once."""
        partner = self.partners[agency]
        assert partner.cases(self.thread(thread_id).key) == [stage]
        made = [one.message_id for one in partner.lines(self.thread(thread_id).key) if one.did == "said"]
        self.until(lambda: len(self.thread(thread_id).statements) >= len(made), "all that was said")
        heard = [one.message_id for one in self.thread(thread_id).statements]
        assert sorted(heard) == sorted(made)
        assert len(set(heard)) == len(heard)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, suwon: Profile) -> Iterator[Stage]:
    players = Players(tmp_path_factory.mktemp("partner") / "home", suwon)
    opened = Stage(players)
    try:
        opened.begin()
        yield opened
    finally:
        opened.rooms.close()
        players.close()


def flags(thread: PartnerThread) -> set[str]:
    return {one.what for one in thread.flags}


@pytest.mark.parametrize("agency", ["KR-112", "EIDO-ROOM"])
def test_each_format_climbs_the_whole_ladder_signed_on_both_sides(stage: Stage, agency: str) -> None:
    stage.partners[agency].becomes("normal")
    thread_id = stage.hand_off(agency)
    thread = stage.until_rung(thread_id, "closed")
    assert stage.said(thread_id)[:5] == ["opened", "accepted", "assigned", "on_scene", "closed"]
    assert thread.statements[1].read_back is not None
    assert thread.statements[2].unit
    assert (flags(thread), thread.attempts, thread.case_ref[: len(agency)]) == (set(), 1, agency)
    assert (stage.home / "keys" / "handoff" / "signers.toml").exists(), "so both sides demanded signatures"
    stage.both_agree(thread_id, "closed", agency)


@pytest.mark.parametrize("agency", ["KR-112", "EIDO-ROOM"])
def test_news_and_a_wish_to_cancel_go_there_and_the_answer_comes_back(stage: Stage, agency: str) -> None:
    stage.partners[agency].becomes("normal", pace="accept_s = 0.02\ncancel_s = 0.02")
    thread_id = stage.hand_off(agency)
    stage.until_rung(thread_id, "accepted")
    stage.done(do.UpdateHandoff(thread_id=thread_id, text="숨을 쉬지 않음"))
    stage.until(lambda: stage.thread(thread_id).updates[0].receipt_ns, "the receipt of the news")
    stage.done(do.CancelHandoff(thread_id=thread_id, reason="오인 신고"))
    stage.until(lambda: "cancel_accepted" in stage.said(thread_id), "the answer")
    key = stage.thread(thread_id).key
    rows = stage.partners[agency].ask(
        "SELECT what, words FROM message WHERE direction = 'in' AND number = "
        "(SELECT number FROM \"case\" WHERE key = ?) ORDER BY id", key,
    )  # fmt: skip
    assert rows[1:] == [("update", "숨을 쉬지 않음"), ("cancel", "오인 신고")]
    stage.both_agree(thread_id, "cancelled", agency)


def test_a_wish_to_cancel_that_is_refused_leaves_the_case(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("normal", 'cancels = "refuse"', "accept_s = 0.02\ncancel_s = 0.02")
    thread_id = stage.hand_off()
    stage.until_rung(thread_id, "accepted")
    stage.done(do.CancelHandoff(thread_id=thread_id, reason="오인 신고"))
    stage.until(lambda: "cancel_refused" in stage.said(thread_id), "the answer")
    assert stage.rung(thread_id) == "accepted"
    stage.both_agree(thread_id, "accepted")


def test_down_is_waited_for(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("down", "down_s = 0.6", ready=False)
    thread_id = stage.hand_off()
    stage.until_rung(thread_id, "closed")
    stage.both_agree(thread_id, "closed")


def test_slow_gets_one_delivery_and_makes_one_case(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("slow", "slow_s = 0.8")
    thread_id = stage.hand_off()
    stage.until(lambda: stage.thread(thread_id).receipt_ns, "the receipt")
    stage.until_rung(thread_id, "closed")
    assert stage.thread(thread_id).attempts == 1
    stage.both_agree(thread_id, "closed")


def test_silent_after_receipt_is_received_and_nothing_more(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("silent_after_receipt")
    thread_id = stage.hand_off()
    thread = stage.until_rung(thread_id, "received")
    assert (thread.statements, thread.case_ref[:6]) == ((), "KR-112")
    stage.both_agree(thread_id, "received")


def test_refuses_says_its_reason(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("refuses", 'reason = "not-ours"\nwords = { KR = "관할 아님" }')
    thread_id = stage.hand_off()
    thread = stage.until_rung(thread_id, "refused")
    assert (thread.statements[-1].reason, thread.statements[-1].words.ko) == ("not-ours", "관할 아님")
    stage.both_agree(thread_id, "rejected")


def test_duplicate_answers_are_heard_once(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("duplicate_answers")
    thread_id = stage.hand_off()
    stage.until_rung(thread_id, "closed")
    stage.both_agree(thread_id, "closed")


def test_out_of_order_ends_where_the_partner_ended(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("out_of_order")
    thread_id = stage.hand_off()
    stage.until(lambda: len(stage.said(thread_id)) == 5, "all five")
    assert stage.rung(thread_id) == "closed"
    stage.both_agree(thread_id, "closed")


@pytest.mark.parametrize("mode", ["garbage", "ack_lost"])
def test_a_receipt_that_is_none_is_asked_for_again(stage: Stage, mode: str) -> None:
    stage.partners["KR-112"].becomes(mode, "times = 1")
    thread_id = stage.hand_off()
    stage.until(lambda: stage.thread(thread_id).receipt_ns, "the receipt")
    stage.until_rung(thread_id, "closed")
    stage.both_agree(thread_id, "closed")


@pytest.mark.parametrize("mode", ["wrong_certificate", "expired_certificate"])
def test_a_certificate_that_proves_nothing_is_given_nothing_until_it_does(stage: Stage, mode: str) -> None:
    partner = stage.partners["KR-112"]
    partner.becomes(mode)
    taken = "SELECT count(*) FROM message WHERE direction = 'in'"
    before = partner.ask(taken)
    thread_id = stage.hand_off()
    stage.until(lambda: _link(stage, "KR-112") is False, "the line to be down")
    assert (stage.rung(thread_id), partner.cases(stage.thread(thread_id).key)) == ("queued", [])
    assert partner.ask(taken) == before, "not one byte of it"
    partner.becomes("normal")
    stage.until_rung(thread_id, "closed")
    stage.both_agree(thread_id, "closed")


def test_late_answers_stand_where_they_were_given(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("late_answers", "late_s = 0.9", "accept_s = 0.02")
    thread_id = stage.hand_off()
    thread = stage.until_rung(thread_id, "accepted")
    said = thread.statements[-1]
    assert said.heard_ns - said.said_at_ns > 800_000_000
    stage.both_agree(thread_id, "accepted")


def test_answers_after_closing_open_nothing_again_and_are_shown(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("answers_after_closing", 'further = { KR = "추가" }')
    thread_id = stage.hand_off()
    stage.until(lambda: len(stage.said(thread_id)) == 7, "what was said after the end")
    assert stage.rung(thread_id) == "closed"
    assert "after_end" in flags(stage.thread(thread_id))
    stage.both_agree(thread_id, "closed")


def test_read_back_differs_is_shown_before_a_car_drives(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("read_back_differs", pace="accept_s = 0.02")
    thread_id = stage.hand_off()
    stage.until_rung(thread_id, "accepted")
    assert flags(stage.thread(thread_id)) == {"read_back"}
    stage.both_agree(thread_id, "accepted")


def test_replayed_copies_are_refused_and_change_nothing(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("replayed")
    thread_id = stage.hand_off()
    stage.until_rung(thread_id, "closed")
    stage.both_agree(thread_id, "closed")
    log = "".join(path.read_text() for path in (stage.home / "log").glob("agency-rooms*"))
    assert "took a copy" not in log


def test_wrong_signature_is_refused_and_the_right_one_taken(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("wrong_signature", "times = 1")
    thread_id = stage.hand_off()
    stage.until_rung(thread_id, "closed")
    stage.both_agree(thread_id, "closed")


def test_disk_full_takes_nothing_until_there_is_room(stage: Stage) -> None:
    stage.partners["KR-112"].becomes("disk_full", "full_s = 0.8")
    thread_id = stage.hand_off()
    stage.until_rung(thread_id, "closed")
    stage.both_agree(thread_id, "closed")


def test_a_partner_killed_between_its_disk_and_its_receipt_makes_no_second_case(stage: Stage) -> None:
    partner = stage.partners["KR-112"]
    partner.becomes("slow", "slow_s = 60.0", "accept_s = 60.0")
    thread_id = stage.hand_off()
    key = stage.thread(thread_id).key
    until(lambda: partner.cases(key), stage.rooms.said)
    stage.rooms.kill()
    stage.rooms.begin()
    partner.becomes("normal")
    stage.until_rung(thread_id, "closed")
    stage.both_agree(thread_id, "closed")


def _link(stage: Stage, agency: str) -> bool | None:
    link = stage.desk.board.state.partners.get(agency)
    return None if link is None else link.up
