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
        self.headers: list[dict[str, str]] = []
        self.hold: asyncio.Event | None = None

    async def post(self, link, message, headers, judge, left) -> Tried:
        self.sent.append(message)
        self.headers.append(headers)
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
    def __init__(self, *answers: Tried, hub: Hub | None = None, links=None, sign=None) -> None:
        self.line = Line(*answers)
        self.hub = hub or Hub()
        self.sleeper = Stepped()
        self.counts: Counter[str] = Counter()
        self.links = {"KR-112": LINK} if links is None else links
        times = msgspec.structs.replace(TIMES, commit_s=0.01)
        self.delivery = Delivery(
            self.line, lambda: self.links, Reporter(self.hub.report, times.commit_s), SteppedClock(), times,
            self.sleeper, random.Random(7), self.counts, sign,
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
        for pause, planned in zip(scene.sleeper.asked, (1, 2, 4, 8, 16, 30, 30), strict=True):
            assert planned * 0.8 <= pause <= planned * 1.2

    play(story())


def test_who_cannot_be_reached_is_tried_on_and_nothing_is_said_to_have_left():
    async def story():
        scene = Scene(DOWN)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(600)
        assert scene.outcomes() == []
        assert len(scene.line.sent) > 20
        scene.line.answers = [RECEIVED]
        await scene.sleeper.pass_(40)
        await task
        assert scene.outcomes() == ["sent", "received"]

    play(story())


def test_what_a_person_gave_up_is_tried_no_more():
    async def story():
        scene = Scene(SILENT)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(10)
        before = len(scene.line.sent)
        scene.delivery.drop([row().message_id])
        await scene.sleeper.pass_(100)
        await task
        assert len(scene.line.sent) == before
        assert scene.outcomes() == ["sent"]
        assert scene.delivery.waiting == 0

    play(story())


def test_what_was_given_up_while_it_was_on_its_way_may_still_be_confirmed():
    async def story():
        scene = Scene(RECEIVED)
        scene.line.hold = asyncio.Event()
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await settle()
        scene.delivery.drop([row().message_id])
        scene.line.hold.set()
        await task
        assert scene.outcomes() == ["sent", "received"]

    play(story())


def test_each_try_is_signed_anew_for_the_partner():
    async def story():
        signed: list[tuple[bytes, str, str]] = []

        def sign(body: bytes, form: str, receiver: str) -> dict[str, str]:
            signed.append((body, form, receiver))
            return {"Bongsu-Signature": str(len(signed))}

        scene = Scene(SILENT, SILENT, RECEIVED, sign=sign)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(10)
        await task
        assert signed == [(row().message, "bytes", "KR-112")] * 3
        assert [one["Bongsu-Signature"] for one in scene.line.headers] == ["1", "2", "3"]
        assert scene.line.headers[0]["Content-Type"] == "application/cap+xml"

    play(story())


def test_a_garbage_answer_is_counted_told_once_and_tried_again():
    async def story():
        scene = Scene(GARBAGE, GARBAGE, RECEIVED)
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(4)
        await task
        bad = scene.hub.of(PartnerMessageBad)
        assert [one.problem for one in bad] == ["garbage: HTTP 200, line 1: XML: is not well-formed"]
        assert scene.counts["garbage"] == scene.counts["bad_answers"] == 2
        assert scene.outcomes() == ["sent", "received"]

    play(story())


def test_a_partner_that_refuses_the_message_itself_is_told_again_only_when_it_says_something_else():
    async def story():
        refused = Tried(kind="refused", detail="identifier: came before with other content")
        scene = Scene(refused, refused, refused, Tried(kind="refused", detail="something else"))
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(100)
        assert scene.outcomes() == ["sent"]
        assert [one.problem for one in scene.hub.of(PartnerMessageBad)] == [
            "refused: identifier: came before with other content", "refused: something else"
        ]
        task.cancel()

    play(story())


def test_a_wrong_certificate_is_told_once_and_no_byte_was_sent():
    async def story():
        scene = Scene(Tried(kind="certificate", detail="self-signed certificate"))
        task = asyncio.ensure_future(scene.delivery.carry(row()))
        await scene.sleeper.pass_(60)
        assert scene.outcomes() == []
        assert "did not prove who it is" in scene.hub.of(PartnerLinkSeen)[0].why.en
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
        assert "partners.toml" in scene.hub.of(PartnerLinkSeen)[0].why.en
        links["KR-112"] = LINK
        scene.delivery.wake("KR-112")
        await task
        assert scene.outcomes() == ["sent", "received"]

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


def test_an_outbox_row_that_is_no_message_of_ours_is_told_and_the_rest_goes_on():
    async def story():
        scene = Scene(RECEIVED)
        await scene.delivery.carry(msgspec.structs.replace(row(), message=b"damaged", handoff_id="H9"))
        await scene.delivery.carry(row())
        assert scene.outcomes() == ["sent", "received"]
        assert "our own message" in scene.hub.of(PartnerMessageBad)[0].problem
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
