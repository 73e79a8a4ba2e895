"""Pictures of a hand-off at our door: for the partner it was given to, once it was sent, and nobody else."""

from __future__ import annotations

import msgspec
import pytest

from console.handoff.courier import Courier
from console.handoff.handed import FOLDER, HANDED, Handed, token_of
from console.handoff.partners import write_partners
from console.model.scenepictures import SceneFile, SceneFound
from tests.handoff.conftest import AGENCIES
from tests.handoff.samples import Hub
from tests.handoff.test_door import KEY, TIMES, Knock

PATH = f"/evidence/{token_of(KEY)}"


@pytest.fixture
def courier(tmp_path, keys):
    write_partners(tmp_path / "partners.toml", dict.fromkeys(AGENCIES, "https://127.0.0.1:1/handoff"))
    folder = tmp_path.joinpath(*FOLDER, token_of(KEY))
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(b"\xff\xd8picture")
    (folder / "a.small.jpg").write_bytes(b"small")
    still = SceneFile(camera_id="CAM-1", at_ns=1, name="a.jpg", mime_type="image/jpeg", size=9, sha1="0",
                      sha256="0", small="a.small.jpg")  # fmt: skip
    handed = Handed(thread_id=KEY, key=KEY, agency="KR-112", found=SceneFound(stills=(still,)))
    (folder / HANDED).write_bytes(msgspec.json.encode(handed))
    courier = Courier(tmp_path / "partners.toml", keys, Hub().report, times=TIMES, home=tmp_path)
    courier.start()
    yield courier
    courier.stop()


def test_a_draft_shows_nobody_anything_and_a_sent_one_its_partner(courier, keys):
    police = Knock(courier.door_url, keys)
    assert police.ask("GET", f"{PATH}/a.jpg")[0] == 404
    courier.remember("KR-112", KEY)
    assert police.ask("GET", f"{PATH}/a.jpg") == (200, b"\xff\xd8picture")
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
