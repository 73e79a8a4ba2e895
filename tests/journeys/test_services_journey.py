"""The linked services as a partner and the room have them: hub, share server, recorder, player, all real.

One stage for all stories: what is granted in one is nobody's in another.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from console.bench.askpictures import AskingPartner, PicturesDenied
from console.clock import SECOND_NS, SystemClock
from console.handoff.handed import FOLDER as HANDED_FOLDER
from console.handoff.handed import HANDED, Handed, token_of
from console.handoff.partners import write_partners
from console.handoff.requests import PictureAnswer
from console.handoff.tls import ensure_authority
from console.ledger import LedgerReader
from console.model import commands as do
from console.model.base import Position
from console.model.events import EvidenceProvided
from console.model.picturerequest import PictureWish, Share
from console.model.share import SharedStretch, ShareRefused, ViewBegan, provision, provision_of
from console.paths import shipped
from console.profile import Profile
from console.share.access import read_access
from console.share.grants import new_token, stream_path
from console.video.book import SourceBook
from console.video.source import Source
from console.wire.rendezvous import read_doors
from tests.guards.waiting import until
from tests.handoff.test_door import Knock
from tests.journeys.conftest import Players, Watcher

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here"),
]
CLIPS = ("plaza_bag", "junction", "school_gate")
PARTNERS = ("KR-112", "KR-119")


class Stage:
    """The room, its partners, and what a player sees of a link."""

    def __init__(self, players: Players) -> None:
        self.players, self.home, self.profile = players, players.home, players.profile
        self.cameras = _cameras_beside_a_road(self.profile)
        self.here = self.profile.devices[self.cameras[0]].place.position
        self.supervisor_desk = next(one.id for one in self.profile.desks.values() if one.role == "supervisor")
        self.operator_desk = next(one.id for one in self.profile.desks.values() if one.role == "operator")
        self._number = 0

    def begin(self) -> None:
        ensure_authority(self.home / "keys" / "handoff", PARTNERS)
        write_partners(self.home / "partners.toml", dict.fromkeys(PARTNERS, "https://127.0.0.1:9/handoff"))
        feeds, now = shipped("assets") / "feeds", SystemClock().now_ns()
        SourceBook(
            {
                camera: Source(kind="file", locator=str(feeds / f"{clip}.mp4"), epoch_ns=now, offset_s=0.0)
                for camera, clip in zip(self.cameras, CLIPS, strict=True)
            },
            roots=[feeds],
        ).save(self.home)
        self.players.start("recorder", "--home", str(self.home))
        self.players.hub()
        self.server = self.players.start("share", "--home", str(self.home), "serve", "--port", "0")
        until(lambda: self.said("recorder").get("writing") == len(CLIPS), self.players.said, 30)
        until(lambda: self.said("share").get("url"), self.players.said, 20)
        self.supervisor = self.players.watcher(self.supervisor_desk)
        self.operator = self.players.watcher(self.operator_desk)
        for watcher in (self.supervisor, self.operator):
            watcher.until(lambda w=watcher: w.board.link == "live", "the desks")

    def said(self, name: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = msgspec.json.decode((self.home / "run" / f"{name}.json").read_bytes())
        except (OSError, msgspec.DecodeError):
            return {}
        return found

    def door(self) -> str:
        doors = read_doors(self.home)
        assert doors is not None
        return doors.partner_door

    def partner(self, agency: str, wire: Any = "eido") -> AskingPartner:
        return AskingPartner(self.home, agency, self.door(), wire)

    def wish(self, service: str, purpose: str, basis: str, **more: Any) -> PictureWish:
        self._number += 1
        told = PictureWish(
            message_id=f"M-{self._number}", service=service, purpose=purpose, legal_basis=basis,
            position=self.here, radius_m=300.0, person="Room 3, Park",
        )
        return msgspec.structs.replace(told, **more)

    def seen(self, share_id: str) -> list[ViewBegan]:
        """The views of a share that are on the hub's record, by the folded state."""
        self.supervisor.board.drain(100.0)
        return [one for one in self.supervisor.board.state.viewing.values() if one.share_id == share_id]

    def share(self, share_id: str) -> Share:
        self.supervisor.board.drain(100.0)
        return self.supervisor.board.state.shares[share_id]


def _cameras_beside_a_road(profile: Profile) -> tuple[str, ...]:
    """Three cameras of the city close together, the first on a main road."""
    from console.rules.city import distance_m

    gate = Position(lat=37.2776, lon=127.0166)
    near = sorted(
        profile.cameras, key=lambda one: distance_m(profile.devices[one].place.position, gate)
    )
    return tuple(near[:3])


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, suwon: Profile) -> Iterator[Stage]:
    players = Players(tmp_path_factory.mktemp("services") / "home", suwon)
    try:
        opened = Stage(players)
        opened.begin()
        yield opened
    finally:
        players.close()


def decoded(link: str) -> float:
    """How long a player takes to show the first picture of a link, seconds. Fails where it shows none."""
    began = time.monotonic()
    words = ["ffmpeg", "-v", "error", "-i", link, "-frames:v", "1", "-f", "null", "-"]
    done = subprocess.run(words, capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def watching(link: str, out: Path) -> subprocess.Popen[bytes]:
    words = ["ffmpeg", "-v", "error", "-i", link, "-c", "copy", "-f", "matroska", "-flush_packets", "1"]
    return subprocess.Popen([*words, str(out)], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def is_dead(link: str) -> bool:
    words = ["ffmpeg", "-v", "error", "-i", link, "-frames:v", "1", "-f", "null", "-"]
    return b"Server returned 4" in subprocess.run(words, capture_output=True, timeout=30).stderr


def live(answer: PictureAnswer) -> str:
    assert answer.state == "granted" and answer.cameras[0].live, answer
    return answer.cameras[0].live


def in_a_moment(what: Any) -> tuple[threading.Thread, list[Any]]:
    """Run something that blocks beside the story; its result is appended."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(what()))
    thread.start()
    return thread, found


def test_emergency_video_for_112_is_there_at_once_and_every_view_is_on_the_record(stage: Stage):
    partner = stage.partner("KR-112", "cap")
    wish = stage.wish("emergency_video", "violent_crime", "act112", case_ref="112-0815", text="Knife")
    answer = partner.ask(wish)
    assert decoded(live(answer)) < 20
    assert answer.cameras[0].why == "sees" and answer.mark == "page"
    assert partner.ask(wish) == answer, "the same message is the same request"
    stage.supervisor.until(lambda: stage.share(answer.share_id).views == 1, "the view on the record")
    (began,) = [
        one.access for one in read_access(stage.home)
        if isinstance(one.access, ViewBegan) and one.access.share_id == answer.share_id
    ]  # fmt: skip
    fields = provision(began)
    assert all(fields) and "Room 3, Park" in fields.recipient and fields.form == "view"
    assert partner.give_back(wish.message_id, "arrested").state == "ended"
    until(lambda: is_dead(live(answer)), "the link to be dead")
    stage.supervisor.until(lambda: not stage.seen(answer.share_id), "the end of the view")


def test_dispatch_support_for_112_shows_cameras_along_the_way_until_one_key_takes_it_back(
    stage: Stage, tmp_path: Path
):
    partner = stage.partner("KR-112")
    answer = partner.ask(
        stage.wish(
            "police_dispatch", "dispatch", "act112", radius_m=500.0,
            from_position=Position(lat=stage.here.lat + 0.01, lon=stage.here.lon),
        )
    )
    assert {one.why for one in answer.cameras} <= {"sees", "way"}
    assert all(one.distance_m <= 500 for one in answer.cameras) and answer.unusable > 0
    assert answer.route is not None and answer.route.length_m > 500
    seen = tmp_path / "seen.mkv"
    player = watching(live(answer), seen)
    stage.operator.until(lambda: stage.seen(answer.share_id), "who looks now")
    until(lambda: seen.exists() and seen.stat().st_size > 20_000, "pictures")
    done = stage.operator.do(do.RevokeShare(share_id=answer.share_id, reason="over"))
    assert isinstance(done, do.Accepted), done
    player.wait(10)
    stage.supervisor.until(lambda: not stage.seen(answer.share_id), "the view to end")
    again = partner.listing()
    assert answer.share_id not in {one.share_id for one in again}


def test_dispatch_support_for_119_tells_the_way_and_shows_the_scene(stage: Stage):
    answer = stage.partner("KR-119", "cap").ask(
        stage.wish(
            "fire_dispatch", "fire", "act119", radius_m=500.0,
            from_position=Position(lat=stage.here.lat - 0.008, lon=stage.here.lon - 0.004),
        )
    )
    assert answer.route is not None and len(answer.route.path) >= 2 and answer.route.roads
    assert decoded(live(answer)) < 20
    stage.supervisor.until(lambda: stage.share(answer.share_id).views == 1, "the view on the record")


def test_disaster_support_waits_for_a_second_person_then_shows_live_and_recorded(stage: Stage):
    now = SystemClock().now_ns()
    stretch = SharedStretch(from_ns=now - 120 * SECOND_NS, to_ns=now + 30 * SECOND_NS)
    partner = stage.partner("KR-119")
    wish = stage.wish("disaster", "response", "disaster74-3", radius_m=1000.0, recorded=stretch)
    assert partner.ask(wish).state == "waiting"
    waiting, found = in_a_moment(lambda: partner.ask(wish, wait_s=15))
    stage.operator.until(lambda: _waiting(stage.operator, wish.message_id), "the request at the desk")
    request = _waiting(stage.operator, wish.message_id)
    assert request.needs == "operator" and request.place.district
    began = time.monotonic()
    done = stage.operator.do(do.ApproveRequest(request_id=request.id))
    assert isinstance(done, do.Accepted), done
    waiting.join(20)
    (answer,) = found
    decoded(live(answer))
    assert time.monotonic() - began < 20
    decoded(answer.cameras[0].recorded)
    stage.supervisor.until(lambda: stage.share(answer.share_id).views == 2, "both views on the record")
    assert stage.share(answer.share_id).officer == "Watcher"


def test_a_search_for_a_vulnerable_person_is_a_supervisors_and_a_refusal_says_why(stage: Stage):
    partner = stage.partner("KR-112", "cap")
    wish = stage.wish("vulnerable", "dementia", "missing9", radius_m=500.0)
    assert (partner.ask(wish).state, partner.ask(wish).needs) == ("waiting", "supervisor")
    stage.operator.until(lambda: _waiting(stage.operator, wish.message_id), "the request at the desk")
    request = _waiting(stage.operator, wish.message_id)
    refused = stage.operator.do(do.ApproveRequest(request_id=request.id))
    assert isinstance(refused, do.Refused) and refused.code == "supervisor_only"
    reason = "A smaller area will do"
    stage.supervisor.do(do.RefuseRequest(request_id=request.id, code="too_wide", reason=reason))
    answer = partner.ask(wish)
    assert answer.state == "refused" and answer.code == "too_wide" and answer.reason.en == reason

    smaller = stage.wish("vulnerable", "dementia", "missing9", radius_m=200.0)
    partner.ask(smaller)
    stage.supervisor.until(lambda: _waiting(stage.supervisor, smaller.message_id), "the second request")
    stage.supervisor.do(do.ApproveRequest(request_id=_waiting(stage.supervisor, smaller.message_id).id))
    answer = partner.ask(smaller, wait_s=5)
    assert answer.mark == "burnt"
    decoded(live(answer))


def _waiting(watcher: Watcher, message_id: str) -> Any:
    watcher.board.drain(100.0)
    requests = watcher.board.state.requests.values()
    return next((one for one in requests if one.waits and one.wish.message_id == message_id), None)


def test_pictures_of_an_incident_are_offered_in_one_act_and_the_partner_finds_them(stage: Stage):
    opened = stage.operator.do(
        do.OpenIncident(type="person_down", camera_id=stage.cameras[0], text="Man down")
    )
    assert isinstance(opened, do.Accepted), opened
    stage.operator.until(lambda: stage.operator.board.state.incidents, "the incident")
    incident = list(stage.operator.board.state.incidents)[-1]
    done = stage.operator.do(do.OfferShare(incident_id=incident, agency="KR-119"))
    assert isinstance(done, do.Accepted), done
    partner = stage.partner("KR-119", "cap")
    until(lambda: any(one.offered for one in partner.listing()), "the offer")
    (offer,) = [one for one in partner.listing() if one.offered]
    assert offer.incident_id == incident
    decoded(live(offer))
    assert partner.give_back(offer.about, "not needed").state == "ended"

    asked = partner.ask(stage.wish("fire_dispatch", "rescue", "act119"))
    assert asked.incident_id == incident, "what is asked about the place belongs to its incident"
    stage.operator.until(
        lambda: "request" in _clues(stage, incident), "the request among its clues"
    )


def test_a_hand_offs_pictures_are_in_the_ledger_of_provisions_before_the_partner_has_them(stage: Stage):
    desk = stage.operator
    opened = desk.do(do.OpenIncident(type="person_down", camera_id=stage.cameras[1], text="Woman down"))
    assert isinstance(opened, do.Accepted), opened
    desk.until(lambda: _incident(desk, stage.cameras[1]), "the incident")
    incident = _incident(desk, stage.cameras[1])
    thread_id = f"{incident}:KR-119:1"
    drafted = desk.do(do.DraftHandoff(incident_id=incident, agencies=("KR-119",)))
    assert isinstance(drafted, do.Accepted), drafted
    desk.until(lambda: desk.board.state.threads[thread_id].evidence_ns, "the pictures", 30)
    folder = stage.home.joinpath(*HANDED_FOLDER, token_of(thread_id))
    still = msgspec.json.decode((folder / HANDED).read_bytes(), type=Handed).found.stills[0]
    door = Knock(stage.door(), stage.home / "keys" / "handoff", "KR-119")
    path = f"/evidence/{token_of(thread_id)}/{still.name}"
    assert door.ask("GET", path)[0] == 404, "a draft is nobody's"
    assert isinstance(desk.do(do.SendDraft(thread_ids=(thread_id,))), do.Accepted)
    assert [door.ask("GET", path) for _ in range(2)] == [(200, (folder / still.name).read_bytes())] * 2
    with LedgerReader.open(stage.home / "ledger" / "ledger.db") as reader:
        provided = [one.event for one in reader.entries() if isinstance(one.event, EvidenceProvided)]
    (told,) = [one.picture for one in provided if one.handoff_id == thread_id]
    ledger = provision_of(told)
    assert all(ledger) and ledger.form == "copy" and ledger.file_name == still.name
    assert (told.sha256, ledger.officer) == (still.sha256, desk.board.state.threads[thread_id].person)


def _incident(watcher: Watcher, camera: str) -> str:
    """The newest open at a camera; "" for none yet."""
    found = [one.id for one in watcher.board.state.incidents.values() if camera in one.camera_ids[:1]]
    return found[-1] if found else ""


def _clues(stage: Stage, incident: str) -> set[str]:
    return {one.source for one in stage.operator.board.state.cases[incident].clues}


def test_what_may_not_be_is_refused_clearly_and_counted(stage: Stage):
    stranger, own = stage.partner("KR-119"), stage.partner("KR-112")
    answer = stranger.ask(stage.wish("emergency_video", "violent_crime", "act112"))
    assert answer.state == "refused" and answer.code == "not_permitted" and not answer.cameras
    wide = stage.wish("emergency_video", "violent_crime", "act112", radius_m=5000.0)
    assert own.ask(wide).code == "radius"
    other = msgspec.structs.replace(wide, radius_m=100.0)
    with pytest.raises(PicturesDenied) as caught:
        own.ask(other)
    assert caught.value.status == 409
    for body, media, status in (
        (b'{"a": 1}', "application/json", 400), (b"hello", "text/plain", 415),
        (b"[" * 100_000, "application/json", 403), (b"{", "application/json", 403),
    ):  # fmt: skip
        with pytest.raises(PicturesDenied) as caught:
            own.post(body, media_type=media)
        assert caught.value.status == status
    foreign = own._wire.request(wide, "KR-119", "console", SystemClock().now_ns())
    with pytest.raises(PicturesDenied) as caught:
        own.post(foreign)
    assert caught.value.status == 403 and "KR-119" in caught.value.said

    message = own._wire.request(wide, "KR-112", "console", SystemClock().now_ns())
    own.post(message)
    copied = own.signature
    for signature, why in ((copied, "replayed"), (copied[:-4] + "AAAA", "malformed")):
        with pytest.raises(PicturesDenied) as caught:
            own.post(message, signature=signature)
        assert caught.value.status == 403
        assert why in caught.value.said or "bad_signature" in caught.value.said
    stage.supervisor.until(
        lambda: stage.supervisor.board.state.partners["KR-112"].refused_messages >= 7, "the count of refusals"
    )

    stage.supervisor.board.drain(100.0)
    before = stage.supervisor.board.state.views_refused
    guess = stage.said("share")["url"] + stream_path(new_token(), "live", stage.cameras[0])
    assert is_dead(guess)
    until(lambda: "unknown" in _refusals(stage.home), "the guess in the access record")
    stage.supervisor.until(
        lambda: stage.supervisor.board.state.views_refused > before, "the guess on the hub's record"
    )


def _refusals(home: Path) -> set[str]:
    return {one.access.why for one in read_access(home) if isinstance(one.access, ShareRefused)}
