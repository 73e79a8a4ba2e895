"""Carrying a hand-off: the same bytes until the receipt is on disk, and every trouble said once,
without waiting.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import msgspec
import pytest

from console.clock import SteppedClock
from console.handoff.delivery import Delivery
from console.handoff.line import Tried
from console.handoff.partners import partner_link
from console.handoff.profile import handoff_profile
from console.handoff.reports import Reporter
from console.model.fact import DeliveryReport, PartnerLinkSeen, PartnerMessageBad
from tests.handoff.samples import Hub, row

TIMES = handoff_profile().times
LINK = partner_link("KR-112", "https://127.0.0.1:1/handoff")


class Stepped:
    """A sleeper whose time a test lets pass. `asked` are the pauses that were asked for, in order."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[float] = []
        self._sleeping: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        future = asyncio.get_running_loop().create_future()
        self._sleeping.append((self.now + seconds, future))
        await future

    async def pass_(self, seconds: float) -> None:
        """Let time pass, waking sleepers in their order and letting each run before the next."""
        until = self.now + seconds
        await settle()
        while True:
            self._sleeping = [one for one in self._sleeping if not one[1].done()]
            due = min(self._sleeping, key=lambda one: one[0], default=None)
            if due is None or due[0] > until:
                break
            self.now = due[0]
            due[1].set_result(None)
            await settle()
        self.now = until


async def settle() -> None:
    """Let everything that can run, run."""
    for _ in range(25):
        await asyncio.sleep(0)


class Line:
    """A line that answers what it is told: one `Tried` after another, the last one for ever."""

    def __init__(self, *answers: Tried) -> None:
        self.answers = list(answers)
        self.sent: list[bytes] = []
        self.hold: asyncio.Event | None = None

    async def post(self, link, message, about, left) -> Tried:
        self.sent.append(message)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.kind not in ("unreachable", "certificate"):
            left()
        if self.hold is not None:
            await self.hold.wait()
        return answer

    async def alive(self, link) -> Tried:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


RECEIVED = Tried(kind="received", agency_ref="KR-112-000001")
DOWN = Tried(kind="unreachable")
SILENT = Tried(kind="silent")
GARBAGE = Tried(kind="garbage", detail="HTTP 200, line 1: XML: is not well-formed")


class Scene:
    def __init__(self, *answers: Tried, hub: Hub | None = None, links=None) -> None:
        self.line = Line(*answers)
        self.hub = hub or Hub()
        self.sleeper = Stepped()
        self.counts: Counter[str] = Counter()
        self.links = {"KR-112": LINK} if links is None else links
        times = msgspec.structs.replace(TIMES, commit_s=0.01)
        self.delivery = Delivery(
            self.line, lambda: self.links, Reporter(self.hub.report, times.commit_s), SteppedClock(), times,
            self.sleeper, random.Random(7), self.counts,
        )  # fmt: skip

    def outcomes(self) -> list[str]:
        return [one.outcome for one in self.hub.of(DeliveryReport)]


def play(story) -> None:
    asyncio.run(asyncio.wait_for(story, 20))


def test_a_good_line_is_sent_and_received_once():
    async def story():
        scene = Scene(RECEIVED)
        await scene.delivery.carry(row())
        assert scene.outcomes() == ["sent", "received"]
        assert scene.hub.of(DeliveryReport)[-1].agency_ref == "KR-112-000001"
        assert scene.line.sent == [row().message]
        assert scene.delivery.waiting == 0

    play(story())


def test_the_same_bytes_go_out_1_2_4_8_16_30_seconds_apart_until_the_receipt():
    async def story():
        scene = Scene(*[SILENT] * 7, RECEIVED)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(200)
        await task
        assert scene.line.sent == [row().message] * 8
        pauses = [one for one in scene.sleeper.asked if one != TIMES.stall_s]
        for pause, planned in zip(pauses, (1, 2, 4, 8, 16, 30, 30), strict=True):
            assert planned * 0.8 <= pause <= planned * 1.2

    play(story())


def test_five_seconds_without_a_receipt_stall_it_once_and_it_goes_on_trying():
    async def story():
        scene = Scene(DOWN)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(4.9)
        assert scene.outcomes() == []
        await scene.sleeper.pass_(0.2)
        assert scene.outcomes() == ["stalled"]
        report = scene.hub.of(DeliveryReport)[0]
        assert "No receipt from KR-112 after 5 s" in report.reason.en
        assert "cannot be reached" in report.reason.en
        assert "수신 확인이 없습니다" in report.reason.ko
        before = len(scene.line.sent)
        await scene.sleeper.pass_(600)
        assert scene.outcomes() == ["stalled"]
        assert len(scene.line.sent) > before + 15
        scene.line.answers = [RECEIVED]
        await scene.sleeper.pass_(40)
        await task
        assert scene.outcomes() == ["stalled", "sent", "received"]

    play(story())


def test_a_stall_is_not_undone_by_a_try_that_gets_no_answer_either():
    async def story():
        scene = Scene(DOWN)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(6)
        scene.line.answers = [SILENT]
        await scene.sleeper.pass_(100)
        assert scene.outcomes() == ["stalled"]
        task.cancel()

    play(story())


def test_a_partner_that_takes_the_message_and_says_nothing_stalls_too():
    async def story():
        scene = Scene(RECEIVED)
        scene.line.hold = asyncio.Event()
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(6)
        assert scene.outcomes() == ["sent", "stalled"]
        assert "has not answered yet" in scene.hub.of(DeliveryReport)[-1].reason.en
        scene.line.hold.set()
        await task
        assert scene.outcomes() == ["sent", "stalled", "received"]

    play(story())


def test_a_garbage_answer_is_counted_told_and_tried_again():
    async def story():
        scene = Scene(GARBAGE, GARBAGE, RECEIVED)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(4)
        await task
        bad = scene.hub.of(PartnerMessageBad)
        assert [one.problem for one in bad] == ["garbage: HTTP 200, line 1: XML: is not well-formed"] * 2
        assert scene.counts["garbage"] == scene.counts["bad_answers"] == 2
        assert scene.outcomes() == ["sent", "received"]

    play(story())


def test_a_partner_that_refuses_the_message_itself_needs_a_person_at_once():
    async def story():
        scene = Scene(Tried(kind="refused", detail="identifier: came before with other content"))
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await settle()
        assert scene.outcomes() == ["sent", "stalled"]
        assert "came before with other content" in scene.hub.of(DeliveryReport)[-1].reason.ko
        assert len(scene.hub.of(PartnerMessageBad)) == 1
        task.cancel()

    play(story())


def test_a_wrong_certificate_is_told_once_and_no_byte_was_sent():
    async def story():
        scene = Scene(Tried(kind="certificate", detail="self-signed certificate"))
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(60)
        assert scene.outcomes() == ["stalled"]
        assert "did not prove who it is" in scene.hub.of(DeliveryReport)[0].reason.en
        assert [one.problem for one in scene.hub.of(PartnerMessageBad)] == [
            "certificate: self-signed certificate"
        ]
        assert scene.counts["certificate"] > 3
        task.cancel()

    play(story())


def test_an_agency_without_an_address_waits_and_goes_when_it_has_one():
    async def story():
        links = {}
        scene = Scene(RECEIVED, links=links)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(6)
        assert scene.outcomes() == ["stalled"]
        assert "partners.toml" in scene.hub.of(DeliveryReport)[0].reason.en
        links["KR-112"] = LINK
        scene.delivery.wake("KR-112")
        await task
        assert scene.outcomes() == ["stalled", "sent", "received"]

    play(story())


def test_a_line_that_comes_up_is_used_at_once_and_not_after_the_pause():
    async def story():
        scene = Scene(DOWN)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(100)
        now = scene.sleeper.now
        scene.line.answers = [RECEIVED]
        scene.delivery.note("KR-112", Tried(kind="alive"))
        await settle()
        assert task.done()
        assert scene.sleeper.now == now

    play(story())


def test_a_receipt_that_the_disk_refuses_is_told_again_without_asking_the_partner_again():
    async def story():
        hub = Hub(keep=False)
        scene = Scene(RECEIVED, hub=hub)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(4)
        assert scene.outcomes().count("received") >= 2
        assert not task.done()
        assert len(scene.line.sent) == 1
        hub.keep = True
        await scene.sleeper.pass_(40)
        await task
        assert scene.counts["receipts_not_kept"] >= 2

    play(story())


def test_a_row_under_way_is_not_carried_twice():
    async def story():
        scene = Scene(DOWN)
        first = asyncio.ensure_future(scene.delivery.carry(row()))
        await settle()
        await scene.delivery.carry(row())
        assert len(scene.line.sent) == 1
        assert scene.delivery.waiting == 1
        first.cancel()

    play(story())


def test_an_outbox_row_that_is_no_message_of_ours_stalls_and_the_rest_goes_on():
    async def story():
        scene = Scene(RECEIVED)
        await scene.delivery.carry(msgspec.structs.replace(row(), message=b"damaged", handoff_id="H9"))
        await scene.delivery.carry(row())
        assert scene.outcomes() == ["stalled", "sent", "received"]
        assert scene.hub.of(DeliveryReport)[0].handoff_id == "H9"
        assert scene.counts["unreadable_rows"] == 1

    play(story())


def test_the_line_is_told_up_and_down_only_when_it_changes():
    async def story():
        scene = Scene(Tried(kind="alive"), Tried(kind="alive"), DOWN, DOWN, SILENT, Tried(kind="alive"))
        task = asyncio.ensure_future(scene.delivery.heartbeat("KR-112"))
        await scene.sleeper.pass_(40)
        seen = scene.hub.of(PartnerLinkSeen)
        assert [one.up for one in seen] == [True, False, True]
        assert "cannot be reached" in seen[1].why.en
        assert set(scene.sleeper.asked) == {TIMES.heartbeat_s}
        task.cancel()

    play(story())


def test_one_lost_heartbeat_is_no_news():
    async def story():
        scene = Scene(Tried(kind="alive"), SILENT, Tried(kind="alive"))
        task = asyncio.ensure_future(scene.delivery.heartbeat("KR-112"))
        await scene.sleeper.pass_(30)
        assert [one.up for one in scene.hub.of(PartnerLinkSeen)] == [True]
        task.cancel()

    play(story())


def test_after_a_long_silence_not_everything_is_thrown_at_the_partner_at_once():
    async def story():
        scene = Scene(RECEIVED)
        scene.line.hold = asyncio.Event()
        tasks = [
            asyncio.ensure_future(scene.delivery.carry(row(f"SW-{number}:KR-112:1"))) for number in range(30)
        ]
        await settle()
        assert len(scene.line.sent) == 8
        scene.line.hold.set()
        await asyncio.gather(*tasks)
        assert len(scene.line.sent) == 30

    play(story())


@pytest.mark.parametrize("kind", ["received", "alive", "busy", "garbage", "refused", "silent", "broken",
                                  "certificate",
                                  "unreachable", "no_address"])  # fmt: skip
def test_every_outcome_has_words_in_both_languages(kind):
    words = Tried(kind=kind, detail="x").words("KR-112")
    assert "KR-112" in words.en
    assert "KR-112" in words.ko
