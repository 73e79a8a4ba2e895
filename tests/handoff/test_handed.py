"""Pictures of a hand-off at our door: for the partner it was given to, once it was sent, and nobody else.

That it is given is on the record first."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from console.handoff.courier import Courier
from console.handoff.handed import FOLDER, HANDED, Handed, token_of
from console.handoff.partners import write_partners
from console.model.fact import EvidenceAsked, PartnerMessageBad
from console.model.scenepictures import SceneFile, SceneFound
from tests.guards.waiting import until
from tests.handoff.conftest import AGENCIES
from tests.handoff.samples import Hub
from tests.handoff.test_door import KEY, TIMES, Knock

PATH = f"/evidence/{token_of(KEY)}"
PICTURE = b"\xff\xd8picture"


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def courier(tmp_path, keys, hub):
    write_partners(tmp_path / "partners.toml", dict.fromkeys(AGENCIES, "https://127.0.0.1:1/handoff"))
    folder = tmp_path.joinpath(*FOLDER, token_of(KEY))
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(PICTURE)
    (folder / "a.small.jpg").write_bytes(b"small")
    still = SceneFile(camera_id="CAM-1", at_ns=1, name="a.jpg", mime_type="image/jpeg", size=9, sha1="0",
                      sha256=hashlib.sha256(PICTURE).hexdigest(), small="a.small.jpg")  # fmt: skip
    clip = SceneFile(camera_id="CAM-2", at_ns=5, name="b.mp4", mime_type="video/mp4", size=4, sha1="0",
                     sha256=hashlib.sha256(b"clip").hexdigest(), seconds=2.0)  # fmt: skip
    (folder / "b.mp4").write_bytes(b"clip")
    found = SceneFound(stills=(still,), clip=clip)
    handed = Handed(thread_id=KEY, key=KEY, agency="KR-112", found=found)
    (folder / HANDED).write_bytes(msgspec.json.encode(handed))
    courier = Courier(tmp_path / "partners.toml", keys, hub.report, times=TIMES, home=tmp_path)
    courier.start()
    yield courier
    courier.stop()


def test_a_draft_shows_nobody_anything_and_a_sent_one_its_partner(courier, keys):
    police = Knock(courier.door_url, keys)
    assert police.ask("GET", f"{PATH}/a.jpg")[0] == 404
    courier.remember("KR-112", KEY)
    assert police.ask("GET", f"{PATH}/a.jpg") == (200, PICTURE)
    assert courier.counts()["evidence_given"] == 1


@pytest.mark.parametrize(
    "path", ["a.small.jpg", HANDED, "..%2F..%2Fa.jpg", "b.jpg", "%2e%2e/partners.toml", ""]
)
def test_nothing_else_of_the_folder_is_given(courier, keys, path):
    courier.remember("KR-112", KEY)
    assert Knock(courier.door_url, keys).ask("GET", f"{PATH}/{path}")[0] in (404, 403)


def test_another_partner_and_another_thread_are_not_there(courier, keys):
    courier.remember("KR-112", KEY)
    courier.remember("KR-119", KEY)
    assert Knock(courier.door_url, keys, "KR-119").ask("GET", f"{PATH}/a.jpg")[0] == 404
    assert Knock(courier.door_url, keys, "console").ask("GET", f"{PATH}/a.jpg")[0] == 403
    assert Knock(courier.door_url, keys).ask("GET", f"/evidence/{'0' * 32}/a.jpg")[0] == 404
    assert Knock(courier.door_url, keys).ask("GET", "/evidence/x/a.jpg")[0] == 404


def test_what_is_given_is_told_first_with_all_that_the_ledger_needs(courier, keys, hub):
    courier.remember("KR-112", KEY)
    assert Knock(courier.door_url, keys).ask("GET", f"{PATH}/b.mp4") == (200, b"clip")
    (asked,) = hub.of(EvidenceAsked)
    assert (asked.agency, asked.thread_id, asked.name, asked.camera_id) == ("KR-112", KEY, "b.mp4", "CAM-2")
    assert (asked.form, asked.from_ns, asked.to_ns) == ("clip", 5, 5 + 2_000_000_000)
    assert (asked.sha256, asked.address) == (hashlib.sha256(b"clip").hexdigest(), "127.0.0.1")


def test_nothing_leaves_before_it_is_on_the_record_and_it_leaves_then(courier, keys, hub):
    hub.keep = None
    courier.remember("KR-112", KEY)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(Knock(courier.door_url, keys).ask, "GET", f"{PATH}/a.jpg")
        until(lambda: hub.of(EvidenceAsked), "the hub to be asked")
        assert not answer.done() and "evidence_given" not in courier.counts()
        done = next(done for asked, done in list(hub.open) if isinstance(asked, EvidenceAsked))
        done(True)
        assert answer.result(10) == (200, PICTURE)


@pytest.mark.parametrize("keep", [False, None])
def test_a_disk_that_does_not_take_it_or_does_not_answer_in_time_lets_nothing_leave(
    courier, keys, hub, keep
):
    hub.keep = keep
    courier.remember("KR-112", KEY)
    status, body = Knock(courier.door_url, keys).ask("GET", f"{PATH}/a.jpg")
    assert status == 503 and PICTURE not in body
    assert courier.counts()["evidence_not_kept"] == 1 and "evidence_given" not in courier.counts()


def test_what_is_not_what_was_cut_is_neither_told_nor_given(courier, keys, hub, tmp_path):
    courier.remember("KR-112", KEY)
    tmp_path.joinpath(*FOLDER, token_of(KEY), "a.jpg").write_bytes(b"\xff\xd8another")
    assert Knock(courier.door_url, keys).ask("GET", f"{PATH}/a.jpg")[0] == 404
    assert hub.of(EvidenceAsked) == [] and courier.counts()["evidence_damaged"] == 1


def test_a_partner_without_a_basis_is_given_nothing_and_the_room_is_told_once(courier, keys, hub, tmp_path):
    strict = Courier(
        tmp_path / "partners.toml", keys, hub.report, times=TIMES, home=tmp_path, known=[("KR-112", KEY)]
    )
    strict.may_have = lambda agency: False
    strict.start()
    try:
        police = Knock(strict.door_url, keys)
        assert [police.ask("GET", f"{PATH}/a.jpg")[0] for _ in range(2)] == [403, 403]
        assert len(hub.of(PartnerMessageBad, agency="KR-112")) == 1 and hub.of(EvidenceAsked) == []
    finally:
        strict.stop()


def test_who_asks_for_the_head_alone_is_no_provision(courier, keys, hub):
    courier.remember("KR-112", KEY)
    assert Knock(courier.door_url, keys).ask("HEAD", f"{PATH}/a.jpg")[0] == 405
    assert hub.of(EvidenceAsked) == []
