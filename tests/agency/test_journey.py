"""The hand-off between real processes: the console's courier here, the agency over there.

The ways a partner can fail by name are in tests/journeys/test_partner_journey.py, with a whole hub.
"""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import msgspec
import pytest

from console.handoff import rules, tls
from console.handoff.cap import parse
from console.handoff.courier import Courier
from console.handoff.profile import handoff_profile
from console.handoff.thread import inputs
from console.handoff.thread.figures import ladder
from console.handoff.thread.steps import begin, step
from console.model.fact import DeliveryReport, PartnerLinkSeen, PartnerMessageBad, PartnerReport
from console.model.ladder import Essence
from console.model.threadstanding import standing
from tests.agency.control_room import REPO, ControlRoom
from tests.guards.waiting import until
from tests.handoff.samples import PLACE, Hub, row

pytestmark = pytest.mark.journey

KEY = "SW-000001:KR-112:1"
TIMES = msgspec.structs.replace(
    handoff_profile().times, retry_first_s=0.1, retry_most_s=0.3, heartbeat_s=0.2
)


class Console:
    """The console's side: a real courier, and the run file from which the agency learns its door."""

    def __init__(self, home, known=()) -> None:
        self.home = home
        self.hub = Hub()
        self.keys = home / "keys" / "handoff"
        tls.ensure_authority(self.keys, ["KR-112", "KR-119"])
        self.courier = Courier(home / "partners.toml", self.keys, self.hub.report, times=TIMES, known=known)

    def start(self) -> None:
        url = self.courier.start()
        (self.home / "run").mkdir(exist_ok=True)
        (self.home / "run" / "hub.json").write_text(json.dumps({"partner_door": url}))

    def said(self) -> list[str]:
        return [one.statement.said for one in self.hub.of(PartnerReport)]

    def wait_for(self, *said: str, timeout_s: float = 30.0) -> None:
        until(lambda: set(said) <= set(self.said()), self.hub.told, timeout_s)

    def received(self) -> DeliveryReport:
        return until(lambda: self.hub.of(DeliveryReport, outcome="received"), self.hub.told, 30)[0]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def console(home):
    home.mkdir()
    console = Console(home)
    yield console
    console.courier.stop()


@pytest.fixture
def police(home):
    room = ControlRoom(home)
    yield room
    if room.process is not None:
        room.kill()


def climbed(console) -> list[str]:
    """Where the thread stands after each report."""
    sent = inputs.Queued(at_ns=1, message_id=KEY)
    thread = step(begin(inputs.Drafted(
        at_ns=1, id=KEY, incident_id="SW-000001", agency="KR-112", revision=1, person="kim",
        essence=Essence(type="fall", code="1", position=PLACE.position),
    )), sent, ladder()).thread  # fmt: skip
    rungs = []
    for report in console.hub.reports:
        if not isinstance(report, DeliveryReport | PartnerReport) or report.key != KEY:
            continue
        if isinstance(report, PartnerReport):
            said = inputs.PartnerSaid(statement=report.statement)
        elif report.outcome == "sent":
            said = inputs.BytesLeft(at_ns=2, attempt=report.attempt)
        else:
            said = inputs.Receipt(at_ns=2, message_id=KEY, case_ref=report.agency_ref)
        thread = step(thread, said, ladder()).thread
        rungs.append(standing(thread).rung)
    return rungs


def test_the_whole_ladder_is_climbed(console, police):
    console.start()
    police.start()
    console.courier.enqueue(row())
    console.wait_for("closed")
    assert climbed(console) == ["sent", "received", "accepted", "assigned", "on_scene", "closed"]
    assert console.received().agency_ref == "KR-112-000001"
    assert police.cases() == [(KEY, "KR-112-000001", "closed")]
    assert console.hub.of(PartnerReport)[1].statement.unit == "순찰 21"
    assert not console.hub.of(PartnerMessageBad)
    until(lambda: police.ask("SELECT count(*) FROM outbox") == [(0,)], "everything to be confirmed")


@pytest.mark.needs_shared_data
def test_every_message_of_both_sides_is_valid_against_the_public_schema(console, police, valid):
    console.start()
    police.start()
    console.courier.enqueue(row())
    console.wait_for("closed")
    until(lambda: police.ask("SELECT count(*) FROM outbox") == [(0,)], "everything to be confirmed")
    rows = police.ask("SELECT body, answer FROM message ORDER BY id")
    messages = [bytes(part) for pair in rows for part in pair]
    assert len(messages) == 10, "the hand-off, its receipt, four words and their receipts"
    for data in messages:
        assert valid(data) == ""
        assert rules.check_handoff(parse(data)) == []


def test_a_partner_that_is_down_at_the_start_gets_it_when_it_comes(console, police):
    console.start()
    console.courier.enqueue(row())
    until(lambda: console.hub.of(PartnerLinkSeen, up=False), console.hub.told)
    police.start()
    console.wait_for("closed")
    assert [one.outcome for one in console.hub.of(DeliveryReport)] == ["sent", "received"]
    assert len(police.cases()) == 1
    assert [one.up for one in console.hub.of(PartnerLinkSeen)] == [False, True]


def test_a_power_cut_at_the_agency_in_the_middle_loses_nothing_and_makes_no_second_case(console, police):
    console.start()
    police.start()
    console.courier.enqueue(row())
    console.wait_for("accepted")
    police.kill()
    first_url = police.url
    until(lambda: console.hub.of(PartnerLinkSeen, up=False), console.hub.told)
    police.start()
    assert police.url != first_url
    console.wait_for("accepted", "assigned", "on_scene", "closed")
    assert police.cases() == [(KEY, "KR-112-000001", "closed")]
    until(lambda: [one.up for one in console.hub.of(PartnerLinkSeen)][-2:] == [False, True], console.hub.told)


def test_a_power_cut_between_commit_and_receipt_makes_no_second_case(console, police):
    """The agency has the case on disk and dies before it can say so; the same bytes come again."""
    console.start()
    police.start("slow", "slow_s = 60.0", accept=30.0)
    console.courier.enqueue(row())
    until(police.cases, "the case to be on the agency's disk")
    police.kill()
    assert not console.hub.of(DeliveryReport, outcome="received")
    police.start()
    console.wait_for("closed")
    assert console.received().agency_ref == "KR-112-000001"
    assert police.cases() == [(KEY, "KR-112-000001", "closed")]
    assert police.ask("SELECT count(*) FROM message WHERE direction = 'in'") == [(1,)]


def test_a_delivery_that_comes_twice_makes_one_case(console, police, home):
    """A second courier, as after a restart whose outbox still had the row, sends the same bytes."""
    console.start()
    police.start()
    console.courier.enqueue(row())
    console.received()
    again = Hub()
    courier = Courier(home / "partners.toml", console.keys, again.report, times=TIMES)
    courier.start()
    try:
        courier.enqueue(row())
        second = until(lambda: again.of(DeliveryReport, outcome="received"), again.told)[0]
    finally:
        courier.stop()
    assert second.agency_ref == console.received().agency_ref
    assert len(police.cases()) == 1


def test_two_deliveries_at_the_same_moment_make_one_case(console, police):
    police.start()
    parts, body = urlsplit(police.url), row().message
    context = tls.client_context(console.keys, "console")
    answers: list[tuple[int, bytes]] = []

    def deliver() -> None:
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=context, timeout=20)
        connection.request("POST", "/handoff", body)
        response = connection.getresponse()
        answers.append((response.status, response.read()))
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert len(police.cases()) == 1


def test_a_console_with_a_wrong_certificate_is_not_listened_to(console, police, tmp_path):
    police.start()
    tls.ensure_authority(tmp_path / "other", ["KR-112"])
    stranger = tmp_path / "other"
    (stranger / "authority.crt").write_bytes(
        (console.keys / "authority.crt").read_bytes()
    )  # it trusts the agency
    hub = Hub()
    courier = Courier(console.home / "partners.toml", stranger, hub.report, times=TIMES)
    courier.start()
    try:
        courier.enqueue(row())
        until(lambda: hub.of(PartnerLinkSeen, up=False), hub.told)
        assert not hub.of(DeliveryReport, outcome="received")
    finally:
        courier.stop()
    assert police.ask("SELECT count(*) FROM message") == [(0,)]


def test_another_agencys_certificate_opens_no_case_either(console, police):
    police.start()
    parts = urlsplit(police.url)
    context = tls.client_context(console.keys, "KR-119")
    connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=context, timeout=20)
    connection.request("POST", "/handoff", row().message)
    assert connection.getresponse().status == 403
    connection.close()
    assert police.cases() == []


def test_a_console_that_comes_later_or_moves_gets_what_was_said_meanwhile(console, police, home):
    console.start()
    police.start(accept=0.6)
    console.courier.enqueue(row())
    console.received()
    console.courier.stop()
    until(lambda: police.cases()[0][2] == "closed", "the agency to go on without the console")
    assert police.ask("SELECT count(*) FROM outbox") == [(4,)]
    second = Console(home, known=[("KR-112", KEY)])
    second.start()
    try:
        assert second.courier.door_url != console.courier.door_url
        second.wait_for("closed")
    finally:
        second.courier.stop()
    assert second.said() == ["accepted", "assigned", "on_scene", "closed"]


def test_a_message_the_console_refuses_for_good_does_not_block_the_next(console, police, home):
    """The console has forgotten the first case (an old backup was put back); the second must still be
    heard.
    """
    console.start()
    police.start(accept=0.6)
    console.courier.enqueue(row())
    console.received()
    console.courier.stop()
    until(lambda: police.cases()[0][2] == "closed", "the agency to go on without the console")
    second = Console(home)
    second.start()
    try:
        second.courier.enqueue(row("SW-000002:KR-112:1"))
        second.wait_for("closed")
        assert {one.key for one in second.hub.of(PartnerReport)} == {"SW-000002:KR-112:1"}
        assert len(second.hub.of(PartnerMessageBad)) == 4
    finally:
        second.courier.stop()


def test_police_and_fire_each_have_their_own_case_of_one_incident(console, police, home):
    fire = ControlRoom(home, "KR-119")
    console.start()
    police.start()
    fire.start()
    try:
        console.courier.enqueue(row())
        console.courier.enqueue(row("SW-000001:KR-119:1", "KR-119"))
        until(lambda: console.said().count("closed") == 2, console.hub.told, 30)
        assert fire.cases() == [("SW-000001:KR-119:1", "KR-119-000001", "closed")]
        assert police.cases() == [(KEY, "KR-112-000001", "closed")]
    finally:
        fire.kill()


def test_twenty_hand_offs_survive_three_power_cuts_with_one_case_each(console, police):
    console.start()
    police.start()
    keys = [f"SW-{number:06d}:KR-112:1" for number in range(20)]
    for number, key in enumerate(keys):
        console.courier.enqueue(row(key))
        if number in (4, 9, 14):
            until(lambda: police.cases(), "a first case")
            police.kill()
            police.start()
    until(
        lambda: {
            one.key for one in console.hub.of(PartnerReport) if one.statement.said == "closed"
        } == set(keys),
        console.hub.told,
        60,
    )
    assert sorted(case[0] for case in police.cases()) == keys
    assert {one.key for one in console.hub.of(DeliveryReport, outcome="received")} == set(keys)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_agency_cleanly(console, police, number):
    police.start()
    assert police.end(number) == (0, "")


def test_an_agency_that_waits_for_its_certificates_starts_when_they_come(home, police):
    police.start(ready=False)
    until(lambda: police.home.exists(), "the agency's folder")
    tls.ensure_authority(home / "keys" / "handoff", ["KR-112"])
    until(police.is_ready, police.told, 30)
    assert police.end() == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--as", "113"], 2, "invalid choice"),
        (["--as", "112", "--id", "../x"], 2, "an agency id is"),
        (["--as", "112", "--answers", "perhaps"], 2, "there are ack_lost"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong(home, arguments, code, said):
    answer = subprocess.run(
        [sys.executable, "-m", "console.agency.command", "--headless", "--home", str(home), *arguments],
        cwd=REPO, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert answer.returncode == code
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_taken_port_and_a_readable_key_are_said_in_one_line(console, police, home):
    police.start()
    port = str(urlsplit(police.url).port)

    def second(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                sys.executable, "-m", "console.agency.command", "--as", "119", "--headless", "--home",
                str(home),
                *more,
            ],
            cwd=REPO, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    answer = second("--port", port)
    assert (answer.returncode, "address already in use" in answer.stderr) == (1, True), answer.stderr
    (console.keys / "KR-119.key").chmod(0o644)
    answer = second()
    assert (answer.returncode, "KR-119.key can be read by others" in answer.stderr) == (1, True), (
        answer.stderr
    )
    assert answer.stderr.count("\n") == 1


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_thousand_hand_offs_under_power_cuts_make_exactly_a_thousand_cases(console, police):
    console.start()
    police.start()
    keys = [f"SW-{number:06d}:KR-112:1" for number in range(1000)]
    for number, key in enumerate(keys):
        console.courier.enqueue(row(key))
        if number % 100 == 99:
            police.kill()
            police.start()
    until(
        lambda: {one.key for one in said(console, "closed")} == set(keys),
        lambda: f"{len(said(console, 'closed'))} of {len(keys)} closed",
        900,
    )
    assert sorted(case[0] for case in police.cases()) == keys
    for said in ("accepted", "assigned", "on_scene", "closed"):
        assert len({one.key for one in console.hub.of(PartnerReport, said=said)}) == 1000
