"""Asking the city for pictures and playing what it shares: the desk and the player against real doors."""

from __future__ import annotations

import asyncio
import threading

import pytest
from aiohttp import web
from msgspec.structs import replace

from console.agency.asking import PictureDesk
from console.agency.base import Base, StoreError
from console.agency.certificates import contexts
from console.agency.player import Player
from console.agency.seals import Seals
from console.agency.sender import ConsoleDoor
from console.agency.view import Look, PictureForm
from console.clock import SystemClock
from console.handoff import tls
from console.handoff.caprequests import pictures_format
from console.handoff.eido import write_time
from console.handoff.kinds import partner_kinds
from console.handoff.requests import AnsweredCamera, PictureAnswer, Point, RequestsError
from console.model.base import Position, Words
from console.model.picturerequest import PictureWish
from tests.guards.waiting import loop_pause
from tests.share.rig import CAMERA, FEEDS, Recording, Room, now_ns

AGENCY = "KR-112"
FORM = PictureForm(
    service="emergency_video", purpose="violent_crime", legal_basis="act112",
    position=Position(lat=37.277512, lon=127.016933), radius_m=300.0, minutes=10.0, number="KR-112-000001",
    place="팔달문",
)  # fmt: skip
FORMAT = pictures_format("cap")


class City:
    """The console's door for pictures, as a test wants it to answer."""

    def __init__(self, keys) -> None:
        self.keys = keys
        self.came: list[bytes] = []
        self.say = lambda heard: ()
        self.status = 200
        self.url = ""

    async def start(self) -> web.AppRunner:
        async def take(request: web.Request) -> web.Response:
            body = await request.read()
            self.came.append(body)
            if self.status != 200:
                return web.Response(status=self.status, text="the city does not know this service")
            heard = FORMAT.read(body)
            answer = FORMAT.answer(tuple(self.say(heard)), heard, "console", now_ns())
            return web.Response(body=answer, content_type=FORMAT.media_type)

        application = web.Application()
        application.router.add_post("/pictures", take)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server_context(self.keys, "console"))
        await site.start()
        self.url = f"https://127.0.0.1:{runner.addresses[0][1]}/handoff"
        return runner


def answer(heard, state="granted", live="", **said) -> PictureAnswer:
    cameras = ()
    if live:
        camera = AnsweredCamera(
            id=CAMERA, name=Words(en="Gate", ko="정문"), position=Point(lat=37.0, lon=127.0),
            direction_deg=0.0, fov_deg=60.0, distance_m=40.0, why="sees", live=live,
        )  # fmt: skip
        cameras = (camera,)
    told = {
        "about": heard.message_id, "request_id": "R-1", "service": "emergency_video",
        "place": Words(en="gate", ko="문"), "viewer": "경위 김", "purpose": "강력범죄 신고 대응",
        "until": write_time(now_ns() + 600_000_000_000), "cameras": cameras,
    }  # fmt: skip
    return PictureAnswer(state=state, **(told | said))


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "keys" / "handoff"
    tls.ensure_authority(folder, [AGENCY])
    return folder


@pytest.fixture
def base(tmp_path):
    base = Base(tmp_path / "store.db")
    yield base
    base.close()


def play(keys, base, story, **more) -> None:
    """A desk and the city's door on one loop, for the length of `story(desk, city)`."""

    async def whole() -> None:
        city = City(keys)
        runner = await city.start()
        seals = Seals(keys, AGENCY, keys.parent / "seen", SystemClock())
        desk = PictureDesk(
            base, partner_kinds()[AGENCY], AGENCY, AGENCY, "경위 김철수", seals, ConsoleDoor(city.url),
            contexts(keys, AGENCY)[1], SystemClock(), lambda: None, **more,
        )  # fmt: skip
        running = asyncio.ensure_future(desk.run())
        try:
            await story(desk, city)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await runner.cleanup()
            seals.close()

    asyncio.run(whole())


async def until(true, what) -> None:
    try:
        async with asyncio.timeout(10):
            while not true():
                await loop_pause()
    except TimeoutError:
        raise AssertionError(f"waited in vain: {what()}") from None


def test_what_is_asked_says_who_what_for_by_which_law_and_where(keys, base):
    async def story(desk, city):
        desk.ask(FORM, Position(lat=37.3, lon=127.0))
        await until(lambda: city.came, lambda: "the request")
        wish = FORMAT.read(city.came[0]).said
        assert isinstance(wish, PictureWish)
        assert (wish.person, wish.purpose, wish.legal_basis) == ("경위 김철수", "violent_crime", "act112")
        assert (wish.position, wish.radius_m, wish.minutes) == (FORM.position, 300.0, 10.0)
        assert (wish.case_ref, wish.from_position) == ("KR-112-000001", Position(lat=37.3, lon=127.0))

    play(keys, base, story)


def test_the_same_bytes_are_sent_until_it_is_decided_and_links_stay_out_of_the_store(keys, base, tmp_path):
    link = "https://127.0.0.1:9/s/a-secret-token/live/x.mp4"

    async def story(desk, city):
        city.say = lambda heard: (
            answer(heard, "waiting") if len(city.came) < 3 else answer(heard, live=link),
        )
        name = desk.ask(FORM, None)
        await until(lambda: desk.asked()[0].state == "waiting", desk.asked)
        await until(lambda: desk.asked()[0].links, desk.asked)
        assert len(set(city.came)) == 1
        (asked,) = desk.asked()
        assert (asked.id, asked.state, asked.links[0].live) == (name, "granted", link)
        assert desk.begin_look(Look(asked=name, camera=CAMERA, form="recorded")) is None
        looking = desk.begin_look(Look(asked=name, camera=CAMERA, form="live"))
        assert (looking.url, looking.mark) == (link, f"경위 김 · {name}")
        desk.end_look(looking.id, "left", 12)

    play(keys, base, story)
    (row,) = base.rows("SELECT viewer, purpose, host, camera, form, pictures, why FROM viewing")
    assert row == ("경위 김철수", "강력범죄 신고 대응", "127.0.0.1:9", CAMERA, "live", 12, "left")
    for path in tmp_path.glob("store.db*"):
        assert b"a-secret-token" not in path.read_bytes()


def test_a_refusal_says_why_and_nothing_more_is_asked(keys, base):
    async def story(desk, city):
        city.status = 403
        desk.ask(FORM, None)
        await until(lambda: desk.asked()[0].state == "refused", desk.asked)
        assert desk.asked()[0].words.en == "the city does not know this service"

    play(keys, base, story)


def test_what_the_city_offers_by_itself_is_heard(keys, base):
    async def story(desk, city):
        city.say = lambda heard: (
            answer(heard, about="R-7", request_id="R-7", offered=True, live="https://127.0.0.1:9/s/x/live/y.mp4"),
        )
        await until(desk.asked, lambda: "an offer")
        (offered,) = desk.asked()
        assert (offered.id, offered.offered, len(offered.links)) == ("R-7", True, 1)

    play(keys, base, story, listen=True)


def test_what_cannot_be_asked_is_said_with_its_field_and_not_kept(keys, base):
    async def story(desk, city):
        with pytest.raises(RequestsError, match="radius"):
            desk.ask(replace(FORM, radius_m=-1.0), None)
        assert desk.asked() == ()

    play(keys, base, story)


def test_who_cannot_be_written_down_sees_nothing(keys, base):
    async def story(desk, city):
        city.say = lambda heard: (answer(heard, live="https://127.0.0.1:9/s/x/live/y.mp4"),)
        name = desk.ask(FORM, None)
        await until(lambda: desk.asked()[0].links, desk.asked)
        base.fill(True)
        with pytest.raises(StoreError, match="full"):
            for _ in range(5_000):
                desk.begin_look(Look(asked=name, camera=CAMERA, form="live"))

    play(keys, base, story)


class Seen:
    """A screen that remembers."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []
        self.end: tuple[str, str] | None = None
        self.first = threading.Event()

    def picture(self, rgb, count) -> None:
        self.shapes.append(rgb.shape)
        self.first.set()

    def ended(self, why, detail, count) -> None:
        self.end = (why, detail)


def playing(room, link, screen) -> Player:
    return Player(link, room.home / "keys" / "handoff", AGENCY, screen, SystemClock(), paced=False)


def test_a_shared_camera_is_played_and_ends_when_the_city_takes_it_back(tmp_path):
    tls.ensure_authority(tmp_path / "keys" / "handoff", [AGENCY])
    room, recording = Room(tmp_path), Recording(tmp_path, tmp_path / "scratch")

    async def story(room):
        made, token = room.grant()
        screen = Seen()
        player = playing(room, room.link(token), screen)
        async with room.showing(recording):
            player.start()
            await room.until(lambda: len(screen.shapes) > 5, f"pictures; {screen.end}")
            room.change(made, revoked_ns=now_ns())
            await room.until(lambda: screen.end is not None, "the end")
        await asyncio.to_thread(player.join)
        assert screen.end[0] in ("end", "lost")
        assert len(set(screen.shapes)) == 1 and screen.shapes[0][2] == 3

    room.play(story)
    recording.close()


def test_a_look_that_is_closed_ends_at_once_and_a_wrong_link_is_refused_without_its_secret(tmp_path):
    tls.ensure_authority(tmp_path / "keys" / "handoff", [AGENCY])
    room, recording = Room(tmp_path), Recording(tmp_path, tmp_path / "scratch")

    async def story(room):
        _, token = room.grant()
        screen, stranger = Seen(), Seen()
        player = playing(room, room.link(token), screen)
        async with room.showing(recording):
            player.start()
            await room.until(lambda: screen.shapes, f"pictures; {screen.end}")
            player.stop()
            await room.until(lambda: screen.end, "the end")
        assert screen.end[0] == "left"
        link = room.link(token[:-4] + "AAAA")
        wrong = playing(room, link, stranger)
        wrong.start()
        await room.until(lambda: stranger.end, "the refusal")
        assert stranger.end[0] == "refused"
        assert token[:8] not in repr(stranger.end)

    room.play(story)
    recording.close()


def test_a_clip_at_the_consoles_door_is_played_to_its_end_and_its_look_is_written_down(keys, base):
    clip = FEEDS / "car_park.mp4"
    screen = Seen()

    async def story(desk, city):
        async def give(request: web.Request) -> web.FileResponse:
            return web.FileResponse(clip)

        application = web.Application()
        application.router.add_get("/evidence/ab/clip.mp4", give)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server_context(keys, "console"))
        await site.start()
        url = f"https://127.0.0.1:{runner.addresses[0][1]}/evidence/ab/clip.mp4"
        looking = desk.begin_clip(Look(asked="KR-112-000001", camera="SW-1", form="clip"), url)
        player = Player(looking.url, keys, AGENCY, screen, SystemClock(), paced=False, clip=True)
        player.start()
        try:
            await until(lambda: len(screen.shapes) >= 10 or screen.end, lambda: screen.end)
            player.stop()
            await until(lambda: screen.end, lambda: "the end")
        finally:
            await runner.cleanup()
        assert len(screen.shapes) >= 10, screen.end

    play(keys, base, story)
    rows = base.rows("SELECT viewer, purpose, form FROM viewing")
    assert rows == [("경위 김철수", "KR-112-000001", "clip")]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "https://127.0.0.1:1/s/secret", "nonsense"])
def test_a_line_that_is_not_there_is_lost_and_says_no_address(tmp_path, url):
    tls.ensure_authority(tmp_path / "keys", [AGENCY])
    screen = Seen()
    player = Player(url, tmp_path / "keys", AGENCY, screen, SystemClock(), paced=False)
    player.start()
    player.join()
    assert screen.end[0] == "lost"
    assert "secret" not in screen.end[1] and "127.0.0.1" not in screen.end[1]
