"""The courier with real sockets and real certificates: what the line does to a hand-off, and what the
hub is told.
"""

from __future__ import annotations

import random
import socket
import threading

import msgspec
import pytest

from console.handoff import tls
from console.handoff.courier import Courier, CourierError
from console.handoff.partners import write_partners
from console.handoff.profile import handoff_profile
from console.model.fact import DeliveryReport, PartnerLinkSeen, PartnerMessageBad
from tests.guards.waiting import until
from tests.handoff.partner import Partner
from tests.handoff.samples import Hub, row

FAST = msgspec.structs.replace(
    handoff_profile().times, retry_first_s=0.02, retry_most_s=0.05, heartbeat_s=0.05,
    answer_s=1.0,
    connect_s=1.0, commit_s=1.0,
)  # fmt: skip


@pytest.fixture
def scene(tmp_path, keys):
    """Makes couriers and partners of a test and ends them."""
    made: list = []

    class Scene:
        book = tmp_path / "partners.toml"

        def courier(self, hub: Hub, **options) -> Courier:
            courier = Courier(
                self.book, options.pop("keys", keys), hub.report, times=FAST, rng=random.Random(1), **options
            )
            made.append(courier.stop)
            courier.start()
            return courier

        def partner(self, mode="good", agency="KR-112", certificate="", keys=keys) -> Partner:
            partner = Partner(keys, agency, mode, certificate)
            made.append(partner.close)
            write_partners(self.book, {agency: partner.url})
            return partner

    yield Scene()
    for end in reversed(made):
        end()


def received(hub: Hub):
    return until(lambda: hub.of(DeliveryReport, outcome="received"), hub.told)


def test_a_hand_off_arrives_with_the_exact_bytes_of_its_row(scene):
    partner, hub = scene.partner(), Hub()
    courier = scene.courier(hub)
    courier.enqueue(row())
    received(hub)
    assert partner.taken == [row().message]
    assert [one.outcome for one in hub.of(DeliveryReport)] == ["sent", "received"]
    until(lambda: hub.of(PartnerLinkSeen, up=True), hub.told)


def test_rows_given_before_the_start_are_delivered(scene, keys):
    partner, hub = scene.partner(), Hub()
    courier = Courier(scene.book, keys, hub.report, times=FAST)
    courier.enqueue(row())
    courier.start()
    try:
        received(hub)
    finally:
        courier.stop()
    assert partner.taken == [row().message]


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("html", "not a CAP 1.2 alert"), ("empty", "message: is empty"), ("too_large", "too large"),
        ("status_201", "HTTP 201"), ("redirect", "HTTP 307"), ("another_sender", "sender: 'KR-119'"),
        ("another_message", "another message"), ("accepts_at_once", "Ack is not a receipt"),
        ("error", "refused: no"),
        ("entities", "DOCTYPE"), ("not_http", "not HTTP"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_receipt_is_counted_told_and_tried_again_with_the_same_bytes(scene, mode, said):
    partner, hub = scene.partner(mode), Hub()
    courier = scene.courier(hub)
    courier.enqueue(row())
    bad = until(lambda: hub.of(PartnerMessageBad), hub.told)
    assert said in bad[0].problem
    assert bad[0].agency == "KR-112"
    until(lambda: len(partner.taken) >= 3, hub.told)
    assert not hub.of(DeliveryReport, outcome="received")
    partner.mode = "good"
    received(hub)
    assert set(partner.taken) == {row().message}
    assert courier.counts()["bad_answers"] >= 2


@pytest.mark.parametrize("mode", ["busy", "hangs_up"])
def test_a_partner_that_cannot_now_is_asked_again_without_blame(scene, mode):
    partner, hub = scene.partner(mode), Hub()
    scene.courier(hub).enqueue(row())
    until(lambda: len(partner.taken) >= 3, hub.told)
    assert not hub.of(PartnerMessageBad)
    partner.mode = "good"
    received(hub)


def test_a_partner_that_is_not_there_is_told_and_gets_it_when_it_comes(scene, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        write_partners(scene.book, {"KR-112": f"https://127.0.0.1:{free.getsockname()[1]}/handoff"})
    hub = Hub()
    scene.courier(hub).enqueue(row())
    until(lambda: hub.of(PartnerLinkSeen, up=False), hub.told)
    scene.partner()
    received(hub)
    until(lambda: hub.of(PartnerLinkSeen, up=True), hub.told)


def test_the_certificate_of_another_agency_is_refused_before_a_byte_is_sent(scene):
    """Both certificates are good and say localhost; only the party's name tells them apart."""
    partner, hub = scene.partner(agency="KR-112", certificate="KR-119"), Hub()
    courier = scene.courier(hub)
    courier.enqueue(row())
    until(lambda: hub.of(PartnerLinkSeen) and hub.of(PartnerMessageBad), hub.told)
    assert partner.taken == []
    assert "certificate" in hub.of(PartnerMessageBad)[0].problem
    assert "did not prove who it is" in hub.of(PartnerLinkSeen)[0].why.en


def test_the_certificate_of_another_authority_is_refused_before_a_byte_is_sent(scene, tmp_path):
    tls.ensure_authority(tmp_path / "other", ["KR-112"])
    partner, hub = scene.partner(keys=tmp_path / "other"), Hub()
    scene.courier(hub).enqueue(row())
    until(lambda: hub.of(PartnerLinkSeen, up=False), hub.told)
    assert partner.taken == []


def test_a_partner_without_tls_is_refused(scene):
    with socket.create_server(("127.0.0.1", 0)) as plain:
        plain.settimeout(5)
        write_partners(scene.book, {"KR-112": f"https://127.0.0.1:{plain.getsockname()[1]}/handoff"})

        def speak() -> None:
            try:
                while True:
                    connection, _ = plain.accept()
                    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    connection.close()
            except OSError:
                pass  # closed by the test

        thread = threading.Thread(target=speak)
        thread.start()
        hub = Hub()
        courier = scene.courier(hub)
        courier.enqueue(row())
        until(lambda: hub.of(PartnerLinkSeen, up=False), hub.told)
        courier.stop()
        plain.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert not hub.of(DeliveryReport, outcome="sent")


def test_a_partner_that_moves_to_another_port_is_found(scene):
    first, hub = scene.partner("busy"), Hub()
    scene.courier(hub).enqueue(row())
    until(lambda: first.taken, hub.told)
    first.close()
    second = scene.partner()
    received(hub)
    assert set(second.taken) == {row().message}


def test_two_agencies_get_their_own_and_one_down_does_not_hold_the_other(scene):
    police, hub = scene.partner(), Hub()
    courier = scene.courier(hub)
    courier.enqueue(row("SW-000001:KR-119:1", "KR-119"))
    courier.enqueue(row())
    received(hub)
    assert police.taken == [row().message]
    fire = scene.partner(agency="KR-119")
    until(lambda: fire.taken, hub.told)
    assert len(police.taken) == 1


def test_a_stop_in_the_middle_leaves_nothing_behind_and_claims_nothing(scene):
    scene.partner("busy")
    hub = Hub()
    courier = scene.courier(hub)
    for number in range(20):
        courier.enqueue(row(f"SW-{number}:KR-112:1"))
    until(lambda: courier.waiting == 20, hub.told)
    courier.stop()
    assert not hub.of(DeliveryReport, outcome="received")
    assert not [one for one in threading.enumerate() if one.name == "courier"]
    courier.enqueue(row("SW-99:KR-112:1"))  # too late, and harmless: it is on disk


def test_a_port_that_is_taken_is_an_error_that_says_so(scene, keys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        courier = Courier(scene.book, keys, Hub().report, port=taken.getsockname()[1])
        with pytest.raises(CourierError, match="address already in use"):
            courier.start()


def test_keys_that_are_missing_are_an_error_that_says_so(scene, tmp_path):
    with pytest.raises(CourierError, match=r"console\.crt is missing"):
        Courier(scene.book, tmp_path / "nothing", Hub().report).start()


def test_the_environments_proxy_is_not_asked(scene, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    partner, hub = scene.partner(), Hub()
    scene.courier(hub).enqueue(row())
    received(hub)
    assert partner.taken


def test_a_spoilt_partners_file_is_said_and_the_last_good_one_holds(scene):
    partner, hub = scene.partner(), Hub()
    courier = scene.courier(hub)
    scene.book.write_text("[partners")
    until(lambda: courier.book_problem, "the problem to be seen")
    courier.enqueue(row())
    received(hub)
    assert partner.taken


def test_a_fault_in_the_hubs_own_report_is_logged_and_the_hand_off_arrives_all_the_same(
    scene, keys, expected_logs
):
    expected_logs(r"ERROR bongsu\.courier: the courier failed; it begins again", count=1)
    partner, hub = scene.partner(), Hub()
    broken = [True]

    def report(said, done):
        if isinstance(said, DeliveryReport) and said.outcome == "received" and broken:
            broken.clear()
            raise RuntimeError("a fault of the hub")
        hub.report(said, done)

    courier = Courier(scene.book, keys, report, times=FAST)
    courier.start()
    try:
        courier.enqueue(row())
        received(hub)
    finally:
        courier.stop()
    assert partner.taken == [row().message] * 2
    assert courier.counts()["faults"] == 1
