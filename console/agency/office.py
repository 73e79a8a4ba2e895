"""The agency as one running thing: store, station, door, sender and automatic answers on one asyncio loop."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from typing import Any

import msgspec

from console.agency import announce, certificates
from console.agency.asking import PictureDesk
from console.agency.automat import Automat, follow
from console.agency.exhibits import Exhibits, at_the_door
from console.agency.facts import FactsBook
from console.agency.fleet import load_fleet
from console.agency.front import Front
from console.agency.garage import Garage
from console.agency.seals import Seals
from console.agency.sender import ConsoleDoor, Sender
from console.agency.station import ActRefused, Station
from console.agency.store import Store, StoreError
from console.agency.view import Decision, Look, Looking, PictureForm, Plan, View
from console.clock import Clock
from console.handoff.kinds import partner_kinds
from console.handoff.requests import RequestsError

_log = logging.getLogger("bongsu.agency")


class Office:
    """`run` belongs to one thread with a loop; `view`, `ask` and `stop` may be used from any."""

    def __init__(self, plan: Plan, clock: Clock) -> None:
        self._plan = plan
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._store: Store | None = None
        self._station: Station | None = None
        self._garage: Garage | None = None
        self._sender: Sender | None = None
        self._desk: PictureDesk | None = None
        self._exhibits: Exhibits | None = None
        self._door: ConsoleDoor | None = None
        self._looking: Looking | None = None
        self._wake: asyncio.Event | None = None
        self._url = ""
        self._problem = ""
        self._facts = FactsBook(partner_kinds()[plan.agency])
        self._told_to_stop = False
        self.view = View(version=0)

    async def run(self) -> None:
        """Until `stop`. Raises CertificateError, StoreError, SealError, FleetError, AnnounceError or OSError
        where it cannot be."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if self._told_to_stop:
            return
        work = asyncio.ensure_future(self._work())
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            stopping.cancel()
            work.cancel()
            await asyncio.gather(work, stopping, return_exceptions=True)
            self._loop = None

    async def _work(self) -> None:
        plan, clock = self._plan, self._clock
        self._wake = asyncio.Event()
        fleet = load_fleet(plan.agency)
        server, client = await _contexts(plan, clock)
        store = self._store = Store(plan.folder / "store.db", plan.agency, clock)
        seals = None
        front = None
        try:
            seals = Seals(plan.keys, plan.agency, plan.folder / "seen", clock)
            garage = self._garage = Garage(store.base, fleet, clock)
            station = self._station = Station(
                store, plan.agency, plan.sender, clock, knows_keys=plan.knows_keys
            )
            door = self._door = ConsoleDoor(plan.console_url, plan.run_file)
            sender = self._sender = Sender(
                store, station.tongue, seals, door, client, plan.script, clock, self._changed
            )
            front = Front(station, plan.script, server, seals, self._first_message)
            desk = self._desk = PictureDesk(
                store.base, station.kind, plan.agency, plan.sender, plan.viewer or plan.agency, seals, door,
                client, clock, self._changed, listen=plan.shown,
            )  # fmt: skip
            exhibits = self._exhibits = Exhibits(door, client, self._changed)
            automat = Automat(station, plan.script, clock, self._acted, garage, self._ask_pictures)
            async with asyncio.TaskGroup() as group:
                group.create_task(sender.run())
                group.create_task(automat.run(self._wake))
                group.create_task(desk.run())
                group.create_task(exhibits.run())
                group.create_task(self._listen(front))
                self._changed()
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed  # one is enough to say why
        finally:
            if front is not None:
                await front.stop()
            if seals is not None:
                seals.close()
            store.close()

    def stop(self) -> None:
        """End `run` soon."""
        self._told_to_stop = True  # first, for a `run` that is only about to begin
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            try:
                loop.call_soon_threadsafe(stop.set)
            except RuntimeError:
                pass  # it ended by itself

    def ask(self, decision: Decision) -> None:
        """A person's decision. What came of it is in the next `view`."""
        self._later(self._do, decision)

    def _do(self, asked: Decision) -> None:
        station, garage = self._station, self._garage
        if station is None or garage is None:
            return
        try:
            case = station.case(asked.number)
            scene = station.tongue.understood(case.body).position
            unit = (asked.unit or garage.nearest(scene)) if asked.act == "dispatch" else asked.unit
            station.act(
                asked.number, asked.act, reason=asked.reason, unit=unit, words=asked.words,
                to_agency=asked.to_agency, read_back=asked.read_back,
            )  # fmt: skip
            follow(garage, case.number, asked.act, unit, scene)
            self._problem = ""
        except (ActRefused, StoreError) as refused:
            self._problem = str(refused)
        self._acted()

    def ask_pictures(self, form: PictureForm) -> None:
        """A person's request for pictures. What comes of it is in `view.asked`."""
        self._later(self._ask_pictures, form)

    def _ask_pictures(self, form: PictureForm) -> None:
        if self._desk is None or self._garage is None:
            return
        now_ns = self._clock.now_ns()
        on_way = [one.at(now_ns) for one in self._garage.duties().values() if one.number == form.number]
        try:
            self._desk.ask(form, on_way[0] if on_way and form.number else None)
            self._problem = ""
        except (RequestsError, StoreError) as error:
            self._problem = str(error)
        self._changed()

    def show_stills(self, number: str) -> None:
        """Somebody reads this case: fetch its stills. They come in `view.stills`."""
        self._later(self._show_stills, number)

    def _show_stills(self, number: str) -> None:
        case = next((one for one in self.view.cases if one.number == number), None)
        if case is not None and self._exhibits is not None:
            self._exhibits.want(case)

    def give_back(self, name: str, reason: str) -> None:
        """Pictures are not needed any more."""
        loop, desk = self._loop, self._desk
        if loop is not None and desk is not None:
            asyncio.run_coroutine_threadsafe(desk.give_back(name, reason), loop)

    def look(self, look: Look | None) -> None:
        """Somebody wants to see a camera, or (None) no more; `view.looking` says when it may be shown."""
        self._later(self._look, look)

    def _look(self, look: Look | None) -> None:
        self._looking = None
        if look is not None and self._desk is not None:
            try:
                self._looking = self._begin(look, self._desk)
                self._problem = "" if self._looking is not None else "these pictures are not shared any more"
            except StoreError as error:
                self._problem = str(error)
        self._changed()

    def _begin(self, look: Look, desk: PictureDesk) -> Looking | None:
        if look.form != "clip":
            return desk.begin_look(look)
        case = next((one for one in self.view.cases if one.number == look.asked), None)
        clip = next((one for one in case.attached("en") if one.is_clip), None) if case is not None else None
        url = at_the_door(clip.url, self._door.url()) if clip is not None and self._door is not None else ""
        return desk.begin_clip(look, url) if url else None

    def looked(self, number: int, why: str, pictures: int) -> None:
        """A look is over."""
        self._later(self._looked, number, why, pictures)

    def _looked(self, number: int, why: str, pictures: int) -> None:
        if self._desk is not None:
            self._desk.end_look(number, why, pictures)
        if self._looking is not None and self._looking.id == number:
            self._looking = None
            self._changed()

    def _later(self, call: Callable[..., None], *values: Any) -> None:
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(call, *values)

    def _first_message(self) -> None:
        """A disk that is full from now on, for a while, where the script wants that."""
        script, store, loop = self._plan.script, self._store, self._loop
        if script.mode == "disk_full" and store is not None and loop is not None:
            store.base.fill(True)
            if script.full_s:
                loop.call_later(script.full_s, store.base.fill, False)

    async def _listen(self, front: Front) -> None:
        """Open the door (late, where the script says so) and tell of every case that comes."""
        if self._plan.script.mode == "down":
            if not self._plan.script.down_s:
                await asyncio.Event().wait()
            await asyncio.sleep(self._plan.script.down_s)
        port = await front.start(self._plan.host, self._plan.port)
        _log.info("%s listens on port %d", self._plan.agency, port)
        self._url = f"https://{self._plan.host}:{port}/handoff"
        await asyncio.to_thread(self._announce)
        self._changed()
        while True:
            await front.taken.wait()
            front.taken.clear()
            self._acted()

    def _announce(self) -> None:
        if self._plan.register is not None:
            announce.register(self._plan.register, self._plan.agency, self._url, self._plan.sender)
        if self._plan.ready_file is not None:
            announce.write_ready_file(self._plan.ready_file, self._plan.agency, self._url)

    def _acted(self) -> None:
        if self._sender is not None and self._wake is not None:
            self._sender.wake()
            self._wake.set()
        self._changed()

    def _changed(self) -> None:
        """Show how things stand now."""
        store, station, garage = self._store, self._station, self._garage
        sender, desk = self._sender, self._desk
        if not self._plan.shown or store is None or station is None or garage is None:
            return
        if sender is None or desk is None:
            return
        cases = station.cases()
        talks = store.talks([case.number for case in cases])
        self.view = View(
            version=self.view.version + 1, url=self._url, console=sender.state, problem=self._problem,
            cases=tuple(self._facts.of(case, talks.get(case.number, ())) for case in cases),
            duties=tuple(garage.duties().values()), asked=desk.asked(), looking=self._looking,
            stills=self._exhibits.pictures if self._exhibits is not None else {},
        )  # fmt: skip

    def ended(self, problem: str) -> None:
        """Say that the office runs no more, and why. Called by whoever ran it."""
        self.view = msgspec.structs.replace(
            self.view, version=self.view.version + 1, ended=True, problem=problem, console="down"
        )


async def _contexts(plan: Plan, clock: Clock) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Certificates for both directions; wrong ones where the script wants that."""
    keys, mode = plan.keys, plan.script.mode
    if mode == "wrong_certificate":
        keys = plan.folder / "untrusted"
        certificates.make_untrusted(keys, plan.agency, clock)
    elif mode == "expired_certificate":
        await certificates.wait_for_files(keys, plan.agency, clock, plan.wait_s)
        certificates.make_expired(plan.folder / "expired", keys, plan.agency, clock)
        keys = plan.folder / "expired"
    await certificates.wait_for_files(keys, plan.agency, clock, plan.wait_s)
    return certificates.contexts(keys, plan.agency)


def run_headless(plan: Plan, clock: Clock, on_signals: Callable[[Office], None]) -> None:
    """Run an office in this thread until a signal or `stop`."""
    office = Office(plan, clock)

    async def main() -> None:
        on_signals(office)
        await office.run()

    asyncio.run(main())
