"""What is being seen now: each view logged before it begins, watched while it lasts, logged when it ends."""

from __future__ import annotations

import asyncio
import logging
import uuid
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

from console.clock import Clock
from console.model.share import (
    EndedWhy,
    RefusedWhy,
    ShareAccess,
    ShareForm,
    ShareGrant,
    ViewBegan,
    ViewEnded,
)
from console.share.access import AccessLog
from console.share.admission import Whereabouts
from console.share.feed import Bundle, Feed, FeedKey, Subscriber
from console.share.figures import ShareFigures
from console.share.grants import GrantBook

ENDING_S = 3.0
MOST_OWED = 10_000
"""Lines that wait for the disk: ends of views and refusals. Beginnings never wait, they are refused."""
_log = logging.getLogger("bongsu.share")


class Wish(NamedTuple):
    """What somebody asks to see, found to be granted."""

    grant: ShareGrant
    camera_id: str
    form: ShareForm
    from_ns: int | None
    where: Whereabouts
    agent: str


class View:
    """One view. On the loop."""

    def __init__(self, wish: Wish, began: ViewBegan, deadline_ns: int) -> None:
        self.wish, self.began, self.deadline_ns = wish, began, deadline_ns
        self.task: asyncio.Task[None] | None = None
        self.why: EndedWhy | None = None
        #: The answer that was begun, and why none was.
        self.answer: web.StreamResponse | None = None
        self.refusal: RefusedWhy | None = None
        self.pictures = self.bytes = 0
        self.first_ns = self.last_ns = 0

    def sent(self, bundle: Bundle) -> None:
        self.pictures += bundle.pictures
        self.bytes += len(bundle.data)
        self.first_ns = self.first_ns or bundle.first_ns
        self.last_ns = max(self.last_ns, bundle.last_ns)

    def end(self, why: EndedWhy) -> None:
        """Stop it where it is, even in the middle of a write."""
        if self.why is None:
            self.why = why
            if self.task is not None:
                self.task.cancel()


class Views:
    """All views and their feeds. On the loop, but for the disk, which has a thread each time."""

    def __init__(
        self, home: Path, figures: ShareFigures, book: GrantBook, log: AccessLog, clock: Clock
    ) -> None:
        self._home, self._figures, self._book = home, figures, book
        self._access, self._clock = log, clock
        self._views: dict[str, View] = {}
        self._reserved: dict[str, int] = {}
        self._feeds: dict[FeedKey, Feed] = {}
        self._ending: list[Feed] = []
        self._owed: list[ShareAccess] = []
        self._settling = asyncio.Lock()
        self.holders: dict[str, str] = {}
        self.lost_lines = 0

    def recover(self) -> None:
        """Before serving: what an earlier run left. Raises OSError."""
        remembered = self._access.open(self._clock.now_ns())
        self.holders = dict(remembered.holders)
        for view in remembered.open_views:
            self._access.add(self._ended(view, "restarted"))

    @property
    def open(self) -> tuple[View, ...]:
        return tuple(self._views.values())

    def open_of(self, share_id: str) -> int:
        """How many views of a share are open or about to be."""
        return self._reserved.get(share_id, 0)

    async def begin(self, wish: Wish) -> View:
        """Put it on disk that these pictures are seen. Raises OSError: then nobody sees them."""
        share_id = wish.grant.id
        self._reserved[share_id] = self._reserved.get(share_id, 0) + 1
        # The address counts from now on: two that come at the same moment are not both the first.
        is_first = share_id not in self.holders
        self.holders.setdefault(share_id, wish.where.address)
        began = self._began(wish)
        try:
            await asyncio.to_thread(self._access.add, began)
        except BaseException:
            self._let_go(share_id)
            if is_first:
                self.holders.pop(share_id, None)
            raise
        deadline_ns = self._clock.mono_ns() + wish.grant.until_ns - self._clock.now_ns()
        view = self._views[began.uid] = View(wish, began, deadline_ns)
        return view

    async def finish(self, view: View) -> None:
        """It is over; says so on disk, later where the disk refuses now."""
        if self._views.pop(view.began.uid, None) is None:
            return
        self._let_go(view.began.share_id)
        ended = self._ended(view.began, view.why or "left", view)
        self.owe(ended)
        await self.settle()

    def _let_go(self, share_id: str) -> None:
        self._reserved[share_id] -= 1
        if not self._reserved[share_id]:
            del self._reserved[share_id]

    def owe(self, access: ShareAccess) -> None:
        """To be written as soon as the disk takes it."""
        if len(self._owed) >= MOST_OWED:
            self.lost_lines += 1
            return
        self._owed.append(access)

    async def settle(self) -> None:
        """Write what is owed, in order, as far as the disk takes it."""
        # Who is cancelled while the disk works must not leave a line that is written twice.
        await asyncio.shield(asyncio.ensure_future(self._settle()))

    async def _settle(self) -> None:
        async with self._settling:
            while self._owed:
                try:
                    await asyncio.to_thread(self._access.add, self._owed[0])
                except OSError as problem:
                    _log.error("The access record cannot be written: %s", problem.strerror)
                    return
                self._owed.pop(0)

    @property
    def owes(self) -> int:
        return len(self._owed)

    def watch(self) -> None:
        """End what may not go on: a few times a second."""
        now, mono = self._clock.now_ns(), self._clock.mono_ns()
        for view in self.open:
            grant = self._book.get(view.began.share_id)
            if grant is None or grant.revoked_ns is not None:
                view.end("revoked")
            elif now >= grant.until_ns or mono >= view.deadline_ns:
                view.end("until")
            elif grant != view.wish.grant:
                view.end("changed")

    # feeds

    def feed_for(self, view: View) -> Feed | None:
        """The feed of a view, started where there is none; None when there are too many."""
        key = self._key(view)
        feed = self._feeds.get(key)
        if feed is not None and not feed.is_over:
            return feed
        limits = self._figures.limits
        running = [one for one in self._feeds.values() if not one.is_over]
        if len(running) >= limits.feeds:
            return None
        if key.is_drawn and sum(one.key.is_drawn for one in running) >= limits.encodes:
            return None
        feed = self._feeds[key] = Feed(key, self._home, self._figures, self._clock)
        feed.start()
        return feed

    def subscriber(self) -> Subscriber:
        return Subscriber(int(self._figures.viewer.waiting_mib * (1 << 20)))

    def leave(self, feed: Feed, subscriber: Subscriber) -> None:
        """A viewer is gone; without any, the feed ends."""
        feed.leave(subscriber)
        if not feed.viewers:
            feed.stop()
            self._ending = [one for one in self._ending if one.is_running] + [feed]
            if self._feeds.get(feed.key) is feed:
                del self._feeds[feed.key]

    def close(self) -> None:
        """End the feeds and wait for their threads."""
        feeds = [*self._feeds.values(), *self._ending]
        for feed in feeds:
            feed.stop()
        for feed in feeds:
            feed.wait(ENDING_S)
        self._access.close()

    def _key(self, view: View) -> FeedKey:
        wish, began = view.wish, view.began
        camera = wish.grant.camera(wish.camera_id)
        assert camera is not None
        lines: tuple[str, ...] = ()
        if wish.grant.mark == "burnt":
            lines = (f"{began.recipient} · {began.viewer}", f"{began.share_id} · {began.camera_id}")
        stretch = wish.grant.recorded
        if wish.form == "recorded" and stretch is not None:
            return FeedKey(
                wish.camera_id, "recorded", began.from_ns, began.to_ns, stretch.from_ns, camera.zones, lines,
                began.uid,
            )  # fmt: skip
        own = began.share_id if lines else ""
        return FeedKey(wish.camera_id, "live", 0, 0, 0, camera.zones, lines, own)

    def _began(self, wish: Wish) -> ViewBegan:
        grant, now = wish.grant, self._clock.now_ns()
        camera = grant.camera(wish.camera_id)
        assert camera is not None
        from_ns, to_ns = now, grant.until_ns
        if wish.form == "recorded" and grant.recorded is not None:
            from_ns, to_ns = wish.from_ns or grant.recorded.from_ns, grant.recorded.to_ns
        return ViewBegan(
            uid=uuid.uuid4().hex, at_ns=now, share_id=grant.id, camera_id=wish.camera_id, form=wish.form,
            from_ns=from_ns, to_ns=to_ns, until_ns=grant.until_ns, recipient=grant.recipient,
            viewer=grant.viewer, officer=grant.officer, purpose=grant.purpose, legal_basis=grant.legal_basis,
            masked=bool(camera.zones), mark=grant.mark, address=wish.where.address,
            certificate_sha256=wish.where.certificate_sha256, agent=wish.agent, request_id=grant.request_id,
            incident_id=grant.incident_id,
        )  # fmt: skip

    def _ended(self, began: ViewBegan, why: EndedWhy, view: View | None = None) -> ViewEnded:
        seen = (view.pictures, view.bytes, view.first_ns, view.last_ns) if view is not None else (0, 0, 0, 0)
        return ViewEnded(
            uid=uuid.uuid4().hex, at_ns=self._clock.now_ns(), view_uid=began.uid, share_id=began.share_id,
            camera_id=began.camera_id, why=why, pictures=seen[0], bytes=seen[1], first_ns=seen[2],
            last_ns=seen[3],
        )  # fmt: skip


