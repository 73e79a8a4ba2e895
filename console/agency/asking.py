"""Asking the city for pictures, waiting for what it says, and who of us looked at what.

The console answers each delivery of a request with how it stands now, so the same bytes are sent again until
it is over. What was asked is on our disk before it is sent; the links that come back are in memory only.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from console.agency.base import Base, StoreError
from console.agency.seals import CONSOLE, Seals
from console.agency.sender import ConsoleDoor
from console.agency.view import Asked, AskedState, Look, Looking, PictureForm, SharedLink
from console.clock import SECOND_NS, Clock
from console.handoff.caprequests import pictures_format
from console.handoff.eido import read_time
from console.handoff.kinds import PartnerKind
from console.handoff.profile import party_name
from console.handoff.requests import PATH, PictureAnswer, PicturesReturned, RequestsError
from console.handoff.signing import HEADER
from console.model.base import Position, Words, same_words
from console.model.picturerequest import PictureWish
from console.model.share import SharedStretch

_log = logging.getLogger("bongsu.agency")
_SOON_S, _LATER_S = 1.0, 10.0
"""How often is asked again: while somebody has to decide, and while a share is in force."""
_MOST_ANSWER = 1_000_000
_OPEN: frozenset[AskedState] = frozenset({"sent", "waiting", "granted"})


class PictureDesk:
    """Used on the office's loop. `listen`: also hear what the city offers by itself."""

    def __init__(
        self, base: Base, kind: PartnerKind, agency: str, sender: str, viewer: str, seals: Seals,
        door: ConsoleDoor, context: ssl.SSLContext, clock: Clock, changed: Callable[[], None], *,
        listen: bool = False,
    ) -> None:  # fmt: skip
        self._base = base
        self._format = pictures_format(kind.format)
        self._agency = agency
        self._sender = sender
        self._viewer = viewer
        self._seals = seals
        self._door = door
        self._context = context
        self._clock = clock
        self._changed = changed
        self._listen = listen
        self._answers: dict[str, PictureAnswer] = {}
        self._offered: dict[str, Asked] = {}
        self._next_ns: dict[str, int] = {}
        self._listed_ns = 0
        self._wake = asyncio.Event()

    def ask(self, form: PictureForm, start: Position | None) -> str:
        """Write down what is asked, and send it soon; the id of the request. `start`: where our unit is.

        Raises RequestsError naming the field that cannot be asked so, StoreError.
        """
        now_ns = self._clock.now_ns()
        row = self._base.row("SELECT count(*) FROM asked")
        name = f"{self._agency}-P{(row[0] if row else 0) + 1:05d}"
        recorded = None
        if form.recorded_min > 0:
            recorded = SharedStretch(from_ns=now_ns - int(form.recorded_min * 60 * SECOND_NS), to_ns=now_ns)
        wish = PictureWish(
            message_id=name, service=form.service, purpose=form.purpose, legal_basis=form.legal_basis,
            position=form.position, radius_m=form.radius_m, person=self._viewer, place=form.place[:120],
            minutes=form.minutes, case_ref=form.number, from_position=start, recorded=recorded,
        )  # fmt: skip
        body = self._format.request(wish, self._sender, CONSOLE, now_ns)
        self._format.read(body)  # as the console's door will
        with self._base.transaction():
            self._base.write(
                "INSERT INTO asked (id, number, at_ns, service, body, state) VALUES (?, ?, ?, ?, ?, 'sent')",
                (name, form.number, now_ns, form.service, body),
            )
        self._wake.set()
        return name

    async def give_back(self, name: str, reason: str) -> None:
        """Say that pictures are not needed any more. Where it does not arrive they end by themselves."""
        told = PicturesReturned(about=name, reason=reason)
        message = f"{name}-back-{self._clock.now_ns()}"
        body = self._format.give_back(message, told, self._sender, CONSOLE, self._clock.now_ns())
        async with self._session() as session:
            await self._post(session, body)
        self._next_ns.pop(name, None)
        self._wake.set()

    def asked(self) -> tuple[Asked, ...]:
        """Ours, the newest first, then what was offered to us."""
        rows = self._base.rows(
            "SELECT id, number, at_ns, service, state, words, until_ns FROM asked "
            "ORDER BY at_ns DESC, id DESC LIMIT 100"
        )
        found = []
        for name, number, at_ns, service, state, words, until_ns in rows:
            one = Asked(
                id=name, number=number, at_ns=at_ns, service=service, state=state,
                words=same_words(words) if words else None, until_ns=until_ns,
            )  # fmt: skip
            answer = self._answers.get(name)
            found.append(one if answer is None else _with(one, answer))
        return (*found, *self._offered.values())

    async def run(self) -> None:
        """For ever, until cancelled."""
        async with self._session() as session:
            while True:
                self._wake.clear()
                await self._round(session)
                try:
                    await asyncio.wait_for(self._wake.wait(), _SOON_S / 2)
                except TimeoutError:
                    pass

    def begin_look(self, look: Look) -> Looking | None:
        """Write down that somebody looks, then answer with the link; None where there is none any more.

        Raises StoreError: who cannot be written down sees nothing.
        """
        asked = next((one for one in self.asked() if one.id == look.asked), None)
        link = next((one for one in asked.links if one.camera == look.camera), None) if asked else None
        url = "" if link is None else link.live if look.form == "live" else link.recorded
        if asked is None or not url:
            return None
        mark = f"{asked.viewer or self._viewer} · {asked.id}"
        return self._written(look, url, asked.purpose or asked.service, mark)

    def begin_clip(self, look: Look, url: str) -> Looking:
        """The same for the clip of a packet, which the city gave us with the case."""
        return self._written(look, url, look.asked, f"{self._viewer} · {look.asked}")

    def _written(self, look: Look, url: str, purpose: str, mark: str) -> Looking:
        with self._base.transaction():
            number = self._base.write(
                "INSERT INTO viewing (began_ns, viewer, purpose, host, camera, form) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (self._clock.now_ns(), self._viewer, purpose, urlsplit(url).netloc, look.camera, look.form),
            )
        return Looking(id=number, url=url, look=look, mark=mark)

    def end_look(self, number: int, why: str, pictures: int) -> None:
        """The look is over. A full disk loses its end, not its beginning."""
        try:
            with self._base.transaction():
                self._base.write(
                    "UPDATE viewing SET ended_ns = ?, why = ?, pictures = ? WHERE id = ? AND ended_ns = 0",
                    (self._clock.now_ns(), why[:200], pictures, number),
                )
        except StoreError as error:
            _log.warning("the end of a look could not be written: %s", error)

    async def _round(self, session: aiohttp.ClientSession) -> None:
        now_ns = self._clock.mono_ns()
        rows = self._base.rows("SELECT id, body, state FROM asked ORDER BY at_ns")
        for name, body, state in rows:
            if state not in _OPEN or self._next_ns.get(name, 0) > now_ns:
                continue
            pause_s = _LATER_S if state == "granted" and name in self._answers else _SOON_S
            self._next_ns[name] = now_ns + int(pause_s * SECOND_NS)
            self._take(name, state, await self._post(session, bytes(body)))
        if self._listen and now_ns >= self._listed_ns:
            self._listed_ns = now_ns + int(_LATER_S * SECOND_NS)
            await self._list(session)

    async def _list(self, session: aiohttp.ClientSession) -> None:
        """What the city offers us without being asked."""
        now_ns = self._clock.now_ns()
        body = self._format.listing(f"{self._agency}-L{now_ns}", self._sender, CONSOLE, now_ns)
        answers, _ = await self._post(session, body)
        if answers is None:
            return
        offered = {
            one.request_id: _with(
                Asked(id=one.request_id, number="", at_ns=now_ns, service=one.service, state="granted",
                      offered=True), one,
            )
            for one in answers
            if one.offered and one.state == "granted"
        }  # fmt: skip
        known = {name: one.at_ns for name, one in self._offered.items()}
        if set(offered) != set(known):
            self._offered = offered
            self._changed()

    def _take(
        self, name: str, before: AskedState, told: tuple[tuple[PictureAnswer, ...] | None, str]
    ) -> None:
        answers, refused = told
        answer = next((one for one in answers or () if one.about == name), None)
        if answer is None:
            if refused:
                self._stands(name, before, "refused", refused, 0)
            return
        until_ns = read_time(answer.until) if answer.until else 0
        words = answer.reason.ko if answer.reason is not None and not answer.reason.en else ""
        words = words or (answer.reason.en if answer.reason is not None else "")
        changed = self._answers.get(name) != answer
        self._answers[name] = answer
        self._stands(name, before, answer.state, words, until_ns)
        if changed:
            self._changed()

    def _stands(self, name: str, before: str, state: str, words: str, until_ns: int) -> None:
        if state == before:
            return
        try:
            with self._base.transaction():
                self._base.write(
                    "UPDATE asked SET state = ?, words = ?, until_ns = ? WHERE id = ?",
                    (state, words[:500], until_ns, name),
                )
        except StoreError:
            return  # the next answer says it again
        _log.info("pictures %s: %s", name, state)
        self._changed()

    async def _post(
        self, session: aiohttp.ClientSession, body: bytes
    ) -> tuple[tuple[PictureAnswer, ...] | None, str]:
        """The console's answers, or why it refuses for good; (None, "") to ask again."""
        door = self._door.url()
        if not door:
            return None, ""
        url = urlunsplit(urlsplit(door)._replace(path=PATH))
        headers = {"Content-Type": self._format.media_type}
        header = self._seals.header(body, self._format.form)
        if header:
            headers[HEADER] = header
        try:
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False, server_hostname=party_name(CONSOLE)
            ) as response:
                data, status = await response.content.read(_MOST_ANSWER), response.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None, ""
        try:
            return self._format.read_answer(data), ""
        except RequestsError as error:
            if status in (400, 403, 404, 409, 413, 415):
                text = data.decode("utf-8", "replace").strip()
                return None, (text if text.isprintable() and len(text) < 300 else f"HTTP {status}")
            _log.info("the console's answer about pictures cannot be read: %s", error)
            return None, ""

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._context, force_close=True),
            timeout=aiohttp.ClientTimeout(total=10, sock_connect=4), trust_env=False, auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )  # fmt: skip


def _with(asked: Asked, answer: PictureAnswer) -> Asked:
    """What the console's last answer adds: links among it, which only memory holds."""
    return Asked(
        id=asked.id, number=asked.number, at_ns=asked.at_ns, service=asked.service, state=answer.state,
        words=answer.reason or (asked.words if answer.state != "granted" else None),
        until_ns=read_time(answer.until) if answer.until else asked.until_ns, offered=answer.offered,
        viewer=answer.viewer, purpose=answer.purpose,
        links=tuple(
            SharedLink(
                camera=one.id, name=Words(en=one.name.en, ko=one.name.ko), distance_m=one.distance_m,
                live=one.live, recorded=one.recorded,
            )
            for one in answer.cameras
            if one.live or one.recorded
        ) if answer.state == "granted" else (),
    )  # fmt: skip
